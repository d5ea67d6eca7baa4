"""`/sources/transfer/`: every source as a file, and a file's sources taken over after a look at what would change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tracker.starter.transfer.as_opml import write_opml
from tracker.starter.transfer.as_yaml import write_yaml
from tracker.starter.transfer.facts import MAX_BYTES, TransferError, stored_sources
from tracker.starter.transfer.take_over import Report, compare, read_file, take_over

FILES = {"yaml": ("application/yaml", write_yaml), "opml": ("text/x-opml", write_opml)}
MOST_LINES = 300
MAY_ADD = ("tracker.add_source", "tracker.add_endpoint")
MAY_UPDATE = (*MAY_ADD, "tracker.change_source", "tracker.change_endpoint")


@staff_member_required
@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("tracker.add_source", raise_exception=True)
def transfer(request: HttpRequest) -> HttpResponse:
    """Show the page; or what a chosen file would change; or take that file over."""
    context: dict[str, Any] = {
        "max_kb": MAX_BYTES // 1000,
    }
    if request.method == "POST":
        name, raw = _given(request)
        try:
            if not raw:
                msg = "No file was chosen. Choose one that ends in .yaml, .opml or .xml."
                raise TransferError(msg)  # noqa: TRY301 - the same answer as for a bad file
            sources = read_file(raw)
        except TransferError as error:
            context["error"] = f"{name}: {error}" if name else str(error)
            return render(request, "web/transfer.html", context, status=400)
        if request.POST.get("do") == "take":
            is_updating = request.POST.get("update") == "on"
            if not request.user.has_perms(MAY_UPDATE if is_updating else MAY_ADD):
                raise PermissionDenied
            report = take_over(
                sources, update=is_updating, user=request.user, reason=f"taken over from {name}"[:100]
            )
            messages.success(request, _done(report))
            return redirect("web:transfer")
        context |= _told(compare(sources), name, raw)
    return render(request, "web/transfer.html", context)


@staff_member_required
@never_cache
@require_safe
def transfer_file(request: HttpRequest, format_name: str) -> HttpResponse:
    """Return every source as a file."""
    del request
    if format_name not in FILES:
        raise Http404
    content_type, write = FILES[format_name]
    answer = HttpResponse(write(stored_sources()), content_type=f"{content_type}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="sources.{format_name}"'
    return answer


def _given(request: HttpRequest) -> tuple[str, bytes]:
    """Return name and bytes of the file: as uploaded, or as the look at it carried it along."""
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        return str(file.name or "")[:100], file.read(MAX_BYTES + 1)
    return request.POST.get("name", "")[:100], request.POST.get("content", "").encode()


def _told(report: Report, name: str, raw: bytes) -> dict[str, Any]:
    new, differing = report.of("new"), report.of("differs")
    return {
        "report": report,
        "name": name,
        # a form sends every line break as two characters; both formats read them alike
        "content": _text(raw),
        "new": new[:MOST_LINES],
        "n_new": len(new),
        "differing": differing[:MOST_LINES],
        "n_differing": len(differing),
        "n_same": len(report.of("same")),
    }


def _text(raw: bytes) -> str:
    """Return a file that was read already as text, whatever it is written in."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return raw.decode("utf-16")
    return raw.decode("utf-8-sig", "replace")


def _done(report: Report) -> str:
    added = (
        f"{report.count('source', 'new')} sources and {report.count('endpoint', 'new')} endpoints were added"
    )
    n = len(report.of("differs"))
    if not n:
        return f"{added}."
    return (
        f"{added}, and {n} changed."
        if report.is_updating
        else f"{added}; {n} that differ were kept as they were."
    )
