"""Backfill: a past range of an endpoint is asked slice by slice, and its items stored like any others.

Promises that the endpoint's own polling does not notice: its health, schedule and rhythm stay as they are, nothing is
held as a storm, and no day counts the items as its news. What a plan holds is written down before anything is asked,
so that whoever comes next goes on where another stopped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from tracker.errors import FeedError, RetortError
from tracker.extract.feed_text import parsed_from_item
from tracker.models import Article, Backfill, BackfillSlice, Endpoint, Job, owe
from tracker.pipeline.door import side_by_side
from tracker.pipeline.items import meet, store_items
from tracker.pipeline.look import Seen, look
from tracker.pipeline.step import Done, Failed, Later, Result, Step, nothing
from tracker.records import FoundItem, Outcome
from tracker.sources.kind import KINDS, SourceKind
from tracker.sources.query import months

BATCH = 4
MAX_ADDRESS = 2000
PASSING = frozenset({Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.DNS, Outcome.HTTP_SERVER, Outcome.TLS})
TOO_MANY_REQUESTS = 429
HALVES = "There was more than one look can read; the rest is asked for again in two halves of the days."
NO_HALVES = "There is more than the publisher lists for these days; narrow the endpoint's settings."

# what `look` says of pages that it did not bring
_PAGE_MISSED = re.compile(r"page \d+ was not read")
_PAGES_LEFT = re.compile(r"there are more than \d+ pages|the pages have more than \d+ items")

Days = tuple[dt.date, dt.date]


class BackfillError(RetortError):
    """A past range cannot be collected from an endpoint; the sentence says why."""


def has_past(kind_name: str) -> bool:
    """Whether a kind of endpoint can look into the past at all."""
    return kind_name in KINDS.names() and type(KINDS.get(kind_name)).past is not SourceKind.past


def plan_backfill(endpoint: Endpoint, start: dt.date, end: dt.date) -> Backfill:
    """Write down what has to be asked for the days from `start` to `end`, and owe what was not asked yet.

    Planned again, the same range is the same backfill, and what was asked before is not asked again.

    Raises:
        BackfillError: the endpoint has no past to ask for.
    """
    if not has_past(endpoint.kind):
        msg = f"Endpoints of the kind '{endpoint.kind}' cannot be asked for the past."
        raise BackfillError(msg)
    try:
        asked = [each for month in months(start, end) for each in _questions(endpoint, month)]
    except FeedError as error:
        msg = f"{endpoint}: {error}. Correct its settings."
        raise BackfillError(msg) from error
    if not asked:
        msg = f"{endpoint}: this address lists what is there now; it has no past."
        raise BackfillError(msg)
    with transaction.atomic():
        backfill, _ = Backfill.objects.get_or_create(endpoint=endpoint, start=start, end=end)
        _add_slices(backfill, asked)
        owe_slices(backfill)
    return backfill


def _questions(endpoint: Endpoint, days: Days) -> list[tuple[Days, str]]:
    """Return the addresses that list these days, each with its own days: they are divided until one address is left."""
    addresses = list(KINDS.get(endpoint.kind).past(endpoint.url, endpoint.options, *days))
    if long := next((each for each in addresses if len(each) > MAX_ADDRESS), None):
        msg = f"its settings make an address of {len(long)} characters, and {MAX_ADDRESS} are the most"
        raise FeedError(msg)
    if len(addresses) > 1 and days[0] < days[1]:
        return [each for half in _divided(days) for each in _questions(endpoint, half)]
    return [(days, address) for address in addresses]


def _divided(days: Days) -> tuple[Days, Days]:
    first, last = days
    middle = first + (last - first) // 2
    return (first, middle), (middle + dt.timedelta(days=1), last)


def _add_slices(backfill: Backfill, asked: Sequence[tuple[Days, str]]) -> list[int]:
    """Add the slices that the plan does not hold yet; return their ids."""
    known = set(backfill.slices.values_list("address", flat=True))
    rows = [
        BackfillSlice(backfill=backfill, address=address, first_day=days[0], last_day=days[1])
        for days, address in asked
        if address not in known
    ]
    BackfillSlice.objects.bulk_create(rows, ignore_conflicts=True)
    added = [row.address for row in rows]
    stored = backfill.slices.values_list("pk", "address")
    return [pk for pk, address in stored if address in set(added)]


def owe_slices(backfill: Backfill, *, again: bool = False) -> int:
    """Owe the slices that were not asked to the end; return how many that failed for good are tried again.

    Args:
        backfill: the plan.
        again: whether those that failed for good get another chance.
    """
    owe(BackfillSlice.JOB, backfill.slices.open().values_list("pk", flat=True))
    if not again:
        return 0
    failed = Job.objects.filter(
        kind=BackfillSlice.JOB, state=Job.State.FAILED, subject_id__in=backfill.slices.open().values("pk")
    )
    return failed.update(
        state=Job.State.READY,
        attempts=0,
        not_before=timezone.now(),
        finished_at=None,
        error_class="",
        error="",
    )


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Ask the slices side by side; the door lets one request through at a time where the host is the same."""
    slices = BackfillSlice.objects.open().select_related("backfill__endpoint__source")
    by_id = slices.in_bulk([job.subject_id for job in jobs])
    present = []
    for job in jobs:
        if job.subject_id in by_id:
            present.append((job, by_id[job.subject_id]))
        else:
            yield Done(job, nothing)
    for (job, part), seen in side_by_side(lambda pair: _ask(pair[1]), present, most=BATCH):
        yield _result(job, part, seen)


def _ask(part: BackfillSlice) -> Seen:
    endpoint = part.backfill.endpoint
    seen = look(endpoint.kind, endpoint.url, endpoint.options, addresses=[part.address])
    if seen.listing is None:
        return seen
    items = tuple(without_residue(item) for item in seen.listing.items)
    return replace(seen, listing=replace(seen.listing, items=items))


def without_residue(item: FoundItem) -> FoundItem:
    """Return an item whose text is what reading would make of it.

    Reading cleans the words of an endpoint's listing; what a backfill brought hangs on no endpoint, and is taken as
    it is.
    """
    parsed = parsed_from_item(item)
    return replace(item, text=parsed.text, language=parsed.language)


def _result(job: Job, part: BackfillSlice, seen: Seen) -> Result:
    result = seen.result
    if result.outcome is Outcome.DEFERRED:
        return Later(job, timezone.now() + dt.timedelta(seconds=result.retry_after_s or 1))
    if seen.listing is None:
        _tell(part, outcome=result.outcome.value, reason=result.reason)
        return Failed(job, result.outcome.value, result.reason, is_final=not _may_pass(seen))
    left = [told for told in seen.listing.warnings if _PAGE_MISSED.search(told) or _PAGES_LEFT.search(told)]
    if not left:
        return Done(job, lambda: _store_whole(part, seen))
    halves = _halves(part)
    if halves:
        return Done(job, lambda: _store_and_halve(part, seen, halves))
    return _undivided(job, part, seen, left[0])


def _may_pass(seen: Seen) -> bool:
    result = seen.result
    return result.outcome in PASSING or bool(result.retry_after_s) or result.status == TOO_MANY_REQUESTS


def _undivided(job: Job, part: BackfillSlice, seen: Seen, told: str) -> Failed:
    """Keep what came of days that cannot be divided further, and say what did not come."""
    may_pass = bool(_PAGE_MISSED.search(told))
    outcome = Outcome.CONNECTION if may_pass else Outcome.TOO_LARGE
    reason = f"{told[:1].upper()}{told[1:]}".replace("at the next poll", "again") if may_pass else NO_HALVES
    with transaction.atomic():
        _store_items(part, seen)
        _tell(part, outcome=outcome.value, reason=reason, seen=seen)
    return Failed(job, outcome.value, reason, is_final=not may_pass)


def _halves(part: BackfillSlice) -> list[tuple[Days, str]]:
    """Return the two halves of a slice's days with their addresses; nothing where they cannot be divided."""
    if part.first_day >= part.last_day:
        return []
    endpoint = part.backfill.endpoint
    try:
        halves = _divided((part.first_day, part.last_day))
        asked = [each for half in halves for each in _questions(endpoint, half)]
    except (FeedError, KeyError):
        return []
    known = set(part.backfill.slices.values_list("address", flat=True))
    return asked if any(address not in known for _, address in asked) else []


def _store_whole(part: BackfillSlice, seen: Seen) -> None:
    _store_items(part, seen)
    _tell(part, outcome=seen.result.outcome.value, reason="", seen=seen, is_finished=True)


def _store_and_halve(part: BackfillSlice, seen: Seen, halves: Sequence[tuple[Days, str]]) -> None:
    """Keep what came, and owe the halves; their items are counted there."""
    _store_items(part, seen)
    _tell(part, outcome=seen.result.outcome.value, reason=HALVES, is_finished=True)
    owe(BackfillSlice.JOB, _add_slices(part.backfill, halves))


def _store_items(part: BackfillSlice, seen: Seen) -> None:
    """Store what is new, never held. It hangs on the slice and the source, not on the endpoint: polls did not bring it.

    So the endpoint's rhythm, its items per week and its usual headlines stay those of its polls.
    """
    if seen.listing is None or not seen.listing.items:
        return
    endpoint = part.backfill.endpoint
    arrival = meet(endpoint, seen.listing.items)
    store_items(endpoint, arrival)
    fresh = Article.objects.filter(key__in=list(arrival.fresh))
    part.articles.add(*fresh)
    fresh.filter(endpoint=endpoint).update(endpoint=None)


def _tell(
    part: BackfillSlice, *, outcome: str, reason: str, seen: Seen | None = None, is_finished: bool = False
) -> None:
    """Write down what came of a slice; one that is finished stays so, whoever was slower."""
    now = timezone.now()
    listing = seen.listing if seen else None
    changes: dict[str, object] = {"outcome": outcome, "reason": reason, "tried_at": now}
    if listing is not None:
        changes |= {
            "n_items": len(listing.items),
            "n_refused": len(listing.refused),
            "warnings": list(listing.warnings),
        }
    if is_finished:
        changes["finished_at"] = now
    BackfillSlice.objects.open().filter(pk=part.pk).update(**changes)


BACKFILL = Step(kind=BackfillSlice.JOB, queue="fetch", batch=BATCH, run=run)
