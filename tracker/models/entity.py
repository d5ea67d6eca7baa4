"""Entities, their names, the posts people hold and what belongs to what."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.linking.family import circle


class Entity(models.Model):
    """A person, organisation, public body, AI model or product, legal instrument or place."""

    class Type(models.TextChoices):
        """The six public types."""

        PERSON = "person", "Person"
        ORGANISATION = "organisation", "Organisation"
        PUBLIC_BODY = "public_body", "Public body"
        MODEL = "model", "AI model or product"
        INSTRUMENT = "instrument", "Legal instrument"
        PLACE = "place", "Place"

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=Type)
    subtype = models.CharField(max_length=40, blank=True, help_text="As ai-lab, official, court, bill.")
    country = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name_plural = "entities"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Address of the entity's page."""
        return reverse("web:entity", args=[self.slug])


class Alias(models.Model):
    """One name of an entity, with the rules under which it counts."""

    class Kind(models.TextChoices):
        """What kind of name."""

        LEGAL = "legal"
        TRADE = "trade"
        ACRONYM = "acronym"
        FORMER = "former"
        TRANSLITERATION = "transliteration"
        MISSPELLING = "misspelling"
        METONYM = "metonym"
        OTHER = "other"

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    language = models.CharField(max_length=16, blank=True)
    is_case_sensitive = models.BooleanField(default=False)
    needs_context = models.BooleanField(
        default=False, help_text="Counts only beside one of the context words."
    )
    context_words = models.JSONField(default=list, blank=True)
    never_alone = models.BooleanField(
        default=False, help_text="Counts only after the full name, as surnames do."
    )
    note = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "aliases"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "text"], name="alias_once_per_entity")
        ]
        indexes: ClassVar = [models.Index(fields=["text"], name="alias_text")]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse names that would match everything."""
        if len(self.text.strip()) < 2:  # noqa: PLR2004 - one letter names nothing
            raise ValidationError({"text": "A name of one letter would match everywhere. Give at least two."})


class ExternalId(models.Model):
    """The entity's key in another register, as Wikidata."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="external_ids")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "scheme", "value"], name="external_id_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Position(models.Model):
    """A post a person held: title, body, from, to; dates as precise as known (2025, 2025-01, 2025-01-20)."""

    person = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="positions")
    title = models.CharField(max_length=200)
    body = models.ForeignKey(Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts")
    body_name = models.CharField(max_length=200, blank=True)
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10, blank=True)
    confidence = models.CharField(max_length=20, blank=True)
    is_shown = models.BooleanField(
        default=False, help_text="Shown as held; only where it was seen in a document."
    )

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "title", "body_name", "start"], name="position_once")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.body_name}" if self.body_name else self.title


class Affiliation(models.Model):
    """What belongs to what: lab to parent, model to maker, body to government."""

    child = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="children")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "parent"], name="affiliation_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="affiliation_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.child} -> {self.parent}"

    def clean(self) -> None:
        """Refuse a circle: nothing belongs to itself, however long the way."""
        if not (self.child_id and self.parent_id):
            return
        standing = Affiliation.objects.exclude(pk=self.pk).values_list("child_id", "parent_id")
        way = circle(self.child_id, self.parent_id, standing)
        if way:
            names = dict(Entity.objects.filter(pk__in=way).values_list("pk", "name"))
            steps = ", ".join(f"{names[one]} to {names[other]}" for one, other in pairwise(way))
            msg = f"This makes a circle of what belongs to what: {steps}. Take one of these out first."
            raise ValidationError({"parent": msg})
