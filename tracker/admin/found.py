"""What the machine found in texts, read-only: quotes, numbers, times, roles; and what it gathered from them."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import PlainAdmin, ReadOnly
from tracker.models import Candidate, PrintedRole, QuantityMention, Quote, TimeMention


@admin.register(Quote)
class QuoteAdmin(ReadOnly, PlainAdmin[Quote]):
    """Who said what, as texts quote it."""

    list_display = ("words", "speaker_name", "speaker", "role", "channel", "kind", "score", "rule", "model")
    list_filter = ("kind", "channel", "rule", "model", "decided_by")
    list_select_related = ("speaker",)
    search_fields = ("words", "speaker_name", "speaker__name")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(QuantityMention)
class QuantityMentionAdmin(ReadOnly, PlainAdmin[QuantityMention]):
    """Numbers as texts state them."""

    list_display = (
        "words",
        "metric",
        "comparator",
        "value",
        "unit",
        "party_name",
        "stated_by_name",
        "score",
        "rule",
    )
    list_filter = ("metric", "comparator", "rule", "model")
    search_fields = ("words", "party_name", "stated_by_name")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(TimeMention)
class TimeMentionAdmin(ReadOnly, PlainAdmin[TimeMention]):
    """Dates in texts, resolved."""

    list_display = ("words", "on", "is_expected", "rule", "model")
    list_filter = ("is_expected", "rule", "model")
    search_fields = ("words", "on")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(PrintedRole)
class PrintedRoleAdmin(ReadOnly, PlainAdmin[PrintedRole]):
    """Roles as printed, beside the posts on file."""

    list_display = ("words", "person_name", "body_name", "verdict", "held", "rule", "model")
    list_filter = ("verdict", "rule", "model")
    search_fields = ("words", "person_name", "body_name")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Candidate)
class CandidateAdmin(ReadOnly, PlainAdmin[Candidate]):
    """Names without an entity; `/candidates/` decides."""

    list_display = (
        "name",
        "label",
        "n_articles",
        "n_mentions",
        "state",
        "entity",
        "decided_by",
        "decided_at",
    )
    list_filter = ("state", "label")
    list_select_related = ("entity", "decided_by")
    search_fields = ("name", "key")
    ordering = ("-n_articles", "key")
    show_full_result_count = False
