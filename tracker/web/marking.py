"""Marks on a text: names, evidence, search words and what else was found, as values that templates escape.

Offsets count code points. Marks may overlap, run past the end or be turned round: names are kept longest first
and never nested, the rest is cut into pieces. The pieces of a text, joined, are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.text.spans import sentence_around

MOST_WORDS = 90
MOST_SENTENCES = 3
MOST_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Name:
    """A span that names something; without an address when no public entity was found for it."""

    start: int
    end: int
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A span that was found to be a quote, a number, a time or a role, with the number of its note."""

    start: int
    end: int
    css: str
    note: int = 0  # 0 for none


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is marked in a text but its names."""

    evidence: Sequence[tuple[int, int]] = ()
    hits: Sequence[tuple[int, int]] = ()
    found: Sequence[Mark] = ()


NONE = Marks()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks."""

    text: str
    is_hit: bool = False
    is_evidence: bool = False
    css: str = ""
    notes: tuple[int, ...] = ()  # of the marks that end with this piece


@dataclass(frozen=True, slots=True)
class Run:
    """A name, or the text between two names, as pieces."""

    pieces: Sequence[Piece]
    name: Name | None = None


def choose_names(names: Iterable[Name], length: int) -> list[Name]:
    """Return the names that lie in the text and do not overlap, longest first, in the order of the text."""
    kept: list[Name] = []
    good = (n for n in names if 0 <= n.start < n.end <= length)
    taken: list[tuple[int, int]] = []
    for name in sorted(good, key=lambda n: (n.start - n.end, n.start)):
        if all(name.end <= start or end <= name.start for start, end in taken):
            taken.append((name.start, name.end))
            kept.append(name)
    return sorted(kept, key=lambda n: n.start)


def mark_text(
    text: str,
    names: Sequence[Name],
    marks: Marks = NONE,
    *,
    start: int = 0,
    end: int | None = None,
) -> list[Run]:
    """Return the part of `text` from `start` to `end` as runs; all offsets are those of the whole text."""
    end = len(text) if end is None else min(end, len(text))
    start = max(0, min(start, end))
    runs: list[Run] = []
    place = start
    for name in choose_names(names, len(text)):
        if name.end <= start or name.start >= end:
            continue
        low, high = max(name.start, start), min(name.end, end)
        if low > place:
            runs.append(Run(_pieces(text, place, low, marks=marks)))
        runs.append(Run(_pieces(text, low, high, marks=marks), name))
        place = high
    if place < end:
        runs.append(Run(_pieces(text, place, end, marks=marks)))
    return runs


def mark_paragraphs(text: str, names: Sequence[Name], marks: Marks = NONE) -> list[list[Run]]:
    """Return each paragraph that is not blank as runs."""
    chosen = choose_names(names, len(text))
    paragraphs, place = [], 0
    for line in text.split("\n"):
        if line.strip():
            inside = [n for n in chosen if n.start < place + len(line) and n.end > place]
            paragraphs.append(mark_text(text, inside, marks, start=place, end=place + len(line)))
        place += len(line) + 1
    return paragraphs


def choose_excerpt(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return at most three sentences around `places`, in the order of the text, of at most 90 words together.

    The first places are the most wanted. Without any place the lead sentence is chosen.
    """
    chosen: list[tuple[int, int]] = []
    words_left = MOST_WORDS
    for low, high in [*places, (0, 0)]:
        if len(chosen) == MOST_SENTENCES or (chosen and (low, high) == (0, 0)):
            break
        if low >= len(text) or any(a <= low and high <= b for a, b in chosen):
            continue
        span = sentence_around(text, low, end=high, limit=MOST_CHARACTERS)
        span = _shorten(text, span, (low, high), words_left)
        if span[0] >= span[1] or any(a < span[1] and span[0] < b for a, b in chosen):
            continue
        words_left -= len(text[span[0] : span[1]].split())
        chosen.append(span)
        if words_left <= 0:
            break
    return sorted(chosen)


def _shorten(text: str, span: tuple[int, int], place: tuple[int, int], most: int) -> tuple[int, int]:
    """Cut a sentence to `most` words; a sentence whose place would be cut away is given up."""
    words = [(m.start() + span[0], m.end() + span[0]) for m in re.finditer(r"\S+", text[span[0] : span[1]])]
    if len(words) <= most:
        return span
    end = words[most - 1][1] if most > 0 else span[0]
    return (span[0], end) if place[1] <= end else (span[0], span[0])


def _pieces(text: str, start: int, end: int, *, marks: Marks) -> list[Piece]:
    near = [mark for mark in marks.found if mark.start < end and mark.end > start]
    edges = {start, end}
    for low, high in (*marks.evidence, *marks.hits, *((mark.start, mark.end) for mark in near)):
        edges.update(edge for edge in (low, high) if start < edge < end)
    return [
        Piece(
            text[a:b],
            _covers(marks.hits, a, b),
            _covers(marks.evidence, a, b),
            " ".join(dict.fromkeys(mark.css for mark in near if mark.start <= a and b <= mark.end)),
            tuple(mark.note for mark in near if mark.end == b and mark.note),
        )
        for a, b in pairwise(sorted(edges))
    ]


def _covers(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(low <= start and end <= high for low, high in spans)
