"""Poll: look at an endpoint, store the items that are new, note how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from django.utils import timezone

from tracker.models import Endpoint, Job
from tracker.pipeline.door import door, side_by_side
from tracker.pipeline.health import Look, note
from tracker.pipeline.items import Arrival, Delivery, keyed, meet_all, store_all
from tracker.pipeline.look import Seen, Validators, look
from tracker.pipeline.queue import in_turn
from tracker.pipeline.step import Done, DoneTogether, Later, Result, Step, nothing
from tracker.pipeline.unusual import hold_back, unusual
from tracker.records import FoundItem, Outcome

BATCH = 64
"""Polls in one lease. The more there are, the less each costs in leases and threads."""
THREADS = 16
"""Looks under way at once: enough that listings are fetched and parsed while others are being stored."""
MOST_ITEMS = 400
"""Items that are stored in one transaction; the next listing waits for another one. A longer listing is alone."""
MOST_CHANGED = 16
"""Looks with items that are stored in one transaction: so long the threads wait for their hosts' turns."""


@dataclass(slots=True)
class Bundle:
    """Looks that are stored together, each at an endpoint of its own and no item in two of them."""

    looks: list[Look] = field(default_factory=list)
    items: list[Mapping[str, FoundItem]] = field(default_factory=list)
    n_changed: int = 0
    marks: set[object] = field(default_factory=set)

    def takes(self, found: Look, items: Mapping[str, FoundItem]) -> bool:
        """Add a look unless it belongs into another transaction; return whether it was added."""
        marks = {("endpoint", found.endpoint.pk), *items}
        # an official document that two listings number alike is one article
        marks |= {(found.endpoint.source_id, item.source_item_id) for item in items.values() if item.is_whole}
        is_full = bool(items) and (self.n_changed >= MOST_CHANGED or self.n_items + len(items) > MOST_ITEMS)
        if self.looks and (is_full or not self.marks.isdisjoint(marks)):
            return False
        self.looks.append(found)
        self.items.append(items)
        self.n_changed += bool(items)
        self.marks |= marks
        return True

    @property
    def n_items(self) -> int:
        """How many items there are to store."""
        return sum(map(len, self.items))

    @property
    def result(self) -> Result:
        """How all of it is stored, and each alone if that cannot be."""
        each = [
            Done(found.job, partial(store_looks, [found], [items]))
            for found, items in zip(self.looks, self.items, strict=True)
        ]
        return DoneTogether(each, partial(store_looks, self.looks, self.items))


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Look at the endpoints side by side and hand back what to store, several at once."""
    endpoints = Endpoint.objects.in_bulk([job.subject_id for job in jobs])
    yield from (Done(job, nothing) for job in jobs if job.subject_id not in endpoints)
    turns = in_turn([job for job in jobs if job.subject_id in endpoints], endpoints)
    yield from (Later(job, until) for job, until in turns.later)
    door()  # opened once, before many threads ask for it
    bundle = Bundle()
    for found in chain(_looks(turns.first), _looks(turns.then)):
        if isinstance(found, Later):
            yield found
            continue
        items = _items(found.endpoint, found.seen)
        if not bundle.takes(found, items):
            yield bundle.result
            bundle = Bundle()
            bundle.takes(found, items)
    if bundle.looks:
        yield bundle.result


def _looks(present: Sequence[tuple[Job, Endpoint]]) -> Iterator[Look | Later]:
    """Look at endpoints side by side; yield what came of it in their order."""
    for (job, endpoint), (seen, at) in side_by_side(_timed_look, present, most=THREADS):
        if seen.result.outcome is Outcome.DEFERRED:
            yield Later(job, at + dt.timedelta(seconds=seen.result.retry_after_s or 1))
        else:
            yield Look(job, endpoint, seen)


def _timed_look(present: tuple[Job, Endpoint]) -> tuple[Seen, dt.datetime]:
    """Return a look with the moment of its end: a wait counts from there, however long the neighbours take."""
    return look_at(present[1]), timezone.now()


def look_at(endpoint: Endpoint) -> Seen:
    """Look at a stored endpoint with the validators of its last answer.

    After a failure all of the answer is asked for: 'unchanged' would not prove that it can be read again.
    """
    known = Validators(endpoint.etag, endpoint.last_modified, endpoint.body_sha256)
    if endpoint.failure_streak:
        known = Validators()
    return look(endpoint.kind, endpoint.url, endpoint.options, known=known).without_body()


def _items(endpoint: Endpoint, seen: Seen) -> dict[str, FoundItem]:
    return keyed(endpoint.source_id, seen.listing.items) if seen.listing else {}


def store(job: Job, endpoint: Endpoint, seen: Seen) -> None:
    """Store what one look brought, see `store_looks`."""
    store_looks([Look(job, endpoint, seen)], [_items(endpoint, seen)])


def store_looks(looks: Sequence[Look], items: Sequence[Mapping[str, FoundItem]]) -> None:
    """Store new items, owe their reading or hold them, and note the attempts on the endpoints.

    Args:
        looks: each at an endpoint of its own.
        items: what each listed, by key; no item is in two of them.
    """
    brought = [(found, by_key) for found, by_key in zip(looks, items, strict=True) if by_key]
    arrivals = meet_all([(found.endpoint, by_key) for found, by_key in brought])
    deliveries = [_delivery(found, arrival) for (found, _), arrival in zip(brought, arrivals, strict=True)]
    counted = {
        found.endpoint.pk: _counted(found, delivery, n_new)
        for (found, _), delivery, n_new in zip(brought, deliveries, store_all(deliveries), strict=True)
    }
    note([counted.get(found.endpoint.pk, found) for found in looks])


def _delivery(found: Look, arrival: Arrival) -> Delivery:
    what = unusual(found.endpoint, found.seen, arrival.fresh)
    return Delivery(found.endpoint, arrival, hold_back(found.endpoint, what) if what else None)


def _counted(found: Look, delivery: Delivery, n_new: int) -> Look:
    if delivery.hold is not None:
        return replace(found, n_new=n_new, n_held=n_new)
    return replace(found, n_new=n_new, fresh=tuple(delivery.arrival.fresh.values()))


POLL = Step(kind="poll", queue="fetch", batch=BATCH, run=run)
