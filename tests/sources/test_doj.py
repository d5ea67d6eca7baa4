"""The kind 'doj': what it asks, and where it stops."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.query import value_asked

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://www.justice.gov/api/v1/press_releases.json?sort=created&direction=ASC"
kind = KINDS.get("doj")


def read(answer: object, url: str = URL, pages: str = "5") -> Listing:
    page = Page(url, url, 200, {"content-type": "application/json"}, json.dumps(answer).encode(), NOW, 0.1)
    return kind.parse(page, {"pages": pages}, NOW)


def answer(count: object, size: object = 1) -> dict[str, object]:
    return {
        "metadata": {"resultset": {"count": count, "pagesize": size}},
        "results": [{"uuid": "a", "title": "t"}],
    }


def test_the_newest_are_asked_for_whatever_the_address_says() -> None:
    (url,) = kind.addresses(URL, {"title": "trade secret"}, NOW)
    assert (value_asked(url, "sort"), value_asked(url, "direction")) == ("date", "DESC")
    assert value_asked(url, "parameters[title]") == "trade secret"
    assert kind.past(URL, {}, dt.date(2026, 1, 1), dt.date(2026, 2, 1)) == ()


def test_pages_follow_until_the_setting_or_the_end() -> None:
    assert read(answer("3")).more == (f"{URL}&page=1",)
    assert read(answer("3"), f"{URL}&page=1").more == (f"{URL}&page=2",)
    assert read(answer("3"), f"{URL}&page=2").more == ()
    assert read(answer("300"), f"{URL}&page=4").more == ()
    assert read(answer("300"), pages="1").more == ()
    assert read({"results": []}).more == ()
    assert read(answer(None, "x")).more == (f"{URL}&page=1",)


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(FeedError, match="'pages' must be a whole number from 1 to 20"):
        kind.addresses(URL, {"pages": "21"}, NOW)


@pytest.mark.parametrize(
    "odd", [None, 3, True, [], {}, [[1]], {"name": None}, "x", "99999999999999", -1, 1e300]
)
def test_odd_members_harm_nobody(odd: object) -> None:
    row = dict.fromkeys(("title", "body", "date", "component", "topic", "url", "number", "teaser"), odd)
    assert len(read({"results": [{**row, "uuid": "a"}]}).items) == 1


@pytest.mark.parametrize(
    ("date", "at", "precision"),
    [
        ("1784088000", "2026-07-15", "day"),  # midnight in summer time
        ("1795150800", "2026-11-20", "day"),
        (1795150800, "2026-11-20", "day"),
        ("1795150801", "2026-11-20", "minute"),
    ],
)
def test_midnight_in_washington_is_a_day(date: object, at: str, precision: str) -> None:
    (item,) = read({"results": [{"uuid": "a", "title": "t", "date": date}]}).items
    assert item.published is not None
    assert (item.published.at.date().isoformat(), item.published.precision) == (at, precision)
