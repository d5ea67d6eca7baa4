"""Every number of the timeline, each made together with its link.

`Counted` is the only form in which a number of entries reaches a template. `Tally` makes it from filters: the
link is the address of these filters, the number the length of the list they make, so the two cannot differ.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast, Substr

from tracker.models import EntryArticle, EntryEntity
from tracker.web.filters import Filters, public_members, review_state

MOST_NAMES = 300


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with the address of the list it counts."""

    n: int
    url: str
    value: str = ""
    label: str = ""
    group: str = ""
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Entries that share day, lane, precision and review state."""

    day: dt.date
    lane: str
    precision: str
    review: str
    n: int


@dataclass(slots=True)
class Tally:
    """The numbers of entries under one set of entity, source and kind filters, whatever lane, review and date.

    `cells` are in the order of their days.
    """

    filters: Filters
    cells: list[Cell] = field(default_factory=list)

    @classmethod
    def read(cls, filters: Filters) -> Tally:
        """Count the entries by day, lane, precision and review state, in one query."""
        rows = (
            filters.base()
            .order_by()
            # The first ten characters are the UTC day on SQLite and on PostgreSQL, and far cheaper than TruncDate.
            .annotate(day=Substr(Cast("happened_at", TextField()), 1, 10))
            .values_list("day", "lane", "happened_precision", "origin", "is_reviewed")
            .annotate(n=Count("pk"))
        )
        cells = [
            Cell(dt.date.fromisoformat(day), lane, precision, review_state(origin, is_reviewed=done), n)
            for day, lane, precision, origin, done, n in rows
        ]
        return cls(filters, sorted(cells, key=_day))

    def matching(self, filters: Filters) -> Iterator[Cell]:
        """Return the cells that `filters` (with the same base) let through, by day."""
        low = bisect_left(self.cells, filters.first.first, key=_day) if filters.first else 0
        high = bisect_right(self.cells, filters.last.last, key=_day) if filters.last else len(self.cells)
        for cell in self.cells[low:high]:
            is_in_lane = not filters.lane or cell.lane in filters.lane
            if is_in_lane and (not filters.review or cell.review in filters.review):
                yield cell

    def counted(self, filters: Filters, *, value: str = "", label: str = "", is_on: bool = False) -> Counted:
        """Return the number of entries under `filters` (with the same base), with its link."""
        n = sum(cell.n for cell in self.matching(filters))
        return Counted(n, filters.url(), value=value, label=label, is_on=is_on)

    def facet(self, name: str, choices: dict[str, str]) -> list[Counted]:
        """Return one number per value of `lane` or `review`: the list with that value as the only one."""
        mine = getattr(self.filters, name)
        return [
            self.counted(self.filters.only_value(name, value), value=value, label=label, is_on=value in mine)
            for value, label in choices.items()
        ]


def _day(cell: Cell) -> dt.date:
    return cell.day


def count_entities(filters: Filters) -> list[Counted]:
    """Return the entities named under all filters, most named first; the link narrows the list to each.

    One query. `group` is the type of the entity.
    """
    rows = (
        EntryEntity.objects.filter(
            entry__in=filters.entries().order_by().values("pk"), entity__is_public=True
        )
        .order_by()
        .values_list("entity__slug", "entity__name", "entity__type")
        .annotate(n=Count("entry_id", distinct=True))
        .order_by("-n", "entity__name")[:MOST_NAMES]
    )
    found = []
    for slug, name, kind, n in rows:
        is_on = slug in filters.entity
        target = filters if is_on else filters.with_value("entity", slug)
        found.append(Counted(n, target.url(), value=slug, label=name, group=kind, is_on=is_on))
    return found


def count_sources(filters: Filters) -> list[Counted]:
    """Return the sources under all other filters, most first; one query. `group` is the category."""
    rows = (
        _members(filters.without("source"))
        .values_list("article__source__slug", "article__source__name", "article__source__category")
        .annotate(n=Count("entry_id", distinct=True))
        .order_by("-n", "article__source__name")
    )
    return [
        Counted(n, filters.only_value("source", slug).url(), slug, name, category, slug in filters.source)
        for slug, name, category, n in rows[:MOST_NAMES]
    ]


def count_kinds(filters: Filters, choices: dict[str, str]) -> list[Counted]:
    """Return the categories of source under all other filters, most first; one query."""
    rows = (
        _members(filters.without("kind"))
        .values_list("article__source__category")
        .annotate(n=Count("entry_id", distinct=True))
        .order_by("-n", "article__source__category")
    )
    return [
        Counted(
            n, filters.only_value("kind", kind).url(), kind, choices.get(kind, kind), "", kind in filters.kind
        )
        for kind, n in rows
    ]


def _members(filters: Filters) -> QuerySet[EntryArticle]:
    """Return the public memberships, with a known source, of the entries under `filters`."""
    entries = filters.entries().order_by().values("pk")
    return public_members().filter(entry__in=entries, article__source__isnull=False).order_by()
