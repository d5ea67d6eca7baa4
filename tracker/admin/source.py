"""Sources, their endpoints, and what came of each try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import Count

from tracker.admin.base import HistoryAdmin, Inline, PlainAdmin, ReadOnly
from tracker.curation.endpoints import poll_now, switch
from tracker.models import Endpoint, FetchAttempt, Source, end_notices

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet
    from django.forms import BaseModelFormSet, ModelForm
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
    "off_reason",
    "newest_item_at",
    "last_new_at",
    "usual_gap_s",
    "moved_to",
    "moved_count",
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

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save; a source that is turned off in the form ends the same notices as by the action."""
        super().save_model(request, obj, form, change)
        if change and "is_enabled" in form.changed_data and not obj.is_enabled:
            end_notices(list(obj.endpoints.values_list("pk", flat=True)), is_on=False)

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formset: BaseModelFormSet[Any, Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save the endpoints in the rows as their own form does."""
        changed = [row for row in formset.forms if row.instance.pk and row.has_changed()]
        for row in changed:
            _follow_form(row)
        super().save_formset(request, form, formset, change)
        for row in changed:
            if "is_enabled" in row.changed_data and row.instance.pk:
                end_notices([row.instance.pk], is_on=row.instance.is_enabled)

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
            if not is_enabled:
                end_notices(list(source.endpoints.values_list("pk", flat=True)), is_on=False)
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
    actions = ("poll_now", "enable", "disable")

    @admin.action(description="Poll the chosen endpoints now")
    def poll_now(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Bring the next poll forward; the scheduler finds it."""
        n = poll_now(_ids(endpoints))
        self.message_user(request, f"{n} due now.")

    @admin.action(description="Turn the chosen endpoints on")
    def enable(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Turn on and ask at once; why they were off is forgotten, the history keeps it."""
        n = switch(_ids(endpoints), request.user, is_on=True)
        self.message_user(request, f"{n} changed.")

    @admin.action(description="Turn the chosen endpoints off")
    def disable(self, request: HttpRequest, endpoints: QuerySet[Endpoint]) -> None:
        """Turn off; nothing is asked until somebody turns them on."""
        n = switch(_ids(endpoints), request.user, is_on=False)
        self.message_user(request, f"{n} changed.")

    def save_model(self, request: HttpRequest, obj: Endpoint, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save; who turns an endpoint on or off in the form ends the same notices as the actions do."""
        if change:
            _follow_form(form)
        super().save_model(request, obj, form, change)
        if change and "is_enabled" in form.changed_data:
            end_notices([obj.pk], is_on=obj.is_enabled)


def _follow_form(form: ModelForm[Any]) -> None:
    """Forget of an endpoint what no longer belongs to it after these changes."""
    if "is_enabled" in form.changed_data:
        form.instance.off_reason = ""
    if {"url", "kind", "options"} & set(form.changed_data):
        form.instance.forget_answer()


def _ids(endpoints: QuerySet[Endpoint]) -> list[int]:
    return list(endpoints.values_list("pk", flat=True))


@admin.register(FetchAttempt)
class FetchAttemptAdmin(ReadOnly, PlainAdmin[FetchAttempt]):
    """The log of tries."""

    list_display = (
        "at",
        "endpoint",
        "outcome",
        "http_status",
        "n_items",
        "n_new",
        "n_held",
        "n_refused",
        "duration_s",
    )
    list_filter = ("outcome", "http_status")
    list_select_related = ("endpoint__source",)
    search_fields = ("endpoint__url", "endpoint__source__name")
    ordering = ("-id",)
    show_full_result_count = False
