"""Checks across the pack: every name resolves, nothing is there twice, every claim has its support."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tracker.sources.kind import KINDS, UNVERIFIED
from tracker.starter.pack import (
    Pack,
    PackAction,
    PackAllegation,
    PackClaim,
    PackEndpoint,
    PackEntity,
    PackEntry,
    PackResponse,
    Taxonomy,
)
from tracker.starter.rows import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCES, ENTITIES, TAXONOMY, LANDMARKS = "sources.yaml", "entities.yaml", "taxonomy.yaml", "landmarks.yaml"


def check_pack(pack: Pack) -> None:
    """Raise StarterDataError at the first thing in `pack` that does not hold together."""
    _check_sources(pack)
    _check_entities(pack.entities)
    if pack.taxonomy is not None:
        _check_taxonomy(pack.taxonomy, known={entity.slug for entity in pack.entities})
    _check_storylines(pack)
    for entry in pack.entries:
        _check_entry(pack, entry)


def _unique(file: str, noun: str, names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            refuse(file, f"{noun} '{name}'", f"is there {count} times", do="Keep one.")


def _resolve(file: str, item: str, names: Iterable[str], *, known: set[str], noun: str) -> None:
    for name in names:
        if name and name not in known:
            what = f"names the {noun} '{name}', which is not there"
            refuse(file, item, what, do=f"Add it or correct the {noun}.")


def _endpoints(pack: Pack) -> Iterator[PackEndpoint]:
    return (endpoint for source in pack.sources for endpoint in source.endpoints)


def _check_sources(pack: Pack) -> None:
    _unique(SOURCES, "source", (source.slug for source in pack.sources))
    _unique(SOURCES, "endpoint", (endpoint.slug for endpoint in _endpoints(pack)))
    _unique(SOURCES, "address", (endpoint.url for endpoint in _endpoints(pack)))
    for source in pack.sources:
        if source.tier not in range(1, 5):
            refuse(SOURCES, f"source '{source.slug}'", f"'tier' is {source.tier}", do="Use 1 to 4.")
    for endpoint in _endpoints(pack):
        item = f"endpoint '{endpoint.slug}'"
        if not endpoint.url.startswith(("https://", "http://", "/")):
            refuse(SOURCES, item, f"'{endpoint.url}' is no address", do="Begin it with https://.")
        _check_kind(endpoint, item)
        if endpoint.is_enabled and endpoint.needs_key:
            refuse(SOURCES, item, "is enabled but needs a key", do="Set `enabled: false`.")
        if endpoint.is_enabled and endpoint.confidence == "unverified":
            refuse(SOURCES, item, "is enabled but nobody verified it", do="Set `enabled: false`.")


def _check_kind(endpoint: PackEndpoint, item: str) -> None:
    if endpoint.kind not in KINDS.names():
        refuse(SOURCES, item, f"is of kind '{endpoint.kind}'", do=f"Use one of: {', '.join(KINDS.names())}.")
    kind = KINDS.get(endpoint.kind)
    for warning in kind.unknown_options(endpoint.options):
        known = ", ".join(option.name for option in kind.options) or "none"
        refuse(SOURCES, item, f"has an {warning}", do=f"Its kind knows: {known}.")
    for option in kind.options:
        if option.is_required and option.name not in endpoint.options:
            refuse(SOURCES, item, f"lacks the option '{option.name}'", do=option.what)
    if endpoint.is_enabled and kind.shape == UNVERIFIED:
        refuse(SOURCES, item, "is enabled and of a kind nobody verified", do="Set `enabled: false`.")


def _check_entities(entities: tuple[PackEntity, ...]) -> None:
    known = {entity.slug for entity in entities}
    _unique(ENTITIES, "entity", (entity.slug for entity in entities))
    _check_families(entities)
    for entity in entities:
        item = f"entity '{entity.slug}'"
        _unique(ENTITIES, f"{item}, alias", (alias.text for alias in entity.aliases))
        _resolve(ENTITIES, item, [entity.parent], known=known, noun="parent")
        _resolve(ENTITIES, item, (position.body for position in entity.positions), known=known, noun="body")
        if entity.parent == entity.slug:
            refuse(ENTITIES, item, "is its own parent", do="Take the parent out.")
        for alias in entity.aliases:
            if len(alias.text) < 2:  # noqa: PLR2004 - one letter names nothing
                refuse(ENTITIES, item, f"the name '{alias.text}' would match everywhere", do="Take it out.")
        for position in entity.positions:
            if entity.type != "person" or bool(position.body) == bool(position.body_name):
                what = f"position '{position.title}' needs a person and one of body and body_name"
                refuse(ENTITIES, item, what, do="Correct it.")


def _check_families(entities: tuple[PackEntity, ...]) -> None:
    """Refuse entities that belong to themselves by way of others."""
    parents = {entity.slug: entity.parent for entity in entities if entity.parent != entity.slug}
    for slug in parents:
        way = [slug]
        while (above := parents.get(way[-1], "")) and above not in way:
            way.append(above)
        if above == slug:
            what = f"belongs to itself by way of others: {' -> '.join([*way, slug])}"
            refuse(ENTITIES, f"entity '{slug}'", what, do="Take one of these parents out.")


def _check_taxonomy(taxonomy: Taxonomy, *, known: set[str]) -> None:
    techniques = {technique.slug for technique in taxonomy.techniques}
    _unique(TAXONOMY, "technique", (technique.slug for technique in taxonomy.techniques))
    _unique(TAXONOMY, "status", (status.slug for status in taxonomy.statuses))
    _unique(TAXONOMY, "action type", (action.slug for action in taxonomy.action_types))
    schemes = set(taxonomy.schemes)
    for technique in taxonomy.techniques:
        item = f"technique '{technique.slug}'"
        _resolve(TAXONOMY, item, technique.confusable_with, known=techniques, noun="technique")
        _resolve(TAXONOMY, item, (each.scheme for each in technique.mappings), known=schemes, noun="scheme")
    for case in taxonomy.case_studies:
        _resolve(TAXONOMY, f"case study '{case.id}'", case.actors, known=known, noun="entity")


def _check_storylines(pack: Pack) -> None:
    known = {entry.slug for entry in pack.entries}
    _unique(LANDMARKS, "entry", (entry.slug for entry in pack.entries))
    _unique(LANDMARKS, "storyline", (storyline.slug for storyline in pack.storylines))
    for storyline in pack.storylines:
        members = (*storyline.entries, *storyline.also)
        _resolve(LANDMARKS, f"storyline '{storyline.slug}'", members, known=known, noun="entry")


def _check_entry(pack: Pack, entry: PackEntry) -> None:
    item = f"entry '{entry.slug}'"
    entities = {entity.slug for entity in pack.entities}
    entries = {each.slug for each in pack.entries}
    storylines = {storyline.slug for storyline in pack.storylines}
    own_claims = {claim.id for claim in entry.claims}
    addresses = {citation.url for citation in entry.citations}
    _unique(LANDMARKS, f"{item}, source", (citation.url for citation in entry.citations))
    _unique(LANDMARKS, f"{item}, claim", (claim.id for claim in entry.claims))
    _resolve(LANDMARKS, item, entry.entities, known=entities, noun="entity")
    _resolve(LANDMARKS, item, entry.related, known=entries, noun="entry")
    _resolve(LANDMARKS, item, (entry.storyline, *entry.also_in), known=storylines, noun="storyline")
    for claim in entry.claims:
        _check_claim(pack, claim, addresses=addresses)
    for quantity in entry.quantities:
        where = f"{item}, quantity '{quantity.scope}'"
        _resolve(LANDMARKS, where, quantity.claims, known=own_claims, noun="claim")
        _resolve(LANDMARKS, where, quantity.supported_by, known=addresses, noun="source")
        if not quantity.claims or (quantity.value is None and not quantity.as_worded):
            what = "belongs to no claim or says no number"
            refuse(LANDMARKS, where, what, do="Name the claim and the words.")


def _check_claim(pack: Pack, claim: PackClaim, *, addresses: set[str]) -> None:
    item = f"claim '{claim.id}'"
    entities = {entity.slug for entity in pack.entities}
    party = claim.stated_by
    _resolve(LANDMARKS, item, (party.entity, party.organisation), known=entities, noun="entity")
    _resolve(LANDMARKS, item, claim.supported_by, known=addresses, noun="source")
    detail = claim.detail
    is_none_found = isinstance(detail, PackResponse) and detail.stance == "none_found"
    if not claim.supported_by and not is_none_found:
        refuse(LANDMARKS, item, "has no support", do="List the addresses it rests on under `supported_by`.")
    if isinstance(detail, PackAllegation):
        techniques = {each.slug for each in pack.taxonomy.techniques} if pack.taxonomy else set()
        named = (detail.technique, *detail.also_techniques)
        _resolve(LANDMARKS, item, named, known=techniques, noun="technique")
        _resolve(LANDMARKS, item, (detail.accused, *detail.targets), known=entities, noun="entity")
        bases = set(pack.taxonomy.bases) if pack.taxonomy else set()
        _resolve(LANDMARKS, item, detail.basis, known=bases, noun="basis")
    elif isinstance(detail, PackResponse):
        claims = {each.id for entry in pack.entries for each in entry.claims}
        _resolve(LANDMARKS, item, detail.answers, known=claims - {claim.id}, noun="claim")
        if not detail.answers:
            refuse(LANDMARKS, item, "answers nothing", do="Name the claims under `answers`.")
    elif isinstance(detail, PackAction):
        actions = {each.slug for each in pack.taxonomy.action_types} if pack.taxonomy else set()
        _resolve(LANDMARKS, item, [detail.action_type], known=actions, noun="action type")
        _resolve(LANDMARKS, item, detail.names_entities, known=entities, noun="entity")
