"""Notices: what staff should know about an endpoint, said once for as long as it lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.models.source import Endpoint


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by whether they still hold."""

    def open(self) -> NoticeQuerySet:
        """Return notices about what has not ended."""
        return self.filter(closed_at__isnull=True)


class Notice(models.Model):
    """One outage, silence or move of one endpoint, from its beginning to its end."""

    class Kind(models.TextChoices):
        """What is the matter."""

        FAILING = "failing", "Failing"
        SILENT = "silent", "Silent"
        GONE = "gone", "Gone for good"
        MOVED = "moved", "Moved"
        HELD = "held", "Held for a look"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "kind"], condition=Q(closed_at__isnull=True), name="notice_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {self.get_kind_display()}"


def open_notice(endpoint_id: int, kind: Notice.Kind, text: str, *, at: dt.datetime | None = None) -> None:
    """Say it once: a notice of this kind that is open already stays as it was."""
    notice = Notice(endpoint_id=endpoint_id, kind=kind, text=text, opened_at=at or timezone.now())
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


AT_WORK = frozenset({Notice.Kind.FAILING, Notice.Kind.SILENT, Notice.Kind.MOVED})
"""Notices that only make sense while an endpoint is collected."""


def close_notices(endpoint_id: int, kinds: Collection[Notice.Kind]) -> None:
    """End what has ended; nothing happens where no such notice is open."""
    Notice.objects.open().filter(endpoint_id=endpoint_id, kind__in=kinds).update(closed_at=timezone.now())


def end_notices(ids: Collection[int], *, is_on: bool) -> None:
    """End what no longer holds of endpoints that were switched: 'gone' when on, trouble at work when off."""
    kinds = {Notice.Kind.GONE} if is_on else AT_WORK
    Notice.objects.open().filter(endpoint_id__in=ids, kind__in=kinds).update(closed_at=timezone.now())
