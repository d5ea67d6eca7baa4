"""Names that no entity has, gathered from articles on or near the subject; nothing becomes an entity by itself.

A candidate is noted with the mentions that carry its key and counted apart, a bounded number at a time, because the
count of a common name would otherwise be taken with every article that holds it.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tracker.models import Candidate, Mention, Revision
from tracker.pipeline.found import name_key
from tracker.records import FoundMention

AT_ONCE = 40
MOST_S = 0.5
"""Seconds of counting in one call, which belongs to a sweep that others wait for."""
MOST_MENTIONS = 5_000
"""Mentions of one name that are counted, the newest; the count of a name in more says 'at least'."""
MOST_FORMS = 8


def names_of(revision: Revision) -> set[str]:
    """Return the names without an entity in all revisions of the article; ask before mentions are replaced."""
    named = Mention.objects.filter(revision__article=revision.article_id).exclude(name_key="")
    return set(named.values_list("name_key", flat=True))


def note(revision: Revision, mentions: Iterable[FoundMention], *, before: Iterable[str] = ()) -> None:
    """Note the unknown names of a text in the caller's transaction, and have them counted anew.

    Args:
        revision: the latest of its article.
        mentions: what was found in it; none where it is neither on nor near the subject.
        before: what `names_of` said before its mentions were replaced.
    """
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
    held = _count_again({*before, *names})
    gone = [row for row in rows if row.key not in held]  # a redaction took them away at the same moment
    Candidate.objects.bulk_create(gone, ignore_conflicts=True)


def _count_again(keys: Iterable[str]) -> set[str]:
    """Ask for the counts of all these names at once; return those that are there."""
    # one order for all, and once in a transaction, so that two workers wait for each other and never both
    rows = Candidate.objects.filter(key__in=sorted(keys)).order_by("pk").select_for_update(no_key=True)
    held = dict(rows.values_list("pk", "key"))
    Candidate.objects.filter(pk__in=held).update(counted_at=None)
    return set(held.values())


class _Turn:
    """Where this process goes on counting: round and round, so that busy names keep no other waiting."""

    after = 0


def count() -> int:
    """Count candidates whose texts changed for at most `MOST_S` and one name more; return how many were counted.

    Each is counted while its row is held, so that a text stored meanwhile asks for the next count. What another
    process counts at this moment is left to it.
    """
    ends_at = time.monotonic() + MOST_S
    n = 0
    for pk in _waiting():
        _Turn.after = pk
        n += _count(pk)
        if time.monotonic() >= ends_at:
            break
    return n


def _waiting() -> list[int]:
    """Return what waits, from where the last call stopped and round to there again."""
    rows = Candidate.objects.filter(counted_at=None).order_by("pk").values_list("pk", flat=True)
    later = list(rows.filter(pk__gt=_Turn.after)[:AT_ONCE])
    return later + list(rows.filter(pk__lte=_Turn.after)[: AT_ONCE - len(later)])


def _count(pk: int) -> bool:
    with transaction.atomic():
        # SQLite knows no locks of rows: every writing transaction is alone there
        rows = Candidate.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk)
        row = rows.filter(counted_at=None).first()
        if row is None:
            return False
        counted = _counted(row.key)
        if row.state != Candidate.State.OPEN:  # what a person ruled on keeps the name they read
            counted = {name: value for name, value in counted.items() if name not in {"name", "label"}}
        Candidate.objects.filter(pk=pk).update(**counted, counted_at=timezone.now())
    return True


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
