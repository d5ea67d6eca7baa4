"""Speakers of quotations in Chinese (and plain Japanese) sentences, by patterns over characters and the names found.

Promises a name only where it stands before a verb of saying as its subject may, in the same sentence; and looks at a
bounded stretch on both sides of a span.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.nlp.phrases import CJK
from tracker.nlp.quotes.attribute import Attribution
from tracker.nlp.quotes.marks import Marked
from tracker.nlp.quotes.phrase import Party
from tracker.nlp.quotes.skeleton import Name

_PATTERNS = Path(__file__).parent.parent / "patterns" / "quotes.zh.json"
_BEFORE, _AFTER = 140, 40
_FEWEST_ALONE = 8  # characters
_STOPS = "。！？；\n"
_HAN = re.compile(f"[{CJK}]")
_NEAR = re.compile(r"[\s：:，,、道]*$")
_BARE_NAME = re.compile(
    "[\u4e00-\u9fff]{2,3}?(?=在|于|周|今|昨|日|\\d|对|则|就|也|还|强|表|说|称|指|回|写|认|透|警)"
)
_COINED = re.compile("(?:名为|叫做|叫|称为|所谓|如|例如)$")
_LONGEST_TERM = 6
_BESIDE = 2  # characters between a country and its verb
_LOOK_BACK = 600
_LONGEST_TITLE = 30


@dataclass(frozen=True, slots=True)
class _Rules:
    """The compiled patterns."""

    verb: re.Pattern[str]
    after: re.Pattern[str]
    subject_after: re.Pattern[str]
    topic: re.Pattern[str]
    not_subject: frozenset[str]
    spokes: re.Pattern[str]
    roles: re.Pattern[str]
    he: re.Pattern[str]
    company: re.Pattern[str]
    channels: Mapping[str, re.Pattern[str]]


@cache
def _rules() -> _Rules:
    data = json.loads(_PATTERNS.read_text(encoding="utf-8"))
    return _Rules(
        verb=re.compile(data["verbs"]),
        after=re.compile(data["after"]),
        subject_after=re.compile(rf"[，,]?\s*([^，。！？“”「」\n]{{1,24}}?)(?:{data['verbs']})"),
        topic=re.compile(data["topic"]),
        not_subject=frozenset(data["not_subject"]),
        spokes=re.compile(data["spokes"]),
        roles=re.compile(data["roles"]),
        he=re.compile(data["he"]),
        company=re.compile(data["company"]),
        channels={name: re.compile(words) for name, words in data["channels"].items()},
    )


def is_han(text: str, marked: Marked) -> bool:
    """Return whether a span stands in Han text."""
    around = (
        text[max(0, marked.outer[0] - 12) : marked.outer[0]] + text[marked.outer[1] : marked.outer[1] + 12]
    )
    return len(_HAN.findall(around)) * 3 >= len(around) > 0


class HanReader:
    """Answers for the spans of one text.

    Args:
        text: the text.
        names: its names, by start.
    """

    def __init__(self, text: str, names: Sequence[Name]) -> None:
        self._text = text
        self._names = list(names)
        self._starts = [name.start for name in self._names]
        self._last: Name | None = None

    def attribution_of(self, marked: Marked) -> tuple[Attribution | None, str]:
        """Return who is given for a span, or None where it is no quotation, and the channel."""
        start = self._sentence_start(marked.outer[0])
        channel = self._channel(start, marked.outer[0])
        found = self._after(marked) or self._before(start, marked) or self._japanese(start, marked)
        if found is not None and found.party.name is not None and found.party.name.kind == "person":
            self._last = found.party.name
        return found, channel

    def is_alone(self, marked: Marked) -> bool:
        """Return whether a span is a whole line of speech by its look alone."""
        text = self._text
        words = text[marked.start : marked.end]
        before, after = text[: marked.outer[0]][-1:], text[marked.outer[1] : marked.outer[1] + 1]
        return (
            len(words) >= _FEWEST_ALONE
            and words[-1:] in "。！？"
            and before in {"", "\n"}
            and after in {"", "\n"}
        )

    def is_near(self, marked: Marked) -> bool:
        """Return whether a verb of saying stands directly before the span."""
        before = self._text[max(0, marked.outer[0] - 30) : marked.outer[0]]
        return any(_NEAR.fullmatch(before, match.end()) for match in _rules().verb.finditer(before))

    def _sentence_start(self, at: int) -> int:
        first = max(0, at - _BEFORE)
        return max([first, *(self._text.rfind(stop, first, at) + 1 for stop in _STOPS)])

    def _channel(self, start: int, end: int) -> str:
        words = self._text[start:end]
        return next((name for name, pattern in _rules().channels.items() if pattern.search(words)), "unknown")

    def _before(self, start: int, marked: Marked) -> Attribution | None:
        if self._text.rfind("《", start, marked.outer[0]) > self._text.rfind("》", start, marked.outer[0]):
            return None  # inside a title
        verbs = list(_rules().verb.finditer(self._text, start, marked.outer[0]))
        if not verbs:
            return None
        if self._text[marked.outer[1] : marked.outer[1] + 1] == "式" and not self.is_near(marked):
            return None
        # verbs that follow each other are one: 回应称
        at = len(verbs) - 1
        while at and verbs[at].start() - verbs[at - 1].end() <= 1:
            at -= 1
        party = self._party(start, verbs[at].start())
        is_near = self.is_near(marked)
        is_said = is_near or party.name is not None or bool(party.role)
        if not is_said or (
            not is_near and _COINED.search(self._text, max(start, marked.outer[0] - 4), marked.outer[0])
        ):
            return None
        if is_near and self._is_term(marked):
            return None
        return Attribution(party, "before", verbs[-1].group(), -1, 0.85)

    def _is_term(self, marked: Marked) -> bool:
        """Whether a short span behind a comma is a word of the sentence: 称，“惊喜”产品."""
        before, after = self._text[marked.outer[0] - 1], self._text[marked.outer[1] : marked.outer[1] + 1]
        is_short = marked.end - marked.start <= _LONGEST_TERM
        return is_short and before in "，," and _HAN.match(after) is not None

    def _after(self, marked: Marked) -> Attribution | None:
        text = self._text
        inside = text[marked.start : marked.end][-1:]
        match = _rules().subject_after.match(text, marked.outer[1], marked.outer[1] + _AFTER)
        if match is None or (
            text[marked.outer[1] : marked.outer[1] + 1] not in "，," and inside not in "，。！？,!?"
        ):
            return None
        party = self._party(match.start(1), match.end(1))
        return Attribution(party, "after", "", -1, 0.85) if party.name is not None else None

    def _japanese(self, start: int, marked: Marked) -> Attribution | None:
        if _rules().after.match(self._text, marked.outer[1]) is None:
            return None
        for name in reversed(self._between(start, marked.outer[0])):
            if _rules().topic.match(self._text, name.end):
                return Attribution(Party(name, name.text), "after", "", -1, 0.85)
        return Attribution(Party(words=""), "after", "", -1, 0.5)

    def _party(self, start: int, end: int) -> Party:
        """Return the subject in [start, end), which ends where its verb begins."""
        cut = end
        while cut > start:
            first = max(start, self._text.rfind("，", start, cut) + 1, self._text.rfind(",", start, cut) + 1)
            party = self._in_clause(first, cut)
            if party.name is not None or party.words:
                return party
            cut = first - 1
        return Party()

    def _in_clause(self, start: int, end: int) -> Party:
        text, rules = self._text, _rules()
        names = [
            name
            for name in self._between(start, end)
            if text[max(start, name.start - 1) : name.start] not in rules.not_subject or name.start == start
        ]
        printed = text[start:end].strip()
        people = [name for name in names if name.kind == "person"]
        if people and (text[people[0].end :][:1] != "的" or text.startswith("的话", people[0].end)):
            first = names[0].start if names[0].start < people[0].start else start
            role = text[first : people[0].start].strip()
            is_title = rules.roles.search(role) is not None and len(role) < _LONGEST_TITLE
            return Party(people[0], people[0].text, role=role if is_title else "")
        if names:
            return self._of_body(names[0], start, end)
        title = rules.roles.search(printed)
        if title is not None:
            return Party(words=printed[-60:], role=printed[: title.end()][-60:])
        pronoun = rules.he.search(printed)
        if pronoun is not None:
            return Party(self._person_before(start), pronoun.group())
        if rules.company.search(printed):
            return Party(self._body_before(start), printed[-30:])
        return Party()

    def _of_body(self, name: Name, start: int, end: int) -> Party:
        """Return the party of a clause whose first name is a body's, or whose person only owns something."""
        text, rules = self._text, _rules()
        after = text[name.end : end]
        spokes = rules.spokes.search(after)
        role = rules.roles.search(after)
        if role is not None and role.start() <= 12:  # noqa: PLR2004 - a title beside the name
            printed = text[name.start : name.end + role.end()]
            person = _BARE_NAME.match(text, name.end + role.end(), min(len(text), end + 1))
            if person is not None and person.end() <= end:
                return Party(
                    Name(*person.span(), person.group(), "person", is_guess=True), printed, role=printed
                )
            if spokes is None or name.kind not in {"organisation", "public_body"}:
                return Party(words=printed, role=printed)
            return Party(name, printed, role=printed)
        if name.kind == "place" and len(after.strip()) > _BESIDE:
            return Party()  # where it was said, or about
        if name.kind == "person" and after.startswith("的"):
            return Party(words=text[start:end].strip()[-60:])
        return Party(name, name.text)

    def _between(self, start: int, end: int) -> list[Name]:
        return self._names[bisect_left(self._starts, start) : bisect_right(self._starts, end - 1)]

    def _person_before(self, at: int) -> Name | None:
        if self._last is not None and 0 <= at - self._last.end < _LOOK_BACK:
            return self._last
        people = [n for n in self._between(max(0, at - _LOOK_BACK // 2), at) if n.kind == "person"]
        return people[-1] if people and len({name.text for name in people}) == 1 else None

    def _body_before(self, at: int) -> Name | None:
        bodies = [n for n in self._between(max(0, at - _LOOK_BACK // 2), at) if n.kind == "organisation"]
        return bodies[-1] if bodies and len({name.text for name in bodies}) == 1 else None
