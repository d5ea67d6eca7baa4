"""Reads the starter pack's files into frozen values, or says in one sentence what is wrong with them.

Reading is pure: files in, values out. What goes across files (every name resolves) is checked in `check`.
"""

from __future__ import annotations

from pathlib import Path

from tracker.starter.check import check_pack
from tracker.starter.pack import (
    Pack,
    PackAlias,
    PackCaseStudy,
    PackEndpoint,
    PackEntity,
    PackMapping,
    PackPosition,
    PackSource,
    PackTechnique,
    PackTerm,
    PackTier,
    Taxonomy,
)
from tracker.starter.read_entries import read_landmarks
from tracker.starter.rows import Row, open_file

DATA = Path(__file__).parent / "data"

CATEGORIES = frozenset(
    {
        "news",
        "company",
        "government",
        "legislature",
        "regulator",
        "court",
        "law",
        "think-tank",
        "research",
        "aggregator",
        "incident-db",
        "other",
    }
)
ENTITY_TYPES = frozenset({"person", "organisation", "public_body", "model", "instrument", "place"})
ALIAS_KINDS = frozenset(
    {
        "legal",
        "trade",
        "acronym",
        "former",
        "transliteration",
        "misspelling",
        "metonym",
        "other",
    }
)
SOURCE_CONFIDENCE = frozenset({"probed", "listed", "unverified"})
FACT_CONFIDENCE = frozenset({"seen", "unverified", "weak"})


def read_pack(folder: Path = DATA) -> Pack:
    """Read and check the pack in `folder`.

    Sources and entities must be there; taxonomy and landmarks may be missing (as in the sample newsroom).

    Raises:
        StarterDataError: says file, item, what is wrong and what to do.
    """
    sources, version = read_sources(folder / "sources.yaml")
    entities = read_entities(folder / "entities.yaml")
    taxonomy_file, landmarks_file = folder / "taxonomy.yaml", folder / "landmarks.yaml"
    taxonomy = read_taxonomy(taxonomy_file) if taxonomy_file.exists() else None
    storylines, entries = read_landmarks(landmarks_file) if landmarks_file.exists() else ((), ())
    pack = Pack(version, sources, entities, taxonomy, storylines, entries)
    check_pack(pack)
    return pack


def read_sources(path: Path) -> tuple[tuple[PackSource, ...], str]:
    """Return the sources of a file and the file's version."""
    top = open_file(path)
    version = top.text("version")
    kinds = top.pairs("kinds")
    sources = top.rows("sources", lambda row: _source(row, kinds), noun="source")
    top.done()
    return sources, version


def _source(row: Row, kinds: dict[str, str]) -> PackSource:
    slug = row.name_from("slug")
    language = row.optional("language")
    return PackSource(
        slug=slug,
        name=row.text("name"),
        category=row.choice("category", CATEGORIES),
        country=row.optional("country"),
        language=language,
        tier=row.whole("tier"),
        domain=row.optional("domain"),
        is_state_media=row.flag("state_media"),
        owner=row.optional("owner"),
        declared_interest=row.optional("declared_interest"),
        terms=row.optional("terms"),
        endpoints=row.rows(
            "endpoints", lambda each: _endpoint(each, kinds, language=language), noun="endpoint"
        ),
    )


def _endpoint(row: Row, kinds: dict[str, str], *, language: str) -> PackEndpoint:
    slug = row.name_from("slug")
    form = row.choice("format", frozenset(kinds))
    return PackEndpoint(
        slug=slug,
        name=row.text("name"),
        url=row.text("url"),
        format=form,
        kind=row.optional("kind") or kinds[form],
        options=row.pairs("options"),
        every_min=int(row.number("every") or 0),
        fallback=row.optional("fallback"),
        is_enabled=row.flag("enabled"),
        language=row.optional("language") or language,
        status=row.optional("status"),
        confidence=row.choice("confidence", SOURCE_CONFIDENCE),
        needs_key=row.flag("needs_key"),
        rhythm=row.optional("rhythm"),
        query=row.optional("query"),
        quirks=row.optional("quirks"),
        terms=row.optional("terms"),
        fields=row.texts("fields"),
    )


def read_entities(path: Path) -> tuple[PackEntity, ...]:
    """Return the entities of a file."""
    top = open_file(path)
    top.text("version")
    entities = top.rows("entities", _entity, noun="entity")
    top.done()
    return entities


def _entity(row: Row) -> PackEntity:
    slug = row.name_from("slug")
    return PackEntity(
        slug=slug,
        name=row.text("name"),
        type=row.choice("type", ENTITY_TYPES),
        subtype=row.optional("subtype"),
        country=row.optional("country"),
        parent=row.optional("parent"),
        confidence=row.choice("confidence", FACT_CONFIDENCE),
        ids=row.pairs("ids"),
        aliases=row.rows("aliases", _alias, noun="alias"),
        positions=row.rows("positions", _position, noun="position"),
        ambiguity=row.optional("ambiguity"),
        note=row.optional("note"),
    )


def _alias(row: Row) -> PackAlias:
    return PackAlias(
        text=row.name_from("text"),
        kind=row.choice("kind", ALIAS_KINDS),
        language=row.optional("language"),
        is_case_sensitive=row.flag("case"),
        context_words=row.texts("context"),
        never_alone=row.flag("never_alone"),
        note=row.optional("note"),
    )


def _position(row: Row) -> PackPosition:
    title = row.name_from("title")
    row.optional("seen_in")
    return PackPosition(
        title=title,
        body=row.optional("body"),
        body_name=row.optional("body_name"),
        start=row.date("start"),
        end=row.date("end"),
        is_former=row.flag("former"),
        confidence=row.choice("confidence", FACT_CONFIDENCE),
        note=row.optional("note"),
    )


def read_taxonomy(path: Path) -> Taxonomy:
    """Return the taxonomy of a file."""
    top = open_file(path)
    taxonomy = Taxonomy(
        version=top.text("version"),
        schemes=top.pairs("schemes"),
        techniques=top.rows("techniques", _technique, noun="technique"),
        statuses=top.rows("statuses", _term, noun="status"),
        status_rules=top.texts("status_rules"),
        roles=top.texts("roles"),
        action_types=top.rows("action_types", _term, noun="action type"),
        tiers=top.rows("tiers", _tier, noun="tier"),
        bases=top.texts("bases"),
        metrics=top.texts("metrics"),
        date_kinds=top.texts("date_kinds"),
        case_studies=top.rows("case_studies", _case_study, noun="case study"),
        mitigations=top.rows("mitigations", _mapping, noun="mitigation"),
    )
    top.done()
    return taxonomy


def _technique(row: Row) -> PackTechnique:
    slug = row.name_from("slug")
    keywords = row.row("keywords")
    technique = PackTechnique(
        slug=slug,
        label=row.text("label"),
        description=row.text("description"),
        mappings=row.rows("mappings", _mapping, noun="mapping"),
        keywords={"en": keywords.texts("en"), "zh": keywords.texts("zh")},
        confusable_with=row.texts("confusable_with"),
        legal_hooks=row.texts("legal_hooks"),
        exclusion=row.optional("exclusion"),
    )
    keywords.done()
    return technique


def _mapping(row: Row) -> PackMapping:
    return PackMapping(scheme=row.text("scheme"), id=row.name_from("id"), name=row.text("name"))


def _term(row: Row) -> PackTerm:
    slug = row.name_from("slug")
    strength = row.number("strength")
    return PackTerm(
        slug=slug,
        label=row.text("label"),
        description=row.optional("description"),
        strength=None if strength is None else int(strength),
    )


def _tier(row: Row) -> PackTier:
    return PackTier(
        tier=row.whole("tier"), label=row.text("label"), what=row.text("what"), rule=row.text("rule")
    )


def _case_study(row: Row) -> PackCaseStudy:
    return PackCaseStudy(
        scheme=row.text("scheme"),
        id=row.name_from("id"),
        name=row.text("name"),
        date=row.date("date"),
        actors=row.texts("actors"),
        procedure=row.texts("procedure"),
    )
