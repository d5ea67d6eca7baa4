"""What the machine noted about endpoints, read-only: days, notices, holds, previews. Pages of their own decide."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import PlainAdmin, ReadOnly
from tracker.models import EndpointDay, Hold, Notice, Preview


@admin.register(EndpointDay)
class EndpointDayAdmin(ReadOnly, PlainAdmin[EndpointDay]):
    """What the tries of one day came to."""

    list_display = ("day", "endpoint", "n_good", "n_failed", "n_new", "outcome", "failure")
    list_filter = ("outcome", "failure")
    list_select_related = ("endpoint__source",)
    search_fields = ("endpoint__url", "endpoint__source__name")
    ordering = ("-day", "-id")
    show_full_result_count = False


@admin.register(Notice)
class NoticeAdmin(ReadOnly, PlainAdmin[Notice]):
    """Outages, silences and moves from their beginning to their end."""

    list_display = ("opened_at", "endpoint", "kind", "text", "closed_at")
    list_filter = ("kind",)
    list_select_related = ("endpoint__source",)
    search_fields = ("text", "endpoint__url", "endpoint__source__name")
    show_full_result_count = False


@admin.register(Hold)
class HoldAdmin(ReadOnly, PlainAdmin[Hold]):
    """What waits or waited for a person; `/holds/` decides."""

    list_display = ("created_at", "endpoint", "reason", "state", "decided_at", "decided_by")
    list_filter = ("state", "reason")
    list_select_related = ("endpoint__source", "decided_by")
    search_fields = ("explanation", "address", "endpoint__url", "endpoint__source__name")


@admin.register(Preview)
class PreviewAdmin(ReadOnly, PlainAdmin[Preview]):
    """Looks at addresses that somebody thought of adding."""

    list_display = ("created_at", "url", "kind", "state", "created_by", "endpoint")
    list_filter = ("state", "kind")
    list_select_related = ("endpoint__source", "created_by")
    search_fields = ("url",)
