"""Numbers as texts print them, figures and words, English and Han: where they stand and how much they are.

Promises exact decimals, offsets in code points of the text as given, and linear time: every pattern is bounded. What a
number counts, and whether it counts anything, is left to the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SAME_LENGTH = str.maketrans(
    {
        **{chr(0xFF10 + n): str(n) for n in range(10)},
        "\uff0e": ".",
        "\uff05": "%",
        "\uff0b": "+",
        "\uff04": "$",
        "\uffe5": "\u00a5",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2212": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\uff1e": ">",
        "\uff1c": "<",
        "\u223c": "~",
        "\uff5e": "~",
        "\u2248": "~",
    }
)
_ONES = {
    word: Decimal(n)
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: Decimal(n * 10)
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_SCALES = {
    "dozen": Decimal(12),
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10) ** 6,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
}
_LETTERS = {
    "k": _SCALES["thousand"],
    "m": _SCALES["million"],
    "mn": _SCALES["million"],
    "mln": _SCALES["million"],
    "mm": _SCALES["million"],
    "b": _SCALES["billion"],
    "bn": _SCALES["billion"],
    "t": _SCALES["trillion"],
    "tn": _SCALES["trillion"],
    "trn": _SCALES["trillion"],
}
_HAN_DIGITS = {
    "\u96f6": 0,
    "\u3007": 0,
    "\u4e00": 1,
    "\u4e8c": 2,
    "\u4e24": 2,
    "\u5169": 2,
    "\u4e09": 3,
    "\u56db": 4,
    "\u4e94": 5,
    "\u516d": 6,
    "\u4e03": 7,
    "\u516b": 8,
    "\u4e5d": 9,
}
_HAN_SMALL = {"\u5341": 10, "\u767e": 100, "\u5343": 1000}
_HAN_LARGE = {"\u4e07": 10**4, "\u842c": 10**4, "\u4ebf": 10**8, "\u5104": 10**8, "\u5146": 10**12}
_HAN_VAGUE = "\u6570\u6578\u51e0\u5e7e\u4e0a\u591a"
_HAN_ALL = "".join((*_HAN_DIGITS, *_HAN_SMALL, *_HAN_LARGE))

# atomic, so that a figure is never read as a piece of itself
_FIGURE = r"(?>(?:\d{1,3}(?:,\d{3}){1,8}(?!\d)|\d{1,24})(?:\.\d{1,12})?)"
_NOT_INSIDE = r"(?<![A-Za-z\d_])(?<!\d[.,])"
_LETTER = r"(?:[KkMBT]|m|mn|mln|mm|bn|b|tn|trn|t)"
_SCALE = "dozen|hundred|thousand|million|billion|trillion"
_NUMBER_WORD = "|".join((*sorted((*_ONES, *_TENS), key=len, reverse=True), _SCALE))
_FIGURES = re.compile(
    rf"{_NOT_INSIDE}(?P<figure>{_FIGURE})"
    rf"(?: ?(?P<letter>{_LETTER})(?![^\W_])|\+?[ \n-]?(?P<scale>{_SCALE})\b|(?![A-Za-z\d\u00c0-\u024f]|[.,]\d))",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<half>half an?)[ -](?P<halved>{_SCALE})"
    rf"|(?P<vague>(?:tens|dozens|scores|hundreds|thousands|millions|billions|trillions)"
    rf"(?: of (?:thousands|millions|billions|trillions))?)"
    rf"|(?P<words>(?:an? (?=(?:{_SCALE})\b))?(?:{_NUMBER_WORD})(?:(?:[ -]|,? and )(?:{_NUMBER_WORD})){{0,12}}))"
    rf"(?!\w|-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))",
    re.IGNORECASE,
)
_HAN = re.compile(
    rf"{_NOT_INSIDE}(?P<figure>{_FIGURE}) ?(?P<tail>[\u591a\u4f59\u9918]?[\u5341\u767e\u5343]?[\u4e07"
    rf"\u842c\u4ebf\u5104\u5146]{{1,2}}|[\u767e\u5343](?=\w))"
    rf"|(?P<vague>[\u6570\u6578\u51e0\u5e7e\u4e0a][{_HAN_ALL}]{{1,4}}|(?<!\w)[\u767e\u5343][\u4e07\u842c"
    r"\u4ebf\u5104])"
    rf"|(?P<han>[{_HAN_ALL}]{{1,16}})"
)
_WIDE_COMMA = re.compile(r"(?<=\d)\uff0c(?=\d{3}(?!\d))")  # elsewhere it ends a clause
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number at [start, end) of a text; no value where only its size is told, as in 'tens of thousands'."""

    start: int
    end: int
    value: Decimal | None
    is_word: bool  # written out
    has_scale: bool  # with a word or letter of size: million, K
    scale: Decimal = Decimal(1)


def level(text: str) -> str:
    """Return `text` with full-width digits, dashes, quotes and spaces made plain; the length does not change."""
    return _WIDE_COMMA.sub(",", text.translate(_SAME_LENGTH))


def numbers_in(text: str) -> list[FoundNumber]:
    """Return the numbers of a text made plain by `level`, sorted and without overlaps.

    Figures glued to letters (`GPT-4o`, `15th`, `H100`) are not numbers.
    """
    found = [*_han_numbers(text), *_figures(text), *_words(text)]
    kept: list[FoundNumber] = []
    for number in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _figures(text: str) -> Iterator[FoundNumber]:
    for match in _FIGURES.finditer(text):
        value = Decimal(match["figure"].replace(",", ""))
        scale = Decimal(1)
        if match["letter"]:
            scale = _LETTERS[match["letter"].lower()]
        elif match["scale"]:
            scale = _SCALES[match["scale"].lower()]
        if _ORDINAL.match(text, match.end()):
            continue
        yield FoundNumber(
            match.start(), match.end(), value * scale, is_word=False, has_scale=scale != 1, scale=scale
        )


def _words(text: str) -> Iterator[FoundNumber]:
    for match in _WORDS.finditer(text):
        if match["vague"]:
            yield FoundNumber(match.start(), match.end(), None, is_word=True, has_scale=True)
        elif match["half"]:
            scale = _SCALES[match["halved"].lower()]
            yield FoundNumber(
                match.start(), match.end(), scale / 2, is_word=True, has_scale=True, scale=scale
            )
        else:
            yield from _runs(text, match.start("words"), match.end("words"))


def _runs(text: str, start: int, end: int) -> Iterator[FoundNumber]:
    """Yield the numbers of a run of number words: 'two and three' are two of them."""
    words = [
        (m.group().lower(), start + m.start(), start + m.end())
        for m in re.finditer(r"[A-Za-z]+", text[start:end])
    ]
    at = 0
    while at < len(words):
        stop = len(words)
        while stop > at:
            value = words_value([word for word, _, _ in words[at:stop]])
            if value is not None and words[stop - 1][0] != "and":
                break
            stop -= 1
        if stop == at:
            at += 1
            continue
        said = [word for word, _, _ in words[at:stop]]
        yield FoundNumber(
            words[at][1],
            words[stop - 1][2],
            words_value(said),
            is_word=True,
            has_scale=any(w in _SCALES for w in said),
        )
        at = stop


def words_value(words: list[str]) -> Decimal | None:
    """Return what English number words come to, or None where they are not one number."""
    whole, part, last = Decimal(0), Decimal(0), Decimal("Infinity")
    has_number = False
    for place, word in enumerate(words):
        if word in {"a", "an"} and place == 0:
            part = Decimal(1)
        elif word == "and":
            if not has_number or last < 100:  # noqa: PLR2004 - 'two hundred and five', never 'two and five'
                return None
        elif word in _ONES or word in _TENS:
            number = _ONES.get(word, _TENS.get(word, Decimal(0)))
            if number >= last or (word in _ONES and number >= 10 and last < 100):  # noqa: PLR2004 - no 'twenty twelve'
                return None
            part, last, has_number = part + number, number or Decimal(1), True
        elif word in _SCALES:
            scale = _SCALES[word]
            if scale <= _SCALES["hundred"]:
                part, last = (part or 1) * scale, scale
            else:
                if whole and scale >= last:
                    return None
                whole, part, last = whole + (part or 1) * scale, Decimal(0), scale
            has_number = True
        else:
            return None
    return whole + part if has_number else None


def _han_numbers(text: str) -> Iterator[FoundNumber]:
    for match in _HAN.finditer(text):
        if match["figure"]:
            scale = Decimal(1)
            for mark in match["tail"].lstrip("\u591a\u4f59\u9918"):
                scale *= _HAN_SMALL.get(mark) or _HAN_LARGE[mark]
            value = Decimal(match["figure"].replace(",", "")) * scale
            yield FoundNumber(match.start(), match.end(), value, is_word=False, has_scale=True, scale=scale)
        elif match["vague"]:
            yield FoundNumber(match.start(), match.end(), None, is_word=True, has_scale=True)
        else:
            words = match["han"]
            yield FoundNumber(
                match.start(),
                match.end(),
                han_value(words),
                is_word=True,
                has_scale=any(c in _HAN_LARGE for c in words),
            )


def han_value(words: str) -> Decimal | None:
    """Return what Han numerals come to, or None where they are not one number."""
    whole, section, digit = 0, 0, None
    for mark in words:
        if mark in _HAN_DIGITS:
            if digit not in {None, 0}:
                return None
            digit = _HAN_DIGITS[mark]
        elif mark in _HAN_SMALL:
            section += (1 if digit is None else digit) * _HAN_SMALL[mark]
            digit = None
        else:
            section += digit or 0
            whole, section, digit = (whole + (section or 1)) * _HAN_LARGE[mark], 0, None
    return Decimal(whole + section + (digit or 0))
