"""Sources, their endpoints, and what came of each try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count
from django.utils import timezone

from tracker.admin.base import HistoryAdmin, Inline, PlainAdmin, ReadOnly
from tracker.models import Endpoint, FetchAttempt, Source

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

_HEALTH = (
    "last_outcome",
    "last_reason",
    "last_attempt_at",
    "last_success_at",
    "failure_streak",
    "etag",
    "last_modified",
    "body_sha256",
)


class EndpointInline(Inline[Endpoint, Source]):
    """The endpoints of a source; the link leads to the whole form."""

    model = Endpoint
    extra = 0
    show_change_link = True
    fields = ("kind", "url", "is_enabled", "every_s", "last_outcome", "failure_streak", "last_success_at")
    readonly_fields = ("last_outcome", "failure_streak", "last_success_at")


@admin.register(Source)
class SourceAdmin(HistoryAdmin[Source]):
    """Publishers."""

    list_display = ("name", "category", "tier", "country", "is_state_media", "is_enabled", "n_endpoints")
    list_filter = ("is_enabled", "category", "tier", "is_state_media", "confidence", "country")
    search_fields = ("name", "slug", "domain", "owner")
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ("created_at",)
    inlines = (EndpointInline,)
    actions = ("enable", "disable")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Return sources with the number of their endpoints."""
        return super().get_queryset(request).annotate(n_endpoints=Count("endpoints"))

    @admin.display(description="endpoints", ordering="n_endpoints")
    def n_endpoints(self, source: Source) -> int:
        """Return the number of endpoints."""
        return int(getattr(source, "n_endpoints", 0))

    @admin.action(description="Turn the chosen sources on")
    def enable(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        """Turn on; their enabled endpoints are polled again when due."""
        self._switch(request, sources, is_enabled=True)

    @admin.action(description="Turn the chosen sources off")
    def disable(self, request: HttpRequest, sources: QuerySet[Source]) -> None:
        """Turn off; nothing of theirs is polled."""
        self._switch(request, sources, is_enabled=False)

    def _switch(self, request: HttpRequest, sources: QuerySet[Source], *, is_enabled: bool) -> None:
        changed = 0
        for source in sources.exclude(is_enabled=is_enabled):
            source.is_enabled = is_enabled
            source.save(update_fields=["is_enabled"])
            changed += 1
        self.message_user(request, f"{changed} changed.")


@admin.register(Endpoint)
class EndpointAdmin(HistoryAdmin[Endpoint]):
    """Feeds, APIs and listing pages with their health."""

    list_display = (
        "source",
        "kind",
        "url",
        "is_enabled",
        "last_outcome",
        "failure_streak",
        "last_success_at",
        "next_poll_at",
    )
    list_display_links = ("source", "url")
    list_filter = ("is_enabled", "kind", "last_outcome", "source__category")
    list_select_related = ("source",)
    search_fields = ("url", "source__name")
    autocomplete_fields = ("source",)
    readonly_fields = (*_HEALTH, "created_at")
    actions = ("poll_now",)

    @admin.action(description="Poll the chosen endpoints now")
    def poll_now(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Bring the next poll forward; the scheduler finds it."""
        n = endpoints.update(next_poll_at=timezone.now())
        self.message_user(request, f"{n} due now.")


@admin.register(FetchAttempt)
class FetchAttemptAdmin(ReadOnly, PlainAdmin[FetchAttempt]):
    """The log of tries."""

    list_display = ("at", "endpoint", "outcome", "http_status", "n_items", "n_new", "n_refused", "duration_s")
    list_filter = ("outcome", "http_status")
    list_select_related = ("endpoint__source",)
    search_fields = ("endpoint__url", "endpoint__source__name")
    ordering = ("-id",)
    show_full_result_count = False
