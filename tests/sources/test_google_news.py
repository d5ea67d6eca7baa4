"""The kind 'google_news': a story is one item whatever its token, and an edition is named in one way."""

from __future__ import annotations

import datetime as dt
from html import escape

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.query import value_asked

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://news.google.com/rss/search"
kind = KINDS.get("google_news")


def read(items: str, url: str = f"{URL}?q=x&hl=en-US&gl=US&ceid=US:en") -> Listing:
    body = f"<rss version='2.0'><channel><title>x - Google News</title>{items}</channel></rss>".encode()
    return kind.parse(Page(url, url, 200, {"content-type": "application/xml"}, body, NOW, 0.1), {}, NOW)


def item(token: str, title: str = "A headline - The Ledger", source: str = "The Ledger") -> str:
    return (
        f"<item><title>{escape(title)}</title><link>https://news.google.com/rss/articles/{token}?oc=5</link>"
        f"<guid isPermaLink='false'>{token}</guid><pubDate>Sat, 21 Nov 2026 15:45:00 GMT</pubDate>"
        f"<source url='https://www.ledger.example.org'>{escape(source)}</source></item>"
    )


def test_a_story_has_one_id_whatever_its_token() -> None:
    before, after = read(item("CBMiONE")).items[0], read(item("CBMiTWO", "A  HEADLINE - The Ledger")).items[0]
    assert before.url == after.url == ""
    assert before.source_item_id == after.source_item_id == "ledger.example.org: a headline"
    assert after.facts["link"] == "https://news.google.com/rss/articles/CBMiTWO?oc=5"


@pytest.mark.parametrize(
    ("title", "source", "headline"),
    [
        ("A - b - The Ledger", "The Ledger", "A - b"),
        ("A headline without its outlet", "The Ledger", "A headline without its outlet"),
        ("The Ledger - The Ledger", "The Ledger", "The Ledger"),
        (" - The Ledger", "The Ledger", "- The Ledger"),
        ("A - The Ledger", "", "A"),
        ("A-B", "", "A-B"),
    ],
)
def test_the_outlet_is_taken_off_the_headline(title: str, source: str, headline: str) -> None:
    assert read(item("CBMi", title, source)).items[0].title == headline


@pytest.mark.parametrize(
    ("language", "country", "expected"),
    [
        ("", "", ("en-US", "US", "US:en")),
        ("en", "gb", ("en-GB", "GB", "GB:en")),
        ("zh", "CN", ("zh-CN", "CN", "CN:zh-Hans")),
        ("zh", "TW", ("zh-TW", "TW", "TW:zh-Hant")),
        ("de", "DE", ("de", "DE", "DE:de")),
        ("pt", "BR", ("pt-BR", "BR", "BR:pt-419")),
    ],
)
def test_an_edition_is_named_in_one_way(language: str, country: str, expected: tuple[str, str, str]) -> None:
    options = {"query": '"a b" OR c', "language": language, "country": country}
    (url,) = kind.addresses(URL, options, NOW)
    assert (value_asked(url, "hl"), value_asked(url, "gl"), value_asked(url, "ceid")) == expected
    assert value_asked(url, "q") == '"a b" OR c'


def test_an_address_that_asks_already_stays_and_two_editions_are_noted() -> None:
    stated = f"{URL}?q=site:ledger.example.org&hl=en-US&gl=US&ceid=GB:en"
    assert kind.addresses(stated, {}, NOW) == (stated,)
    assert "two editions: gl=US and ceid=GB:en" in read(item("CBMi"), stated).warnings[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [({}, "'query' is missing"), ({"query": "x", "country": "USA"}, "'country' is 'USA'; write two letters")],
)
def test_settings_that_make_no_question_are_explained(options: dict[str, str], words: str) -> None:
    with pytest.raises(FeedError, match=words):
        kind.addresses(URL, options, NOW)


def test_a_full_answer_says_so_and_a_long_one_is_cut() -> None:
    assert (
        "the answer is full (100 items)"
        in read("".join(item(f"t{n}", f"H {n}") for n in range(100))).warnings[0]
    )
    assert len(read("".join(item(f"t{n}", f"H {n}") for n in range(2050))).items) == 2000


def test_a_long_headline_has_a_short_id() -> None:
    (found,) = read(item("CBMi", "w " * 900)).items
    assert found.source_item_id.startswith("sha256:")
