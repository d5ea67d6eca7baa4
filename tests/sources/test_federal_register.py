"""The kind 'federal_register': what it asks, and how a question that is too large is divided."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.query import asked, value_asked, with_query

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://www.federalregister.gov/api/v1/documents.json"
INSPECTION = "https://www.federalregister.gov/api/v1/public-inspection-documents.json"
FROM, TO = "conditions[publication_date][gte]", "conditions[publication_date][lte]"
kind = KINDS.get("federal_register")


def read(answer: object, url: str = URL) -> Listing:
    body = json.dumps(answer).encode()
    return kind.parse(Page(url, url, 200, {"content-type": "application/json"}, body, NOW, 0.1), {}, NOW)


def test_a_poll_asks_for_the_newest_that_match() -> None:
    options = {
        "term": '"model extraction"',
        "agencies": "bureau-a, bureau-b",
        "types": "rule,PRESDOCU",
        "days": "30",
    }
    (url,) = kind.addresses(URL, options, NOW)
    assert "[" not in url
    values = asked(url)
    assert [value for name, value in values if name == "conditions[agencies][]"] == ["bureau-a", "bureau-b"]
    assert [value for name, value in values if name == "conditions[type][]"] == ["RULE", "PRESDOCU"]
    assert value_asked(url, "conditions[term]") == '"model extraction"'
    assert value_asked(url, FROM) == "2026-10-23"
    assert value_asked(url, "order") == "newest"
    assert {"document_number", "abstract", "raw_text_url"} <= {v for n, v in values if n == "fields[]"}


def test_public_inspection_is_asked_without_days_and_has_no_past() -> None:
    (url,) = kind.addresses(INSPECTION, {"term": "samples"}, NOW)
    assert value_asked(url, FROM) == ""
    assert "filed_at" in {value for name, value in asked(url) if name == "fields[]"}
    assert kind.past(INSPECTION, {}, dt.date(2026, 1, 1), dt.date(2026, 2, 1)) == ()


def test_days_that_the_address_states_are_kept() -> None:
    stated = with_query(URL, {FROM: "2020-01-01"})
    assert value_asked(kind.addresses(stated, {}, NOW)[0], FROM) == "2020-01-01"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"types": "RULE, LAW"}, "names 'LAW'; write some of RULE, PRORULE"),
        ({"days": "0"}, "'days' must be a whole number"),
        ({"per_page": "5000"}, "'per_page' must be a whole number from 1 to 1000"),
    ],
)
def test_settings_that_make_no_question_are_explained(options: dict[str, str], words: str) -> None:
    with pytest.raises(FeedError, match=words):
        kind.addresses(URL, options, NOW)


def test_the_past_is_asked_month_by_month() -> None:
    urls = kind.past(URL, {"term": "samples"}, dt.date(2026, 1, 15), dt.date(2026, 3, 10))
    spans = [(value_asked(url, FROM), value_asked(url, TO)) for url in urls]
    assert spans == [
        ("2026-01-15", "2026-01-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-03-01", "2026-03-10"),
    ]
    assert all(value_asked(url, "conditions[term]") == "samples" for url in urls)


def test_a_question_that_is_too_large_is_halved_until_it_is_one_day() -> None:
    todo, days = list(kind.past(URL, {}, dt.date(2026, 1, 1), dt.date(2026, 1, 31))), []
    while todo:
        url = todo.pop(0)
        listing = read({"count": 5000, "results": []}, url)
        if listing.more:
            todo += listing.more
        else:
            days.append(value_asked(url, FROM))
            assert "narrow it by term" in listing.warnings[0]
    assert sorted(days) == [f"2026-01-{day:02d}" for day in range(1, 32)]


def test_a_large_question_without_days_follows_its_pages_with_a_warning() -> None:
    following = f"{URL}?page=2"
    listing = read({"count": 10_000, "results": [], "next_page_url": following})
    assert listing.more == (following,)
    assert "only 2000 of them can be listed" in listing.warnings[0]


def test_odd_members_harm_nobody() -> None:
    odd = [None, 3, True, [], {}, [[1]], {"name": None}, "x" * 10_000, "9999-99-99"]
    names = "title abstract agencies topics docket_ids president publication_date type significant".split()  # noqa: SIM905 - a list of names
    rows = [
        {"document_number": f"{n}-{k}", **dict.fromkeys([name], value)}
        for n, name in enumerate(names)
        for k, value in enumerate(odd)
    ]
    listing = read({"count": "2", "results": rows})
    assert len(listing.items) == len(rows)


def test_a_listing_that_is_too_long_is_cut_to_what_is_kept() -> None:
    rows = [{"document_number": str(n), "title": "t", "publication_date": "2026-11-01"} for n in range(2500)]
    listing = read({"count": 10_000, "results": rows})
    assert len(listing.items) == 2000
