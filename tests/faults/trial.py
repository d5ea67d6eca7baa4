"""Polls one fault as a worker would, and tells what came of it: outcomes, time, memory, items, and the neighbours."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from tests.faults.matrix import Fault, Place
from tracker import jobs
from tracker.fetch.client import Fetcher
from tracker.fetch.contract import Fetches, FetchSettings
from tracker.fetch.guard import system_resolve
from tracker.fetch.throttle import HostSlots
from tracker.models import Article, Endpoint, FetchAttempt, Host, Job, Source
from tracker.sources.child import shared_child


@dataclass(slots=True)
class Trial:
    """What one fault did."""

    outcomes: list[str] = field(default_factory=list)  # of the last poll of each endpoint of the fault
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0  # of the slowest poll
    worker_mb: float = 0  # most memory above what was held before
    parser_mb: float = 0  # the same of the parsing process
    wait_s: float = 0  # until the next try
    titles: list[str] = field(default_factory=list)
    texts: str = ""
    dates: list[str] = field(default_factory=list)
    n_open_jobs: int = 0
    neighbour: str = ""  # outcome of a sound endpoint that the same worker polls afterwards
    healed: str = ""  # outcome of the same endpoint once its server is in order
    n_healed: int = 0  # articles it then has


def make_door(fault: Fault, place: Place, good: str, slots: HostSlots, *, deadline_s: float) -> Fetches:
    """Return the real door, which may reach the servers of the trial on this machine and nothing else."""
    ports = {"port": place.port}
    settings = {
        "user_agent": "RetortTest/1",
        "min_delay_s": 0.0,
        "connect_timeout_s": deadline_s / 2,
        "read_timeout_s": deadline_s,
        "total_deadline_s": deadline_s,
        "allowed_loopback": (place.authority, good, *(host.format(**ports) for host in fault.allowed)),
        **fault.door,
    }
    return Fetcher(FetchSettings(**settings), slots, resolve=fault.resolve or system_resolve)


def poll(endpoints: Sequence[Endpoint]) -> float:
    """Poll these endpoints now; return the seconds it took."""
    Endpoint.objects.exclude(pk__in=[endpoint.pk for endpoint in endpoints]).update(is_enabled=False)
    Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in endpoints]).update(
        is_enabled=True, next_poll_at=timezone.now()
    )
    started = time.monotonic()
    jobs.sweep()
    jobs.drain(kinds=["poll"])
    return time.monotonic() - started


def try_fault(fault: Fault, place: Place, good: str, *, heal: Callable[[], None]) -> Trial:
    """Poll the fault, then a sound endpoint, then the fault's own endpoint with its server in order.

    Args:
        fault: what to poll.
        place: where.
        good: host and port of a server that serves a sound feed at every path.
        heal: puts the misbehaving server in order.
    """
    for model in (Article, Job, Endpoint, Source):  # an earlier fault may have met the same port
        model.objects.all().delete()
    source = Source.objects.create(slug=f"fault-{fault.name}".replace(".", "-"), name=fault.name)
    neighbour = Endpoint.objects.create(source=source, url=f"http://{good}/neighbour/{fault.name}")
    poll([neighbour])
    endpoints = [Endpoint.objects.create(source=source, url=url) for url in fault.urls(place)]
    trial = Trial()
    with _memory(trial):
        for _ in range(fault.n_polls):
            trial.seconds = max(trial.seconds, poll(endpoints))
    _take_down(trial, endpoints)
    poll([neighbour])
    trial.neighbour = _last(neighbour).outcome
    if fault.heals:
        heal()
        Host.objects.all().delete()  # as after the hours that a host asked for
        poll(endpoints)
        trial.healed = _last(endpoints[0]).outcome
        trial.n_healed = Article.objects.filter(endpoint=endpoints[0]).count()
    return trial


def _last(endpoint: Endpoint) -> FetchAttempt:
    return FetchAttempt.objects.filter(endpoint=endpoint).order_by("-pk")[0]


def _take_down(trial: Trial, endpoints: Sequence[Endpoint]) -> None:
    attempts = [_last(endpoint) for endpoint in endpoints]
    articles = Article.objects.filter(endpoint__in=endpoints)
    trial.outcomes = [attempt.outcome for attempt in attempts]
    trial.reasons = [attempt.reason for attempt in attempts]
    trial.warnings = [warning for attempt in attempts for warning in attempt.warnings]
    next_tries = Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in endpoints])
    trial.wait_s = min((e.next_poll_at - timezone.now()).total_seconds() for e in next_tries)
    trial.titles = sorted(articles.values_list("title", flat=True))
    trial.texts = "\n".join(article.feed_text[:1000] for article in articles)
    trial.dates = [at.isoformat() for at in articles.values_list("published_at", flat=True) if at]
    trial.n_open_jobs = Job.objects.filter(kind="poll").exclude(state="done").count()


# --- memory, as Linux counts it ---


def _kb(pid: int, name: str) -> int:
    """Return a figure of /proc/PID/status, or 0 where it cannot be had."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def _forget_peak(pid: int) -> None:
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


@contextmanager
def _memory(trial: Trial) -> Iterator[None]:
    """Note how far this process and its parsing process grew meanwhile."""
    gc.collect()
    own, parser = os.getpid(), shared_child().pid or 0
    before, parser_before = _kb(own, "VmRSS"), _kb(parser, "VmRSS")
    for pid in (own, parser):
        _forget_peak(pid)
    parser_peak, is_over = [parser_before], threading.Event()

    def watch() -> None:
        while not is_over.wait(0.01):
            parser_peak.append(max(parser_peak.pop(), _kb(shared_child().pid or 0, "VmHWM")))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        trial.worker_mb = max(_kb(own, "VmHWM") - before, 0) / 1024
        is_over.set()
        watcher.join(5)
        trial.parser_mb = max(parser_peak[0] - parser_before, 0) / 1024
