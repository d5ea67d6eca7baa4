"""Backfills and checks of cited evidence, read-only: `manage.py backfill` makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count

from tracker.admin.base import PlainAdmin, ReadOnly
from tracker.models import Backfill, BackfillSlice, EvidenceCheck

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Backfill)
class BackfillAdmin(ReadOnly, PlainAdmin[Backfill]):
    """Past ranges that somebody wanted collected."""

    list_display = ("endpoint", "start", "end", "created_at")
    list_select_related = ("endpoint__source",)
    search_fields = ("endpoint__url", "endpoint__source__name")


@admin.register(BackfillSlice)
class BackfillSliceAdmin(ReadOnly, PlainAdmin[BackfillSlice]):
    """What was asked of a past range, and what came of it."""

    list_display = (
        "backfill",
        "first_day",
        "last_day",
        "outcome",
        "n_items",
        "n_new",
        "reason",
        "finished_at",
    )
    list_filter = ("outcome",)
    list_select_related = ("backfill__endpoint__source",)
    search_fields = ("address", "reason", "backfill__endpoint__source__name")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[BackfillSlice]:
        """Count the new articles of each row."""
        rows: QuerySet[BackfillSlice] = super().get_queryset(request)
        return rows.annotate(n_new_articles=Count("articles"))

    @admin.display(description="New", ordering="n_new_articles")
    def n_new(self, part: BackfillSlice) -> int:
        """Articles that were new to us."""
        return int(getattr(part, "n_new_articles", 0))


@admin.register(EvidenceCheck)
class EvidenceCheckAdmin(ReadOnly, PlainAdmin[EvidenceCheck]):
    """Words of cited evidence that were looked for in what the page says; 'near' and 'many' want a person's look."""

    list_display = ("evidence", "outcome", "words", "note", "revision", "at")
    list_filter = ("outcome",)
    list_select_related = ("evidence__claim", "revision__article")
    search_fields = ("words", "note", "evidence__claim__public_id")
    show_full_result_count = False
