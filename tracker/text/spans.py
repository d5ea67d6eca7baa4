"""Spans of a text: the sentence around a place, and a short quotation of it.

Offsets count code points; a span is half open, [start, end). Nothing here knows languages beyond
sentence marks and a short list of English abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(
    r"""(?P<mark>[.!?\u2026]+["'\u201d\u2019)\]]*)\s+(?=["'\u201c\u2018(\[]*[^\Wa-z_])"""
    r"""|[\u3002\uff01\uff1f]["'\u201d\u2019\u300d\u300f)]*"""
    r"""|\n"""
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|sen|rep|gov|gen|col|lt|sgt|st|jr|sr|inc|corp|co|ltd|vs|v|no|nos|art|sec|fig"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|approx|est|dept|univ|al)"
    r"|\b[A-Za-z](?:\.[A-Za-z])*)\.$",
    re.IGNORECASE,
)
_LOOK_BACK = 24


def _is_boundary(text: str, match: re.Match[str]) -> bool:
    mark = match.group("mark")
    if mark is None or not mark.startswith(".") or len(mark) > 1:
        return True
    stop = match.start("mark") + 1
    return _ABBREVIATION.search(text[max(0, stop - _LOOK_BACK) : stop]) is None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences and lines of a text, in order, white space at their ends left out."""
    start = 0
    for match in _END.finditer(text):
        if _is_boundary(text, match):
            yield from _stripped(text, start, match.end())
            start = match.end()
    yield from _stripped(text, start, len(text))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _crop(text: str, *, low: int, high: int, start: int, end: int, limit: int) -> tuple[int, int]:
    """Cut [low, high) to `limit` code points around [start, end), at spaces where there are any."""
    if end - start >= limit:
        return start, start + limit
    spare = limit - (end - start)
    left = max(low, start - spare // 2)
    right = min(high, left + limit)
    left = max(low, right - limit)
    if left > low:
        space = text.find(" ", left, start)
        left = space + 1 if space >= 0 else left
    if right < high:
        space = text.rfind(" ", end, right)
        right = space if space >= 0 else right
    return left, right


def sentence_around(text: str, start: int, end: int, limit: int) -> tuple[int, int]:
    """Return the span of the sentence, or sentences, that hold [start, end).

    Args:
        text: the whole text.
        start: first code point of the place; clamped into the text.
        end: one past its last code point.
        limit: most code points of the answer; a longer sentence is cut around the place.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    if limit <= 0:
        return start, start
    window_low = max(0, start - 4 * limit)
    window_high = min(len(text), end + 4 * limit)
    low, high = window_low, window_high
    for match in _END.finditer(text, window_low, window_high):
        if not _is_boundary(text, match):
            continue
        if match.end() <= start:
            low = match.end()
        elif match.start() >= end or (match.group() != "\n" and match.end() >= end):
            high = match.end()
            break
    while low < start and text[low].isspace():
        low += 1
    while high > end and text[high - 1].isspace():
        high -= 1
    if high - low <= limit:
        return low, high
    return _crop(text, low=low, high=high, start=start, end=end, limit=limit)


def fragment(text: str, start: int, end: int, max_words: int) -> str:
    """Return at most `max_words` words around [start, end) as one line, with an ellipsis where it was cut."""
    low, high = sentence_around(text, start, end, limit=max(end - start, 0) + 20 * max(max_words, 1))
    words = [(m.start() + low, m.end() + low) for m in re.finditer(r"\S+", text[low:high])]
    if not words:
        return ""
    touching = [i for i, (a, b) in enumerate(words) if a < max(end, start + 1) and b > start]
    first = touching[0] if touching else 0
    last = touching[-1] if touching else 0
    last = min(last, first + max(max_words, 1) - 1)
    spare = max_words - (last - first + 1)
    before = min(first, max(spare, 0) // 2)
    after = min(len(words) - 1 - last, max(spare, 0) - before)
    before = min(first, max(spare, 0) - after)
    first, last = first - before, last + after
    body = " ".join(text[a:b] for a, b in words[first : last + 1])
    return ("\u2026 " if first > 0 else "") + body + (" \u2026" if last < len(words) - 1 else "")
