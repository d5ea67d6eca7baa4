"""Listings in JSON: paths, addresses made of paths, and what they lead to."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.json_list import at_path
from tracker.sources.kind import KINDS

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://api.example.org/list"


def read(answer: object, **options: str) -> Listing:
    page = Page(URL, URL, 200, {"content-type": "application/json"}, json.dumps(answer).encode(), NOW, 0.1)
    return KINDS.get("json_list").parse(page, options, NOW)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a", 1),
        ("b.c", 2),
        ("b.d.1", 4),
        ("b.d.9", None),
        ("b.d.x", None),
        ("a.c", None),
        ("", None),
        ("b..c", None),
    ],
)
def test_a_path_leads_to_a_value_or_nowhere(path: str, expected: object) -> None:
    assert at_path({"a": 1, "b": {"c": 2, "d": [3, 4]}}, path) == expected


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("u", "https://api.example.org/x/1"),
        ("/news/{slug}", "https://api.example.org/news/a%20b%26c"),
        ("https://b.example.org/{cik|number}/{id|digits}", "https://b.example.org/42/00126"),
        ("https://b.example.org/{file|before_colon}/{file|after_colon}", "https://b.example.org/00-1/x.htm"),
        ("https://b.example.org/{slug}/{none}", ""),
    ],
)
def test_an_address_is_made_of_paths(link: str, url: str) -> None:
    row = {
        "u": "/x/1",
        "slug": "a b&c",
        "cik": "0042",
        "id": "001-26",
        "file": "00-1:x.htm",
        "none": None,
        "i": "k",
    }
    assert [item.url for item in read({"rows": [row]}, items="rows", link=link, id="i").items] == [url]


@pytest.mark.parametrize(
    ("answer", "options", "words"),
    [
        ({"a": [], "b": 1}, {}, "'items' is missing: write the path of the list; there is an object with a, b"),
        ({"a": {"b": []}}, {"items": "a.c"}, "in 'a' there is no 'c' but an object with b"),
        ({"a": {"b": {"x": 1}}}, {"items": "a.b"}, "'items' .a.b. leads to no list; there is an object with x"),
        ({"a": "text"}, {"items": "a"}, "leads to no list; there is the value 'text'"),
        ([{"t": 1}], {"items": ".", "title": "title"}, "'title' .title. leads nowhere: in the items there"),
        ([{"e": {"d": 1}}], {"items": ".", "date": "e.date"}, "in 'e' there is no 'date' but an object with d"),
        ([{"p": "x"}], {"items": ".", "link": "/{slug}"}, "the setting 'link' .slug. leads nowhere"),
        ([{"p": "x"}], {"items": ".", "link": "/{p|upper}"}, "ends a brace in '|upper', which is not known"),
        ([{"p": "x"}], {"items": ".", "link": "p", "zone": "Moon"}, "'zone' names no time zone"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_named_with_what_is_there(
    answer: object, options: dict[str, str], words: str
) -> None:
    with pytest.raises(FeedError, match=words.replace("|", r"\|")):
        read(answer, **options)


def test_an_empty_list_is_no_error() -> None:
    assert read({"rows": []}, items="rows", link="url").items == ()


def test_the_next_page_is_followed_and_itself_is_not() -> None:
    answer = {"rows": [], "links": {"next": "/list?page=2", "self": URL}}
    assert read(answer, items="rows", next="links.next").more == ("https://api.example.org/list?page=2",)
    assert read(answer, items="rows", next="links.self").more == ()


@pytest.mark.parametrize("odd", [None, True, 3, [], {}, [[]], {"x": {}}, "text", 1e308, -1])
def test_values_of_any_type_are_taken_or_left(odd: object) -> None:
    row = {"link": odd, "title": odd, "date": odd, "text": odd, "id": odd, "outlet": odd, "byline": odd}
    assert len(read([row, row], items=".", **{name: name for name in row}).items) <= 1


def test_a_hundred_thousand_rows_are_cut() -> None:
    rows = [{"u": f"/{n}", "t": "x"} for n in range(100_000)]
    with cpu_below(5.0):
        listing = read(rows, items=".", link="u", title="t")
    assert len(listing.items) == 2000
    assert listing.warnings == ("the listing has more than 2000 items; 98000 were left out",)
