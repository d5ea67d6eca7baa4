"""Dates in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text import when


def test_a_moment_belongs_to_its_utc_day() -> None:
    late = dt.datetime(2026, 1, 1, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert when.utc_day(late) == dt.date(2025, 12, 31)


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 1, 1)), st.integers(-30, 30))
def test_months_add_up(day: dt.date, n: int) -> None:
    assert when.month_after(when.month_after(day, n), -n) == day.replace(day=1)


@pytest.mark.parametrize(
    ("seconds", "words"), [(-1, "0 s"), (30, "30 s"), (600, "10 min"), (7200, "2 h"), (200_000, "2 days")]
)
def test_ages_have_one_unit(seconds: float, words: str) -> None:
    assert when.age_words(seconds) == words


@pytest.mark.parametrize(("n", "words"), [(0, "same day"), (1, "day after"), (-69, "days before")])
def test_distances_in_words(n: int, words: str) -> None:
    assert when.distance_words(n) == words
