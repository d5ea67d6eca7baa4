"""Where names may stand: runs of capitalised words, and longer names that a word inside them shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.nlp.labels import ORG, PRODUCT
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.ground import Span
from tracker.nlp.naming.heads import HeadFinder
from tracker.nlp.naming.listed import ListedFinder
from tracker.nlp.naming.versions import VersionFinder
from tracker.nlp.naming.words import is_common

_MOST_WORDS = 12
_NEXT_TO = frozenset({" ", ". ", " & "})
_PARTICLES = lexicon.words("particle")
_OF_PORTFOLIOS = frozenset({"secretary", "undersecretary", "minister", "ministers", "attorney"})
_PARTY = re.compile(r"[RDI]-[A-Z]")


class SpanFinder(HeadFinder, VersionFinder, ListedFinder):
    """Finds the spans of one text."""

    def structures(self) -> list[Span]:
        """Return the longer names that a word inside shows, by start and without overlaps, the longest first kept."""
        found = [
            span
            for i, word in enumerate(self.words)
            if word.is_capital or (self.known[i] >= 0 and self.labels[self.known[i]] == PRODUCT)
            for span in self._at(i)
            if span is not None and not self._is_known(span)
        ]
        found.sort(key=lambda span: (span.first - span.last, span.first, span.cue))
        taken = [False] * len(self.words)
        kept = []
        for span in found:
            if not any(taken[span.first : span.last]):
                taken[span.first : span.last] = [True] * (span.last - span.first)
                kept.append(span)
        return sorted(kept, key=lambda span: span.first)

    def _at(self, i: int) -> Iterator[Span | None]:
        """Yield what each rule makes of the capitalised word at `i`."""
        label = lexicon.heads().get(self.words[i].low)
        if label is not None:
            yield self.around_head(i, label)
        yield self.versioned(i)
        yield self.listed(i)
        yield self.one_word_version(i)
        yield self.numbered_law(i)
        if self.words[i].text == "X" and self.is_platform(i):
            yield Span(i, i + 1, ORG, "platform")

    def runs(self, structures: Sequence[Span]) -> list[Span]:
        """Return the runs of capitalised words outside the structures and the curators' names."""
        taken = [place >= 0 for place in self.known]
        for span in structures:
            taken[span.first : span.last] = [True] * (span.last - span.first)
        found = []
        i = 0
        while i < len(self.words):
            if taken[i] or not self._opens(i):
                i += 1
                continue
            if self._is_only_beginning(i, taken):
                i += 1
                continue
            last = i + 1
            while last < len(self.words) and last - i < _MOST_WORDS and not taken[last]:
                step = self._joins(last, taken)
                if not step:
                    break
                last += step
            found.append(Span(i, last))
            i = last
        return found

    def _is_known(self, span: Span) -> bool:
        """Return whether one of the curators' names holds the whole span."""
        place = self.known[span.first]
        if place < 0 or any(other != place for other in self.known[span.first : span.last]):
            return False
        start, end = self.known_spans[place]
        return start <= self.words[span.first].start and self.words[span.last - 1].end <= end

    def _opens(self, i: int) -> bool:
        word = self.words[i]
        if i and word.gap == "/" and self.words[i - 1].low in {"r", "u"}:
            return False  # a forum or its member
        if _PARTY.match(word.text):
            return False
        return word.is_capital and not self.breaks(i) and not self.is_heading_word(i)

    def _is_only_beginning(self, i: int, taken: Sequence[bool]) -> bool:
        """Return whether an ordinary word is written large because a sentence begins, before a name that is none."""
        word = self.words[i]
        if i > 1 and self.words[i - 1].low in {"of", "for"} and self.words[i - 2].low in _OF_PORTFOLIOS:
            return is_common(word.text) and word.low not in lexicon.words("first_name")  # Secretary of War X
        after = i + 1
        if not word.is_first or after >= len(self.words) or taken[after] or not self._joins(after, taken):
            return False
        if not is_common(word.text) or is_common(self.words[after].text) or (word.start in self.model_starts):
            return False
        if word.low in lexicon.words("first_name") or word.low in lexicon.words("han_surname"):
            return False
        return (word.text, self.words[after].text) not in self.middle_pairs

    def _joins(self, i: int, taken: Sequence[bool]) -> int:
        """Return how many words from `i` on belong to the run before it: 0, 1, or 2 with a particle."""
        word = self.words[i]
        if word.gap not in _NEXT_TO:
            return 0
        if word.is_capital:
            if self.is_heading_word(i):
                return 0
            return 0 if self.breaks(i) and not self.is_suffix(i) else 1
        after = i + 1
        if word.low in _PARTICLES and after < len(self.words) and not taken[after]:
            follower = self.words[after]
            return 2 if follower.gap == " " and follower.is_capital and not self.breaks(after) else 0
        return 0
