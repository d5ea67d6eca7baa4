"""Watches work that is owed until it is done: one line on a terminal, and the work itself where no worker is wanted."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.management.base import OutputWrapper
from django.utils import timezone

from tracker import jobs
from tracker.models import Job

LOOK_EVERY_S = 1.0
PATIENCE_S = 20.0
"""How long nobody takes the work up before the terminal says so."""
LONG_PAUSE = dt.timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Count:
    """How far the work is, in one line, and how much of it may still be done."""

    line: str
    n_waiting: int


class Watch:
    """Shows how far some work is until nothing of it waits.

    Args:
        out: where the line goes.
        kinds: the jobs that make up the work.
        count: says how far it is.
    """

    def __init__(self, out: OutputWrapper, kinds: Sequence[str], count: Callable[[], Count]) -> None:
        self._out = out
        self._kinds = kinds
        self._count = count
        self._last = ""
        self._moved_at = time.monotonic()
        self._has_asked = False

    def until_done(self, *, is_working: bool) -> bool:
        """Show the line until nothing waits; return whether it ended so, and not by Ctrl-C.

        Args:
            is_working: whether this process does the work; else workers are expected to.
        """
        try:
            while self._show():
                if not (is_working and self._work()):
                    time.sleep(LOOK_EVERY_S)
        except KeyboardInterrupt:
            self._end_line()
            return False
        self._end_line()
        return True

    def _work(self) -> bool:
        Job.objects.release_expired()
        return sum(jobs.work(kind)["leased"] for kind in self._kinds) > 0

    def _show(self) -> bool:
        """Print what changed; return whether anything waits."""
        count = self._count()
        line = count.line + (self._pause() if count.n_waiting else "")
        if line != self._last:
            self._moved_at = time.monotonic()
            self._last = line
            self._out.write(f"\r\033[K{line}" if self._out.isatty() else line, ending=self._ending())
            self._out.flush()
        elif count.n_waiting and not self._has_asked and time.monotonic() - self._moved_at > PATIENCE_S:
            self._ask()
        return count.n_waiting > 0

    def _pause(self) -> str:
        """Say until when hosts have to be left alone, where nothing can be done before."""
        open_jobs = Job.objects.filter(kind__in=self._kinds)
        if open_jobs.filter(state=Job.State.LEASED).exists():
            return ""
        waiting = open_jobs.filter(state=Job.State.READY).order_by("not_before")
        first = waiting.values_list("not_before", flat=True).first()
        if first is None or first < timezone.now() + LONG_PAUSE:
            return ""
        return f"; the next try is at {first:%H:%M:%S} UTC"

    def _ask(self) -> None:
        """Say once that nobody works."""
        ready = Job.objects.ready().filter(kind__in=self._kinds)
        if ready.exists() and not Job.objects.filter(kind__in=self._kinds, state=Job.State.LEASED).exists():
            self._has_asked = True
            self._end_line()
            self._out.write("No worker has taken this up yet. Start one (`make run`), or add --here.")

    def _ending(self) -> str:
        return "" if self._out.isatty() else "\n"

    def _end_line(self) -> None:
        if self._out.isatty() and self._last:
            self._out.write("")
