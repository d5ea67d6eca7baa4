"""The density chart of the timeline as coordinates; the template draws them as SVG.

Bars count entries per day, week, month, quarter or year; marks are entries in their lane. Each bar and each
lane cell is a link made by `Tally.counted`, so its number is the length of the list it opens.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from tracker.models import Lane
from tracker.text import when
from tracker.web.counts import Cell, Counted, Tally
from tracker.web.filters import Filters, period_of
from tracker.web.gaps import Covered, Stretch, coverage_url, stretches
from tracker.web.rows import LANE_CLASSES, LANE_PLURALS

WIDE = 1016
NARROW = 360
BAR_TOP = 18
BAR_HIGH = 112
BASE = BAR_TOP + BAR_HIGH + 0.5
LANES_TOP = 152
LANE_HIGH = 34
COVER_HIGH = 26
NARROW_HIGH = 168
NARROW_COVER = 150
MOST_BINS_WIDE = {"day": 62, "week": 31, "month": 42, "quarter": 40, "year": 80}
MOST_BINS_NARROW = {"day": 12, "week": 12, "month": 12, "quarter": 13, "year": 80}
MOST_BINS = 80
MOST_MARKS = 6
MOST_STACKED = 3
WEEK_DAYS = 7
LABEL_BINS = 16
WIDEST_BAR = 44


@dataclass(frozen=True, slots=True)
class Bin:
    """One column: a span of days, inclusive."""

    first: dt.date
    last: dt.date
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a bar that belongs to one lane."""

    css: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the chart."""

    counted: Counted
    aria: str
    x: str
    width: str
    bar_x: str
    bar_width: str
    middle: str
    label: str
    label_y: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry in its lane; `d` is an SVG path."""

    d: str


@dataclass(frozen=True, slots=True)
class LaneCell:
    """The entries of one lane in one column."""

    counted: Counted
    aria: str
    x: str
    width: str
    y: str
    marks: list[Mark]
    text: str
    text_x: str
    text_y: str


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane: its number, its cells, and the dashed bars of vague dates."""

    css: str
    fill: str
    stroke: str
    word: str
    counted: Counted
    y: str
    cells: list[LaneCell]
    vague: list[tuple[str, str, str]]  # x, y, width


@dataclass(frozen=True, slots=True)
class Cover:
    """The strip of the days on which sources were not read, with the line of those that were collected at all."""

    y: int
    line: tuple[str, str]  # from x to x
    stretches: list[Stretch]
    url: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing: the wide one has lanes, the narrow one has not."""

    width: int
    height: int
    unit: str
    bars: list[Bar]
    lanes: list[LaneRow]
    grid: list[tuple[str, int]]
    years: list[tuple[str, str]]
    brush: tuple[str, str] | None
    brush_height: int
    year_y: int
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Both drawings and the table of the same numbers."""

    wide: Plot
    narrow: Plot
    lanes: list[LaneRow]
    selected: str
    all_url: str
    has_vague: bool
    since: dt.date | None


def build_chart(tally: Tally, covered: Covered) -> Chart | None:
    """Return the chart of a tally, or None when there is nothing to draw."""
    filters = tally.filters
    everything = list(tally.matching(filters.without("dates").without("lane").without("review")))
    shown = filters.between(None, None)
    span = _span(everything, filters)
    if span is None:
        return None
    wide = _plot(tally, shown, span, covered, width=WIDE)
    narrow = _plot(tally, shown, span, covered, width=NARROW)
    selected = period_words(filters)
    has_vague = any(lane.vague for lane in wide.lanes)
    return Chart(wide, narrow, wide.lanes, selected, shown.url(), has_vague, covered.first)


def period_words(filters: Filters) -> str:
    """Return the selected dates in words, or nothing when none are selected."""
    if not filters.first and not filters.last:
        return ""
    first, last = filters.first, filters.last
    ends = [
        when.day_words(first.first, _precision(first.text)) if first else "the beginning",
        when.day_words(
            last.first if len(last.text) == len("2026-04-23") else last.last, _precision(last.text)
        )
        if last
        else "now",
    ]
    return " to ".join(dict.fromkeys(ends))


def _precision(text: str) -> str:
    return {4: "year", 7: "month"}.get(len(text), "day")


def _span(cells: list[Cell], filters: Filters) -> tuple[dt.date, dt.date] | None:
    if not cells:
        return None
    days = [cell.day for cell in cells]
    low, high = min(days), max(days)
    if filters.first:
        low = max(low, filters.first.first) if filters.first.first <= high else low
    if filters.last:
        high = min(high, filters.last.last) if filters.last.last >= low else high
    low = low.replace(day=1)
    return low, max(when.last_day(high.replace(day=1), "month"), low)


def _bins(span: tuple[dt.date, dt.date], limits: dict[str, int]) -> tuple[str, list[Bin]]:
    days = (span[1] - span[0]).days + 1
    months = (span[1].year - span[0].year) * when.YEAR_MONTHS + span[1].month - span[0].month + 1
    sizes = {"day": days, "week": days // WEEK_DAYS + 2, "month": months, "quarter": months // 3 + 1}
    unit = next((name for name, n in sizes.items() if n <= limits[name]), "year")
    bins: list[Bin] = []
    day = _first_of(span[0], unit)
    while day <= span[1]:
        last = _last_of(day, unit)
        bins.append(Bin(day, last, *_bin_words(day, last, unit)))
        day = last + dt.timedelta(days=1)
    bins = bins[-MOST_BINS:]
    every = max(1, -(-len(bins) // LABEL_BINS)) if len(bins[0].label) > 1 else 1
    return unit, [replace(b, label="" if i % every else b.label) for i, b in enumerate(bins)]


def _first_of(day: dt.date, unit: str) -> dt.date:
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    if unit == "quarter":
        return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if unit == "year":
        return dt.date(day.year, 1, 1)
    return day


def _last_of(day: dt.date, unit: str) -> dt.date:
    if unit == "week":
        return day + dt.timedelta(days=WEEK_DAYS - 1)
    if unit == "quarter":
        return when.last_day(day, "season")
    return when.last_day(day, unit)


def _bin_words(first: dt.date, last: dt.date, unit: str) -> tuple[str, str]:
    if unit == "day":
        return str(first.day), when.day_words(first)
    if unit == "week":
        return when.short_day_words(first).rsplit(" ", 1)[
            0
        ], f"{when.day_words(first)} to {when.day_words(last)}"
    if unit == "month":
        return when.MONTHS[first.month - 1][0], when.month_words(first)
    if unit == "quarter":
        name = f"Q{(first.month - 1) // 3 + 1}"
        return name, f"{name} {first.year}"
    return str(first.year), str(first.year)


def _ceiling(n: int) -> tuple[int, int]:
    """Return a round maximum and the step of its grid lines."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20_000, 100_000):
        if n <= step * 3:
            return step * 3, step
    return n, n


def _f(number: float) -> str:
    return f"{number:.1f}"


def _plot(
    tally: Tally, shown: Filters, span: tuple[dt.date, dt.date], covered: Covered, *, width: int
) -> Plot:
    is_wide = width == WIDE
    unit, bins = _bins(span, MOST_BINS_WIDE if is_wide else MOST_BINS_NARROW)
    column = width / len(bins)
    by_bin = [list(tally.matching(shown.between(*period_of(b.first, b.last)))) for b in bins]
    top, step = _ceiling(max((sum(c.n for c in mine) for mine in by_bin), default=0) or 1)
    scale = BAR_HIGH / top
    bars = []
    for i, (b, mine) in enumerate(zip(bins, by_bin, strict=True)):
        counted = tally.counted(shown.between(*period_of(b.first, b.last)), label=b.words)
        bars.append(_bar(i, b, counted, mine, column=column, scale=scale))
    grid = [(_f(BASE - scale * value), value) for value in range(step, top, step)]
    lanes = [_lane(i, lane, tally, shown, bins, column) for i, lane in enumerate(Lane)] if is_wide else []
    foot = LANES_TOP + LANE_HIGH * len(Lane) if is_wide else NARROW_COVER
    cover = _cover(bins, covered, shown, width=width, y=foot)
    height = (foot if is_wide else NARROW_HIGH) + (COVER_HIGH if cover else 0)
    return Plot(
        width,
        height,
        unit,
        bars,
        lanes,
        grid,
        _years(bins, column),
        _brush(tally.filters, bins, width),
        brush_height=height - BAR_TOP if is_wide else BAR_HIGH,
        year_y=14 if is_wide else height - 2,
        cover=cover,
    )


def _cover(bins: list[Bin], covered: Covered, shown: Filters, *, width: int, y: int) -> Cover | None:
    """Return the strip, or None where nothing was collected in the days of the chart."""
    first, last = bins[0].first, bins[-1].last
    if covered.first is None or covered.first > last or covered.last < first or covered.last < covered.first:
        return None
    column = width / len(bins)
    low, high = max(first, covered.first), min(last, covered.last)
    line = (_f(_x(low, bins, column)), _f(_x(high + dt.timedelta(days=1), bins, column)))
    spans = [(b.first, b.last) for b in bins]
    found = stretches(spans, covered, column=column, categories=shown.kind)
    return Cover(y, line, found, coverage_url(low, high, shown.kind))


def _bar(i: int, b: Bin, counted: Counted, cells: list[Cell], *, column: float, scale: float) -> Bar:
    by_lane: Counter[str] = Counter()
    for cell in cells:
        by_lane[cell.lane] += cell.n
    y, parts = BASE - 1, []
    for lane in Lane:
        if by_lane[lane]:
            height = by_lane[lane] * scale
            y -= height
            parts.append(Part(LANE_CLASSES[lane].replace("is-", "f-"), _f(y), _f(max(height - 1, 0.8))))
    gap = max(min(column * 0.12, 5), (column - WIDEST_BAR) / 2)
    said = ", ".join(f"{by_lane[lane]} {LANE_PLURALS[lane].lower()}" for lane in Lane if by_lane[lane])
    noun = "entry" if counted.n == 1 else "entries"
    return Bar(
        counted,
        f"{b.words}: {counted.n} {noun} ({said})",
        _f(i * column),
        _f(column),
        _f(i * column + gap),
        _f(column - 2 * gap),
        _f((i + 0.5) * column),
        b.label,
        _f(y - 4),
        parts,
    )


def _lane(i: int, lane: Lane, tally: Tally, shown: Filters, bins: list[Bin], column: float) -> LaneRow:
    y = LANES_TOP + i * LANE_HIGH
    css = LANE_CLASSES[lane]
    cells, vague = [], []
    only = shown.only_value("lane", lane.value)
    for j, b in enumerate(bins):
        here_only = only.between(*period_of(b.first, b.last))
        here = list(tally.matching(here_only))
        if not here:
            continue
        counted = tally.counted(here_only)
        exact = [cell for cell in here if cell.precision not in when.MONTHS_BY_PRECISION]
        n_exact = sum(cell.n for cell in exact)
        is_crowded = n_exact > MOST_MARKS
        marks = [] if is_crowded else _marks(exact, css, bins, column, y + LANE_HIGH / 2)
        if is_crowded:
            marks = [_mark(css, (j + 0.32) * column, y + LANE_HIGH / 2)]
        noun = "entry" if counted.n == 1 else "entries"
        cells.append(
            LaneCell(
                counted,
                f"{b.words}, {LANE_PLURALS[lane].lower()}: {counted.n} {noun}",
                _f(j * column),
                _f(column),
                _f(y),
                marks,
                str(n_exact) if is_crowded else "",
                _f((j + 0.32) * column + 8),
                _f(y + LANE_HIGH / 2 + 4),
            )
        )
        for cell in here:
            if cell.precision in when.MONTHS_BY_PRECISION:
                x = _x(cell.day, bins, column)
                end = _x(when.last_day(cell.day, cell.precision) + dt.timedelta(days=1), bins, column)
                vague.append((_f(x + 1), _f(y + LANE_HIGH / 2 - 5), _f(max(end - x - 2, 4))))
    filters = tally.filters
    counted = tally.counted(filters.only_value("lane", lane.value), is_on=lane.value in filters.lane)
    fill, stroke = css.replace("is-", "f-"), css.replace("is-", "s-")
    return LaneRow(css, fill, stroke, LANE_PLURALS[lane], counted, _f(y), cells, vague)


def _x(day: dt.date, bins: list[Bin], column: float) -> float:
    """Return where a day begins, in units of the drawing; days outside are clamped."""
    for i, b in enumerate(bins):
        if day <= b.last:
            if day < b.first:
                return i * column
            return (i + (day - b.first).days / ((b.last - b.first).days + 1)) * column
    return len(bins) * column


def _marks(cells: list[Cell], css: str, bins: list[Bin], column: float, middle: float) -> list[Mark]:
    by_day: defaultdict[dt.date, int] = defaultdict(int)
    for cell in cells:
        by_day[cell.day] += cell.n
    marks = []
    for day, n in sorted(by_day.items()):
        x = _x(day, bins, column) + (_x(day + dt.timedelta(days=1), bins, column) - _x(day, bins, column)) / 2
        n_stacked = min(n, MOST_STACKED)
        marks += [_mark(css, x, middle + (k - (n_stacked - 1) / 2) * 10) for k in range(n_stacked)]
    return marks


def _mark(css: str, x: float, y: float) -> Mark:
    shapes = {
        "is-alleged": f"M{x:.1f} {y - 5:.1f}l5 9.500h-10z",
        "is-answered": f"M{x - 4.7:.1f} {y:.1f}a4.700 4.700 0 1 0 9.400 0a4.700 4.700 0 1 0 -9.400 0z",
        "is-acted": f"M{x - 4.4:.1f} {y - 4.4:.1f}h8.800v8.800h-8.800z",
        "is-court": f"M{x:.1f} {y - 5.5:.1f}l5.500 5.500l-5.500 5.500l-5.500 -5.500z",
        "is-reported": f"M{x - 5:.1f} {y - 1.8:.1f}h10v3.600h-10z",
    }
    return Mark(shapes[css])


def _years(bins: list[Bin], column: float) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    year = 0
    for i, b in enumerate(bins):
        if b.last.year != year and (b.first.year == b.last.year or not found):
            year = b.last.year
            found.append((_f(i * column), str(year)))
    return found


def _brush(filters: Filters, bins: list[Bin], width: int) -> tuple[str, str] | None:
    """Return x and width of the frame around the selected dates, or None when all or nothing is selected."""
    if not filters.first and not filters.last:
        return None
    column = width / len(bins)
    x = _x(filters.first.first, bins, column) if filters.first else 0
    end = _x(filters.last.last + dt.timedelta(days=1), bins, column) if filters.last else float(width)
    if end <= x or (x <= 0 and end >= width):
        return None
    return _f(x), _f(end - x)
