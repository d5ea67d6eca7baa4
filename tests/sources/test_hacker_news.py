"""The kind 'hacker_news': questions, pages, and odd hits."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tracker.records import Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.query import value_asked

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://hn.algolia.com/api/v1/search_by_date"
kind = KINDS.get("hacker_news")


def read(answer: object, url: str = URL) -> Listing:
    page = Page(url, url, 200, {"content-type": "application/json"}, json.dumps(answer).encode(), NOW, 0.1)
    return kind.parse(page, {}, NOW)


def test_a_poll_asks_for_the_last_days_and_the_conditions() -> None:
    options = {"query": "a & b", "tags": "comment", "days": "1", "filters": "points>20, num_comments>5"}
    (url,) = kind.addresses(URL, options, NOW)
    assert value_asked(url, "numericFilters") == "created_at_i>1795231800,points>20,num_comments>5"
    assert (value_asked(url, "query"), value_asked(url, "tags")) == ("a & b", "comment")
    stated = kind.addresses(
        f"{URL}?query=x&numericFilters=created_at_i%3E5,points%3E9&page=3", {"days": "1"}, NOW
    )[0]
    assert value_asked(stated, "numericFilters") == "created_at_i>1795231800,points>9"
    assert (value_asked(stated, "query"), value_asked(stated, "page")) == ("x", "")


def test_the_past_is_asked_in_weeks_that_leave_nothing_out() -> None:
    urls = kind.past(URL, {"query": "x"}, dt.date(2026, 1, 1), dt.date(2026, 1, 10))
    assert [value_asked(url, "numericFilters") for url in urls] == [
        "created_at_i>=1767225600,created_at_i<1767830400",
        "created_at_i>=1767830400,created_at_i<1768089600",
    ]


@pytest.mark.parametrize(
    ("page", "n_pages", "has_more"),
    [(0, 1, False), (0, 2, True), (1, 2, False), (9, 99, False), ("x", None, False)],
)
def test_pages_follow_until_the_last(page: object, n_pages: object, has_more: bool) -> None:
    listing = read({"hits": [{"objectID": "1"}], "page": page, "nbPages": n_pages})
    assert bool(listing.more) is has_more


@pytest.mark.parametrize("odd", [None, 3, True, [], {}, [[1]], "x", "javascript:alert(1)", 1e300])
def test_odd_members_harm_nobody(odd: object) -> None:
    names = (
        "title url author points num_comments created_at created_at_i story_text comment_text story_id _tags"
    )
    row = {**dict.fromkeys(names.split(), odd), "objectID": "7"}
    (item,) = read({"hits": [row], "nbPages": odd, "page": odd}).items
    assert item.url == "https://news.ycombinator.com/item?id=7"


def test_a_hit_without_an_id_and_an_address_is_refused() -> None:
    assert read({"hits": [{"title": "lost"}, None]}).items == ()
