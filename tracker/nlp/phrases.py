"""Finds many phrases in one text in one pass, in any script.

Promises every place where a phrase stands between word boundaries, with offsets in code points of the text as
given. Phrases that begin with a Han, kana or Hangul character are found as substrings, because such texts
have no spaces. What a place means is left to the caller.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_STARTS = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
_ADDRESS_MARK = re.compile(r"[/@]|www\.", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_LONGEST_BEFORE = 200  # code points of an address before its first slash
_SAMPLE = 4_000
_WORD_CHARACTER = re.compile(f"[^\\W_{CJK}]")
_CJK = re.compile(f"[{CJK}]")
# One code point for one code point, so that offsets stay true.
_SAME_LENGTH = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u0130": "I",
    }
)
_GAP = r"(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)"
_DOMAIN = re.compile(r"\.(?:com|org|net|io|ai|gov|cn|dev|edu|co|app)\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.]+"
    r"|(?<![\w.-])(?:[\w-]{1,64}\.){1,4}(?:com|org|net|io|ai|gov|cn|edu|co|uk|eu)/[^\s<>\"')\]]+"
    r"|(?<![\w./-])[\w-]{1,64}(?:/[\w-]{1,64}){1,12}\.(?:md|tsx?|jsx?|py|html?|json|txt|pdf|csv|ya?ml|php|aspx)\b",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return `text` with typographic quotes, hyphens and spaces made plain; the length does not change."""
    return text.translate(_SAME_LENGTH)


def folded(text: str) -> str:
    """Return the lower-case form of `plain(text)`; the length does not change."""
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def has_cjk(text: str) -> bool:
    """Return whether a Han, kana or Hangul character stands in `text`."""
    return _CJK.search(text) is not None


def has_much_cjk(text: str) -> bool:
    """Return whether a tenth of the beginning of a text is in Han, kana or Hangul."""
    sample = text[:_SAMPLE]
    return len(_CJK.findall(sample)) * 10 >= len(sample) > 0


def addresses_in(text: str) -> list[tuple[int, int]]:
    """Return the spans of web addresses, mail addresses and paths of files, by start."""
    found: list[tuple[int, int]] = []
    reach = 0
    for mark in _ADDRESS_MARK.finditer(text):
        place = mark.start()
        if place < reach:
            continue
        start = place
        while start > reach and place - start < _LONGEST_BEFORE and not text[start - 1].isspace():
            start -= 1
        blank = _BLANK.search(text, place)
        reach = blank.start() if blank else len(text)
        found.extend(match.span() for match in _ADDRESS.finditer(text, start, reach))
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase at a place: its number in the order of adding, and [start, end) in code points."""

    phrase: int
    start: int
    end: int


class Phrases:
    """A set of phrases to look for; add them all, then scan texts."""

    def __init__(self) -> None:
        self._starting_with: dict[str, list[tuple[int, str, re.Pattern[str] | None]]] = defaultdict(list)
        self._n_added = 0

    def add(self, phrase: str) -> int:
        """Add one phrase, matched without regard to case, and return its number.

        Raises:
            ValueError: it does not begin with a letter or digit.
        """
        wanted = folded(plain(" ".join(phrase.split())))
        first = _STARTS.match(wanted)
        if first is None:
            msg = "a phrase begins with a letter or digit"
            raise ValueError(msg)
        pattern = None
        if " " in wanted:
            pattern = re.compile(_GAP.join(re.escape(piece) for piece in wanted.split(" ")))
        self._starting_with[first.group()].append((self._n_added, wanted, pattern))
        self._n_added += 1
        return self._n_added - 1

    def scan(self, text: str) -> Iterator[Hit]:
        """Yield every hit in `text`, overlapping ones too, by start; web addresses are left out."""
        lowered = folded(plain(text))
        table = self._starting_with
        addresses = addresses_in(lowered)
        at_address = 0
        for match in _STARTS.finditer(lowered):
            found = table.get(match.group())
            if found is None:
                continue
            start = match.start()
            while at_address < len(addresses) and addresses[at_address][1] <= start:
                at_address += 1
            if at_address < len(addresses) and addresses[at_address][0] <= start:
                continue
            for number, wanted, pattern in found:
                end = _end_of(lowered, start, wanted=wanted, pattern=pattern)
                if end is not None and _is_whole(lowered, start, end=end):
                    yield Hit(number, start, end)


def _end_of(text: str, start: int, *, wanted: str, pattern: re.Pattern[str] | None) -> int | None:
    if pattern is None:
        return start + len(wanted) if text.startswith(wanted, start) else None
    match = pattern.match(text, start)
    return match.end() if match else None


def _is_whole(text: str, start: int, *, end: int) -> bool:
    """Return whether [start, end) is not a piece of a longer word, number or host name."""
    last = text[end - 1]
    if not _CJK.match(last) and end < len(text) and _WORD_CHARACTER.match(text[end]):
        return False
    if last == "." and end < len(text) and text[end].isalnum():
        return False
    if _WORD_CHARACTER.match(last):
        if last.isdigit() and re.match(r"[.,]\d", text[end : end + 2]):
            return False
        if _DOMAIN.match(text, end):
            return False
    return not (text[start].isdigit() and re.search(r"\d[.,]$", text[max(0, start - 2) : start]))
