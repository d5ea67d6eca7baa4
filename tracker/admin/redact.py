"""Redaction from the lists of articles and revisions: a page that says what will be gone, and asks for the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tracker.curation.redact import MAX_REASON, Redaction, redact_article, redact_revision
from tracker.models import Article, Evidence, Revision

if TYPE_CHECKING:
    from typing import TypeAlias

    from django.contrib.auth.models import User
    from django.db.models import Model, QuerySet

    _Mixin: TypeAlias = admin.ModelAdmin[Any]
else:
    _Mixin = object

MOST_AT_ONCE = 100


class ReasonForm(forms.Form):
    """Why the text must not be kept."""

    reason = forms.CharField(
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Staff see it beside the article. Do not repeat what is to be hidden.",
    )


class Redacting(_Mixin):
    """The action, for articles (all their revisions) and for single revisions."""

    def has_redact_permission(self, request: HttpRequest) -> bool:
        """Whether this person may change articles."""
        return request.user.has_perm("tracker.change_article")

    @admin.action(description="Redact: hide the text for good, keep its hash", permissions=["redact"])
    def redact(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        """Ask for the reason, then redact."""
        chosen = list(rows[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            self.message_user(
                request, f"Choose at most {MOST_AT_ONCE} at once; nothing was redacted.", "error"
            )
            return None
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, chosen, form)
        user = cast("User", request.user)
        for row in chosen:
            done = _redact(row, user, form.cleaned_data["reason"])
            self.log_change(request, row, f"Redacted: {form.cleaned_data['reason']}")
            self._tell(request, row, done)
        return None

    def _ask(self, request: HttpRequest, chosen: list[Model], form: ReasonForm) -> HttpResponse:
        revisions = Revision.objects.filter(redacted_at=None)
        if self.model is Article:
            revisions = revisions.filter(article__in=[row.pk for row in chosen])
        else:
            revisions = revisions.filter(pk__in=[row.pk for row in chosen])
        context = {
            **self.admin_site.each_context(request),
            "title": "Redact",
            "opts": self.model._meta,  # noqa: SLF001 - the admin's own templates ask for it
            "chosen": chosen,
            "n_revisions": revisions.count(),
            "n_quotations": Evidence.objects.filter(revision__in=revisions).count(),
            "is_articles": self.model is Article,
            "form": form,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/redact.html", context)

    def _tell(self, request: HttpRequest, row: Model, done: Redaction) -> None:
        parts = [f"{done.n_revisions} revisions of '{row}' are redacted"]
        if done.n_quotations:
            parts.append(f"{done.n_quotations} quotations are hidden: look at what they supported")
        if done.n_raw_kept:
            parts.append(
                f"{done.n_raw_kept} archived files stay, because tries at an endpoint or other revisions name them"
            )
        self.message_user(request, f"{'. '.join(parts)}.")


def _redact(row: Article | Revision, user: User, reason: str) -> Redaction:
    return (
        redact_article(row, user, reason) if isinstance(row, Article) else redact_revision(row, user, reason)
    )
