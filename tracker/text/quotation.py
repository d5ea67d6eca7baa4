"""Finding a quotation in a text: exactly, but for typography; or the passage that is most like it.

Promises offsets of the text as it is given, never of a normalised copy. What is found exactly has the same words and
marks in the same order; white space, kinds of quotation marks, apostrophes, dashes and ellipses do not count, letters
and their case do. Whether the words support anything is for others to say.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator

from tracker.records import Span

NEAR_ENOUGH = 0.8
"""Share of a quotation's words that a passage must have to be worth a person's look."""
FEWEST_NEAR_WORDS = 4
MOST_PLACES = 100

_SINGLE = "'\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4\u2039\u203a"
_DOUBLE = '"\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f'
_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_IGNORED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_PLAIN = {
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys(_DASH, "-"),
    **dict.fromkeys(_IGNORED, ""),
    "\u2026": "...",
}
_WORD = re.compile(r"[^\W_]+(?:[.,'\u2019-][^\W_]+)*")
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_JOINING = ".,'\u2019-\u2010\u2011"
"""Marks that make one word or number of what stands on both sides of them; a dash does not."""


def find_quotation(text: str, quotation: str) -> Span | None:
    """Return where `quotation` first stands in `text`, as [start, end), or None."""
    return next(_places(text, quotation), None)


def places_of(text: str, quotation: str) -> list[Span]:
    """Return where `quotation` stands in `text`, the first hundred places."""
    return [span for _, span in zip(range(MOST_PLACES), _places(text, quotation), strict=False)]


def _places(text: str, quotation: str) -> Iterator[Span]:
    sought = _plain(quotation)[0].strip()
    if not sought:
        return
    plain, origins = _plain(text)
    at = plain.find(sought)
    while at >= 0:
        end = at + len(sought)
        span = origins[at], origins[end - 1] + 1
        if not _cuts(text, span[0]) and not _cuts(text, span[1]):
            yield span
        at = plain.find(sought, at + 1)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return `text` in plain typography, and for each of its characters the offset it comes from."""
    plain: list[str] = []
    origins: list[int] = []
    for offset, char in enumerate(text):
        made = " " if char.isspace() else _PLAIN.get(char, char)
        # a run of white space is one space; around a dash it says nothing
        if made == " " and plain and plain[-1] in " -":
            continue
        if made == "-" and plain and plain[-1] == " ":
            plain.pop()
            origins.pop()
        plain.extend(made)
        origins.extend([offset] * len(made))
    return "".join(plain), origins


def _cuts(text: str, at: int) -> bool:
    """Whether a word or number of `text` goes on across this place."""
    before, after = _beside(text, at, -1), _beside(text, at, 1)
    if _is_word(before[:1]) and _is_word(after[:1]):
        return True
    # twenty-four, 1,500, 16.5: the mark belongs to what stands before and after it
    return _joins(before[:1], after[:1], after[1:]) or _joins(before[1:], before[:1], after[:1])


def _beside(text: str, at: int, step: int) -> str:
    """Return the two characters that are seen before (step -1) or after a place, the nearer one first."""
    found = ""
    at = at if step > 0 else at - 1
    while 0 <= at < len(text) and len(found) < 2:  # noqa: PLR2004 - a mark and what it joins
        if text[at] not in _IGNORED:
            found += text[at]
        at += step
    return found


def _joins(before: str, mark: str, after: str) -> bool:
    if not (mark and mark in _JOINING):
        return False
    if mark in ".,":
        return before.isdigit() and after.isdigit()
    return _is_word(before) and _is_word(after)


def _is_word(char: str) -> bool:
    return char.isalnum() and _NO_SPACES.match(char) is None


def nearest_passage(text: str, quotation: str) -> Span | None:
    """Return the passage that has most of the quotation's words close together, or None when none has enough.

    The passage is as many words long as the quotation and a quarter more; the order of words does not count. It is
    for a person to look at, never evidence by itself.
    """
    sought = Counter(_WORD.findall(quotation.casefold()))
    n_sought = sought.total()
    if n_sought < FEWEST_NEAR_WORDS:
        return None
    width = n_sought + max(2, n_sought // 4)
    window: deque[tuple[str, Span]] = deque()
    inside: Counter[str] = Counter()
    n_shared = best = 0
    passage: Span | None = None
    for match in _WORD.finditer(text):
        word = match.group().casefold()
        window.append((word, match.span()))
        inside[word] += 1
        n_shared += inside[word] <= sought[word]
        if len(window) > width:
            gone, _ = window.popleft()
            n_shared -= inside[gone] <= sought[gone]
            inside[gone] -= 1
        if n_shared > best:
            best, passage = n_shared, (window[0][1][0], match.end())
    return passage if best >= NEAR_ENOUGH * n_sought else None
