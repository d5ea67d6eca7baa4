"""Entries: dated events on the timeline, the articles they are made of, and the storylines they form."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.models.article import PRECISIONS, Article
from tracker.models.entity import Entity


class Lane(models.TextChoices):
    """The five lanes of the timeline, in their order on the page."""

    ALLEGATIONS = "allegations", "Allegation"
    RESPONSES = "responses", "Response"
    OFFICIAL_ACTIONS = "official_actions", "Official action"
    LITIGATION = "litigation", "Litigation"
    REPORTING = "reporting", "Reporting"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries by what may be shown."""

    def public(self) -> EntryQuerySet:
        """Return entries a reader may see: published, with at least one article to show."""
        return self.filter(is_public=True, n_articles__gt=0)


class Entry(models.Model):
    """One dated event, made of articles and of the claims they carry."""

    class Origin(models.TextChoices):
        """Who made the entry."""

        MACHINE = "machine", "Grouped by the machine"
        COMPILED = "compiled", "Compiled by the project"
        PERSON = "person", "Made by an editor"

    class Basis(models.TextChoices):
        """What the date is the date of."""

        EVENT = "event", "the event"
        DOCUMENT = "document", "the document"
        MADE_PUBLIC = "made_public", "made public"
        PUBLISHED = "published", "publication"
        FIRST_REPORT = "first_report", "first report"

    public_id = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    happened_at = models.DateTimeField(help_text="Start of the day, month or year when less is known.")
    happened_precision = models.CharField(max_length=8, choices=PRECISIONS, default="day")
    happened_basis = models.CharField(max_length=12, choices=Basis, default=Basis.PUBLISHED)
    known_at = models.DateTimeField(
        default=timezone.now, help_text="When this archive came to know the entry."
    )
    lane = models.CharField(max_length=20, choices=Lane, default=Lane.REPORTING)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MACHINE)
    is_reviewed = models.BooleanField(default=False)
    is_public = models.BooleanField(default=True)
    is_decided = models.BooleanField(default=False, help_text="A person wrote title, summary, date or lane.")
    read_with_care = models.JSONField(
        default=list, blank=True, help_text="Known conflicts, one sentence each."
    )
    countries = models.JSONField(default=list, blank=True)
    n_articles = models.PositiveIntegerField(
        default=0, help_text="Public articles; kept by the code that adds them."
    )
    n_outlets = models.PositiveIntegerField(default=0)
    articles: models.ManyToManyField[Article, EntryArticle] = models.ManyToManyField(
        Article, through="EntryArticle", related_name="entries"
    )
    entities: models.ManyToManyField[Entity, EntryEntity] = models.ManyToManyField(
        Entity, through="EntryEntity", related_name="entries"
    )
    related = models.ManyToManyField("self", blank=True, help_text="Entries worth reading beside this one.")
    changed_at = models.DateTimeField(default=timezone.now, help_text="Last editorial or status change.")

    objects = EntryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "entries"
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["is_public", "-happened_at", "-id"], name="entry_timeline"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address of the entry's page."""
        return reverse("web:entry", args=[self.public_id])


class EntryArticle(models.Model):
    """An article in an entry, and what it is there for."""

    class Role(models.TextChoices):
        """What an article is to an entry."""

        PRIMARY = "primary", "Primary document"
        REPORT = "report", "Report"
        CONTEXT = "context", "Context"
        FOLLOW_UP = "follow_up", "Follow-up"
        RESPONSE = "response", "Response"
        CORRECTION = "correction", "Correction"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="members")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.REPORT)
    is_first_report = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True, help_text="Why the machine put it here.")
    decided_by = models.CharField(
        max_length=10, default="rule", choices=[("rule", "rule"), ("person", "person")]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "article"], name="article_once_per_entry")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.article_id} ({self.role})"


class EntryEntity(models.Model):
    """An entity named in an entry, with the number of its articles that name it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="named")
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="named_in")
    n_articles = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order of the chips.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "entity"], name="entity_once_per_entry")
        ]
        indexes: ClassVar = [models.Index(fields=["entity", "entry"], name="entry_entity")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.entity_id}"


class EntryAddress(models.Model):
    """An older public id of an entry; its address redirects for ever."""

    public_id = models.CharField(max_length=80, unique=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="addresses")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "entry addresses"

    def __str__(self) -> str:
        return self.public_id


class Storyline(models.Model):
    """Entries that follow from one another: allegation, response, action."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    entries: models.ManyToManyField[Entry, StorylineEntry] = models.ManyToManyField(
        Entry, through="StorylineEntry", related_name="storylines"
    )

    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.title


class StorylineEntry(models.Model):
    """One entry's place in a storyline; `is_main` is false where it only touches it."""

    storyline = models.ForeignKey(Storyline, on_delete=models.CASCADE, related_name="steps")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    is_main = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["storyline", "entry"], name="entry_once_per_story")
        ]

    def __str__(self) -> str:
        return f"{self.storyline_id}: {self.entry_id}"
