"""Soft line ends: a text whose paragraphs are wrapped, read as if they were not. The length never changes."""

from __future__ import annotations

import re

_WIDEST = 130  # code points of a line; longer ones are paragraphs
_NARROWEST = 40
_REACH = 4  # lines on either side that show how wide the text was set
_SLACK = 16  # how much shorter a full line may be than the widest
_FULL_LINES = 3
_SHARE = 0.6  # of the lines near must be full
_ENDS = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*\s*$")
_MARKED = re.compile(r"\s*(?:[-*\u2022>#|]|\d{1,3}[.)]\s)")
_FIRST_WORD = re.compile(r"\S+")


def soft_breaks(text: str) -> frozenset[int]:
    """Return the places of the newlines at which a paragraph goes on.

    A line ends softly where its paragraph's next word would not have fitted any more beside lines of that width, or
    where a line of some length stops without an end and the next one goes on in small letters.
    """
    if "\n" not in text:
        return frozenset()
    lines = text.split("\n")
    lengths = [len(line) for line in lines]
    found = []
    place = -1
    for i, line in enumerate(lines[:-1]):
        place += lengths[i] + 1
        following = lines[i + 1]
        if not _NARROWEST <= lengths[i] <= _WIDEST or not following.strip() or _MARKED.match(following):
            continue
        first = _FIRST_WORD.search(following)
        if first is not None and _goes_on(line, first.group(), lengths, i):
            found.append(place)
    return frozenset(found)


def unwrapped(text: str, breaks: frozenset[int]) -> str:
    """Return `text` with a space at each of these places."""
    if not breaks:
        return text
    letters = list(text)
    for place in breaks:
        letters[place] = " "
    return "".join(letters)


def _goes_on(line: str, first: str, lengths: list[int], at: int) -> bool:
    if first[0].islower() and not _ENDS.search(line):
        return True
    near = lengths[max(0, at - _REACH) : at + _REACH + 1]
    width = max(near)
    n_full = sum(width - _SLACK <= length for length in near)
    is_set = width <= _WIDEST and n_full >= max(_FULL_LINES, _SHARE * len(near))
    return is_set and "|" not in line and lengths[at] + 1 + len(first) > width
