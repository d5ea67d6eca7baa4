"""Turns at hosts."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch.throttle import MemorySlots


class Clock:
    """Seconds that move when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_host_has_one_turn_per_interval() -> None:
    clock = Clock()
    slots = MemorySlots(clock)
    assert slots.reserve("news.example", 2) == 0
    assert slots.reserve("news.example", 2) == 2
    assert slots.reserve("other.example", 2) == 0
    clock.now = 1.5
    assert slots.reserve("news.example", 2) == 0.5
    clock.now = 2
    assert slots.reserve("news.example", 2) == 0


def test_asking_in_vain_takes_nothing() -> None:
    clock = Clock()
    slots = MemorySlots(clock)
    slots.reserve("news.example", 1)
    for _ in range(100):
        slots.reserve("news.example", 1)
    clock.now = 1
    assert slots.reserve("news.example", 1) == 0


def test_retry_after_pushes_the_turn_and_never_pulls_it() -> None:
    clock = Clock()
    slots = MemorySlots(clock)
    slots.postpone("news.example", 60)
    slots.postpone("news.example", 5)
    assert slots.reserve("news.example", 1) == 60


def test_threads_never_share_a_turn() -> None:
    slots = MemorySlots(lambda: 0.0)
    barrier = threading.Barrier(8)

    def ask(_: int) -> float:
        barrier.wait()
        return slots.reserve("news.example", 1)

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(ask, range(8)))
    assert waits.count(0.0) == 1


def test_old_hosts_are_forgotten() -> None:
    clock = Clock()
    slots = MemorySlots(clock)
    for number in range(12_000):
        clock.now += 2
        slots.reserve(f"host-{number}.example", 1)
    assert len(slots._free_at) <= 10_000


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.1, 5)), max_size=50))
def test_turns_are_never_closer_than_the_delay(steps: list[tuple[float, float]]) -> None:
    clock = Clock()
    slots = MemorySlots(clock)
    free_at = 0.0
    for pause, delay in steps:
        clock.now += pause
        if slots.reserve("news.example", delay) == 0:
            assert clock.now >= free_at
            free_at = clock.now + delay
