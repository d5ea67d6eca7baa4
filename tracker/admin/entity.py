"""Entities with their names, posts and affiliations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count

from tracker.admin.base import HistoryAdmin, Indexed, Inline
from tracker.models import Affiliation, Alias, Entity, ExternalId, Position

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class AliasInline(Inline[Alias, Entity]):
    """Names and when they count; running workers know a change within a minute."""

    model = Alias
    extra = 1
    fields = (
        "text",
        "kind",
        "language",
        "is_case_sensitive",
        "needs_context",
        "context_words",
        "never_alone",
        "note",
    )


class PositionInline(Inline[Position, Entity]):
    """Posts a person held."""

    model = Position
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("body",)


class AffiliationInline(Inline[Affiliation, Entity]):
    """What the entity belongs to."""

    model = Affiliation
    fk_name = "child"
    extra = 0
    autocomplete_fields = ("parent",)
    verbose_name_plural = "belongs to"


class ExternalIdInline(Inline[ExternalId, Entity]):
    """Keys in other registers."""

    model = ExternalId
    extra = 0


@admin.register(Entity)
class EntityAdmin(Indexed, HistoryAdmin[Entity]):
    """People, organisations, public bodies, models, instruments and places."""

    search_kind = "entity"
    list_display = ("name", "type", "subtype", "country", "is_public", "confidence", "n_aliases")
    list_filter = ("type", "is_public", "confidence", "country", "subtype")
    search_fields = ("name", "slug", "aliases__text")
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ("created_at", "updated_at")
    inlines = (AliasInline, PositionInline, AffiliationInline, ExternalIdInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entity]:
        """Return entities with the number of their names."""
        rows: QuerySet[Entity] = super().get_queryset(request)
        return rows.annotate(n_aliases=Count("aliases", distinct=True))

    @admin.display(description="aliases", ordering="n_aliases")
    def n_aliases(self, entity: Entity) -> int:
        """Return the number of names."""
        return int(getattr(entity, "n_aliases", 0))
