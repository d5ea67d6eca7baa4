"""Which words a bracketed acronym stands for: 'Office of Foreign Assets Control (OFAC)'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.nlp.naming.runs import Word

_ACRONYM = re.compile(r"[A-Z][A-Za-z&-]{1,7}$")
_SMALL = frozenset({"of", "the", "and", "for", "on", "in", "to", "a", "an", "at", "de", "la"})
_MOST_SMALL = 4  # small words between the others


def definitions(words: Sequence[Word]) -> dict[str, tuple[int, int]]:
    """Return for each acronym that stands in brackets after the words it shortens these words, as [first, last)."""
    found: dict[str, tuple[int, int]] = {}
    for i, word in enumerate(words):
        if i == 0 or not word.gap.endswith((" (", "\uff08")) or not _ACRONYM.match(word.text):
            continue
        letters = [c.lower() for c in word.text if c.isupper()]
        first = _expansion(words, i, letters)
        if first is not None and len(letters) > 1:
            found.setdefault(word.text, (first, i))
    return found


def _expansion(words: Sequence[Word], end: int, letters: list[str]) -> int | None:
    """Return where the words begin whose initials are these letters and that end before `end`."""
    at = end
    left = list(letters)
    n_small = 0
    while left and at > 0:
        at -= 1
        if at + 1 < end and words[at + 1].gap not in {" ", "-", " & ", "'s ", "\u2019s ", ", "}:
            return None
        initials = [piece[0] for piece in words[at].low.split("-") if piece]
        if initials and initials == left[-len(initials) :]:
            del left[-len(initials) :]
        elif words[at].low[0] == left[-1]:
            left.pop()
        elif words[at].low in _SMALL and n_small < _MOST_SMALL:
            n_small += 1
        else:
            return None
    return at if not left else None
