"""Names that no entity has, gathered from articles on or near the subject; nothing becomes an entity by itself.

A candidate is noted with the mentions that carry its key and counted apart, a bounded number at a time, because the
count of a common name would otherwise be taken with every article that holds it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tracker.models import Candidate, Mention, Revision
from tracker.pipeline.found import name_key
from tracker.records import FoundMention

AT_ONCE = 40
MOST_MENTIONS = 5_000
"""Mentions of one name that are counted, the newest; the count of a name in more says 'at least'."""
MOST_FORMS = 8


def recount_names_of(revision: Revision) -> None:
    """Have the candidates counted anew that a revision holds now; call it before its mentions are replaced."""
    keys = set(revision.mentions.exclude(name_key="").values_list("name_key", flat=True))
    _count_again(keys)


def note(revision: Revision, mentions: Iterable[FoundMention]) -> None:
    """Note the unknown names of a text that is on or near the subject, in the caller's transaction."""
    names: dict[str, FoundMention] = {}
    for mention in mentions:
        key = name_key(mention)
        if key and (key not in names or mention.form == "name"):
            names[key] = mention
    rows = [
        Candidate(
            key=key,
            name=(mention.full_name or mention.surface)[:300],
            label=mention.label,
            n_articles=1,
            n_mentions=1,
            first_seen_at=revision.fetched_at,
            last_seen_at=revision.fetched_at,
        )
        for key, mention in sorted(names.items())  # two workers that note the same names wait in one order
    ]
    Candidate.objects.bulk_create(rows, ignore_conflicts=True)
    _count_again(names)


def _count_again(keys: Iterable[str]) -> None:
    # one order for all, so that two workers wait for each other and never both
    ids = Candidate.objects.filter(key__in=list(keys)).order_by("pk").select_for_update(no_key=True)
    Candidate.objects.filter(pk__in=list(ids.values_list("pk", flat=True))).update(counted_at=None)


def count() -> int:
    """Count candidates whose texts changed, oldest first; return how many were counted.

    Each is counted while its row is held, so that a text stored meanwhile asks for the next count.
    """
    waiting = list(
        Candidate.objects.filter(counted_at=None).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    )
    for pk in waiting:
        with transaction.atomic():
            row = Candidate.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if row is not None:
                Candidate.objects.filter(pk=pk).update(**_counted(row.key), counted_at=timezone.now())
    return len(waiting)


def _counted(key: str) -> dict[str, object]:
    shown = Q(revision__article__is_on_subject=True) | Q(revision__article__is_adjacent=True)
    rows = Mention.objects.filter(shown, name_key=key, revision=F("revision__article__latest"))
    seen = rows.order_by("-pk").values_list(
        "surface", "label", "revision__article_id", "revision__fetched_at"
    )
    forms: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    dates = defaultdict(list)
    for surface, label, article_id, fetched_at in seen[:MOST_MENTIONS]:
        forms[" ".join(surface.split())] += 1
        labels[label] += 1
        dates[article_id].append(fetched_at)
    if not dates:
        return {"n_articles": 0, "n_mentions": 0, "forms": {}}
    moments = [moment for some in dates.values() for moment in some]
    full = max(forms, key=lambda form: (forms[form], len(form), form))
    return {
        "n_articles": len(dates),
        "n_mentions": sum(forms.values()),
        "forms": dict(forms.most_common(MOST_FORMS)),
        "name": full[:300],
        "label": max(labels, key=lambda label: (labels[label], label)),
        "first_seen_at": min(moments),
        "last_seen_at": max(moments),
    }
