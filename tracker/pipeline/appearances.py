"""One quotation, many appearances: each row of it knows the earliest.

Promises that the order in which articles arrive does not matter, as long as fewer than `MOST` quotations of one
speaker lie within `WINDOW` of a new one; that a row a person decided is never written to; and a bounded number of
queries a revision, of which the first `MOST` quotations are looked at. A quotation without a speaker hangs on nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from tracker.linking.link import plain_name
from tracker.models import Mention, Quote, Revision

WINDOW = dt.timedelta(days=180)
MOST = 400
"""Quotations of one speaker that are looked at for a new one, the nearest in time on either side."""
MOST_REVISIONS = 2_000
FEWEST_SAME = 2
"""Words, or pairs of Han characters, that equal quotations need: 'no' is nobody's in particular."""
FEWEST_INSIDE = 5
"""Words that a quotation needs to be found inside a longer one."""
_MOST_STEPS = 3
_LONGEST = 4_000  # code points that are compared
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|[^\\W_]+(?:['\u2019][^\\W_]+)*")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

Speaker = tuple[int | None, str]
"""An entity, or the plain name of somebody without one."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A quotation as it is compared."""

    pk: int
    order: tuple[dt.datetime, str, dt.datetime, int, int]  # when, and what breaks ties whoever came first
    words: str
    n_words: int
    first_id: int | None
    is_decided: bool


def followers(revision: Revision) -> list[int]:
    """Return the quotations elsewhere that hang on one of this revision's: they are hung again when it changes."""
    hung = Quote.objects.filter(first__revision=revision, first__decided_by="rule").exclude(revision=revision)
    return list(hung.values_list("pk", flat=True)[:MOST])


def hang(revision: Revision, left: Iterable[int] = ()) -> None:
    """Give every quotation of a revision, and those left behind by its last reading, their earliest appearance.

    Args:
        revision: its quotations are stored.
        left: what `followers` said before they were replaced.
    """
    rows = _rows(Quote.objects.filter(Q(revision=revision) | Q(pk__in=list(left))).order_by("start", "pk"))
    speakers = {speaker for row in rows if (speaker := _speaker(row)) is not None}
    for speaker in sorted(speakers, key=lambda s: (s[0] or 0, s[1])):
        own = [_seen(row) for row in rows if _speaker(row) == speaker]
        _hang(own, speaker)


def same_words(one: str, other: str) -> bool:
    """Return whether two quotations are the same words, or one a long enough piece of the other."""
    return _are_same(*_plain(one), *_plain(other))


def _hang(own: Sequence[_Seen], speaker: Speaker) -> None:
    known = {seen.pk: seen for seen in [*_candidates(own, speaker), *own]}
    changes: dict[int, int | None] = {}
    waiting = {seen.pk for seen in own}
    while waiting:
        group = _whole_group(known[min(waiting)], known)
        waiting -= {seen.pk for seen in group}
        first = min(group, key=lambda seen: seen.order)
        for seen in group:
            wanted = None if seen.pk == first.pk else first.pk
            if not seen.is_decided and seen.first_id != wanted:
                changes[seen.pk] = wanted
    for first_id, pairs in groupby(
        sorted(changes.items(), key=lambda p: (p[1] or 0, p[0])), key=lambda p: p[1]
    ):
        Quote.objects.filter(pk__in=[pk for pk, _ in pairs], decided_by="rule").update(first_id=first_id)


def _whole_group(start: _Seen, known: dict[int, _Seen]) -> list[_Seen]:
    """Return the group of `start` with what hung on its members before; `known` grows by what lay out of sight."""
    group = _group(start, known)
    for _ in range(_MOST_STEPS if len(group) > 1 or start.first_id else 0):
        pks = {seen.pk for seen in group}
        roots = {seen.first_id for seen in group if seen.first_id} - known.keys()
        beyond = Quote.objects.filter(Q(pk__in=roots) | Q(first_id__in=pks)).exclude(pk__in=known.keys())
        more = [_seen(row) for row in _rows(beyond)]
        if not more:
            break
        known.update((seen.pk, seen) for seen in more)
        group = _group(start, known)
    return group


def _group(start: _Seen, known: dict[int, _Seen]) -> list[_Seen]:
    """Return all that is one quotation with `start`, through others too, so that arrival does not matter."""
    found, waiting = {start.pk: start}, [start]
    while waiting:
        here = waiting.pop()
        for other in known.values():
            if other.pk not in found and _are_near(here, other):
                found[other.pk] = other
                waiting.append(other)
    return list(found.values())


def _are_near(one: _Seen, other: _Seen) -> bool:
    if one.first_id == other.pk or other.first_id == one.pk:
        return True
    if abs(one.order[0] - other.order[0]) > WINDOW:
        return False
    return _are_same(one.words, one.n_words, other.words, other.n_words)


def _are_same(one: str, n_one: int, other: str, n_other: int) -> bool:
    if one == other:
        return n_one >= FEWEST_SAME
    (shorter, n_shorter), (longer, _) = sorted(
        [(one, n_one), (other, n_other)], key=lambda pair: len(pair[0])
    )
    return n_shorter >= FEWEST_INSIDE and shorter in longer


def _plain(words: str) -> tuple[str, int]:
    """Return what two quotations are compared by, and how many words it is."""
    found = _WORD.findall(words[:_LONGEST].casefold().replace("\u2019", "'"))
    if _HAN.search(words):
        return "".join(found), len(found)
    return f" {' '.join(found)} ", len(found)


def _candidates(own: Sequence[_Seen], speaker: Speaker) -> list[_Seen]:
    """Return what the same speaker is quoted with near in time, a bounded number before and after."""
    earliest, latest = min(s.order[0] for s in own), max(s.order[0] for s in own)
    entity, name = speaker
    theirs = Quote.objects.filter(speaker_id=entity) if entity is not None else _of_name(name)
    before = _rows(_dated(theirs, at__lte=latest, at__gte=earliest - WINDOW).order_by("-at", "-pk"))
    after = _rows(_dated(theirs, at__gt=latest, at__lte=latest + WINDOW).order_by("at", "pk"))
    return [_seen(row) for row in [*before, *after] if _speaker(row) == speaker]


def _of_name(name: str) -> QuerySet[Quote]:
    """Return the quotations in the revisions that name somebody without an entity."""
    named = (
        Mention.objects.filter(name_key=name).order_by("-revision_id").values_list("revision_id", flat=True)
    )
    revisions = set(named[:MOST_REVISIONS])
    return Quote.objects.filter(speaker=None, revision_id__in=revisions)


def _dated(rows: QuerySet[Quote], **within: dt.datetime) -> QuerySet[Quote]:
    """Return rows with the moment of their article as `at`, those within it."""
    at = Coalesce("revision__article__published_at", "revision__article__first_seen_at")
    return rows.annotate(at=at).filter(**within)


def _rows(rows: QuerySet[Quote]) -> list[Quote]:
    """Return rows with what orders them, few columns of them."""
    dated = rows if "at" in rows.query.annotations else _dated(rows)
    return list(
        dated.annotate(key=F("revision__article__key"), fetched=F("revision__fetched_at")).only(
            "words", "start", "first_id", "decided_by", "speaker_id", "speaker_name"
        )[:MOST]
    )


def _seen(row: Quote) -> _Seen:
    words, n_words = _plain(row.words)
    at, key, fetched = (getattr(row, name) for name in ("at", "key", "fetched"))
    return _Seen(
        pk=row.pk,
        order=(at, key, fetched, row.start, row.pk),
        words=words,
        n_words=n_words,
        first_id=row.first_id,
        is_decided=row.decided_by != "rule",
    )


def _speaker(row: Quote) -> Speaker | None:
    if row.speaker_id is not None:
        return row.speaker_id, ""
    name = plain_name(row.speaker_name)
    return (None, name) if name else None
