"""Loads sources with their endpoints, entities with their names, and the techniques of the taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.models import (
    Affiliation,
    Alias,
    Endpoint,
    Entity,
    ExternalId,
    Position,
    Source,
    Technique,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.starter.keep import Keeper
    from tracker.starter.pack import PackEndpoint, PackEntity, PackPosition, PackSource, Taxonomy

EVERY_S = {1: 1800, 2: 1800, 3: 3600, 4: 7200}  # tier to seconds between polls


def load_sources(keeper: Keeper, sources: Sequence[PackSource], *, base_url: str) -> None:
    """Add the sources that are missing, and endpoints of those that are there."""
    rows = [
        Source(
            slug=source.slug,
            name=source.name,
            category=source.category,
            tier=source.tier,
            country=source.country,
            language=source.language,
            owner=source.owner,
            homepage=f"{base_url}{source.endpoints[0].url.removesuffix('feed.xml')}" if base_url else "",
            domain=source.domain,
            declared_interest=source.declared_interest,
            is_state_media=source.is_state_media,
            terms_note=source.terms,
            confidence=source.endpoints[0].confidence,
        )
        for source in sources
    ]
    compare = ["name", "category", "tier", "country", "is_state_media"]
    keeper.add("sources", rows, key=["slug"], compare=compare)
    ids = dict(Source.objects.values_list("slug", "pk"))
    endpoints = [
        _endpoint(endpoint, ids[source.slug], every_s=EVERY_S[source.tier], base_url=base_url)
        for source in sources
        if source.slug in ids
        for endpoint in source.endpoints
    ]
    keeper.add("endpoints", endpoints, key=["url"], compare=["kind", "options", "is_enabled"])


def _endpoint_note(endpoint: PackEndpoint) -> str:
    """Return what is known about an endpoint, a line each."""
    facts = {
        "Seen as": f"{endpoint.status}, {endpoint.confidence}" if endpoint.status else endpoint.confidence,
        "Rhythm": endpoint.rhythm,
        "Query": endpoint.query,
        "Quirks": endpoint.quirks,
        "Fields": ", ".join(endpoint.fields),
        "Key": "needed" if endpoint.needs_key else "",
    }
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items() if fact)


def _endpoint(endpoint: PackEndpoint, source_id: int, *, every_s: int, base_url: str) -> Endpoint:
    return Endpoint(
        source_id=source_id,
        name=endpoint.name,
        kind=endpoint.kind,
        url=f"{base_url}{endpoint.url}" if endpoint.url.startswith("/") else endpoint.url,
        options=dict(endpoint.options),
        is_enabled=endpoint.is_enabled,
        every_s=endpoint.every_min * 60 or every_s,
        note=_endpoint_note(endpoint),
        terms_note=endpoint.terms,
        fallback_query=endpoint.fallback,
    )


def load_entities(keeper: Keeper, entities: Sequence[PackEntity]) -> None:
    """Add the entities that are missing, and names and posts to those that are there."""
    rows = [
        Entity(
            slug=entity.slug,
            name=entity.name,
            type=entity.type,
            subtype=entity.subtype,
            country=entity.country,
            note=_note(entity),
            confidence=entity.confidence,
        )
        for entity in entities
    ]
    fresh = keeper.add("entities", rows, key=["slug"], compare=["name", "type", "subtype", "country"])
    ids = dict(Entity.objects.values_list("slug", "pk"))
    present = [entity for entity in entities if entity.slug in ids]
    _load_aliases(keeper, present, ids)
    _load_positions(keeper, present, ids)
    new_slugs = {entity.slug for entity in fresh}
    _load_links(keeper, [entity for entity in present if entity.slug in new_slugs], ids)


def _note(entity: PackEntity) -> str:
    ambiguity = f"Ambiguity: {entity.ambiguity}." if entity.ambiguity else ""
    return " ".join(part for part in (entity.note, ambiguity) if part)


def _load_aliases(keeper: Keeper, entities: Sequence[PackEntity], ids: dict[str, int]) -> None:
    rows = [
        Alias(
            entity_id=ids[entity.slug],
            text=alias.text,
            kind=alias.kind,
            language=alias.language,
            is_case_sensitive=alias.is_case_sensitive,
            needs_context=alias.needs_context,
            context_words=list(alias.context_words),
            never_alone=alias.never_alone,
            note=alias.note,
        )
        for entity in entities
        for alias in entity.aliases
    ]
    compare = ["kind", "is_case_sensitive", "needs_context", "never_alone"]
    keeper.add("names", rows, key=["entity_id", "text"], compare=compare)


def _load_positions(keeper: Keeper, entities: Sequence[PackEntity], ids: dict[str, int]) -> None:
    names = {entity.slug: entity.name for entity in entities}
    rows = [
        Position(
            person_id=ids[entity.slug],
            title=position.title,
            body_id=ids.get(position.body),
            body_name=names.get(position.body, position.body_name),
            start=position.start,
            end=position.end,
            confidence=position.confidence,
            is_shown=_is_held(position),
        )
        for entity in entities
        for position in entity.positions
    ]
    key = ["person_id", "title", "body_name", "start"]
    keeper.add("positions", rows, key=key, compare=["end", "is_shown"])


def _is_held(position: PackPosition) -> bool:
    """Whether the post may be shown: it was seen, and a former one has its end."""
    return position.is_shown and bool(position.end or not position.is_former)


def _load_links(keeper: Keeper, entities: Sequence[PackEntity], ids: dict[str, int]) -> None:
    """Add ids and affiliations of new entities alone: these tables keep no history of deletions."""
    keeper.add(
        "external ids",
        [
            ExternalId(entity_id=ids[entity.slug], scheme=scheme, value=value)
            for entity in entities
            for scheme, value in entity.ids.items()
        ],
        key=["entity_id", "scheme", "value"],
    )
    keeper.add(
        "affiliations",
        [
            Affiliation(child_id=ids[entity.slug], parent_id=ids[entity.parent])
            for entity in entities
            if entity.parent in ids
        ],
        key=["child_id", "parent_id"],
    )


def load_techniques(keeper: Keeper, taxonomy: Taxonomy) -> None:
    """Add the techniques that are missing."""
    rows = []
    for technique in taxonomy.techniques:
        mappings: dict[str, list[dict[str, str]]] = {}
        for mapping in technique.mappings:
            mappings.setdefault(mapping.scheme, []).append({"id": mapping.id, "name": mapping.name})
        rows.append(
            Technique(
                slug=technique.slug,
                label=technique.label,
                description=technique.description,
                exclusion=technique.exclusion,
                mappings=mappings,
                version=taxonomy.version,
            )
        )
    keeper.add("techniques", rows, key=["slug"], compare=["label", "description"])
