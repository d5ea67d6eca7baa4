"""Names that everybody knows, where they stand for what everybody knows by them."""

from __future__ import annotations

from tracker.nlp.labels import GPE, ORG
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.ground import Ground, Span
from tracker.nlp.naming.runs import CAPITALS, PLAIN
from tracker.nlp.naming.words import is_common

_NEXT_TO = frozenset({" ", ". ", " & "})
_POSSESSIVES = frozenset({"'s ", "\u2019s ", "s' ", "s\u2019 "})


class ListedFinder(Ground):
    """Finds known names."""

    def listed(self, i: int) -> Span | None:
        """Return the longest name from `i` on that everybody knows."""
        words, names = self.words, lexicon.known_names()
        found = None
        text = ""
        for last in range(i, min(i + lexicon.LONGEST, len(words))):
            word = words[last]
            if last > i and word.gap not in _NEXT_TO and word.gap not in _POSSESSIVES:
                break
            text = f"{text}{word.gap}{word.text}".replace("\u2019", "'") if last > i else word.text
            if text in names:
                label = names[text]
            elif (word.line == CAPITALS or words[i].is_first) and text in lexicon.known_capitals():
                label = lexicon.known_capitals()[text]
            else:
                continue
            found = Span(i, last + 1, label, "known name")
        if found is None:
            return None
        if self.known[i] >= 0:
            return found if found.last - found.first > 1 else None
        return self._sure_of(found)

    def _sure_of(self, found: Span) -> Span | None:  # noqa: PLR0911 - one return for each doubt
        """Return the known name, or None where its one ordinary word is no name here or belongs to a longer one."""
        words = self.words
        if found.last - found.first > 1:
            return found
        word = words[found.first]
        if found.label == GPE and found.last < len(words) and words[found.last].text == "Attorney":
            return None
        if is_common(word.text) and found.label != GPE and not word.text.isupper():
            before = words[found.first - 1] if found.first and word.gap == " " else None
            if word.is_first or (before is not None and before.is_capital and before.low != "the"):
                return self._alone_in_cell(found)
            if word.line != PLAIN and (before is None or before.low != "the"):
                return None
        after = found.last
        if after < len(words) and self.is_plain_capital(after):
            is_word = is_common(word.text) and found.label != GPE and not word.text.isupper()
            if word.low in lexicon.words("first_name") or is_word:
                return None
            if (
                found.label == ORG
                and word.line == PLAIN
                and words[after].low not in lexicon.words("first_name")
            ):
                return None
        if word.gap == " " and found.first and self._is_name_part(found.first - 1):
            return None
        return found

    def _alone_in_cell(self, found: Span) -> Span | None:
        """Return the known name where it is all that stands between two bars, as in a list of outlets."""
        words, last = self.words, found.last
        has_bar_before = "|" in words[found.first].gap
        has_bar_after = last < len(words) and "|" in words[last].gap
        is_end = last >= len(words) or "|" in words[last].gap or "\n" in words[last].gap
        return found if found.label == ORG and is_end and (has_bar_before or has_bar_after) else None

    def _is_name_part(self, i: int) -> bool:
        """Return whether the word before makes a single word the end of somebody's name."""
        word = self.words[i]
        return word.is_capital and self.known[i] < 0 and word.low in lexicon.words("first_name")
