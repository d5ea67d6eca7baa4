"""The ledger: claims with their evidence, numbers and dated statuses.

Two clocks stand on every row: `stated_on` (or `on`), when it happened in the world, and `known_at`, when this
archive came to know it. What may be published is decided by constraints, so that no caller can forget it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from tracker.models.article import PRECISIONS, Article, Revision
from tracker.models.entity import Entity
from tracker.models.entry import Entry


class Technique(models.Model):
    """One technique of the versioned taxonomy, with its mappings."""

    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    exclusion = models.TextField(blank=True)
    mappings = models.JSONField(default=dict, blank=True, help_text="MITRE ATLAS and ATT&CK ids with names.")
    version = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["label"]

    def __str__(self) -> str:
        return self.label


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims by kind and by what may be shown."""

    def published(self) -> ClaimQuerySet:
        """Return claims readers may see; drafts never are."""
        return self.filter(state=Claim.State.PUBLISHED)


class Claim(models.Model):
    """One statement, by someone, on a date: an allegation, a response or an action."""

    class Kind(models.TextChoices):
        """What kind of statement."""

        ALLEGATION = "allegation", "Allegation"
        RESPONSE = "response", "Response"
        ACTION = "action", "Action"

    class State(models.TextChoices):
        """Whether readers may see it."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        REJECTED = "rejected", "Rejected"

    class Origin(models.TextChoices):
        """Who wrote the row."""

        MACHINE = "machine", "Drafted by the machine"
        COMPILED = "compiled", "Compiled by the project"
        PERSON = "person", "Written by an editor"

    class Relation(models.TextChoices):
        """How the wording ties the accused to the act."""

        IS = "is", "named outright"
        AFFILIATED = "affiliated_with", "affiliated with"
        BASED_IN = "based_in", "based in"
        UNNAMED = "unnamed", "names nobody"

    class Stance(models.TextChoices):
        """What an answer says; silence has words of its own."""

        DENIES = "denies", "denies"
        PARTLY = "partly", "partly admits"
        CONFIRMS = "confirms", "confirms"
        NO_COMMENT = "no_comment", "no comment"
        DID_NOT_RESPOND = "did_not_respond", "did not respond"
        NONE_FOUND = "none_found", "none found"
        COUNTERSUES = "countersues", "countersues"
        POLICY = "policy_statement", "policy statement"

    public_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.MACHINE)
    made_by = models.CharField(
        max_length=120, blank=True, help_text="Rule or model with version, or the compiler."
    )
    accepted_by = models.CharField(max_length=150, blank=True, help_text="Who published a machine's draft.")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="claims")
    position = models.PositiveSmallIntegerField(default=0)

    stated_by = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="statements"
    )
    stated_by_name = models.CharField(max_length=200, help_text="'unknown' is a value.")
    stated_by_role = models.CharField(max_length=200, blank=True, help_text="Role as printed.")
    stated_by_organisation = models.CharField(max_length=200, blank=True)
    stated_on = models.DateField(null=True, blank=True)
    stated_precision = models.CharField(max_length=8, choices=PRECISIONS, blank=True)
    known_at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=200, blank=True)
    gist = models.TextField(blank=True, help_text="What it says, in our own words.")
    is_weak = models.BooleanField(default=False)
    weak_note = models.CharField(max_length=300, blank=True)

    # Allegation
    accused = models.ForeignKey(
        Entity, on_delete=models.SET_NULL, null=True, blank=True, related_name="faced"
    )
    accused_name = models.CharField(max_length=200, blank=True)
    accused_as_worded = models.CharField(max_length=500, blank=True)
    names_accused = models.BooleanField(null=True, blank=True)
    relation = models.CharField(max_length=16, choices=Relation, blank=True)
    technique = models.ForeignKey(
        Technique, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    also_techniques = models.ManyToManyField(Technique, blank=True, related_name="+")
    targets = models.ManyToManyField(Entity, blank=True, related_name="targeted")
    target_as_worded = models.CharField(max_length=300, blank=True)
    period = models.CharField(max_length=60, blank=True)
    basis = models.JSONField(
        default=list, blank=True, help_text="Codes of the taxonomy; empty is 'not stated'."
    )
    basis_note = models.CharField(max_length=300, blank=True)

    # Response
    stance = models.CharField(max_length=20, choices=Stance, blank=True)
    respondent = models.CharField(max_length=40, blank=True)
    leads_with = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The claim it answers first.",
    )
    answers = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="responses")
    searched_on = models.DateField(null=True, blank=True)
    searched_where = models.CharField(max_length=500, blank=True)

    # Action
    action_type = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500, blank=True)
    jurisdiction = models.CharField(max_length=40, blank=True)
    names_entities = models.ManyToManyField(Entity, blank=True, related_name="acted_on")
    names_note = models.CharField(max_length=500, blank=True)
    misnamed_as = models.JSONField(default=list, blank=True, help_text="Wrong titles seen in the press.")

    lead_evidence = models.ForeignKey(
        "Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="leads"
    )

    objects = ClaimQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["entry", "position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["kind", "state", "-stated_on"], name="claim_ledger"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="claim_published_has_evidence",
                condition=~Q(state="published")
                | Q(lead_evidence__isnull=False)
                | (Q(stance="none_found", searched_on__isnull=False) & ~Q(searched_where="")),
                violation_error_message="A claim is published only with its evidence, or with a record of the search.",
            ),
            models.CheckConstraint(
                name="claim_machine_draft_is_accepted",
                condition=~Q(origin="machine", state="published") | ~Q(accepted_by=""),
                violation_error_message="A machine's draft is published only by a person.",
            ),
            models.CheckConstraint(
                name="claim_response_has_stance_and_claim",
                condition=~Q(kind="response")
                | (~Q(stance="") & Q(leads_with__isnull=False))
                | ~Q(state="published"),
                violation_error_message="A response needs its stance and the claim it answers.",
            ),
            models.CheckConstraint(
                name="claim_allegation_has_accused_wording",
                condition=~Q(kind="allegation", state="published")
                | (~Q(accused_as_worded="") & ~Q(relation="")),
                violation_error_message="An allegation needs the accused as worded and how it is tied to the act.",
            ),
            models.CheckConstraint(name="claim_not_own_answer", condition=~Q(leads_with=F("id"))),
        ]

    def __str__(self) -> str:
        return self.public_id


class Evidence(models.Model):
    """Why a field of the ledger says what it says: a span of a revision, or a cited address."""

    class Stance(models.TextChoices):
        """How the text stands to the field."""

        STATES = "states"
        QUOTES = "quotes"
        REPEATS = "repeats", "repeats without a source"
        CONTRADICTS = "contradicts"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    field = models.CharField(
        max_length=40, default="claim", help_text="Field it supports; 'claim' for the whole row."
    )
    stance = models.CharField(max_length=12, choices=Stance, default=Stance.STATES)
    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quoted = models.TextField(blank=True)
    cited_url = models.URLField(max_length=2000, blank=True)
    known_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "evidence"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_is_span_or_address",
                condition=(Q(revision__isnull=False, start__isnull=False, end__gt=F("start")) & ~Q(quoted=""))
                | (Q(revision__isnull=True) & ~Q(cited_url="")),
            ),
            models.UniqueConstraint(
                fields=["claim", "field", "cited_url"],
                condition=~Q(cited_url=""),
                name="evidence_once_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}.{self.field}"


class ClaimStatus(models.Model):
    """One dated step in the history of an allegation or an action."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="statuses")
    status = models.CharField(max_length=60)
    on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=PRECISIONS, default="day")
    note = models.CharField(max_length=500, blank=True)
    ruling = models.ForeignKey(
        Evidence,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The ruling behind an adjudicated status.",
    )
    known_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "claim statuses"
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "status", "on"], name="status_once_per_day"),
            models.CheckConstraint(
                name="status_adjudicated_has_ruling",
                condition=~Q(status__in=["convicted_or_liable", "dismissed", "settled"])
                | Q(ruling__isnull=False),
                violation_error_message="An adjudicated status needs the ruling it rests on.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.status}"


class ActionIdentifier(models.Model):
    """The official key of an action: bill number, docket, Federal Register citation."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "scheme", "value"], name="identifier_once")
        ]

    def __str__(self) -> str:
        return self.value


class Quantity(models.Model):
    """A number as claimed, with its comparator and scope."""

    class Comparator(models.TextChoices):
        """How the number is hedged."""

        EQUAL = "=", "exactly"
        ABOUT = "~", "about"
        AT_LEAST = ">=", "at least"
        MORE = ">", "more than"
        AT_MOST = "<=", "up to"
        LESS = "<", "less than"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="quantities")
    metric = models.CharField(max_length=60)
    comparator = models.CharField(max_length=2, choices=Comparator)
    value = models.DecimalField(
        max_digits=40, decimal_places=4, null=True, blank=True, help_text="Empty where only words were given."
    )
    unit = models.CharField(max_length=60)
    scope = models.CharField(max_length=300, blank=True)
    stated_by_name = models.CharField(max_length=200, blank=True)
    as_worded = models.CharField(max_length=300)
    note = models.CharField(max_length=500, blank=True)
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="quantities"
    )
    known_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "quantities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "metric", "scope", "as_worded"], name="quantity_once")
        ]

    def __str__(self) -> str:
        return self.as_worded
