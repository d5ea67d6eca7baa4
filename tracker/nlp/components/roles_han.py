"""roles.han.v1: roles that a text in Chinese prints right before a person's name, with the body before them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.nlp.phrases import has_cjk
from tracker.records import FoundMention, FoundRole, Span

NAME = "roles.han.v1"
_TITLES = (
    "首席执行官",
    "首席科学家",
    "首席技术官",
    "首席运营官",
    "首席财务官",
    "联合创始人",
    "创始人",
    "创办人",
    "董事长",
    "总经理",
    "总裁",
    "负责人",
    "工程师",
    "研究员",
    "教授",
    "院士",
    "新闻发言人",
    "发言人",
    "财政部长",
    "商务部长",
    "国防部长",
    "外交部长",
    "司法部长",
    "部长",
    "局长",
    "主席",
    "主任",
    "副总统",
    "总统",
    "国务卿",
    "总理",
    "首相",
    "参议员",
    "众议员",
    "议员",
    "检察官",
    "律师",
    "法官",
    "顾问",
    "大使",
    "CEO",
    "CTO",
    "CFO",
)
_BEFORE = re.compile(
    f"(?:(?:前|副|高级|资深|现任|时任|代理)*)(?:{'|'.join(_TITLES)})(?:(?:兼|、|和)(?:{'|'.join(_TITLES)}))*[ \u00a0]?$"
)
_REACH = 32
_BODIES = frozenset({"ORG", "PUBLIC_BODY", "GPE"})


@component(NAME, order=64)
def find_han_roles(reading: Reading) -> Reading:
    """Add the role before each person's name that is printed in Han characters."""
    ends = [m.end for m in reading.mentions]
    found = [
        role
        for mention in reading.mentions
        if mention.label == "PERSON"
        for role in [_role_before(reading, mention, ends)]
        if role is not None
    ]
    if not found:
        return reading
    return replace(reading, roles=sorted([*reading.roles, *found], key=lambda role: (role.start, role.end)))


def _role_before(reading: Reading, person: FoundMention, ends: list[int]) -> FoundRole | None:
    window = reading.text[max(0, person.start - _REACH) : person.start]
    match = _BEFORE.search(window)
    if match is None or not has_cjk(window):
        return None
    start = person.start - len(window) + match.start()
    end = person.start - len(window) + len(match.group().rstrip()) + match.start()
    body: Span | None = None
    at = bisect_left(ends, start)
    if at < len(ends) and ends[at] == start and reading.mentions[at].label in _BODIES:
        before = reading.mentions[at]
        body = (before.start, before.end) if before.label != "GPE" else None
        start = before.start
    return FoundRole(
        start=start,
        end=end,
        words=" ".join(reading.text[start:end].split()),
        person=(person.start, person.end),
        body=body,
        model=NAME,
        rule="title before name",
    )
