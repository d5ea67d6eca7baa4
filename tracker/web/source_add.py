"""`/sources/add/`: one field, an address. A worker looks at it, and its page shows what would come in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tracker.curation.sources import AddressError, EndpointDraft, ask_preview, known_endpoint, read_address
from tracker.models import Endpoint, Preview

MOST_RECENT = 6


@staff_member_required
@never_cache
@require_http_methods(["GET", "POST"])
@permission_required("tracker.add_endpoint", raise_exception=True)
def source_add(request: HttpRequest) -> HttpResponse:
    """Show the field, or have the address looked at."""
    given = request.POST.get("address", "") if request.method == "POST" else request.GET.get("url", "")
    error, known = "", None
    if request.method == "POST":
        try:
            address = read_address(given)
        except AddressError as problem:
            error = str(problem)
        else:
            known = known_endpoint(address)
            if known is None or request.POST.get("anyway") == "1":
                return redirect(
                    "web:preview", pk=ask_preview(EndpointDraft(address, kind=""), request.user).pk
                )
    context = {
        "address": given[:2000],
        "error": error,
        "known": known,
        "recent": Preview.objects.filter(endpoint=None).order_by("-pk")[:MOST_RECENT],
    }
    return render(request, "web/source_add.html", context, status=400 if error else 200)


@staff_member_required
@require_POST
@permission_required("tracker.change_endpoint", raise_exception=True)
def endpoint_test(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Have an endpoint looked at as it stands; its page then shows what a poll would bring."""
    rows = Endpoint.objects.filter(source__slug=slug) if slug else Endpoint.objects.all()
    endpoint = get_object_or_404(rows, pk=pk)
    draft = EndpointDraft(endpoint.url, kind=endpoint.kind, options=endpoint.options)
    preview = ask_preview(draft, request.user, endpoint=endpoint)
    messages.info(request, "Nothing of a test is collected.")
    return HttpResponseRedirect(preview.get_absolute_url())
