"""`/holds/` for staff: what endpoints brought that waits for a person, with accept and reject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.models import User
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.curation.holds import Verdict, accept, reject
from tracker.models import Article, Hold
from tracker.text import when
from tracker.web.cursor import place_of, read_leaf
from tracker.web.endpoint import endpoint_action

MOST_WAITING = 100
MOST_DECIDED = 50
N_TITLES = 10
ITEM_ROWS = 50
MOST_WHY = 200


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold with the number of its items and the first few of them."""

    hold: Hold
    n_items: int
    first: Sequence[Article]
    said: Sequence[str]  # the explanation, line by line
    decided: str


@staff_member_required
@never_cache
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """List the waiting holds, oldest first, and the latest that were decided."""
    waiting = list(_holds().filter(state=Hold.State.WAITING).order_by("pk")[:MOST_WAITING])
    decided = list(_holds().exclude(state=Hold.State.WAITING).order_by("-decided_at", "-pk")[:MOST_DECIDED])
    titles = _first_items(waiting)
    context = {
        "waiting": [_row(hold, titles.get(hold.pk, [])) for hold in waiting],
        "decided": [_row(hold, []) for hold in decided],
        "n_waiting": Hold.objects.filter(state=Hold.State.WAITING).count()
        if len(waiting) == MOST_WAITING
        else len(waiting),
        "most_decided": MOST_DECIDED,
        "may_change": request.user.has_perm("tracker.change_endpoint"),
    }
    return render(request, "web/holds.html", context)


@staff_member_required
@never_cache
@require_safe
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one hold with all of its items, newest first."""
    found = get_object_or_404(_holds(), pk=pk)
    path = reverse("web:hold", args=[pk])
    rows = Article.objects.filter(hold=found).select_related("source").defer("feed_text")
    rows = rows.annotate(sort_at=Coalesce("published_at", "first_seen_at"))
    leaf = read_leaf(rows, place_of(request.GET), key="sort_at", size=ITEM_ROWS, path=path, pairs=[])
    context = {
        "row": _row(found, []),
        "leaf": leaf,
        "path": path,
        "may_change": request.user.has_perm("tracker.change_endpoint"),
    }
    return render(request, "web/hold.html", context)


@endpoint_action
def hold_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the items be read."""
    found = get_object_or_404(Hold.objects.select_related("endpoint__source"), pk=pk)
    verdict = accept(found, _user(request))
    _tell(request, verdict, f"{_items(verdict.n_items)} will be read. {verdict.note}")
    return HttpResponseRedirect(reverse("web:holds"))


@endpoint_action
def hold_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the items out."""
    found = get_object_or_404(Hold.objects.select_related("endpoint__source"), pk=pk)
    why = request.POST.get("why", "")[:MOST_WHY].replace("\x00", "")
    verdict = reject(found, _user(request), why)
    _tell(request, verdict, f"{_items(verdict.n_items)} will not be read. {verdict.note}")
    return HttpResponseRedirect(reverse("web:holds"))


def _holds() -> QuerySet[Hold]:
    rows = Hold.objects.select_related("endpoint__source", "decided_by")
    return rows.annotate(n_items=Count("articles"))


def _row(found: Hold, first: Sequence[Article]) -> HoldRow:
    decided = ""
    if found.decided_at:
        who = found.decided_by.get_username() if found.decided_by else "somebody whose account is gone"
        decided = f"{found.get_state_display()} by {who}, {when.day_words(found.decided_at)}"
    return HoldRow(found, getattr(found, "n_items", 0), first, found.explanation.splitlines(), decided)


def _first_items(found: Sequence[Hold]) -> dict[int, list[Article]]:
    """Return the newest few items of each hold, in one query."""
    ranked = (
        Article.objects.filter(hold__in=[one.pk for one in found])
        .annotate(
            sort_at=Coalesce("published_at", "first_seen_at"),
            rank=Window(RowNumber(), partition_by="hold_id", order_by=[F("sort_at").desc(), F("pk").desc()]),
        )
        .filter(rank__lte=N_TITLES)
        .select_related("source")
        .defer("feed_text")
        .order_by("hold_id", "rank")
    )
    by_hold: dict[int, list[Article]] = {}
    for article in ranked if found else ():
        by_hold.setdefault(article.hold_id or 0, []).append(article)
    return by_hold


def _items(n: int) -> str:
    return f"{n} item{'' if n == 1 else 's'}"


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - only signed-in staff come here
    return user


def _tell(request: HttpRequest, verdict: Verdict, words: str) -> None:
    if verdict.is_new:
        messages.success(request, f"{verdict.hold.get_state_display()}: {words.strip()}")
    elif verdict.n_items:
        messages.success(request, f"{_items(verdict.n_items)} that came late will be read too.")
    else:
        decided = _row(verdict.hold, []).decided
        messages.info(request, f"It was decided already: {decided}. Nothing was changed.")
