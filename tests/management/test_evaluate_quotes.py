"""`evaluate quotes`: when two spans are one quotation, who is right, and the floors of the invented texts."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tracker.management.evaluate.quotes import Said, is_right, is_same, is_same_role, matched
from tracker.records import Span


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((10, 110), (10, 110), True),
        ((10, 110), (12, 110), True),
        ((10, 110), (31, 110), False),  # 79 of 100
        ((10, 110), (10, 60), False),
        ((10, 20), (20, 30), False),
    ],
)
def test_two_spans_are_one_quotation_by_their_longer_one(one: Span, other: Span, expected: bool) -> None:
    assert is_same(one, other) is expected
    assert is_same(other, one) is expected


def test_a_found_span_counts_once() -> None:
    marked = [{"start": 0, "end": 100}, {"start": 1, "end": 100}]
    assert len(list(matched(marked, {(0, 100): Said(("x",))}))) == 1


@pytest.mark.parametrize(
    ("speakers", "marked", "expected"),
    [
        (("mara-veld", "mara veld"), "mara-veld", True),
        (("veld",), "Mara Veld", True),
        (("the lumora company",), "Lumora", True),
        (("northwind",), "Lumora", False),
        (("lumora",), "unknown", False),
        ((), "unknown", False),
    ],
)
def test_a_speaker_is_right_by_slug_or_name(speakers: tuple[str, ...], marked: str, expected: bool) -> None:
    assert is_right({"speaker": marked}, Said(speakers)) is expected


@pytest.mark.parametrize(
    ("found", "marked", "expected"),
    [
        ("chairman of the Panel", "the chairman of the Panel", True),
        ("spokesperson", "a Lumora spokesperson", True),
        ("", "", True),
        ("", "spokesperson", False),
        ("founder", "chief scientist", False),
    ],
)
def test_roles_are_compared_by_their_words(found: str, marked: str, expected: bool) -> None:
    assert is_same_role(found, marked) is expected


@pytest.mark.slow
def test_the_invented_texts_stay_above_their_floors() -> None:
    out = StringIO()
    call_command("evaluate", "quotes", "--half", "tune", "--floors", stdout=out)
    assert "invented, tune" in out.getvalue()
    assert "at or above its floor" in out.getvalue()
