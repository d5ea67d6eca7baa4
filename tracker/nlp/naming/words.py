"""Is a word an ordinary English one? The dictionary is the one that comes with the language model."""

from __future__ import annotations

import importlib.metadata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tracker.nlp.model import DEFAULT_MODEL, DEFAULT_VERSION
from tracker.nlp.naming import lexicon

FUNCTION_WORDS = lexicon.words("function")
_MODERN = lexicon.words("modern")  # younger than the dictionary
_PREFIXES = lexicon.words("prefix")
_TABLE = f"{DEFAULT_MODEL}/{DEFAULT_MODEL}-{DEFAULT_VERSION}/lemmatizer/lookups/lookups.bin"
_ENDINGS = (
    ("ies", "y"),
    ("es", ""),
    ("es", "e"),
    ("s", ""),
    ("ied", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("er", "e"),
    ("ers", "e"),
    ("ly", ""),
)
_SUFFIXES = (
    "ization",
    "isation",
    "ability",
    "ness",
    "able",
    "less",
    "ful",
    "ize",
    "ise",
    "izing",
    "ising",
    "ized",
    "ised",
    "ment",
    "ity",
    "ist",
    "ism",
    "wise",
    "ware",
    "making",
    "maker",
    "ship",
    "like",
    "proof",
    "based",
    "scale",
    "tion",
)
_SHORTEST_STEM = 3
_SHORTEST_REST = 4


def is_common(word: str) -> bool:
    """Return whether the word, in whatever case, is one that English writes small: a dictionary has it or its stem."""
    return _is_common(word.casefold().replace("\u2019", "'").removesuffix("'s"))


@lru_cache(maxsize=50_000)
def _is_common(word: str) -> bool:  # noqa: PLR0911 - one return for each form
    if word in FUNCTION_WORDS or word in dictionary() or word in _MODERN or word in _PREFIXES:
        return True
    if "'" in word:
        return _is_common(word.partition("'")[0])
    if word[-1:].isdigit():
        bare = word.rstrip("0123456789")
        return not bare or (
            len(bare) > _SHORTEST_STEM and word[len(bare) :].startswith(("19", "20")) and _is_common(bare)
        )
    if word[0].isdigit():
        return True
    if "-" in word:
        return all(not piece or piece.isdigit() or _is_common(piece) for piece in word.split("-"))
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if len(stem) >= _SHORTEST_STEM and stem != word and stem + instead in dictionary():
            return True
    return _is_compound(word)


def _is_compound(word: str) -> bool:
    """Return whether the word is an ordinary one behind a prefix or before a suffix."""
    for prefix in sorted(_PREFIXES):
        rest = word.removeprefix(prefix)
        if len(rest) >= _SHORTEST_REST and rest != word and _is_common(rest):
            return True
    return any(
        word.endswith(suffix)
        and len(stem := word.removesuffix(suffix)) >= _SHORTEST_STEM
        and (stem in dictionary() or f"{stem}e" in dictionary())
        for suffix in _SUFFIXES
    )


@cache
def dictionary() -> frozenset[str]:
    """Return the base forms of English words that the installed default model brings; none where it is missing."""
    try:
        path = Path(str(importlib.metadata.distribution(DEFAULT_MODEL).locate_file(_TABLE)))
        packed = path.read_bytes()
    except (importlib.metadata.PackageNotFoundError, OSError):
        return frozenset()
    import srsly  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy, and only texts with names need it

    tables: dict[str, Any] = srsly.msgpack_loads(packed)
    found: set[str] = set()
    for name in ("lemma_index", "lemma_exc"):
        for words in tables.get(name, {}).values():
            found.update(word for word in words if word.isalpha() or "-" in word)
    return frozenset(found)
