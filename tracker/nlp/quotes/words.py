"""The words that rules about quotations go by, read once from `patterns/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PATTERNS = Path(__file__).parent.parent / "patterns"


@dataclass(frozen=True, slots=True)
class Words:
    """Word forms in lower case, by what they do in a sentence."""

    direct: frozenset[str]  # verbs that stand beside whole sentences of somebody
    report: frozenset[str]  # verbs, these too, that may take a piece of what somebody said
    base: frozenset[str]  # plain forms of the verbs, most of them nouns too
    weak: frozenset[str]  # verbs that seldom report, and only with what stands beside them
    nouns: frozenset[str]  # 'the claim'
    channel: Mapping[str, str]  # document or occasion to channel
    pleading: frozenset[str]  # verbs of a party to a suit
    suits: frozenset[str]
    posted: frozenset[str]
    platforms: frozenset[str]
    spokes: frozenset[str]  # who speaks for a body without being named
    counsel: frozenset[str]
    roles: frozenset[str]
    titles: frozenset[str]
    companies: frozenset[str]  # what 'the company' may be
    auxiliaries: frozenset[str]
    coined: frozenset[str]  # what follows is a name or a word, not speech
    made: frozenset[str]  # what somebody does with a document of theirs
    published: frozenset[str]  # what follows is a work
    finite: frozenset[str]  # common forms that make a clause


@cache
def english() -> Words:
    """Return the English words."""
    data = json.loads((_PATTERNS / "quotes.en.json").read_text(encoding="utf-8"))

    def lower(name: str) -> frozenset[str]:
        return frozenset(word.lower() for word in data[name])

    return Words(
        direct=lower("direct"),
        report=lower("direct") | lower("report"),
        base=lower("base"),
        weak=lower("weak"),
        nouns=lower("nouns"),
        channel={word: kind for kind, words in data["documents"].items() for word in words},
        pleading=lower("pleading"),
        suits=lower("suits"),
        posted=lower("posted"),
        platforms=frozenset(data["platforms"]),
        spokes=lower("spokes"),
        counsel=lower("counsel"),
        roles=lower("roles") | lower("spokes") | lower("counsel"),
        titles=lower("titles"),
        companies=lower("companies"),
        auxiliaries=lower("auxiliaries"),
        coined=lower("coined"),
        made=lower("made"),
        published=lower("published"),
        finite=lower("finite"),
    )
