"""`/sources/`: who is read, and whether reading works, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker.models import Article, Endpoint, Source
from tracker.records import Outcome
from tracker.text import when
from tracker.web.access import is_staff
from tracker.web.counts import Counted
from tracker.web.cursor import place_of, read_leaf

ARTICLE_ROWS = 30
OUTCOME_WORDS = {
    Outcome.OK: "worked",
    Outcome.NOT_MODIFIED: "nothing new",
    Outcome.EMPTY: "answered with no items",
    Outcome.STALE: "answers, but its newest item is old",
    Outcome.DNS: "the host name was not found",
    Outcome.TLS: "no secure connection",
    Outcome.CONNECTION: "no connection",
    Outcome.TIMEOUT: "did not answer in time",
    Outcome.HTTP_CLIENT: "refused the request",
    Outcome.HTTP_SERVER: "had an error of its own",
    Outcome.BLOCKED: "blocked us",
    Outcome.PARSE: "the answer could not be read",
    Outcome.TOO_LARGE: "the answer was too large",
    Outcome.REFUSED: "the address may not be fetched",
    Outcome.ROBOTS: "robots.txt forbids it",
}
STATES = {
    "working": "Working",
    "quiet": "Quiet or stale",
    "failing": "Failing",
    "waiting": "Not tried yet",
    "off": "Not collected",
}
STATE_ORDER = ("failing", "quiet", "waiting", "working", "off")


@dataclass(frozen=True, slots=True)
class Health:
    """How one endpoint fares."""

    endpoint: Endpoint
    state: str
    words: str
    is_failing: bool
    last_success: str
    next_try: str


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
    rows = [_row(source) for source in _with_endpoints()]
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
    row = _counted(_row(found), articles.count())
    context = {"row": row, "leaf": leaf, "may_see_all": is_staff(request), "path": path}
    return render(request, "web/source.html", context)


def health_of(endpoint: Endpoint) -> Health:
    """Return how an endpoint fares, in plain words."""
    now = timezone.now()
    outcome = endpoint.last_outcome
    is_failing = bool(outcome) and outcome in set(Outcome) and Outcome(outcome).is_failure
    if not endpoint.is_enabled:
        state = "off"
    elif not outcome:
        state = "waiting"
    elif is_failing:
        state = "failing"
    else:
        state = "quiet" if outcome in {Outcome.EMPTY, Outcome.STALE} else "working"
    success = endpoint.last_success_at
    wait_s = (endpoint.next_poll_at - now).total_seconds()
    return Health(
        endpoint,
        state,
        OUTCOME_WORDS[Outcome(outcome)] if outcome in set(Outcome) else "not tried yet",
        is_failing,
        f"{when.age_words((now - success).total_seconds())} ago" if success else "never",
        "not collected"
        if not endpoint.is_enabled
        else f"in {when.age_words(wait_s)}"
        if wait_s > 0
        else "now",
    )


def _with_endpoints() -> QuerySet[Source]:
    return Source.objects.prefetch_related(Prefetch("endpoints", Endpoint.objects.order_by("pk")))


def _row(found: Source) -> SourceRow:
    health = [health_of(endpoint) for endpoint in found.endpoints.all()]
    states = {h.state for h in health if h.state != "off"} if found.is_enabled else set()
    state = next((name for name in STATE_ORDER if name in states), "off")
    shown = [h for h in health if h.state != "off"] or health
    return SourceRow(found, state, shown, Counted(0, ""))


def _counted(row: SourceRow, n: int) -> SourceRow:
    return SourceRow(
        row.source, row.state, row.health, Counted(n, reverse("web:source", args=[row.source.slug]))
    )
