#!/usr/bin/env python3
"""Prints how long the road and the pages take, on a database of its own in a temporary folder.

Usage: make bench, or python benchmarks/speed/run.py [--articles 300]

The texts are generated and the same for the same number. Figures are for one process and include the database.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 25


def main() -> None:
    """Build the data, time the steps and the pages, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--articles", type=int, default=300, help="How many articles to bring through the road."
    )
    parser.add_argument(
        "--size", default="small", help="'small'; the sizes 100k and 1m come with the search issue."
    )
    options = parser.parse_args()
    if options.size != "small":
        sys.exit(f"Size '{options.size}' is not built yet; there is only 'small'.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tracker.settings",
            TRACKER_DATA_DIR=folder,
            TRACKER_SECRET_KEY="0123456789 abcdefghij ABCDEFGHIJ of a benchmark",  # noqa: S106 - of this run only
            TRACKER_LOG_LEVEL="ERROR",
            DATABASE_URL="",
        )
        sys.path.insert(0, str(ROOT))
        import django  # noqa: PLC0415 - the variables above come first

        django.setup()
        measure(options.articles)


def measure(n_articles: int) -> None:
    """Time everything on the fresh database and print it."""
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    row("starter pack, first time", timed(lambda: call_command("starter", "--install", verbosity=0)), "s", 1)
    row("starter pack, second time", timed(lambda: call_command("starter", "--install", verbosity=0)), "s", 1)
    road(n_articles)
    job_table()
    pages()


def road(n_articles: int) -> None:
    """Time polling, reading, analysing and placing on captured pages from memory."""
    from tests.faults.press import write_press  # noqa: PLC0415
    from tracker import jobs  # noqa: PLC0415
    from tracker.fetch.memory import MemoryFetcher  # noqa: PLC0415
    from tracker.management.replay.capture import find_captures, read_body  # noqa: PLC0415
    from tracker.models import Endpoint, Job, Source, owe  # noqa: PLC0415
    from tracker.pipeline.door import use_door  # noqa: PLC0415

    Source.objects.update(is_enabled=False)
    web = MemoryFetcher()
    use_door(web)
    with tempfile.TemporaryDirectory() as folder:
        write_press(Path(folder), n_events=n_articles // 5)
        captures = find_captures(Path(folder))
        source = Source.objects.create(slug="bench", name="Benchmark (generated)")
        for feed in captures.feeds:
            web.answer(feed.url, read_body(feed.files[0]))
            owe("poll", [Endpoint.objects.create(source=source, url=feed.url).pk])
        for page in captures.pages:
            web.answer(page.url, read_body(page.file))
    for kind in ("poll", "read", "analyse", "place"):
        seconds = timed(lambda kind=kind: jobs.drain(kinds=[kind]))
        n_done = Job.objects.filter(kind=kind, state="done").count()
        row(f"{kind}, per job ({n_done} jobs)", 1000 * seconds / max(n_done, 1), "ms", 2)


def job_table() -> None:
    """Time leasing and completing jobs that do nothing."""
    from django.db import transaction  # noqa: PLC0415

    from tracker.models import Job, owe  # noqa: PLC0415

    owe("nothing", range(2000))

    def run() -> None:
        while True:
            token, found = Job.objects.lease("nothing", limit=20, seconds=60)
            if not found:
                return
            for job in found:
                with transaction.atomic():
                    job.complete(token)

    row("job table: lease and complete", 2000 / timed(run), "jobs/s", 0)


def pages() -> None:
    """Time the server's part of each kind of page."""
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    entry = "/entries/2026-04-nstm-4-memo/"
    for path in (
        "/",
        "/?lane=allegations",
        entry,
        "/entities/",
        "/entities/deepseek/",
        "/search/?q=distillation",
    ):
        answer = client.get(path)
        times = sorted(1000 * timed(lambda path=path: client.get(path)) for _ in range(RUNS))
        about = f"{path} ({answer.status_code}, {len(answer.content) // 1024} kB)"
        row(f"{about}, p50", statistics.median(times), "ms", 1)
        row(f"{about}, p95", times[int(RUNS * 0.95) - 1], "ms", 1)


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds `act` takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def row(name: str, value: float, unit: str, digits: int) -> None:
    """Print one figure."""
    print(f"{name:<78}{value:>12.{digits}f} {unit}", flush=True)


if __name__ == "__main__":
    main()
