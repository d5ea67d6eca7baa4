"""Names that curators changed, and the texts that have to be analysed again because of it.

The names in force are compared with those for which texts were last sent out; each that differs is owed as work, in
the transaction that notes it. It does not matter who changed a name or where, and a restart loses nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache, partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tracker import search
from tracker.linking.link import plain_name
from tracker.models import Article, Job, KnownName, Lock, Mention, owe
from tracker.pipeline.aliases import alias_entries
from tracker.pipeline.analyse import FRESH
from tracker.pipeline.gazetteer import LOOK_AGAIN_S
from tracker.pipeline.step import Done, Result, Step, nothing
from tracker.records import AliasEntry

BATCH = 5
MOST_TEXTS = 20_000
"""Articles that one changed name sends out at most, newest first."""
AT_ONCE = 500
LOOK_EVERY_S = 10.0
SEARCH_AFTER_S = 2 * LOOK_AGAIN_S
"""Wait before texts are searched: until then another process may still store what it read with the old names."""
_next_look = [0.0]
_Key = tuple[int, str]
_FIRST_LOOK: _Key = (0, "")
"""Stands for no name: it says that there was a first look, also where there were no names to note."""


def look_for_changed_names() -> None:
    """Owe what changed names cause, at most every few seconds in one process."""
    now = time.monotonic()
    if now >= _next_look[0]:
        _next_look[0] = now + LOOK_EVERY_S
        owe_changed_names()


def owe_changed_names() -> int:
    """Owe the search for texts with a changed name; return how many names changed.

    The first look only notes the names: whatever is analysed from then on is analysed with them.
    """
    now = {(entry.entity_id, entry.text): _digest(entry) for entry in alias_entries()}
    if now == _known() and (now or KnownName.objects.exists()):
        return 0
    with transaction.atomic():
        Lock.hold("names")
        is_first = not KnownName.objects.exists()
        known = _known()  # another worker may have been quicker
        changed = {key for key in now.keys() | known.keys() if now.get(key) != known.get(key)}
        noted = [_FIRST_LOOK, *sorted(changed)] if is_first else sorted(changed)
        rows = [KnownName(entity_id=pk, text=text, digest=now.get((pk, text), "")) for pk, text in noted]
        KnownName.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["entity_id", "text"], update_fields=["digest"]
        )
        if is_first:
            return 0
        _owe_search(changed)
    return len(changed)


def _owe_search(changed: set[_Key]) -> None:
    """Owe the search for texts with the names that one look found changed, under one version for all of them."""
    now = timezone.now()
    noted = KnownName.objects.filter(entity_id__in={pk for pk, _ in changed})
    ids = [row.pk for row in noted if (row.entity_id, row.text) in changed]
    owe("names", ids, version=now.isoformat(), not_before=now + dt.timedelta(seconds=SEARCH_AFTER_S))


def _known() -> dict[_Key, str]:
    rows = KnownName.objects.exclude(digest="").values_list("entity_id", "text", "digest")
    return {(pk, text): digest for pk, text, digest in rows}


@lru_cache(maxsize=50_000)
def _digest(entry: AliasEntry) -> str:
    return hashlib.sha256(repr(astuple(entry)).encode()).hexdigest()[:32]


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Find the texts of each changed name outside any transaction, then owe their analysis."""
    names = KnownName.objects.in_bulk([job.subject_id for job in jobs])
    for job in jobs:
        name = names.get(job.subject_id)
        found = sorted(revisions_with(name)) if name else []
        # names of one look share its moment: a text that holds several of them is analysed once
        look = job.key.partition(":")[2].partition(":")[2]
        yield Done(job, partial(_send, found, f"{FRESH}{look}") if found else nothing)


def _send(revision_ids: Sequence[int], version: str) -> None:
    for first in range(0, len(revision_ids), AT_ONCE):
        owe("analyse", revision_ids[first : first + AT_ONCE], version=version)


def revisions_with(name: KnownName) -> set[int]:
    """Return the latest revisions that a changed name concerns.

    These are: public articles whose text holds it, and those of any article in which it was marked as this entity's
    or stands as a name without one. In an article off the subject, or only near it, a name
    that nothing marked is not looked for.
    """
    latest = Mention.objects.filter(revision=F("revision__article__latest"))
    marked = latest.filter(entity_id=name.entity_id, surface__iexact=name.text)
    unlinked = latest.filter(name_key=plain_name(name.text)[:200])
    found: set[int] = set()
    for rows in (marked, unlinked):
        found.update(rows.order_by("-revision_id").values_list("revision_id", flat=True)[:MOST_TEXTS])
    ids = list(search.ids_with(name.text, "article", limit=MOST_TEXTS))
    for first in range(0, len(ids), AT_ONCE):
        rows_of = Article.objects.filter(pk__in=ids[first : first + AT_ONCE], latest__isnull=False)
        found.update(pk for pk in rows_of.values_list("latest_id", flat=True) if pk)
    return found


NAMES = Step(kind="names", queue="analyse", batch=BATCH, run=run)
