"""`/adjacent/`: articles near the subject, as chip export controls and other trade secrets; off the timeline."""

from __future__ import annotations

from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.models import Article
from tracker.web.cursor import place_of, read_leaf

ROWS = 50


@require_safe
def adjacent(request: HttpRequest) -> HttpResponse:
    """List the articles near the subject, newest first."""
    path = reverse("web:adjacent")
    rows = Article.objects.adjacent().select_related("source").defer("feed_text")
    rows = rows.annotate(sort_at=Coalesce("published_at", "first_seen_at"))
    leaf = read_leaf(rows, place_of(request.GET), key="sort_at", size=ROWS, path=path, pairs=[])
    context = {"leaf": leaf, "path": path, "n": Article.objects.adjacent().count()}
    return render(request, "web/adjacent.html", context)
