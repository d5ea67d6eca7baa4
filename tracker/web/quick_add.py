"""`/add/`: one article by hand, by its address or with its text pasted; also where the bookmarklet leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tracker.curation.add import MAX_TEXT, ArticleDraft, file_article, find_article, put_on_subject, read_day
from tracker.curation.sources import AddressError, read_address
from tracker.models import Article
from tracker.text.clean import one_line

MIN_WORDS = 15


class AddForm(forms.Form):
    """An address, or a title and a text, with what is known besides."""

    url = forms.CharField(
        label="Address of the article",
        max_length=4000,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text="Its page is read by a worker, as a browser would show it to somebody without an account.",
    )
    title = forms.CharField(label="Headline", max_length=1000, required=False)
    text = forms.CharField(
        label="Text",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="The whole text, one paragraph on a line. It is archived for staff; readers see a short excerpt.",
    )
    outlet = forms.CharField(
        label="Outlet",
        max_length=200,
        required=False,
        help_text="Who published it. Left empty, the address tells.",
    )
    published = forms.CharField(
        label="Published on",
        max_length=10,
        required=False,
        help_text="As exact as known: 2026-04-23, 2026-04 or 2026.",
    )
    kind = forms.ChoiceField(label="Kind of document", choices=Article.Kind.choices)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for field in self.fields.values():
            field.widget.attrs["class"] = "c-input"

    def clean_url(self) -> str:
        """An address that can be asked, or none."""
        typed: str = self.cleaned_data["url"]
        if not typed.strip():
            return ""
        try:
            return read_address(typed)
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean_published(self) -> str:
        """A year, a month or a day, or nothing."""
        typed: str = self.cleaned_data["published"].strip()
        try:
            read_day(typed)
        except ValueError:
            msg = f"'{typed}' is no date. Write 2026-04-23, 2026-04 or 2026."
            raise forms.ValidationError(msg) from None
        return typed

    def clean(self) -> dict[str, Any]:
        """There must be something to add: an address, or a headline with its text."""
        cleaned = super().clean() or self.cleaned_data
        text, title = cleaned.get("text", ""), cleaned.get("title", "")
        if not cleaned.get("url") and not text and "url" not in self.errors:
            self.add_error("url", "Give the address of the article, or paste its text below.")
        if text and not title:
            self.add_error("title", "A pasted text needs its headline.")
        if text and len(text.split()) < MIN_WORDS and len(text) < MIN_WORDS * 5:
            self.add_error("text", "That is too short for an article. Paste its whole text.")
        return cleaned

    def draft(self) -> ArticleDraft:
        """Return what was given."""
        return ArticleDraft(**{name: self.cleaned_data[name] for name in self.fields})


@staff_member_required
@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("tracker.change_article", raise_exception=True)
def quick_add(request: HttpRequest) -> HttpResponse:
    """Show the form, or add the article; one that is here already is shown instead."""
    given = {name: one_line(request.GET.get(name, ""), 2000) for name in ("url", "title")}
    form = AddForm(request.POST if request.method == "POST" else None, initial=given)
    known = None
    if request.method == "POST" and form.is_valid():
        filed = file_article(form.draft(), request.user)
        if filed.is_new:
            messages.success(
                request, "Added. It is read now, and stands on the timeline within a minute or two."
            )
            return redirect(filed.article)
        known = filed
    elif request.method == "GET" and given["url"]:
        known = find_article(ArticleDraft(url=given["url"]))
    context = {
        "form": form,
        "known": known,
        "is_pasting": bool(form["text"].value())
        or any(name in form.errors for name in ("title", "text", "published")),
        "bookmarklet": bookmarklet(request.build_absolute_uri(reverse("web:add"))),
    }
    return render(request, "web/quick_add.html", context, status=400 if form.errors else 200)


@staff_member_required
@require_POST
@permission_required("tracker.change_article", raise_exception=True)
def on_subject(request: HttpRequest, public_id: str) -> HttpResponse:
    """Rule that an article that is here already is on the subject."""
    article = get_object_or_404(Article, public_id=public_id)
    if put_on_subject(article, request.user):
        messages.success(
            request, "It is on the subject now, and stands on the timeline within a minute or two."
        )
    else:
        messages.error(request, "It is held back, or was kept out by somebody; nothing was changed.")
    return redirect(article)


def bookmarklet(address: str) -> str:
    """Return the link that, kept as a bookmark, brings the page one is reading to the form."""
    return (
        f"javascript:location.href='{address}?url='+encodeURIComponent(location.href)"
        "+'&title='+encodeURIComponent(document.title)"
    )
