"""Keeping the index true: put, remove, rebuild. Who changes a row calls `put` in the same transaction."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from django.db import transaction

from tracker.search.documents import KINDS, documents, hold, public_ids
from tracker.search.store import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH = 500


def put(kind: str, ids: Iterable[int]) -> None:
    """Bring the index up to date with these rows, in the caller's transaction; may be repeated.

    What is public is indexed anew; what is not, or is gone, leaves the index. The rows stay locked until
    the transaction ends, so that nobody writes a text read before another's ruling after that ruling.

    Args:
        kind: 'entry', 'article' or 'entity'.
        ids: primary keys.
    """
    _check(kind)
    with transaction.atomic():
        for batch in _batches(sorted(set(ids))):
            hold(kind, batch)
            fresh = list(documents(kind, batch))
            store().delete(kind, batch)
            store().write(fresh)


def remove(kind: str, ids: Iterable[int]) -> None:
    """Take these rows out of the index, in the caller's transaction; may be repeated."""
    _check(kind)
    with transaction.atomic():
        for batch in _batches(sorted(set(ids))):
            store().delete(kind, batch)


def rebuild() -> dict[str, int]:
    """Index everything public anew, in batches of their own transactions, while searching goes on.

    Returns:
        How many documents the index now holds, by kind.
    """
    counts = {}
    for kind in KINDS:
        counts[kind] = 0
        after = 0
        while batch := list(public_ids(kind).filter(pk__gt=after)[:BATCH]):
            put(kind, batch)
            counts[kind] += len(batch)
            after = batch[-1]
        _remove_stale(kind)
    return counts


def _remove_stale(kind: str) -> None:
    after = 0
    while batch := store().object_ids(kind, after=after, limit=BATCH):
        stale = set(batch) - set(public_ids(kind).filter(pk__in=batch))
        put(kind, stale)  # read again under lock: it may be public by now
        after = batch[-1]


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def _check(kind: str) -> None:
    if kind not in KINDS:
        msg = f"'{kind}' is not searched; there are: {', '.join(KINDS)}"
        raise ValueError(msg)
