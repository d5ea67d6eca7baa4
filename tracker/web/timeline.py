"""`/`: the timeline, its chart, its facets and its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import Entity, Lane, Source
from tracker.text import when
from tracker.web.chart import Chart, build_chart, period_words
from tracker.web.counts import Counted, Tally, count_entities, count_kinds, count_sources
from tracker.web.cursor import Leaf, place_of, read_leaf
from tracker.web.filters import REVIEWS, WORDS, Filters, read_filters
from tracker.web.gaps import read_covered
from tracker.web.rows import LANE_PLURALS, MonthGroup, build_rows, group_rows

PAGE_ROWS = 30
MOST_FACET_ROWS = 6
ENTITY_GROUPS = {
    Entity.Type.ORGANISATION: "Company or organisation",
    Entity.Type.PERSON: "Official or person",
    Entity.Type.PUBLIC_BODY: "Public body",
    Entity.Type.MODEL: "AI model or product",
    Entity.Type.INSTRUMENT: "Law or document",
    Entity.Type.PLACE: "Country or place",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """One folded list of values in the rail."""

    name: str
    title: str
    values: list[Counted]
    is_open: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in force, with the address without it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """All that the timeline shows."""

    filters: Filters
    problems: list[str]
    chips: list[Chip]
    total: Counted
    everything_url: str
    span: str
    chart: Chart | None
    reviews: list[Counted]
    facets: list[Facet]
    months: list[MonthGroup]
    n_rows: int
    leaf: Leaf
    ways_out: list[Counted]


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    """Show the timeline under the filters of the address."""
    filters, problems = read_filters(request.GET)
    tally = Tally.read(filters)
    total = tally.counted(filters)
    leaf = read_leaf(
        filters.entries(),
        place_of(request.GET),
        key="happened_at",
        size=PAGE_ROWS,
        path="/",
        pairs=filters.pairs(),
    )
    rows = build_rows(leaf.rows)
    entities = count_entities(filters)
    sources = count_sources(filters)
    kinds = count_kinds(filters, dict(Source.Category.choices))
    names = read_names(filters, entities, sources)
    page = TimelinePage(
        filters=filters,
        problems=problems,
        chips=_chips(filters, names),
        total=total,
        everything_url=filters.between(None, None).url(),
        span=_span(tally),
        chart=build_chart(tally, read_covered()),
        reviews=tally.facet("review", REVIEWS),
        facets=_facets(filters, tally, entities, sources, kinds),
        months=group_rows(rows, tally),
        n_rows=len(rows),
        leaf=leaf,
        ways_out=[] if total.n else _ways_out(filters, tally, names),
    )
    return render(request, "web/timeline.html", {"t": page})


def read_names(
    filters: Filters, entities: list[Counted], sources: list[Counted]
) -> dict[tuple[str, str], str]:
    """Return the names of the chosen entities and sources; a query only for those the facets do not show."""
    names: dict[tuple[str, str], str] = {("entity", c.value): c.label for c in entities}
    names.update({("source", c.value): c.label for c in sources})
    missing = [slug for slug in filters.entity if ("entity", slug) not in names]
    if missing:
        found = Entity.objects.filter(slug__in=missing, is_public=True).values_list("slug", "name")
        names.update({("entity", slug): name for slug, name in found})
    missing = [slug for slug in filters.source if ("source", slug) not in names]
    if missing:
        rows = Source.objects.filter(slug__in=missing).values_list("slug", "name")
        names.update({("source", slug): name for slug, name in rows})
    closed: dict[str, dict[Any, Any]] = {
        "kind": dict(Source.Category.choices),
        "lane": dict(LANE_PLURALS),
        "review": REVIEWS,
    }
    for facet, words in closed.items():
        names.update({(facet, str(value)): str(label) for value, label in words.items()})
    return names


def _chips(filters: Filters, names: dict[tuple[str, str], str]) -> list[Chip]:
    chips = [
        Chip(f"{WORDS[name]}: {names.get((name, value), value)}", filters.without(name, value).url())
        for name in WORDS
        for value in getattr(filters, name)
    ]
    dates = period_words(filters)
    return [*chips, Chip(dates, filters.without("dates").url())] if dates else chips


def _facets(
    filters: Filters, tally: Tally, entities: list[Counted], sources: list[Counted], kinds: list[Counted]
) -> list[Facet]:
    facets = [
        Facet("lane", "Lane", tally.facet("lane", {k.value: LANE_PLURALS[k] for k in Lane}), is_open=True)
    ]
    for kind, title in ENTITY_GROUPS.items():
        values = _first(entity for entity in entities if entity.group == kind)
        if values:
            is_open = kind in {Entity.Type.ORGANISATION, Entity.Type.PERSON} or any(v.is_on for v in values)
            facets.append(Facet("entity", title, values, is_open, "each further name narrows the list"))
    if sources:
        facets.append(Facet("source", "Source", _first(sources), is_open=bool(filters.source)))
    if kinds:
        facets.append(Facet("kind", "Source kind", kinds, is_open=bool(filters.kind)))
    facets.append(Facet("review", "Review", tally.facet("review", REVIEWS), is_open=bool(filters.review)))
    return facets


def _first(values: Any) -> list[Counted]:  # noqa: ANN401 - any iterable of Counted
    every = list(values)
    chosen = [value for value in every if value.is_on]
    return chosen + [value for value in every if not value.is_on][: max(MOST_FACET_ROWS - len(chosen), 2)]


def _span(tally: Tally) -> str:
    cells = list(tally.matching(tally.filters))
    if not cells:
        return ""
    first, last = cells[0].day, cells[-1].day
    if first == last:
        return when.day_words(first)
    return f"{when.day_words(first)} to {when.day_words(last)}"


def _ways_out(filters: Filters, tally: Tally, names: dict[tuple[str, str], str]) -> list[Counted]:
    """Return, for an empty list, what dropping one filter would bring back."""
    options = []
    if filters.first or filters.last:
        options.append((filters.without("dates"), "Drop the dates"))
    options += [
        (filters.without(name), f"Drop the filter by {WORDS[name].lower()}")
        for name in ("lane", "review")
        if getattr(filters, name)
    ]
    ways = [tally.counted(option, label=label) for option, label in options]
    for name in ("entity", "source", "kind"):
        for value in getattr(filters, name)[:1]:
            option = filters.without(name, value)
            n = option.entries().count()
            ways.append(Counted(n, option.url(), label=f"Drop {names.get((name, value), value)}"))
    return [way for way in ways if way.n]
