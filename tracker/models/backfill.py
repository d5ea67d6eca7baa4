"""Backfills: a past range of an endpoint that is collected, in slices that are asked one by one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tracker.models.article import Article
from tracker.models.job import Job
from tracker.models.source import Endpoint


class Backfill(models.Model):
    """The days of one endpoint that somebody wanted collected; asked for again, it is the same one."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="backfills")
    start = models.DateField(help_text="First day.")
    end = models.DateField(help_text="Last day.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "start", "end"], name="backfill_once_per_range"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="backfill_not_backwards"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} from {self.start} to {self.end}"


class BackfillSliceQuerySet(models.QuerySet["BackfillSlice"]):
    """Slices by how far they are."""

    def open(self) -> BackfillSliceQuerySet:
        """Return slices that were not asked to the end yet, those that failed for good included."""
        return self.filter(finished_at=None)

    def given_up(self) -> BackfillSliceQuerySet:
        """Return slices that failed for good, until somebody has them tried again."""
        failed = Job.objects.filter(kind=BackfillSlice.JOB, state=Job.State.FAILED)
        return self.open().filter(pk__in=failed.values("subject_id"))


class BackfillSlice(models.Model):
    """One address of a backfill: the days it lists, and what came of it. Its job says whether it is owed."""

    JOB: ClassVar = "backfill"
    """Kind of the job that asks a slice."""

    backfill = models.ForeignKey(Backfill, on_delete=models.CASCADE, related_name="slices")
    address = models.CharField(max_length=2000)
    first_day = models.DateField()
    last_day = models.DateField()
    outcome = models.CharField(max_length=20, blank=True, help_text="Of the last try.")
    reason = models.TextField(blank=True)
    n_items = models.PositiveIntegerField(default=0)
    n_refused = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list, blank=True)
    articles: models.ManyToManyField[Article, models.Model] = models.ManyToManyField(
        Article, blank=True, related_name="backfill_slices", help_text="What was new to us."
    )
    tried_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = BackfillSliceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["backfill", "first_day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["backfill", "address"], name="backfill_slice_once_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"
