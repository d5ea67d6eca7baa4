#!/usr/bin/env python3
"""Prints what the archive costs: bytes per page, and the time to write and read one, at 10,000 archived pages.

Usage: make bench-archive, or python benchmarks/speed/archive.py [--pages 10000]

The pages are invented: markup of forty made-up sites around texts of made-up words, the same for the same number.
Their sizes, and how well they pack, are near those of news pages: most have 60 to 500 kB. One process, one page
after the other.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tracker.fetch.archive import FileArchive  # noqa: E402 - the path comes first
from tracker.fetch.survey import Kept, Sizes, recompute, survey  # noqa: E402

SEED = 20260423
N_SITES = 40
N_WORDS = 12_000
N_READ = 2_000
BLOCK_BYTES = 512


def main() -> None:
    """Write, write again, read, verify; print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000, help="How many pages to archive.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.pages)


def measure(root: Path, n_pages: int) -> None:
    """Print the figures of an archive in `root`."""
    archive = FileArchive(root)
    write, again, read = Clock(), Clock(), Clock()
    raw, shas = [], []
    for page in pages(n_pages):
        with write:
            shas.append(archive.put(page))
        raw.append(len(page))
    for page in pages(min(n_pages, 500)):
        with again:
            archive.put(page)
    for sha in random.Random(SEED).sample(shas, min(n_pages, N_READ)):  # noqa: S311 - the same for everybody
        with read:
            archive.get(sha)
    began = time.perf_counter()
    sizes = [recompute(found) for found in survey(root) if isinstance(found, Kept)]
    verify_s = time.perf_counter() - began
    packed = [each.n_packed for each in sizes if isinstance(each, Sizes)]
    on_disk = sum(path.stat().st_blocks for path in root.rglob("*")) * BLOCK_BYTES
    assert len(packed) == n_pages == len(set(shas))
    print(f"{n_pages:,} invented pages, {sum(raw) / 1e6:,.0f} MB raw, {sum(packed) / 1e6:,.0f} MB packed")
    row("raw bytes per page, mean", statistics.fmean(raw), "bytes")
    row("raw bytes per page, median", statistics.median(raw), "bytes")
    row("packed bytes per page, mean", statistics.fmean(packed), "bytes")
    row("space on disk per page, folders included", on_disk / n_pages, "bytes")
    row("raw to packed", sum(raw) / sum(packed), "times", digits=2)
    write.show("write one page")
    again.show("write it again (it is there)")
    read.show("read one page")
    row("verify", n_pages / verify_s, "pages/s")


class Clock:
    """Times what stands in its `with` blocks, each by the clock and all by the processor."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.processor_s = 0.0
        self._began = (0.0, 0.0)

    def __enter__(self) -> None:
        self._began = (time.perf_counter(), time.process_time())

    def __exit__(self, *_error: object) -> None:
        self.seconds.append(time.perf_counter() - self._began[0])
        self.processor_s += time.process_time() - self._began[1]

    def show(self, name: str) -> None:
        """Print median and 95th percentile of the clock, and the processor's mean."""
        ordered = sorted(self.seconds)
        row(f"{name}, median", statistics.median(ordered) * 1e3, "ms", digits=2)
        row(f"{name}, 95 %", ordered[int(len(ordered) * 0.95)] * 1e3, "ms", digits=2)
        row(f"{name}, processor, mean", self.processor_s / len(ordered) * 1e3, "ms", digits=2)


def row(name: str, value: float, unit: str, *, digits: int = 0) -> None:
    """Print one figure."""
    print(f"{name:<45} {value:>12,.{digits}f} {unit}", flush=True)


def pages(n: int) -> Iterator[bytes]:
    """Yield `n` pages, each another, the same in every run."""
    chance = random.Random(SEED)  # noqa: S311 - the same for everybody
    words = ["".join(chance.choices("aeioulnrstmdkp", k=chance.randint(2, 11))) for _ in range(N_WORDS)]
    weights = [1 / (rank + 3) for rank in range(N_WORDS)]
    sites = [_site(chance, words) for _ in range(N_SITES)]
    for number in range(n):
        before, after = chance.choice(sites)
        n_words = int(min(max(chance.lognormvariate(6.5, 0.6), 120), 6000))
        text = chance.choices(words, weights, k=n_words)
        body = "</p><p class='article-body__text'>".join(
            " ".join(text[at : at + 70]) for at in range(0, n_words, 70)
        )
        related = "".join(
            f"<li><a href='/{chance.randrange(10**9)}-{'-'.join(chance.choices(words, k=7))}'>"
            f"{' '.join(chance.choices(words, k=9))}</a></li>"
            for _ in range(chance.randint(10, 60))
        )
        page = f"{before}<h1>{number} {' '.join(text[:9])}</h1><p>{body}</p><ul>{related}</ul>{after}"
        yield page.encode()


def _site(chance: random.Random, words: list[str]) -> tuple[str, str]:
    """Return what stands before and after every text of one site: style, menus, scripts, data."""
    n_bytes = int(min(max(chance.lognormvariate(12.0, 0.75), 20_000), 1_500_000))
    own = chance.sample(words, 90)
    parts: list[str] = []
    size = 0
    while size < n_bytes:
        name, other = chance.choice(own), chance.choice(own)
        part = chance.choice(
            [
                f".{name}__{other}{{margin:{chance.randint(0, 40)}px;color:#{chance.randrange(256):06x}}}",
                f"<li class='menu__item menu__item--{name}'><a href='/{name}/{other}'>{name} {other}</a></li>",
                f'{{"@type":"{name}","id":"{chance.randrange(16**4):016x}","name":"{name} {other}"}},',
                f"function {name}(e,t){{return e.{other}?{name}.get(t,{chance.randint(1, 999)}):null}}",
                f"<div data-{name}='{chance.randrange(100)}' class='{other} {name}-{other}'></div>",
            ]
        )
        parts.append(part)
        size += len(part)
    half = len(parts) // 3
    return (
        f"<!doctype html><html><head>{''.join(parts[:half])}</head><body>",
        f"{''.join(parts[half:])}</body></html>",
    )


if __name__ == "__main__":
    main()
