"""Polling stores each item once, explains what it refused, and never gives an endpoint up."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.pipeline.conftest import poll
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, FetchAttempt, Job
from tracker.records import Outcome

pytestmark = pytest.mark.django_db

FEED = "https://gazette.example/feed"


def feed(*items: str) -> bytes:
    """Return an RSS document with these items."""
    return f'<rss version="2.0"><channel><title>Gazette</title>{"".join(items)}</channel></rss>'.encode()


def item(
    link: str, *, title: str = "A title", date: str = "Mon, 02 Mar 2026 08:00:00 GMT", text: str = "Words."
) -> str:
    """Return one RSS item."""
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>"
        f"<description>{text}</description></item>"
    )


def test_items_become_articles_and_their_reading_is_owed(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item("https://gazette.example/1"), item("https://gazette.example/2")))
    poll()
    assert sorted(Article.objects.values_list("url", flat=True)) == [
        "https://gazette.example/1",
        "https://gazette.example/2",
    ]
    assert Job.objects.filter(kind="read", state="ready").count() == 2
    endpoint.refresh_from_db()
    assert endpoint.last_outcome == "ok"
    attempt = FetchAttempt.objects.get()
    assert (attempt.n_items, attempt.n_new, attempt.n_refused) == (2, 2, 0)


def test_the_same_story_under_tracking_parameters_is_one_article(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(
        FEED, feed(item("https://gazette.example/1?utm_source=rss"), item("https://gazette.example/1#top"))
    )
    poll()
    assert Article.objects.get().url == "https://gazette.example/1"


def test_a_second_poll_adds_nothing_and_moves_no_date(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item("https://gazette.example/1", date="Mon, 02 Mar 2026 08:00:00 GMT")))
    web.answer(FEED, feed(item("https://gazette.example/1", date="Tue, 03 Mar 2026 09:30:00 GMT")))
    poll()
    poll()
    article = Article.objects.get()
    assert article.published_at == dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
    assert Job.objects.filter(kind="read").count() == 1
    assert FetchAttempt.objects.count() == 2


def test_the_same_bytes_are_not_parsed_again(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item("https://gazette.example/1")))
    poll()
    poll()
    outcomes = list(FetchAttempt.objects.order_by("id").values_list("outcome", flat=True))
    assert outcomes == ["ok", "not modified"]


def test_validators_are_sent_and_a_304_is_no_failure(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item("https://gazette.example/1")), headers={"etag": '"v1"'})
    poll()
    poll()
    assert web.requests[-1].etag == '"v1"'
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("not modified", 0)


def test_after_a_failure_all_of_the_answer_is_asked_for_and_its_pace_comes_back(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    good = feed(item("https://gazette.example/1"))
    web.answer(FEED, good, headers={"etag": '"v1"'})
    for _ in range(4):
        web.fail(FEED, Outcome.TIMEOUT)
    web.answer(FEED, good, headers={"etag": '"v1"'})
    for _ in range(6):
        poll()
    assert [request.etag for request in web.requests] == ["", '"v1"', "", "", "", ""]
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak, endpoint.etag) == ("ok", 0, '"v1"')
    assert endpoint.next_poll_at < timezone.now() + dt.timedelta(seconds=endpoint.every_s * 1.2)


def test_an_unchanged_answer_does_not_clear_a_failure(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, b"<html><body>We moved</body></html>", headers={"etag": '"v1"'})
    poll()
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("parse", 1)
    Endpoint.objects.update(etag='"v1"')
    poll()
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("parse", 2)
    web.answer(FEED, b"", status=304)
    poll()
    poll()
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("http 5xx", 4)


def test_items_without_a_link_are_kept_by_their_id(web: MemoryFetcher, endpoint: Endpoint) -> None:
    body = feed(
        "<item><guid isPermaLink='false'>n-7</guid><title>No link</title><description>x</description></item>"
    )
    web.answer(FEED, body)
    poll()
    poll()
    article = Article.objects.get()
    assert (article.url, article.source_item_id) == ("", "n-7")


def test_an_item_without_link_and_id_is_refused_with_the_reason(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed("<item><title>Nothing to go by</title></item>", item("https://gazette.example/1")))
    poll()
    attempt = FetchAttempt.objects.get()
    assert (attempt.n_new, attempt.n_refused) == (1, 1)
    assert "neither a link nor an id" in attempt.refusals[0]["reason"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"<!doctype html><title>Not found</title><p>Oops</p>", "parse"),
        (b"", "empty"),
        (b'{"items": []}', "parse"),
        (b'<rss version="2.0"><channel><title>x</title></channel></rss>', "empty"),
    ],
)
def test_what_is_no_feed_is_named(web: MemoryFetcher, endpoint: Endpoint, body: bytes, outcome: str) -> None:
    web.answer(FEED, body)
    poll()
    endpoint.refresh_from_db()
    assert endpoint.last_outcome == outcome
    assert endpoint.last_reason
    assert endpoint.next_poll_at > timezone.now()


def test_failures_wait_longer_and_never_more_than_a_day(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.fail(FEED, Outcome.TIMEOUT, "No answer within 30 s.")
    waits = []
    for _ in range(12):
        poll()
        endpoint.refresh_from_db()
        waits.append(endpoint.next_poll_at - timezone.now())
    assert waits[0] < waits[2] < waits[4]
    assert max(waits) < dt.timedelta(days=1.2)
    assert endpoint.failure_streak == 12
    assert endpoint.is_enabled


def test_lone_surrogates_and_nul_bytes_lose_no_item(web: MemoryFetcher, endpoint: Endpoint) -> None:
    bad = item("https://gazette.example/1", title="Half &#xD800; a pair") + item(
        "https://gazette.example/2", title="N\0L"
    )
    web.answer(FEED, feed(bad, item("javascript:alert(1)"), item("https://gazette.example/3")))
    poll()
    assert Article.objects.filter(url__startswith="https://gazette.example/").count() == 3
    assert not Article.objects.filter(url__startswith="javascript").exists()


def test_a_cited_address_gets_its_source_when_a_feed_brings_it(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(item("https://gazette.example/1")))
    poll()
    Article.objects.update(text_from=Article.Text.CITED, source=None, feed_text="")
    Endpoint.objects.update(body_sha256="")
    Job.objects.all().delete()
    poll()
    article = Article.objects.get()
    assert article.source == endpoint.source
    assert article.feed_text == "Words."
    assert Job.objects.filter(kind="read", state="ready").count() == 1
