"""Drives a replay: registers the captures as endpoints, keeps a real worker alive, waits for each round."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from tracker import jobs
from tracker.celery import app
from tracker.fetch.client import Fetcher
from tracker.fetch.guard import Rewrite
from tracker.management import processes
from tracker.management.replay.capture import Captures
from tracker.management.replay.server import ReplayServer
from tracker.models import Article, Endpoint, Job, Source, owe
from tracker.pipeline.door import fetch_settings, use_door
from tracker.pipeline.road import STEPS

SOURCE_PREFIX = "replay-"
NEVER = dt.timedelta(days=36_500)
SOON = dt.timedelta(seconds=90)
ASIDE = dt.timedelta(hours=1)
LOOK_EVERY_S = 0.1
KILL_SHARE = 0.25  # of the looks, while kills are due
TELL_EVERY_S = 5.0


@dataclass(slots=True)
class Run:
    """One replay under way."""

    started_at: dt.datetime
    endpoints: dict[str, Endpoint] = field(default_factory=dict)  # capture name to endpoint
    groups: dict[int, str] = field(default_factory=dict)  # endpoint id to group of the table
    n_restarts: int = 0
    n_kills: int = 0


def register(captures: Captures, server: ReplayServer) -> Run:
    """Make a source and an endpoint for every captured feed; they are never polled by anything but a replay."""
    run = Run(started_at=timezone.now())
    for feed in captures.feeds:
        run.endpoints[feed.name] = endpoint = _endpoint(feed.name, feed.url)
        run.groups[endpoint.pk] = feed.group
    for number, url in enumerate(server.announcers, start=1):
        run.endpoints[url] = endpoint = _endpoint(f"captured pages {number}", url)
        run.groups[endpoint.pk] = "captured pages"
    return run


def _endpoint(name: str, url: str) -> Endpoint:
    slug = SOURCE_PREFIX + "".join(char if char.isalnum() else "-" for char in name.lower())[-60:].strip("-")
    source, _ = Source.objects.get_or_create(
        slug=slug,
        defaults={"name": f"Replay: {name}"[:200], "category": Source.Category.OTHER, "is_enabled": False},
    )
    endpoint, _ = Endpoint.objects.get_or_create(
        url=url, defaults={"source": source, "kind": "feed", "next_poll_at": timezone.now() + NEVER}
    )
    return endpoint


def worker_program(port: int) -> processes.Program:
    """Return the worker of this replay: the product's own, with every host sent to the captures."""
    argv = [
        sys.executable,
        "-W",
        processes.QUIET_AS_ROOT,
        sys.argv[0],
        "replay",
        "--worker-for-port",
        str(port),
    ]
    return processes.Program("worker", argv)


def serve_worker(port: int) -> None:
    """Run a Celery worker in this process whose door leads to the replay server only."""
    rules = fetch_settings()
    use_door(
        Fetcher(
            type(rules)(user_agent=rules.user_agent, respect_robots=False, min_delay_s=0),
            rewrite=Rewrite(lambda _host: ("127.0.0.1", port)),
        )
    )
    # RabbitMQ wants every worker of a machine to have a name of its own
    app.worker_main([*processes.worker_argv(), "--hostname", f"replay-{os.getpid()}@%h"])


def play(
    run: Run,
    captures: Captures,
    server: ReplayServer,
    *,
    n_workers: int,
    n_kills: int,
    tell: Callable[[str], None],
) -> None:
    """Play every round with a worker that is restarted when it dies."""
    set_aside = _set_real_work_aside(run)
    supervisor = processes.Supervisor([worker_program(server.port) for _ in range(n_workers)])
    n_rounds = max([len(feed.files) for feed in captures.feeds] or [1])
    supervisor.start()
    try:
        for number in range(n_rounds):
            server.turn(number)
            _owe_round(run, captures, number)
            kills_due = n_kills * (number + 1) // n_rounds
            _wait(run, supervisor, n_kills=kills_due, tell=tell)
    finally:
        supervisor.stop()
        Job.objects.filter(pk__in=set_aside, state=Job.State.READY).update(not_before=timezone.now())


def _set_real_work_aside(run: Run) -> list[int]:
    """Put off what is owed for real sources: this worker's door does not lead to them."""
    ours = [endpoint.pk for endpoint in run.endpoints.values()]
    from_replay = (
        Q(kind="poll", subject_id__in=ours)
        | ~Q(kind__in=["poll", "read"])
        | Q(kind="read", subject_id__in=Article.objects.filter(endpoint_id__in=ours).values("pk"))
    )
    others = list(Job.objects.ready().exclude(from_replay).values_list("pk", flat=True))
    Job.objects.filter(pk__in=others).update(not_before=timezone.now() + ASIDE)
    return others


def _owe_round(run: Run, captures: Captures, number: int) -> None:
    stamp = f"replay:{run.started_at.isoformat()}:{number}"
    due = [run.endpoints[feed.name].pk for feed in captures.feeds if number < len(feed.files)]
    if number == 0:
        named = {feed.name for feed in captures.feeds}
        due += [endpoint.pk for name, endpoint in run.endpoints.items() if name not in named]
    owe("poll", due, version=stamp)


def _is_open() -> bool:
    soon = Q(state=Job.State.READY, not_before__lte=timezone.now() + SOON)
    return Job.objects.filter(soon | Q(state=Job.State.LEASED)).exists()


def _wait(
    run: Run,
    supervisor: processes.Supervisor,
    *,
    n_kills: int,
    tell: Callable[[str], None],
) -> None:
    """Ring until nothing is open; kill the worker now and then where a kill test asks for it."""
    told_at = 0.0
    while _is_open():
        Job.objects.release_expired()
        _ring()
        time.sleep(LOOK_EVERY_S)
        if run.n_kills < n_kills and random.random() < KILL_SHARE:  # noqa: S311 - a moment nobody chose
            _kill(supervisor, run)
        run.n_restarts += len(supervisor.revive())
        if time.monotonic() - told_at > TELL_EVERY_S:
            told_at = time.monotonic()
            n_open = Job.objects.filter(state__in=[Job.State.READY, Job.State.LEASED]).count()
            tell(f"{n_open} jobs to do, {Job.objects.filter(finished_at__gte=run.started_at).count()} done")


def _ring() -> None:
    for kind in jobs.waiting():
        app.send_task("work", (kind,), queue=STEPS[kind].queue, expires=10)


def _kill(supervisor: processes.Supervisor, run: Run) -> None:
    """Kill one worker with work in its hands: a kill between two jobs proves nothing."""
    program = random.choice(supervisor.programs)  # noqa: S311 - a worker nobody chose
    is_at_work = Job.objects.filter(state=Job.State.LEASED, leased_until__gt=timezone.now()).exists()
    if is_at_work and program.process is not None and program.is_running():
        os.kill(program.process.pid, signal.SIGKILL)
        program.process.wait()
        run.n_kills += 1
