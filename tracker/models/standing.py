"""Whether evidence still stands in what its article says now; the evidence itself never moves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.models.article import Revision
from tracker.models.claim import Evidence


class Standing(models.Model):
    """What became of one span of evidence in a later revision; computed anew at each."""

    class Verdict(models.TextChoices):
        """Whether the sentence is still there."""

        STANDS = "stands", "Still stands"
        ALTERED = "altered", "Altered"
        GONE = "gone", "Gone"

    evidence = models.OneToOneField(
        Evidence, on_delete=models.CASCADE, primary_key=True, related_name="standing"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="+", help_text="Where it was looked for."
    )
    verdict = models.CharField(max_length=8, choices=Verdict)
    sentence = models.TextField(blank=True, help_text="What the text says instead.")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    judged_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["verdict"], condition=~Q(verdict="stands"), name="standing_shaken"),
        ]

    def __str__(self) -> str:
        return f"evidence {self.evidence_id}: {self.get_verdict_display()}"
