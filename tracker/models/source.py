"""Sources: publishers of any kind, and the endpoints through which they are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

LEAST_EVERY_S = 60
"""No endpoint is asked more often, whatever was typed as its pace."""

_COUNT_LOOK = """
    INSERT INTO tracker_endpointday (endpoint_id, day, n_good, n_failed, n_new, outcome, failure)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (endpoint_id, day) DO UPDATE SET
        n_good = tracker_endpointday.n_good + excluded.n_good,
        n_failed = tracker_endpointday.n_failed + excluded.n_failed,
        n_new = tracker_endpointday.n_new + excluded.n_new,
        outcome = excluded.outcome,
        failure = CASE WHEN excluded.failure = '' THEN tracker_endpointday.failure ELSE excluded.failure END
"""


class Source(models.Model):
    """A publisher: newsroom, wire, company, government body, legislature, court, think tank ..."""

    class Category(models.TextChoices):
        """What kind of publisher."""

        NEWS = "news", "News"
        COMPANY = "company", "Company"
        GOVERNMENT = "government", "Government"
        LEGISLATURE = "legislature", "Legislature"
        REGULATOR = "regulator", "Regulator"
        COURT = "court", "Court"
        LAW = "law", "Law"
        THINK_TANK = "think-tank", "Think tank"
        RESEARCH = "research", "Research"
        AGGREGATOR = "aggregator", "Aggregator"
        INCIDENT_DB = "incident-db", "Incident database"
        OTHER = "other", "Other"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=20, choices=Category, default=Category.NEWS)
    tier = models.PositiveSmallIntegerField(
        default=2,
        help_text="1 primary document, 2 independent reporting, 3 interested or secondary, 4 lead only.",
    )
    country = models.CharField(max_length=8, blank=True, help_text="ISO 3166 code, or EU, INT.")
    language = models.CharField(max_length=16, blank=True)
    owner = models.CharField(max_length=200, blank=True)
    homepage = models.URLField(max_length=500, blank=True)
    domain = models.CharField(
        max_length=253, blank=True, db_index=True, help_text="Registrable domain, as theguardian.com."
    )
    declared_interest = models.CharField(max_length=300, blank=True)
    is_state_media = models.BooleanField(default=False)
    terms_note = models.TextField(blank=True)
    note = models.TextField(blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the timeline filtered to this source."""
        return f"/?source={self.slug}"


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints by what they owe us."""

    def enabled(self) -> EndpointQuerySet:
        """Return endpoints that are on and whose source is on."""
        return self.filter(is_enabled=True, source__is_enabled=True)

    def due(self, *, at: dt.datetime | None = None) -> EndpointQuerySet:
        """Return enabled endpoints whose next poll is due at `at` (default now)."""
        return self.enabled().filter(next_poll_at__lte=at or timezone.now())

    def schedule(self, moments: Mapping[int, dt.datetime]) -> None:
        """Set the next poll of many endpoints, each its own; a moment per row is cheap only in plain SQL."""
        rows = [(connection.ops.adapt_datetimefield_value(at), pk) for pk, at in moments.items()]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE tracker_endpoint SET next_poll_at = %s WHERE id = %s", rows)


class Endpoint(models.Model):
    """One feed, API or listing page of a source, with its schedule, validators and health."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="endpoints")
    name = models.CharField(
        max_length=200, blank=True, help_text="What it lists, where a source has several endpoints."
    )
    kind = models.CharField(max_length=40, default="feed")
    url = models.URLField(max_length=2000, unique=True)
    options = models.JSONField(
        default=dict, blank=True, help_text="Settings of its kind; the reference page lists them."
    )
    note = models.TextField(blank=True, help_text="What is odd about it, and how often it changes.")
    terms_note = models.TextField(blank=True, help_text="Terms of use, where they differ from the source's.")
    fallback_query = models.CharField(
        max_length=500, blank=True, help_text="What to search for elsewhere while this cannot be read."
    )
    is_enabled = models.BooleanField(default=True)
    off_reason = models.CharField(max_length=300, blank=True, help_text="Why the machine switched it off.")
    every_s = models.PositiveIntegerField(
        default=1800, help_text="Seconds between two polls when all is well."
    )
    next_poll_at = models.DateTimeField(default=timezone.now, db_index=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    body_sha256 = models.CharField(max_length=64, blank=True)
    last_outcome = models.CharField(max_length=20, blank=True)
    last_reason = models.TextField(blank=True)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    failure_streak = models.PositiveIntegerField(default=0)
    newest_item_at = models.DateTimeField(
        null=True, blank=True, help_text="Publication of the newest item it listed."
    )
    last_new_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last brought something new to us."
    )
    usual_gap_s = models.FloatField(
        null=True, blank=True, help_text="Nine of ten pauses between its items are shorter than this."
    )
    moved_to = models.CharField(
        max_length=2000, blank=True, help_text="Where permanent redirects lead at present."
    )
    moved_count = models.PositiveSmallIntegerField(default=0, help_text="Consistent redirects so far.")
    created_at = models.DateTimeField(default=timezone.now)

    objects = EndpointQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            "next_poll_at",
            "etag",
            "last_modified",
            "body_sha256",
            "last_outcome",
            "last_reason",
            "last_attempt_at",
            "last_success_at",
            "failure_streak",
            "newest_item_at",
            "last_new_at",
            "usual_gap_s",
            "moved_to",
            "moved_count",
        ]
    )

    class Meta:
        ordering: ClassVar = ["source__name", "url"]

    def __str__(self) -> str:
        return self.name or str(self.source)

    def get_absolute_url(self) -> str:
        """Address of the endpoint's page."""
        return reverse("web:endpoint", args=[self.source.slug, self.pk])

    def clean(self) -> None:
        """Refuse settings that no kind can read, and a pace that no host should bear."""
        self.options = self.options or {}  # an emptied box is nothing, and no kind reads nothing
        values = self.options.values() if isinstance(self.options, dict) else [None]
        if not all(isinstance(each, str) for each in values):
            msg = 'The options are not names with texts. Write them as {"name": "value"}, numbers between quotes too.'
            raise ValidationError(msg)
        if self.every_s < LEAST_EVERY_S:
            msg = f"It is to be asked every {self.every_s} seconds. Write {LEAST_EVERY_S} or more."
            raise ValidationError(msg)

    def forget_answer(self) -> list[str]:
        """Forget what the last answer said of itself, so that it is read anew; return the fields to save."""
        self.etag = self.last_modified = self.body_sha256 = ""
        return ["etag", "last_modified", "body_sha256"]


class FetchAttempt(models.Model):
    """One try at an endpoint: what came of it, how long it took, how many items it brought."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="attempts")
    key = models.CharField(max_length=80, unique=True, help_text="One row per job, however often it runs.")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    n_bytes = models.PositiveIntegerField(default=0)
    duration_s = models.FloatField(default=0)
    n_items = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    n_held = models.PositiveIntegerField(default=0)
    n_refused = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(
        default=list, blank=True, help_text="First refused items: position, title, reason."
    )
    warnings = models.JSONField(default=list, blank=True)
    body_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Key of the raw bytes in the archive."
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["endpoint", "-at"], name="attempt_recent")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(outcome=""), name="attempt_has_outcome")]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.at:%Y-%m-%d %H:%M} {self.outcome}"


class EndpointDayQuerySet(models.QuerySet["EndpointDay"]):
    """Days of endpoints."""

    def count_looks(self, rows: Sequence[EndpointDay]) -> None:
        """Add what each row counts to its endpoint's day, which begins with it if nothing was counted before."""
        lines = [(r.endpoint_id, r.day, r.n_good, r.n_failed, r.n_new, r.outcome, r.failure) for r in rows]
        with connection.cursor() as cursor:
            cursor.executemany(_COUNT_LOOK, lines)


class EndpointDay(models.Model):
    """One day (UTC) of one endpoint: what its tries came to. Kept for good, when the single tries are forgotten."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="days")
    day = models.DateField(db_index=True)
    n_good = models.PositiveIntegerField(default=0, help_text="Tries that were no failure.")
    n_failed = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=20, help_text="Of the last try of the day.")
    failure = models.CharField(max_length=20, blank=True, help_text="Outcome of the last failure of the day.")

    objects = EndpointDayQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "day"], name="endpoint_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.day} {self.outcome}"
