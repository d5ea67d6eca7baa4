"""The kind 'gdelt': windows, halves, and answers that are no articles."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.query import value_asked

NOW = dt.datetime(2026, 11, 22, 3, 30, 15, tzinfo=dt.UTC)
URL = "https://api.gdeltproject.org/api/v2/doc/doc?timespan=1d&mode=timelinevol"
OPTIONS = {"query": '"model extraction" sourcelang:english'}
kind = KINDS.get("gdelt")


def read(body: str | bytes, url: str = URL) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return kind.parse(Page(url, url, 200, {"content-type": "text/html"}, raw, NOW, 0.1), OPTIONS, NOW)


def full(n: int = 250) -> str:
    return json.dumps(
        {"articles": [{"url": f"https://ledger.example.org/{i}", "title": "t"} for i in range(n)]}
    )


def window(url: str) -> tuple[str, str]:
    return value_asked(url, "startdatetime"), value_asked(url, "enddatetime")


def test_a_poll_asks_for_the_last_hours() -> None:
    (url,) = kind.addresses(URL, {**OPTIONS, "window_hours": "6"}, NOW)
    assert window(url) == ("20261121213015", "20261122033015")
    assert value_asked(url, "query") == OPTIONS["query"]
    assert (value_asked(url, "mode"), value_asked(url, "maxrecords")) == ("artlist", "250")
    assert "timespan" not in url
    assert kind.pause_s == 5.0


def test_the_past_is_asked_day_by_day() -> None:
    urls = kind.past(URL, OPTIONS, dt.date(2026, 11, 1), dt.date(2026, 11, 3))
    assert [window(url)[0] for url in urls] == ["20261101000000", "20261102000000", "20261103000000"]
    assert window(urls[-1])[1] == "20261104000000"
    assert kind.past(URL, OPTIONS, dt.date(2026, 11, 2), dt.date(2026, 11, 1)) == []


def test_a_question_needs_words() -> None:
    with pytest.raises(FeedError, match="the setting 'query' is missing"):
        kind.addresses(URL, {}, NOW)
    assert kind.addresses(f"{URL}&query=samples", {}, NOW)


def test_a_full_answer_is_asked_again_in_halves_that_leave_nothing_out() -> None:
    (url,) = kind.addresses(URL, {**OPTIONS, "window_hours": "6"}, NOW)
    assert read(full(249), url).more == ()
    todo, smallest = [url], []
    while todo:
        url = todo.pop(0)
        listing = read(full(), url)
        if listing.more:
            assert len(listing.more) == 2
            assert (window(listing.more[0])[0], window(listing.more[1])[1]) == window(url)
            assert window(listing.more[0])[1] == window(listing.more[1])[0]
            todo += listing.more
        else:
            smallest.append(url)
            assert "this one is full" in listing.warnings[0]
    assert len(smallest) == 16
    assert window(smallest[0]) == ("20261121213015", "20261121215245")


def test_a_full_answer_without_a_window_says_so() -> None:
    listing = read(full(), "https://api.gdeltproject.org/api/v2/doc/doc?query=a&startdatetime=soon")
    assert listing.more == ()
    assert "this one is full" in listing.warnings[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Your query was too short or too long.", "'Your query was too short or too long.'"),
        (
            "<html><body><p>The specified phrase is too short.</p></body></html>",
            "'The specified phrase is too short.'",
        ),
        ("", "the answer is empty"),
        ('{"timeline": []}', "its members: timeline"),
        ("[]", "there are no articles in this JSON"),
        ('{"articles": 3}', "there are no articles in this JSON"),
    ],
)
def test_what_is_no_list_of_articles_is_quoted(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body)


def test_no_article_has_a_date_of_publication() -> None:
    (item,) = read(
        '{"articles": [{"url": "https://a.example/1", "title": null, "seendate": "20261121T000000Z", "language": 7}]}'
    ).items
    assert item.published is None
    assert item.facts == {"seen": "2026-11-21T00:00Z"}
    assert not item.is_whole
