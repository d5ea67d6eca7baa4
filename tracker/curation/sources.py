"""Adding what is read: looks at an address, sources and endpoints. Each function is one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from tracker.curation.endpoints import save_endpoint
from tracker.errors import RetortError
from tracker.models import Endpoint, Preview, Source, owe
from tracker.models.preview_result import Choice, PreviewResult
from tracker.text.clean import one_line, safe_text
from tracker.text.urls import MAX_LENGTH, clean_url, host_of, registrable_domain

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

RESERVED_SLUGS = frozenset({"add", "transfer", "notices", "holds", "coverage"})
"""Words that stand after `/sources/` for pages of their own."""
MAX_NAME, MAX_INTEREST, MAX_NOTE, MAX_OPTION = 200, 300, 5000, 2000
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST_WITH_PORT = re.compile(r"[\w.-]+:\d+(?:[/?#]|\Z)")
# country domains that are sold to everybody
_SOLD = frozenset(
    ["ai", "io", "co", "me", "tv", "ly", "to", "gg", "ws", "fm", "sh", "am", "la", "vc", "cc", "nu"]
)
_NAMED = (
    (Source.Category.COURT, re.compile(r"\b(?:court|tribunal)s?\b", re.IGNORECASE)),
    (Source.Category.LEGISLATURE, re.compile(r"\b(?:parliament|senate|congress|assembly)\b", re.IGNORECASE)),
    (Source.Category.REGULATOR, re.compile(r"\b(?:commission|regulator|authority)\b", re.IGNORECASE)),
    (
        Source.Category.GOVERNMENT,
        re.compile(r"\b(?:ministry|department|office|bureau|embassy)\b", re.IGNORECASE),
    ),
    (Source.Category.RESEARCH, re.compile(r"\b(?:university|universität|college)\b", re.IGNORECASE)),
    (Source.Category.THINK_TANK, re.compile(r"\b(?:institute|think tank|foundation)\b", re.IGNORECASE)),
)
_PRIMARY = frozenset(
    {
        Source.Category.COURT,
        Source.Category.LEGISLATURE,
        Source.Category.REGULATOR,
        Source.Category.GOVERNMENT,
    }
)
_COUNTRY = {"uk": "GB", "eu": "EU", "gov": "US", "mil": "US", "edu": "US", "int": "INT"}


class AddressError(RetortError):
    """What was typed is no address that can be asked."""


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """What a form knows of a publisher before there is one."""

    name: str = ""
    category: str = Source.Category.NEWS
    country: str = ""
    tier: int = 2
    language: str = ""
    declared_interest: str = ""
    is_state_media: bool = False
    homepage: str = ""
    domain: str = ""
    terms_note: str = ""


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """What a form knows of an endpoint before there is one."""

    url: str
    kind: str = "feed"
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    every_s: int = 1800


@dataclass(frozen=True, slots=True)
class Added:
    """An endpoint, and whether it is new."""

    endpoint: Endpoint
    is_new: bool


def read_address(typed: str) -> str:
    """Return what a person typed as an address to ask; `example.org/news` gets its https.

    Raises:
        AddressError: says what is wrong with it and what to do.
    """
    text = one_line(typed, MAX_LENGTH * 2)
    if not text:
        msg = "No address was given. Copy one from the address bar of a browser."
        raise AddressError(msg)
    text = re.sub(r"^feed:(?://)?(?=https?:)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^feed:", "https:", text, flags=re.IGNORECASE)
    if _SCHEME.match(text) and not _HOST_WITH_PORT.match(text):
        if not text.lower().startswith(("http:", "https:")):
            scheme = text.partition(":")[0][:20]
            msg = f"'{scheme}:' addresses are not fetched. Give one that begins with https:// or http://."
            raise AddressError(msg)
    else:
        text = f"https://{text.removeprefix('//')}"
    cleaned = clean_url(text)
    if not cleaned or (
        "." not in host_of(cleaned) and host_of(cleaned) != "localhost" and ":" not in host_of(cleaned)
    ):
        msg = f"'{text[:80]}' is not an address. Copy one from the address bar of a browser."
        raise AddressError(msg)
    return cleaned


def ask_preview(
    draft: EndpointDraft,
    user: AbstractBaseUser | AnonymousUser | None,
    *,
    endpoint: Endpoint | None = None,
    choices: Sequence[Choice] = (),
) -> Preview:
    """Write down that somebody wants to see what an address would bring; a worker looks.

    Args:
        draft: the address; a blank kind means: find out.
        user: who asks.
        endpoint: the endpoint that is tested, if there is one already.
        choices: the ways to read it that an earlier look found.
    """
    with transaction.atomic():
        preview = Preview.objects.create(
            url=draft.url,
            kind=draft.kind,
            options=tidy_options(draft.options),
            endpoint=endpoint,
            created_by=user if user is not None and user.is_authenticated else None,  # type: ignore[misc]
            result=replace(PreviewResult(), choices=tuple(choices)).as_json() if choices else {},
        )
        owe("preview", [preview.pk])
    return preview


def known_endpoint(url: str, *, besides: Endpoint | None = None) -> Endpoint | None:
    """Return the endpoint that has this address, or the same but for http, www and a slash at the end."""
    rows = Endpoint.objects.select_related("source").filter(url__in=_spellings(url))
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    found = list(rows[:20])
    return next((row for row in found if row.url == url), found[0] if found else None)


def sources_like(url: str) -> list[Source]:
    """Return the sources of the address's registrable domain, that of the closest homepage first."""
    domain = registrable_domain(url)
    host = host_of(url)
    found = list(Source.objects.filter(domain=domain).exclude(domain="").order_by("name"))
    hosts = {
        source_id: host_of(address)
        for source_id, address in Endpoint.objects.filter(source__in=found).values_list("source_id", "url")
        if host_of(address) == host
    }
    return sorted(found, key=lambda source: source.pk not in hosts)


def guess_source(url: str, *, name: str = "", language: str = "") -> SourceDraft:
    """Return what can be guessed of the publisher from its address; a person corrects it."""
    domain = registrable_domain(url)
    labels = host_of(url).split(".")
    top = labels[-1]
    is_government = top in {"gov", "mil"} or (len(labels) > 1 and labels[-2] in {"gov", "gob", "gouv", "go"})
    category = Source.Category.GOVERNMENT if is_government else Source.Category.NEWS
    if top == "edu" or (len(labels) > 1 and labels[-2] in {"edu", "ac"}):
        category = Source.Category.RESEARCH
    country = _COUNTRY.get(top, "")
    if not country and len(top) == len("xx") and top.isalpha() and top not in _SOLD:
        country = top.upper()
    named = next((kind for kind, words in _NAMED if words.search(name)), "")
    if named and category == Source.Category.NEWS:
        category = Source.Category(named)
    parts = urlsplit(url)
    return SourceDraft(
        name=one_line(name, MAX_NAME) or domain,
        category=category,
        country=country,
        tier=1 if category in _PRIMARY else 2,
        language=language[:16],
        homepage=f"{parts.scheme}://{parts.netloc}/",
        domain=domain,
    )


def add_endpoint(draft: EndpointDraft, source: Source | SourceDraft) -> Added:
    """Store an endpoint that is polled at once, and its source where that is new.

    An address that is there already is returned as it is: two people who save the same preview make one endpoint.
    """
    with transaction.atomic():
        existing = Endpoint.objects.select_related("source").filter(url=draft.url).first()
        if existing is not None:
            return Added(existing, is_new=False)
        endpoint = Endpoint(
            name=one_line(draft.name, MAX_NAME),
            kind=draft.kind,
            url=draft.url,
            options=tidy_options(draft.options),
            every_s=draft.every_s,
            is_enabled=True,
            next_poll_at=timezone.now(),
        )
        endpoint._change_reason = "added after a preview"  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's way
        try:
            with transaction.atomic():  # a new source goes with an endpoint that somebody else saved first
                endpoint.source = source if isinstance(source, Source) else _new_source(source)
                endpoint.save()
        except IntegrityError:
            return Added(Endpoint.objects.select_related("source").get(url=draft.url), is_new=False)
        return Added(endpoint, is_new=True)


def change_endpoint(
    endpoint: Endpoint, draft: EndpointDraft, user: AbstractBaseUser | AnonymousUser | None
) -> None:
    """Give an endpoint the address, kind and settings that were tried, and ask it at once.

    What the last answer said of itself belongs to the old settings and is forgotten.
    """
    endpoint.url, endpoint.kind, endpoint.options = draft.url, draft.kind, tidy_options(draft.options)
    endpoint.next_poll_at = timezone.now()
    fields = ["url", "kind", "options", "next_poll_at", *endpoint.forget_answer()]
    with transaction.atomic():
        save_endpoint(endpoint, user, fields=fields, why="settings taken from a preview")


def tidy_options(options: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that say something, safe to store."""
    tidy = {one_line(name, 60): safe_text(str(value), MAX_OPTION).strip() for name, value in options.items()}
    return {name: value for name, value in tidy.items() if name and value}


def free_slug(name: str, domain: str) -> str:
    """Return a slug that no source has, made of the name or, where that gives none, of the domain."""
    stem = (slugify(name) or slugify(domain.replace(".", "-")) or "source")[:60].strip("-")
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED_SLUGS
    if stem not in taken:
        return stem
    n = 2
    while f"{stem}-{n}" in taken:
        n += 1
    return f"{stem}-{n}"


def _new_source(draft: SourceDraft) -> Source:
    source = Source(
        slug=free_slug(draft.name, draft.domain),
        name=one_line(draft.name, MAX_NAME) or draft.domain,
        category=draft.category,
        tier=draft.tier,
        country=draft.country,
        language=draft.language,
        homepage=draft.homepage[:500],
        domain=draft.domain,
        declared_interest=one_line(draft.declared_interest, MAX_INTEREST),
        is_state_media=draft.is_state_media,
        terms_note=safe_text(draft.terms_note, MAX_NOTE),
    )
    source._change_reason = "added after a preview"  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    source.save()
    return source


def _spellings(url: str) -> set[str]:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    hosts = {host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"}
    tail = f"{slash}{path}"
    tails = {tail, tail.rstrip("/"), tail if "?" in tail or tail.endswith("/") else f"{tail}/"}
    return {f"{each}://{name}{end}" for each in {scheme, "http", "https"} for name in hosts for end in tails}
