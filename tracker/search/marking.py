"""Which words of a stored text a query meant: titles with marks, and the best short passage; pure."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING

from tracker.search.words import BREAK, Word, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tracker.search.query import Words

Piece = tuple[str, bool]
"""A stretch of text, and whether it is a match."""
Span = tuple[int, int, int]
"""Start and end in code points, and the number of the leaf that matched."""

SNIPPET_CHARS = 240
MAX_SCAN_CHARS = 60_000
MAX_MATCHES = 50
_LEAD_CHARS = 60


def mark(text: str, leaves: Sequence[Words]) -> tuple[Piece, ...]:
    """Return the whole of `text` as pieces; the texts of the pieces join to `text`."""
    return tuple(_pieces(text, _merged(matches(text, leaves)), 0, len(text)))


def snippet(text: str, leaves: Sequence[Words], limit: int = SNIPPET_CHARS) -> tuple[Piece, ...]:
    """Return the passage of about `limit` code points that shows most of the query, as pieces.

    Without a match it is the beginning of the text. An ellipsis stands where text was left out, and line
    breaks are spaces.
    """
    spans = list(itertools.islice(matches(text[:MAX_SCAN_CHARS], leaves), MAX_MATCHES))
    start = _best_start(spans, limit)
    start = _word_start(text, max(start - _LEAD_CHARS, 0)) if start > _LEAD_CHARS else 0
    end = _word_end(text, start + limit)
    pieces = [
        (piece.replace("\n", " "), is_match) for piece, is_match in _pieces(text, _merged(spans), start, end)
    ]
    if start > 0:
        pieces.insert(0, ("\u2026", False))
    if end < len(text):
        pieces.append(("\u2026", False))
    return tuple(pieces)


def matches(text: str, leaves: Sequence[Words]) -> Iterator[Span]:
    """Yield where `leaves` stand in `text`, by start; a phrase is one span."""
    if not leaves:
        return
    longest = max(len(leaf.words) for leaf in leaves)
    by_first: dict[str, list[tuple[int, Words]]] = {}
    prefixes: list[tuple[int, Words]] = []
    for number, leaf in enumerate(leaves):
        is_prefix = leaf.is_prefix and len(leaf.words) == 1
        (prefixes if is_prefix else by_first.setdefault(leaf.words[0], [])).append((number, leaf))
    window: deque[Word] = deque(maxlen=longest)
    for word in itertools.chain(words(text), [Word(BREAK, 0, 0)] * (longest - 1)):
        window.append(word)
        if len(window) < longest:
            continue
        for number, leaf in itertools.chain(by_first.get(window[0].text, ()), prefixes):
            n_words = len(leaf.words)
            if _stands(leaf, [window[i].text for i in range(n_words)]):
                yield window[0].start, window[n_words - 1].end, number


def _stands(leaf: Words, found: Sequence[str]) -> bool:
    if leaf.is_prefix:
        return found[-1].startswith(leaf.words[-1]) and tuple(found[:-1]) == leaf.words[:-1]
    return tuple(found) == leaf.words


def _best_start(spans: Sequence[Span], limit: int) -> int:
    best, best_score = 0, 0
    for start, _, _ in spans:
        inside = {
            number for other, end, number in spans if start <= other and end <= start + limit - _LEAD_CHARS
        }
        if len(inside) > best_score:
            best, best_score = start, len(inside)
    return best


def _word_start(text: str, at: int) -> int:
    """Return the first word boundary from `at` on, if there is one near."""
    space = max(text.rfind(" ", at - 1, at + 20), text.rfind("\n", at - 1, at + 20))
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = max(text.rfind(" ", at - 20, at), text.rfind("\n", at - 20, at))
    return space if space > 0 else at


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end, _ in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for span_start, span_end in spans:
        first, last = max(span_start, at), min(span_end, end)
        if first >= last:
            continue
        if first > at:
            yield text[at:first], False
        yield text[first:last], True
        at = last
    if at < end:
        yield text[at:end], False
