"""`/jobs/` for staff: what is owed, what is running, what failed and why, and a button to try again."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Count, Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.models import Job
from tracker.web.counts import Counted

PAGE_ROWS = 50
STATES = {"ready": "Queued", "leased": "Running", "failed": "Failed", "done": "Finished in the last hour"}
RECENT = dt.timedelta(hours=1)


@staff_member_required
@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the numbers by kind and state, and the jobs of one state and kind."""
    state = request.GET.get("state", "failed")
    state = state if state in STATES else "failed"
    kind = request.GET.get("kind", "")[:40].replace("\x00", "")
    before = request.GET.get("before", "")
    now = timezone.now()
    kinds = _kinds(now)
    rows = _jobs(state, now)
    if kind:
        rows = rows.filter(kind=kind)
    if before.isascii() and before.isdigit() and len(before) < 19:  # noqa: PLR2004 - a 64-bit number
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE_ROWS + 1])
    more = _url(state, kind, str(found[PAGE_ROWS - 1].pk)) if len(found) > PAGE_ROWS else ""
    context = {
        "state": state,
        "state_words": STATES[state],
        "kind": kind,
        "kinds": kinds,
        "tabs": [
            Counted(
                sum(row[name].n for _, row in kinds),
                _url(name),
                name,
                label,
                is_on=name == state and not kind,
            )
            for name, label in STATES.items()
        ],
        "jobs": found[:PAGE_ROWS],
        "more_url": more,
        "now": now,
        "is_live": request.GET.get("live") == "1",
        "live_url": _url(state, kind, live=True),
        "still_url": _url(state, kind),
        "oldest": Job.objects.ready(at=now).aggregate(at=Min("not_before"))["at"],
        "last": Job.objects.filter(state=Job.State.DONE).aggregate(at=Max("finished_at"))["at"],
    }
    return render(request, "web/jobs.html", context)


@staff_member_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a failed job back into the queue; a job that is not failed any more is left alone."""
    n = Job.objects.filter(pk=pk, state=Job.State.FAILED).update(
        state=Job.State.READY, attempts=0, not_before=timezone.now(), finished_at=None
    )
    if n:
        messages.success(request, f"Job {pk} is queued again.")
    else:
        messages.info(request, f"Job {pk} had not failed, so nothing was changed.")
    return HttpResponseRedirect(reverse("web:jobs"))


def _jobs(state: str, now: dt.datetime) -> QuerySet[Job]:
    rows = Job.objects.filter(state=state)
    return rows.filter(finished_at__gte=now - RECENT) if state == Job.State.DONE else rows


def _kinds(now: dt.datetime) -> list[tuple[str, dict[str, Counted]]]:
    """Return each kind with its number per state, in two queries."""
    parts = (Job.objects.exclude(state=Job.State.DONE), _jobs(Job.State.DONE, now))
    numbers = {
        (kind, state): n
        for part in parts
        for kind, state, n in part.order_by().values_list("kind", "state").annotate(n=Count("pk"))
    }
    return [
        (kind, {state: Counted(numbers.get((kind, state), 0), _url(state, kind)) for state in STATES})
        for kind in sorted({kind for kind, _ in numbers})
    ]


def _url(state: str, kind: str = "", before: str = "", *, live: bool = False) -> str:
    pairs = [("state", state), ("kind", kind), ("before", before), ("live", "1" if live else "")]
    return f"{reverse('web:jobs')}?{urlencode([(k, v) for k, v in pairs if v])}"
