"""Roles before a name in Chinese, with the body that stands before them."""

from __future__ import annotations

import pytest

from tracker.nlp.component import Reading
from tracker.nlp.components.roles import find_roles
from tracker.nlp.components.roles_han import find_han_roles
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import FoundMention

NAMES = {"林达": "PERSON", "Bo Ling": "PERSON", "港口部": "PUBLIC_BODY", "卢莫拉": "ORG", "美国": "GPE"}


def told(text: str) -> list[tuple[str, str, str]]:
    mentions = sorted(
        (
            FoundMention(start, start + len(name), name, label, 1, "m", None, "")
            for name, label in NAMES.items()
            for start in [text.find(name)]
            if start >= 0
        ),
        key=lambda mention: mention.start,
    )
    reading = Reading(title="", text=text, gazetteer=Gazetteer(()), language="zh", mentions=mentions)
    found = find_roles(find_han_roles(reading)).roles
    return [
        (role.words, text[slice(*role.person)], text[slice(*role.body)] if role.body else "")
        for role in found
    ]


@pytest.mark.parametrize(
    ("text", "words", "person", "body"),
    [
        ("港口部发言人林达说没有。", "港口部发言人", "林达", "港口部"),
        ("卢莫拉联合创始人兼首席执行官林达否认。", "卢莫拉联合创始人兼首席执行官", "林达", "卢莫拉"),
        ("卢莫拉前工程师Bo Ling离开。", "卢莫拉前工程师", "Bo Ling", "卢莫拉"),
        ("卢莫拉CEO Bo Ling离开。", "卢莫拉CEO", "Bo Ling", "卢莫拉"),
        ("美国财政部长林达说。", "美国财政部长", "林达", ""),
    ],
)
def test_a_role_stands_before_the_name(text: str, words: str, person: str, body: str) -> None:
    assert told(text) == [(words, person, body)]


@pytest.mark.parametrize("text", ["林达说，发言人没有来。", "发言人说，林达没有来。", "林达", ""])
def test_a_title_elsewhere_is_no_role(text: str) -> None:
    assert told(text) == []
