"""The fetches of one look, counted and timed: a preview asks few addresses and is over within a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tracker.fetch.contract import Fetches
from tracker.records import FetchRequest, FetchResult, Outcome

MOST_FETCHES = 5
MOST_S = 60.0
MOST_PAUSE_S = 15.0
"""The longest single wait for a host's turn."""

SPENT = FetchResult(
    Outcome.DEFERRED, f"A preview asks at most {MOST_FETCHES} addresses; this one was left out."
)
LATE = FetchResult(
    Outcome.DEFERRED, f"The preview had taken {MOST_S:.0f} s already; this address was left out."
)


@dataclass(slots=True)
class Visits:
    """Fetches through one door until the number or the time is used up.

    Args:
        door: what fetches.
        clock: seconds that only grow; injected by tests.
        sleep: how to wait for a host's turn.
    """

    door: Fetches
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    n_done: int = 0
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = self.clock() + MOST_S

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Return how the try ended; DEFERRED when the host wants a longer pause or nothing is left to spend."""
        if self.n_done >= MOST_FETCHES:
            return SPENT
        while True:
            if self.clock() >= self._end:
                return LATE
            result = self.door.fetch(request)
            if result.outcome is not Outcome.DEFERRED:
                self.n_done += 1
                return result
            wait_s = result.retry_after_s or 1.0
            if wait_s > MOST_PAUSE_S or self.clock() + wait_s >= self._end:
                return result
            self.sleep(wait_s)
