"""Jobs: shown, and tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils import timezone

from tracker.admin.base import PlainAdmin, ReadOnly
from tracker.models import Job

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Job)
class JobAdmin(ReadOnly, PlainAdmin[Job]):
    """What is owed, finished or failed."""

    list_display = (
        "id",
        "kind",
        "subject_id",
        "state",
        "attempts",
        "not_before",
        "error_class",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "kind", "error_class")
    search_fields = ("key", "error")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("retry",)

    @admin.action(description="Try the chosen failed jobs again", permissions=["retry"])
    def retry(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """Put failed jobs back into the queue with all their attempts; others are left alone."""
        n = jobs.filter(state=Job.State.FAILED).update(
            state=Job.State.READY, attempts=0, not_before=timezone.now(), finished_at=None
        )
        self.message_user(request, f"{n} queued again.")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Allow who may change jobs."""
        return bool(request.user.has_perm("tracker.change_job"))
