"""What a person hid stays hidden, whatever work on it was owed or already under way."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from tests import factories as make
from tracker import jobs
from tracker.curation.redact import redact_article
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Candidate, Job, Mention, Signature, owe
from tracker.pipeline import analyse, carry, read
from tracker.records import Analysis, FoundMention, Relevance

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> Article:
    revision = make.RevisionFactory(text="Words that somebody had to hide.")
    redact_article(revision.article, User.objects.create_user("editor"), "A private address.")
    return Article.objects.get(pk=revision.article_id)


def test_a_redacted_article_is_not_read_again(web: MemoryFetcher, hidden: Article) -> None:
    web.answer(hidden.url, b"<html><body><article><p>Words again.</p></article></body></html>")
    owe("read", [hidden.pk], version="later")
    jobs.drain(kinds=["read"])
    assert web.requests == []
    assert Job.objects.get(kind="read").state == "done"
    assert set(hidden.revisions.values_list("text", flat=True)) == {""}


def test_a_reading_under_way_is_dropped(web: MemoryFetcher, hidden: Article) -> None:
    owe("read", [hidden.pk], version="later")
    reading = read.Reading(None, None, "", "no link", "None.")
    read.store(Job.objects.get(kind="read"), hidden, reading)
    assert hidden.revisions.count() == 1


def test_an_analysis_under_way_is_dropped(hidden: Article) -> None:
    revision = hidden.revisions.get()
    mention = FoundMention(0, 5, "Words", "PERSON", 1.0, "test 1", None, "test")
    analyse.store(revision, Analysis([mention], Relevance(is_on_subject=True, score=1.0), "test 1"))
    assert not Mention.objects.filter(revision=revision).exists()


@pytest.mark.django_db(transaction=True)
def test_an_analysis_waits_for_a_redaction_at_the_same_moment() -> None:
    revision = make.RevisionFactory(text="Words that somebody had to hide.")
    mention = FoundMention(0, 5, "Words", "PERSON", 1.0, "test 1", None, "test")
    found = Analysis([mention], Relevance(is_on_subject=True, score=1.0), "test 1")

    def analyse_it() -> None:
        with transaction.atomic():
            analyse.store(revision, found)
        connection.close()

    worker = threading.Thread(target=analyse_it)
    with transaction.atomic():
        redact_article(revision.article, User.objects.create_user("editor"), "A private address.")
        worker.start()
        worker.join(0.3)  # long enough to store everything, did it not wait
    worker.join(10)
    assert not worker.is_alive()
    assert not Mention.objects.filter(revision=revision).exists()
    assert not Signature.objects.filter(article=revision.article_id).exists()
    assert not Candidate.objects.exists()


def test_redacted_evidence_is_not_judged(hidden: Article) -> None:
    make.EvidenceFactory(
        revision=hidden.revisions.get(), article=hidden, start=0, end=5, quoted="Words", cited_url=""
    )
    assert carry.judge_evidence(make.RevisionFactory(article=hidden)) == []
