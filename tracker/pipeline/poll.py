"""Poll: look at an endpoint, store the items that are new, note how it went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

from django.utils import timezone

from tracker.models import Endpoint, Job
from tracker.pipeline.door import side_by_side
from tracker.pipeline.health import note
from tracker.pipeline.items import meet, store_items
from tracker.pipeline.look import Seen, Validators, look
from tracker.pipeline.step import Done, DoneTogether, Later, Result, Step, nothing
from tracker.pipeline.unchanged import Look, is_unchanged, note_unchanged
from tracker.pipeline.unusual import hold_back, unusual
from tracker.records import Outcome

BATCH = 32
"""Polls in one lease. The more there are, the less each costs in leases and threads."""
THREADS = 8


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Look at the endpoints side by side and hand back what to store for each."""
    endpoints = Endpoint.objects.select_related("source").in_bulk([job.subject_id for job in jobs])
    present = []
    for job in jobs:
        if job.subject_id in endpoints:
            present.append((job, endpoints[job.subject_id]))
        else:
            yield Done(job, nothing)
    unchanged: dict[int, Look] = {}
    for (job, endpoint), seen in side_by_side(lambda pair: look_at(pair[1]), present, most=THREADS):
        if is_unchanged(endpoint, seen) and endpoint.pk not in unchanged:
            unchanged[endpoint.pk] = Look(job, endpoint, seen)
        else:
            yield _result(job, endpoint, seen)
    if unchanged:
        yield _all_unchanged(list(unchanged.values()))


def look_at(endpoint: Endpoint) -> Seen:
    """Look at a stored endpoint with the validators of its last answer.

    After a failure all of the answer is asked for: 'unchanged' would not prove that it can be read again.
    """
    known = Validators(endpoint.etag, endpoint.last_modified, endpoint.body_sha256)
    if endpoint.failure_streak:
        known = Validators()
    return look(endpoint.kind, endpoint.url, endpoint.options, known=known)


def _result(job: Job, endpoint: Endpoint, seen: Seen) -> Result:
    if seen.result.outcome is Outcome.DEFERRED:
        wait_s = seen.result.retry_after_s or 1
        return Later(job, timezone.now() + dt.timedelta(seconds=wait_s))
    return Done(job, lambda: store(job, endpoint, seen))


def _all_unchanged(looks: Sequence[Look]) -> Result:
    """Return the result of looks that found nothing new, which are stored at once."""
    each = [Done(look.job, partial(store, look.job, look.endpoint, look.seen)) for look in looks]
    return DoneTogether(each, partial(note_unchanged, looks))


def store(job: Job, endpoint: Endpoint, seen: Seen) -> None:
    """Store new items, owe their reading or hold them, and note the attempt on the endpoint."""
    n_new = n_held = 0
    if seen.listing is not None and seen.listing.items:
        arrival = meet(endpoint, seen.listing.items)
        what = unusual(endpoint, seen, arrival.fresh)
        n_new = store_items(endpoint, arrival, hold=hold_back(endpoint, what) if what else None)
        n_held = n_new if what else 0
    note(job, endpoint, seen, n_new=n_new, n_held=n_held)


POLL = Step(kind="poll", queue="fetch", batch=BATCH, run=run)
