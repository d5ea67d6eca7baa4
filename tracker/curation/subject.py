"""A person's word on whether articles are about the subject, and on the thresholds of the machine.

Every ruling is kept: it is applied after every recompute, and models learn from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from tracker import search
from tracker.models import Article, SubjectRuling, SubjectSetting, WhatIf, owe

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Person = AbstractBaseUser | AnonymousUser | None

TRAIN_FROM = 40
"""Rulings from which a model is trained."""
TRAIN_EVERY = 10
"""Rulings, corrections among them, after which a model is trained anew."""
JUDGE_AFTER_S = 40.0
"""Wait before articles are judged anew: twice as long as another process may keep the judge it knows."""
Label = SubjectRuling.Label


def rule(articles: Iterable[Article], label: str, user: Person, reason: str = "") -> int:
    """Rule what articles are about; return how many.

    Their texts are read whole where they were not, their entries follow, and the index with them.
    """
    with transaction.atomic():
        chosen = list(Article.objects.select_for_update(of=("self",)).filter(pk__in=[a.pk for a in articles]))
        note_ruling([article.pk for article in chosen], label, user, reason)
        for article in chosen:
            article.is_on_subject = label == Label.ON
            article.is_adjacent = label == Label.ADJACENT
            article.is_relevance_decided = True
            article.save(update_fields=["is_on_subject", "is_adjacent", "is_relevance_decided"])
        _follow(chosen)
    return len(chosen)


def note_ruling(article_ids: Iterable[int], label: str, user: Person, reason: str = "") -> None:
    """Keep a person's word on articles beside the ones before it; in the caller's transaction."""
    ids, by = list(article_ids), user.pk if user is not None and user.is_authenticated else None
    SubjectRuling.objects.filter(article__in=ids, is_current=True).update(is_current=False)
    SubjectRuling.objects.bulk_create(
        [SubjectRuling(article_id=pk, label=label, reason=reason.strip()[:300], by_id=by) for pk in ids]
    )
    owe_training()


def take_back(articles: Iterable[Article]) -> int:
    """Let the machine rule again on articles a person ruled on; return how many."""
    with transaction.atomic():
        rows = Article.objects.select_for_update(of=("self",)).filter(
            pk__in=[a.pk for a in articles], is_relevance_decided=True
        )
        chosen = list(rows)
        SubjectRuling.objects.filter(article__in=chosen, is_current=True).update(is_current=False)
        for article in chosen:
            article.is_relevance_decided = False
            article.save(update_fields=["is_relevance_decided"])
        _follow(chosen)
    return len(chosen)


def _follow(articles: list[Article]) -> None:
    """Have what was ruled on read and placed anew; what is not shown any more leaves the index at once."""
    now = timezone.now().isoformat()
    ids = [article.pk for article in articles]
    search.put("article", ids)
    owe("analyse", [a.latest_id for a in articles if a.latest_id], version=f"ruled:{now}")
    owe("place", ids, version=f"ruled:{now}")


def owe_training() -> None:
    """Owe a model when enough was ruled since the last; in the transaction of the ruling."""
    if SubjectRuling.objects.filter(is_current=True).count() >= TRAIN_FROM:
        # a correction takes the place of a ruling and teaches as much as a new one: all that were ever made count
        owe("train", [SubjectRuling.objects.count() // TRAIN_EVERY], version="rulings made")


def ask_what_if(user: Person, *, on_subject_from: float, adjacent_from: float, uses_model: bool) -> WhatIf:
    """Ask what other thresholds would change on the newest articles; a job works it out."""
    proposal = {
        "on_subject_from": on_subject_from,
        "adjacent_from": adjacent_from,
        "uses_model": uses_model,
    }
    with transaction.atomic():
        row = WhatIf.objects.create(
            proposal=proposal, asked_by_id=user.pk if user is not None and user.is_authenticated else None
        )
        owe("what_if", [row.pk])
    return row


def put_in_force(asked: WhatIf) -> SubjectSetting:
    """Put the proposed thresholds in force; every article no person ruled on is judged again."""
    with transaction.atomic():
        setting = SubjectSetting.objects.select_for_update().first() or SubjectSetting()
        for name, value in asked.proposal.items():
            setattr(setting, name, value)
        setting.save()
        newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first()
        if newest is not None:
            now = timezone.now()
            owe(
                "judge",
                [newest],
                version=f"thresholds {now.isoformat()}",
                not_before=now + dt.timedelta(seconds=JUDGE_AFTER_S),
            )
    return setting
