"""The filters of the templates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tracker.templatetags import retort
from tracker.text import figures


def test_han_text_gets_its_language_and_all_is_escaped() -> None:
    assert retort.said("Moon 月之暗面 <b>") == 'Moon <span lang="zh">月之暗面</span> &lt;b&gt;'
    assert 'lang="ja"' in retort.said("テスト")
    assert 'lang="ko"' in retort.said("한국")
    assert retort.said(None) == ""


@pytest.mark.parametrize(
    ("number", "words"),
    [(Decimal("24000.0000"), "24,000"), (Decimal("1.5"), "1.5"), (100, "100"), (None, "")],
)
def test_numbers_have_no_trailing_zeros(number: Decimal | int | None, words: str) -> None:
    assert figures.exact(number) == words


def test_dates_are_as_exact_as_they_are_known() -> None:
    at = dt.datetime(2024, 9, 1, tzinfo=dt.UTC)
    assert [retort.day(at, p) for p in ("day", "month", "season", "year")] == [
        "1 September 2024",
        "September 2024",
        "Autumn 2024",
        "2024",
    ]
    assert retort.iso_day(at, "month") == "2024-09"
