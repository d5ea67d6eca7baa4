"""The kind 'feed': items, keys, refusals, dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources import feed, gather
from tracker.sources.child import FeedChild
from tracker.sources.feed import FeedKind
from tracker.sources.gather import MAX_BYLINE, MAX_TITLE
from tracker.sources.kind import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://news.example.org/feeds/all.xml"


@pytest.fixture(scope="module")
def kind() -> Iterator[FeedKind]:
    child = FeedChild(deadline_s=10)
    yield FeedKind(child)
    child.close()


def page(body: bytes | str, content_type: str = "text/xml") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(URL, URL, 200, {"content-type": content_type}, raw, NOW, 0.1)


def rss(items: str, head: str = "") -> str:
    return f"<rss version='2.0'><channel><title>A sample feed</title>{head}{items}</channel></rss>"


def read(kind: FeedKind, body: bytes | str, content_type: str = "text/xml") -> Listing:
    return kind.parse(page(body, content_type), {}, NOW)


def test_the_kind_is_found_by_discovery() -> None:
    assert KINDS.get("feed").name == "feed"
    assert "feed" in KINDS.names()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!doctype html><html><body><h1>Oops</h1></body></html>", "web page, not a feed"),
        ("<html><head><title>404", "web page, not a feed"),
        ('{"items": []}', "JSON, not a feed"),
        ("  \n ", "empty"),
        ("<note><to>you</to></note>", "no feed in this document"),
        ("just words", "no feed in this document"),
    ],
)
def test_what_is_no_feed_says_what_it_is(kind: FeedKind, body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(kind, body)


def test_an_empty_feed_is_no_error(kind: FeedKind) -> None:
    assert read(kind, rss("")).items == ()


def test_an_item_without_a_link_is_keyed_by_its_id(kind: FeedKind) -> None:
    items = read(kind, rss("<item><guid isPermaLink='false'>a-1</guid><title>t</title></item>")).items
    assert [(item.url, item.source_item_id) for item in items] == [("", "a-1")]


def test_an_item_with_neither_is_refused_with_the_reason(kind: FeedKind) -> None:
    listing = read(
        kind, rss("<item><title>one</title><link>/a</link></item><item><title>lost</title></item>")
    )
    assert [(r.position, r.title, r.reason) for r in listing.refused] == [
        (2, "lost", "it has neither a link nor an id")
    ]
    assert len(listing.items) == 1


def test_a_javascript_link_is_never_kept(kind: FeedKind) -> None:
    with_id = "<item><link>javascript:alert(1)</link><guid isPermaLink='false'>x</guid></item>"
    without = "<item><title>t</title><link>javascript:alert(1)</link></item>"
    listing = read(kind, rss(with_id + without))
    assert [(item.url, item.source_item_id) for item in listing.items] == [("", "x")]
    assert "javascript:alert(1)" in listing.refused[0].reason


def test_a_permalink_guid_stands_in_for_the_link(kind: FeedKind) -> None:
    listing = read(kind, rss("<item><guid>https://news.example.org/a</guid></item>"))
    assert listing.items[0].url == "https://news.example.org/a"


def test_a_guid_that_is_only_a_number_is_no_address(kind: FeedKind) -> None:
    item = read(kind, rss("<item><guid>12345</guid></item>")).items[0]
    assert (item.url, item.source_item_id) == ("", "12345")


def test_relative_links_follow_the_address_and_xml_base(kind: FeedKind) -> None:
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://other.example.org/x/'><title>t</title>"
        "<entry><id>1</id><link href='a'/></entry></feed>"
    )
    assert read(kind, atom).items[0].url == "https://other.example.org/x/a"
    assert read(kind, rss("<item><link>/b</link></item>")).items[0].url == "https://news.example.org/b"


def test_repeated_addresses_keep_the_first(kind: FeedKind) -> None:
    items = (
        "<item><link>/a?utm_source=x</link><title>first</title></item>"
        "<item><link>/a</link><title>second</title></item>"
    )
    listing = read(kind, rss(items))
    assert [item.title for item in listing.items] == ["first"]
    assert any("repeat" in warning for warning in listing.warnings)


def test_new_dates_at_each_poll_leave_the_keys_alone(kind: FeedKind) -> None:
    def poll(hour: int) -> Listing:
        date = f"<pubDate>Sun, 22 Nov 2026 {hour:02}:15:00 GMT</pubDate>"
        return read(kind, rss("".join(f"<item><link>/{n}</link>{date}</item>" for n in range(4))))

    first, second = poll(1), poll(2)
    assert [item.url for item in first.items] == [item.url for item in second.items]
    assert first.items[0].published != second.items[0].published
    assert any("same publication time" in warning for warning in first.warnings)


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><link>/a</link><title>T&#xD800;itle</title></item>").encode(),
        rss("<item><link>/a</link><title>T\x00itle</title></item>").encode(),
        rss("<item><link>/a</link><title>T\x0bitle</title></item>").encode(),
        b"\n  <?xml version='1.0'?>" + rss("<item><link>/a</link><title>Title</title></item>").encode(),
        b"\xef\xbb\xbf" + rss("<item><link>/a</link><title>Title</title></item>").encode(),
        rss("<item><link>/a</link><title>Title</title></item>").encode("utf-16"),
        b"<br />\n<b>Warning</b>: sample in line 3"
        + rss("<item><link>/a</link><title>Title</title></item>").encode(),
        rss("<item><link>/a</link><title>Title</title></item>").encode()[:-20],
        b"<?xml version='1.0' encoding='no-such'?>"
        + rss("<item><link>/a</link><title>Title</title></item>").encode(),
    ],
    ids=["surrogate", "nul", "control", "leading space", "bom", "utf-16", "warning", "truncated", "encoding"],
)
def test_broken_feeds_lose_nothing_readable(kind: FeedKind, body: bytes) -> None:
    items = read(kind, body).items
    assert [(item.url, item.title) for item in items] == [("https://news.example.org/a", "Title")]


def test_a_wrong_encoding_is_seen_through(kind: FeedKind) -> None:
    body = "<?xml version='1.0' encoding='utf-8'?>" + rss(
        "<item><link>/a</link><title>Zoë – café</title></item>"
    )
    assert read(kind, body.encode("cp1252")).items[0].title == "Zoë – café"


def test_the_printed_date_counts_not_the_guess_of_the_parser(kind: FeedKind) -> None:
    items = (
        "<item><link>/a</link><pubDate>2026年4月23日</pubDate></item>"
        "<item><link>/b</link><pubDate>soon</pubDate></item>"
    )
    first, second = read(kind, rss(items)).items
    assert first.published is not None
    assert (first.published.precision, first.published.at.date()) == ("day", dt.date(2026, 4, 23))
    assert second.published is None


def test_the_longest_text_is_kept_plain(kind: FeedKind) -> None:
    item = (
        "<item><link>/a</link><description>Short</description><content:encoded xmlns:content="
        "'http://purl.org/rss/1.0/modules/content/'>&lt;p>Long &lt;b>er&lt;/b>&lt;/p>&lt;script>x()&lt;/script>"
        "</content:encoded></item>"
    )
    assert read(kind, rss(item)).items[0].text == "Long er"


def test_titles_lose_markup_but_not_meaning(kind: FeedKind) -> None:
    items = (
        "<item><link>/a</link><title>Labs &amp;amp; &lt;b>models&lt;/b></title></item>"
        "<item><link>/b</link><title>If a &lt; b then c</title></item>"
    )
    assert [item.title for item in read(kind, rss(items)).items] == ["Labs & models", "If a < b then c"]


def test_only_the_newest_items_of_a_huge_feed_are_kept(
    kind: FeedKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "MAX_ITEMS", 5)
    monkeypatch.setattr(feed, "MAX_ITEMS", 5)
    items = "".join(
        f"<item><link>/{n}</link><pubDate>2026-01-01T{n // 60:02}:{n % 60:02}:00Z</pubDate></item>"
        for n in range(40)
    )
    listing = read(kind, rss(items))
    assert [item.url.rpartition("/")[2] for item in listing.items] == ["35", "36", "37", "38", "39"]
    assert any("35 were left out" in warning for warning in listing.warnings)


def test_unknown_settings_are_told(kind: FeedKind) -> None:
    assert kind.parse(page(rss("")), {"selector": "x"}, NOW).warnings == ("unknown setting 'selector'",)


def test_an_entity_bomb_does_no_harm(kind: FeedKind) -> None:
    entities = '<!ENTITY a0 "x">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    listing = read(
        kind, f"<!DOCTYPE rss [{entities}]>" + rss("<item><link>/a</link><title>&a9;</title></item>")
    )
    assert all(len(item.title) <= MAX_TITLE for item in listing.items)


def test_an_endless_author_is_read_fast(kind: FeedKind) -> None:
    head = "<feed xmlns='http://www.w3.org/2005/Atom'><title>A sample feed</title>"
    author = f"<author><name>{'a' * 40_000}</name></author>"
    items = "".join(f"<entry><id>{n}</id><link href='/{n}'/>{author}</entry>" for n in range(5))
    listing = read(kind, f"{head}{items}</feed>")  # the reading child is stopped at its deadline
    assert [item.byline for item in listing.items] == ["a" * MAX_BYLINE] * 5


@pytest.mark.parametrize(
    "author",
    [
        "A. Sample (desk@news.example.org)",
        "desk@news.example.org (A. Sample)",
        "A. Sample &lt;d.k+x@a-b.org&gt;",
    ],
)
def test_authors_lose_their_address(kind: FeedKind, author: str) -> None:
    item = f"<item><link>/a</link><author>{author}</author></item>"
    assert read(kind, rss(item)).items[0].byline == "A. Sample"
