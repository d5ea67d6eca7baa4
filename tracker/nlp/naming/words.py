"""Is a word an ordinary English one? The dictionary is the one that comes with the language model."""

from __future__ import annotations

import importlib.metadata
import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tracker.nlp.model import DEFAULT_MODEL, DEFAULT_VERSION

_CUES = Path(__file__).parent.parent / "data" / "cues.json"
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
_PREFIXES = (
    "anti",
    "auto",
    "bio",
    "co",
    "counter",
    "cyber",
    "deep",
    "de",
    "dis",
    "down",
    "ex",
    "extra",
    "fore",
    "geo",
    "hyper",
    "in",
    "inter",
    "mega",
    "meta",
    "micro",
    "mid",
    "mis",
    "mono",
    "multi",
    "nano",
    "non",
    "off",
    "on",
    "out",
    "over",
    "para",
    "photo",
    "post",
    "pre",
    "pro",
    "re",
    "self",
    "semi",
    "sub",
    "super",
    "tele",
    "trans",
    "ultra",
    "un",
    "under",
    "up",
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
FUNCTION_WORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "according",
        "across",
        "after",
        "again",
        "against",
        "ago",
        "all",
        "almost",
        "along",
        "already",
        "also",
        "although",
        "always",
        "am",
        "amid",
        "among",
        "an",
        "and",
        "another",
        "any",
        "anyone",
        "anything",
        "are",
        "aren't",
        "around",
        "as",
        "aside",
        "at",
        "away",
        "back",
        "be",
        "because",
        "been",
        "before",
        "behind",
        "being",
        "below",
        "beneath",
        "beside",
        "besides",
        "between",
        "beyond",
        "both",
        "but",
        "by",
        "can",
        "can't",
        "cannot",
        "could",
        "couldn't",
        "despite",
        "did",
        "didn't",
        "do",
        "does",
        "doesn't",
        "doing",
        "don't",
        "done",
        "down",
        "during",
        "each",
        "either",
        "else",
        "enough",
        "even",
        "ever",
        "every",
        "everyone",
        "everything",
        "except",
        "few",
        "fewer",
        "first",
        "for",
        "from",
        "further",
        "had",
        "hadn't",
        "has",
        "hasn't",
        "have",
        "haven't",
        "having",
        "he",
        "he'll",
        "he's",
        "hence",
        "her",
        "here",
        "here's",
        "hers",
        "herself",
        "him",
        "himself",
        "his",
        "how",
        "however",
        "i",
        "i'd",
        "i'll",
        "i'm",
        "i've",
        "if",
        "in",
        "indeed",
        "inside",
        "instead",
        "into",
        "is",
        "isn't",
        "it",
        "it's",
        "its",
        "itself",
        "just",
        "last",
        "later",
        "least",
        "less",
        "let",
        "let's",
        "like",
        "many",
        "may",
        "maybe",
        "me",
        "meanwhile",
        "might",
        "mine",
        "moreover",
        "more",
        "most",
        "much",
        "must",
        "my",
        "myself",
        "near",
        "nearly",
        "neither",
        "never",
        "nevertheless",
        "new",
        "next",
        "no",
        "nobody",
        "none",
        "nor",
        "not",
        "nothing",
        "now",
        "of",
        "off",
        "often",
        "on",
        "once",
        "one",
        "only",
        "onto",
        "or",
        "other",
        "others",
        "otherwise",
        "our",
        "ours",
        "ourselves",
        "out",
        "outside",
        "over",
        "own",
        "per",
        "perhaps",
        "please",
        "rather",
        "read",
        "second",
        "see",
        "several",
        "shall",
        "she",
        "she's",
        "should",
        "shouldn't",
        "since",
        "so",
        "some",
        "somebody",
        "someone",
        "something",
        "sometimes",
        "soon",
        "still",
        "such",
        "than",
        "that",
        "that's",
        "the",
        "their",
        "theirs",
        "them",
        "themselves",
        "then",
        "there",
        "there's",
        "therefore",
        "these",
        "they",
        "they'll",
        "they're",
        "they've",
        "third",
        "this",
        "those",
        "though",
        "three",
        "through",
        "throughout",
        "thus",
        "to",
        "today",
        "together",
        "tomorrow",
        "too",
        "toward",
        "towards",
        "two",
        "under",
        "unless",
        "unlike",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "via",
        "was",
        "wasn't",
        "we",
        "we'll",
        "we're",
        "we've",
        "well",
        "were",
        "weren't",
        "what",
        "what's",
        "whatever",
        "when",
        "whenever",
        "where",
        "whereas",
        "whether",
        "which",
        "while",
        "who",
        "who's",
        "whoever",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "won't",
        "would",
        "wouldn't",
        "yes",
        "yesterday",
        "yet",
        "you",
        "you'll",
        "you're",
        "you've",
        "your",
        "yours",
        "yourself",
    ]
)


def is_common(word: str) -> bool:
    """Return whether the word, in whatever case, is one that English writes small: a dictionary has it or its stem."""
    return _is_common(word.casefold().replace("\u2019", "'").removesuffix("'s"))


@lru_cache(maxsize=50_000)
def _is_common(word: str) -> bool:
    if word in FUNCTION_WORDS or word in dictionary() or word in _modern() or word in _PREFIXES:
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
    for prefix in _PREFIXES:
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
def _modern() -> frozenset[str]:
    """Return ordinary words that are younger than the dictionary."""
    listed = json.loads(_CUES.read_text(encoding="utf-8"))
    return frozenset(listed["modern"])


@cache
def dictionary() -> frozenset[str]:
    """Return the base forms of English words that the installed default model brings; none where it is missing."""
    try:
        path = Path(str(importlib.metadata.distribution(DEFAULT_MODEL).locate_file(_TABLE)))
        packed = path.read_bytes()
    except (importlib.metadata.PackageNotFoundError, OSError):
        return frozenset()
    import srsly  # noqa: PLC0415 - heavy, and only texts with capitalised words need it

    tables: dict[str, Any] = srsly.msgpack_loads(packed)
    found: set[str] = set()
    for name in ("lemma_index", "lemma_exc"):
        for words in tables.get(name, {}).values():
            found.update(word for word in words if word.isalpha() or "-" in word)
    return frozenset(found)
