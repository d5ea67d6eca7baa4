"""Articles, and what they said at each fetch (revisions)."""

from __future__ import annotations

import base64
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.models.source import Endpoint, Source
from tracker.text.hashing import sha256_hex
from tracker.text.urls import canonical_url

PRECISIONS = [
    ("minute", "minute"),
    ("day", "day"),
    ("month", "month"),
    ("season", "season"),
    ("year", "year"),
]


def article_key(url: str, *, source_id: int | None = None, item_id: str = "") -> str:
    """Return the key of an article: its canonical URL, or its id within its source when it has no link."""
    text = f"url:{canonical_url(url)}" if url else f"item:{source_id}:{item_id}"
    return sha256_hex(text.encode())


def public_id_of(key: str) -> str:
    """Return the short public id that belongs to an article key; it never changes."""
    return base64.b32encode(bytes.fromhex(key)[:10]).decode().lower()


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles by what may be shown."""

    def public(self) -> ArticleQuerySet:
        """Return articles a reader may see: on the subject, not withheld, and not held for a person's word.

        What its source withdrew stays, and says so: it was published, and is cited.
        """
        return self.filter(is_on_subject=True, status__in=Article.SHOWN, hold__isnull=True)

    def adjacent(self) -> ArticleQuerySet:
        """Return articles near the subject that a reader may see: they stand on a page of their own."""
        return self.filter(is_adjacent=True, is_on_subject=False, status__in=Article.SHOWN, hold__isnull=True)

    def with_source(self) -> ArticleQuerySet:
        """Return articles with what a row shows."""
        return self.select_related("source", "latest")


class Article(models.Model):
    """One document at one canonical URL; what it says is in its revisions."""

    class Kind(models.TextChoices):
        """What kind of document."""

        NEWS = "news", "News"
        PRESS_RELEASE = "press_release", "Press release"
        OFFICIAL = "official", "Official document"
        BILL = "bill", "Bill"
        RULE = "rule", "Rule"
        FILING = "filing", "Court filing"
        LETTER = "letter", "Letter"
        POST = "post", "Post"
        TRANSCRIPT = "transcript", "Transcript"

    class Text(models.TextChoices):
        """Where the text we hold comes from."""

        NONE = "none", "Not read yet"
        CITED = "cited", "Cited address, not archived"
        FEED = "feed", "Feed text only"
        PAGE = "page", "Page"
        REDACTED = "redacted", "Redacted"

    class Status(models.TextChoices):
        """Whether the article may be shown."""

        USABLE = "usable", "Usable"
        WITHHELD = "withheld", "Withheld"
        WITHDRAWN = "withdrawn", "Withdrawn by its source"
        REJECTED = "rejected", "Rejected when it was held"

    SHOWN: ClassVar[tuple[str, ...]] = (Status.USABLE, Status.WITHDRAWN)

    public_id = models.CharField(max_length=16, unique=True)
    key = models.CharField(
        max_length=64,
        unique=True,
        help_text="SHA-256 of the canonical URL, or of source and item id without a link.",
    )
    url = models.URLField(max_length=2000, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="articles"
    )
    outlet = models.CharField(
        max_length=200, blank=True, help_text="Publisher as printed, where no source is known."
    )
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="articles"
    )
    source_item_id = models.CharField(max_length=1000, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.NEWS)
    title = models.CharField(max_length=1000, blank=True)
    byline = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=16, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_precision = models.CharField(max_length=8, choices=PRECISIONS, blank=True)
    published_rule = models.CharField(max_length=80, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now, help_text="When we came to know it.")
    is_whole = models.BooleanField(
        default=False, help_text="All there is to take came with the listing; no page is fetched."
    )
    facts = models.JSONField(
        default=dict, blank=True, help_text="What official data says of it, by the name of its field."
    )
    hold = models.ForeignKey(
        "Hold",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        help_text="Waits, unread, for a person's word.",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who added it by hand.",
    )
    feed_text = models.TextField(blank=True, help_text="What the feed carried, kept until the page is read.")
    text_from = models.CharField(max_length=8, choices=Text, default=Text.NONE)
    read_outcome = models.CharField(max_length=20, blank=True)
    read_reason = models.TextField(blank=True)
    latest = models.ForeignKey("Revision", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.USABLE)
    is_on_subject = models.BooleanField(default=False)
    relevance_score = models.FloatField(default=0)
    relevance_why = models.JSONField(default=dict, blank=True)
    relevance_rule = models.CharField(max_length=80, blank=True)
    is_adjacent = models.BooleanField(
        default=False,
        help_text="Near the subject, as chip export controls are; a lane of its own, off by default.",
    )
    is_relevance_decided = models.BooleanField(
        default=False, help_text="A person ruled; the machine leaves it alone."
    )

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["feed_text"])

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["is_on_subject", "-published_at"], name="article_timeline"),
            models.Index(fields=["source", "-first_seen_at"], name="article_source"),
        ]

    def __str__(self) -> str:
        return self.title or self.url or self.public_id

    def get_absolute_url(self) -> str:
        """Address of the article's page."""
        return reverse("web:article", args=[self.public_id])

    @property
    def link(self) -> str:
        """Address for a reader: the article's own, or the one its source gives for what has none of its own."""
        return self.url or str(self.facts.get("link", ""))

    @property
    def outlet_name(self) -> str:
        """Publisher to print beside the headline."""
        return self.source.name if self.source else self.outlet


class Revision(models.Model):
    """What an article said at one fetch: immutable, but that a person may redact its text."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    text_sha256 = models.CharField(max_length=64)
    raw_sha256 = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Key of the raw bytes in the archive."
    )
    title = models.CharField(max_length=1000, blank=True)
    byline = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    text_from = models.CharField(max_length=8, choices=Article.Text)
    rules = models.JSONField(default=dict, blank=True, help_text="Field to the rule that won.")
    turns = models.JSONField(
        default=list, blank=True, help_text="Who speaks in which span of a transcript, as it was parsed."
    )
    extractor = models.CharField(max_length=80)
    fetched_at = models.DateTimeField()
    analysed_by = models.CharField(max_length=200, blank=True, help_text="Version of what made the mentions.")
    redacted_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when text and raw bytes are gone; the hashes stay."
    )
    redacted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    redaction_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "text_sha256"], name="revision_once_per_text"),
            models.CheckConstraint(
                condition=Q(redacted_at=None) | (Q(text="") & ~Q(redaction_reason="")),
                name="revision_redacted_has_reason_and_no_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.fetched_at:%Y-%m-%d %H:%M}"


class Signature(models.Model):
    """What grouping compares of an on-subject article; made anew whenever its text is analysed."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="signature"
    )
    happened_at = models.DateTimeField(db_index=True)
    words = models.JSONField(default=list)
    lead = models.JSONField(default=list)
    entity_ids = models.JSONField(default=list)
    text_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    made_by = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"signature of {self.article_id}"
