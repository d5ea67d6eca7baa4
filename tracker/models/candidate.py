"""Names in texts that stand for no entity yet, gathered for a person to rule on."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tracker.models.entity import Entity


class Candidate(models.Model):
    """One name that the gazetteer does not know; it becomes an entity or an alias only by a person's word."""

    class State(models.TextChoices):
        """What a person ruled."""

        OPEN = "open", "Open"
        ALIAS = "alias", "A name of a known entity"
        NEW = "new", "A new entity"
        IGNORED = "ignored", "Not worth an entity"

    key = models.CharField(max_length=200, unique=True, help_text="Plain form, as mentions carry it.")
    name = models.CharField(max_length=300, help_text="The surface seen most often.")
    label = models.CharField(max_length=40)
    forms = models.JSONField(default=dict, blank=True, help_text="Surface to how often.")
    n_articles = models.PositiveIntegerField(default=0)
    n_mentions = models.PositiveIntegerField(default=0)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    counted_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty where it has to be counted anew."
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    entity = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="candidates"
    )
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-n_articles", "key"], name="candidate_queue"),
            models.Index(fields=["counted_at"], name="candidate_counted"),
        ]

    def __str__(self) -> str:
        return self.name


class KnownName(models.Model):
    """A name as it was when the texts that hold it were last sent to be analysed again."""

    entity_id = models.PositiveBigIntegerField()
    text = models.CharField(max_length=200)
    digest = models.CharField(max_length=32, help_text="Of the rules under which the name counts.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity_id", "text"], name="known_name_once")
        ]

    def __str__(self) -> str:
        return self.text
