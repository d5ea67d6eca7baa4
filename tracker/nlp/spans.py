"""Spans in the way of a rule: web addresses, and names that begin or end inside a number or a date.

Asking is one bisection, so that a table of thousands of names stays linear.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from tracker.records import Span

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']{1,2000}|(?<![\w./-])[\w-]{2,60}(?:\.[\w-]{1,60}){1,4}/[^\s<>\"'|)]{1,500}",
    re.IGNORECASE,
)


class Spans:
    """Spans to be asked whether another one touches them.

    Args:
        spans: in any order; they may overlap.
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for start, end in sorted(spans):
            if self._merged and start < self._merged[-1][1]:
                self._merged[-1] = (self._merged[-1][0], max(end, self._merged[-1][1]))
            elif end > start:
                self._merged.append((start, end))
        self._ends = [end for _, end in self._merged]

    @property
    def all(self) -> Sequence[Span]:
        """The spans, merged and by start."""
        return self._merged

    def touched_by(self, start: int, end: int) -> bool:
        """Return whether one of the spans shares a character with [start, end)."""
        at = bisect_left(self._ends, start + 1)
        return at < len(self._merged) and self._merged[at][0] < end


def addresses_in(text: str) -> Spans:
    """Return the web addresses of a text."""
    return Spans(match.span() for match in _ADDRESS.finditer(text))
