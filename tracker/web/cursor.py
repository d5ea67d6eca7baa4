"""Places in a list, for paging by key instead of by number.

A cursor is the sort key and the primary key of a row, as text in the address. Whoever changes it by hand gets
another place in the list, or the first page; never an error.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict

_SHAPE = re.compile(r"\A(\d{1,18})-(\d{1,18})\Z")
_EPOCH = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
OLDER = "older"
NEWER = "newer"
RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place: its moment and primary key, and the side of it on which to read on."""

    at: dt.datetime
    pk: int
    is_newer: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list with the addresses of its neighbours (empty where there is none)."""

    rows: list[Any]
    newer_url: str
    older_url: str


def encode(at: dt.datetime, pk: int) -> str:
    """Return the cursor of a row: microseconds since year 1, then the primary key."""
    return f"{(at - _EPOCH) // dt.timedelta(microseconds=1)}-{pk}"


def decode(text: str, *, is_newer: bool = False) -> Place | None:
    """Return the place a cursor names, or None when it names none."""
    match = _SHAPE.match(text)
    if not match or not text.isascii():
        return None
    try:
        at = _EPOCH + dt.timedelta(microseconds=int(match[1]))
    except OverflowError:
        return None
    return Place(at, int(match[2]), is_newer=is_newer)


def place_of(params: QueryDict) -> Place | None:
    """Return the place the address asks for; `older` wins over `newer`."""
    return decode(params.get(OLDER, "")) or decode(params.get(NEWER, ""), is_newer=True)


def read_leaf(
    rows: models.QuerySet[RowT],
    place: Place | None,
    *,
    key: str,
    size: int,
    path: str,
    pairs: list[tuple[str, str]],
) -> Leaf:
    """Return one page of `rows`, newest first, in one query.

    Args:
        rows: the list, in any order.
        place: where to go on, or None for the first page.
        key: name of the DateTimeField that orders the list; ties are broken by primary key.
        size: most rows of the page.
        path: address of the list.
        pairs: its parameters, without the cursor.
    """
    is_newer = place is not None and place.is_newer
    if place is not None:
        side = "gt" if is_newer else "lt"
        rows = rows.filter(
            models.Q(**{f"{key}__{side}": place.at}) | models.Q(**{key: place.at, f"pk__{side}": place.pk})
        )
    order = (key, "pk") if is_newer else (f"-{key}", "-pk")
    found = list(rows.order_by(*order)[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if is_newer:
        found.reverse()
    if not found:
        return Leaf([], "", "")

    def url(row: RowT, name: str) -> str:
        return f"{path}?{urlencode([*pairs, (name, encode(getattr(row, key), row.pk))])}"

    has_newer = has_more if is_newer else place is not None
    has_older = True if is_newer else has_more
    return Leaf(
        found,
        url(found[0], NEWER) if has_newer else "",
        url(found[-1], OLDER) if has_older else "",
    )
