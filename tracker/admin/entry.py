"""Entries: what a person writes here the machine leaves alone from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from tracker.admin.base import HistoryAdmin, Indexed, Inline, PlainAdmin, ReadOnly, changed_fields
from tracker.admin.owed import place_again, recount
from tracker.models import Claim, Entry, EntryAddress, EntryArticle, Lock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest, HttpResponse

_DECIDING = {"title", "summary", "happened_at", "happened_precision", "happened_basis", "lane"}
_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class MemberInline(Inline[EntryArticle, Entry]):
    """The articles of an entry; a row added or changed here is a person's decision."""

    model = EntryArticle
    extra = 0
    fields = ("article", "role", "is_first_report", "reason", "decided_by")
    readonly_fields = ("reason", "decided_by")
    autocomplete_fields = ("article",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EntryArticle]:
        """Return members with their articles."""
        return super().get_queryset(request).select_related("article").defer("article__feed_text")


class ClaimInline(ReadOnly, Inline[Claim, Entry]):
    """The claims of an entry; the link leads to the whole form."""

    model = Claim
    extra = 0
    show_change_link = True
    fields = ("public_id", "kind", "state", "origin", "stated_by_name", "stated_on", "gist")
    readonly_fields = fields


@admin.register(Entry)
class EntryAdmin(Indexed, HistoryAdmin[Entry]):
    """Dated events on the timeline."""

    search_kind = "entry"
    list_display = (
        "title",
        "happened_at",
        "lane",
        "origin",
        "is_reviewed",
        "is_decided",
        "is_public",
        "n_articles",
        "n_outlets",
    )
    list_filter = ("is_reviewed", "is_public", "lane", "origin", "is_decided", "happened_at")
    search_fields = ("title", "summary", "public_id")
    ordering = ("-happened_at", "-id")
    show_full_result_count = False
    readonly_fields = (
        "public_id",
        "origin",
        "is_decided",
        "known_at",
        "n_articles",
        "n_outlets",
        "changed_at",
    )
    inlines = (MemberInline, ClaimInline)
    actions = ("mark_reviewed", "mark_not_reviewed")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form; while it is saved the machine arranges nothing, so neither overwrites the other."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            Lock.hold("placing")
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save; note that a person decided, and when."""
        if isinstance(obj, Entry):
            if not change:
                obj.public_id = f"p-{get_random_string(10, _ID_LETTERS)}"
                obj.origin = Entry.Origin.PERSON
            is_deciding = bool(changed_fields(obj, _DECIDING))
            obj.is_decided = obj.is_decided or not change or is_deciding
            if form.changed_data or is_deciding:
                obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ModelForm[Any], formset: Any, change: bool) -> None:  # noqa: FBT001, ANN401 - Django's signature
        """Save the members as a person's decision, and have the machine look at them again."""
        if formset.model is not EntryArticle:
            super().save_formset(request, form, formset, change)
            return
        members = formset.save(commit=False)
        for member in members:
            member.decided_by = "person"
            member.save()
        for member in formset.deleted_objects:
            member.delete()
        formset.save_m2m()
        place_again({member.article_id for member in [*members, *formset.deleted_objects]})

    def save_related(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formsets: Sequence[Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save the inlines, count the articles anew and index."""
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            recount([form.instance.pk])

    @admin.action(description="Mark as reviewed by a person")
    def mark_reviewed(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        """Note that a person read the entries and found them right."""
        self._review(request, entries, is_reviewed=True)

    @admin.action(description="Take the mark 'reviewed' away")
    def mark_not_reviewed(self, request: HttpRequest, entries: QuerySet[Entry]) -> None:
        """Take the mark away."""
        self._review(request, entries, is_reviewed=False)

    def _review(self, request: HttpRequest, entries: QuerySet[Entry], *, is_reviewed: bool) -> None:
        with transaction.atomic():
            Lock.hold("placing")
            chosen = list(entries.exclude(is_reviewed=is_reviewed))
            for entry in chosen:
                entry.is_reviewed = is_reviewed
                entry.changed_at = timezone.now()
                entry.save(update_fields=["is_reviewed", "changed_at"])
        self.message_user(request, f"{len(chosen)} changed.")


@admin.register(EntryAddress)
class EntryAddressAdmin(ReadOnly, PlainAdmin[EntryAddress]):
    """Older addresses of entries, which redirect."""

    list_display = ("public_id", "entry", "since")
    list_select_related = ("entry",)
    search_fields = ("public_id",)
