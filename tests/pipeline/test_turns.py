"""Looks side by side keep their order, and turns at hosts are taken by the thread that holds the connection."""

from __future__ import annotations

import threading
import time

import pytest

from tracker.models import Host
from tracker.pipeline.door import side_by_side
from tracker.pipeline.turns import DatabaseSlots, Desk, DeskClosedError

pytestmark = pytest.mark.django_db


def test_turns_are_taken_for_the_threads_and_shared_by_all_of_them() -> None:
    slots = DatabaseSlots()

    def look(number: int) -> tuple[bool, bool]:
        is_taken = slots.reserve("busy.example", 60) == 0.0
        slots.postpone(f"{number}.example", 60)
        return is_taken, threading.current_thread() is threading.main_thread()

    found = list(side_by_side(look, range(20), most=4))
    assert [number for number, _ in found] == list(range(20))
    assert sum(is_taken for _, (is_taken, _) in found) == 1
    assert not any(is_main for _, (_, is_main) in found)
    # a connection of a thread of its own would not have seen this test's transaction
    assert Host.objects.count() == 21


def test_results_keep_their_order_whoever_is_first() -> None:
    first = threading.Event()

    def look(number: int) -> int:
        if number == 0:
            assert first.wait(timeout=30)
        else:
            first.set()
        return number * 2

    assert list(side_by_side(look, [0, 1, 2], most=2)) == [(0, 0), (1, 2), (2, 4)]


def test_an_error_of_a_look_is_raised_where_its_result_is_wanted() -> None:
    def look(number: int) -> int:
        if number == 1:
            raise ValueError("one")  # noqa: EM101
        return number

    results = side_by_side(look, [0, 1], most=2)
    assert next(results) == (0, 0)
    with pytest.raises(ValueError, match="one"):
        next(results)


def test_who_stops_listening_leaves_no_thread_waiting_for_its_turn() -> None:
    slots = DatabaseSlots()

    def look(number: int) -> float:
        if number:
            time.sleep(0.05)  # the first result is out, and nobody is at the desk
        return slots.reserve(f"{number}.example", 1)

    results = side_by_side(look, range(8), most=8)
    assert next(results) == (0, 0.0)
    results.close()  # type: ignore[attr-defined] # it is a generator
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("look")]


def test_a_closed_desk_answers_nobody() -> None:
    desk = Desk()
    desk.close()
    with pytest.raises(DeskClosedError):
        desk.ask(lambda: 1)


def test_nothing_to_look_at_starts_no_thread() -> None:
    assert list(side_by_side(lambda number: number, list[int](), most=4)) == []
