#!/usr/bin/env python3
"""Polls generated feeds on loopback, cold and unchanged (304), with Retort and with the library `reader`.

Usage: make bench-polls, or python benchmarks/speed/polls.py [--feeds 500] [--items 30] [--runs 3]

One server process lists all feeds on several ports and answers ETag and Last-Modified with 304. Each side runs in
a fresh process for every run, in turn with the others: first every feed cold, then every feed again. Retort polls as
in production: the guard, robots.txt, the archive of raw bytes, a parsing process, SQLite in a file, the job table.
Pages are not read and no language work is done. `reader` (its schedule filter off) is installed into a folder of its
own, because the product does not need it: var/bench-reader, or the one that --reader-from names.

Printed are feeds per second (the median of the runs, and all of them), the peak of resident memory and the time of the
processor, cold and unchanged: of the worker alone, and of its parsing process where there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODIFIED = "Mon, 02 Mar 2026 08:00:00 GMT"
N_PORTS = 20
ROUNDS = ("cold", "unchanged")


def main() -> None:
    """Run the whole comparison, or the part of one process that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", nargs="?", default="all", choices=["all", "serve", "prepare", *SIDES])
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--items", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1, help="threads of `reader`")
    parser.add_argument("--folder", type=Path, default=Path(), help="where one run keeps its files")
    parser.add_argument("--ports", default="", help="ports of the server, with commas")
    parser.add_argument("--only", default="", help="one side only, as 'retort'")
    parser.add_argument("--profile", type=Path, help="write a profile of Retort's rounds there")
    parser.add_argument("--reader-from", type=Path, default=ROOT / "var" / "bench-reader")
    options = parser.parse_args()
    if options.part == "all":
        compare(options)
    elif options.part == "serve":
        asyncio.run(serve(options.feeds, options.items))
    elif options.part == "prepare":
        prepare(options)
    else:
        SIDES[options.part](options)


# --- the server ----------------------------------------------------------------------------------------------------


def feed(number: int, n_items: int) -> bytes:
    """Return one generated feed: items with a headline, a link, a date and two sentences."""
    items = "".join(
        f"<item><title>Generated report {k} of feed {number}: committee hears about copied models</title>"
        f"<link>https://feed-{number}.example/reports/{k}</link>"
        f"<guid isPermaLink='false'>feed-{number}:{k}</guid>"
        f"<pubDate>{1 + k % 28:02} Feb 2026 {k % 24:02}:{number % 60:02}:00 GMT</pubDate>"
        f"<description>The committee asked whether the weights of model {k} had been copied. The laboratory "
        f"answered that it had trained model {k} on its own machines, and named nobody.</description></item>"
        for k in range(n_items)
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Feed {number}</title>"
        f"<link>https://feed-{number}.example/</link><description>Generated</description>{items}</channel></rss>"
    ).encode()


async def serve(n_feeds: int, n_items: int) -> None:
    """Serve the feeds on `N_PORTS` ports, print the ports, and go on until the process is ended."""
    answers: dict[str, tuple[bytes, bytes]] = {}
    for number in range(n_feeds):
        body = feed(number, n_items)
        marks = f'ETag: "v{number}"\r\nLast-Modified: {MODIFIED}\r\n'
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n{marks}Content-Length: {len(body)}\r\n\r\n"
        same = f"HTTP/1.1 304 Not Modified\r\n{marks}Content-Length: 0\r\n\r\n"
        answers[f"/{number}.xml"] = (head.encode() + body, same.encode())

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                path = request.split(" ", 2)[1]
                whole, same = answers.get(path, (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",) * 2)
                is_known = f'if-none-match: "v{path[1:-4]}"' in request.lower()
                writer.write(same if is_known else whole)
                await writer.drain()
                if "connection: close" in request.lower():
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    servers = [await asyncio.start_server(talk, "127.0.0.1", 0, backlog=500) for _ in range(N_PORTS)]
    print(",".join(str(server.sockets[0].getsockname()[1]) for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


def addresses(options: argparse.Namespace) -> list[str]:
    """Return the address of every feed, spread over the ports."""
    ports = options.ports.split(",")
    return [f"http://127.0.0.1:{ports[n % len(ports)]}/{n}.xml" for n in range(options.feeds)]


# --- Retort --------------------------------------------------------------------------------------------------------


def set_up(options: argparse.Namespace) -> None:
    """Start Django on a database file in the folder of this run."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tracker.settings",
        TRACKER_DATA_DIR=str(options.folder),
        TRACKER_SECRET_KEY="0123456789 abcdefghij ABCDEFGHIJ of a benchmark",  # noqa: S106 - of this run only
        TRACKER_LOG_LEVEL="ERROR",
        TRACKER_FETCH_LOOPBACK=",".join(f"127.0.0.1:{port}" for port in options.ports.split(",")),
        DATABASE_URL="",
    )
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - the variables above come first

    django.setup()


def prepare(options: argparse.Namespace) -> None:
    """Make the database with one endpoint per feed; in a process of its own, whose memory does not count."""
    set_up(options)
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from tracker.models import Endpoint, Source  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    urls = addresses(options)
    slugs = [f"feed-{n}" for n in range(len(urls))]
    sources = Source.objects.bulk_create(
        [Source(slug=slug, name=slug, domain=f"{slug}.example") for slug in slugs]
    )
    Endpoint.objects.bulk_create(
        [Endpoint(source=source, url=url) for source, url in zip(sources, urls, strict=True)]
    )


def retort(options: argparse.Namespace) -> None:
    """Poll every endpoint twice through the job table."""
    set_up(options)
    from tracker import jobs  # noqa: PLC0415 - as above
    from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, owe  # noqa: PLC0415 - as above

    ids = list(Endpoint.objects.values_list("pk", flat=True))

    def poll(name: str) -> None:
        owe("poll", ids, version=name)
        n_done = jobs.drain(kinds=["poll"])
        assert n_done == len(ids), f"{n_done} of {len(ids)} polls were done"

    with profiled(options.profile):
        spent = rounds(poll)
    outcomes = FetchAttempt.objects.values_list("outcome", flat=True)
    assert sorted(outcomes) == sorted(["ok"] * len(ids) + ["not modified"] * len(ids)), set(outcomes)
    assert Article.objects.count() == options.feeds * options.items
    assert EndpointDay.objects.count() >= len(ids)
    from tracker.sources.child import shared_child  # noqa: PLC0415 - as above

    shared_child().close()  # a process that was waited for is counted
    tell(spent)


@contextmanager
def profiled(path: Path | None) -> Iterator[None]:
    """Profile the main thread into a file, if one is named."""
    if path is None:
        yield
        return
    import cProfile  # noqa: PLC0415 - wanted here only

    profile = cProfile.Profile()
    profile.enable()
    yield
    profile.disable()
    profile.dump_stats(path)


# --- the library `reader` ------------------------------------------------------------------------------------------


def reader(options: argparse.Namespace) -> None:
    """Update every feed twice with the library."""
    sys.path.insert(0, str(options.reader_from))
    library: Any = __import__("reader")
    with library.make_reader(str(options.folder / "reader.sqlite")) as shelf:
        for url in addresses(options):
            shelf.add_feed(url)

        def poll(_name: str) -> None:
            shelf.update_feeds(scheduled=False, workers=options.workers)

        spent = rounds(poll)
        assert shelf.get_entry_counts().total == options.feeds * options.items
        assert all(each.last_exception is None for each in shelf.get_feeds())
    tell(spent)


SIDES: dict[str, Callable[[argparse.Namespace], None]] = {"retort": retort, "reader": reader}


def rounds(poll: Callable[[str], None]) -> dict[str, float]:
    """Return the seconds of the cold round and of the unchanged one, elapsed and of this process's processor."""
    spent = {}
    for name in ROUNDS:
        began, cpu_began = time.perf_counter(), time.process_time()
        poll(name)
        spent[name] = time.perf_counter() - began
        spent[f"{name} cpu"] = time.process_time() - cpu_began
    return spent


def tell(spent: dict[str, float]) -> None:
    """Print what this process measured, for the process that started it."""
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {"child_mb": children.ru_maxrss / 1024, "child cpu": children.ru_utime + children.ru_stime}
    print(json.dumps(spent | {"mb": mb} | found))


# --- the comparison ------------------------------------------------------------------------------------------------


def compare(options: argparse.Namespace) -> None:
    """Run every side in turn, several times, and print the medians."""
    sides = {"Retort": ("retort", 0), "reader, 1 worker": ("reader", 1), "reader, 8 workers": ("reader", 8)}
    sides = {name: side for name, side in sides.items() if options.only in side[0]}
    version = "" if options.only == "retort" else install_reader(options.reader_from)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    server = start(options, "serve")
    try:
        assert server.stdout is not None
        options.ports = server.stdout.readline().strip()
        for run in range(options.runs):
            for name, (side, workers) in sides.items():
                found[name].append(one_run(options, side, workers))
                print(f"run {run + 1} {name:<20} {found[name][-1]}", file=sys.stderr, flush=True)
    finally:
        server.kill()
        server.wait()
    print(
        f"{options.feeds} feeds of {options.items} items, {options.runs} runs each, median (all); reader {version}"
    )
    print(
        f"{'':<20}{'cold, feeds/s':>26}{'unchanged, feeds/s':>30}{'peak MB, + parser':>22}{'CPU ms/feed':>22}"
    )
    for name, runs in found.items():
        cells = [rate(options.feeds, [run[each] for run in runs]) for each in ROUNDS]
        memory = f"{max(run['mb'] for run in runs):.0f} + {max(run['child_mb'] for run in runs):.0f}"
        cold, child, unchanged = (
            f"{statistics.median(run[f'{each} cpu'] for run in runs) / options.feeds * 1000:.1f}"
            for each in ("cold", "child", "unchanged")
        )
        print(f"{name:<20}{cells[0]:>26}{cells[1]:>30}{memory:>22}{f'{cold} + {child} / {unchanged}':>22}")
    for name, runs in found.items():
        if name != "Retort" and "Retort" in found:
            ratios = [ratio(found["Retort"], runs, each) for each in ROUNDS]
            print(f"Retort is {ratios[0]:.2f} times as fast as {name} cold, {ratios[1]:.2f} times unchanged")


def ratio(ours: Sequence[dict[str, float]], theirs: Sequence[dict[str, float]], name: str) -> float:
    """Return how many times faster our median is."""
    return statistics.median(run[name] for run in theirs) / statistics.median(run[name] for run in ours)


def rate(n_feeds: int, seconds: Sequence[float]) -> str:
    """Return feeds per second, the median first."""
    rates = [f"{n_feeds / each:.0f}" for each in seconds]
    return f"{n_feeds / statistics.median(seconds):.0f} ({', '.join(rates)})"


def one_run(options: argparse.Namespace, side: str, workers: int) -> dict[str, float]:
    """Run one side in a fresh process on fresh files."""
    with tempfile.TemporaryDirectory(prefix="retort-polls-") as folder:
        options.folder, options.workers = Path(folder), workers
        if side == "retort":
            assert start(options, "prepare").wait() == 0
        process = start(options, side)
        output, _ = process.communicate()
        assert process.returncode == 0, f"{side} ended with {process.returncode}"
        found: dict[str, float] = json.loads(output)
        return found


def start(options: argparse.Namespace, part: str) -> subprocess.Popen[str]:
    """Start this file again for one part of the work."""
    words = [sys.executable, __file__, part, "--folder", str(options.folder), "--ports", options.ports]
    words += ["--feeds", str(options.feeds), "--items", str(options.items), "--workers", str(options.workers)]
    words += ["--reader-from", str(options.reader_from)]
    if part == "retort" and options.profile:
        words += ["--profile", str(options.profile)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this very file


def install_reader(folder: Path) -> str:
    """Install the library into its folder unless it is there; return its version."""
    if not (folder / "reader").is_dir():
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        words += ["reader", "sgmllib3k"]  # its own copy of feedparser needs the latter and does not say so
        subprocess.run(words, check=True)  # noqa: S603 - pip of this environment
    found = importlib.metadata.distributions(name="reader", path=[str(folder)])
    return next(iter(found)).version


if __name__ == "__main__":
    main()
