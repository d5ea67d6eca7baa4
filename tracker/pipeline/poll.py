"""Poll: fetch an endpoint, read its listing, store the items that are new."""

from __future__ import annotations

import base64
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from tracker.errors import FeedError
from tracker.extract.feed_text import parsed_from_item
from tracker.models import Article, Endpoint, FetchAttempt, Job, Revision, owe
from tracker.pipeline.door import archive, door, side_by_side
from tracker.pipeline.step import Done, Later, Result, Step, nothing
from tracker.records import FetchRequest, FetchResult, FoundItem, Listing, Outcome
from tracker.sources.kind import KINDS
from tracker.text.hashing import sha256_hex, text_hash

BATCH = 8
BACKOFF_CEILING_S = 86_400
MAX_REFUSALS_KEPT = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look at an endpoint brought, before anything is stored."""

    result: FetchResult
    listing: Listing | None
    body_sha256: str


def look(endpoint: Endpoint) -> Seen:
    """Fetch and read one endpoint; touches no database, so it may run in a thread."""
    kind = KINDS.get(endpoint.kind)
    request = FetchRequest(
        url=endpoint.url, etag=endpoint.etag, last_modified=endpoint.last_modified, accept=kind.accept
    )
    result = door().fetch(request)
    if result.page is None or result.outcome is not Outcome.OK:
        return Seen(result, None, "")
    body_sha256 = sha256_hex(result.page.body)
    if body_sha256 == endpoint.body_sha256:
        same = replace(result, outcome=Outcome.NOT_MODIFIED, reason="The answer is the same, byte for byte.")
        return Seen(same, None, body_sha256)
    archive().put(result.page.body)
    try:
        listing = kind.parse(result.page, endpoint.options, timezone.now())
    except FeedError as error:
        return Seen(replace(result, outcome=Outcome.PARSE, reason=str(error)), None, body_sha256)
    if not listing.items and not listing.refused:
        empty = replace(result, outcome=Outcome.EMPTY, reason="The listing was read and holds no items.")
        return Seen(empty, listing, body_sha256)
    return Seen(result, listing, body_sha256)


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Look at the endpoints side by side and hand back what to store for each."""
    endpoints = Endpoint.objects.select_related("source").in_bulk([job.subject_id for job in jobs])
    present = []
    for job in jobs:
        if job.subject_id in endpoints:
            present.append((job, endpoints[job.subject_id]))
        else:
            yield Done(job, nothing)
    for (job, endpoint), seen in side_by_side(lambda pair: look(pair[1]), present, most=BATCH):
        yield _result(job, endpoint, seen)


def _result(job: Job, endpoint: Endpoint, seen: Seen) -> Result:
    if seen.result.outcome is Outcome.DEFERRED:
        wait_s = seen.result.retry_after_s or 1
        return Later(job, timezone.now() + dt.timedelta(seconds=wait_s))
    return Done(job, lambda: store(job, endpoint, seen))


def store(job: Job, endpoint: Endpoint, seen: Seen) -> None:
    """Store new items, owe their reading, and note the attempt on the endpoint."""
    items = list(seen.listing.items) if seen.listing else []
    n_new = store_items(endpoint, items)
    _note_attempt(job, endpoint, seen=seen, n_new=n_new)
    _note_health(endpoint, seen)


def item_key(source_id: int, item: FoundItem) -> str:
    """Return the key of an item: its canonical URL, or its id within its source when it has no link."""
    text = f"url:{item.url}" if item.url else f"item:{source_id}:{item.source_item_id}"
    return sha256_hex(text.encode())


def public_id(key: str) -> str:
    """Return the short public id that belongs to an article key; it never changes."""
    return base64.b32encode(bytes.fromhex(key)[:10]).decode().lower()


def store_items(endpoint: Endpoint, items: Sequence[FoundItem]) -> int:
    """Store the items that are new and owe their reading; return how many were new.

    A known item changes nothing but this: a cited address gets its source, and an item of which we hold only the
    feed's words is read again when the feed says something it never said before.
    """
    by_key = {item_key(endpoint.source_id, item): item for item in reversed(items)}
    known = {article.key: article for article in Article.objects.filter(key__in=list(by_key))}
    fresh = [_article(endpoint, key, item) for key, item in by_key.items() if key not in known]
    Article.objects.bulk_create(fresh, ignore_conflicts=True)
    created = list(
        Article.objects.filter(key__in=[article.key for article in fresh]).values_list("pk", flat=True)
    )
    owe("read", created, version="first")
    for key, article in known.items():
        _meet_again(endpoint, article, by_key[key])
    return len(created)


def _article(endpoint: Endpoint, key: str, item: FoundItem) -> Article:
    parsed = parsed_from_item(item)
    published = item.published
    return Article(
        key=key,
        public_id=public_id(key),
        url=item.url,
        source=endpoint.source,
        endpoint=endpoint,
        source_item_id=item.source_item_id[:1000],
        title=item.title[:1000],
        byline=item.byline[:500],
        language=parsed.language[:16],
        feed_text=parsed.text,
        published_at=published.at if published else None,
        published_precision=published.precision if published else "",
        published_rule=published.rule[:80] if published else "",
    )


def _meet_again(endpoint: Endpoint, article: Article, item: FoundItem) -> None:
    if article.text_from == Article.Text.CITED:
        Article.objects.filter(pk=article.pk, text_from=Article.Text.CITED).update(
            source=endpoint.source,
            endpoint=endpoint,
            feed_text=parsed_from_item(item).text,
            text_from=Article.Text.NONE,
        )
        owe("read", [article.pk], version="first")
    elif article.text_from == Article.Text.FEED and article.endpoint_id == endpoint.pk:
        text = parsed_from_item(item).text
        digest = text_hash(f"{item.title}\n{text}")
        if text and not Revision.objects.filter(article=article, text_sha256=digest).exists():
            Article.objects.filter(pk=article.pk).update(
                feed_text=text, title=item.title[:1000] or article.title
            )
            owe("read", [article.pk], version=f"feed:{digest}")


def _note_attempt(job: Job, endpoint: Endpoint, *, seen: Seen, n_new: int) -> None:
    result, listing = seen.result, seen.listing
    refused = list(listing.refused) if listing else []
    attempt = FetchAttempt(
        endpoint=endpoint,
        key=sha256_hex(job.key.encode()),
        outcome=result.outcome.value,
        reason=result.reason,
        http_status=result.status,
        n_bytes=result.n_bytes,
        duration_s=result.duration_s,
        n_items=len(listing.items) if listing else 0,
        n_new=n_new,
        n_refused=len(refused),
        refusals=[
            {"position": item.position, "title": item.title, "reason": item.reason}
            for item in refused[:MAX_REFUSALS_KEPT]
        ],
        warnings=list(listing.warnings)[:MAX_REFUSALS_KEPT] if listing else [],
        body_sha256=seen.body_sha256,
    )
    FetchAttempt.objects.bulk_create([attempt], ignore_conflicts=True)


def _note_health(endpoint: Endpoint, seen: Seen) -> None:
    """Write what the machine owns of an endpoint; the schedule backs off after failures and never ends."""
    result, now = seen.result, timezone.now()
    changes: dict[str, object] = {
        "last_outcome": result.outcome.value,
        "last_reason": result.reason,
        "last_attempt_at": now,
    }
    streak = endpoint.failure_streak
    if result.outcome.is_failure:
        streak += 1
    elif result.outcome is not Outcome.NOT_MODIFIED or not _last_failed(endpoint):
        streak = 0  # an unchanged answer proves the server is up, not that its listing can be read
    if not result.outcome.is_failure:
        changes["last_success_at"] = now
    if result.outcome in {Outcome.OK, Outcome.EMPTY} and result.page is not None:
        changes |= {
            "etag": result.page.headers.get("etag", "")[:500],
            "last_modified": result.page.headers.get("last-modified", "")[:200],
            "body_sha256": seen.body_sha256,
        }
    changes |= {
        "failure_streak": streak,
        "next_poll_at": now + next_wait(endpoint, streak, result.retry_after_s),
    }
    Endpoint.objects.filter(pk=endpoint.pk).update(**changes)


def _last_failed(endpoint: Endpoint) -> bool:
    return bool(endpoint.last_outcome) and Outcome(endpoint.last_outcome).is_failure


def next_wait(endpoint: Endpoint, streak: int, retry_after_s: float | None) -> dt.timedelta:
    """Return how long to wait: the endpoint's pace, doubled per failure up to a day, with a tenth of jitter."""
    wait_s = float(min(endpoint.every_s * 2 ** min(streak, 16), max(BACKOFF_CEILING_S, endpoint.every_s)))
    wait_s *= 1 + random.uniform(-0.1, 0.1)  # noqa: S311 - spreads load, keeps no secret
    return dt.timedelta(seconds=max(wait_s, retry_after_s or 0))


POLL = Step(kind="poll", queue="fetch", batch=BATCH, run=run)
