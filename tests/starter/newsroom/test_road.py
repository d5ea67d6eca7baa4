"""The sample newsroom on the real road: fetched, read, named, judged and grouped as it was written to be."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tracker import jobs
from tracker.fetch.client import Fetcher
from tracker.fetch.robots import MemoryRobots
from tracker.fetch.throttle import MemorySlots
from tracker.models import Article, EditNotice, Entry, FetchAttempt, Recheck, Revision
from tracker.pipeline import door
from tracker.starter.newsroom.server import serve

OFF_SUBJECT = {"copper-stills-return", "corvid-three-launch", "ferry-timetable", "water-for-data-centres"}


BOILERPLATE = (
    "cookie", "sign in to join", "filed under", "related stories", "sample newsroom, invented",
    "adslot", "googletag", "read also", "subscribe", "12 comments", "follow the circuit post", "newsletter",
    "contact the newsroom", "function(", "published 2",
)  # fmt: skip


def slug_of(article: Article) -> str:
    """Return the last part of an article's address without its ending, or its id where it has none."""
    return urlsplit(article.url).path.rsplit("/", 1)[-1].removesuffix(".html") or article.source_item_id


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_sample_becomes_the_timeline_it_was_written_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(0, dt.datetime.now(dt.UTC).date()) as newsroom:
        rules = replace(door.fetch_settings(), allowed_loopback=(newsroom.host,), min_delay_s=0.01)
        monkeypatch.setattr(door, "_chosen", [Fetcher(rules, MemorySlots(), MemoryRobots())])
        call_command("starter", "--sample", newsroom.url, verbosity=0)
        jobs.sweep()
        jobs.drain()
        first_state_is_as_written()
        for _ in range(2):  # a withdrawal needs two answers some time apart
            past = timezone.now() - dt.timedelta(days=1)
            Recheck.objects.exclude(gone_at=None).update(gone_at=past)
            Recheck.objects.exclude(next_at=None).update(next_at=past)
            jobs.sweep()
            jobs.drain()
    later_state_is_as_written()


def first_state_is_as_written() -> None:
    """Check articles and entries as they are after the first reading."""
    attempts = FetchAttempt.objects.all()
    assert [attempt.outcome for attempt in attempts] == ["ok"] * 8
    assert sum(attempt.n_refused for attempt in attempts) == 1
    assert Article.objects.count() == 27
    off = {slug_of(article) for article in Article.objects.filter(is_on_subject=False)}
    assert off == OFF_SUBJECT
    assert Article.objects.get(url__endswith="/vask-interim-order.html").text_from == Article.Text.FEED
    texts = "\n".join(Article.objects.values_list("latest__text", flat=True))
    assert [words for words in BOILERPLATE if words.lower() in texts.lower()] == []
    groups = {
        slug_of(article): entry.public_id
        for entry in Entry.objects.public()
        for article in entry.articles.all()
    }
    wire = groups["halden-accuses-quillon"]
    assert sum(entry == wire for entry in groups.values()) == 5
    assert groups["halden-cuts-pallas-reach"] == groups["pallas-reach-banned"]
    assert groups["quillon-v-halden-hiring"] == groups["quillon-sues-halden"]
    assert groups["pallas-reach-banned"] != groups["quillon-sues-halden"]


def later_state_is_as_written() -> None:
    """Check what the re-checks made of the four pages that were edited or taken down."""
    assert Article.objects.count() == 27
    assert Revision.objects.count() == 29
    notices = {slug_of(notice.article): notice for notice in EditNotice.objects.select_related("article")}
    assert {slug: notice.kind for slug, notice in notices.items()} == {
        "quillon-denies": "correction",
        "quillon-sues-halden": "headline",
    }
    assert notices["quillon-denies"].sentence.startswith("Correction: An earlier version of this article")
    assert notices["quillon-sues-halden"].article.title.startswith("Quillon sues Halden for 40 million")
    gone = Article.objects.get(status=Article.Status.WITHDRAWN)
    assert slug_of(gone) == "reading-the-advisory"
    assert Article.objects.public().filter(pk=gone.pk).exists()
    assert gone.entries.get().n_articles > 0
    newest = Revision.objects.get(
        article=notices["quillon-denies"].article, pk=notices["quillon-denies"].revision_id
    )
    assert newest.mentions.exists()
    page = Client().get(f"/articles/{notices['quillon-denies'].article.public_id}/changes/").content.decode()
    assert "<ins>" in page
    assert "vice-president" in page
