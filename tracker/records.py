"""Frozen values that pass between stages, in the order in which the data travels.

A stage takes one of these and returns the next; none of them knows Django, the database or the network.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

MAX_NOTES = 2000
"""Code points of what was noticed while a page was read."""
Span = tuple[int, int]
"""[start, end) in code points of a revision's text."""


class Outcome(StrEnum):
    """How one attempt to fetch ended; the error classes are what an endpoint page explains."""

    OK = "ok"
    NOT_MODIFIED = "not modified"
    EMPTY = "empty"
    STALE = "stale"
    DNS = "dns"
    TLS = "tls"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    HTTP_CLIENT = "http 4xx"
    HTTP_SERVER = "http 5xx"
    BLOCKED = "blocked"
    PARSE = "parse"
    TOO_LARGE = "too large"
    REFUSED = "refused"
    ROBOTS = "robots"
    DEFERRED = (
        "deferred"  # not asked yet: another request to the host came first; try again after `retry_after_s`
    )

    @property
    def is_failure(self) -> bool:
        """Whether the attempt brought nothing usable; an empty, unchanged or put-off answer is not a failure."""
        return self not in {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.EMPTY, Outcome.STALE, Outcome.DEFERRED}


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to fetch, with the validators of the last answer."""

    url: str
    etag: str = ""
    last_modified: str = ""
    accept: str = "*/*"
    min_delay_s: float = 0.0  # pause since the last request to this host that the publisher asks for


@dataclass(frozen=True, slots=True)
class Page:
    """What one fetch brought: raw bytes as received after bounded decompression, never decoded text."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes
    fetched_at: dt.datetime
    duration_s: float

    @property
    def content_type(self) -> str:
        """Content-Type header as sent, or an empty string."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class FetchResult:
    """One try at one address: an outcome always, a page when there is one, and why in plain words."""

    outcome: Outcome
    reason: str
    page: Page | None = None
    status: int | None = None
    retry_after_s: float | None = None
    duration_s: float = 0.0
    n_bytes: int = 0
    moved_to: str = ""  # the final address, where every redirect on the way to it was a permanent one


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A moment or day with what is known about it: precision, and the rule that found it."""

    at: dt.datetime  # aware, UTC; the start of the day, month or year when the precision is coarser
    precision: str  # minute, day, month, year
    rule: str
    printed: str = ""  # as the page prints it, zone included; empty where that is not kept


@dataclass(frozen=True, slots=True)
class FoundItem:
    """One item of an endpoint, as the source gave it and made safe to store."""

    url: str  # canonical; empty when the item has no usable link
    source_item_id: str  # guid or atom:id; empty when there is none
    title: str
    byline: str
    text: str  # plain text of the longest content the feed carries
    published: FoundDate | None
    language: str = ""
    tags: Sequence[str] = ()
    outlet: str = ""  # publisher as printed, where it is not the endpoint's own source
    document_kind: str = ""  # news, press_release, official, bill, rule, filing, letter, post, transcript
    is_whole: bool = False  # all there is to take stands in the listing: the page behind it is not fetched
    facts: Mapping[str, str] = field(default_factory=dict)  # what official data says, by its field's name


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """An item that cannot be kept, with the reason a curator reads."""

    position: int  # 1-based place in the listing
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What one endpoint said at one fetch."""

    title: str
    items: Sequence[FoundItem]
    refused: Sequence[RefusedItem] = ()
    warnings: Sequence[str] = ()
    more: Sequence[str] = ()  # further addresses that belong to this listing: next pages, parts of an index


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an article with the rule that won."""

    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of what a text prints as question and answer; [start, end) of the text is what was said, no label."""

    start: int
    end: int
    speaker: str  # the person as printed; empty where only an outlet or a letter is
    outlet: str  # for whom the person asks, as printed; empty where that is not
    kind: str  # question, answer, remark


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """What a page says, boilerplate removed; paragraphs are separated by one newline."""

    title: Field
    byline: Field
    text: str
    language: str
    canonical_url: str  # empty when the page names none
    published: FoundDate | None
    modified: FoundDate | None
    site_name: str
    extractor: str  # name and version
    notes: Sequence[str] = ()
    text_rule: str = ""  # which reading of the page gave the text
    confidence: float | None = (
        None  # how far a second, simpler reading agrees, 0 to 1; None where there is none
    )
    kind: str = ""  # of an official document: bill, rule, official, press_release, filing, transcript
    kind_rule: str = ""  # how it was recognised
    facts: Mapping[str, Field] = field(default_factory=dict)  # what an official document states of itself
    turns: Sequence[Turn] = ()  # who speaks where, in a document that is question and answer

    @property
    def rules(self) -> dict[str, str]:
        """Return each field with the rule that won, and what was noticed on the way, as a revision stores it."""
        said = {"title": self.title.rule, "byline": self.byline.rule, "text": self.text_rule}
        said |= {"kind": self.kind_rule} | {f"fact: {name}": fact.rule for name, fact in self.facts.items()}
        for name, date in (("published", self.published), ("modified", self.modified)):
            if date is not None:
                said |= {name: date.rule, f"{name}_as_printed": date.printed}
        if self.confidence is not None:
            said["confidence"] = f"{self.confidence:.2f}"
        said["notes"] = "; ".join(self.notes)[:MAX_NOTES]
        return {name: rule for name, rule in said.items() if rule}


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """One name of one entity, as the gazetteer needs it."""

    entity_id: int
    entity_type: str
    text: str
    is_case_sensitive: bool = False
    needs_context: bool = False
    context_words: tuple[str, ...] = ()
    never_alone: bool = False
    is_ai: bool = False  # names an AI model or product, or a company that makes them


@dataclass(frozen=True, slots=True)
class TextToRead:
    """One revision as the language stage takes it; offsets of all it finds count in `text`, never in the title."""

    title: str
    text: str
    language: str = ""
    published: dt.date | None = None  # what 'last Thursday' counts from
    is_wanted: bool | None = None  # what a person ruled: whether to read it whole; None where nobody did


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A span of a text that names something; offsets count code points of the revision's text."""

    start: int
    end: int
    surface: str
    label: str
    score: float
    model: str
    entity_id: int | None
    rule: str
    form: str = (
        "name"  # name; short, a piece of a fuller name in the same text; description, as 'the company'
    )
    full_name: str = ""  # the fullest form of this name in the text, where this one is shorter


@dataclass(frozen=True, slots=True)
class FoundRole:
    """The words that give a person's role as printed, beside the person's name."""

    start: int
    end: int
    words: str
    person: Span  # the name
    body: Span | None  # the name of the body or company inside the words
    model: str
    rule: str


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A span that reports what somebody said or wrote, without its quotation marks."""

    start: int
    end: int
    words: str
    kind: str  # direct, fragment, block
    speaker: Span | None  # a name in the text; None when the text does not say
    speaker_words: str  # how the sentence puts it: 'he', 'a spokesperson for Lumora'; empty when it does not
    role: str  # as printed at the quote or at the speaker's name; may be empty
    channel: str  # post, memo, letter, report, briefing, court, email, interview, hearing, statement, unknown
    score: float
    model: str
    rule: str


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A number with what it counts, from its comparator to its unit."""

    start: int
    end: int
    words: str
    metric: str
    comparator: str  # = ~ >= > <= <
    value: Decimal | None  # None where only words were given, as in 'tens of thousands'
    high: Decimal | None  # upper end of a range
    unit: str
    scope: str  # 'total', or nothing
    party: Span | None  # a name in the text: whom the sentence gives the number to
    stated_by: Span | None  # a name in the text: who states it
    score: float
    model: str
    rule: str


@dataclass(frozen=True, slots=True)
class FoundTime:
    """Words that place something in time, resolved against the day of publication."""

    start: int
    end: int
    words: str
    on: str  # EDTF: 2026, 2026-02, 2026-02-12
    is_expected: bool  # announced for the future when the text was published
    model: str
    rule: str


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a text is about the subject, and which rules say so."""

    is_on_subject: bool
    score: float
    hits: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rule: str = ""
    adjacent_score: float = 0.0
    is_adjacent: bool = False  # near the subject, as chip export controls or other trade secrets are
    passage: Span | None = None  # the part of a long text that decided; offsets in the text


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that the language stage says about one text."""

    mentions: Sequence[FoundMention]
    relevance: Relevance
    model: str
    roles: Sequence[FoundRole] = ()
    quotes: Sequence[FoundQuote] = ()
    quantities: Sequence[FoundQuantity] = ()
    times: Sequence[FoundTime] = ()


@dataclass(frozen=True, slots=True)
class GroupCandidate:
    """What grouping needs to know of an article."""

    article_id: int
    key: str  # canonical address; breaks ties so that the order of arrival does not matter
    happened_at: dt.datetime
    words: frozenset[str]  # content words without names
    entity_ids: frozenset[int]
    text_hash: str
    lead: frozenset[str] = frozenset()  # content words of headline and first paragraphs


@dataclass(frozen=True, slots=True)
class Decision:
    """A yes or no with the reason for it."""

    is_same: bool
    reason: str
    score: float = 0.0
