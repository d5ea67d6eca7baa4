"""Endpoints that share a slow host take turns: none is put off for ever by the others."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from tracker import jobs
from tracker.models import Endpoint, FetchAttempt, Source
from tracker.pipeline import door
from tracker.records import FetchRequest, FetchResult, Outcome

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

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
