"""The sample newsroom says what it is, is the same on every run, and holds the traps it promises."""

from __future__ import annotations

import datetime as dt
import http.client
from pathlib import Path
from typing import TYPE_CHECKING

import feedparser
import pytest

from tracker.starter.newsroom import content
from tracker.starter.newsroom.content import OUTLETS, read_stories
from tracker.starter.newsroom.server import Newsroom, answers, serve
from tracker.starter.read import read_pack

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = dt.date(2030, 5, 20)
WORDS = "Sample newsroom, invented"


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """Run the newsroom on a free port."""
    with serve(0, BASE) as running:
        yield running


def get(newsroom: Newsroom, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of one path."""
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_about_25_real_length_articles_over_8_outlets() -> None:
    stories = read_stories(BASE)
    assert len(stories) == 27
    assert {story.outlet for story in stories} == {outlet.slug for outlet in OUTLETS}
    for story in stories:
        assert 220 <= len(story.clean_text.split()) <= 600, story.path


def test_dates_count_back_from_the_base_over_ten_weeks() -> None:
    days = [(BASE - story.published_at.date()).days for story in read_stories(BASE)]
    assert min(days) >= 0
    assert 60 <= max(days) <= 70


def test_weekdays_and_months_in_the_text_follow_the_base() -> None:
    for base in (BASE, BASE + dt.timedelta(days=3)):
        wire = next(story for story in read_stories(base) if story.slug == "halden-accuses-quillon")
        assert f"Halden Systems on {wire.published_at:%A} accused" in wire.body
        assert "{" not in wire.body


def test_same_base_gives_same_bytes() -> None:
    assert answers(BASE, origin="http://x") == answers(BASE, origin="http://x")


def test_every_page_says_that_it_is_a_sample(newsroom: Newsroom) -> None:
    for path in answers(BASE, origin=newsroom.url):
        status, _headers, body = get(newsroom, path)
        assert status == 200
        assert WORDS in body.decode() or path == "/robots.txt"


def test_sources_and_names_read_as_a_pack() -> None:
    pack = read_pack(Path(content.__file__).parent)
    assert len(pack.sources) == 8
    assert all(WORDS in source.name for source in pack.sources)
    assert {source.endpoints[0].url for source in pack.sources} == {f"/{o.slug}/feed.xml" for o in OUTLETS}
    assert all("Invented" in entity.note for entity in pack.entities)


def test_wire_copy_is_verbatim() -> None:
    texts = {story.slug: story.clean_text for story in read_stories(BASE)}
    assert texts["halden-accuses-quillon-wire"] == texts["halden-accuses-quillon"]


def test_gone_page_answers_404_and_keeps_its_text_in_the_feed(newsroom: Newsroom) -> None:
    assert get(newsroom, "/docketnotes/vask-interim-order.html")[0] == 404
    feed = feedparser.parse(get(newsroom, "/docketnotes/feed.xml")[2])
    assert "That is for trial" in feed.entries[0].content[0].value


def test_feeds_carry_their_mistakes_and_all_their_items(newsroom: Newsroom) -> None:
    feeds = {outlet.slug: get(newsroom, f"/{outlet.slug}/feed.xml")[2] for outlet in OUTLETS}
    parsed = {slug: feedparser.parse(body) for slug, body in feeds.items()}
    stories = read_stories(BASE)
    for slug, feed in parsed.items():
        extra = 1 if slug == "harborbrief" else 0
        assert len(feed.entries) == sum(story.outlet == slug for story in stories) + extra
    assert {slug for slug, feed in parsed.items() if feed.bozo} == {"meridian"}
    assert b"News & views" in feeds["meridian"]
    assert "Sárkány".encode() in feeds["meridian"]
    assert b'encoding="us-ascii"' in feeds["meridian"]
    assert b"<link>/circuit/" in feeds["circuit"]
    assert b"utm_source=rss" in feeds["courier"]
    assert b"<link>javascript:" in feeds["harborbrief"]
    assert [entry.get("link") for entry in parsed["halden"].entries].count(None) == 1
    assert parsed["ocio"].version == "rss10"


def test_dirty_page_holds_what_its_clean_text_does_not(newsroom: Newsroom) -> None:
    page = get(newsroom, "/circuit/quillon-early-labels.html")[2].decode()
    clean = next(s for s in read_stories(BASE) if s.slug == "quillon-early-labels").clean_text
    for dirt in ("adslot.push", "READ ALSO", "poll-widget", "Follow The Circuit Post"):
        assert dirt in page
        assert dirt not in clean
    assert "<strong>What happens next</strong>Lena" not in clean
    assert "it distilled the model" in clean


def test_unchanged_feed_answers_304(newsroom: Newsroom) -> None:
    _status, headers, _body = get(newsroom, "/courier/feed.xml")
    status, _headers, body = get(newsroom, "/courier/feed.xml", **{"If-None-Match": headers["etag"]})
    assert (status, body) == (304, b"")


def test_an_edited_page_says_its_later_words_to_whoever_read_the_first(newsroom: Newsroom) -> None:
    for path, status in (
        ("/meridian/quillon-denies.html", 200),
        ("/harborbrief/reading-the-advisory.html", 410),
    ):
        _status, headers, first = get(newsroom, path)
        assert get(newsroom, path)[2] == first
        later_status, later_headers, later = get(newsroom, path, **{"If-None-Match": headers["etag"]})
        assert later_status == status
        assert later != first
        if status == 200:
            assert get(newsroom, path, **{"If-None-Match": later_headers["etag"]})[0] == 304
