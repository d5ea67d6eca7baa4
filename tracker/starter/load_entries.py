"""Loads the landmark entries: their cited addresses, storylines and (through `load_claims`) their claims."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.models import (
    Article,
    Entity,
    Entry,
    EntryArticle,
    EntryEntity,
    Source,
    Storyline,
    StorylineEntry,
    article_key,
    public_id_of,
)
from tracker.starter.load_claims import load_claims
from tracker.starter.partial_dates import first_moment, precision_of
from tracker.text.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.starter.keep import Keeper
    from tracker.starter.pack import Pack, PackCitation, PackEntry

OFFICIAL = frozenset({"government", "legislature", "regulator", "court", "law"})


def load_entries(keeper: Keeper, pack: Pack) -> None:
    """Add the entries that are missing with all they carry; entries that are there are left alone."""
    articles = _load_articles(keeper, pack.entries)
    entities = dict(Entity.objects.values_list("slug", "pk"))
    rows = [_entry(entry, articles) for entry in pack.entries]
    fresh = keeper.add("entries", rows, key=["public_id"], compare=["title", "summary", "lane"])
    new_slugs = {entry.public_id for entry in fresh}
    new = [entry for entry in pack.entries if entry.slug in new_slugs]
    entries = dict(Entry.objects.filter(public_id__in=new_slugs).values_list("public_id", "pk"))
    _load_members(keeper, new, entries=entries, articles=articles, entities=entities)
    _load_storylines(keeper, pack, entries=entries)
    _load_related(new)
    load_claims(keeper, new, version=pack.version, entries=entries, articles=articles)


def _load_related(new: Sequence[PackEntry]) -> None:
    """Link entries worth reading beside each other, wherever both are there."""
    stored = {entry.public_id: entry for entry in Entry.objects.all().only("pk", "public_id")}
    for entry in new:
        stored[entry.slug].related.add(*[stored[slug] for slug in entry.related if slug in stored])


def _load_articles(keeper: Keeper, entries: Sequence[PackEntry]) -> dict[str, int]:
    """Add cited addresses as articles; return every cited address with its article's id."""
    sources = {
        source.domain: source for source in Source.objects.exclude(category="aggregator").exclude(domain="")
    }
    citations = {article_key(each.url): each for entry in entries for each in entry.citations}
    rows = [_article(key, citation, sources) for key, citation in citations.items()]
    keeper.add("cited addresses", rows, key=["key"])
    ids = dict(Article.objects.filter(key__in=list(citations)).values_list("key", "pk"))
    cited = (citation.url for entry in entries for citation in entry.citations)
    return {url: ids[article_key(url)] for url in cited if article_key(url) in ids}


def _article(key: str, citation: PackCitation, sources: dict[str, Source]) -> Article:
    source = _source_of(citation.url, sources)
    kind = Article.Kind.NEWS
    if citation.role == "primary" and source is not None:
        is_official = source.category in OFFICIAL
        is_own = source.category == "company"
        kind = Article.Kind.OFFICIAL if is_official else Article.Kind.PRESS_RELEASE if is_own else kind
    return Article(
        public_id=public_id_of(key),
        key=key,
        url=canonical_url(citation.url),
        source=source,
        outlet=citation.outlet,
        kind=kind,
        title=citation.title,
        published_at=first_moment(citation.published) if citation.published else None,
        published_precision=precision_of(citation.published) if citation.published else "",
        published_rule="starter pack" if citation.published else "",
        text_from=Article.Text.CITED,
        is_on_subject=True,
        relevance_rule="compiled",
        is_relevance_decided=True,
    )


def _source_of(url: str, sources: dict[str, Source]) -> Source | None:
    """Return the source with the longest domain that the address lies under."""
    labels = (urlsplit(url).hostname or "").split(".")
    domains = (".".join(labels[place:]) for place in range(len(labels)))
    return next((sources[domain] for domain in domains if domain in sources), None)


def _entry(entry: PackEntry, articles: dict[str, int]) -> Entry:
    outlets = {citation.outlet for citation in entry.citations}
    return Entry(
        public_id=entry.slug,
        title=entry.title,
        summary=entry.summary,
        happened_at=first_moment(entry.date),
        happened_precision=entry.date_precision,
        happened_basis=entry.date_basis,
        lane=entry.lane,
        origin=Entry.Origin.COMPILED,
        is_decided=True,
        read_with_care=_care(entry),
        countries=list(entry.countries),
        n_articles=len({articles[each.url] for each in entry.citations if each.url in articles}),
        n_outlets=len(outlets),
    )


def _care(entry: PackEntry) -> list[str]:
    """Return the known conflicts and the other dates, a sentence each."""
    words = {"document": "of a document", "made_public": "made public", "first_report": "of the first report"}
    dates = [
        f"Another date, {words.get(each.basis, 'of an event')}: {each.date} ({each.note})."
        for each in entry.other_dates
    ]
    return [*entry.conflicts, *dates]


def _load_members(
    keeper: Keeper,
    new: Sequence[PackEntry],
    *,
    entries: dict[str, int],
    articles: dict[str, int],
    entities: dict[str, int],
) -> None:
    members = [
        EntryArticle(
            entry_id=entries[entry.slug],
            article_id=articles[citation.url],
            role=citation.role,
            is_first_report=citation.is_first_report,
            reason="Compiled by the project.",
        )
        for entry in new
        for citation in entry.citations
        if citation.url in articles
    ]
    keeper.add("articles of entries", members, key=["entry_id", "article_id"])
    named = [
        EntryEntity(entry_id=entries[entry.slug], entity_id=entities[slug], position=position)
        for entry in new
        for position, slug in enumerate(entry.entities)
        if slug in entities
    ]
    keeper.add("names of entries", named, key=["entry_id", "entity_id"])


def _load_storylines(keeper: Keeper, pack: Pack, *, entries: dict[str, int]) -> None:
    rows = [Storyline(slug=each.slug, title=each.title, summary=each.summary) for each in pack.storylines]
    keeper.add("storylines", rows, key=["slug"], compare=["title", "summary"])
    ids = dict(Storyline.objects.values_list("slug", "pk"))
    places = {
        (each.slug, slug): slug in each.entries
        for each in pack.storylines
        for slug in (*each.also, *each.entries)
    }
    steps = [
        StorylineEntry(storyline_id=ids[storyline], entry_id=entries[slug], is_main=is_main)
        for (storyline, slug), is_main in places.items()
        if storyline in ids and slug in entries
    ]
    keeper.add("steps of storylines", steps, key=["storyline_id", "entry_id"])
