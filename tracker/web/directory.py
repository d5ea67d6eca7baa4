"""`/entities/`: the directory, by type, with a filter over every name in any script."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.models import Alias, Entity, EntryEntity
from tracker.web.counts import Counted
from tracker.web.filters import Filters

PAGE_ROWS = 300
PLURALS = {
    Entity.Type.ORGANISATION: "Organisations",
    Entity.Type.PERSON: "People",
    Entity.Type.PUBLIC_BODY: "Public bodies",
    Entity.Type.MODEL: "AI models and products",
    Entity.Type.INSTRUMENT: "Laws and documents",
    Entity.Type.PLACE: "Places",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entity with the number of its entries."""

    entity: Entity
    entries: Counted


@require_safe
def entities(request: HttpRequest) -> HttpResponse:
    """Show the public entities, of one type or all, whose name or alias holds `q`."""
    query = request.GET.get("q", "")[:100].replace("\x00", "").strip()
    kind = request.GET.get("type", "")
    kind = kind if kind in Entity.Type.values else ""
    after = request.GET.get("after", "")[:200].replace("\x00", "")
    matching = _matching(query)
    per_type = dict(matching.order_by().values_list("type").annotate(n=Count("pk")))
    rows = matching.filter(type=kind) if kind else matching
    if after:
        rows = rows.filter(slug__gt=after)
    found = list(rows.order_by("slug")[: PAGE_ROWS + 1])
    more = _url(query, kind, found[PAGE_ROWS - 1].slug) if len(found) > PAGE_ROWS else ""
    found = found[:PAGE_ROWS]
    n_entries = _count_entries(found)
    items = [
        Item(e, Counted(n_entries.get(e.pk, 0), Filters(entity=(e.slug,)).url()))
        for e in sorted(found, key=lambda e: e.name.casefold())
    ]
    tabs = [Counted(sum(per_type.values()), _url(query), label="All", is_on=not kind)]
    tabs += [
        Counted(per_type[value], _url(query, value), value=value, label=label, is_on=kind == value)
        for value, label in PLURALS.items()
        if per_type.get(value)
    ]
    context = {
        "query": query,
        "kind": kind,
        "tabs": tabs,
        "groups": [(label, [i for i in items if i.entity.type == value]) for value, label in PLURALS.items()],
        "more_url": more,
        "n": len(found),
        "after": after,
    }
    return render(request, "web/entities.html", context)


def _matching(query: str) -> QuerySet[Entity]:
    rows = Entity.objects.filter(is_public=True)
    if not query:
        return rows
    named = Alias.objects.filter(entity=OuterRef("pk"), text__icontains=query)
    return rows.filter(Q(name__icontains=query) | Exists(named))


def _count_entries(found: list[Entity]) -> dict[int, int]:
    rows = EntryEntity.objects.filter(
        entity_id__in=[e.pk for e in found], entry__is_public=True, entry__n_articles__gt=0
    )
    return dict(rows.order_by().values_list("entity_id").annotate(n=Count("entry_id", distinct=True)))


def _url(query: str, kind: str = "", after: str = "") -> str:
    pairs = [(k, v) for k, v in (("q", query), ("type", kind), ("after", after)) if v]
    return reverse("web:entities") + (f"?{urlencode(pairs)}" if pairs else "")
