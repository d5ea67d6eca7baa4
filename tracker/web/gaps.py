"""On which days which group of sources was not read: the strip under the chart, and what its list counts.

A group is a category of source. Only whole days count, from the first that was ever collected until yesterday:
what was before collecting began is no gap, and today is not over.
"""

from __future__ import annotations

import datetime as dt
import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from tracker.models import EndpointDay, Source
from tracker.text import when

KEPT_S, WHOLE_KEPT_S = 60.0, 3600.0
DAY = dt.timedelta(days=1)
LATELY = dt.timedelta(days=3)
SLACK = 1.1
LABELS: dict[str, str] = {str(value): str(label) for value, label in Source.Category.choices}
WHY = {
    "down": "every try failed",
    "off": "nothing was tried",
    "early": "not collected yet",
}
SOME, MOST = 0.25, 0.75


@dataclass(slots=True)
class Group:
    """One category of source: its days without any good answer, in order, each with the reason."""

    category: str
    days: list[dt.date] = field(default_factory=list)
    why: dict[dt.date, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Name that a reader sees."""
        return LABELS.get(self.category, self.category)

    def between(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """Return the gap days of a span."""
        return self.days[bisect_left(self.days, first) : bisect_right(self.days, last)]

    def ranges(self, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date, str]]:
        """Yield the gaps of a span as first day, last day and reason, neighbours of one reason together."""
        start: dt.date | None = None
        end = first
        for day in self.between(first, last):
            if start is not None and (day - end != DAY or self.why[day] != self.why[end]):
                yield start, end, self.why[end]
                start = None
            start, end = start or day, day
        if start is not None:
            yield start, end, self.why[end]


@dataclass(frozen=True, slots=True)
class Covered:
    """Since when anything is collected, until which day that is known, and the gaps of each group."""

    first: dt.date | None
    last: dt.date
    groups: list[Group]

    def chosen(self, categories: Collection[str] = ()) -> list[Group]:
        """Return the groups of these categories, or all."""
        return [group for group in self.groups if not categories or group.category in categories]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring columns of the chart in which the same groups were not read, with the list behind it."""

    x: str
    width: str
    level: int  # 1 a little, 2 some, 3 nearly all of it
    n: int  # groups
    url: str
    words: str
    names: str


Rows = dict[tuple[dt.date, str], tuple[int, int]]


@dataclass(slots=True)
class _Kept:
    """What this process read last. Old days do not change, so once an hour is enough for them."""

    day: dt.date
    at: float
    whole_at: float
    rows: Rows
    covered: Covered


_kept: list[_Kept] = []


def read_covered(*, today: dt.date | None = None) -> Covered:
    """Return what is known of all days; one query, and none for a minute after it."""
    today = today or when.utc_day(timezone.now())
    now = time.monotonic()
    kept = next((one for one in _kept if one.day == today and now - one.whole_at < WHOLE_KEPT_S), None)
    if kept and now - kept.at < KEPT_S:
        return kept.covered
    since = today - LATELY if kept else None
    rows = {key: value for key, value in (kept.rows if kept else {}).items() if since and key[0] < since}
    rows |= _read(today, since)
    covered = cover(((day, name, *value) for (day, name), value in rows.items()), today)
    _kept[:] = [_Kept(today, now, kept.whole_at if kept else now, rows, covered)]
    return covered


def _read(today: dt.date, since: dt.date | None) -> Rows:
    """Return the endpoints with a good answer and the shortest pace, by day and category."""
    days = EndpointDay.objects.filter(day__lt=today)
    if since:
        days = days.filter(day__gte=since)
    found = (
        days.order_by()
        .values_list("day", "endpoint__source__category")
        .annotate(n_up=Count("pk", filter=Q(n_good__gt=0)), pace_s=Min("endpoint__every_s"))
    )
    return {(day, category): (n_up, pace_s) for day, category, n_up, pace_s in found}


def forget() -> None:
    """Read anew at the next call; for tests."""
    _kept.clear()


def cover(rows: Iterable[tuple[dt.date, str, int, int]], today: dt.date) -> Covered:
    """Return the gaps in days, given as (day, category, endpoints with a good answer, shortest pace in seconds)."""
    tried: dict[str, dict[dt.date, bool]] = {}
    pace_s: dict[str, int] = {}
    for day, category, n_up, pace in rows:
        tried.setdefault(category, {})[day] = n_up > 0
        pace_s[category] = min(pace, pace_s.get(category, pace))
    last = today - DAY
    first = min((day for days in tried.values() for day in days), default=None)
    if first is None:
        return Covered(None, last, [])
    order = [category for category in LABELS if category in tried]
    groups = [_group(name, tried[name], first, last, pace_s=pace_s[name]) for name in order]
    return Covered(first, last, groups)


def _group(category: str, tried: dict[dt.date, bool], first: dt.date, last: dt.date, *, pace_s: int) -> Group:
    group = Group(category)
    before: dt.date | None = None
    for i in range((last - first).days + 1):
        day = first + i * DAY
        why = _why(day, tried, before, pace_s=pace_s)
        if day in tried:
            before = day
        if why:
            group.days.append(day)
            group.why[day] = why
    return group


def _why(day: dt.date, tried: dict[dt.date, bool], before: dt.date | None, *, pace_s: int) -> str:
    if day in tried:
        return "" if tried[day] else "down"
    if before is None:
        return "early"
    if (day - before).days <= pause_days(pace_s, is_down=not tried[before]):
        return "" if tried[before] else "down"  # its turn had not come: as it was
    return "off"


def pause_days(pace_s: int, *, is_down: bool = False) -> int:
    """Return how many days may pass between two tries; after failures the pause is up to a day at any pace."""
    return max(int(pace_s * SLACK // DAY.total_seconds()), int(is_down))


def stretches(
    bins: Sequence[tuple[dt.date, dt.date]],
    covered: Covered,
    *,
    column: float,
    categories: Collection[str] = (),
) -> list[Stretch]:
    """Return the shaded stretches under the columns of a chart.

    Args:
        bins: first and last day of each column.
        covered: what is known of the days.
        column: width of a column.
        categories: groups to look at, all by default.
    """
    if covered.first is None:
        return []
    groups = covered.chosen(categories)
    found: list[tuple[int, int, int, tuple[str, ...]]] = []  # first and last column, level, groups
    for i, (first, last) in enumerate(bins):
        low, high = max(first, covered.first), min(last, covered.last)
        n_days = (high - low).days + 1
        if n_days < 1 or not groups:
            continue
        missing = {group.category: len(group.between(low, high)) for group in groups}
        names = tuple(name for name, n in missing.items() if n)
        if not names:
            continue
        share = sum(missing.values()) / (n_days * len(groups))
        level = 1 if share < SOME else 2 if share < MOST else 3
        if found and found[-1][1] == i - 1 and found[-1][2:] == (level, names):
            found[-1] = (found[-1][0], i, level, names)
        else:
            found.append((i, i, level, names))
    return [
        _stretch(covered, bins[i][0], bins[j][1], names, level=level, at=(i * column, (j - i + 1) * column))
        for i, j, level, names in found
    ]


def _stretch(
    covered: Covered,
    first: dt.date,
    last: dt.date,
    names: Sequence[str],
    *,
    level: int,
    at: tuple[float, float],
) -> Stretch:
    first, last = max(first, covered.first or first), min(last, covered.last)
    return Stretch(
        f"{at[0]:.1f}",
        f"{at[1]:.1f}",
        level,
        len(names),
        coverage_url(first, last, names),
        span_words(first, last),
        ", ".join(LABELS.get(name, name) for name in names),
    )


def coverage_url(first: dt.date, last: dt.date, categories: Iterable[str] = ()) -> str:
    """Return the address of the list behind a stretch."""
    pairs = [("from", first.isoformat()), ("to", last.isoformat()), *(("group", name) for name in categories)]
    return f"{reverse('web:coverage')}?{urlencode(pairs)}"


def span_words(first: dt.date, last: dt.date) -> str:
    """Return a span of days in words."""
    if first == last:
        return when.day_words(first)
    return f"{when.day_words(first)} to {when.day_words(last)}"
