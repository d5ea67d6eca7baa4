"""Names that everybody knows, and the words that tell what a name is: read once from `data/`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tracker.nlp.labels import GPE, LABELS, LAW, ORG, PERSON, PRODUCT, PUBLIC_BODY

_DATA = Path(__file__).parent.parent / "data"
KNOWN_TYPES = ("place", "organisation", "public_body", "model", "instrument")
LONGEST = 6  # words of the longest known name


@cache
def known_names() -> dict[str, str]:
    """Return the label of each name that everybody knows, by its words with single spaces."""
    names: dict[str, str] = {}
    for kind in KNOWN_TYPES:
        for name in _listed("names.json")[kind]:
            names.setdefault(name, LABELS[kind])
    return names


@cache
def known_capitals() -> dict[str, str]:
    """Return the same by capital letters, for lines in capitals; only names of four letters or more."""
    return {name.upper(): label for name, label in known_names().items() if len(name) > 3}  # noqa: PLR2004 - shorter ones are words


@cache
def known_han() -> dict[str, str]:
    """Return the label of each known name in Han script."""
    return {
        name: LABELS[kind] for kind in KNOWN_TYPES for name in _listed("names.json").get(f"{kind}_han", [])
    }


@cache
def words(kind: str) -> frozenset[str]:
    """Return the listed words of a kind in `names.json`, or else in `cues.json`, in small letters."""
    listed = _listed("names.json").get(kind) or _listed("cues.json")[kind]
    return frozenset(word.casefold() for word in listed)


@cache
def heads() -> dict[str, str]:
    """Return the label that a word inside a longer name gives it, by the word in small letters."""
    found: dict[str, str] = {}
    for kind, label in (
        ("organisation_head", ORG),
        ("public_body_head", PUBLIC_BODY),
        ("instrument_head", LAW),
        ("place_head", GPE),
    ):
        for word in _listed("cues.json")[kind]:
            found[word.casefold()] = label
    return found


@cache
def nouns() -> dict[str, str]:
    """Return the label that a common noun gives the name beside it, as in 'Kaasbeek, a start-up'."""
    found: dict[str, str] = {}
    for kind, label in (
        ("organisation_noun", ORG),
        ("public_body_noun", PUBLIC_BODY),
        ("model_noun", PRODUCT),
        ("place_noun", GPE),
        ("instrument_noun", LAW),
        ("person_noun", PERSON),
        ("title", PERSON),
    ):
        for word in _listed("cues.json")[kind]:
            found.setdefault(word.casefold(), label)
    return found


@cache
def _listed(file: str) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = json.loads((_DATA / file).read_text(encoding="utf-8"))
    return listed
