"""Endpoints that share a slow host take turns: none is put off for ever by the others."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tracker import jobs
from tracker.models import Endpoint, FetchAttempt, Job, Source
from tracker.pipeline import door
from tracker.pipeline.queue import in_turn
from tracker.records import FetchRequest, FetchResult, Outcome

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 3, 2, 6, 0, tzinfo=dt.UTC)
STEP_S = 4
PATIENCE_S = 5.0
"""So long the door waits for a host's turn."""


class SlowHost:
    """A host that is asked once in `delay_s`; who comes shortly before it is free waits and takes the turn."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.free_at = START

    def fetch(self, request: FetchRequest) -> FetchResult:
        """See `tracker.fetch.contract.Fetches`."""
        wait_s = (self.free_at - timezone.now()).total_seconds()
        if wait_s > PATIENCE_S:
            return FetchResult(Outcome.DEFERRED, f"{request.url}: later.", retry_after_s=wait_s)
        self.free_at = max(self.free_at, timezone.now()) + dt.timedelta(seconds=self.delay_s)
        return FetchResult(Outcome.NOT_MODIFIED, "Unchanged.", status=304)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "delay_s"), [(24, 6.0), (12, 30.0)], ids=["short pause", "long pause"])
def test_a_host_with_more_endpoints_than_turns_serves_all_of_them_alike(
    monkeypatch: pytest.MonkeyPatch, n: int, delay_s: float
) -> None:
    monkeypatch.setattr(door, "_chosen", [SlowHost(delay_s)])
    with time_machine.travel(START, tick=False) as clock:
        source = Source.objects.create(slug="slow", name="Slow (invented)", domain="slow.example")
        for k in range(n):
            Endpoint.objects.create(
                source=source,
                url=f"https://slow.example/{k}",
                every_s=60,
                next_poll_at=START + dt.timedelta(seconds=60 * k / n),
            )
        for _ in range(600 // STEP_S):
            jobs.sweep()
            jobs.drain(kinds=["poll"])
            clock.shift(STEP_S)
    counts = [FetchAttempt.objects.filter(endpoint=endpoint).count() for endpoint in Endpoint.objects.all()]
    assert sum(counts) >= 600 / delay_s * 0.6, counts
    assert max(counts) - min(counts) <= 2, counts


def test_who_comes_later_asks_later() -> None:
    source = Source.objects.create(slug="slow", name="Slow (invented)", domain="slow.example")
    urls = [f"https://slow.example/{k}" for k in range(4)] + ["https://other.example/"]
    endpoints = [Endpoint.objects.create(source=source, url=url) for url in urls]
    now = timezone.now()

    def owed(endpoint: Endpoint, **fields: object) -> Job:
        return Job.objects.create(kind="poll", subject_id=endpoint.pk, key=str(endpoint.pk), **fields)

    waits, again, alike = (
        owed(endpoint, not_before=now + dt.timedelta(seconds=k), created_at=now - dt.timedelta(hours=1))
        for endpoint, k in zip(endpoints, (60, -2, -1), strict=False)
    )
    new, elsewhere = owed(endpoints[3]), owed(endpoints[4])
    by_pk = {endpoint.pk: endpoint for endpoint in endpoints}
    turns = in_turn([new, elsewhere], by_pk)
    assert turns.later == [(new, waits.not_before)]
    assert [job for job, _ in turns.first] == [elsewhere]
    Job.objects.filter(pk=waits.pk).update(attempts=1)  # it failed, and waits for itself only
    turns = in_turn([again, alike, new, elsewhere], by_pk)
    assert [job for job, _ in turns.first] == [again, elsewhere]
    assert [job for job, _ in turns.then] == [alike, new]
