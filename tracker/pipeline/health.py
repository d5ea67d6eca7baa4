"""Health: what looks say about their endpoints is noted on them, on their days, and once for staff.

Looks are noted together, most of them found nothing new: the cost is a handful of queries, not a handful for each.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tracker.models import Endpoint, EndpointDay, FetchAttempt, Job, Notice, close_notices, open_notice
from tracker.models.insert import insert_columns, update_rows
from tracker.models.source import LEAST_EVERY_S
from tracker.pipeline.look import Seen
from tracker.records import FoundItem, Listing, Outcome
from tracker.sources.gather import SAME_FOR_ALL
from tracker.sources.rhythm import usual_gap_s, why_silent, why_stale
from tracker.text.hashing import sha256_hex
from tracker.text.urls import registrable_domain

BACKOFF_CEILING_S = 86_400
MAX_REFUSALS_KEPT = 50
STREAK_TO_TELL = 3
"""Failures in a row before staff are told; one may be a hiccup."""
REDIRECTS_TO_FOLLOW = 3
"""Consistent permanent redirects before the address is changed."""
MOST_COUNTED = 9999
"""Redirects that lead to what is never followed are counted no further; their column is a small one."""
ITEMS_OF_RHYTHM = 40
HTTP_GONE = 410
KEPT = frozenset({"url", "is_enabled", "off_reason"})
"""What the machine may change of what people decide; each such change stands in the history."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one endpoint, for one job, and how many of its items were new and held."""

    job: Job
    endpoint: Endpoint
    seen: Seen
    n_new: int = 0
    n_held: int = 0
    fresh: Sequence[FoundItem] = ()  # the new items that were not held


def note(looks: Sequence[Look]) -> None:
    """Write down looks, each at an endpoint of its own: attempt, day, health and schedule, what staff should know.

    A handful of queries, however many looks there are; call it in the transaction that stores what they brought.
    """
    now = timezone.now()
    newest = {look.endpoint.pk: _newest(look.seen.listing, now) for look in looks}
    looks = [_stale_seen(look, newest=newest[look.endpoint.pk], now=now) for look in looks]
    _insert_attempts(looks, now)
    EndpointDay.objects.count_looks([_day(look, now.date()) for look in looks])
    ours = _still_as_asked(looks)
    changes = {look.endpoint.pk: _changes(look, newest=newest[look.endpoint.pk], now=now) for look in ours}
    update_rows(
        Endpoint, {pk: {k: v for k, v in values.items() if k not in KEPT} for pk, values in changes.items()}
    )
    for look in ours:
        _save_kept(look.endpoint, changes[look.endpoint.pk])
    _tell(ours, changes, now)


def _still_as_asked(looks: Sequence[Look]) -> list[Look]:
    """Return the looks at endpoints that no person gave another address, kind or settings meanwhile, now locked.

    Those start afresh: what the answer says of itself would keep the new settings from ever reading it.
    """
    rows = Endpoint.objects.filter(pk__in=[look.endpoint.pk for look in looks]).order_by("pk")
    # locked, so that nobody changes them between this look and the writing
    there = {pk: asked for pk, *asked in rows.select_for_update().values_list("pk", "url", "kind", "options")}
    return [
        look
        for look in looks
        if there.get(look.endpoint.pk) == [look.endpoint.url, look.endpoint.kind, look.endpoint.options]
    ]


def _changes(look: Look, *, newest: dt.datetime | None, now: dt.datetime) -> dict[str, object]:
    """Return what one look changes of its endpoint."""
    endpoint, seen = look.endpoint, look.seen
    changes = _health(endpoint, seen, now=now)
    if newest is None and seen.listing is not None and seen.listing.items:
        changes["newest_item_at"] = None  # what it listed once had dates; what it lists now has none to go by
    elif newest and (endpoint.newest_item_at is None or newest > endpoint.newest_item_at):
        changes["newest_item_at"] = newest
    if look.n_new > look.n_held:
        changes |= {"last_new_at": now, "usual_gap_s": _rhythm(look, now)}
    return changes | _follow_move(endpoint, seen)


def _save_kept(endpoint: Endpoint, changes: Mapping[str, object]) -> None:
    """Save what people decide too, where the machine changed it, with its history."""
    told = {name: value for name, value in changes.items() if name in KEPT}
    if not told:
        return
    saved = Endpoint.objects.get(
        pk=endpoint.pk
    )  # should storing fail, the look is stored again from what it found
    for name, value in told.items():
        setattr(saved, name, value)
    why = "gone (410)" if "is_enabled" in told else "redirected for good, three times alike"
    saved._change_reason = why  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's way
    saved.save(update_fields=sorted(told))


def next_wait(endpoint: Endpoint, streak: int, retry_after_s: float | None) -> dt.timedelta:
    """Return how long to wait: the endpoint's pace, doubled per failure up to a day, with a tenth of jitter."""
    every_s = max(endpoint.every_s, LEAST_EVERY_S)
    wait_s = float(min(every_s * 2 ** min(streak, 16), max(BACKOFF_CEILING_S, every_s)))
    wait_s *= 1 + random.uniform(-0.1, 0.1)  # noqa: S311 - spreads load, keeps no secret
    return dt.timedelta(seconds=max(wait_s, retry_after_s or 0))


def _newest(listing: Listing | None, now: dt.datetime) -> dt.datetime | None:
    """Return the newest publication; a time that all items share is the poll's, and a future one is no fact."""
    moments = [
        item.published.at
        for item in (listing.items if listing else ())
        if item.published and SAME_FOR_ALL not in item.published.rule
    ]
    return max((at for at in moments if at <= now + dt.timedelta(days=1)), default=None)


def _stale_seen(look: Look, *, newest: dt.datetime | None, now: dt.datetime) -> Look:
    if look.seen.result.outcome is not Outcome.OK:
        return look
    if not (why := why_stale(newest, look.endpoint.usual_gap_s, now)):
        return look
    return replace(look, seen=look.seen.ended(Outcome.STALE, why))


def _insert_attempts(looks: Sequence[Look], now: dt.datetime) -> None:
    """Insert one row per look; its key keeps a job that runs again from a second one."""
    rows = [_attempt(look, now) for look in looks]
    if rows:
        insert_columns(FetchAttempt, {name: [row[name] for row in rows] for name in rows[0]}, len(rows))


def _attempt(look: Look, now: dt.datetime) -> dict[str, object]:
    result, listing = look.seen.result, look.seen.listing
    refused = listing.refused if listing else ()
    return {
        "endpoint_id": look.endpoint.pk,
        "key": sha256_hex(look.job.key.encode()),
        "at": now,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "http_status": result.status,
        "n_bytes": result.n_bytes,
        "duration_s": result.duration_s,
        "n_items": len(listing.items) if listing else 0,
        "n_new": look.n_new,
        "n_held": look.n_held,
        "n_refused": len(refused),
        "refusals": [
            {"position": item.position, "title": item.title, "reason": item.reason}
            for item in refused[:MAX_REFUSALS_KEPT]
        ],
        "warnings": list(listing.warnings)[:MAX_REFUSALS_KEPT] if listing else [],
        "body_sha256": look.seen.body_sha256,
    }


def _day(look: Look, day: dt.date) -> EndpointDay:
    """Return what a look adds to its day; completing the job in the same transaction keeps it from counting twice."""
    outcome = look.seen.result.outcome
    n_failed = int(outcome.is_failure)
    return EndpointDay(
        endpoint_id=look.endpoint.pk,
        day=day,
        n_good=1 - n_failed,
        n_failed=n_failed,
        n_new=look.n_new - look.n_held,
        outcome=outcome.value,
        failure=outcome.value if n_failed else "",
    )


def _streak(endpoint: Endpoint, outcome: Outcome) -> int:
    """Return the failures in a row; what is unchanged was asked for only because the last answer could be read."""
    return endpoint.failure_streak + 1 if outcome.is_failure else 0


def _health(endpoint: Endpoint, seen: Seen, *, now: dt.datetime) -> dict[str, object]:
    """Return what the machine owns of an endpoint; the schedule backs off after failures and never ends."""
    result, streak = seen.result, _streak(endpoint, seen.result.outcome)
    changes: dict[str, object] = {
        "last_outcome": result.outcome.value,
        "last_reason": result.reason,
        "last_attempt_at": now,
        "failure_streak": streak,
        "next_poll_at": now + next_wait(endpoint, streak, result.retry_after_s),
    }
    if not result.outcome.is_failure:
        changes["last_success_at"] = now
    if result.outcome in {Outcome.OK, Outcome.EMPTY, Outcome.STALE} and result.page is not None:
        headers = result.page.headers if seen.is_one_page else {}
        changes |= {
            "etag": headers.get("etag", "")[:500],
            "last_modified": headers.get("last-modified", "")[:200],
            "body_sha256": seen.body_sha256 if seen.is_one_page else "",
        }
    if result.status == HTTP_GONE:
        changes |= {"is_enabled": False, "off_reason": "The publisher says it is gone for good (410)."}
    return changes


def _rhythm(look: Look, now: dt.datetime) -> float | None:
    if look.endpoint.last_new_at is None:  # all it ever brought is at hand
        found = look.fresh[: -ITEMS_OF_RHYTHM - 1 : -1]
        moments = [
            _moment(item.published.at, item.published.rule, now) if item.published else now for item in found
        ]
        return usual_gap_s(moments)
    latest = look.endpoint.articles.filter(hold=None).order_by("-pk")
    rows = latest.values_list("published_at", "published_rule", "first_seen_at")[:ITEMS_OF_RHYTHM]
    return usual_gap_s([_moment(*row) for row in rows])


def _moment(published: dt.datetime | None, rule: str, seen_at: dt.datetime) -> dt.datetime:
    return published if published and SAME_FOR_ALL not in rule else seen_at


def _follow_move(endpoint: Endpoint, seen: Seen) -> dict[str, object]:
    """Count permanent redirects; after enough that agree the address is changed, within the publisher's domain."""
    result = seen.result
    if result.outcome.is_failure or result.outcome is Outcome.DEFERRED:
        return {}
    target = result.moved_to
    if not target or len(target) > 2000 or target == endpoint.url:  # noqa: PLR2004 - the column's length
        return {"moved_to": "", "moved_count": 0} if endpoint.moved_to else {}
    count = min(endpoint.moved_count + 1, MOST_COUNTED) if target == endpoint.moved_to else 1
    if count < REDIRECTS_TO_FOLLOW:
        return {"moved_to": target, "moved_count": count}
    if registrable_domain(target) not in {registrable_domain(endpoint.url), endpoint.source.domain}:
        return {"moved_to": target, "moved_count": count}  # a person decides, see `unusual`
    if other := Endpoint.objects.filter(url=target).exclude(pk=endpoint.pk).first():
        text = f"Its address leads to {target} for good, which is collected already as '{other}'. Switch one off."
        open_notice(endpoint.pk, Notice.Kind.MOVED, text)
        return {"moved_to": target, "moved_count": count}
    return {"moved_to": "", "moved_count": 0, "url": target}


def _tell(looks: Sequence[Look], changes: Mapping[int, Mapping[str, object]], now: dt.datetime) -> None:
    """Open and close the notices of these endpoints."""
    calm = []
    for look in looks:
        streak = _streak(look.endpoint, look.seen.result.outcome)
        if look.seen.result.status == HTTP_GONE or streak:
            _tell_of_trouble(look, streak)
        else:
            calm.append(look)
        if changes[look.endpoint.pk].get("moved_to") == "":  # it leads nowhere else any more, or was followed
            close_notices(look.endpoint.pk, [Notice.Kind.MOVED])
    if calm:
        _tell_of_silence(calm, changes, now)


def _tell_of_trouble(look: Look, streak: int) -> None:
    pk, result = look.endpoint.pk, look.seen.result
    if result.status == HTTP_GONE:
        text = (
            "The publisher says that it is gone for good (410); it was switched off. Look for a new address."
        )
        open_notice(pk, Notice.Kind.GONE, text)
        close_notices(pk, [Notice.Kind.FAILING, Notice.Kind.SILENT])
    elif streak >= STREAK_TO_TELL:
        open_notice(pk, Notice.Kind.FAILING, f"{streak} tries in a row failed. {result.reason}")


def _tell_of_silence(
    looks: Sequence[Look], changes: Mapping[int, Mapping[str, object]], now: dt.datetime
) -> None:
    """Say of endpoints that answered which are too quiet; failures are over."""
    silent = {
        look.endpoint.pk: why for look in looks if (why := _why_silent(look, changes[look.endpoint.pk], now))
    }
    if silent:
        kind = Notice.Kind.SILENT
        notices = [Notice(endpoint_id=pk, kind=kind, text=why, opened_at=now) for pk, why in silent.items()]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
    is_over = Q(kind__in=[Notice.Kind.FAILING, Notice.Kind.GONE])
    is_over |= Q(kind=Notice.Kind.SILENT) & ~Q(endpoint__in=list(silent))
    there = [look.endpoint.pk for look in looks]
    Notice.objects.open().filter(is_over, endpoint__in=there).update(closed_at=now)


def _why_silent(look: Look, changes: Mapping[str, object], now: dt.datetime) -> str:
    if look.seen.result.outcome is Outcome.STALE:
        return look.seen.result.reason
    newest, last_new, gap_s = (
        _after(look.endpoint, changes, name) for name in ("newest_item_at", "last_new_at", "usual_gap_s")
    )
    return why_silent(newest or last_new, gap_s, now)


def _after(endpoint: Endpoint, changes: Mapping[str, object], name: str) -> Any:  # noqa: ANN401 - of any field
    return changes[name] if name in changes else getattr(endpoint, name)
