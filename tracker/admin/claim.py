"""The ledger: claims with evidence, numbers and dated statuses, and the techniques they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import transaction

from tracker import search
from tracker.admin.base import HistoryAdmin, Inline, PlainAdmin, StackedInline
from tracker.models import ActionIdentifier, Claim, ClaimStatus, Evidence, Quantity, Standing, Technique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


class ClaimForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when the program runs
    """A claim; what leads it must be its own evidence."""

    def clean_lead_evidence(self) -> Evidence | None:
        """Refuse the evidence of another claim."""
        evidence: Evidence | None = self.cleaned_data["lead_evidence"]
        if evidence is not None and evidence.claim_id != self.instance.pk:
            msg = "This evidence belongs to another claim. Choose one of the rows below."
            raise forms.ValidationError(msg)
        return evidence


class ShakenFilter(admin.SimpleListFilter):
    """Published claims whose sentence the latest text of its article altered or dropped, with their number."""

    title = "evidence in the latest text"
    parameter_name = "shaken"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - Django's signature
        """Offer the one choice, and say how many it is."""
        del request, model_admin
        return [("1", f"published, altered or gone ({_shaken(Claim.objects.all()).count()})")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        """Narrow the list."""
        del request
        return _shaken(queryset) if self.value() else queryset


def _shaken(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    standings = Standing.objects.exclude(verdict=Standing.Verdict.STANDS)
    return claims.filter(state=Claim.State.PUBLISHED, pk__in=standings.values("evidence__claim"))


class EvidenceInline(StackedInline[Evidence, Claim]):
    """Spans of revisions, or cited addresses."""

    model = Evidence
    extra = 0
    raw_id_fields = ("article", "revision")
    readonly_fields = ("known_at",)
    show_change_link = True


class StatusInline(Inline[ClaimStatus, Claim]):
    """Dated steps."""

    model = ClaimStatus
    extra = 0
    raw_id_fields = ("ruling",)
    readonly_fields = ("known_at",)


class QuantityInline(StackedInline[Quantity, Claim]):
    """Numbers as claimed."""

    model = Quantity
    extra = 0
    raw_id_fields = ("evidence",)
    readonly_fields = ("known_at",)


class IdentifierInline(Inline[ActionIdentifier, Claim]):
    """Official keys of an action."""

    model = ActionIdentifier
    extra = 0


@admin.register(Claim)
class ClaimAdmin(HistoryAdmin[Claim]):
    """Statements. They are rejected rather than deleted, so that the record of the decision stays."""

    form = ClaimForm
    list_display = (
        "public_id",
        "kind",
        "state",
        "origin",
        "stated_by_name",
        "accused_as_worded",
        "technique",
        "stated_on",
        "entry",
    )
    list_filter = (
        ShakenFilter,
        "state",
        "kind",
        "origin",
        "is_weak",
        "relation",
        "stance",
        "technique",
        "action_type",
    )
    list_select_related = ("entry", "technique")
    search_fields = ("public_id", "gist", "stated_by_name", "accused_as_worded", "title", "entry__title")
    ordering = ("-id",)
    show_full_result_count = False
    autocomplete_fields = (
        "entry",
        "stated_by",
        "accused",
        "technique",
        "also_techniques",
        "targets",
        "names_entities",
        "leads_with",
        "answers",
    )
    raw_id_fields = ("lead_evidence",)
    readonly_fields = ("origin", "made_by", "accepted_by", "known_at")
    inlines = (EvidenceInline, StatusInline, QuantityInline, IdentifierInline)
    fieldsets = (
        (None, {"fields": ("public_id", "kind", "state", "entry", "position", "gist", "lead_evidence")}),
        (
            "Who stated it",
            {
                "fields": (
                    "stated_by",
                    "stated_by_name",
                    "stated_by_role",
                    "stated_by_organisation",
                    "stated_on",
                    "stated_precision",
                    "channel",
                )
            },
        ),
        (
            "Allegation",
            {
                "fields": (
                    "accused",
                    "accused_name",
                    "accused_as_worded",
                    "names_accused",
                    "relation",
                    "technique",
                    "also_techniques",
                    "targets",
                    "target_as_worded",
                    "period",
                    "basis",
                    "basis_note",
                )
            },
        ),
        (
            "Response",
            {"fields": ("stance", "respondent", "leads_with", "answers", "searched_on", "searched_where")},
        ),
        (
            "Action",
            {
                "fields": (
                    "action_type",
                    "title",
                    "jurisdiction",
                    "names_entities",
                    "names_note",
                    "misnamed_as",
                )
            },
        ),
        ("Record", {"fields": ("is_weak", "weak_note", "origin", "made_by", "accepted_by", "known_at")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: reject it instead."""
        del request, obj
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm[Any], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save; whoever publishes a machine's draft is noted as the one who accepted it."""
        if not isinstance(obj, Claim):
            return
        if not change:
            obj.origin, obj.made_by = Claim.Origin.PERSON, request.user.get_username()
        if obj.state == Claim.State.PUBLISHED and not obj.accepted_by:
            obj.accepted_by = request.user.get_username()
        entry_ids = {obj.entry_id, *Claim.objects.filter(pk=obj.pk).values_list("entry_id", flat=True)}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            search.put("entry", entry_ids)

    def save_related(
        self,
        request: HttpRequest,
        form: forms.ModelForm[Any],
        formsets: Sequence[Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Save the inlines and index the entry with them."""
        with transaction.atomic():
            super().save_related(request, form, formsets, change)
            search.put("entry", [form.instance.entry_id])


@admin.register(Evidence)
class EvidenceAdmin(PlainAdmin[Evidence]):
    """All evidence, to be looked up."""

    list_display = ("claim", "field", "stance", "article", "cited_url", "known_at")
    list_filter = ("stance", "field")
    list_select_related = ("claim", "article")
    search_fields = ("claim__public_id", "quoted", "cited_url")
    raw_id_fields = ("claim", "article", "revision")
    readonly_fields = ("known_at",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Technique)
class TechniqueAdmin(PlainAdmin[Technique]):
    """The taxonomy."""

    list_display = ("label", "slug", "version")
    search_fields = ("label", "slug", "description")
