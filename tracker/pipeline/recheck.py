"""Recheck: pages that somebody relies on are read again, at distances that grow from hours to months.

Promises that a revision is made only when the text says something else, that a page gone from its source is called
withdrawn after two such answers some time apart and never over a person's decision, and that nothing is asked for ever
in quick succession: a failure only makes the next distance longer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from simple_history.utils import update_change_reason

from tracker.errors import ExtractError, RetortError
from tracker.extract.child import read_article
from tracker.extract.notices import find_notices
from tracker.models import Article, Job, Recheck, Revision, SourceHabit, owe
from tracker.pipeline import carry, read
from tracker.pipeline.door import archive, door, side_by_side
from tracker.pipeline.moving_dates import note_dates
from tracker.pipeline.step import Done, Later, Result, Step, nothing
from tracker.records import FetchRequest, FetchResult, Outcome, Page, ParsedArticle
from tracker.text.hashing import sha256_hex, text_hash
from tracker.text.noise import noise_free

BATCH = 6
AT_ONCE = 200
"""Re-checks one sweep owes at most."""
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
DISTANCES = (1, 3, 8, 24, 72, 168, 336, 720, 1440, 2160)
"""The schedule in units of the first distance, an hour by default: hours, days, weeks, at last every three months."""
AFTER_CHANGE = 2
LONGEST_BACKOFF = 720
GONE_APART = 12
"""Units between two answers that a page is gone before it counts as withdrawn."""
FEWEST_CHECKS, QUIET_SHARE = 30, 0.01
"""A source is quiet when, after this many checks, at most this share found a change."""
SHRUNK = 4
JITTER = 0.1


class Verdict(StrEnum):
    """What a look at a page came to."""

    SAME = "same"
    CHANGED = "changed"
    DOUBTED = "doubted"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Watched:
    """A page to look at, with what is known of it."""

    article: Article
    latest: Revision
    recheck: Recheck


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a page brought."""

    verdict: Verdict
    reading: read.Reading


def wait_units(step: int, *, n_failed: int = 0) -> float:
    """Return the distance to the next check, in units of the first: longer at each step and with each failure."""
    distance = DISTANCES[min(step, len(DISTANCES) - 1)]
    return float(
        distance if not n_failed else max(distance, min(distance * 2 ** min(n_failed, 10), LONGEST_BACKOFF))
    )


def next_step(step: int, *, is_changed: bool, is_quiet: bool) -> int:
    """Return the step after a look: back to hours after a change, else on; two at a time where a source is quiet."""
    if is_changed:
        return min(step, AFTER_CHANGE)
    return min(step + (2 if is_quiet else 1), len(DISTANCES) - 1)


def is_quiet(habit: SourceHabit | None) -> bool:
    """Whether the pages of a source hardly ever change."""
    return (
        habit is not None
        and habit.n_checks >= FEWEST_CHECKS
        and habit.n_changes <= QUIET_SHARE * habit.n_checks
    )


def owe_due_rechecks() -> None:
    """Owe the re-checks that are due, a bounded number; those on which nobody relies any more are laid to rest."""
    open_jobs = Job.objects.filter(kind="recheck", state__in=[Job.State.READY, Job.State.LEASED])
    due = list(Recheck.objects.due().exclude(pk__in=open_jobs.values("subject_id"))[:AT_ONCE])
    if not due:
        return
    keys = [row.pk for row in due]
    wanted = set(Recheck.objects.filter(pk__in=keys).wanted().values_list("pk", flat=True))
    for row in due:
        with transaction.atomic():
            # moving the schedule and owing the look are one act, so that neither happens alone or twice
            mine = Recheck.objects.filter(pk=row.pk, next_at=row.next_at)
            if row.pk not in wanted:
                mine.update(next_at=None)
            elif row.next_at and mine.update(next_at=_in_units(GONE_APART)):
                owe("recheck", [row.pk], version=row.next_at.isoformat())


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Look at the pages side by side and hand back what to store for each."""
    keys = [job.subject_id for job in jobs]
    rows = Recheck.objects.wanted().select_related("article__latest").in_bulk(keys)
    present: list[tuple[Job, Watched]] = []
    for job in jobs:
        row = rows.get(job.subject_id)
        if row is None or row.article.latest is None:
            yield Done(job, nothing)
        else:
            present.append((job, Watched(row.article, row.article.latest, row)))
    for (job, watched), look in side_by_side(lambda pair: look_at(pair[1]), present, most=BATCH):
        result = look.reading.result
        if result is not None and result.outcome is Outcome.DEFERRED:
            yield Later(job, timezone.now() + dt.timedelta(seconds=result.retry_after_s or 1))
        else:
            yield _done(job, watched, look)


def _done(job: Job, watched: Watched, look: Look) -> Done:
    return Done(job, lambda: store(job, watched, look))


def look_at(watched: Watched) -> Look:
    """Fetch one page with the validators of its last answer and compare; touches no database."""
    known, url = watched.recheck, watched.article.url
    result = door().fetch(
        FetchRequest(url=url, etag=known.etag, last_modified=known.last_modified, accept=ACCEPT)
    )
    page = result.page
    if result.outcome is Outcome.NOT_MODIFIED:
        return _look(Verdict.SAME, result)
    if page is None or result.outcome is not Outcome.OK:
        is_gone = result.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
        return _look(Verdict.GONE if is_gone else Verdict.FAILED, result, result.outcome.value, result.reason)
    if _leads_home(url, page.final_url):
        return _look(Verdict.FAILED, result, "moved", "The address leads to the front page of its site now.")
    if known.body_digest == sha256_hex(page.body):
        return _look(Verdict.SAME, result)
    try:
        parsed = read_article(page, timezone.now())
    except ExtractError as error:
        return _look(Verdict.FAILED, result, Outcome.PARSE.value, str(error))
    verdict = compare(watched, parsed)
    raw = archive().put(page.body) if verdict is Verdict.CHANGED else ""
    return Look(verdict, read.Reading(result, parsed, raw, Outcome.OK.value, ""))


def _look(verdict: Verdict, result: FetchResult, outcome: str = "", reason: str = "") -> Look:
    return Look(verdict, read.Reading(result, None, "", outcome or result.outcome.value, reason))


def _leads_home(asked: str, arrived: str) -> bool:
    return urlsplit(arrived).path in {"", "/"} and urlsplit(asked).path not in {"", "/"}


def compare(watched: Watched, parsed: ParsedArticle) -> Verdict:
    """Decide whether a page says something else than the latest revision."""
    latest = watched.latest
    title, text = parsed.title.value or watched.article.title, parsed.text
    if _plain(title, text) == _plain(latest.title, latest.text):
        return Verdict.SAME
    old = _read_anew(watched) if latest.extractor != parsed.extractor else None
    if old and _plain(title, text) == _plain(old.title.value or watched.article.title, old.text):
        return (
            Verdict.SAME
        )  # another version of ours reads the same bytes otherwise; the source changed nothing
    is_shrunk = len(text) * SHRUNK < len(latest.text) and not find_notices(text)
    if is_shrunk and watched.recheck.doubted_sha256 != text_hash(text):
        return Verdict.DOUBTED  # a wall or an error page with 200; believed when it says the same next time
    return Verdict.CHANGED


def _plain(title: str, text: str) -> tuple[str, str]:
    return noise_free(title), noise_free(text)


def _read_anew(watched: Watched) -> ParsedArticle | None:
    """Return what this version of the extractor makes of the archived page, or None where there is none."""
    latest, url = watched.latest, watched.article.url
    if not latest.raw_sha256:
        return None
    try:
        body = archive().get(latest.raw_sha256)
        page = Page(url, url, HTTPStatus.OK, {}, body, latest.fetched_at, 0.0)
        return read_article(page, latest.fetched_at)
    except RetortError:
        return None


def store(job: Job, watched: Watched, look: Look) -> None:
    """Keep what a look brought: a revision when the text changed, and in any case the time of the next look."""
    article = Article.objects.select_for_update(of=("self",)).get(pk=watched.article.pk)
    row = Recheck.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.latest_id != watched.latest.pk:  # another reading stored since this one began
        Recheck.objects.filter(pk=row.pk).update(next_at=_in_units(1))
        return
    is_changed = look.verdict is Verdict.CHANGED
    if is_changed:
        _follow_headline(article, watched.latest, look)
        read.store(job, article, look.reading)
        row.refresh_from_db()
    habit = _habit(article, is_changed=is_changed) if look.verdict is not Verdict.FAILED else None
    if look.verdict is Verdict.SAME:
        carry.owe_judging(article.pk)
        note_dates([(article, look.reading.parsed.published if look.reading.parsed else None)])
    row.checked_at, row.n_checks = timezone.now(), row.n_checks + 1
    row.outcome, row.reason = look.reading.outcome[:20], look.reading.reason
    wait = _settle(article, row, look, is_quiet_source=is_quiet(habit))
    row.next_at = _in_units(wait, spread_by=article.pk)
    row.save()


def _settle(article: Article, row: Recheck, look: Look, *, is_quiet_source: bool) -> float:
    """Write the verdict on the schedule; return the distance to the next look in units."""
    result = look.reading.result
    if look.verdict is Verdict.GONE:
        return _gone(article, row)
    if look.verdict is Verdict.FAILED:
        row.n_failed = min(row.n_failed + 1, 1000)
        told = (result.retry_after_s or 0) / settings.ENV.recheck_first_s if result else 0
        return max(wait_units(row.step, n_failed=row.n_failed), told)
    _came_back(article, row)
    row.n_failed = 0
    parsed = look.reading.parsed
    row.doubted_sha256 = text_hash(parsed.text) if look.verdict is Verdict.DOUBTED and parsed else ""
    if look.verdict is Verdict.DOUBTED:
        return wait_units(min(row.step, AFTER_CHANGE))
    if parsed is not None and result and result.page:  # the next look asks whether it changed since this one
        row.body_digest = sha256_hex(result.page.body)
        row.etag = _fitting(result.page.headers.get("etag", ""), 500)
        row.last_modified = _fitting(result.page.headers.get("last-modified", ""), 200)
    row.step = next_step(row.step, is_changed=look.verdict is Verdict.CHANGED, is_quiet=is_quiet_source)
    return wait_units(row.step)


def _fitting(validator: str, most: int) -> str:
    return validator if len(validator) <= most else ""


def _gone(article: Article, row: Recheck) -> float:
    now = timezone.now()
    row.n_failed = 0
    if row.gone_at is None:
        row.gone_at = now
        return GONE_APART
    row.step = min(row.step + 1, len(DISTANCES) - 1)
    apart = dt.timedelta(seconds=GONE_APART * (1 - 2 * JITTER) * settings.ENV.recheck_first_s)
    if now - row.gone_at < apart:
        return GONE_APART
    if row.withdrawn_at is None and article.status == Article.Status.USABLE:
        row.withdrawn_at = now
        _set_status(article, Article.Status.WITHDRAWN, "Its source answered twice that the page is gone.")
    return max(wait_units(row.step), float(GONE_APART))


def _came_back(article: Article, row: Recheck) -> None:
    """Take back what the machine said when the page was gone; what a person said since stays."""
    if row.withdrawn_at is not None and article.status == Article.Status.WITHDRAWN:
        _set_status(article, Article.Status.USABLE, "The page is back at its source.")
    row.gone_at = row.withdrawn_at = None


def _set_status(article: Article, status: str, why: str) -> None:
    article = Article.objects.get(pk=article.pk)
    article.status = status
    article.save(update_fields=["status"])
    update_change_reason(article, why)
    owe("place", [article.pk], version=f"{status}:{timezone.now().isoformat()}")


def _follow_headline(article: Article, latest: Revision, look: Look) -> None:
    """Give the article its new headline, where it bears the one its page had and nobody wrote another."""
    parsed = look.reading.parsed
    if parsed and parsed.title.value and article.title == latest.title != parsed.title.value[:1000]:
        article.title = parsed.title.value[:1000]
        Article.objects.filter(pk=article.pk).update(title=article.title)


def _habit(article: Article, *, is_changed: bool) -> SourceHabit | None:
    if article.source_id is None:
        return None
    SourceHabit.objects.bulk_create([SourceHabit(source_id=article.source_id)], ignore_conflicts=True)
    mine = SourceHabit.objects.filter(pk=article.source_id)
    mine.update(n_checks=F("n_checks") + 1, n_changes=F("n_changes") + int(is_changed))
    return mine.get()


def _in_units(units: float, *, spread_by: int = 0) -> dt.datetime:
    """Return the moment so many units from now, spread a little so that pages read together are not always so."""
    spread = 1 + JITTER * ((spread_by * 7919) % 201 - 100) / 100
    return timezone.now() + dt.timedelta(seconds=units * spread * settings.ENV.recheck_first_s)


RECHECK = Step(kind="recheck", queue="read", batch=BATCH, run=run)
