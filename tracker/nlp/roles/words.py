"""Words and marks of a text with their offsets, and which of the names found in it each of them belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.nlp.parse import Sentence
from tracker.records import FoundMention

_WORD = re.compile(
    r"(?P<space>\n)|['\u2019]s\b|[^\W_]+(?:(?:[.&\-\u2010\u2011]|['\u2019](?!s\b))[^\W_]+)*|[^\w\s]|_"
)
_ABBREVIATIONS = frozenset(
    {
        "sen",
        "sens",
        "rep",
        "reps",
        "gov",
        "gen",
        "col",
        "lt",
        "capt",
        "maj",
        "sgt",
        "adm",
        "prof",
        "pres",
        "sec",
    }
    | {"dr", "mr", "mrs", "ms", "hon", "amb", "dep", "asst", "jr", "u.s", "u.k"}
)
BREAK = "\n"
_SHORTEST_LINE, _LONGEST_LINE = 55, 110
"""Code points of a soft-wrapped line."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or mark; `low` is its lower-case form without typographic apostrophes."""

    start: int
    end: int
    text: str
    low: str

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it is no mark."""
        return self.text[0].isalnum()


class Words:
    """The words of one text, to be asked which name stands at one and what the parse says of it.

    A line break inside a paragraph of soft-wrapped lines is no word; one that ends something is the word `BREAK`.

    Args:
        text: the whole text.
        mentions: what was found in it, by start.
        sentences: of the whole text, or none.
    """

    def __init__(
        self, text: str, mentions: Sequence[FoundMention], sentences: Sequence[Sentence] = ()
    ) -> None:
        self.text = text
        self.list = list(_words(text))
        self.mentions = mentions
        self._tags: Mapping[int, str] = {
            token.start: token.pos for sentence in sentences for token in sentence.tokens
        }
        self._of: dict[int, int] = {}
        self.spans: list[tuple[int, int]] = []
        starts = [word.start for word in self.list]
        for number, mention in enumerate(mentions):
            first = bisect_left(starts, mention.start)
            if first and self.list[first - 1].end > mention.start:
                first -= 1
            last = bisect_left(starts, mention.end)
            self.spans.append((first, last))
            for at in range(first, last):
                self._of.setdefault(at, number)

    def __len__(self) -> int:
        return len(self.list)

    def low(self, at: int) -> str:
        """Return the lower-case word at a place, or BREAK beyond the text."""
        return self.list[at].low if 0 <= at < len(self.list) else BREAK

    def mention_at(self, at: int) -> FoundMention | None:
        """Return the mention that holds the word, or None."""
        number = self._of.get(at)
        return None if number is None else self.mentions[number]

    def span_at(self, at: int) -> tuple[int, int] | None:
        """Return [first, last) word of the mention that holds the word, or None."""
        number = self._of.get(at)
        return None if number is None else self.spans[number]

    def tag(self, at: int) -> str:
        """Return the part of speech of a word; empty where the text is not parsed."""
        return self._tags.get(self.list[at].start, "") if 0 <= at < len(self.list) else ""


def _words(text: str) -> list[Word]:
    found: list[Word] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if match["space"]:
            if _ends_something(text, match.start(), found):
                found.append(Word(match.start(), match.end(), BREAK, BREAK))
            continue
        if word == "." and found and found[-1].end == match.start() and _is_short(found[-1].low):
            last = found.pop()
            word = f"{last.text}."
            found.append(Word(last.start, match.end(), word, last.low))
            continue
        found.append(Word(match.start(), match.end(), word, word.lower().replace("\u2019", "'")))
    return found


def _is_short(low: str) -> bool:
    return low in _ABBREVIATIONS or (len(low) == 1 and low.isalpha())


def _ends_something(text: str, at: int, found: Sequence[Word]) -> bool:
    """Whether the line break at this place ends a line that was meant to end, and not one of soft-wrapped lines."""
    if not found or found[-1].text == BREAK:
        return False
    after = text[at + 1 : at + 80].lstrip(" \t")
    if not after or after[0] == "\n":
        return True
    if after[0].islower():
        return False
    start = text.rfind("\n", max(0, at - 2 * _LONGEST_LINE), at) + 1
    goes_on = found[-1].text[-1].isalnum() or found[-1].text == ","
    return not (goes_on and _SHORTEST_LINE <= at - start <= _LONGEST_LINE) or _is_heading(text[start:at])


def _is_heading(line: str) -> bool:
    """Whether the longer words of a line begin with capitals, as those of a headline do."""
    firsts = [word[0] for word in line.split() if len(word) > 3 and word[0].isalpha()]  # noqa: PLR2004 - articles and the like
    return 2 * sum(first.isupper() for first in firsts) > len(firsts)
