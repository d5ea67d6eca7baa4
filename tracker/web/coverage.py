"""`/coverage/`: the list behind the shaded days of the timeline: which groups and endpoints were not read, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import Endpoint, EndpointDay
from tracker.web.counts import Counted
from tracker.web.filters import Period, read_period
from tracker.web.gaps import (
    LABELS,
    WHY,
    Covered,
    Group,
    coverage_url,
    pause_days,
    read_covered,
    span_words,
)

DEFAULT_DAYS = 30
MOST_RANGES = 12


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One endpoint that was not read on some days of the span."""

    endpoint: Endpoint
    n_failed: int
    n_missing: int


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group with its gaps in words and its endpoints."""

    group: Group
    n_days: int
    ranges: list[tuple[str, str]]
    n_more: int
    counted: Counted
    endpoints: list[EndpointRow]


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show the groups with gaps between two days, each with the endpoints behind them."""
    problems: list[str] = []
    wanted = [name for name in dict.fromkeys(request.GET.getlist("group")) if name in LABELS]
    ends = {name: _read(request.GET.get(name, ""), problems) for name in ("from", "to")}
    covered = read_covered()
    context = {"problems": problems, "covered": covered, "rows": [], "groups": wanted}
    if covered.first is not None:
        first, last = _span(covered, ends["from"], ends["to"], problems)
        rows = _groups(covered, first, last, wanted) if first <= last else []
        context |= {
            "rows": rows,
            "n_groups": len(covered.groups),
            "span": span_words(first, last) if first <= last else "",
            "n_days": max((last - first).days + 1, 0),
            "names": ", ".join(LABELS[name] for name in wanted),
            "all_url": coverage_url(first, last),
        }
    return render(request, "web/coverage.html", context)


def _read(text: str, problems: list[str]) -> Period | None:
    text = text.strip()
    period = read_period(text)
    if text and period is None:
        shown = text[:20].replace("\x00", "")
        problems.append(f"“{shown}” is not a date. Write 2026, 2026-04 or 2026-04-23; it was left out.")
    return period


def _span(
    covered: Covered, start: Period | None, end: Period | None, problems: list[str]
) -> tuple[dt.date, dt.date]:
    """Return the days asked for, as far as anything is known of them; the last 30 by default."""
    begin = covered.first or covered.last
    if start and end and start.first > end.last:
        problems.append(f"The dates {start.text} to {end.text} run backwards, so they were left out.")
        start = end = None
    if start is None and end is None:
        return max(begin, covered.last - dt.timedelta(days=DEFAULT_DAYS - 1)), covered.last
    first = max(start.first, begin) if start else begin
    last = min(end.last, covered.last) if end else covered.last
    return first, last


def _groups(covered: Covered, first: dt.date, last: dt.date, wanted: list[str]) -> list[GroupRow]:
    found = [group for group in covered.chosen(wanted) if group.between(first, last)]
    by_category = _endpoints(first, last, [group.category for group in found])
    rows = []
    for group in found:
        ranges = [(span_words(start, end), WHY[why]) for start, end, why in group.ranges(first, last)]
        mine = by_category.get(group.category, [])
        url = coverage_url(first, last, [group.category])
        rows.append(
            GroupRow(
                group,
                len(group.between(first, last)),
                ranges[:MOST_RANGES],
                max(len(ranges) - MOST_RANGES, 0),
                Counted(len(mine), url, group.category, group.label),
                mine,
            )
        )
    return rows


def _endpoints(first: dt.date, last: dt.date, categories: list[str]) -> dict[str, list[EndpointRow]]:
    """Return the endpoints with days that failed or were not tried, by category, worst first; one query."""
    here = Q(days__day__gte=first, days__day__lte=last)
    is_collected = Q(is_enabled=True, source__is_enabled=True)
    rows = (
        Endpoint.objects.filter(source__category__in=categories)
        .filter(is_collected | Q(Exists(EndpointDay.objects.filter(endpoint=OuterRef("pk")))))
        .select_related("source")
        .annotate(
            n_tried=Count("days", filter=here),
            n_down=Count("days", filter=here & Q(days__n_good=0, days__n_failed__gt=0)),
        )
    )
    n_days = (last - first).days + 1
    found: dict[str, list[EndpointRow]] = {}
    for endpoint in rows:
        each = pause_days(endpoint.every_s) + 1  # days that one try speaks for
        n_failed: int = endpoint.n_down  # type: ignore[attr-defined]  # annotated above, and lost by the Q in between
        n_missing = max(n_days - endpoint.n_tried * each, 0)  # type: ignore[attr-defined]  # as above
        if n_failed or n_missing:
            row = EndpointRow(endpoint, n_failed, n_missing)
            found.setdefault(endpoint.source.category, []).append(row)
    for mine in found.values():
        mine.sort(key=lambda row: (-row.n_failed - row.n_missing, str(row.endpoint).casefold()))
    return found
