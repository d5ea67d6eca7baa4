"""A linear model of the subject: words and rule findings with weights, added up in plain Python.

It is trained by `nlp.training` and kept in the database as terms with weights, so that whoever only reads texts loads
no library for it, and the terms that decided can be shown.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.nlp.phrases import CJK, plain
from tracker.nlp.relevance import Scores

_WORD = re.compile(f"[^\\W\\d_{CJK}]{{2,30}}|[{CJK}]")
_IS_CJK = re.compile(f"[{CJK}]")
_MOST_WORDS = 4_000
"""Words of a text that count; what a long text is about is said by then."""
_STEPS = (0.5, 0.6, 0.7, 0.8)
TITLE = "title:"
RULE = "rule:"


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Terms with how rare they are and what they weigh.

    Args:
        version: name under which the model is stored.
        intercept: weight of nothing.
        terms: term to (rarity, weight).
    """

    version: str
    intercept: float
    terms: Mapping[str, tuple[float, float]]

    def probability(self, counts: Mapping[str, int]) -> float:
        """Return how likely a text with these term counts is on the subject, 0 to 1."""
        total = self.intercept + sum(part for _, part in self._parts(counts))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    def top_terms(self, counts: Mapping[str, int], n: int) -> list[str]:
        """Return the `n` terms that spoke most strongly for or against, the strongest first, with a sign."""
        parts = sorted(self._parts(counts), key=lambda part: (-abs(part[1]), part[0]))[:n]
        return [f"{'+' if weight > 0 else '-'} {term}" for term, weight in parts if weight]

    def _parts(self, counts: Mapping[str, int]) -> list[tuple[str, float]]:
        values = weighted(counts, {term: rarity for term, (rarity, _) in self.terms.items()})
        return [(term, value * self.terms[term][1]) for term, value in values.items()]


def weighted(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return the known terms by damped count and rarity, of length one together; findings of rules as they are."""
    words = {
        term: (1 + math.log(n)) * rarity[term]
        for term, n in counts.items()
        if term in rarity and not term.startswith(RULE)
    }
    length = math.sqrt(sum(value * value for value in words.values())) or 1.0
    found = {term: value / length for term, value in words.items()}
    return found | {term: float(n) for term, n in counts.items() if term in rarity and term.startswith(RULE)}


def terms_of(title: str, text: str, scores: Scores) -> Counter[str]:
    """Return the terms of a text with their counts: words, pairs of words, words of the headline, findings of rules."""
    words = _words(text)[:_MOST_WORDS]
    counts = Counter(words)
    counts.update(f"{a} {b}" for a, b in pairwise(words))
    counts.update(f"{TITLE}{word}" for word in _words(title))
    for family in ("ai", "technique", "accusation"):
        if scores.hits.get(family):
            counts[f"{RULE}{family}"] = 1
    for kind in scores.hits.get("kind", ()):
        counts[f"{RULE}{kind}"] = 1
    for step in _STEPS:
        if scores.on_subject >= step:
            counts[f"{RULE}score {step}"] = 1
        if scores.adjacent >= step:
            counts[f"{RULE}near {step}"] = 1
    return counts


def _words(text: str) -> Sequence[str]:
    """Return the words in lower case; Han characters in pairs, since there are no spaces between words."""
    pieces = [match.group().lower() for match in _WORD.finditer(plain(text))]
    return [a + b if _IS_CJK.match(a) and _IS_CJK.match(b) else a for a, b in pairwise([*pieces, ""])]
