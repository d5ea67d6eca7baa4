"""The door: a query in, a page of hits out. It never raises on what a reader typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from tracker.search.documents import KINDS
from tracker.search.marking import Piece, mark, snippet
from tracker.search.query import QueryProblem, Words, leaves, parse, read, understood
from tracker.search.store import Found, store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

MAX_LIMIT = 100
MAX_QUERY_CHARS = 20_000
_SEAL_CHARS = 16
_CURSOR = re.compile(r"-?[0-9a-f]{1,16}\.[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. Pieces are plain text with a flag for a match; the page escapes and marks them."""

    kind: str  # entry, article, entity
    object_id: int
    url: str
    title: Sequence[Piece]
    snippet: Sequence[Piece]
    at: dt.datetime | None  # None for entities
    source: str  # outlet of an article, lane of an entry, type of an entity


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of results, newest first, entities before everything; `counts` are exact, for every kind."""

    query: str
    understood: str  # what was searched, in the query language
    hits: Sequence[Hit] = ()
    next_cursor: str = ""
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    error: QueryProblem | None = None


def search(query: str, *, cursor: str = "", limit: int = 20, kinds: Sequence[str] = KINDS) -> SearchPage:
    """Return the page of hits for any text; at most two queries.

    Args:
        query: what was typed. Where it cannot be read, `error` says why and its plain words are searched.
        cursor: `next_cursor` of the page before; anything else gives the first page.
        limit: hits on the page, 1 to 100.
        kinds: which kinds to show; unknown ones are ignored, and none known means all.
    """
    reading = read(query[:MAX_QUERY_CHARS])
    node = reading.node
    if node is None:
        return SearchPage(query, "", error=reading.problem)
    plain = understood(node)
    shown = [kind for kind in KINDS if kind in kinds] or list(KINDS)
    counts = dict.fromkeys(KINDS, 0) | store().counts(node)
    total = sum(counts[kind] for kind in shown)
    if not total:
        return SearchPage(query, plain, counts=counts, error=reading.problem)
    limit = max(1, min(limit, MAX_LIMIT))
    scope = " ".join([*shown, plain])
    before = _opened(cursor, scope)
    found = store().page(node, shown, before=before, limit=limit + 1, total=sum(counts.values()))
    next_cursor = _sealed(found[limit - 1].slot, scope) if len(found) > limit else ""
    meant = leaves(node)
    hits = tuple(_hit(each, meant) for each in found[:limit])
    return SearchPage(query, plain, hits, next_cursor, counts, reading.problem)


def ids_with(phrase: str, kind: str, *, limit: int) -> Iterator[int]:
    """Yield up to `limit` ids of what holds the words of `phrase` in their order, newest first; one query per hundred.

    Args:
        phrase: any text; its marks do not count.
        kind: article, entry or entity.
        limit: the most ids.
    """
    node = parse(f'"{phrase.replace(chr(34), " ")}"') if any(map(str.isalnum, phrase)) else None
    if node is None:
        return
    total, before, n = store().counts(node).get(kind, 0), None, 0
    while n < limit:
        found = store().page(node, [kind], before=before, limit=min(MAX_LIMIT, limit - n), total=total)
        yield from (each.document.object_id for each in found)
        if len(found) < MAX_LIMIT:
            return
        n, before = n + len(found), found[-1].slot


def _hit(found: Found, meant: Sequence[Words]) -> Hit:
    document = found.document
    return Hit(
        document.kind,
        document.object_id,
        reverse(f"web:{document.kind}", args=[document.address]),
        mark(document.title, meant),
        snippet(document.body, meant),
        document.at,
        document.source,
    )


def _seal(slot: str, scope: str) -> str:
    return salted_hmac("tracker.search.cursor", f"{slot} {scope}").hexdigest()[:_SEAL_CHARS]


def _sealed(slot: int, scope: str) -> str:
    """Return the cursor that continues below `slot` in this query and these kinds only."""
    return f"{slot:x}.{_seal(f'{slot:x}', scope)}"


def _opened(cursor: str, scope: str) -> int | None:
    if not _CURSOR.fullmatch(cursor):
        return None
    slot, _, seal = cursor.partition(".")
    if not constant_time_compare(seal, _seal(slot, scope)):
        return None
    return int(slot, 16)
