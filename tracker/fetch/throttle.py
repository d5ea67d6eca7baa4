"""Turns at hosts: at most one request per host in each interval, whoever asks.

The decision is made without blocking and nothing is held: a caller that dies owes nothing.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_HOSTS = 10_000


class HostSlots(Protocol):
    """Decides when a host may be asked; several processes share one through the database."""

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the turn at `host` if it is free and keep the host busy for `delay_s`.

        Returns:
            0.0 when the turn was taken, else the seconds until it is free (nothing was taken; ask again
            then).
        """
        ...

    def postpone(self, host: str, seconds: float) -> None:
        """Keep `host` busy for at least `seconds` from now (it sent Retry-After)."""
        ...


class MemorySlots:
    """Turns kept in this process; safe for threads.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def reserve(self, host: str, delay_s: float) -> float:
        """See `HostSlots.reserve`."""
        with self._lock:
            now = self._clock()
            wait = self._free_at.get(host, now) - now
            if wait > 0:
                return wait
            self._forget(now)
            self._free_at[host] = now + delay_s
            return 0.0

    def postpone(self, host: str, seconds: float) -> None:
        """See `HostSlots.postpone`."""
        with self._lock:
            now = self._clock()
            self._free_at[host] = max(self._free_at.get(host, now), now + seconds)

    def _forget(self, now: float) -> None:
        if len(self._free_at) >= _MAX_HOSTS:
            self._free_at = {host: free_at for host, free_at in self._free_at.items() if free_at > now}
