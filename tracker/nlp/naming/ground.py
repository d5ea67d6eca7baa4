"""What all rules about where names stand look at: the words, and which of them end a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.nlp.naming import lexicon
from tracker.nlp.naming.runs import PLAIN, Word
from tracker.nlp.naming.words import FUNCTION_WORDS, is_common

_NAMES_TOO = lexicon.words("also_name")


@dataclass(frozen=True, slots=True)
class Span:
    """Words [first, last) that may be a name; a label and a cue where the words themselves tell."""

    first: int
    last: int
    label: str = ""
    cue: str = ""
    base: int = -1  # the curators' name that this one extends, as its place in the list of them
    is_weak: bool = False  # counts only where the same name stands elsewhere


class Ground:
    """Words of one text and the curators' names among them.

    Args:
        words: of the text.
        known: for each word the place of the curators' name that holds it in the list of them, or -1.
        labels: of the curators' names.
        known_spans: of the curators' names, in code points.
        model_starts: where names of the language model begin, in code points.
    """

    def __init__(
        self,
        words: Sequence[Word],
        known: Sequence[int],
        labels: Sequence[str],
        known_spans: Sequence[tuple[int, int]] = (),
        model_starts: frozenset[int] = frozenset(),
    ) -> None:
        self.words = words
        self.known = known
        self.labels = labels
        self.known_spans = known_spans
        self.model_starts = model_starts
        self.middle_pairs = {
            (one.text, other.text)
            for one, other in pairwise(words)
            if one.is_capital
            and other.is_capital
            and not one.is_first
            and one.line == PLAIN
            and other.gap == " "
        }

    def breaks(self, i: int) -> bool:
        """Return whether the word at `i` ends a run of capitals: it is written large and is no name."""
        low = self.words[i].low
        if "-" in low and any(piece in lexicon.words("calendar") for piece in low.split("-")):
            return True
        if low in _NAMES_TOO and self._is_in_persons_name(i):
            return False
        return (
            low in FUNCTION_WORDS
            or low in lexicon.words("never")
            or low in lexicon.words("calendar")
            or low in lexicon.words("demonym")
            or low in lexicon.words("title")
        )

    def _is_in_persons_name(self, i: int) -> bool:
        """Return whether a month or demonym stands in a name: 'Christian Bale', 'Yao Jun'."""
        words = self.words
        if i and words[i].gap == " " and words[i - 1].low in lexicon.words("han_surname"):
            return words[i - 1].is_capital and (i + 1 >= len(words) or not words[i + 1].text[0].isdigit())
        after = i + 1
        if after >= len(words) or words[after].gap != " " or not words[after].is_capital:
            return False
        return words[i].low in lexicon.words("first_name") and not is_common(words[after].text)

    def is_plain_capital(self, i: int) -> bool:
        """Return whether the word at `i` goes on in capitals and belongs to none of the curators' names."""
        word = self.words[i]
        return word.is_capital and word.gap == " " and self.known[i] < 0 and not self.breaks(i)

    def is_suffix(self, i: int) -> bool:
        """Return whether 'AI' ends a company's name here, as in 'Hollinosk AI'."""
        word, before = self.words[i], self.words[i - 1]
        return word.text == "AI" and before.is_capital and not is_common(before.text) and before.line == PLAIN

    def is_heading_word(self, i: int) -> bool:
        """Return whether a word is written large because its line is, and is no part of a name of the text."""
        word = self.words[i]
        if word.line == PLAIN or not is_common(word.text) or word.low in lexicon.words("first_name"):
            return False
        if i and (self.words[i - 1].text, word.text) in self.middle_pairs:
            return False
        if i and word.gap == " " and self.words[i - 1].low in lexicon.words("first_name"):
            return False
        return i + 1 >= len(self.words) or (word.text, self.words[i + 1].text) not in self.middle_pairs
