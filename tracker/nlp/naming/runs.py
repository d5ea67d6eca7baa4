"""The words of a text as name rules need them: how each is written, what stands before it, in what kind of line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.nlp.phrases import CJK, addresses_in

PLAIN, TITLE_CASE, CAPITALS = 0, 1, 2  # kinds of lines
_LETTER = f"[^\\W_{CJK}]"
_SHORTENED = "(?:[A-Z]\\.){2,4}"
_DOMAIN_LIKE = "\\.(?:ai|com|io|AI|net|js|cpp|co|tech|xyz)\\b"
_INSIDE = f"(?:['\u2019](?![sS]\\b)|&|\\.(?=\\d)){_LETTER}+|{_DOMAIN_LIKE}"
_WORD = re.compile(
    f"{_SHORTENED}|(?![a-z]){_LETTER}+(?:-(?![a-z]){_LETTER}+|{_INSIDE})*|{_LETTER}+(?:-(?![A-Z]){_LETTER}+|{_INSIDE})*"
)
_GLUED = re.compile(  # the last head of a table and the first cell of its next row, without a space between
    r"(?:Source|Description|Details?|Notes?|Verification|Status|Date|Event|Type|Role|Name|Links?|Comments?|Value|Total)"
    r"(?=[A-Z0-9])"
)
_ABBREVIATIONS = frozenset(
    [
        "st",
        "dr",
        "mr",
        "mrs",
        "ms",
        "sen",
        "rep",
        "gov",
        "prof",
        "gen",
        "lt",
        "col",
        "sgt",
        "capt",
        "ft",
        "mt",
        "jr",
    ]
)
_STOP = re.compile(r"[.!?:\u2026\u3002\uff01\uff1f\n|\"\u201c\u2018#*\u2022>]")
_SMALL_IN_TITLES = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "nor",
        "of",
        "on",
        "or",
        "over",
        "per",
        "so",
        "than",
        "that",
        "the",
        "their",
        "to",
        "up",
        "via",
        "vs",
        "with",
    ]
)
_FEWEST = 4  # words of a line that can be told to be in title case
_MOST_IN_TITLE = 30
_SHARE = 0.75


@dataclass(slots=True)
class Word:
    """One word; `gap` is what stands before it: one space also for a soft line end, a newline for a hard one."""

    start: int
    end: int
    text: str
    low: str
    gap: str
    is_capital: bool
    is_first: bool  # of a sentence, line, cell or quotation, where a capital says nothing
    line: int = PLAIN


def words_of(text: str, breaks: frozenset[int]) -> list[Word]:
    """Return the words of a text that are not in Han, kana or Hangul; web addresses are left out.

    Args:
        text: any text.
        breaks: places of newlines that only wrap a paragraph.
    """
    skipped = addresses_in(text)
    found: list[Word] = []
    line_start = at_address = end = 0
    for match in _WORD.finditer(text):
        start = match.start()
        while at_address < len(skipped) and skipped[at_address][1] <= start:
            at_address += 1
        if at_address < len(skipped) and skipped[at_address][0] <= start:
            continue
        word, gap = match.group(), _gap(text, end, start, breaks=breaks)
        if "\n" in gap or "|" in gap:
            _judge_line(found, line_start)
            line_start = len(found)
        if "|" in gap and (glued := _GLUED.match(word)):
            found.append(
                Word(start, start + glued.end(), glued.group(), glued.group().casefold(), gap, True, True)
            )
            start, word, gap = start + glued.end(), word[glued.end() :], "|"
        is_initial = gap == ". " and bool(found) and _shortens(found[-1].text)
        found.append(
            Word(
                start,
                match.end(),
                word,
                word.casefold().replace("\u2019", "'"),
                ". " if is_initial else (gap if gap != ". " else ".  "),
                is_capital=word[0].isupper() or (not word.islower() and not word[0].isdigit()),
                is_first=not found or (not is_initial and _STOP.search(gap) is not None),
            )
        )
        end = match.end()
    _judge_line(found, line_start)
    return found


def _gap(text: str, end: int, start: int, *, breaks: frozenset[int]) -> str:
    """Return what stands between two words, at most some marks of it."""
    if start - end == 1 and text[end] in " \u00a0\u2009\u202f":
        return " "
    gap = text[end:start] if start - end < 40 else text[end : end + 20] + "\n" + text[start - 20 : start]  # noqa: PLR2004 - a bound
    if breaks and "\n" in gap:
        gap = "".join(" " if c == "\n" and end + i in breaks else c for i, c in enumerate(gap))
        if "\n" not in gap and not gap.strip():
            return " "
    return gap


def _shortens(word: str) -> bool:
    return (len(word) == 1 and word.isupper()) or word.casefold() in _ABBREVIATIONS


def _judge_line(words: list[Word], first: int) -> None:
    """Say of the words of the last line whether it is in title case or in capitals."""
    line = words[first:]
    if not line:
        return
    letters = [word for word in line if not word.text[0].isdigit()]
    if len(letters) > 1 and all(word.text.isupper() for word in letters if len(word.text) > 1):
        kind = CAPITALS if any(len(word.text) > 4 for word in letters) else PLAIN  # noqa: PLR2004 - not a row of acronyms
    elif _FEWEST <= len(letters) <= _MOST_IN_TITLE:
        content = [word for word in letters if word.low not in _SMALL_IN_TITLES]
        n_capital = sum(word.is_capital for word in content)
        kind = TITLE_CASE if content and n_capital / len(content) >= _SHARE else PLAIN
    else:
        kind = PLAIN
    for word in line:
        word.line = kind
