"""`/articles/<id>/archived/<sha256>/` for staff: the archived bytes of a page, offline, unable to load or run anything.

HTML is cleaned of scripts, styles and whatever is loaded from elsewhere, and sent under a policy that allows nothing
but images that stand in the page itself. Text is sent as text, anything else as a download.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.fetch.archive import DamagedArchiveError, FileArchive, NotArchivedError
from tracker.models import Revision
from tracker.text.decode import decode_html
from tracker.text.html import flatten, strip_tags

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; sandbox"
)
CHILD = Path(__file__).with_name("sanitise_child.py")
CHILD_DEADLINE_S = 20.0
SNIFFED = 4096
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1|table|article|section|br)(?=[\s/>])",
    re.IGNORECASE,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Form:
    """How archived bytes are shown."""

    content_type: str
    suffix: str
    is_download: bool = False


HTML = Form("text/html; charset=utf-8", "html")
TEXT = Form("text/plain; charset=utf-8", "txt")
PDF = Form("application/pdf", "pdf", is_download=True)
BYTES = Form("application/octet-stream", "bin", is_download=True)


@staff_member_required
@never_cache
@require_safe
def archived(request: HttpRequest, public_id: str, sha: str) -> HttpResponse:
    """Show the raw bytes behind a revision of an article, or say why they cannot be shown."""
    revision = (
        Revision.objects.filter(article__public_id=public_id, raw_sha256=sha)
        .select_related("article")
        .order_by(F("redacted_at").asc(nulls_first=True), "-fetched_at")
        .first()
    )
    if revision is None or not sha:
        msg = "no such archived page"
        raise Http404(msg)
    if revision.redacted_at is not None:
        return _nothing(request, revision, "It was redacted.")
    try:
        body = FileArchive(settings.ENV.archive_dir).get(sha)
    except NotArchivedError:
        return _nothing(request, revision, "The file is not in the archive. Restore it from a backup.")
    except (DamagedArchiveError, OSError):
        return _nothing(
            request,
            revision,
            "The archived file cannot be read. `manage.py archive verify` tells what is wrong with it.",
        )
    return _response(revision, body)


def form_of(body: bytes) -> Form:
    """Return how bytes are to be shown, by what they are; what a server once said of them is not asked."""
    start = body[:SNIFFED]
    if start.lstrip()[:5] == b"%PDF-":
        return PDF
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and _CONTROL.search(start):
        return BYTES
    if _HTML.search(start.replace(b"\0", b"") if is_wide else start):
        return HTML
    return TEXT


def clean_page(markup: str) -> str:
    """Return a page that loads nothing and runs nothing; one that takes too long is shown as bare text."""
    flat = flatten(markup)
    try:
        ran = subprocess.run(  # noqa: S603 - our own file, nothing of the page in the command
            [sys.executable, "-I", str(CHILD)],
            input=flat.encode("utf-8", "replace"),
            capture_output=True,
            timeout=CHILD_DEADLINE_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return f"<pre>{html.escape(strip_tags(flat))}</pre>"
    return ran.stdout.decode("utf-8", "replace")


def _response(revision: Revision, body: bytes) -> HttpResponse:
    form = form_of(body)
    content: str | bytes = body
    if form is HTML:
        content = _document(revision, clean_page(decode_html(body, "")))
    elif form is TEXT:
        content = decode_html(body, "")
    response = HttpResponse(content, content_type=form.content_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if form.is_download:
        name = f"{revision.article.public_id}-{revision.raw_sha256[:12]}.{form.suffix}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _document(revision: Revision, page: str) -> str:
    title = html.escape(revision.title or str(revision.article))
    said = (
        f"Archived copy of {html.escape(revision.article.url or 'a page without an address')}, as fetched on "
        f"{timezone.localtime(revision.fetched_at):%d %B %Y, %H:%M %Z}. Scripts, styles and images of other places are "
        f"left out. SHA-256 {revision.raw_sha256}."
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body style="max-width:50rem;margin:1rem auto;padding:0 1rem;font-family:serif;line-height:1.5">'
        f'<p style="font:small sans-serif;overflow-wrap:anywhere;border-bottom:1px solid">{said}</p>'
        f"{page}</body></html>"
    )


def _nothing(request: HttpRequest, revision: Revision, why: str) -> HttpResponse:
    context = {"article": revision.article, "revision": revision, "why": why}
    return render(request, "web/archived_missing.html", context, status=404)
