"""Carry: what hangs on an article is brought to its new revision, or is reported as lost.

Notices of editors and new headlines are noted with the revision that brought them. Evidence never moves: whether its
sentence still stands is judged and stored beside it. Mentions that a person decided are found again by their words and
what stands around them, and those that are lost say so in their rule; the machine's are made anew by `analyse`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from tracker.extract.notices import FINDER, find_notices
from tracker.models import Article, EditNotice, Evidence, Job, Mention, Recheck, Revision, Standing, owe
from tracker.pipeline.step import Done, Result, Step, nothing
from tracker.records import Page, Span
from tracker.text.hashing import sha256_hex
from tracker.text.noise import noise_free
from tracker.text.quotation import places_of
from tracker.text.stands import JUDGE, fate_of

BATCH = 10
CONTEXT = 60
ALIKE = 0.5
LOST = ", not found in "
"""What the rule of a decided mention ends with, and the start of the hash of the revision where it was looked for."""
LONGEST_RULE = 80
NEWEST = 500
"""Pieces of evidence, the newest, that every sweep looks at; the others are looked at when their page is."""
AGES = ((1, 0), (3, 2), (14, 4), (60, 5))
"""Where the schedule of a page begins, by the most days since it was published; an old text seldom changes."""
OLD = 6


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the mentions that persons decided: those found again, and rules to be written on the old ones."""

    found: list[Mention]  # at their new places, unsaved
    rules: dict[
        int, str
    ]  # by the mention's key: where it was lost, or its rule as it was when it is found again


def watch(article: Article, page: Page) -> None:
    """Schedule the first re-check of a page that was read, or keep the validators of its last reading."""
    etag, modified = page.headers.get("etag", ""), page.headers.get("last-modified", "")
    published = article.published_at or article.first_seen_at
    days = (page.fetched_at - published).total_seconds() / 86_400
    row = Recheck(
        article=article,
        next_at=timezone.now() + dt.timedelta(seconds=settings.ENV.recheck_first_s),
        step=next((step for most, step in AGES if days <= most), OLD),
        etag=etag if len(etag) <= 500 else "",  # noqa: PLR2004 - a cut validator would match nothing
        last_modified=modified if len(modified) <= 200 else "",  # noqa: PLR2004 - as above
        body_digest=sha256_hex(page.body),
    )
    Recheck.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["etag", "last_modified", "body_digest"],
    )


def wake(article_ids: Iterable[int]) -> None:
    """Take up the schedule of pages on which nobody relied so far."""
    soon = timezone.now() + dt.timedelta(seconds=settings.ENV.recheck_first_s)
    Recheck.objects.filter(article__in=list(article_ids), next_at=None).update(next_at=soon)


def note_revision(job: Job, kept: Revision, *, before_id: int | None) -> None:
    """Note what a revision says of itself, and owe the judging of what hangs on the one before.

    Args:
        job: the reading that brought the revision.
        kept: the latest revision now.
        before_id: the latest one until now.
    """
    if before_id == kept.pk:
        return
    before = Revision.objects.filter(pk=before_id).first() if before_id else None
    rows = [] if kept.text_from != Article.Text.PAGE else _notices(kept, before)
    EditNotice.objects.bulk_create(rows, ignore_conflicts=True)
    if before is not None:
        owe("carry", [kept.pk], version=str(job.pk))


def _notices(kept: Revision, before: Revision | None) -> list[EditNotice]:
    said = {noise_free(found.sentence) for found in find_notices(before.text)} if before else set()
    rows = [
        EditNotice(kind=found.kind, sentence=found.sentence, start=found.start, end=found.end)
        for found in find_notices(kept.text)
        if noise_free(found.sentence) not in said
    ]
    is_comparable = before is not None and before.text_from == kept.text_from
    if before and is_comparable and before.title and noise_free(before.title) != noise_free(kept.title):
        rows.append(EditNotice(kind=EditNotice.Kind.HEADLINE, sentence=before.title))
    for row in rows:
        row.article_id, row.revision, row.before = kept.article_id, kept, before
        row.made_by, row.noticed_at = FINDER, kept.fetched_at
    return rows


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Judge evidence and find mentions again, outside any transaction; what was overtaken meanwhile is dropped."""
    revisions = Revision.objects.in_bulk([job.subject_id for job in jobs])
    for job in jobs:
        revision = revisions.get(job.subject_id)
        if revision is None or revision.redacted_at is not None:
            yield Done(job, nothing)
            continue
        yield _done(job, revision, judge_evidence(revision), find_mentions(revision))


def owe_judging(article_id: int | None = None) -> None:
    """Owe the judging of evidence that names an earlier revision and was never judged: a person added it afterwards.

    Args:
        article_id: article to look at; without one the newest evidence of all, few enough for every sweep.
    """
    latest = F("revision__article__latest")
    rows = Evidence.objects.filter(~Q(revision=latest), standing=None, revision__redacted_at=None)
    rows = rows.filter(revision__article__latest__isnull=False, revision__article__latest__redacted_at=None)
    if article_id is None:
        rows = rows.filter(pk__in=Evidence.objects.order_by("-pk").values("pk")[:NEWEST])
    else:
        rows = rows.filter(revision__article=article_id)
    for evidence, revision in rows.values_list("pk", "revision__article__latest"):
        owe("carry", [revision], version=f"evidence:{evidence}")


def _done(job: Job, revision: Revision, standings: list[Standing], mentions: Carried) -> Done:
    def store() -> None:
        if not Article.objects.filter(pk=revision.article_id, latest=revision).exists():
            return  # a later revision came; its own job judges
        Standing.objects.bulk_create(
            standings,
            update_conflicts=True,
            unique_fields=["evidence"],
            update_fields=["revision", "verdict", "sentence", "start", "end", "judged_at", "made_by"],
        )
        _store_mentions(revision, mentions)

    return Done(job, store)


def judge_evidence(revision: Revision) -> list[Standing]:
    """Return whether each span of evidence from this article still stands in `revision`; nothing is stored."""
    spans = Evidence.objects.filter(revision__article=revision.article_id).select_related("revision")
    spans = spans.filter(revision__redacted_at__isnull=True)  # nobody may see what stood there
    return [_judged(evidence, revision) for evidence in spans]


def _judged(evidence: Evidence, revision: Revision) -> Standing:
    cited = evidence.revision
    row = Standing(evidence=evidence, revision=revision, verdict=Standing.Verdict.STANDS, made_by=JUDGE)
    if cited is None or cited.pk == revision.pk:
        return row
    start, end, text = evidence.start or 0, evidence.end or 0, cited.text
    if text[start:end] != evidence.quoted:  # redacted, or a quotation typed by a person
        start, end, text = 0, len(evidence.quoted), evidence.quoted
    fate = fate_of(text, start, end, revision.text)
    row.verdict = fate.verdict
    if fate.span is not None:
        row.start, row.end = fate.span
        row.sentence = revision.text[slice(*fate.span)]
    return row


def find_mentions(revision: Revision) -> Carried:
    """Return what became of the mentions that persons decided in other revisions of the article; nothing is stored."""
    decided = (
        Mention.objects.filter(revision__article=revision.article_id, decided_by="person")
        .exclude(revision=revision)
        .filter(revision__redacted_at=None)  # nobody may see what stood there
        .select_related("revision")
        .order_by("-revision_id", "start")
    )
    places: dict[Span, Mention] = {}
    rules: dict[int, str] = {}
    for mention in decided:
        place = place_again(mention.revision.text, mention.start, mention.end, revision.text)
        rule = mention.rule.partition(LOST)[0]
        if place is None:
            lost = f"{LOST}{revision.text_sha256[:8]}"
            rule = rule[: LONGEST_RULE - len(lost)] + lost
        if rule != mention.rule:
            rules[mention.pk] = rule
        if place is not None and place not in places:
            mention.start, mention.end = place
            mention.surface = revision.text[slice(*place)][:300]
            places[place] = mention
    return Carried(list(places.values()), rules)


def _store_mentions(revision: Revision, carried: Carried) -> None:
    for mention in carried.found:
        Mention.objects.update_or_create(
            revision=revision,
            start=mention.start,
            end=mention.end,
            defaults={
                "surface": mention.surface,
                "label": mention.label,
                "score": mention.score,
                "model": mention.model,
                "entity_id": mention.entity_id,
                "form": mention.form,
                "name_key": "",  # the machine may have had it as a name nobody knows
                "rule": "carried",
                "decided_by": "person",
            },
        )
    for pk, rule in carried.rules.items():
        Mention.objects.filter(pk=pk, decided_by="person").update(rule=rule)


def place_again(before: str, start: int, end: int, after: str) -> Span | None:
    """Return where the words `before[start:end]` stand in `after` with most of what stood around them, or None."""
    around = before[max(0, start - CONTEXT) : end + CONTEXT]
    best: tuple[float, Span] | None = None
    for low, high in places_of(after, before[start:end]):
        other = after[max(0, low - CONTEXT) : high + CONTEXT]
        ratio = SequenceMatcher(None, around, other, autojunk=False).ratio()
        if ratio >= ALIKE and (best is None or ratio > best[0]):
            best = ratio, (low, high)
    return best[1] if best else None


CARRY = Step(kind="carry", queue="analyse", batch=BATCH, run=run)
