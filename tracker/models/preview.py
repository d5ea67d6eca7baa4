"""Previews: an endpoint somebody thinks of adding, tried once by a worker, with what came of it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from tracker.models.source import Endpoint

KEPT = dt.timedelta(days=7)
"""How long a preview is kept after it was asked for."""


class Preview(models.Model):
    """One look at an address as some kind of endpoint; nothing of it is collected."""

    class State(models.TextChoices):
        """How far the look is."""

        WAITING = "waiting", "Waiting for a worker"
        DONE = "done", "Done"

    kind = models.CharField(max_length=40, blank=True, help_text="Blank: find out what the address is.")
    url = models.CharField(max_length=2000)
    options = models.JSONField(default=dict, blank=True)
    endpoint = models.ForeignKey(
        Endpoint,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="previews",
        help_text="The endpoint that is tested, if there is one already.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    result = models.JSONField(default=dict, blank=True, help_text="What came of it, as the page shows it.")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind or 'any kind'}: {self.url}"

    def get_absolute_url(self) -> str:
        """Address of the page that shows how far the look is, and then what it found."""
        return reverse("web:preview", args=[self.pk])


def forget_old_previews(*, at: dt.datetime | None = None) -> int:
    """Delete previews older than a week, some hundreds at a time; return how many.

    Args:
        at: the moment to count back from, now by default.
    """
    limit = (at or timezone.now()) - KEPT
    old = list(Preview.objects.filter(created_at__lt=limit).values_list("pk", flat=True)[:500])
    if old:
        Preview.objects.filter(pk__in=old).delete()
    return len(old)
