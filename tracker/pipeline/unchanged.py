"""Unchanged: most looks find nothing new; what they say is noted for many endpoints at once.

Notes exactly what `health.note` would note of each, in a handful of queries instead of a handful per endpoint.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from tracker.models import Endpoint, EndpointDay, Job, Notice
from tracker.models.insert import insert_rows
from tracker.pipeline.health import attempt_of, next_wait
from tracker.pipeline.look import Seen
from tracker.records import Outcome
from tracker.sources.rhythm import why_silent


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one endpoint, for one job."""

    job: Job
    endpoint: Endpoint
    seen: Seen


def is_unchanged(endpoint: Endpoint, seen: Seen) -> bool:
    """Whether a look says nothing but that all is as before."""
    is_settled = not endpoint.failure_streak and not endpoint.moved_to and not seen.result.moved_to
    return seen.result.outcome is Outcome.NOT_MODIFIED and is_settled


def note_unchanged(looks: Sequence[Look]) -> None:
    """Write down looks that are all `is_unchanged`, each at an endpoint of its own; call it in a transaction."""
    now = timezone.now()
    insert_rows([attempt_of(look.job, look.endpoint, look.seen) for look in looks])
    today, outcome = now.date(), Outcome.NOT_MODIFIED.value
    EndpointDay.objects.count_looks(
        [EndpointDay(endpoint_id=look.endpoint.pk, day=today, n_good=1, outcome=outcome) for look in looks]
    )
    ours = _still_as_looked_at({look.endpoint.pk: look.endpoint for look in looks})
    by_reason: dict[str, list[Endpoint]] = {}
    for look in looks:
        if look.endpoint.pk in ours:
            by_reason.setdefault(look.seen.result.reason, []).append(look.endpoint)
    for reason, endpoints in by_reason.items():
        _note_health(endpoints, reason, now)
    _tell_of_silence(ours, now)


def _still_as_looked_at(endpoints: Mapping[int, Endpoint]) -> dict[int, Endpoint]:
    """Return the endpoints that no person gave another address or kind meanwhile, locked until they are written."""
    rows = Endpoint.objects.select_for_update().filter(pk__in=endpoints).order_by("pk")
    now_there = {pk: (url, kind) for pk, url, kind in rows.values_list("pk", "url", "kind")}
    return {pk: found for pk, found in endpoints.items() if now_there.get(pk) == (found.url, found.kind)}


def _note_health(endpoints: Sequence[Endpoint], reason: str, now: dt.datetime) -> None:
    Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in endpoints]).update(
        last_outcome=Outcome.NOT_MODIFIED.value,
        last_reason=reason,
        last_attempt_at=now,
        last_success_at=now,
        failure_streak=0,
    )
    Endpoint.objects.schedule({endpoint.pk: now + next_wait(endpoint, 0, None) for endpoint in endpoints})


def _tell_of_silence(endpoints: Mapping[int, Endpoint], now: dt.datetime) -> None:
    silent = {
        pk: why
        for pk, endpoint in endpoints.items()
        if (why := why_silent(endpoint.newest_item_at or endpoint.last_new_at, endpoint.usual_gap_s, now))
    }
    if silent:
        kind = Notice.Kind.SILENT
        notices = [Notice(endpoint_id=pk, kind=kind, text=why, opened_at=now) for pk, why in silent.items()]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
    is_over = Q(kind__in=[Notice.Kind.FAILING, Notice.Kind.GONE])
    is_over |= Q(kind=Notice.Kind.SILENT) & ~Q(endpoint__in=list(silent))
    Notice.objects.open().filter(is_over, endpoint__in=list(endpoints)).update(closed_at=now)
