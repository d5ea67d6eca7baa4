"""What a revision says of its own text: corrections, retractions, a new headline."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from tracker.models.article import Article, Revision


class EditNotice(models.Model):
    """One notice first seen in one revision; made anew by the machine at any time."""

    class Kind(models.TextChoices):
        """What was said or done."""

        CORRECTION = "correction", "Corrected after first publication"
        CLARIFICATION = "clarification", "Clarified after first publication"
        RETRACTION = "retraction", "Retracted by its source"
        NOTE = "editors_note", "Editor's note"
        HEADLINE = "headline", "Headline changed"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="edit_notices")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="edit_notices")
    before = models.ForeignKey(
        Revision,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The revision it came after; empty where the first one said it already.",
    )
    kind = models.CharField(max_length=13, choices=Kind)
    sentence = models.TextField(help_text="The notice, or the headline before.")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=80)
    noticed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["noticed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "kind", "start"], name="edit_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.get_kind_display()}"
