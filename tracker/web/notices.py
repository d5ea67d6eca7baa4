"""`/sources/notices/` for staff: what is the matter with endpoints now, and what was; and the numbers of the masthead.

The numbers of the masthead are those of this page's lists: open notices by kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Notice
from tracker.web.access import is_staff
from tracker.web.counts import Counted

ENDED_FOR = dt.timedelta(days=60)
MOST_ENDED = 200
WORDS = {
    Notice.Kind.FAILING: "failing",
    Notice.Kind.SILENT: "silent",
    Notice.Kind.HELD: "held",
    Notice.Kind.GONE: "gone",
    Notice.Kind.MOVED: "moved",
}


@staff_member_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show the open notices, then those that ended in the last 60 days, of one kind or of all."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in WORDS else ""
    rows = Notice.objects.select_related("endpoint__source")
    standing = list(rows.open().order_by("-opened_at", "-pk"))
    ended = rows.filter(closed_at__gte=timezone.now() - ENDED_FOR)
    if kind:
        ended = ended.filter(kind=kind)
    past = list(ended.order_by("-closed_at", "-pk")[: MOST_ENDED + 1])
    path = reverse("web:notices")
    tabs = [Counted(len(standing), path, label="All", is_on=not kind)]
    for name, words in WORDS.items():
        n = sum(notice.kind == name for notice in standing)
        tabs.append(Counted(n, f"{path}?kind={name}", name, words.capitalize(), is_on=name == kind))
    context = {
        "open": [notice for notice in standing if not kind or notice.kind == kind],
        "ended": past[:MOST_ENDED],
        "is_cut": len(past) > MOST_ENDED,
        "most": MOST_ENDED,
        "tabs": tabs,
        "kind": kind,
        "now": timezone.now(),
    }
    return render(request, "web/notices.html", context)


def attention(request: HttpRequest) -> Callable[[], list[Counted]]:
    """Return what the masthead calls for its numbers: one query for staff, none for readers."""

    def count() -> list[Counted]:
        if not is_staff(request):
            return []
        found = dict(Notice.objects.open().order_by().values_list("kind").annotate(n=Count("pk")))
        path = reverse("web:notices")
        return [
            Counted(found[kind], f"{path}?kind={kind}", kind, words)
            for kind, words in WORDS.items()
            if found.get(kind)
        ]

    return count
