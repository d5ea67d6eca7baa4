"""Lives through simulated days: sets up the endpoints, then sweeps and works at each moment something is due."""

from __future__ import annotations

import datetime as dt
import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.db.models import Min
from django.utils import timezone

from tests.month.plan import Outage, cast, outages
from tests.month.publishers import Publisher
from tests.month.web import SimulatedWeb
from tracker import jobs
from tracker.models import Endpoint, Job, Source
from tracker.models.preview import Preview

START = dt.datetime(2026, 3, 2, 6, 0, tzinfo=dt.UTC)
LEAST_STEP = dt.timedelta(minutes=10)
"""The clock moves at least so far unless it is told otherwise: a poll may be that late."""
KINDS = ("poll", "read")
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass
class Life:
    """Some simulated days: the plan, the web, and what was measured on the way."""

    days: int
    publishers: Sequence[Publisher]
    outages: dict[int, Outage]
    web: SimulatedWeb
    start: dt.datetime = START
    least_step: dt.timedelta = LEAST_STEP
    endpoint_ids: dict[int, int] = field(default_factory=dict)
    rss_kb: dict[int, int] = field(default_factory=dict)
    n_steps: int = 0
    seconds: float = 0.0

    @property
    def end(self) -> dt.datetime:
        """The moment at which it is over."""
        return self.start + dt.timedelta(days=self.days)


def planned(n_endpoints: int, days: int, diary: Path) -> Life:
    """Return a life that is planned and not yet begun."""
    publishers = cast(n_endpoints, START, days)
    strikes = outages(publishers, START, days)
    return Life(days, publishers, strikes, SimulatedWeb(publishers, strikes, diary))


def live(life: Life, move_to: Callable[[dt.datetime], None], show: Callable[[str], object] = str) -> None:
    """Store the endpoints and live through the days.

    Args:
        life: what was planned.
        move_to: sets the clock.
        show: takes a line about each day.
    """
    began = time.monotonic()
    move_to(life.start)
    _store(life)
    now, day = life.start, 0
    while now < life.end:
        _work_at(life, now, move_to)
        if (now - life.start).days > day:
            day = (now - life.start).days
            show(_end_day(life, day))
        now = max(_next_moment(life.end), now + life.least_step)
    _work_at(life, life.end, move_to)
    show(_end_day(life, life.days))
    life.seconds = time.monotonic() - began


def rss_kb() -> int:
    """Return the resident memory of this process, without garbage and without the database's page cache.

    SQLite keeps up to 32 MB of the file in memory and fills that as the file grows: that is a setting, no leak.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA shrink_memory")
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_KB


def _store(life: Life) -> None:
    for publisher in life.publishers:
        source = Source.objects.create(
            slug=f"publisher-{publisher.number}",
            name=f"Publisher {publisher.number} (invented)",
            domain=publisher.domain,
        )
        late = dt.timedelta(seconds=publisher.every_s * (publisher.number % 7) / 7)
        endpoint = Endpoint.objects.create(
            source=source,
            kind=publisher.kind,
            url=publisher.url,
            options=publisher.options,
            every_s=publisher.every_s,
            next_poll_at=life.start + late,
        )
        life.endpoint_ids[publisher.number] = endpoint.pk
    Preview.objects.create(url="https://forgotten.example/", created_at=timezone.now())


def _work_at(life: Life, now: dt.datetime, move_to: Callable[[dt.datetime], None]) -> None:
    move_to(now)
    jobs.sweep()
    jobs.drain(kinds=KINDS)
    life.n_steps += 1


def _next_moment(end: dt.datetime) -> dt.datetime:
    """Return when the next poll is due or the next job may start."""
    poll = Endpoint.objects.enabled().aggregate(at=Min("next_poll_at"))["at"]
    ready = Job.objects.filter(kind__in=KINDS, state=Job.State.READY)
    job = ready.aggregate(at=Min("not_before"))["at"]
    return min(moment for moment in (poll, job, end) if moment is not None)


def _end_day(life: Life, day: int) -> str:
    """Count the language work as done and measure the memory; return a line about it."""
    left_out = Job.objects.filter(state=Job.State.READY).exclude(kind__in=KINDS)
    left_out.update(state=Job.State.DONE, finished_at=timezone.now())
    life.rss_kb[day] = rss_kb()
    return f"day {day:2}: {life.rss_kb[day] / 1024:.1f} MB resident, {Job.objects.count()} jobs kept"
