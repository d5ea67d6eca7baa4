"""`/sources/<slug>/endpoints/<pk>/`: how reading one endpoint goes, why, and what staff may do about it.

Readers see whether it works, in plain words; staff see reasons, addresses and the single tries as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast, Substr
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tracker.curation.endpoints import poll_now, switch
from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, Hold, Notice
from tracker.sources.kind import KINDS
from tracker.text import when
from tracker.web.access import is_staff
from tracker.web.claims import host_of
from tracker.web.cursor import place_of, read_leaf
from tracker.web.filters import read_period
from tracker.web.outcomes import Advice, advice_on, is_failure
from tracker.web.sources import Health, health_of
from tracker.web.strip import N_DAYS, Strip, Weeks, build_strip, build_weeks, first_week

N_ATTEMPTS = 20
N_NOTICES = 20
N_HOLDS = 10
ITEM_ROWS = 50
MOST_EVERY_H = 48


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try as a row."""

    row: FetchAttempt
    words: str
    is_failing: bool


@dataclass(frozen=True, slots=True)
class LastError:
    """The latest failure that is remembered."""

    on: dt.date
    advice: Advice
    reason: str


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """All that the page shows; reasons and addresses are empty for who may not see them."""

    endpoint: Endpoint
    kind_title: str
    host: str
    health: Health
    advice: Advice
    strip: Strip
    weeks: Weeks
    items_url: str
    rhythm: str
    pace: str
    attempts: list[Attempt]
    newest: Article | None
    last_error: LastError | None
    open_notices: list[Notice]
    ended_notices: list[Notice]
    holds: list[Hold]
    may_see_all: bool
    may_change: bool


@require_safe
def endpoint(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one endpoint."""
    found = _found(slug, pk)
    may_see_all = is_staff(request)
    today = when.utc_day(timezone.now())
    days = list(EndpointDay.objects.filter(endpoint=found, day__gt=today - dt.timedelta(days=N_DAYS)))
    rows = list(found.attempts.order_by("-at", "-pk")[:N_ATTEMPTS])
    notices = list(found.notices.all()[:N_NOTICES])
    items_url = reverse("web:endpoint_items", args=[slug, pk])
    health = health_of(found, {notice.kind for notice in notices if notice.closed_at is None})
    page = EndpointPage(
        endpoint=found,
        kind_title=kind_title(found.kind),
        host=host_of(found.url),
        health=health,
        advice=advice_on(found.last_outcome),
        strip=build_strip(days, today),
        weeks=build_weeks(_n_by_day(found, today, may_see_all=may_see_all), today, items_url),
        items_url=items_url,
        rhythm=_rhythm(found),
        pace=every_words(found.every_s),
        attempts=[Attempt(row, advice_on(row.outcome).words, is_failure(row.outcome)) for row in rows],
        newest=_newest(found, may_see_all=may_see_all),
        last_error=_last_error(rows, days),
        open_notices=[notice for notice in notices if notice.closed_at is None],
        ended_notices=[notice for notice in notices if notice.closed_at is not None],
        holds=_holds(found) if may_see_all else [],
        may_see_all=may_see_all,
        may_change=may_see_all and request.user.has_perm("tracker.change_endpoint"),
    )
    return render(request, "web/endpoint.html", {"p": page, "now": timezone.now()})


@require_safe
def endpoint_items(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """List what an endpoint brought between two days, by when it was first seen; readers see public articles."""
    found = _found(slug, pk)
    may_see_all = is_staff(request)
    first, last = (read_period(request.GET.get(name, "")[:10]) for name in ("from", "to"))
    rows = _items(found, may_see_all=may_see_all)
    pairs = []
    if first:
        rows = rows.filter(first_seen_at__gte=_midnight(first.first))
        pairs.append(("from", first.text))
    if last:
        rows = rows.filter(first_seen_at__lt=_midnight(last.last + dt.timedelta(days=1)))
        pairs.append(("to", last.text))
    path = reverse("web:endpoint_items", args=[slug, pk])
    n = rows.count()
    rows = rows.select_related("source", "hold").defer("feed_text")
    leaf = read_leaf(rows, place_of(request.GET), key="first_seen_at", size=ITEM_ROWS, path=path, pairs=pairs)
    ends = [when.day_words(first.first) if first else "", when.day_words(last.last) if last else ""]
    context = {
        "endpoint": found,
        "leaf": leaf,
        "n": n,
        "first": ends[0],
        "last": ends[1],
        "first_url": "?".join([path, *("&".join(f"{k}={v}" for k, v in pairs) for _ in pairs[:1])]),
        "may_see_all": may_see_all,
    }
    return render(request, "web/endpoint_items.html", context)


Action = Callable[..., HttpResponse]


def endpoint_action(view: Action) -> Action:
    """Let only staff who may change endpoints act, and only by POST."""
    allowed = permission_required("tracker.change_endpoint", raise_exception=True)(view)
    checked: Any = staff_member_required(require_POST(allowed))

    @wraps(view)
    def act(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer: HttpResponse = checked(request, *args, **kwargs)
        return answer

    return act


@endpoint_action
def poll(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask an endpoint now; one that is off is left alone, with a word about it."""
    found = _found(slug, pk)
    if poll_now([found.pk]):
        messages.success(
            request, f"{found} is asked as soon as a worker is free. Load this page anew to see."
        )
    else:
        messages.info(request, f"{found} is not collected, so it is not asked. Switch it on first.")
    return HttpResponseRedirect(found.get_absolute_url())


@endpoint_action
def turn(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Switch an endpoint on or off, as the form says."""
    found = _found(slug, pk)
    is_on = request.POST.get("on") == "1"
    switch([found.pk], request.user, is_on=is_on)
    messages.success(request, f"{found} is switched {'on' if is_on else 'off'}.")
    return HttpResponseRedirect(found.get_absolute_url())


def kind_title(kind: str) -> str:
    """Return the name of a kind of endpoint; of one that does not exist, its code."""
    return KINDS.get(kind).title if kind in KINDS.names() else kind.replace("_", " ")


def every_words(seconds: float) -> str:
    """Return a pace in words, as `every 30 minutes`, `every hour` or `every 3 days`."""
    for size_s, unit in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size_s and (unit != "hour" or seconds < MOST_EVERY_H * 3600):
            n = round(seconds / size_s)
            return f"every {unit}" if n == 1 else f"every {n} {unit}s"
    return f"every {round(seconds)} seconds"


def _found(slug: str, pk: int) -> Endpoint:
    return get_object_or_404(Endpoint.objects.select_related("source"), pk=pk, source__slug=slug)


def _items(found: Endpoint, *, may_see_all: bool) -> QuerySet[Article]:
    rows = Article.objects.all() if may_see_all else Article.objects.public()
    return rows.filter(endpoint=found)


def _n_by_day(found: Endpoint, today: dt.date, *, may_see_all: bool) -> dict[dt.date, int]:
    rows = (
        _items(found, may_see_all=may_see_all)
        .filter(first_seen_at__gte=_midnight(first_week(today)))
        .order_by()
        .annotate(day=Substr(Cast("first_seen_at", TextField()), 1, 10))
        .values_list("day")
        .annotate(n=Count("pk"))
    )
    return {dt.date.fromisoformat(day): n for day, n in rows}


def _newest(found: Endpoint, *, may_see_all: bool) -> Article | None:
    rows = (
        _items(found, may_see_all=may_see_all)
        .filter(published_at__isnull=False, hold=None)
        .defer("feed_text")
    )
    return rows.order_by("-published_at", "-pk").first()


def _holds(found: Endpoint) -> list[Hold]:
    rows = found.holds.select_related("decided_by").annotate(n_items=Count("articles"))
    return list(rows[:N_HOLDS])


def _rhythm(found: Endpoint) -> str:
    if found.usual_gap_s is None:
        return "not known yet; it takes a few items to see"
    return f"nine of ten times the next item comes within {when.age_words(found.usual_gap_s)}"


def _last_error(rows: Sequence[FetchAttempt], days: Sequence[EndpointDay]) -> LastError | None:
    for row in rows:
        if is_failure(row.outcome):
            return LastError(when.utc_day(row.at), advice_on(row.outcome), row.reason)
    failed = [day for day in days if day.failure]
    if not failed:
        return None
    latest = max(failed, key=lambda day: day.day)
    return LastError(latest.day, advice_on(latest.failure), "")


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
