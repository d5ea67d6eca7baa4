"""`manage.py archive verify` and `archive stats`: is every byte still what its name says."""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from tracker.fetch.archive import SUFFIX
from tracker.fetch.survey import Kept, Problem, Redacted, Sizes, read_sizes, recompute, survey
from tracker.management.ticker import Ticker
from tracker.models.archived import Named, named_hashes


class Command(BaseCommand):
    """Check the archive of raw bytes against its names and against the database."""

    help = "Check or measure the archive of raw bytes. Exit code 1 when something is wrong."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the two verbs and their options."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser(
            "verify",
            help="Recompute every SHA-256; name what is damaged, and what the database names and the archive lacks.",
        )
        scope = verify.add_mutually_exclusive_group()
        scope.add_argument(
            "--sample", type=_positive, metavar="N", help="Recompute N files chosen at random, not all."
        )
        scope.add_argument("--quick", action="store_true", help="Compare names only; read no file.")
        verbs.add_parser("stats", help="Print files, bytes packed and raw, and their ratio.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Verify or measure."""
        root: Path = settings.ENV.archive_dir
        try:
            if options["verb"] == "stats":
                self.measure(root)
            else:
                self.verify(root, n_sample=options["sample"], is_quick=options["quick"])
        except OSError as error:
            msg = f"The archive at {root} cannot be read: {error.strerror} ({error.filename})."
            raise CommandError(msg) from error

    def measure(self, root: Path) -> None:
        """Print files, bytes and ratio; no file is unpacked."""
        n_files = n_packed = n_raw = n_redacted = 0
        ticker = Ticker(self.stderr, "files measured")
        for found in survey(root):
            if isinstance(found, Redacted):
                n_redacted += 1
            elif isinstance(found, Kept) and isinstance(sizes := read_sizes(found), Sizes):
                n_files, n_packed, n_raw = n_files + 1, n_packed + sizes.n_packed, n_raw + sizes.n_raw
                ticker.tick()
        ticker.clear()
        ratio = f"{n_raw / n_packed:.2f}" if n_packed else "none, as it is empty"
        self.stdout.write(
            f"Archive: {root}\nFiles: {n_files:,}\nPacked: {n_packed:,} bytes ({filesizeformat(n_packed)})\n"
            f"Raw: {n_raw:,} bytes ({filesizeformat(n_raw)})\nRatio: {ratio}\nRedacted: {n_redacted:,}"
        )

    def verify(self, root: Path, *, n_sample: int | None, is_quick: bool) -> None:
        """Name every problem; raise CommandError, and so exit with 1, when there was one."""
        began = time.monotonic()
        chosen = None if n_sample is None else _choose(root, n_sample)
        check = Check(root, chosen=set() if is_quick else chosen)
        ticker = Ticker(self.stderr, "files looked at")
        for line in check.lines(ticker):
            ticker.clear()
            self.stdout.write(line)
        ticker.clear()
        self.stdout.write(f"{check.summary()} It took {time.monotonic() - began:.1f} s.")
        if check.n_problems:
            msg = f"{check.n_problems} problem{'s' * (check.n_problems > 1)} in the archive at {root}; see above."
            raise CommandError(msg)


@dataclass(frozen=True, slots=True)
class Due:
    """A hash that the database names: by which row, and by how many more."""

    sha: str
    where: str
    n_more: int
    is_redacted: bool  # by every row


class Check:
    """One walk along the archive and the database together, both ordered by hash.

    Args:
        root: the archive's folder.
        chosen: which files to recompute, by their number in the walk; None for all.
    """

    def __init__(self, root: Path, *, chosen: set[int] | None) -> None:
        self._root = root
        self._chosen = chosen
        self._kept: str = ""
        self._seen: Counter[str] = Counter()

    @property
    def n_problems(self) -> int:
        """How many files are not in order or missing."""
        return self._seen["problem"] + self._seen["missing"]

    def lines(self, ticker: Ticker) -> Iterator[str]:
        """Yield a line for each problem, in the order of the hashes."""
        wanted = groupby(named_hashes(), key=attrgetter("sha"))
        due = _next(wanted)
        for found in survey(self._root):
            if isinstance(found, Problem):
                yield self._told(found)
                continue
            while due is not None and due.sha < found.sha:
                yield from self._absent(due)
                due = _next(wanted)
            named = due if due is not None and due.sha == found.sha else None
            if named is not None:
                due = _next(wanted)
            if isinstance(found, Redacted):
                yield from self._redacted(found)
            else:
                yield from self._file(found, named)
                ticker.tick()
        while due is not None:
            yield from self._absent(due)
            due = _next(wanted)

    def summary(self) -> str:
        """Return what was looked at, in one line."""
        seen = self._seen
        return (
            f"{seen['file']:,} files, {seen['recomputed']:,} of them recomputed; {seen['problem']:,} not in order, "
            f"{seen['missing']:,} missing, {seen['redacted']:,} absent on purpose (redacted)."
        )

    def _file(self, kept: Kept, named: Due | None) -> Iterator[str]:
        number = self._seen["file"]
        self._seen["file"] += 1
        self._kept = kept.sha
        if named is not None and named.is_redacted:
            self._seen["problem"] += 1
            yield f"{kept.name}: redacted by {named.where}, and yet there. Redact it again, or delete the file."
            self._kept = ""  # told already
        if self._chosen is not None and number not in self._chosen:
            return
        self._seen["recomputed"] += 1
        if isinstance(result := recompute(kept), Problem):
            yield self._told(result)

    def _redacted(self, found: Redacted) -> Iterator[str]:
        self._seen["redacted"] += 1
        if self._kept == found.sha:
            self._seen["problem"] += 1
            yield f"{_name(found.sha)}: redacted, and yet there. Delete it."

    def _told(self, problem: Problem) -> str:
        self._seen["problem"] += 1
        return f"{problem.path}: {problem.trouble}. {problem.advice}"

    def _absent(self, due: Due) -> Iterator[str]:
        if due.is_redacted:
            self._seen["redacted"] += 1
            return
        self._seen["missing"] += 1
        more = f" and {due.n_more} more" if due.n_more else ""
        yield f"{_name(due.sha)}: missing. It is named by {due.where}{more}. Restore the file from a backup."


def _next(wanted: Iterator[tuple[str, Iterator[Named]]]) -> Due | None:
    for sha, rows in wanted:
        first = next(rows)
        n_more, is_redacted = 0, first.is_redacted
        for row in rows:
            n_more, is_redacted = n_more + 1, is_redacted and row.is_redacted
        return Due(sha, first.where, n_more, is_redacted)
    return None


def _name(sha: str) -> str:
    return f"{sha[:2]}/{sha[2:4]}/{sha}{SUFFIX}"


def _choose(root: Path, n_sample: int) -> set[int]:
    n_files = sum(1 for found in survey(root) if isinstance(found, Kept))
    return set(random.sample(range(n_files), min(n_sample, n_files)))


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        msg = f"'{text}' is not a number of files; give a whole number from 1 on"
        raise argparse.ArgumentTypeError(msg)
    return number
