"""Addresses with a query, and settings that make them."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.errors import FeedError
from tracker.records import Page
from tracker.sources.query import asked, listed, months, next_address, value_asked, whole_setting, with_query

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
URL = "https://api.example.org/v1/list.json?a=1&b%5B%5D=x&b%5B%5D=y"


def test_a_value_replaces_those_of_its_name_and_the_rest_stays() -> None:
    made = with_query(URL, {"b[]": ["p & q", "ü"], "c": "1+1", "a": ()})
    assert made == "https://api.example.org/v1/list.json?b%5B%5D=p%20%26%20q&b%5B%5D=%C3%BC&c=1%2B1"
    assert asked(made) == [("b[]", "p & q"), ("b[]", "ü"), ("c", "1+1")]
    assert value_asked(made, "b[]") == "p & q"
    assert value_asked(made, "z") == ""


def test_asking_the_same_twice_changes_nothing() -> None:
    once = with_query(URL, {"q": '"a b" OR c'})
    assert with_query(once, {"q": '"a b" OR c'}) == once


@pytest.mark.parametrize("raw", ["0", "11", "-1", "1.5", "ten", "٣", "9" * 5000])
def test_a_number_out_of_range_is_an_error_that_names_the_setting(raw: str) -> None:
    with pytest.raises(FeedError, match="the setting 'days' must be a whole number from 1 to 10"):
        whole_setting({"days": raw}, "days", 3, least=1, most=10)


def test_a_setting_that_is_empty_or_missing_has_its_default() -> None:
    assert whole_setting({"days": "  "}, "days", 3, least=1, most=10) == 3
    assert whole_setting({}, "days", 3, least=1, most=10) == 3
    assert whole_setting({"days": " 7 "}, "days", 3, least=1, most=10) == 7
    assert listed({"types": " a, b\nc,, "}, "types") == ["a", "b", "c"]
    assert listed({}, "types") == []


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("https://api.example.org/v1/list.json?page=2", ["https://api.example.org/v1/list.json?page=2"]),
        ("/v1/list.json?page=2", ["https://api.example.org/v1/list.json?page=2"]),
        (URL, []),
        (None, []),
        ("", []),
        ({"page": 2}, []),
        ("https://elsewhere.example.net/v1/list.json?page=2", []),
        ("file:///etc/passwd", []),
        ("http://[::1", []),
    ],
)
def test_the_next_page_is_of_the_same_site(raw: object, found: list[str]) -> None:
    warnings: list[str] = []
    assert next_address(raw, Page(URL, URL, 200, {}, b"", NOW, 0.1), warnings) == found
    assert len(warnings) == (0 if found or not isinstance(raw, str) or raw in {"", URL} else 1)


def test_months_cover_every_day_once() -> None:
    spans = list(months(dt.date(2025, 12, 30), dt.date(2026, 3, 1)))
    assert spans == [
        (dt.date(2025, 12, 30), dt.date(2025, 12, 31)),
        (dt.date(2026, 1, 1), dt.date(2026, 1, 31)),
        (dt.date(2026, 2, 1), dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 1)),
    ]
    assert list(months(dt.date(2026, 3, 2), dt.date(2026, 3, 1))) == []
