"""Holds: what an endpoint brought and a person has to look at before it is read."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tracker.models.source import Endpoint


class Hold(models.Model):
    """New items of one endpoint that wait for a person, with the reason; the items are articles nobody reads yet."""

    class Reason(models.TextChoices):
        """What was unusual."""

        STORM = "storm", "Far more new items than usual"
        DOMAIN = "domain", "The address leads to another domain"
        SUBJECT = "subject", "The items are about something else"

    class State(models.TextChoices):
        """What a person said."""

        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=10, choices=Reason)
    explanation = models.TextField(help_text="In numbers and words, what was unusual.")
    address = models.CharField(max_length=2000, blank=True, help_text="Where the answer came from.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "reason"], condition=Q(state="waiting"), name="hold_waits_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id}: {self.get_reason_display()}"
