"""When a page that was read is read again, and what its source's pages were like so far: the queue of re-checks."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tracker.models.article import Article
from tracker.models.claim import Evidence
from tracker.models.entry import EntryArticle
from tracker.models.source import Source


class RecheckQuerySet(models.QuerySet["Recheck"]):
    """Re-checks by whether they are due."""

    def due(self, *, at: dt.datetime | None = None) -> RecheckQuerySet:
        """Return those whose time has come at `at` (default now), the longest overdue first."""
        return self.filter(next_at__lte=at or timezone.now()).order_by("next_at")

    def wanted(self) -> RecheckQuerySet:
        """Return those of pages somebody relies on: public, in an entry, or evidence; never what is hidden."""
        is_evidence = Exists(Evidence.objects.filter(article=OuterRef("article")))
        is_member = Exists(EntryArticle.objects.filter(article=OuterRef("article")))
        return self.filter(
            Q(article__is_on_subject=True) | is_evidence | is_member,
            article__status__in=Article.SHOWN,
            article__hold=None,
            article__is_whole=False,
            article__text_from=Article.Text.PAGE,
        ).exclude(article__url="")


class Recheck(models.Model):
    """The schedule of one article's page; machine's own, one row for each page that was read."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="recheck"
    )
    next_at = models.DateTimeField(null=True, blank=True, help_text="Empty while nobody relies on the page.")
    checked_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=200, blank=True)
    body_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the last body.")
    n_checks = models.PositiveIntegerField(default=0)
    step = models.PositiveSmallIntegerField(default=0, help_text="How far the schedule has slowed down.")
    n_failed = models.PositiveSmallIntegerField(default=0, help_text="Failures in a row.")
    doubted_sha256 = models.CharField(
        max_length=64, blank=True, help_text="A text much shorter than before, seen once."
    )
    gone_at = models.DateTimeField(null=True, blank=True, help_text="Since when the page answers 404 or 410.")
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="When this was taken for withdrawn by its source."
    )

    objects = RecheckQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="recheck_due"),
        ]

    def __str__(self) -> str:
        return f"re-check of {self.article_id}"


class SourceHabit(models.Model):
    """How often the pages of a source were found changed; those of a quiet one are looked at less often."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, primary_key=True, related_name="habit")
    n_checks = models.PositiveIntegerField(default=0)
    n_changes = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"habit of {self.source_id}"
