"""What the machine found in a revision, each a span of its text: names, roles, quotes, numbers and times.

Offsets count code points of the revision's text. All of it is made anew whenever the revision is analysed, but for
what a person decided.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tracker.models.article import Revision
from tracker.models.entity import Entity

DECIDERS = [("rule", "rule"), ("person", "person")]


class Found(models.Model):
    """A span of a revision with what found it."""

    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    model = models.CharField(max_length=120, help_text="Model or component with version.")
    rule = models.CharField(max_length=80, blank=True)
    decided_by = models.CharField(max_length=10, default="rule", choices=DECIDERS)

    class Meta:
        abstract = True


class Mention(Found):
    """A span that names something."""

    class Form(models.TextChoices):
        """How the span names it."""

        NAME = "name", "Name"
        SHORT = "short", "Short form of a name in the same text"
        DESCRIPTION = "description", "Description, as 'the company'"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="mentions")
    surface = models.CharField(max_length=300)
    label = models.CharField(max_length=40)
    score = models.FloatField(default=1)
    entity = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="mentions"
    )
    form = models.CharField(max_length=12, choices=Form, default=Form.NAME)
    name_key = models.CharField(
        max_length=200,
        blank=True,
        help_text="Plain form of the fullest name in the text, where no entity is known: what candidates group by.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "start", "end"], name="mention_once_per_span"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="mention_not_empty"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entity", "revision"], name="mention_entity"),
            models.Index(fields=["name_key"], condition=~Q(name_key=""), name="mention_name_key"),
        ]

    def __str__(self) -> str:
        return f"{self.surface} [{self.start}:{self.end}]"


class PrintedRole(Found):
    """The role of a person as a text prints it, held against the posts on file for that day."""

    class Verdict(models.TextChoices):
        """What the posts on file say; a difference is a flag, never a correction."""

        AGREES = "agrees", "Agrees with a post on file"
        DIFFERS = "differs", "Differs from the posts on file"
        UNKNOWN = "unknown", "No post on file for that day"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="roles")
    words = models.CharField(max_length=300)
    person = models.ForeignKey(Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="roles")
    person_name = models.CharField(max_length=200)
    body = models.ForeignKey(Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    body_name = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.UNKNOWN)
    held = models.CharField(max_length=300, blank=True, help_text="Posts on file for that day, as they read.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revision", "start", "end", "person_name"], name="printed_role_once_per_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.words}"


class Quote(Found):
    """A span that reports what somebody said; one quote may appear in many articles."""

    class Kind(models.TextChoices):
        """How it is printed."""

        DIRECT = "direct", "Direct"
        FRAGMENT = "fragment", "Fragment in an indirect sentence"
        BLOCK = "block", "Block without marks"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="quotes")
    words = models.TextField()
    kind = models.CharField(max_length=10, choices=Kind)
    speaker = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="quotes"
    )
    speaker_name = models.CharField(
        max_length=200, blank=True, help_text="As the text names them; empty is 'unknown'."
    )
    speaker_start = models.PositiveIntegerField(null=True, blank=True)
    speaker_end = models.PositiveIntegerField(null=True, blank=True)
    speaker_words = models.CharField(max_length=300, blank=True, help_text="How the sentence puts it: 'he'.")
    role = models.CharField(max_length=300, blank=True, help_text="Role as printed.")
    channel = models.CharField(max_length=20, blank=True)
    score = models.FloatField(default=1)
    first = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="appearances",
        help_text="The earliest appearance of these words by this speaker; empty on that one itself.",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "start", "end"], name="quote_once_per_span"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="quote_not_empty"),
        ]
        indexes: ClassVar = [models.Index(fields=["speaker", "revision"], name="quote_speaker")]

    def __str__(self) -> str:
        return f"{self.speaker_name or 'unknown'}: {self.words[:60]}"


class QuantityMention(Found):
    """A number as one text states it; the ledger's Quantity is made from it when a person accepts it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="quantities")
    words = models.CharField(max_length=300)
    metric = models.CharField(max_length=60)
    comparator = models.CharField(max_length=2)
    value = models.DecimalField(max_digits=40, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=40, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, blank=True)
    party = models.ForeignKey(Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    party_name = models.CharField(max_length=200, blank=True)
    stated_by = models.ForeignKey(Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    stated_by_name = models.CharField(max_length=200, blank=True)
    score = models.FloatField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["revision", "start", "end"], name="quantity_mention_once_per_span"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["metric", "value"], name="quantity_mention_value")]

    def __str__(self) -> str:
        return self.words


class TimeMention(Found):
    """Words that place something in time, resolved against the day of publication."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="times")
    words = models.CharField(max_length=120)
    on = models.CharField(max_length=30, help_text="EDTF: 2026, 2026-02, 2026-02-12.")
    is_expected = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "start", "end"], name="time_mention_once_per_span"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["on"], condition=Q(is_expected=True), name="time_mention_expected")
        ]

    def __str__(self) -> str:
        return f"{self.words} = {self.on}"
