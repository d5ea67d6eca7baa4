"""stoplist.v1: drops what the small model is known to take for a name in texts about AI."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from tracker.nlp.component import Reading, component
from tracker.records import FoundMention

_DATA = Path(__file__).parent.parent / "data" / "stoplist.json"
_SHORTEST = 2  # two letters are a state, a unit or a list mark far more often than a name
_DIGIT = re.compile(r"\d")


@component("stoplist.v1", order=20)
def drop_known_noise(reading: Reading) -> Reading:
    """Keep the mentions without listed noise, and without persons and places that carry a digit."""
    return replace(reading, mentions=[m for m in reading.mentions if not _is_noise(m)])


def _is_noise(mention: FoundMention) -> bool:
    surface = mention.surface.casefold()
    if surface in _words("any") or surface in _words(mention.label):
        return True
    if mention.label != "GPE" and len(surface) <= _SHORTEST and surface.isascii():
        return True
    return mention.label in {"PERSON", "GPE", "LOC"} and _DIGIT.search(surface) is not None


@cache
def _words(label: str) -> frozenset[str]:
    listed: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(word.casefold() for word in listed.get(label, []))
