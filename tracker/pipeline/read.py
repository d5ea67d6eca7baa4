"""Read: fetch an article's page, take its text out, keep what it said as a revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.utils import timezone

from tracker.errors import ExtractError
from tracker.extract.child import read_article
from tracker.extract.feed_text import EXTRACTOR as FEED_EXTRACTOR
from tracker.extract.feed_text import parsed_from_item
from tracker.models import Article, Job, Revision, owe
from tracker.pipeline.carry import note_revision, watch
from tracker.pipeline.cite import owe_checks
from tracker.pipeline.door import archive, door, side_by_side
from tracker.pipeline.moving_dates import gives_way
from tracker.pipeline.step import Done, Later, Result, Step, nothing
from tracker.records import FetchRequest, FetchResult, FoundItem, Outcome, ParsedArticle
from tracker.text.hashing import text_hash

BATCH = 6
RETRY_AFTER = (dt.timedelta(hours=1), dt.timedelta(hours=6), dt.timedelta(days=1))
PASSING = frozenset({Outcome.TIMEOUT, Outcome.CONNECTION, Outcome.DNS, Outcome.HTTP_SERVER, Outcome.TLS})


@dataclass(frozen=True, slots=True)
class Reading:
    """What one try to read an article brought."""

    result: FetchResult | None
    parsed: ParsedArticle | None
    raw_sha256: str
    outcome: str
    reason: str


def read_page(article: Article) -> Reading:
    """Fetch and extract one page; touches no database, so it may run in a thread."""
    if not article.url:
        return Reading(None, None, "", "no link", "The item has no link; its text is the feed's.")
    if article.is_whole:
        return Reading(None, None, "", "whole", "The listing carries all there is to take.")
    result = door().fetch(
        FetchRequest(url=article.url, accept="text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
    )
    if result.page is None or result.outcome is not Outcome.OK:
        return Reading(result, None, "", result.outcome.value, result.reason)
    raw_sha256 = archive().put(result.page.body)
    try:
        parsed = read_article(result.page, timezone.now())
    except ExtractError as error:
        return Reading(result, None, raw_sha256, Outcome.PARSE.value, str(error))
    return Reading(result, parsed, raw_sha256, Outcome.OK.value, "")


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Read the pages side by side and hand back what to store for each."""
    wanted = Article.objects.exclude(text_from=Article.Text.REDACTED)  # what a person hid is not read again
    articles = wanted.in_bulk([job.subject_id for job in jobs])
    present = []
    for job in jobs:
        if job.subject_id in articles:
            present.append((job, articles[job.subject_id]))
        else:
            yield Done(job, nothing)
    for (job, article), reading in side_by_side(lambda pair: read_page(pair[1]), present, most=BATCH):
        yield _result(job, article, reading)


def _result(job: Job, article: Article, reading: Reading) -> Result:
    if reading.result is not None and reading.result.outcome is Outcome.DEFERRED:
        wait_s = reading.result.retry_after_s or 1
        return Later(job, timezone.now() + dt.timedelta(seconds=wait_s))
    return Done(job, lambda: store(job, article, reading))


def store(job: Job, article: Article, reading: Reading) -> None:
    """Keep what was read as a revision, owe its analysis, and owe another try if the failure may pass."""
    # what another reading stored since this one began counts
    article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.text_from == Article.Text.REDACTED:
        return
    if not reading.parsed and article.text_from in {Article.Text.PAGE, Article.Text.CITED}:
        Article.objects.filter(pk=article.pk).update(read_outcome=reading.outcome, read_reason=reading.reason)
        if article.text_from == Article.Text.CITED:  # it stays what it was: an address, with what came of it
            _owe_another_try(job, article, reading)
        return  # a page once read is worth more than the feed's words
    revision = _page_revision(article, reading) if reading.parsed else _feed_revision(article)
    Revision.objects.bulk_create([revision], ignore_conflicts=True)
    kept = Revision.objects.get(article=article, text_sha256=revision.text_sha256)
    changes: dict[str, object] = {
        "latest": kept,
        "text_from": kept.text_from,
        "read_outcome": reading.outcome,
        "read_reason": reading.reason,
    }
    changes |= (
        _fields_from_page(article, reading.parsed)
        if reading.parsed
        else {"language": kept.language or article.language}
    )
    Article.objects.filter(pk=article.pk).update(**changes)
    is_old_again = bool(kept.analysed_by) and article.latest_id != kept.pk
    owe("analyse", [kept.pk], version=f"again:{job.pk}" if is_old_again else "1")
    note_revision(job, kept, before_id=article.latest_id)
    if reading.parsed and reading.result and reading.result.page:
        watch(article, reading.result.page)
    owe_checks(Article.objects.select_related("latest").filter(pk=article.pk))
    _owe_another_try(job, article, reading)


def _page_revision(article: Article, reading: Reading) -> Revision:
    parsed = reading.parsed
    assert parsed is not None  # noqa: S101 - the caller asked
    title = parsed.title.value or article.title
    fetched_at = reading.result.page.fetched_at if reading.result and reading.result.page else timezone.now()
    return Revision(
        article=article,
        text_sha256=text_hash(f"{title}\n{parsed.text}"),
        raw_sha256=reading.raw_sha256,
        title=title[:1000],
        byline=parsed.byline.value[:500],
        text=parsed.text,
        language=parsed.language[:16],
        text_from=Article.Text.PAGE,
        rules=dict(parsed.rules),
        turns=[asdict(turn) for turn in parsed.turns],
        extractor=parsed.extractor[:80],
        fetched_at=fetched_at,
    )


def _feed_revision(article: Article) -> Revision:
    """Return what the listing said, its residue removed; what a person pasted is taken as it is."""
    text, language = article.feed_text, article.language
    if article.endpoint_id is not None:
        parsed = parsed_from_item(
            FoundItem(article.url, "", article.title, article.byline, text, None, language)
        )
        text, language = parsed.text, parsed.language
    return Revision(
        article=article,
        text_sha256=text_hash(f"{article.title}\n{text}"),
        title=article.title,
        byline=article.byline,
        text=text,
        language=language[:16],
        text_from=Article.Text.FEED,
        rules={"title": "feed", "text": "feed"},
        extractor=FEED_EXTRACTOR,
        fetched_at=timezone.now(),
    )


def _fields_from_page(article: Article, parsed: ParsedArticle) -> dict[str, object]:
    """Return what the page knows better than the feed: a missing title, byline, language or date, and its facts."""
    changes: dict[str, object] = {"language": parsed.language[:16] or article.language}
    if parsed.facts:
        changes["facts"] = {**article.facts, **{name: fact.value for name, fact in parsed.facts.items()}}
    if parsed.kind and article.kind == Article.Kind.NEWS and not _is_edited(article):
        changes["kind"] = parsed.kind
    if not article.title and parsed.title.value:
        changes["title"] = parsed.title.value[:1000]
    if not article.byline and parsed.byline.value:
        changes["byline"] = parsed.byline.value[:500]
    found = parsed.published
    if found is not None and (
        article.published_at is None or (gives_way(article.published_rule, found) and not _is_edited(article))
    ):
        changes |= {
            "published_at": found.at,
            "published_precision": found.precision,
            "published_rule": found.rule[:80],
        }
    return changes


def _is_edited(article: Article) -> bool:
    """Whether a person saved the article: then its kind and its date are what the person left."""
    return bool(article.history.filter(history_user__isnull=False).exists())


def _owe_another_try(job: Job, article: Article, reading: Reading) -> None:
    result = reading.result
    # a host that says when to come back (429, a robots.txt that is down) is asked again then
    if result is None or (result.outcome not in PASSING and not result.retry_after_s):
        return
    n_before = Job.objects.filter(kind="read", subject_id=article.pk, key__contains=":again:").count()
    if n_before < len(RETRY_AFTER):
        wait = max(RETRY_AFTER[n_before], dt.timedelta(seconds=result.retry_after_s or 0))
        not_before = timezone.now() + wait
        owe("read", [job.subject_id], version=f"again:{n_before + 1}", not_before=not_before)


READ = Step(kind="read", queue="read", batch=BATCH, run=run)
