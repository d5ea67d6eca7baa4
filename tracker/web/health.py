"""`/healthz` for machines and `/robots.txt` for crawlers."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Job

ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /jobs/\nDisallow: /search/\nDisallow: /*?\n"


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Tell whether the database answers, how old the oldest due job is and when a worker last finished one."""
    now = timezone.now()
    try:
        oldest = Job.objects.ready(at=now).order_by("not_before").values_list("not_before", flat=True).first()
        finished = (
            Job.objects.filter(state=Job.State.DONE, finished_at__isnull=False)
            .order_by("-id")
            .values_list("finished_at", flat=True)
            .first()
        )
    except DatabaseError:
        return JsonResponse({"database": "failed"}, status=503)
    return JsonResponse(
        {
            "database": "ok",
            "oldest_ready_job_s": round((now - oldest).total_seconds(), 1) if oldest else None,
            "last_finished_job_s": round((now - finished).total_seconds(), 1) if finished else None,
        }
    )


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Keep crawlers off what is private or endless."""
    return HttpResponse(ROBOTS, content_type="text/plain")
