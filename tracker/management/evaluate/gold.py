"""The gold set: texts annotated whole, and the names a gazetteer knows for them.

A file about somebody else's text holds a hash and offsets; its text is read from the corpus, and a text that is not
the annotated one is left out with a note. The form is told in `benchmarks/quality/gold/README.md`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tracker.pipeline.aliases import is_ai
from tracker.records import AliasEntry, Span, TextToRead
from tracker.starter.pack import PackEntity
from tracker.starter.read import DATA, read_entities

FOLDER = Path(settings.BASE_DIR) / "benchmarks" / "quality" / "gold"
OWN = "invented"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A name and what it names: a slug, or None for what no register has."""

    start: int
    end: int
    type: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class GoldText:
    """One article with all its marks; rows of the other lists carry `start`, `end` and what the guideline says."""

    id: str
    half: str  # tune or test
    event: str
    label: str  # on_subject, adjacent, off_subject
    is_own: bool
    source: TextToRead
    mentions: tuple[GoldMention, ...]
    anaphora: tuple[Row, ...]
    roles: tuple[Row, ...]
    quotes: tuple[Row, ...]
    quantities: tuple[Row, ...]
    dates: tuple[Row, ...]
    claims: tuple[Row, ...]

    @property
    def text(self) -> str:
        """What offsets count in."""
        return self.source.text

    def name_at(self, span: Span) -> str:
        """Return slug, or the plain words, of the marked name that overlaps the span; empty where none does."""
        for mention in self.mentions:
            if mention.start < span[1] and span[0] < mention.end:
                return mention.entity or plain_words(self.text[mention.start : mention.end])
        for row in self.anaphora:
            if row["start"] < span[1] and span[0] < row["end"]:
                return str(row["entity"])
        return ""


@dataclass(slots=True)
class GoldSet:
    """The texts that could be read, and what a reader must know about those that could not."""

    texts: list[GoldText] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def halves(self) -> dict[str, list[GoldText]]:
        """Return the texts by set: half, and the invented ones of each half apart, which need no corpus."""
        sets: dict[str, list[GoldText]] = {}
        for text in self.texts:
            sets.setdefault(text.half, []).append(text)
            if text.is_own:
                sets.setdefault(f"{OWN}, {text.half}", []).append(text)
        return dict(sorted(sets.items()))


def gold_set(corpus: Path | None, half: str = "", *, folder: Path = FOLDER) -> GoldSet:
    """Return the gold texts of one half, or of both.

    Args:
        corpus: folder beside which the texts of others stand; None leaves them out, with a note.
        half: `tune` (or `a`), `test` (or `b`), or empty for both.
        folder: where the gold files are.
    """
    wanted = {"a": "tune", "b": "test"}.get(half, half)
    found = GoldSet()
    n_missing = 0
    for path in sorted(folder.glob(f"{wanted or '*'}/*.json")):
        row = json.loads(path.read_text("utf-8"))
        source = _text_of(row, corpus)
        if source is None:
            n_missing += 1
            continue
        if hashlib.sha256(source["text"].encode()).hexdigest() != row["text_sha256"]:
            found.notes.append(f"{path.name}: the text is not the one that was annotated; left out.")
            continue
        found.texts.append(_gold_text(row, source))
    if n_missing:
        found.notes.append(f"{n_missing} annotated texts are not here; name their folder with --corpus.")
    return found


def _text_of(row: Row, corpus: Path | None) -> Row | None:
    if not row["from"]:
        return row
    if corpus is None or not (corpus / row["from"]).is_file():
        return None
    return _lines(corpus / row["from"]).get(row["id"])


@cache
def _lines(path: Path) -> dict[str, Row]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return {row["id"]: row for row in rows}


def _gold_text(row: Row, source: Row) -> GoldText:
    return GoldText(
        id=row["id"],
        half=row["half"],
        event=row["event"],
        label=row["label"],
        is_own=not row["from"],
        source=TextToRead(source["title"], source["text"], row["language"], _day(row["published"])),
        mentions=tuple(
            GoldMention(m["start"], m["end"], m["type"], m["entity"] or None) for m in row["mentions"]
        ),
        **{
            name: tuple(row.get(name, ()))
            for name in ("anaphora", "roles", "quotes", "quantities", "dates", "claims")
        },
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def plain_words(name: str) -> str:
    """Return a name as it is compared: one case, single spaces, no possessive."""
    return " ".join(name.split()).removesuffix("'s").removesuffix("\u2019s").casefold()


@dataclass(frozen=True, slots=True)
class Register:
    """The names a gazetteer is built from, and the slug of each number in them."""

    aliases: tuple[AliasEntry, ...]
    slugs: dict[int, str]
    entities: dict[str, PackEntity]  # of the starter pack, by slug
    own: dict[str, Row]  # of the invented texts, by slug

    def numbers(self) -> dict[str, int]:
        """Return the number of each slug."""
        return {slug: number for number, slug in self.slugs.items()}


def register(folder: Path = FOLDER) -> Register:
    """Return the names of the starter pack and those of the invented texts."""
    entities = {entity.slug: entity for entity in read_entities(DATA / "entities.yaml")}
    path = folder / "entities.json"
    own = {row["slug"]: row for row in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    slugs = dict(enumerate([*entities, *(slug for slug in own if slug not in entities)], start=1))
    aliases: list[AliasEntry] = []
    for number, slug in slugs.items():
        if slug in entities:
            aliases.extend(_pack_aliases(number, entities[slug]))
        else:
            aliases.extend(_own_aliases(number, own[slug]))
    return Register(tuple(aliases), slugs, entities, own)


def _pack_aliases(number: int, entity: PackEntity) -> list[AliasEntry]:
    named = {alias.text: alias for alias in entity.aliases}
    found = [
        AliasEntry(
            entity_id=number,
            entity_type=entity.type,
            text=alias.text,
            is_case_sensitive=alias.is_case_sensitive,
            needs_context=alias.needs_context,
            context_words=tuple(alias.context_words),
            never_alone=alias.never_alone,
            is_ai=is_ai(entity.type, entity.subtype),
        )
        for alias in entity.aliases
    ]
    if entity.name not in named:
        found.append(AliasEntry(number, entity.type, entity.name, is_ai=is_ai(entity.type, entity.subtype)))
    return found


def _own_aliases(number: int, row: Row) -> list[AliasEntry]:
    found = {
        alias["text"]: AliasEntry(
            entity_id=number,
            entity_type=row["type"],
            text=alias["text"],
            is_case_sensitive=bool(alias.get("case")),
            needs_context=bool(alias.get("context")),
            context_words=tuple(alias.get("context", ())),
            never_alone=bool(alias.get("never_alone")),
            is_ai=is_ai(row["type"], row.get("subtype", "")),
        )
        for alias in row.get("aliases", ())
    }
    found.setdefault(
        row["name"],
        AliasEntry(number, row["type"], row["name"], is_ai=is_ai(row["type"], row.get("subtype", ""))),
    )
    return list(found.values())
