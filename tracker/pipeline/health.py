"""Health: what one look says about an endpoint is noted on it, on its day, and once for staff."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from tracker.models import Endpoint, EndpointDay, FetchAttempt, Job, Notice, close_notices, open_notice
from tracker.models.insert import insert_rows
from tracker.models.source import LEAST_EVERY_S
from tracker.pipeline.look import Seen
from tracker.records import Listing, Outcome
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


def note(job: Job, endpoint: Endpoint, seen: Seen, *, n_new: int, n_held: int) -> None:
    """Write down one look: the attempt, the day, the endpoint's health and schedule, what staff should know."""
    now = timezone.now()
    newest = _newest(seen.listing, now)
    seen = _stale_seen(endpoint, seen, newest=newest, now=now)
    attempt = attempt_of(job, endpoint, seen, n_new=n_new, n_held=n_held)
    insert_rows([attempt])
    _note_day(endpoint, seen.result.outcome, n_new=n_new - n_held, day=now.date())
    streak = _streak(endpoint, seen.result.outcome)
    changes = _health(endpoint, seen, streak=streak, now=now)
    if newest is None and seen.listing is not None and seen.listing.items:
        changes["newest_item_at"] = None  # what it listed once had dates; what it lists now has none to go by
    elif newest and (endpoint.newest_item_at is None or newest > endpoint.newest_item_at):
        changes["newest_item_at"] = newest
    if n_new > n_held:
        changes |= {"last_new_at": now, "usual_gap_s": _rhythm(endpoint)}
    changes |= _follow_move(endpoint, seen)
    if _write(endpoint, changes):
        _tell(endpoint, seen, streak=streak, now=now)
        if changes.get("moved_to") == "":  # it leads nowhere else any more, or was followed
            close_notices(endpoint.pk, [Notice.Kind.MOVED])


def _write(endpoint: Endpoint, changes: dict[str, object]) -> bool:
    """Write the changes unless a person gave the endpoint another address, kind or settings meanwhile.

    It starts afresh then: what the answer says of itself would keep the new settings from ever reading it.
    """
    asked = (endpoint.url, endpoint.kind, endpoint.options)
    mine = Endpoint.objects.filter(pk=endpoint.pk)
    # locked, so that nobody changes them between this look and the writing
    if mine.select_for_update().values_list("url", "kind", "options").first() != asked:
        return False
    mine.update(**{name: value for name, value in changes.items() if name not in KEPT})
    for name, value in changes.items():
        setattr(endpoint, name, value)
    if told := KEPT & set(changes):
        why = "gone (410)" if "is_enabled" in told else "redirected for good, three times alike"
        endpoint._change_reason = why  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's way
        endpoint.save(update_fields=sorted(told))
    return True


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
        if item.published and "same for all" not in item.published.rule
    ]
    return max((at for at in moments if at <= now + dt.timedelta(days=1)), default=None)


def _stale_seen(endpoint: Endpoint, seen: Seen, *, newest: dt.datetime | None, now: dt.datetime) -> Seen:
    if seen.result.outcome is not Outcome.OK:
        return seen
    if not (why := why_stale(newest, endpoint.usual_gap_s, now)):
        return seen
    return seen.ended(Outcome.STALE, why)


def attempt_of(job: Job, endpoint: Endpoint, seen: Seen, *, n_new: int = 0, n_held: int = 0) -> FetchAttempt:
    """Return the row of one look, not stored yet."""
    result, listing = seen.result, seen.listing
    refused = list(listing.refused) if listing else []
    return FetchAttempt(
        endpoint=endpoint,
        key=sha256_hex(job.key.encode()),
        outcome=result.outcome.value,
        reason=result.reason,
        http_status=result.status,
        n_bytes=result.n_bytes,
        duration_s=result.duration_s,
        n_items=len(listing.items) if listing else 0,
        n_new=n_new,
        n_held=n_held,
        n_refused=len(refused),
        refusals=[
            {"position": item.position, "title": item.title, "reason": item.reason}
            for item in refused[:MAX_REFUSALS_KEPT]
        ],
        warnings=list(listing.warnings)[:MAX_REFUSALS_KEPT] if listing else [],
        body_sha256=seen.body_sha256,
    )


def _note_day(endpoint: Endpoint, outcome: Outcome, *, n_new: int, day: dt.date) -> None:
    """Count this look on its day; the job's completion in the same transaction keeps it from counting twice."""
    n_failed = int(outcome.is_failure)
    failure = outcome.value if n_failed else ""
    row = EndpointDay(
        endpoint=endpoint,
        day=day,
        n_good=1 - n_failed,
        n_failed=n_failed,
        n_new=n_new,
        outcome=outcome.value,
        failure=failure,
    )
    EndpointDay.objects.count_looks([row])


def _streak(endpoint: Endpoint, outcome: Outcome) -> int:
    """Return the failures in a row; what is unchanged was asked for only because the last answer could be read."""
    return endpoint.failure_streak + 1 if outcome.is_failure else 0


def _health(endpoint: Endpoint, seen: Seen, *, streak: int, now: dt.datetime) -> dict[str, object]:
    """Return what the machine owns of an endpoint; the schedule backs off after failures and never ends."""
    result = seen.result
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


def _rhythm(endpoint: Endpoint) -> float | None:
    latest = endpoint.articles.filter(hold=None).order_by("-pk")
    moments = latest.values_list("published_at", "published_rule", "first_seen_at")[:ITEMS_OF_RHYTHM]
    return usual_gap_s(
        [
            published if published and "same for all" not in rule else seen_at
            for published, rule, seen_at in moments
        ]
    )


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


def _tell(endpoint: Endpoint, seen: Seen, *, streak: int, now: dt.datetime) -> None:
    """Open and close the notices of this endpoint."""
    result = seen.result
    if result.status == HTTP_GONE:
        text = (
            "The publisher says that it is gone for good (410); it was switched off. Look for a new address."
        )
        open_notice(endpoint.pk, Notice.Kind.GONE, text)
        close_notices(endpoint.pk, [Notice.Kind.FAILING, Notice.Kind.SILENT])
    elif streak >= STREAK_TO_TELL:
        open_notice(endpoint.pk, Notice.Kind.FAILING, f"{streak} tries in a row failed. {result.reason}")
    elif not streak:
        _tell_of_silence(endpoint, result.outcome, result.reason, now)


def _tell_of_silence(endpoint: Endpoint, outcome: Outcome, reason: str, now: dt.datetime) -> None:
    ended = [Notice.Kind.FAILING, Notice.Kind.GONE]
    last = endpoint.newest_item_at or endpoint.last_new_at
    why = reason if outcome is Outcome.STALE else why_silent(last, endpoint.usual_gap_s, now)
    if why:
        open_notice(endpoint.pk, Notice.Kind.SILENT, why)
    else:
        ended.append(Notice.Kind.SILENT)
    close_notices(endpoint.pk, ended)
