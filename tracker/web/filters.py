"""What the address of the timeline asks for, read without trust.

The address is the whole state. Anything unreadable is left out and said in a plain sentence; nothing raises.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from tracker.models import Article, Entry, EntryArticle, EntryEntity, Lane, Source
from tracker.models.entry import EntryQuerySet
from tracker.text import when

MOST_VALUES = 10
_SLUG = re.compile(r"\A[-A-Za-z0-9_]{1,120}\Z")
_DAY = re.compile(r"\A([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?\Z")
REVIEWS = {"reviewed": "Reviewed", "compiled": "Compiled by the project", "machine": "Not reviewed"}
WORDS = {"entity": "Names", "source": "Source", "kind": "Source kind", "lane": "Lane", "review": "Review"}
CLOSED = {"kind": dict(Source.Category.choices), "lane": dict(Lane.choices), "review": REVIEWS}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month or year as written in the address."""

    text: str  # 2026, 2026-04 or 2026-04-23
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the timeline; entities are joined by AND, the values of each other facet by OR."""

    entity: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    lane: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    first: Period | None = None
    last: Period | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, in a fixed order."""
        facets = [(name, value) for name in WORDS for value in getattr(self, name)]
        dates = [(name, p.text) for name, p in (("from", self.first), ("to", self.last)) if p]
        return facets + dates

    def url(self) -> str:
        """Return the address of the list these filters make."""
        pairs = self.pairs()
        return f"/?{urlencode(pairs)}" if pairs else "/"

    def with_value(self, name: str, value: str) -> Filters:
        """Return these filters with one more value of a facet."""
        return self._with(name, (*getattr(self, name), value))

    def only_value(self, name: str, value: str) -> Filters:
        """Return these filters with `value` as the facet's one value."""
        return self._with(name, (value,))

    def without(self, name: str, value: str = "") -> Filters:
        """Return these filters without a value, or without the whole facet; `dates` drops both dates."""
        if name == "dates":
            return replace(self, first=None, last=None)
        return self._with(name, tuple(v for v in getattr(self, name) if value and v != value))

    def _with(self, name: str, values: tuple[str, ...]) -> Filters:
        changes: dict[str, Any] = {name: values}
        return replace(self, **changes)

    def between(self, first: Period | None, last: Period | None) -> Filters:
        """Return these filters with other dates."""
        return replace(self, first=first, last=last)

    def base(self) -> EntryQuerySet:
        """Return the public entries under the entity, source and kind filters alone."""
        rows = Entry.objects.public()
        for slug in self.entity:
            named = EntryEntity.objects.filter(
                entry=OuterRef("pk"), entity__slug=slug, entity__is_public=True
            )
            rows = rows.filter(Exists(named))
        for name, path in (
            ("source", "article__source__slug__in"),
            ("kind", "article__source__category__in"),
        ):
            values = getattr(self, name)
            if values:
                rows = rows.filter(Exists(public_members().filter(entry=OuterRef("pk"), **{path: values})))
        return rows

    def entries(self) -> EntryQuerySet:
        """Return the public entries under all filters."""
        rows = self.base()
        if self.lane:
            rows = rows.filter(lane__in=self.lane)
        if self.review:
            rows = rows.filter(review_condition(self.review))
        if self.first:
            rows = rows.filter(happened_at__gte=_start(self.first.first))
        if self.last:
            rows = rows.filter(happened_at__lt=_start(self.last.last + dt.timedelta(days=1)))
        return rows


def public_members() -> QuerySet[EntryArticle]:
    """Return the memberships whose article a reader may see."""
    return EntryArticle.objects.filter(
        article__is_on_subject=True, article__status__in=Article.SHOWN, article__hold__isnull=True
    )


def review_state(origin: str, *, is_reviewed: bool) -> str:
    """Return `reviewed`, `compiled` or `machine`."""
    if is_reviewed or origin == Entry.Origin.PERSON:
        return "reviewed"
    return "compiled" if origin == Entry.Origin.COMPILED else "machine"


def review_condition(states: Sequence[str]) -> Q:
    """Return the condition under which an entry is in one of the review states."""
    reviewed = Q(is_reviewed=True) | Q(origin=Entry.Origin.PERSON)
    each = {
        "reviewed": reviewed,
        "compiled": Q(is_reviewed=False, origin=Entry.Origin.COMPILED),
        "machine": Q(is_reviewed=False, origin=Entry.Origin.MACHINE),
    }
    condition = Q(pk__in=())
    for state in states:
        condition |= each[state]
    return condition


def read_period(text: str) -> Period | None:
    """Return the day, month or year that `text` writes, or None."""
    match = _DAY.match(text)
    if not match or not text.isascii():
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    precision = "day" if day else "month" if month else "year"
    return Period(text, first, when.last_day(first, precision))


def period_of(first: dt.date, last: dt.date) -> tuple[Period, Period]:
    """Return the two ends of a range, each written as short as it may be."""
    if first.day == 1 and last == when.last_day(last.replace(day=1), "month"):
        if first.month == 1 and last.month == when.YEAR_MONTHS:
            texts = (f"{first:%Y}", f"{last:%Y}")
        else:
            texts = (f"{first:%Y-%m}", f"{last:%Y-%m}")
    else:
        texts = (first.isoformat(), last.isoformat())
    return Period(texts[0], first, first), Period(texts[1], last, last)


def read_filters(params: QueryDict) -> tuple[Filters, list[str]]:
    """Return the filters of an address, and a sentence for each part that was left out."""
    problems: list[str] = []
    facets = {name: _read_values(name, params.getlist(name), problems) for name in WORDS}
    first = _read_date("from", params.get("from", ""), problems)
    last = _read_date("to", params.get("to", ""), problems)
    if first and last and first.first > last.last:
        problems.append(f"The dates {first.text} to {last.text} run backwards, so they were left out.")
        first = last = None
    return Filters(**facets, first=first, last=last), problems


def _read_values(name: str, values: Sequence[str], problems: list[str]) -> tuple[str, ...]:
    closed = CLOSED.get(name)
    wanted = [value for value in dict.fromkeys(values) if value]
    good = [value for value in wanted if (value in closed if closed else _SLUG.match(value))]
    if len(good) < len(wanted):
        problems.append(f"A filter by {WORDS[name].lower()} could not be read and was left out.")
    if len(good) > MOST_VALUES:
        problems.append(f"Only the first {MOST_VALUES} values of {WORDS[name].lower()} were used.")
    return tuple(good[:MOST_VALUES])


def _read_date(name: str, text: str, problems: list[str]) -> Period | None:
    text = text.strip()
    if not text:
        return None
    period = read_period(text)
    if period is None:
        shown = text[:20].replace("\x00", "")
        problems.append(
            f"“{shown}” after “{name}” is not a date. Write 2026, 2026-04 or 2026-04-23; it was left out."
        )
    return period


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
