"""Analyse: what is named in a revision, and whether it is about the subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from django.conf import settings

from tracker.clustering.words import grouping_words
from tracker.linking.link import linked
from tracker.models import Article, Job, Revision, Signature, owe
from tracker.pipeline import appearances, candidates, found
from tracker.pipeline.gazetteer import analyser
from tracker.pipeline.knowledge import knowledge
from tracker.pipeline.positions import check_roles
from tracker.pipeline.step import Done, Result, Step, nothing
from tracker.records import Analysis, TextToRead
from tracker.text.hashing import text_hash

BATCH = 16
FRESH = "names:"
"""How the version of an analysis begins that must see the names as they are now."""


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Analyse the revisions in batches bounded by words, one pass of the language pipeline per batch."""
    revisions = Revision.objects.select_related("article").in_bulk([job.subject_id for job in jobs])
    present = []
    for job in jobs:
        if job.subject_id in revisions:
            present.append((job, revisions[job.subject_id]))
        else:
            yield Done(job, nothing)
    for batch in _batches(present, settings.ENV.language_batch_words):
        texts = [_text_of(revision) for _job, revision in batch]
        since = _names_since([job for job, _ in batch])
        reader = analyser(since=since)
        known = knowledge(reader, since=since)
        for (job, revision), analysis in zip(batch, reader.analyse(texts), strict=True):
            yield _done(job, revision, linked(analysis, revision.text, known))


def _names_since(jobs: Sequence[Job]) -> dt.datetime | None:
    """Return the moment of the last change of names that one of these jobs answers."""
    answers = [job.created_at for job in jobs if f":{FRESH}" in job.key or ":judged:" in job.key]
    return max(answers, default=None)


def _text_of(revision: Revision) -> TextToRead:
    article = revision.article
    return TextToRead(
        revision.title,
        revision.text,
        revision.language,
        article.published_at.date() if article.published_at else None,
        is_wanted=article.is_on_subject or article.is_adjacent if article.is_relevance_decided else None,
    )


def _batches(pairs: Sequence[tuple[Job, Revision]], max_words: int) -> Iterator[list[tuple[Job, Revision]]]:
    batch: list[tuple[Job, Revision]] = []
    n_words = 0
    for job, revision in pairs:
        words = len(revision.text) // 6 + 1
        if batch and n_words + words > max_words:
            yield batch
            batch, n_words = [], 0
        batch.append((job, revision))
        n_words += words
    if batch:
        yield batch


def _done(job: Job, revision: Revision, analysis: Analysis) -> Done:
    return Done(job, lambda: store(revision, analysis, order=str(job.pk)))


def store(revision: Revision, analysis: Analysis, *, order: str = "") -> None:
    """Replace what the machine found, rule on relevance unless a person did, and owe the placing.

    Args:
        revision: what was analysed.
        analysis: what was found in it.
        order: the job that ordered it, which tells one placing from the next.
    """
    # the article first, as a redaction does: whoever comes second waits here and sees what the other stored
    articles = Article.objects.select_for_update(of=("self",), no_key=True).only("latest_id")
    article = articles.filter(pk=revision.article_id).first()
    texts = Revision.objects.select_for_update(of=("self",), no_key=True).only("redacted_at")
    if article is None or texts.filter(pk=revision.pk, redacted_at=None).first() is None:
        return  # its text was hidden meanwhile
    is_latest = article.latest_id == revision.pk
    before = candidates.names_of(revision) if is_latest else set()  # of an older text no name is counted
    left = appearances.followers(revision)
    found.store(revision, analysis)
    check_roles(revision)
    appearances.hang(revision, left)
    Revision.objects.filter(pk=revision.pk).update(analysed_by=analysis.model[:200])
    if is_latest:
        _store_of_article(revision, analysis, before)
        owe("place", [revision.article_id], version=f"{revision.pk}:{order}:{analysis.model}")


def _store_of_article(revision: Revision, analysis: Analysis, before: Iterable[str]) -> None:
    """Store what the latest revision says of its article: relevance, signature, names without an entity."""
    relevance = analysis.relevance
    Article.objects.filter(pk=revision.article_id, is_relevance_decided=False).update(
        is_on_subject=relevance.is_on_subject,
        is_adjacent=relevance.is_adjacent,
        relevance_score=relevance.score,
        relevance_why={family: list(words) for family, words in relevance.hits.items()},
        relevance_rule=relevance.rule[:80],
    )
    _store_signature(revision, analysis)
    article = Article.objects.only("is_on_subject", "is_adjacent").get(pk=revision.article_id)
    is_near = article.is_on_subject or article.is_adjacent
    candidates.note(revision, analysis.mentions if is_near else (), before=before)


def _store_signature(revision: Revision, analysis: Analysis) -> None:
    article = revision.article
    names = [mention.surface for mention in analysis.mentions]
    words, lead = grouping_words(revision.title, revision.text, names)
    Signature.objects.update_or_create(
        article_id=article.pk,
        defaults={
            "happened_at": article.published_at or article.first_seen_at,
            "words": sorted(words),
            "lead": sorted(lead),
            "entity_ids": sorted({mention.entity_id for mention in analysis.mentions if mention.entity_id}),
            "text_sha256": text_hash(revision.text),
            "made_by": analysis.model[:200],
        },
    )


ANALYSE = Step(kind="analyse", queue="analyse", batch=BATCH, run=run)
