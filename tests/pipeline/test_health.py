"""What one look notes on its endpoint, and that nothing an answer or a person does stops an endpoint for good."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.pipeline.conftest import poll
from tests.pipeline.test_endurance import NEW, weekly
from tests.pipeline.test_poll import FEED, feed
from tracker.curation.sources import EndpointDraft, change_endpoint
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Endpoint, FetchAttempt, Job, Notice
from tracker.pipeline.poll import look_at, store

pytestmark = pytest.mark.django_db


def test_a_redirect_that_is_never_followed_is_counted_no_further_than_fits(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    elsewhere = "https://parked.example.net/feed"
    Endpoint.objects.update(moved_to=elsewhere, moved_count=32_767)
    web.answer(FEED, feed(*weekly(3)), moved_to=elsewhere)
    poll()
    assert FetchAttempt.objects.count() == 1
    assert Endpoint.objects.get().moved_count < 32_767


def test_the_notice_of_a_move_ends_with_the_move(web: MemoryFetcher, endpoint: Endpoint) -> None:
    other = Endpoint.objects.create(source=endpoint.source, url=NEW, is_enabled=False)
    web.answer(FEED, feed(*weekly(6)), moved_to=NEW)
    for n in range(4):
        poll()
        Endpoint.objects.update(body_sha256="")
        assert Notice.objects.open().filter(kind="moved").exists() == (n >= 2)
    other.delete()
    poll()
    assert Endpoint.objects.get().url == NEW
    assert not Notice.objects.open().filter(kind="moved").exists()


def test_an_answer_to_the_old_settings_says_nothing_of_the_new(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(*weekly(3)), headers={"etag": '"v1"'})
    seen = look_at(endpoint)
    changed = Endpoint.objects.get()
    change_endpoint(changed, EndpointDraft(FEED, options={"language": "de"}), None)
    due = Endpoint.objects.get().next_poll_at
    store(Job.objects.create(kind="poll", subject_id=endpoint.pk, key="late"), endpoint, seen)
    changed.refresh_from_db()
    assert (changed.etag, changed.body_sha256, changed.next_poll_at) == ("", "", due)


def test_nothing_is_asked_more_often_than_once_a_minute(web: MemoryFetcher, endpoint: Endpoint) -> None:
    Endpoint.objects.update(every_s=0)
    web.answer(FEED, feed(*weekly(3)))
    poll()
    assert (Endpoint.objects.get().next_poll_at - timezone.now()).total_seconds() > 30


def test_a_kind_that_breaks_is_a_failure_of_its_endpoint(web: MemoryFetcher, endpoint: Endpoint) -> None:
    Endpoint.objects.update(kind="page_watch", options={"links": 3})
    web.answer(FEED, b"<html><body><p>Words enough to be a page.</p></body></html>")
    for _ in range(3):
        poll()
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("parse", 3)
    assert "broke in a way nobody foresaw" in endpoint.last_reason
    assert Notice.objects.open().get().kind == "failing"
    assert not Job.objects.exclude(state="done").exists()
