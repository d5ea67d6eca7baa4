"""`/search/`: the one box. What it finds, and how it read the query, comes through the door `tracker.search`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.search import Hit, SearchPage
from tracker.search import search as find
from tracker.text import when
from tracker.web.counts import Counted
from tracker.web.rows import LANE_CLASSES

PAGE_ROWS = 20
LONGEST_QUERY = 500
NOUNS = {"entry": ("entry", "entries"), "article": ("article", "articles"), "entity": ("entity", "entities")}
LANES_BY_LABEL = {str(lane.label): css for lane, css in LANE_CLASSES.items()}
KINDS = {"entry": "Entries", "article": "Articles", "entity": "Entities"}


@dataclass(frozen=True, slots=True)
class Row:
    """One hit with its address, which carries the query so that the same words are marked there."""

    hit: Hit
    url: str
    date: str
    css: str  # of an entry's lane


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what a query finds, one kind at a time; without a kind in the address the first that has hits."""
    query = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()
    kind = request.GET.get("kind", "")
    cursor = request.GET.get("cursor", "").replace("\x00", "")[:200]
    if not query:
        return render(request, "web/search.html", {"query": ""})
    page = find(query, cursor=cursor, limit=PAGE_ROWS, kinds=[kind if kind in KINDS else "entry"])
    if kind not in KINDS:
        kind = next((name for name in KINDS if page.counts.get(name)), "entry")
        if kind != "entry":
            page = find(query, limit=PAGE_ROWS, kinds=[kind])
    context = {
        "query": query,
        "kind": kind,
        "page": page,
        "rows": [_row(hit, query) for hit in page.hits],
        "n": page.counts.get(kind, 0),
        "noun": NOUNS[kind][0 if page.counts.get(kind) == 1 else 1],
        "tabs": [
            Counted(page.counts.get(name, 0), _url(query, name), value=name, label=label, is_on=name == kind)
            for name, label in KINDS.items()
        ],
        "older_url": _url(query, kind, page.next_cursor) if page.next_cursor else "",
        "first_url": _url(query, kind) if cursor else "",
        "caret": _caret(query, page),
        "others": any(n for name, n in page.counts.items() if name != kind),
    }
    return render(request, "web/search.html", context)


def _row(hit: Hit, query: str) -> Row:
    url = f"{hit.url}?{urlencode({'q': query})}" if hit.kind == "article" else hit.url
    css = LANES_BY_LABEL.get(hit.source, "") if hit.kind == "entry" else ""
    return Row(hit, url, when.short_day_words(hit.at) if hit.at else "", css)


def _url(query: str, kind: str, cursor: str = "") -> str:
    pairs = [("q", query), ("kind", kind), ("cursor", cursor)]
    return f"{reverse('web:search')}?{urlencode([(k, v) for k, v in pairs if v])}"


def _caret(query: str, page: SearchPage) -> dict[str, object] | None:
    """Return the query cut at the place where it could not be read, with that place counted from 1."""
    if page.error is None:
        return None
    at = max(0, min(page.error.position, len(query)))
    return {
        "before": query[:at],
        "after": query[at:],
        "pad": " " * at,
        "place": at + 1,
        "message": page.error.message,
    }
