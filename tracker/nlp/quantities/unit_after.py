"""The noun that a number counts, looked for in the words after it; bounded, and without a parse.

A number other than one counts a plural: a listed singular on the way ('user' in 'user accounts') is part of a compound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tracker.nlp.quantities.units import Unit, english, singular
from tracker.text.numbers import FoundNumber

_PERCENT = re.compile(r"(?: ?%|[ \n-](?:percent(?:age[ \n]points?)?|per[ \n]cent|pct)\b)", re.IGNORECASE)
_WORD = re.compile(r"([ ]{1,3}|[ ]?\n(?=[a-z])|-)[\"'(]?([^\W\d_](?:[\w&/]|[.'-](?=\w)){0,40})")
_OF = re.compile(
    r"[ \n](?:of|in)[ \n](?:(?:the|its|these|those|his|her|their|our|all|such|both|what)[ \n]){0,2}",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"[ \n]of[ \n](?:them|those|these|which|whom|it)\b(?![ \n]+[a-z]+s\b)", re.IGNORECASE)
_STOPS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "and",
        "or",
        "but",
        "as",
        "than",
        "that",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "while",
        "where",
        "if",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "not",
        "into",
        "onto",
        "over",
        "under",
        "through",
        "between",
        "against",
        "about",
        "after",
        "before",
        "during",
        "since",
        "until",
        "via",
        "per",
        "more",
        "less",
        "fewer",
        "most",
        "least",
        "it",
        "its",
        "they",
        "their",
        "he",
        "she",
        "his",
        "her",
        "we",
        "our",
        "you",
        "your",
        "this",
        "these",
        "those",
        "there",
        "here",
        "also",
        "only",
        "just",
        "even",
        "then",
        "so",
        "because",
        "each",
        "every",
        "all",
        "any",
        "both",
        "some",
        "no",
        "nor",
        "across",
        "among",
        "within",
        "without",
        "out",
        "up",
        "down",
        "off",
        "again",
        "said",
        "says",
        "say",
        "including",
        "include",
        "used",
        "using",
        "made",
        "make",
        "per",
        "alone",
        "apiece",
        "altogether",
        "were",
        "each",
    ]
)
_IN_PRISON = re.compile(
    r"[ \n](?:in|of)[ \n](?:(?:a|the|federal|state|U\.S\.)[ \n])?(?:prison|jail|imprisonment|incarceration|custody)\b"
    r"|[ \n](?:behind[ \n]bars|imprisonment)\b|[ -]prison[ \n](?:sentence|term)s?\b|[ -](?:sentence|term)\b",
    re.IGNORECASE,
)
_NO_PRISON = re.compile(r"[ \n]of[ \n](?:supervised|probation|home)", re.IGNORECASE)
_SENTENCED = re.compile(
    r"\b(?:sentenc\w*|imprison\w*|prison|jail\w*|penalty|faces|facing|face|term)\b[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:within|over|for|during|spanning|spans?|spanned|last(?:s|ed|ing)?|took|takes?|"
    r"taking|spent|spend)[ \n](?:a[ \n]|the[ \n])?$",
    re.IGNORECASE,
)
_DOWNLOADED = re.compile(r"\bdownload", re.IGNORECASE)
_MOST_WORDS = 7
_SMALL = 10
_SIZE = 10**6
_NEAREST = 3  # further off, a plural in no list is hardly the noun
_WINDOW = 130


@dataclass(frozen=True, slots=True)
class Counted:
    """What a number counts and where that ends; `is_same` for 'of them': what the number before counted."""

    end: int
    metric: str = ""
    unit: str = ""
    is_same: bool = False


def counted(text: str, number: FoundNumber, start: int, end: int, *, comparator: str) -> Counted | None:
    """Return what the number at [start, end), its suffix included, counts; None for nothing that is listed."""
    percent = _PERCENT.match(text, end)
    if percent:
        return Counted(percent.end(), "share", "percent")
    if _OF_THEM.match(text, end):
        return Counted(end, is_same=True)
    at = _noun_from(text, number, end)
    found = _noun(text, at, number, is_of=at != end) if at is not None else None
    if found is None:
        return None
    unit, stop = found
    if unit.metric == "time":
        is_hyphen = text[end : end + 1] == "-"
        return _duration(text, start, stop, unit, has_comparator=bool(comparator), is_hyphen=is_hyphen)
    is_empty = unit.metric == "other" and (unit.noun == "time" or _is_year(text, number))
    is_counted = unit.noun == "time" or _matters(unit, number, comparator)
    return Counted(stop, unit.metric, unit.noun) if is_counted and not is_empty else None


def _noun_from(text: str, number: FoundNumber, end: int) -> int | None:
    """Return where the words after a number begin, 'of the' left out; None for 'scores', which alone is a noun."""
    of = _OF.match(text, end)
    if number.value is not None:
        return of.end() - 1 if of and of.group().split()[0] == "of" else end
    is_whole = of is not None or re.search(r"\sof\s", text[number.start : end + 1]) is not None
    return (of.end() - 1 if of else end) if is_whole else None


def _noun(text: str, at: int, number: FoundNumber, *, is_of: bool) -> tuple[Unit, int] | None:
    """Return the first noun that the number can count, and where it ends."""
    is_one = number.value is not None and number.value <= 1
    limit, has_listed = min(len(text), at + _WINDOW), False
    for place in range(_MOST_WORDS):
        match = _WORD.match(text, at, limit)
        if match is None:
            break
        word = match[2].lower().removesuffix("'s")
        is_hyphen = match[1] == "-" and place == 0
        if word in _STOPS and not (place == 0 and is_of) and not (word == "and" and place):
            break
        at = match.end()
        if word == "times" and _DOWNLOADED.search(text, max(0, number.start - 60), number.start):
            return Unit("downloads", "time", is_plural=True), at
        unit = english().of(word)
        if is_hyphen:
            return (unit, at) if unit and _is_after_hyphen(text, at, unit) else None
        if unit and (unit.is_plural or is_one or unit.metric == "money"):
            if unit.is_plural or not is_one or not _goes_on(text, at):
                return unit, at
        elif unit is None and not has_listed and _is_unlisted(word, number, place):
            return None if english().is_never(word) else (Unit("other", singular(word), is_plural=True), at)
        has_listed = has_listed or unit is not None  # 'a 1M token window helps': what ends in s now is a verb
    return None


def _is_after_hyphen(text: str, at: int, unit: Unit) -> bool:
    """Return whether a number and this noun joined by a hyphen count: '53-page', never '5-year' or '1M-token'."""
    if unit.metric == "time":
        return _IN_PRISON.match(text, at) is not None
    return unit.metric not in {"other", "tokens"}


def _goes_on(text: str, at: int) -> bool:
    """Return whether the next word is a listed noun too, so that this one is the first half of a compound."""
    following = _WORD.match(text, at)
    return following is not None and following[1] != "-" and english().of(following[2].lower()) is not None


def _is_unlisted(word: str, number: FoundNumber, place: int) -> bool:
    """Return whether a word in no list is a plural that a number this large counts."""
    is_large = number.value is None or number.value >= _SMALL
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s", "ous"))  # noqa: PLR2004
    return is_large and is_plural and place < _NEAREST and word.isalpha()


def _matters(unit: Unit, number: FoundNumber, comparator: str) -> bool:
    value = number.value
    if value is None:
        return True
    if unit.metric in {"money", "counts_charged", "parameters", "tokens"} and unit.noun != "charge":
        return True
    if unit.metric == "models" and number.scale >= _SIZE:
        return False  # '135B models' tells their size
    if value == 1:
        return bool(comparator) and not unit.is_loose
    return not unit.is_loose or value >= _SMALL


def _duration(
    text: str, start: int, end: int, unit: Unit, *, has_comparator: bool, is_hyphen: bool
) -> Counted | None:
    """Return what years or hours measure: a term in prison, a time that something took, or nothing."""
    prison = _IN_PRISON.match(text, end)
    if prison:
        is_noun = prison.group().lstrip(" -\n").lower().startswith(("sentence", "term"))
        return Counted(end if is_noun else prison.end(), "prison", unit.noun)
    before = text[max(0, start - 90) : start]
    following = text[end : end + 12].lower()
    if (
        _SENTENCED.search(before)
        and not _NO_PRISON.match(text, end)
        and unit.noun in {"month", "year"}
        and not is_hyphen
    ):
        return Counted(end, "prison", unit.noun)
    if is_hyphen or re.match(r"[ \n-](?:ago|later|earlier|old|before|after|in a row|into|of age)", following):
        return None
    if has_comparator or _LASTING.search(before):
        return Counted(end, "time", unit.noun)
    return None


def _is_year(text: str, number: FoundNumber) -> bool:
    """Return whether a figure looks like a year: '2023 estimates' are those of 2023."""
    return re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]) is not None


def is_small_word(number: FoundNumber) -> bool:
    """Return whether a number is written out and below ten."""
    return number.is_word and number.value is not None and number.value < Decimal(_SMALL)
