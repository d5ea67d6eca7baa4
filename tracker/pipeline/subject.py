"""The judge in force, and what follows when it changes: trained models, 'what would change', and judging again.

What persons ruled is never touched: it is what the judge learns from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from django.utils import timezone

from tracker.models import (
    Article,
    EntryArticle,
    Job,
    SubjectModel,
    SubjectRuling,
    SubjectSetting,
    WhatIf,
    owe,
)
from tracker.nlp.linear import LinearModel
from tracker.nlp.relevance import Thresholds
from tracker.nlp.subject import Judge, ai_names_of
from tracker.nlp.training import Label, Training, train, why_not
from tracker.pipeline.aliases import alias_entries
from tracker.pipeline.step import Done, Result, Step, nothing
from tracker.records import AliasEntry, Relevance

NEWEST = 500
"""Articles on which 'what would change' is worked out."""
MOST_SHOWN = 100
JUDGED_AT_ONCE = 200
MOST_LABELS = 20_000
JUDGE_AFTER_S = 40.0
"""Wait before articles are judged anew: twice as long as another process may keep the judge it knows."""
_FURTHER = " further"


def judge_in_force(aliases: Sequence[AliasEntry] | None = None) -> Judge:
    """Return the judge of the stored thresholds and names and, where one is used, of the trained model.

    Args:
        aliases: the names on file, where they are at hand; they are read otherwise.
    """
    setting = SubjectSetting.objects.first() or SubjectSetting()
    model = SubjectModel.objects.filter(is_used=True).first() if setting.uses_model else None
    return Judge(
        Thresholds(setting.on_subject_from, setting.adjacent_from),
        linear_model(model) if model else None,
        ai_names_of(alias_entries() if aliases is None else aliases),
    )


def linear_model(row: SubjectModel) -> LinearModel:
    """Return a stored model as a value."""
    weights: Mapping[str, object] = row.weights
    terms = weights.get("terms")
    known = terms if isinstance(terms, dict) else {}
    intercept = weights.get("intercept", 0.0)
    return LinearModel(
        row.version,
        float(intercept) if isinstance(intercept, (int, float)) else 0.0,
        {str(term): (float(pair[0]), float(pair[1])) for term, pair in known.items()},
    )


# --- training ---


def run_training(jobs: Sequence[Job]) -> Iterator[Result]:
    """Train a model from all rulings, outside any transaction; the last of several orders is enough."""
    *earlier, last = jobs
    for job in earlier:
        yield Done(job, nothing)
    labels = _labels()
    if why_not(labels):
        yield Done(last, nothing)
        return
    trained = train(labels, f"subject.{last.pk}", judge_in_force())
    yield Done(last, partial(_store_model, trained))


def _labels() -> list[Label]:
    """Return the rulings with their texts; reports of one entry, and copies of one text, are one event."""
    rows = SubjectRuling.objects.filter(is_current=True, article__latest__isnull=False)
    rulings = list(rows.select_related("article__latest").order_by("-pk")[:MOST_LABELS])
    ids = [ruling.article_id for ruling in rulings]
    entries = dict(
        EntryArticle.objects.filter(article__in=ids)
        .order_by("-entry_id")
        .values_list("article_id", "entry_id")
    )
    labels = []
    for ruling in rulings:
        revision = ruling.article.latest
        if revision is None or not revision.text:
            continue
        entry = entries.get(ruling.article_id)
        labels.append(
            Label(
                title=revision.title,
                text=revision.text,
                language=revision.language,
                is_on_subject=ruling.label == SubjectRuling.Label.ON,
                event=f"entry {entry}" if entry else f"text {revision.text_sha256}",
            )
        )
    return labels


def _store_model(trained: Training) -> None:
    is_used = trained.is_better
    # a model that the newest rulings no longer bear out is not asked any more either
    n_dropped = SubjectModel.objects.filter(is_used=True).update(is_used=False)
    SubjectModel.objects.update_or_create(
        version=trained.model.version,
        defaults={
            "n_labels": trained.n_labels,
            "figures": {
                name: {"precision": found.precision, "recall": found.recall, "f1": found.f1}
                for name, found in (("model", trained.ours), ("rules", trained.rules))
            },
            "weights": {"intercept": trained.model.intercept, "terms": trained.model.terms},
            "is_used": is_used,
            "why": trained.why[:300],
        },
    )
    if is_used or n_dropped:
        owe_judging(f"model {trained.model.version}")


# --- what would change ---


def run_what_if(jobs: Sequence[Job]) -> Iterator[Result]:
    """Judge the newest articles at the proposed thresholds and note what would change."""
    asked = WhatIf.objects.in_bulk([job.subject_id for job in jobs])
    for job in jobs:
        row = asked.get(job.subject_id)
        if row is None or row.done_at is not None:
            yield Done(job, nothing)
            continue
        result = what_would_change(_proposed(row.proposal))
        yield Done(job, partial(_store_what_if, row.pk, result))


def _store_what_if(pk: int, result: dict[str, object]) -> None:
    WhatIf.objects.filter(pk=pk).update(result=result, done_at=timezone.now())


def _proposed(proposal: Mapping[str, object]) -> Judge:
    now = judge_in_force()
    on, near = proposal.get("on_subject_from"), proposal.get("adjacent_from")
    thresholds = Thresholds(
        float(on) if isinstance(on, (int, float)) else now.thresholds.on_subject,
        float(near) if isinstance(near, (int, float)) else now.thresholds.adjacent,
    )
    row = SubjectModel.objects.filter(is_used=True).first() if proposal.get("uses_model", True) else None
    return replace(now, thresholds=thresholds, model=linear_model(row) if row else None)


def what_would_change(judge: Judge) -> dict[str, object]:
    """Return how many of the newest articles a judge would move, and which; what persons ruled stays.

    Returns:
        `n`, `n_ruled`, and for each move as `off_subject>on_subject` its number and up to a hundred article ids.
    """
    moves: dict[str, list[int]] = {}
    n = n_ruled = 0
    for article in _newest(None, NEWEST):
        n += 1
        if article.is_relevance_decided:
            n_ruled += 1
            continue
        before, after = _label(article), _label_of(_judged(judge, article))
        if before != after:
            moves.setdefault(f"{before}>{after}", []).append(article.pk)
    return {
        "n": n,
        "n_ruled": n_ruled,
        "moves": {name: {"n": len(ids), "ids": ids[:MOST_SHOWN]} for name, ids in moves.items()},
    }


# --- judging again ---


def owe_judging(why: str) -> None:
    """Owe a new look at every article no person ruled on, the newest first, once no process keeps the old judge."""
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest is not None:
        now = timezone.now()
        later = now + dt.timedelta(seconds=JUDGE_AFTER_S)
        owe("judge", [newest], version=f"{why} {now.isoformat()}", not_before=later)


def run_judging(jobs: Sequence[Job]) -> Iterator[Result]:
    """Judge some articles from each job's downwards; those that would move are owed an analysis.

    The first job of an order begins at the newest article there is, as some may have come in since.
    """
    judge = judge_in_force()
    for job in jobs:
        articles = _newest(job.subject_id if job.key.endswith(_FURTHER) else None, JUDGED_AT_ONCE)
        moved = [
            article.latest_id
            for article in articles
            if not article.is_relevance_decided and _label(article) != _label_of(_judged(judge, article))
        ]
        below = articles[-1].pk - 1 if len(articles) == JUDGED_AT_ONCE else 0
        yield Done(job, partial(_store_judging, job, [pk for pk in moved if pk], below))


def _store_judging(job: Job, revision_ids: Sequence[int], below: int) -> None:
    version = job.key.partition(":")[2].partition(":")[2]
    owe("analyse", revision_ids, version=f"judged:{job.pk}")
    if below > 0:
        owe("judge", [below], version=version.removesuffix(_FURTHER) + _FURTHER)


def _newest(highest: int | None, n: int) -> list[Article]:
    rows = Article.objects.filter(latest__isnull=False, hold__isnull=True).select_related("latest")
    if highest is not None:
        rows = rows.filter(pk__lte=highest)
    return list(rows.defer("feed_text", "relevance_why").order_by("-pk")[:n])


def _judged(judge: Judge, article: Article) -> Relevance:
    revision = article.latest
    if revision is None:
        return Relevance(is_on_subject=False, score=0.0)
    return judge.judge(revision.title, revision.text, language=revision.language)


def _label(article: Article) -> str:
    if article.is_on_subject:
        return SubjectRuling.Label.ON.value
    return SubjectRuling.Label.ADJACENT.value if article.is_adjacent else SubjectRuling.Label.OFF.value


def _label_of(ruling: Relevance) -> str:
    if ruling.is_on_subject:
        return SubjectRuling.Label.ON.value
    return SubjectRuling.Label.ADJACENT.value if ruling.is_adjacent else SubjectRuling.Label.OFF.value


TRAIN = Step(kind="train", queue="analyse", batch=20, run=run_training)
WHAT_IF = Step(kind="what_if", queue="analyse", batch=1, run=run_what_if)
JUDGE = Step(kind="judge", queue="analyse", batch=1, run=run_judging)
