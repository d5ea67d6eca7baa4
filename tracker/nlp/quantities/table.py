"""What the column of a printed table, or the label of a line, says its numbers count.

A table is lines of cells with `|` between; the head is its first line, also where the text has glued it to the next.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from tracker.nlp.quantities.units import Unit, english

_LABEL = re.compile(r"(?:\n|\|)[ \t]*(?:[-*\u2022][ ])?\**(?P<label>[A-Za-z][\w' -]{1,40}?)\**:\**[ ]?$")
_FEWEST = 2
_WINDOW = 60
_LONGEST_LINE = 20_000


class Tables:
    """The lines of a text, asked what a number alone in its cell or after its label counts."""

    def __init__(self, text: str) -> None:
        self._text = text
        ends = [match.start() for match in re.finditer("\n", text)] + [len(text)]
        starts = [0, *(end + 1 for end in ends[:-1])]
        self._lines = list(zip(starts, ends, strict=True))
        self._starts = starts
        self._heads = self._find_heads()

    def unit_at(self, start: int, end: int) -> Unit | None:
        """Return what the number at [start, end) counts; None where no head or label says so."""
        line = bisect_right(self._starts, start) - 1
        first = self._lines[line][0]
        before = (
            "\n" + self._text[first:start] if start - first < _WINDOW else self._text[start - _WINDOW : start]
        )
        label = _LABEL.search(before)
        if label:
            return _unit(label["label"])
        found = self._column(line, start, end)
        if found is None:
            return None
        head, column = found
        return _unit(head[column]) if column < len(head) else None

    def head_of(self, start: int) -> list[str]:
        """Return the cells of the head over the table line at `start`; none outside a table."""
        return self._heads.get(bisect_right(self._starts, start) - 1, [])

    def _column(self, line: int, start: int, end: int) -> tuple[list[str], int] | None:
        head = self._heads.get(line)
        if not head:
            return None
        first, last = self._lines[line]
        if last - first > _LONGEST_LINE:
            return None
        left = self._text.rfind("|", first, start) + 1 or first
        right = self._text.find("|", end, last)
        if self._text[left : right if right >= 0 else last].strip() != self._text[start:end].strip():
            return None
        column = self._text.count("|", first, start)
        is_glued = self._text.count("|", first, last) >= 2 * (len(head) - 1) > 0
        return head, column - (len(head) - 1) if is_glued else column

    def _find_heads(self) -> dict[int, list[str]]:
        """Return the head of each line that stands in a table."""
        counts = [self._text.count("|", start, end) for start, end in self._lines]
        heads: dict[int, list[str]] = {}
        head: list[str] = []
        for line, (before, here) in enumerate(pairwise([0, *counts])):
            if here < _FEWEST:
                head = []
            elif before < _FEWEST:
                start, end = self._lines[line]
                head = self._text[start : min(end, start + 2_000)].split("|")
                following = counts[line + 1] if line + 1 < len(counts) else 0
                if following and here >= 2 * following:
                    head = head[: following + 1]
            if head:
                heads[line] = head
        return heads


def _unit(words: str) -> Unit | None:
    """Return what the last noun of a label counts, where it counts anything by itself."""
    for word in reversed(re.findall(r"[A-Za-z-]+", words.lower())):
        unit = english().of(word)
        if unit is not None:
            return unit if unit.metric not in {"time", "other"} and not unit.is_loose else None
    return None
