"""Text to search words: the one normalisation that indexing, queries and marking share.

Promises the same words on every database, because none of this is left to a database. Case, compatibility
forms (full-width letters, ligatures), accents and thousands separators do not count. Scripts written
without spaces, and Hangul, become one word per character, so that any part of such a name is found as a
phrase. A line break is a word of its own (`BREAK`), which no query can contain: phrases never cross it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAK = "\u00b6"
MAX_WORD = 80
"""Code points of a word that count."""

# Thai and Lao, Myanmar, Khmer, ideographic marks, kana, bopomofo, Han; Hangul, half-width kana, more Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)


def _mark_ranges() -> str:
    """Return the combining marks of the BMP as the inside of a character class."""
    marks = [code for code in range(0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc", "Me"}]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_MARKS = _mark_ranges()
_RUN = re.compile(
    rf"\n|[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![^\W_])|[^\W_](?:[^\W_]|[{_MARKS}])*"  # break, grouped number, word
)
_PART = re.compile(rf"[{_UNSPACED}][{_MARKS}\uff9e\uff9f]*|[^{_UNSPACED}]+")
_NEEDS_SPLIT = re.compile(f"[{_UNSPACED}]")
_FOLDED = re.compile(
    rf"[{_UNSPACED}][{_MARKS}]*|(?:(?![{_UNSPACED}])[^\W_])(?:(?![{_UNSPACED}])(?:[^\W_]|[{_MARKS}]))*"
)
_ACCENTS = re.compile("[\u0300-\u036f]")


class Word(NamedTuple):
    """One search word and the span of code points it stands for."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Yield the search words of `text` in order, with a `BREAK` for every line break."""
    for match in _RUN.finditer(text):
        run, start, end = match[0], match.start(), match.end()
        if run.isascii():
            yield Word(BREAK if run == "\n" else run.replace(",", "").lower()[:MAX_WORD], start, end)
        elif _NEEDS_SPLIT.search(run):
            for part in _PART.finditer(run):
                yield from _folded(part[0], start + part.start(), start + part.end())
        else:
            yield from _folded(run, start, end)


def plain_words(text: str) -> tuple[str, ...]:
    """Return the search words of `text` without places and breaks."""
    return tuple(word.text for word in words(text) if word.text != BREAK)


def fold(text: str) -> str:
    """Return `text` without case, compatibility forms and Latin, Greek or Cyrillic accents."""
    folded = text
    for _ in range(2):  # casefolding can undo composition, and composing can bring new cases
        folded = unicodedata.normalize("NFKC", folded).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def _folded(part: str, start: int, end: int) -> Iterator[Word]:
    for match in _FOLDED.finditer(fold(part)):
        yield Word(match[0][:MAX_WORD], start, end)
