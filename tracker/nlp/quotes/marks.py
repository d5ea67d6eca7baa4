"""Spans between quotation marks, of every kind of mark, in linear time.

Promises spans without their marks, in order, none inside another. A quotation that runs over paragraphs, each of
which opens again, is one span a paragraph. What a span is - words of somebody, a title, a nickname - is for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tracker.nlp.quotes.layout import paragraphs
from tracker.records import Span

LONGEST = 6_000  # code points of one paragraph of speech
_LONGEST_SINGLE = 1_500
_MOST_NESTED = 2
_MARK = re.compile(
    "``|''|[\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02]|['\u2018\u2019]"
)
_PAIRS = {"\u300c": "\u300d", "\u300e": "\u300f", "\u00ab": "\u00bb"}
_DOUBLE = frozenset({'"', "\u201c", "\u201d", "\u201e", "\u201f", "``", "''", "\uff02"})
_SINGLE = frozenset({"'", "\u2018"})
_BEFORE_OPENING = frozenset("([{<>|*_~/-\u2013\u2014:;,\u3001\u3002\uff0c\uff1a\u00a0\u200b")
_NOT_OPENED = re.compile(r"(?:\d0?s|em|tis|twas|cause|til|till|n|round|bout|nuff)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marked:
    """What stands between two marks."""

    start: int
    end: int
    outer: Span  # with the marks
    is_open: bool = False  # no closing mark: the next paragraph goes on
    is_single: bool = False


@dataclass(slots=True)
class _Opened:
    """A mark that waits for its partner."""

    mark: str
    at: int
    start: int


def marked_spans(text: str, within: list[Span] | None = None) -> list[Marked]:
    """Return the marked spans of `text`, by start.

    Args:
        text: any text.
        within: its paragraphs, where they are known already.
    """
    blocks = paragraphs(text) if within is None else within
    found: list[Marked] = []
    for i, block in enumerate(blocks):
        follows = text[blocks[i + 1][0] :][:3].lstrip() if i + 1 < len(blocks) else ""
        found.extend(_in_paragraph(text, block, follows=follows))
    return found


def _in_paragraph(text: str, block: Span, *, follows: str) -> Iterator[Marked]:
    marks = [match.span() for match in _MARK.finditer(text, *block)]
    opened: _Opened | None = None
    skip_to = -1
    for n, (start, end) in enumerate(marks):
        if start < skip_to:
            continue
        mark = text[start:end]
        if opened is not None and _closes(text, opened, (start, end), block=block):
            yield from _whole(text, opened, (start, end))
            opened = None
            continue
        if opened is not None and not _reopens(text, opened, (start, end), block=block):
            continue
        opened = None
        if mark in _SINGLE:
            partner = _single_partner(text, marks, n, block=block)
            if partner is not None:
                yield replace(_trimmed(text, _Opened(mark, start, end), *partner), is_single=True)
                skip_to = partner[1]
        elif mark in _PAIRS or (mark in _DOUBLE and _can_open(text, start, end, block=block)):
            opened = _Opened(mark, start, end)
    if opened is not None and opened.mark in _DOUBLE and follows[:1] in _DOUBLE and block[1] > opened.start:
        marked = _trimmed(text, opened, block[1], block[1])
        if marked.start < marked.end:
            yield replace(marked, is_open=True)


def _whole(text: str, opened: _Opened, closing: Span) -> Iterator[Marked]:
    """Yield the span between two marks, where it is not empty and no longer than speech is."""
    if 0 < closing[0] - opened.start <= LONGEST and text[opened.start : closing[0]].strip():
        yield _trimmed(text, opened, *closing)


def _trimmed(text: str, opened: _Opened, start: int, end: int) -> Marked:
    """Return the span between an opened mark and [start, end), the closing one, without white space at its ends."""
    first, last = opened.start, start
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Marked(first, last, (opened.at, end))


def _closes(text: str, opened: _Opened, here: Span, *, block: Span) -> bool:
    mark = text[slice(*here)]
    if opened.mark in _PAIRS:
        return mark == _PAIRS[opened.mark]
    if mark not in _DOUBLE:
        return False
    if mark == "\u201d" or (opened.mark == "\u201e" and mark in "\u201c\u201d"):
        return True
    if opened.mark in {'"', "\uff02", "``", "''"} and mark == "\u201c":
        return False
    return _can_close(text, *here, block=block)


def _reopens(text: str, opened: _Opened, here: Span, *, block: Span) -> bool:
    """Whether a mark inside an open span shows that the first one was a stray."""
    if opened.mark in _PAIRS:
        return here[0] - opened.start > LONGEST
    mark = text[slice(*here)]
    return mark in _DOUBLE and _can_open(text, *here, block=block)


def _can_open(text: str, start: int, end: int, *, block: Span) -> bool:
    if end >= block[1] or text[end].isspace():
        return False
    before = text[start - 1] if start > block[0] else " "
    mark = text[start:end]
    if mark in {"\u201c", "\u201e", "\u201f", "``"}:
        return True
    return before.isspace() or before in _BEFORE_OPENING or _is_wide(before) or before in "\u2018'\"\u201c"


def _can_close(text: str, start: int, end: int, *, block: Span) -> bool:
    if start <= block[0] or text[start - 1].isspace():
        return False
    after = text[end] if end < block[1] else " "
    return not after.isalnum() or _is_wide(after) or text[start - 1] in ".,!?\u2026"


def _is_wide(char: str) -> bool:
    return "\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"


def _single_partner(text: str, marks: list[Span], n: int, *, block: Span) -> Span | None:
    """Return the mark that closes a single one, or None where it is an apostrophe."""
    start, end = marks[n]
    if not _opens_single(text, start, end, block=block):
        return None
    fallback: Span | None = None
    n_nested = 0
    for here in marks[n + 1 : n + 40]:
        if here[0] - end > _LONGEST_SINGLE:
            break
        mark = text[slice(*here)]
        if mark not in {"'", "\u2019"} or not _can_close_single(text, *here, block=block):
            n_nested += mark in _SINGLE and _opens_single(text, *here, block=block)
            if n_nested > (0 if fallback else _MOST_NESTED):
                return fallback
            continue
        if text[here[0] - 1] in ".,!?\u2026" or not _is_plural(text, here, block=block):
            return here
        fallback = fallback or here
    return fallback


def _opens_single(text: str, start: int, end: int, *, block: Span) -> bool:
    before = text[start - 1] if start > block[0] else " "
    if end >= block[1] or not (text[end].isalnum() or text[end] in "\u2026.["):
        return False
    if _NOT_OPENED.match(text, end, min(block[1], end + 6)):
        return False
    return before.isspace() or before in "([{\u2014\u2013-:"


def _can_close_single(text: str, start: int, end: int, *, block: Span) -> bool:
    before, after = text[start - 1], text[end] if end < block[1] else " "
    return not before.isspace() and not (after.isalnum() or after == "_")


def _is_plural(text: str, here: Span, *, block: Span) -> bool:
    """Whether the mark may be the apostrophe of 'the companies' models'."""
    if text[here[0] - 1] not in "sS":
        return False
    after = text[here[1] : min(block[1], here[1] + 2)]
    return len(after) == 2 and after[0].isspace() and after[1].isalnum()  # noqa: PLR2004 - a space and a letter
