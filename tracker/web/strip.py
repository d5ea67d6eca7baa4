"""An endpoint's last 60 days and 12 weeks as coordinates; the template draws them as SVG.

Widths are percentages and heights pixels, so that bars follow the width of the page and words keep their size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.models import EndpointDay
from tracker.text import when
from tracker.web.counts import Counted
from tracker.web.outcomes import advice_on

N_DAYS = 60
N_WEEKS = 12
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
NEAR = dt.timedelta(days=15)
"""What is nearer to an end of the strip gets no words: they would touch on a phone."""
DAYS_HIGH = 32
WEEKS_HIGH = 64
TOP = 16
HEIGHTS = {"good": 18, "calm": 8, "part": 26, "bad": 32, "none": 3}
KIND_WORDS = {
    "good": "brought something new",
    "calm": "worked, nothing new",
    "part": "failed at times",
    "bad": "failed all day",
    "none": "not collected",
}


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day of the strip."""

    day: dt.date
    kind: str  # a key of KIND_WORDS
    said: str
    words: str  # the day and what came of it
    tries: str
    n_new: int
    x: str
    y: int
    height: int
    is_stop: bool  # reached by Tab: the first day of each stretch with trouble


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One week: how many items came, with the list of them."""

    counted: Counted
    aria: str
    x: str
    middle: str
    y: int
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Sixty days, the summary in one sentence, and what the signs in it mean."""

    days: list[DayBar]
    summary: str
    width: str
    ticks: list[tuple[str, str]]  # x, words
    legend: list[tuple[str, str]] = field(default_factory=list)  # kind, words


@dataclass(frozen=True, slots=True)
class Weeks:
    """Twelve weeks of items."""

    bars: list[WeekBar]
    width: str
    most: int


def build_strip(rows: Iterable[EndpointDay], today: dt.date) -> Strip:
    """Return the strip that ends today; days without a row were not collected."""
    by_day = {row.day: row for row in rows}
    first = today - (N_DAYS - 1) * DAY
    step = 100 / N_DAYS
    days: list[DayBar] = []
    for i in range(N_DAYS):
        day = first + i * DAY
        row = by_day.get(day)
        kind = kind_of(row)
        is_stop = kind in {"bad", "part"} and not (days and days[-1].kind == kind)
        height = HEIGHTS[kind]
        days.append(
            DayBar(
                day,
                kind,
                _say(row, kind),
                f"{when.day_words(day)}: {_say(row, kind)}",
                _tries(row),
                row.n_new if row else 0,
                _percent(i * step),
                DAYS_HIGH - height,
                height,
                is_stop,
            )
        )
    counts = {kind: sum(bar.kind == kind for bar in days) for kind in KIND_WORDS}
    said = [f"{n} {words}" for kind, words in KIND_WORDS.items() if (n := counts[kind])]
    ticks = [
        (_percent((month - first).days * step), when.short_day_words(month))
        for month in (when.month_after(first, 1), when.month_after(first, 2))
        if month - first >= NEAR and month <= today - NEAR
    ]
    legend = [(kind, words) for kind, words in KIND_WORDS.items() if counts[kind]]
    return Strip(days, f"Of {N_DAYS} days: {', '.join(said)}.", _percent(step * 0.72), ticks, legend)


def kind_of(row: EndpointDay | None) -> str:
    """Return what a day was: good, calm, part, bad or none."""
    if row is None or not (row.n_good or row.n_failed):
        return "none"
    if row.n_failed:
        return "part" if row.n_good else "bad"
    return "good" if row.n_new else "calm"


def first_week(today: dt.date) -> dt.date:
    """Return the Monday with which the twelve weeks begin."""
    return today - today.weekday() * DAY - (N_WEEKS - 1) * WEEK


def build_weeks(n_by_day: Mapping[dt.date, int], today: dt.date, url: str) -> Weeks:
    """Return a bar for each of the twelve weeks; `url` is the list, to which the days are added."""
    start = first_week(today)
    totals: list[tuple[dt.date, int]] = []
    for i in range(N_WEEKS):
        monday = start + i * WEEK
        totals.append((monday, sum(n_by_day.get(monday + k * DAY, 0) for k in range(WEEK.days))))
    most = max(n for _, n in totals)
    step = 100 / N_WEEKS
    bars = []
    for i, (monday, n) in enumerate(totals):
        sunday = monday + WEEK - DAY
        height = max(round(n / most * WEEKS_HIGH), 1) if n else 0
        words = f"{when.short_day_words(monday)} to {when.short_day_words(sunday)}"
        label = when.short_day_words(monday).rsplit(" ", 1)[0] if i % 3 == 0 else ""
        bars.append(
            WeekBar(
                Counted(n, f"{url}?from={monday}&to={sunday}", label=words),
                f"{words}: {n} item{'' if n == 1 else 's'}",
                _percent(i * step),
                _percent((i + 0.5) * step),
                TOP + WEEKS_HIGH - height,
                height,
                label,
            )
        )
    return Weeks(bars, _percent(step), most)


def _say(row: EndpointDay | None, kind: str) -> str:
    if row is None or kind == "none":
        return "not collected"
    failure = f", {advice_on(row.failure).words}" if row.failure else ""
    if kind == "bad":
        return f"failed all day{failure}"
    if kind == "part":
        return f"{row.n_failed} of {row.n_good + row.n_failed} tries failed{failure}"
    return f"{row.n_new} new" if row.n_new else "worked, nothing new"


def _tries(row: EndpointDay | None) -> str:
    if row is None:
        return "none"
    return f"{row.n_good} good, {row.n_failed} failed" if row.n_failed else f"{row.n_good} good"


def _percent(number: float) -> str:
    return f"{number:.3f}%"
