"""Whether articles are about the subject: what persons ruled, the thresholds, and the models trained from rulings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.models.article import Article


class SubjectRuling(models.Model):
    """A person's word on one article; kept apart, applied after every recompute, and what models learn from."""

    class Label(models.TextChoices):
        """What it is about."""

        ON = "on_subject", "On the subject"
        ADJACENT = "adjacent", "Near the subject"
        OFF = "off_subject", "Off the subject"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="rulings")
    label = models.CharField(max_length=12, choices=Label)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    is_current = models.BooleanField(
        default=True, help_text="The last word on the article; older ones are history."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(is_current=True), name="subject_ruling_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.label}"


class SubjectSetting(models.Model):
    """The thresholds in force; one row."""

    on_subject_from = models.FloatField(
        default=0.5, help_text="Score from which an article is on the subject, 0 to 1."
    )
    adjacent_from = models.FloatField(
        default=0.6, help_text="Score from which it is near the subject, 0 to 1."
    )
    uses_model = models.BooleanField(
        default=True, help_text="Ask the trained model where one beat the rules."
    )
    changed_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"on the subject from {self.on_subject_from}"


class SubjectModel(models.Model):
    """A linear model trained from rulings, with its figures; used only where it beat the rules."""

    version = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    n_labels = models.PositiveIntegerField()
    figures = models.JSONField(default=dict, help_text="Model and rules on held-out events.")
    weights = models.JSONField(default=dict, help_text="Terms with their weights, and the intercept.")
    is_used = models.BooleanField(default=False)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.version


class WhatIf(models.Model):
    """What other thresholds would change on the newest articles; worked out by a job."""

    proposal = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"what if, asked {self.asked_at:%Y-%m-%d %H:%M}"
