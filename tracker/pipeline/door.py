"""The fetch door and the archive of this process, built from the settings once."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from tracker.fetch.archive import ArchiveStore, FileArchive
from tracker.fetch.client import Fetcher
from tracker.fetch.contract import Fetches, FetchSettings
from tracker.fetch.robots import MemoryRobots
from tracker.pipeline.turns import DatabaseSlots, Desk

T = TypeVar("T")
R = TypeVar("R")

M_ARENA_MAX = -8
"""Name of the setting in glibc's malloc.h."""
_chosen: list[Fetches] = []


def fetch_settings() -> FetchSettings:
    """Return the door's settings from the environment table."""
    env = settings.ENV
    return FetchSettings(
        user_agent=env.user_agent,
        contact="" if env.user_agent and "+" in env.user_agent else env.contact,
        connect_timeout_s=env.connect_timeout_s,
        read_timeout_s=env.read_timeout_s,
        total_deadline_s=env.total_deadline_s,
        max_bytes=env.max_bytes,
        allowed_loopback=env.fetch_loopback,
        respect_robots=env.respect_robots,
        min_delay_s=env.host_delay_s,
    )


def use_door(fetcher: Fetches) -> None:
    """Send every fetch of this process through `fetcher`; for replay and tests."""
    _chosen[:] = [fetcher]


def door() -> Fetches:
    """Return the door of this process."""
    return _chosen[0] if _chosen else _default_door()


@lru_cache(maxsize=1)
def _default_door() -> Fetches:
    return Fetcher(fetch_settings(), DatabaseSlots(), MemoryRobots())


@lru_cache(maxsize=4)
def _archive_at(root: str) -> ArchiveStore:
    return FileArchive(Path(root))


def archive() -> ArchiveStore:
    """Return the archive of raw bytes."""
    return _archive_at(str(settings.ENV.archive_dir))


def side_by_side(look: Callable[[T], R], subjects: Sequence[T], *, most: int) -> Iterator[tuple[T, R]]:
    """Call `look` on every subject in up to `most` threads; yield (subject, what came of it) in their order.

    The order is kept so that the same captures, played twice, are stored in the same order. `look` may use the
    network and read-only settings; the only database it meets is the one behind the turns, which the calling
    thread asks for it: see `Desk`.
    """
    if not subjects:
        return
    _share_one_heap()
    desk = Desk()
    with ThreadPoolExecutor(max_workers=min(most, len(subjects)), thread_name_prefix="look") as pool:
        try:
            found = [pool.submit(desk.lend, look, subject) for subject in subjects]
            for future in found:
                future.add_done_callback(desk.ring)
            for subject, future in zip(subjects, found, strict=True):
                desk.serve_until(future)
                yield subject, future.result()
        finally:
            desk.close()
            for future in found:
                future.cancel()


@lru_cache(maxsize=1)
def _share_one_heap() -> None:
    """Have every thread of this process take its memory from one heap, where the C library lets us.

    glibc gives each thread a heap of its own, and what threads that come and go leave in theirs is not given back: a
    worker grew by a megabyte a day.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_ARENA_MAX, 1)
