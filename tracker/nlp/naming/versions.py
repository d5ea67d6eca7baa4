"""Names that a number belongs to: models with versions, and numbered laws."""

from __future__ import annotations

import re

from tracker.nlp.labels import LAW, ORG, PRODUCT
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.ground import Ground, Span
from tracker.nlp.naming.runs import CAPITALS, PLAIN, Word
from tracker.nlp.naming.words import is_common

_STEM = re.compile(r"[A-Za-z]{2,}")
_SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bBmM]$")
_NUMBER = re.compile(r"\d+(?:\.\d+)*(?:[a-zA-Z]{0,2}|x\d+[bB])$")
_LETTER_NUMBER = re.compile(r"[a-zA-Z]{1,2}-?\d+(?:\.\d+)*[a-zA-Z]{0,3}(?:-\w+)?$")
_BILLS = frozenset(
    {"H.R.", "HR", "S", "SB", "AB", "HB", "H.Res", "S.Res", "E.O.", "EO", "A.B.", "S.B.", "H.B."}
)
_ORDERS = frozenset(
    {
        ("executive", "order"),
        ("public", "law"),
        ("house", "bill"),
        ("senate", "bill"),
        ("assembly", "bill"),
        ("house", "resolution"),
        ("senate", "resolution"),
        ("presidential", "directive"),
    }
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_AFTER_NUMBER = lexicon.words("after_number")
_NUMBERED = lexicon.words("numbered")


class VersionFinder(Ground):
    """Finds models with versions, numbered laws, and the network called X."""

    def versioned(self, i: int) -> Span | None:  # noqa: C901, PLR0911 - one return for each doubt
        """Return 'Songyan 2', 'Claude 3.5 Sonnet', 'DeepSeek V4' and the like, beginning at `i`."""
        words = self.words
        base = self.known[i]
        first = i
        at = i + 1
        if base >= 0:
            if i and self.known[i - 1] == base:
                return None
            while at < len(words) and self.known[at] == base:
                at += 1
            if self.labels[base] not in {ORG, PRODUCT}:
                return None
        elif (
            words[i].text in _BILLS
            or self.breaks(i)
            or words[i].low in _NUMBERED
            or not words[i].text[0].isalpha()
        ):
            return None
        if (
            base < 0
            and i
            and words[i].gap == " "
            and f"{words[i - 1].text} {words[i].text}" in lexicon.known_names()
        ):
            first = i - 1
        has_own = any(c.isdigit() for c in words[at - 1].text) and self._is_family(at - 1, base)
        has_number, end = self._version_from(at, has_number=has_own)
        if end == at:
            return None
        is_bare = _NUMBER.match(words[end - 1].text) is not None and end == at + 1
        if base >= 0:
            if self.labels[base] == ORG and (not has_number or is_bare):
                return None
        elif (
            not has_number
            or (words[i].is_first and is_common(words[i].text))
            or words[i].line == CAPITALS
            or (words[i].line != PLAIN and is_common(words[i].text))
        ):
            return None
        inner = [self.known[n] for n in range(at, end) if self.known[n] >= 0]
        return Span(first, end, PRODUCT, "model and version", inner[-1] if inner else base)

    def numbered_law(self, i: int) -> Span | None:
        """Return 'H.R. 8283', 'Executive Order 14110' and the like, beginning at `i`."""
        words = self.words
        at = i + 1
        if at >= len(words) or self.known[i] >= 0:
            return None
        if words[i].text in _BILLS and words[at].gap in {" ", ". ", ".  "} and words[at].text.isdigit():
            is_long = len(words[at].text) > 1 and not _YEAR.match(words[at].text)
            return Span(i, at + 1, LAW, "number of a law") if is_long or words[i].text != "S" else None
        if at + 1 < len(words) and (words[i].low, words[at].low) in _ORDERS and words[at].gap == " ":
            number = words[at + 1]
            if number.gap == " " and number.text[0].isdigit():
                return Span(i, at + 2, LAW, "number of a law")
        return None

    def is_platform(self, i: int) -> bool:
        """Return whether a lone X is the network of that name: 'a thread on X', 'X, formerly Twitter', 'X/Twitter'."""
        words = self.words
        after = words[i + 1] if i + 1 < len(words) else None
        if (
            after is not None
            and after.low in {"twitter", "formerly"}
            and after.gap in {"/", " (", ", ", " / "}
        ):
            return True
        if after is not None and (after.gap in {"-", "\u00d7"} or (after.gap == " " and after.is_capital)):
            return False
        if i == 0 or words[i].gap != " ":
            return False
        return words[i - 1].low in {"on", "via", "platform", "network", "site"} and words[i].line == PLAIN

    def one_word_version(self, i: int) -> Span | None:
        """Return 'Qwen2.5-72B' or 'V4-Flash' where the word holds a model's name and more, or a model's bare number."""
        word = self.words[i]
        base = self.known[i]
        if base >= 0:
            if (i and self.known[i - 1] == base) or self.labels[base] not in {ORG, PRODUCT}:
                return None
            has_more = (i + 1 >= len(self.words) or self.known[i + 1] != base) and self._is_longer(word, base)
            rest = word.text.partition("-")[2] or word.text
            if has_more and (
                any(c.isdigit() for c in rest) or rest.casefold() in lexicon.words("version_word")
            ):
                return Span(i, i + 1, PRODUCT, "model and version", base)
            return None
        stem = _STEM.match(word.text)
        if stem is None or stem.end() == len(word.text):
            return None
        is_family = lexicon.known_names().get(stem.group()) == PRODUCT
        if is_family and (any(c.isdigit() for c in word.text) or word.text[stem.end() :].startswith("-")):
            return Span(i, i + 1, PRODUCT, "model and version", base)
        return None

    def _is_longer(self, word: Word, base: int) -> bool:
        start, end = self.known_spans[base]
        return start == word.start and word.end > end

    def _is_family(self, i: int, base: int) -> bool:
        """Return whether the word at `i` is a model's name already."""
        if base >= 0:
            return self.labels[base] == PRODUCT
        stem = _STEM.match(self.words[i].text)
        return stem is not None and lexicon.known_names().get(stem.group()) == PRODUCT

    def _version_from(self, at: int, *, has_number: bool) -> tuple[bool, int]:
        """Return whether a number is in the version that begins at `at`, and where it ends."""
        words = self.words
        is_own, end = has_number, at
        while end < len(words) and end - at < 4 and words[end].gap in {" ", "-"}:  # noqa: PLR2004 - words of a version
            word = words[end]
            if self.known[end] >= 0 and not (
                self.labels[self.known[end]] == PRODUCT and _LETTER_NUMBER.match(word.text)
            ):
                break
            if not has_number and (_NUMBER.match(word.text) or _LETTER_NUMBER.match(word.text)):
                if _YEAR.match(word.text) or self._counts(end):
                    break
                has_number = True
            elif has_number and _SIZE.match(word.text):
                pass
            elif not ((word.is_capital or is_own) and word.low in lexicon.words("version_word")):
                break
            end += 1
        return has_number, end

    def _counts(self, i: int) -> bool:
        """Return whether the number at `i` counts what comes after it."""
        after = i + 1
        return (
            after < len(self.words)
            and self.words[after].gap == " "
            and self.words[after].low in _AFTER_NUMBER
        )
