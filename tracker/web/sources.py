"""`/sources/`: who is read, and whether reading works, in plain words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.models import Article, Endpoint, Notice, Source
from tracker.records import Outcome
from tracker.text import when
from tracker.web.access import is_staff
from tracker.web.counts import Counted
from tracker.web.cursor import place_of, read_leaf
from tracker.web.outcomes import advice_on, is_failure

ARTICLE_ROWS = 30
STATES = {
    "working": "Working",
    "quiet": "Quiet or stale",
    "failing": "Failing",
    "waiting": "Not tried yet",
    "off": "Not collected",
}
STATE_ORDER = ("failing", "quiet", "waiting", "working", "off")
ALSO = {
    Notice.Kind.SILENT: "silent for longer than usual",
    Notice.Kind.HELD: "new items wait for a person to look at them",
    Notice.Kind.MOVED: "its address leads elsewhere",
}
STILL_UNREAD = "unchanged since it could not be read"


@dataclass(frozen=True, slots=True)
class Health:
    """How one endpoint fares."""

    endpoint: Endpoint
    state: str
    words: str
    is_failing: bool
    last_success: str
    next_try: str
    also: tuple[str, ...] = ()  # what staff were told and has not ended, in words


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with its endpoints and the number of its public articles."""

    source: Source
    state: str
    health: list[Health]
    articles: Counted


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Show the sources in one state, or all that are collected, worst first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    found = list(_with_endpoints())
    told = open_kinds()
    rows = [_row(source, told) for source in found]
    n_articles = dict(
        Article.objects.public()
        .filter(source__isnull=False)
        .order_by()
        .values_list("source_id")
        .annotate(n=Count("pk"))
    )
    rows = [_counted(row, n_articles.get(row.source.pk, 0)) for row in rows]
    shown = [row for row in rows if (row.state == state if state else row.state != "off")]
    shown.sort(key=lambda row: (STATE_ORDER.index(row.state), row.source.name.casefold()))
    path = reverse("web:sources")
    tabs = [Counted(sum(row.state != "off" for row in rows), path, label="Collected", is_on=not state)]
    tabs += [
        Counted(
            sum(row.state == name for row in rows), f"{path}?state={name}", name, label, is_on=name == state
        )
        for name, label in STATES.items()
    ]
    context = {"rows": shown, "tabs": tabs, "state": state, "n": len(rows), "may_see_all": is_staff(request)}
    return render(request, "web/sources.html", context)


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one source: its endpoints and its public articles, newest first."""
    found = get_object_or_404(_with_endpoints(), slug=slug)
    articles = Article.objects.public().filter(source=found)
    path = reverse("web:source", args=[found.slug])
    rows = articles.select_related("source").defer("feed_text")
    rows = rows.annotate(sort_at=Coalesce("published_at", "first_seen_at"))
    leaf = read_leaf(rows, place_of(request.GET), key="sort_at", size=ARTICLE_ROWS, path=path, pairs=[])
    told = open_kinds(endpoint.pk for endpoint in found.endpoints.all())
    row = _counted(_row(found, told), articles.count())
    context = {"row": row, "leaf": leaf, "may_see_all": is_staff(request), "path": path}
    return render(request, "web/source.html", context)


def health_of(endpoint: Endpoint, told: Collection[str] = ()) -> Health:
    """Return how an endpoint fares, in plain words.

    Args:
        endpoint: with its source.
        told: kinds of its open notices.
    """
    now = timezone.now()
    outcome = endpoint.last_outcome
    is_unread = outcome == Outcome.NOT_MODIFIED and endpoint.failure_streak > 0
    is_failing = is_failure(outcome) or is_unread
    is_on = endpoint.is_enabled and endpoint.source.is_enabled
    if not is_on:
        state = "off"
    elif not outcome:
        state = "waiting"
    elif is_failing:
        state = "failing"
    else:
        is_quiet = outcome in {Outcome.EMPTY, Outcome.STALE} or Notice.Kind.SILENT in told
        state = "quiet" if is_quiet else "working"
    success = endpoint.last_success_at
    wait_s = (endpoint.next_poll_at - now).total_seconds()
    return Health(
        endpoint,
        state,
        STILL_UNREAD if is_unread else advice_on(outcome).words,
        is_failing,
        f"{when.age_words((now - success).total_seconds())} ago" if success else "never",
        "not collected" if not is_on else f"in {when.age_words(wait_s)}" if wait_s > 0 else "now",
        tuple(words for kind, words in ALSO.items() if kind in told) if is_on else (),
    )


def open_kinds(endpoint_ids: Iterable[int] | None = None) -> dict[int, set[str]]:
    """Return the kinds of open notices by endpoint, of all or of some endpoints; one query."""
    rows = Notice.objects.open()
    if endpoint_ids is not None:
        rows = rows.filter(endpoint_id__in=list(endpoint_ids))
    found: defaultdict[int, set[str]] = defaultdict(set)
    for endpoint_id, kind in rows.order_by().values_list("endpoint_id", "kind"):
        found[endpoint_id].add(kind)
    return found


def _with_endpoints() -> QuerySet[Source]:
    return Source.objects.prefetch_related(Prefetch("endpoints", Endpoint.objects.order_by("pk")))


def _row(found: Source, told: Mapping[int, Collection[str]]) -> SourceRow:
    health = [health_of(endpoint, told.get(endpoint.pk, ())) for endpoint in found.endpoints.all()]
    states = {h.state for h in health if h.state != "off"}
    state = next((name for name in STATE_ORDER if name in states), "off")
    shown = [h for h in health if h.state != "off"] or health
    return SourceRow(found, state, shown, Counted(0, ""))


def _counted(row: SourceRow, n: int) -> SourceRow:
    return SourceRow(
        row.source, row.state, row.health, Counted(n, reverse("web:source", args=[row.source.slug]))
    )
