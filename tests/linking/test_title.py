"""Titles compare as a reader would compare them, and say nothing where words say nothing."""

from __future__ import annotations

import pytest

from tracker.linking.title import Likeness, compare, title_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("spokeswoman", "Spokesperson"),
        ("CEO", "chief executive officer"),
        ("Rep.", "Congresswoman"),
        ("Sen.", "Senator"),
        ("Under Secretary for Industry", "undersecretary"),
        ("chairs", "Chairwoman"),
        ("co-founder", "Founder"),
        ("CEO and co-founder", "chief executive"),
    ],
)
def test_two_words_for_one_office_are_one(one: str, other: str) -> None:
    assert compare(title_of(one), title_of(other), same_body=True) is Likeness.SAME


@pytest.mark.parametrize(
    ("printed", "held", "same_body", "said"),
    [
        ("under secretary of commerce", "Assistant Secretary of Commerce", None, Likeness.OTHER),
        ("Treasury Secretary", "Secretary of the Treasury", None, Likeness.SAME),
        ("Secretary of State", "Secretary of the Treasury", None, Likeness.OTHER),
        ("ranking member", "Chairman", True, Likeness.OTHER),
        ("Sen.", "Representative", None, Likeness.OTHER),
        ("engineer", "Chief executive", True, Likeness.APART),
        ("vice president", "President", True, Likeness.OTHER),
        ("Senator", "Chairman", False, Likeness.APART),
    ],
)
def test_offices_are_told_apart(printed: str, held: str, *, same_body: bool | None, said: Likeness) -> None:
    assert compare(title_of(printed), title_of(held), same_body=same_body) is said


def test_a_former_title_is_known_as_one() -> None:
    assert title_of("a former Lumora engineer").is_former
    assert title_of("ex-president").is_former
    assert not title_of("president").is_former


@pytest.mark.parametrize(
    "words", ["", "   ", "\u2014", "\u5916\u4ea4\u90e8", "a" * 5_000, "of of of, and / and"]
)
def test_any_words_are_a_title_that_says_nothing(words: str) -> None:
    assert not title_of(words).is_office
