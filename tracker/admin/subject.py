"""Thresholds of the subject with 'what would change' before they are saved, trained models, and persons' rulings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from tracker.admin.base import PlainAdmin, ReadOnly
from tracker.curation.subject import ask_what_if, put_in_force
from tracker.models import Article, SubjectModel, SubjectRuling, SubjectSetting, WhatIf

if TYPE_CHECKING:
    from django.db.models import Model

LABELS = dict(SubjectRuling.Label.choices)


class ThresholdForm(forms.Form):
    """The thresholds somebody thinks of."""

    on_subject_from = forms.FloatField(
        label="On the subject from", min_value=0.01, max_value=1, help_text="0.01 to 1; 0.5 is one passage."
    )
    adjacent_from = forms.FloatField(
        label="Near the subject from",
        min_value=0.01,
        max_value=1,
        help_text="0.01 to 1; 0.6 is two passages.",
    )
    uses_model = forms.BooleanField(
        label="Ask the trained model", required=False, help_text="Only where one beat the rules."
    )


@admin.register(WhatIf)
class WhatIfAdmin(PlainAdmin[WhatIf]):
    """Proposals for the thresholds: 'add' makes one, its page shows what would change and puts it in force."""

    list_display = ("asked_at", "asked_by", "proposal", "done_at")
    list_select_related = ("asked_by",)
    ordering = ("-id",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: a proposal that was put in force is its own record."""
        del request, obj
        return False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the thresholds in force; a POST asks what others would change."""
        del form_url, extra_context
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = SubjectSetting.objects.first() or SubjectSetting()
        form = ThresholdForm(request.POST or None, initial=model_to_dict(now))
        if request.method == "POST" and form.is_valid():
            asked = ask_what_if(request.user, **form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:tracker_whatif_change", args=[asked.pk]))
        context = {
            "form": form,
            "models": list(SubjectModel.objects.defer("weights")[:5]),
            "n_rulings": SubjectRuling.objects.filter(is_current=True).count(),
        }
        return self._page(request, "admin/subject.html", "Thresholds of the subject", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what a proposal would change, once the job is done; a POST puts it in force."""
        del form_url, extra_context
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        asked = get_object_or_404(WhatIf, pk=object_id if object_id.isdecimal() else 0)
        if request.method == "POST":
            if not self.has_change_permission(request, asked):
                raise PermissionDenied
            return self._put_in_force(request, asked)
        context = {"asked": asked, "moves": _moves(asked.result)}
        return self._page(request, "admin/what_if.html", "What would change", context)

    def _put_in_force(self, request: HttpRequest, asked: WhatIf) -> HttpResponse:
        if asked.done_at is None:
            messages.error(request, "What would change is not worked out yet. Nothing was changed.")
            return HttpResponseRedirect(reverse("admin:tracker_whatif_change", args=[asked.pk]))
        put_in_force(asked)
        self.log_change(request, asked, f"In force: {asked.proposal}")
        messages.success(
            request, "In force. Articles that nobody ruled on are judged again, the newest first."
        )
        return HttpResponseRedirect(reverse("admin:tracker_whatif_changelist"))

    def _page(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> HttpResponse:
        shared = self.admin_site.each_context(request)
        opts = self.model._meta  # noqa: SLF001 - the admin's own templates ask for it
        return TemplateResponse(request, template, {**shared, "title": title, "opts": opts, **context})


def _moves(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each kind of move with its articles, in one query for all."""
    moves = result.get("moves", {})
    ids = [pk for move in moves.values() for pk in move["ids"]]
    articles = Article.objects.select_related("source").defer("feed_text").in_bulk(ids)
    return [
        {
            "from": LABELS[name.partition(">")[0]],
            "to": LABELS[name.partition(">")[2]],
            "n": move["n"],
            "articles": [articles[pk] for pk in move["ids"] if pk in articles],
        }
        for name, move in sorted(moves.items())
    ]


@admin.register(SubjectModel)
class SubjectModelAdmin(ReadOnly, PlainAdmin[SubjectModel]):
    """Models trained from rulings, with their figures on held-out events."""

    list_display = ("version", "made_at", "n_labels", "is_used", "why")
    list_filter = ("is_used",)
    fields = ("version", "made_at", "n_labels", "figures", "is_used", "why")


@admin.register(SubjectRuling)
class SubjectRulingAdmin(ReadOnly, PlainAdmin[SubjectRuling]):
    """What persons ruled on the subject, the last word and those before it."""

    list_display = ("at", "article", "label", "reason", "by", "is_current")
    list_filter = ("label", "is_current")
    list_select_related = ("article", "by")
    search_fields = ("article__title", "reason")
    ordering = ("-id",)
    show_full_result_count = False
