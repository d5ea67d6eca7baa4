"""What a step of the road is: it takes leased jobs, works outside any transaction, and hands back what to store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tracker.models import Job


@dataclass(frozen=True, slots=True)
class Done:
    """The work for one job is done; `store` writes it, inside the transaction that completes the job."""

    job: Job
    store: Callable[[], None]


@dataclass(frozen=True, slots=True)
class DoneTogether:
    """The work for several jobs is done and is cheaper to store at once, inside the transaction that completes them.

    If that cannot be, because one of them was lost to another worker or cannot be stored, each is stored alone.
    """

    each: Sequence[Done]
    store: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Failed:
    """The work for one job cannot be done now, or ever; the sentence is for the jobs page."""

    job: Job
    error_class: str
    error: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """It is not this job's turn yet, as when its host wants a pause; that is no failed attempt."""

    job: Job
    not_before: dt.datetime


Result = Done | DoneTogether | Failed | Later


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work: its queue, the most jobs in one lease, and the function that does it."""

    kind: str
    queue: str
    batch: int
    run: Callable[[Sequence[Job]], Iterator[Result]]


def nothing() -> None:
    """Store nothing: the subject is gone or already done."""
