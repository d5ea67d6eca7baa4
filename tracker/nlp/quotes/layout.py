"""Paragraphs of a text, whether its lines are wrapped or not.

Promises spans that cover every line with something in it, in order, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tracker.records import Span

_LINE = re.compile(r"[^\n]+")
_WRAPPED_AT = range(45, 121)  # lengths that lines wrapped by a program have
_FEWEST_LINES = 5
_MOST_WRAPPED = 0.6
_LIST = re.compile(r"\s*(?:[-*\u2022#>|+]|\d+[.)]\s)")
_ENDS = re.compile(r"[.!?:;\u3002\uff01\uff1f][\"'\u201d\u2019)\]*_]*\s*$")


def paragraphs(text: str) -> list[Span]:
    """Return [start, end) of each paragraph: a line, or the lines of a wrapped text up to an empty one."""
    lines = [match.span() for match in _LINE.finditer(text) if not match.group().isspace()]
    return list(_joined(text, lines)) if _is_wrapped(text, lines) else list(_joined_where_plain(text, lines))


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """Whether most lines that another follows at once are as long as a program makes them and end in mid-sentence."""
    n_followed = n_wrapped = 0
    for (start, end), (after, _) in pairwise(lines):
        if text.count("\n", end, after) == 1:
            n_followed += 1
            n_wrapped += (end - start) in _WRAPPED_AT and _ENDS.search(text, max(start, end - 8), end) is None
    return n_followed >= _FEWEST_LINES and n_wrapped > n_followed * _MOST_WRAPPED


def _joined(text: str, lines: list[Span]) -> Iterator[Span]:
    yield from _runs(text, lines, is_loose=True)


def _joined_where_plain(text: str, lines: list[Span]) -> Iterator[Span]:
    yield from _runs(text, lines, is_loose=False)


def _runs(text: str, lines: list[Span], *, is_loose: bool) -> Iterator[Span]:
    open_from = open_to = -1
    for start, end in lines:
        if open_from >= 0 and _goes_on(text, (open_from, open_to), (start, end), is_loose=is_loose):
            open_to = end
            continue
        if open_from >= 0:
            yield open_from, open_to
        open_from, open_to = start, end
    if open_from >= 0:
        yield open_from, open_to


def _goes_on(text: str, before: Span, line: Span, *, is_loose: bool) -> bool:
    """Whether a line belongs to the paragraph before it."""
    if text.count("\n", before[1], line[0]) != 1 or _LIST.match(text, *line):
        return False
    first = text[line[0] : line[1]].lstrip()[:1]
    # what begins with a small letter goes on, unless the line before is whole
    return is_loose or (
        first.islower() and _ENDS.search(text, max(before[0], before[1] - 8), before[1]) is None
    )
