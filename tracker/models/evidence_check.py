"""Checks of evidence: words that were looked for in what a cited address says, and whether they stand there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from tracker.models.article import Revision
from tracker.models.claim import Evidence


class EvidenceCheck(models.Model):
    """One look for the words of one piece of evidence in one revision; made once, so that a person's word stands."""

    class Outcome(models.TextChoices):
        """What was found."""

        FOUND = "found", "Found, and made a span"
        MANY = "many", "Found in several places"
        NEAR = "near", "Something like it was found"
        ABSENT = "absent", "Not found"

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="checks")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(help_text="What was looked for.")
    words_sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=Outcome)
    note = models.TextField(blank=True, help_text="What a person should know, or look at.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["evidence", "revision", "words_sha256"], name="evidence_checked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}: {self.get_outcome_display()}"
