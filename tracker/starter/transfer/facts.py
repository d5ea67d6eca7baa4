"""A source and its endpoints as a file holds them: what people decide of them, and nothing of how reading goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.errors import RetortError
from tracker.models import Endpoint, Source
from tracker.text.urls import clean_url

MAX_BYTES = 2_000_000
SOURCE_FIELDS = (
    "slug",
    "name",
    "category",
    "tier",
    "country",
    "language",
    "owner",
    "homepage",
    "domain",
    "declared_interest",
    "is_state_media",
    "terms_note",
    "note",
    "confidence",
    "is_enabled",
)
ENDPOINT_FIELDS = (
    "url",
    "name",
    "kind",
    "options",
    "every_s",
    "is_enabled",
    "off_reason",
    "terms_note",
    "fallback_query",
    "note",
)
TIERS = range(1, 5)
MIN_EVERY_S, MAX_EVERY_S = 60, 31_536_000
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TransferError(RetortError):
    """A file cannot be taken over; the sentence says in which line, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class EndpointFacts:
    """One endpoint."""

    url: str
    name: str = ""
    kind: str = "feed"
    options: Mapping[str, str] = field(default_factory=dict)
    every_s: int = 1800
    is_enabled: bool = True
    off_reason: str = ""
    terms_note: str = ""
    fallback_query: str = ""
    note: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source with its endpoints. One from another reader has no slug: its domain says whose it is."""

    slug: str
    name: str
    category: str = "news"
    tier: int = 2
    country: str = ""
    language: str = ""
    owner: str = ""
    homepage: str = ""
    domain: str = ""
    declared_interest: str = ""
    is_state_media: bool = False
    terms_note: str = ""
    note: str = ""
    confidence: str = ""
    is_enabled: bool = True
    endpoints: tuple[EndpointFacts, ...] = ()
    line: int = field(default=0, compare=False)


def stored_sources() -> list[SourceFacts]:
    """Return every source as it is now, by slug, its endpoints by address."""
    rows = Source.objects.order_by("slug").prefetch_related("endpoints")
    return [
        SourceFacts(
            **{name: getattr(source, name) for name in SOURCE_FIELDS},
            endpoints=tuple(
                EndpointFacts(**{name: getattr(endpoint, name) for name in ENDPOINT_FIELDS})
                for endpoint in sorted(source.endpoints.all(), key=lambda each: each.url)
            ),
        )
        for source in sorted(rows, key=lambda each: each.slug)
    ]


def checked(sources: Sequence[SourceFacts]) -> list[SourceFacts]:
    """Return the sources if all of them can be stored.

    Raises:
        TransferError: names the line of the first that cannot, what is wrong and what to do.
    """
    slugs: dict[str, int] = {}
    urls: dict[str, int] = {}
    for source in sources:
        _check_source(source)
        if source.slug:
            _once(slugs, source.slug, source.line, noun="source")
        for endpoint in source.endpoints:
            _check_endpoint(endpoint)
            _once(urls, endpoint.url, endpoint.line, noun="address")
    return list(sources)


def refuse(line: int, what: str, do: str) -> TransferError:
    """Return the error that says where, what and what to do."""
    return TransferError(f"Line {line}: {what}. {do}")


def _check_source(source: SourceFacts) -> None:
    if source.slug and not _SLUG.fullmatch(source.slug):
        raise refuse(
            source.line, f"the slug '{source.slug[:60]}' is unusable", "Use up to 80 letters, digits and '-'."
        )
    if not source.name.strip():
        raise refuse(source.line, "a source has no name", "Give it one.")
    if source.category not in Source.Category.values:
        allowed = ", ".join(Source.Category.values)
        raise refuse(source.line, f"the category is '{source.category[:40]}'", f"Use one of: {allowed}.")
    if source.tier not in TIERS:
        raise refuse(source.line, f"the tier is {source.tier}", "Use 1, 2, 3 or 4.")
    _check_texts(source, Source, SOURCE_FIELDS, line=source.line)


def _check_endpoint(endpoint: EndpointFacts) -> None:
    if not clean_url(endpoint.url):
        raise refuse(
            endpoint.line, f"'{endpoint.url[:80]}' is not an address", "Use one that begins with https://."
        )
    if not _KIND.fullmatch(endpoint.kind):
        raise refuse(
            endpoint.line, f"the kind '{endpoint.kind[:40]}' is unusable", "Use a name such as feed."
        )
    if not MIN_EVERY_S <= endpoint.every_s <= MAX_EVERY_S:
        raise refuse(
            endpoint.line,
            f"it is to be asked every {endpoint.every_s} seconds",
            f"Use {MIN_EVERY_S} to {MAX_EVERY_S}; 1800 is half an hour.",
        )
    for name, value in endpoint.options.items():
        if _UNSTORABLE.search(name + value):
            raise refuse(
                endpoint.line, f"the setting '{name[:40]}' holds an unusable character", "Take it out."
            )
    _check_texts(endpoint, Endpoint, ENDPOINT_FIELDS, line=endpoint.line)


def _check_texts(
    facts: SourceFacts | EndpointFacts, model: type[Source | Endpoint], names: Sequence[str], *, line: int
) -> None:
    for name in names:
        value = getattr(facts, name)
        if not isinstance(value, str):
            continue
        if _UNSTORABLE.search(value):
            raise refuse(line, f"'{name}' holds a character that cannot be stored", "Take it out.")
        most = getattr(model._meta.get_field(name), "max_length", None)  # noqa: SLF001 - Django's documented way to a model's fields
        if most is not None and len(value) > most:
            raise refuse(line, f"'{name}' has {len(value)} characters", f"At most {most} fit; shorten it.")


def _once(seen: dict[str, int], value: str, line: int, *, noun: str) -> None:
    if value in seen:
        shown = value[:80]
        raise refuse(
            line, f"the {noun} '{shown}' stands in line {seen[value]} already", "Keep one of the two."
        )
    seen[value] = line
