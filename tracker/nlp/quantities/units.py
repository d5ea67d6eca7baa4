"""Which nouns are counted as what: the lists of a language file, and English plurals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PATTERNS = Path(__file__).parent.parent / "patterns"
_SAME_IN_PLURAL = frozenset(
    {"staff", "personnel", "people", "men", "women", "yuan", "renminbi", "rmb", "yen", "won"}
)
_IRREGULAR = {"people": "person", "men": "man", "women": "woman", "children": "child", "indices": "index"}
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """What a noun counts: the metric, and the noun in the singular."""

    metric: str
    noun: str
    is_plural: bool
    is_loose: bool = False  # a noun that often counts nothing: taken with large numbers only


@dataclass(frozen=True, slots=True)
class Units:
    """The nouns of a language file."""

    nouns: dict[str, str]  # singular -> metric
    loose: frozenset[str]
    never: frozenset[str]
    currencies: dict[str, str]  # word -> code
    times: frozenset[str]

    def of(self, word: str) -> Unit | None:
        """Return what a word, lower case, counts; None for one that is in no list."""
        for noun, is_plural in _singulars(word):
            if noun in self.currencies:
                return Unit("money", self.currencies[noun], is_plural)
            if noun in self.times:
                return Unit("time", noun, is_plural)
            if noun in self.nouns:
                return Unit(self.nouns[noun], noun, is_plural, noun in self.loose)
        return None

    def is_never(self, word: str) -> bool:
        """Return whether a word counts nothing, whatever stands before it."""
        return any(noun in self.never for noun, _ in _singulars(word))


def _singulars(word: str) -> list[tuple[str, bool]]:
    """Return the forms under which a word may be listed, and whether the word is their plural."""
    if word in _IRREGULAR:
        return [(_IRREGULAR[word], True)]
    if word in _SAME_IN_PLURAL:
        return [(word, True)]
    found = [(word, False)]
    if len(word) > _SHORTEST and word.endswith("ies"):
        found.append((word[:-3] + "y", True))
    if len(word) > _SHORTEST and word.endswith(("ses", "xes", "ches", "shes", "zes")):
        found.append((word[:-2], True))
    if len(word) >= _SHORTEST and word.endswith("s") and not word.endswith("ss"):
        found.append((word[:-1], True))
    return found[::-1]


def singular(word: str) -> str:
    """Return the singular of an English noun in the plural, as far as its ending tells."""
    forms = _singulars(word.lower())
    return (
        forms[-1][0]
        if len(forms) == 1
        else forms[0][0]
        if not word.lower().endswith("ies")
        else word[:-3] + "y"
    )


@cache
def english() -> Units:
    """Return the English nouns."""
    rows = json.loads((_PATTERNS / "quantities.en.json").read_text("utf-8"))
    nouns: dict[str, str] = {}
    for metric, words in rows["metrics"].items():
        for word in words:
            nouns.setdefault(word, metric)
    return Units(
        nouns,
        frozenset(rows["loose"]),
        frozenset(rows["never"]),
        {word: code for code, words in rows["currencies"].items() for word in words},
        frozenset(rows["time"]),
    )
