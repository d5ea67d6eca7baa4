"""Turns at hosts, shared by every worker through the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from tracker.errors import RetortError
from tracker.models import Host

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

_here = threading.local()


class DeskClosedError(RetortError):
    """The thread that holds the database connection is gone; what a look still does is for nobody."""


class Desk:
    """Lets threads without a database connection have small things asked by the thread that has one.

    A connection per look would cost more than the look itself where nothing has changed.
    """

    def __init__(self) -> None:
        self._errands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_open = True

    def lend(self, look: Callable[[S], R], subject: S) -> R:
        """Call `look` in a thread of the pool, with this desk as its way to the database."""
        _here.desk = self
        try:
            return look(subject)
        finally:
            _here.desk = None

    def ask(self, errand: Callable[[], T]) -> T:
        """Have `errand` done by the thread at the desk; wait for its answer.

        Raises:
            DeskClosedError: nobody is there any more.
        """
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(errand())
            except Exception as error:  # noqa: BLE001 - it belongs to the thread that asked
                answer.set_exception(error)

        with self._lock:
            if not self._is_open:
                msg = "Nobody waits for this look any more."
                raise DeskClosedError(msg)
            self._errands.put(run)
        return answer.result()

    def ring(self, _future: Future[R]) -> None:
        """Wake the thread at the desk."""
        self._errands.put(None)

    def serve_until(self, future: Future[R]) -> None:
        """Do errands until `future` is done; called by the thread that holds the connection."""
        while not future.done() or not self._errands.empty():
            errand = self._errands.get()
            if errand is not None:
                errand()

    def close(self) -> None:
        """Do what was asked so far and let nobody ask again, so that no thread waits for ever."""
        with self._lock:
            self._is_open = False
        while not self._errands.empty():
            errand = self._errands.get()
            if errand is not None:
                errand()


class DatabaseSlots:
    """The database-backed form of `tracker.fetch.throttle.HostSlots`."""

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the turn at `host` if it is free; return 0.0 when taken, else the seconds until it is free."""
        return _asked(lambda: Host.reserve(host[:253], delay_s))

    def postpone(self, host: str, seconds: float) -> None:
        """Keep `host` busy for at least `seconds` from now."""
        _asked(lambda: Host.postpone(host[:253], seconds))


def _asked(errand: Callable[[], T]) -> T:
    desk: Desk | None = getattr(_here, "desk", None)
    return errand() if desk is None else desk.ask(errand)
