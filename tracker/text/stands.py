"""Does what was quoted from an earlier text still stand in a later one: the same sentence, another, or none.

A value in, a value out. Typography and what changes by itself do not count (`noise_free`); any other change of the
sentence that holds the quotation counts as altered, for a 'not' elsewhere in it can turn the quotation round.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker.records import Span
from tracker.text.noise import noise_free
from tracker.text.quotation import places_of
from tracker.text.spans import sentence_around

JUDGE = "stands 1"
LONGEST_SENTENCE = 600
NEAR = 0.5
"""Share of words, in their order, that a sentence must keep to be the same sentence altered."""
MOST_SENTENCES = 20_000
MOST_CANDIDATES = 5

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f][\"'\u201d\u2019\u300d]*|\n")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a quotation: `stands`, `altered` or `gone`, and where its sentence stands now."""

    verdict: str
    span: Span | None = None


def fate_of(before: str, start: int, end: int, after: str) -> Fate:
    """Return what became of `before[start:end]` in `after`."""
    low, high = sentence_around(before, start, end, max(LONGEST_SENTENCE, end - start))
    sentence, quoted = before[low:high], before[start:end]
    plain = noise_free(sentence)
    here = [
        sentence_around(after, *place, max(LONGEST_SENTENCE, high - low))
        for place in places_of(after, quoted)
    ]
    for span in here:
        if noise_free(after[slice(*span)]) == plain:
            return Fate("stands", span)
    near = _nearest(sentence, after)
    if near is not None:
        return Fate("stands" if noise_free(after[slice(*near)]) == plain else "altered", near)
    # the words alone, in a sentence that is nothing like the old one, say something else if they are few
    return (
        Fate("altered", here[0]) if here and len(_WORD.findall(quoted)) >= MOST_CANDIDATES else Fate("gone")
    )


def _nearest(sentence: str, text: str) -> Span | None:
    """Return the sentence of `text` that is most like `sentence`, if any is like it."""
    sought = _WORD.findall(sentence.casefold())
    bag = Counter(sought)
    scored: list[tuple[float, Span]] = []
    for span in _sentences(text):
        words = _WORD.findall(text[slice(*span)].casefold())
        if words:
            shared = (Counter(words) & bag).total()
            scored.append((2 * shared / (len(words) + len(sought)), span))
    best: tuple[float, Span] | None = None
    for score, span in sorted(scored, key=lambda one: -one[0])[:MOST_CANDIDATES]:
        if score < NEAR:
            break
        words = _WORD.findall(text[slice(*span)].casefold())
        ratio = SequenceMatcher(None, sought, words, autojunk=False).ratio()
        if ratio >= NEAR and (best is None or ratio > best[0]):
            best = ratio, span
    return best[1] if best else None


def _sentences(text: str) -> list[Span]:
    spans: list[Span] = []
    low = 0
    for match in _END.finditer(text):
        high = match.start() + len(match.group().rstrip())
        if high - low > 1:
            spans.append((low, min(high, low + LONGEST_SENTENCE)))
        low = match.end()
        if len(spans) == MOST_SENTENCES:
            return spans
    if low < len(text):
        spans.append((low, min(len(text), low + LONGEST_SENTENCE)))
    return spans
