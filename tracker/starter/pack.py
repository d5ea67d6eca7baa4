"""Frozen values of the starter pack: what its files say once they were read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PackEndpoint:
    """One feed, API or page of a source; `kind` comes from `format` by the file's own table, unless it is stated."""

    slug: str
    name: str
    url: str  # a full address, or a path beginning with / in the sample newsroom
    format: str
    kind: str
    is_enabled: bool
    language: str
    status: str
    confidence: str
    options: Mapping[str, str] = field(default_factory=dict)
    every_min: int = 0  # minutes between two polls; 0: by the tier of its source
    fallback: str = ""  # what to search for elsewhere while it cannot be read
    needs_key: bool = False
    rhythm: str = ""
    query: str = ""
    quirks: str = ""
    terms: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackSource:
    """A publisher and its endpoints."""

    slug: str
    name: str
    category: str
    country: str
    language: str
    tier: int
    domain: str
    is_state_media: bool
    owner: str
    declared_interest: str
    terms: str
    endpoints: tuple[PackEndpoint, ...]

    @property
    def is_enabled(self) -> bool:
        """Whether at least one endpoint is collected from the first start."""
        return any(endpoint.is_enabled for endpoint in self.endpoints)


@dataclass(frozen=True, slots=True)
class PackAlias:
    """One name of an entity and the rules under which it counts."""

    text: str
    kind: str
    language: str = ""
    is_case_sensitive: bool = False
    context_words: tuple[str, ...] = ()
    never_alone: bool = False
    note: str = ""

    @property
    def needs_context(self) -> bool:
        """Whether the name counts only beside one of its context words."""
        return bool(self.context_words)


@dataclass(frozen=True, slots=True)
class PackPosition:
    """A post a person held; dates as precise as known (2025, 2025-01, 2025-01-20)."""

    title: str
    body: str  # slug of an entity, or empty
    body_name: str  # as printed, where the body is no entity
    start: str
    end: str
    is_former: bool
    confidence: str
    note: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether the post may be shown as held: only where it was seen in a document."""
        return self.confidence == "seen"


@dataclass(frozen=True, slots=True)
class PackEntity:
    """A person, organisation, public body, model, instrument or place."""

    slug: str
    name: str
    type: str
    subtype: str
    country: str
    parent: str  # slug, or empty
    confidence: str
    ids: Mapping[str, str]
    aliases: tuple[PackAlias, ...]
    positions: tuple[PackPosition, ...]
    ambiguity: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackMapping:
    """What another scheme calls a technique."""

    scheme: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PackTechnique:
    """One technique of the taxonomy."""

    slug: str
    label: str
    description: str
    mappings: tuple[PackMapping, ...]
    keywords: Mapping[str, tuple[str, ...]]  # language to words
    confusable_with: tuple[str, ...]
    legal_hooks: tuple[str, ...]
    exclusion: str


@dataclass(frozen=True, slots=True)
class PackTerm:
    """A word of a closed list with its meaning; `strength` orders allegation statuses, weakest first."""

    slug: str
    label: str
    description: str = ""
    strength: int | None = None


@dataclass(frozen=True, slots=True)
class PackTier:
    """A tier of reliability, 1 the best, with the rule that follows from it."""

    tier: int
    label: str
    what: str
    rule: str


@dataclass(frozen=True, slots=True)
class PackCaseStudy:
    """A documented case of another scheme: its actors (entity slugs) and the order of its techniques."""

    scheme: str
    id: str
    name: str
    date: str
    actors: tuple[str, ...]
    procedure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Techniques, statuses, action types, tiers and the closed lists around them."""

    version: str
    schemes: Mapping[str, str]  # scheme to the edition it was taken from
    techniques: tuple[PackTechnique, ...]
    statuses: tuple[PackTerm, ...]
    status_rules: tuple[str, ...]
    roles: tuple[str, ...]
    action_types: tuple[PackTerm, ...]
    tiers: tuple[PackTier, ...]
    bases: tuple[str, ...]
    metrics: tuple[str, ...]
    date_kinds: tuple[str, ...]
    case_studies: tuple[PackCaseStudy, ...]
    mitigations: tuple[PackMapping, ...]


@dataclass(frozen=True, slots=True)
class PackParty:
    """Who stated a claim: as printed, and the entities where we know them."""

    name: str
    entity: str = ""
    role: str = ""
    organisation: str = ""
    organisation_name: str = ""


@dataclass(frozen=True, slots=True)
class PackStatus:
    """A dated status of a claim."""

    date: str
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackAllegation:
    """One accuser and one accused, as worded."""

    accused: str  # slug, or empty where nobody we know is named
    accused_as_worded: str
    relation: str
    names_accused: bool
    technique: str
    also_techniques: tuple[str, ...]
    targets: tuple[str, ...]
    target_as_worded: str
    period: str
    basis: tuple[str, ...]
    basis_note: str


@dataclass(frozen=True, slots=True)
class PackResponse:
    """An answer to one or more claims."""

    stance: str
    respondent: str
    answers: tuple[str, ...]
    gist: str


@dataclass(frozen=True, slots=True)
class PackAction:
    """What a government, court or company then did."""

    action_type: str
    date_precision: str
    title: str
    identifiers: tuple[tuple[str, str], ...]  # scheme and value
    jurisdiction: str
    names_entities: tuple[str, ...]
    names_note: str
    misnamed_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackClaim:
    """One statement: who, when, through which channel, what, supported by which cited addresses."""

    id: str
    stated_by: PackParty
    stated_on: str  # empty where the day is not known
    channel: str
    detail: PackAllegation | PackResponse | PackAction
    statuses: tuple[PackStatus, ...]
    weak: str  # why the claim is shaky, or empty
    supported_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackQuantity:
    """A number as claimed; without a value where only words were given."""

    claims: tuple[str, ...]
    metric: str
    comparator: str
    value: int | float | None
    unit: str
    scope: str
    stated_by: str
    as_worded: str
    note: str
    supported_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackCitation:
    """A cited address of an entry and what it is to the entry."""

    url: str
    outlet: str
    title: str
    published: str
    role: str
    seen_as: str  # read, cited, or empty where it was not seen
    is_first_report: bool
    is_state_media: bool


@dataclass(frozen=True, slots=True)
class PackDate:
    """One more date of an entry, with what it dates."""

    date: str
    precision: str
    basis: str
    note: str
    is_weak: bool


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One landmark on the timeline with all it carries."""

    slug: str
    date: str
    date_precision: str
    date_basis: str
    title: str
    summary: str
    kind: str
    lane: str
    storyline: str
    also_in: tuple[str, ...]
    related: tuple[str, ...]
    entities: tuple[str, ...]
    countries: tuple[str, ...]
    confidence: str
    other_dates: tuple[PackDate, ...]
    citations: tuple[PackCitation, ...]
    claims: tuple[PackClaim, ...]
    quantities: tuple[PackQuantity, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackStoryline:
    """Entries that follow from one another, and others that touch them."""

    slug: str
    title: str
    summary: str
    entries: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole starter pack."""

    version: str
    sources: tuple[PackSource, ...]
    entities: tuple[PackEntity, ...]
    taxonomy: Taxonomy | None
    storylines: tuple[PackStoryline, ...]
    entries: tuple[PackEntry, ...]
