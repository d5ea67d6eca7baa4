"""Reading keeps what a page said, or the feed's words when the page cannot be had; a revision never changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.extract.hostile_pages import LARGE
from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tracker import jobs
from tracker.extract import child
from tracker.extract.child import PageChild
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, Job, Revision
from tracker.pipeline import read as read_step
from tracker.pipeline.door import archive
from tracker.records import FetchResult, Outcome

pytestmark = pytest.mark.django_db

PAGE = "https://gazette.example/1"
BODY = (
    b"<!doctype html><html lang=en><head><title>Harbour plan approved</title></head><body><nav>Home News</nav><main>"
    b"<article><h1>Harbour plan approved</h1>"
    b"<p>The council approved the harbour plan on Monday after a long debate about the cost of the new quay.</p>"
    b"<p>Two members voted against it and said the figures in the report did not add up at all.</p>"
    b"<p>Work on the quay is to begin in the spring and to take three years, the council said in a statement.</p>"
    b"</article></main><footer>Subscribe now</footer></body></html>"
)


def read() -> Article:
    """Do what is owed to reading and return the one article."""
    jobs.drain(kinds=["read"])
    return Article.objects.select_related("latest").get()


def test_a_page_becomes_a_revision_without_its_boilerplate(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, BODY)
    poll()
    article = read()
    assert article.latest is not None
    assert article.text_from == "page"
    assert "approved the harbour plan" in article.latest.text
    assert "Subscribe" not in article.latest.text
    assert {"title", "confidence"} <= set(article.latest.rules)
    assert archive().get(article.latest.raw_sha256) == BODY
    assert Job.objects.filter(kind="analyse", subject_id=article.latest.pk).count() == 1


def test_a_missing_page_leaves_the_feeds_words_and_says_so(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE, text="What the feed said of it.")))
    poll()
    article = read()
    assert article.latest is not None
    assert (article.text_from, article.latest.text) == ("feed", "What the feed said of it.")
    assert article.read_outcome == "http 4xx"
    assert article.read_reason


def test_the_feeds_words_are_cleaned_and_their_language_told_when_they_are_read(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    words = (
        "The council approved the harbour plan on Monday after a long debate about the cost of the new quay."
    )
    web.answer(
        FEED,
        feed(item(PAGE, text=f"&lt;p&gt;{words}&lt;/p&gt;&lt;p&gt;READ ALSO: Quay Costs Soar&lt;/p&gt;")),
    )
    poll()
    assert "READ ALSO" in Article.objects.get().feed_text
    article = read()
    assert article.latest is not None
    assert (article.latest.text, article.latest.language, article.language) == (words, "en", "en")
    Endpoint.objects.update(body_sha256="")
    poll()
    assert not Job.objects.filter(kind="read", state="ready").exists()
    assert Article.objects.get().revisions.count() == 1


def test_a_passing_failure_is_tried_again_later_and_the_page_then_wins(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.fail(PAGE, Outcome.TIMEOUT)
    poll()
    assert read().text_from == "feed"
    again = Job.objects.get(kind="read", state="ready")
    assert "again" in again.key
    web.answer(PAGE, BODY)
    web.answer(PAGE, BODY)
    Job.objects.filter(pk=again.pk).update(not_before="2020-01-01T00:00:00Z")
    web.fetch(web.requests[-1])  # the told timeout is used up
    article = read()
    assert article.text_from == "page"
    assert article.revisions.count() == 2


def test_reading_the_same_page_twice_makes_one_revision(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, BODY)
    poll()
    article = read()
    Job.objects.filter(kind="read").update(state="ready")
    read()
    assert Revision.objects.filter(article=article).count() == 1
    assert Job.objects.filter(kind="analyse").count() == 1


def test_a_failed_second_look_does_not_replace_the_page(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, BODY)
    web.answer(PAGE, b"gone", status=404)
    poll()
    read()
    Job.objects.filter(kind="read").update(state="ready")
    article = read()
    assert article.text_from == "page"
    assert article.read_outcome == "http 4xx"


@pytest.mark.parametrize("body", [b"<html><body>x</body></html>", b"\x00\x01\x02\x03" * 50, b"<p>" * 100_000])
def test_a_page_that_holds_no_article_is_named_and_loses_nothing(
    web: MemoryFetcher, endpoint: Endpoint, body: bytes
) -> None:
    web.answer(FEED, feed(item(PAGE, text="The feed's words.")))
    web.answer(PAGE, body)
    poll()
    article = read()
    assert (article.text_from, article.read_outcome) == ("feed", "parse")
    assert article.latest is not None
    assert article.latest.text == "The feed's words."


def test_a_host_that_says_come_back_later_is_asked_again_then(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE)))
    poll()
    answer = FetchResult(Outcome.HTTP_CLIENT, "asked too often", status=429, retry_after_s=7200)
    read_step.store(
        Job.objects.get(kind="read"), Article.objects.get(), read_step.Reading(answer, None, "", "x", "y")
    )
    again = Job.objects.get(kind="read", key__contains=":again:")
    assert again.not_before > timezone.now() + dt.timedelta(seconds=7100)


def test_a_late_failure_does_not_replace_a_page_stored_meanwhile(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, BODY)
    poll()
    loaded_before = Article.objects.get()
    job = Job.objects.get(kind="read")
    read()
    failed = FetchResult(Outcome.HTTP_SERVER, "down", status=503)
    read_step.store(job, loaded_before, read_step.Reading(failed, None, "", "http 5xx", "down"))
    article = Article.objects.select_related("latest").get()
    assert article.text_from == "page"
    assert article.latest is not None
    assert "harbour plan" in article.latest.text


def test_the_time_of_a_listing_gives_way_to_the_date_of_the_page(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(*[item(f"https://gazette.example/{n}") for n in (1, 2, 3)]))
    dated = BODY.replace(
        b"<head>", b'<head><meta property="article:published_time" content="2026-01-05T10:00:00Z">'
    )
    web.answer(PAGE, dated)
    poll()
    jobs.drain(kinds=["read"])
    article = Article.objects.get(url=PAGE)
    assert article.published_at == dt.datetime(2026, 1, 5, 10, tzinfo=dt.UTC)
    other = Article.objects.get(url="https://gazette.example/2")
    assert other.published_rule.endswith("same for all items")


def test_a_date_that_a_person_left_does_not_give_way_to_the_page(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(*[item(f"https://gazette.example/{n}") for n in (1, 2, 3)]))
    dated = BODY.replace(
        b"<head>", b'<head><meta property="article:published_time" content="2026-01-05T10:00:00Z">'
    )
    web.answer(PAGE, dated)
    poll()
    article = Article.objects.get(url=PAGE)
    article.published_at = dt.datetime(2026, 1, 4, tzinfo=dt.UTC)
    article._history_user = User.objects.create(username="editor")  # type: ignore[attr-defined]
    article.save()
    jobs.drain(kinds=["read"])
    article.refresh_from_db()
    assert article.published_at == dt.datetime(2026, 1, 4, tzinfo=dt.UTC)


def test_a_page_that_meets_a_limit_leaves_the_feeds_words_and_its_neighbours_are_read(
    web: MemoryFetcher, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = PageChild(cpu_s=1.0)
    monkeypatch.setattr(child, "_shared", strict)
    others = [f"https://gazette.example/{n}" for n in (2, 3)]
    web.answer(FEED, feed(item(PAGE, text="What the feed said of it."), *(item(url) for url in others)))
    web.answer(PAGE, LARGE["prose"].encode())
    for url in others:
        web.answer(url, BODY)
    poll()
    jobs.drain(kinds=["read"])
    strict.close()
    heavy = Article.objects.select_related("latest").get(url=PAGE)
    assert heavy.latest is not None
    assert (heavy.read_outcome, heavy.text_from) == ("parse", "feed")
    assert "seconds of processor time" in heavy.read_reason
    assert heavy.latest.text == "What the feed said of it."
    assert set(Article.objects.exclude(pk=heavy.pk).values_list("text_from", "read_outcome")) == {
        ("page", "ok")
    }
