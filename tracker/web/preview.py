"""`/previews/<pk>/`: how far a look at an address is, then what it found, what to change, and the saving of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.curation.sources import (
    AddressError,
    EndpointDraft,
    add_endpoint,
    ask_preview,
    change_endpoint,
    guess_source,
    known_endpoint,
    read_address,
    sources_like,
)
from tracker.models import Endpoint, Job, Preview
from tracker.models.preview_result import Choice, ItemLook, KindNote, PreviewResult
from tracker.text import when
from tracker.text.urls import host_of
from tracker.web.preview_form import SaveForm

LONG_WAIT = dt.timedelta(seconds=20)
OPTION = "option:"
SHOWN_KIND_LINES = 3


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as its row shows it."""

    look: ItemLook
    date: str
    date_from: str  # the rule, and whether listing or page
    text: str
    start: str
    reason: str
    known_url: str


@dataclass(frozen=True, slots=True)
class OptionField:
    """One setting of the kind, with what it was for this look."""

    name: str
    what: str
    example: str
    is_required: bool
    value: str


@staff_member_required
@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress, or the result."""
    found = _found(request, pk)
    if request.GET.get("part") == "state":
        return HttpResponse(found.state, content_type="text/plain")
    if found.state != Preview.State.DONE:
        return render(request, "web/preview_wait.html", _waiting(found))
    return _show(request, found)


@staff_member_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Look again: at another of the ways that were found, or with the settings as they were edited."""
    earlier = _found(request, pk)
    result = PreviewResult.read(earlier.result)
    try:
        draft = _wanted(request.POST, earlier, result)
    except AddressError as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(earlier.get_absolute_url())
    new = ask_preview(draft, request.user, endpoint=earlier.endpoint, choices=result.choices)
    return HttpResponseRedirect(new.get_absolute_url())


@staff_member_required
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what the preview showed: a new endpoint of a new or known source, or new settings of the tested one."""
    found = _found(request, pk)
    result = PreviewResult.read(found.result)
    if found.state != Preview.State.DONE or not result.is_usable:
        messages.error(request, "This preview found nothing that could be saved.")
        return HttpResponseRedirect(found.get_absolute_url())
    draft = EndpointDraft(result.url, kind=result.kind, options=result.options)
    if found.endpoint is not None:
        return _take_over(request, found.endpoint, draft)
    form = _form(result, request.POST)
    if not form.is_valid():
        form.start_at_error()
        return _show(request, found, form)
    added = add_endpoint(form.endpoint(draft), form.source())
    if added.is_new:
        messages.success(request, "Saved. It is asked within seconds; load this page anew to see what came.")
    else:
        messages.info(request, "This address is collected already; nothing was added.")
    return redirect(added.endpoint)


def _found(request: HttpRequest, pk: int) -> Preview:
    """Return the preview, for those who may save it: as a new endpoint, or over the one that was tested."""
    may_add, may_change = (request.user.has_perm(f"tracker.{act}_endpoint") for act in ("add", "change"))
    if not may_add and not may_change:
        raise PermissionDenied
    found = get_object_or_404(Preview.objects.select_related("endpoint__source"), pk=pk)
    if not (may_change if found.endpoint else may_add):
        raise PermissionDenied
    return found


def _take_over(request: HttpRequest, endpoint: Endpoint, draft: EndpointDraft) -> HttpResponse:
    other = known_endpoint(draft.url, besides=endpoint)
    if other is not None and other.url == draft.url:
        messages.error(request, f"{other} has this address already; nothing was changed.")
        return redirect(other)
    change_endpoint(endpoint, draft, request.user)
    messages.success(request, "The endpoint has these settings now, and is asked with them at once.")
    return redirect(endpoint)


def _waiting(found: Preview) -> dict[str, Any]:
    """Return what the page of an unfinished look says."""
    job = Job.objects.filter(kind="preview", subject_id=found.pk).order_by("-pk").first()
    now = timezone.now()
    is_late = now - found.created_at > LONG_WAIT and job is not None and job.state == Job.State.READY
    return {
        "preview": found,
        "host": host_of(found.url),
        "job": job,
        "reason": PreviewResult.read(found.result).reason,
        "has_failed": job is None or job.state == Job.State.FAILED,
        "is_at_work": job is not None and job.state == Job.State.LEASED,
        "is_late": is_late,
        "not_before": job.not_before if job is not None and job.not_before > now else None,
        "now": now,
    }


def _show(request: HttpRequest, found: Preview, form: SaveForm | None = None) -> HttpResponse:
    result = PreviewResult.read(found.result)
    kind = next((each for each in result.kinds if each.name == result.kind), None)
    tested = found.endpoint
    known = known_endpoint(result.url or found.url, besides=tested)
    # to watch the page itself is no other way to read the list on it; the kinds below hold it too
    ways = [
        pair for pair in enumerate(result.choices) if pair[1].n_items is not None or pair[1].url != result.url
    ]
    may_save = result.is_usable and tested is None and (known is None or known.url != result.url)
    context = {
        "preview": found,
        "result": result,
        "host": host_of(result.url or found.url),
        "url": result.url or found.url,
        "kind": kind,
        "kinds": result.kinds,
        "options": _options(kind, result),
        "ways": ways if result.n_items else list(enumerate(result.choices)),
        "rows": [_row(item) for item in result.items],
        "newest": _day(result.newest, "day"),
        "n_left": max(result.n_items - len(result.items), 0),
        "now": timezone.now(),
        "known": known,
        "tested": tested,
        "differs": tested is not None and result.is_usable and _differs(tested, result),
        "form": form or (_form(result) if may_save else None),
    }
    return render(request, "web/preview.html", context, status=400 if form else 200)


def _form(result: PreviewResult, data: Mapping[str, Any] | None = None) -> SaveForm:
    guess = guess_source(result.url, name=result.site_name, language=result.language)
    return SaveForm(data, like=sources_like(result.url), guess=guess)


def _differs(endpoint: Endpoint, result: PreviewResult) -> bool:
    return (endpoint.url, endpoint.kind, endpoint.options) != (result.url, result.kind, dict(result.options))


def _wanted(data: Mapping[str, str], earlier: Preview, result: PreviewResult) -> EndpointDraft:
    """Return what the form asks to look at: a numbered choice, or an edited address with kind and settings."""
    place = data.get("choice", "")
    if place.isascii() and place.isdigit() and int(place[:4]) < len(result.choices):
        chosen: Choice = result.choices[int(place[:4])]
        return EndpointDraft(chosen.url, kind=chosen.kind, options=chosen.options)
    kinds = {each.name: each for each in result.kinds}
    kind = data.get("kind", "")
    known = {option.name for option in kinds[kind].options} if kind in kinds else set()
    options = {
        name.removeprefix(OPTION): value.strip()
        for name, value in data.items()
        if name.startswith(OPTION) and name.removeprefix(OPTION) in known and value.strip()
    }
    address = read_address(data.get("address", "") or earlier.url)
    return EndpointDraft(address, kind=kind if kind in kinds else "", options=options)


def _options(kind: KindNote | None, result: PreviewResult) -> list[OptionField]:
    if kind is None:
        return []
    return [
        OptionField(
            each.name, each.what, each.example, each.is_required, str(result.options.get(each.name, ""))
        )
        for each in kind.options
    ]


def _row(item: ItemLook) -> ItemRow:
    page = item.page
    date, precision, rule, where = item.published, item.precision, item.date_rule, "listing"
    if not date and page is not None and page.published:
        date, precision, rule, where = page.published, page.precision, page.date_rule, "page"
    text, start, reason = "", "", ""
    if page is not None and page.is_read:
        text, start = _text_words(page.n_chars, page.language), _beginning(page.start, page.n_chars)
    elif page is not None:
        reason = page.reason
    elif item.is_whole:
        text, start = _text_words(item.n_chars, item.language), _beginning(item.start, item.n_chars)
    return ItemRow(
        item,
        _day(date, precision),
        (rule if rule.startswith(where) else f"{where}: {rule}") if date else "",
        text,
        start,
        reason,
        reverse("web:article", args=[item.known_as]) if item.known_as else "",
    )


def _beginning(start: str, n_chars: int) -> str:
    return f"{start}…" if n_chars > len(start) else start


def _text_words(n_chars: int, language: str) -> str:
    return f"{n_chars:,} characters" + (f", {language}" if language else "")


def _day(moment: str, precision: str) -> str:
    """Return a stored moment in words, or nothing."""
    try:
        at = dt.datetime.fromisoformat(moment)
    except ValueError:
        return ""
    words = when.short_day_words(at, precision or "day")
    return f"{words}, {at.astimezone(dt.UTC):%H:%M}" if precision == "minute" else words
