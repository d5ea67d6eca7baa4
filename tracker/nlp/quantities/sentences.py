"""Sentences of a text that nobody parsed: where they begin and end, also in lines broken in the middle.

Promises spans that cover the text in order, in linear time. A line ends a sentence, except where the text is wrapped:
then a blank line does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_STOP = re.compile(
    r"[.!?]{1,3}[\"')\]]{0,2}(?:\[\d{1,3}\])?[ \n]+(?=[\"'(\[]?[A-Z0-9\u201c])|[\u3002\uff01\uff1f]"
    r"+[\u300d\u300f\u201d]?|\n+"
)
_SHORT_FORM = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|sen|rep|gov|gen|lt|col|sgt|st|jr|sr|inc|corp|ltd|co|vs?|"
    r"no|nos|art|sec|fig|jan|feb|mar|apr|"
    r"jun|jul|aug|sept?|oct|nov|dec|u\.s|u\.k|d\.c|e\.g|i\.e|approx|est|dept|assn|bros|hon|rev|pres)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_WRAPPED_FROM, _WRAPPED_TO = 50, 100
_FEWEST_LINES = 4
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence or a line without an end mark: [start, end) of the text, and where its line or paragraph begins."""

    start: int
    end: int
    paragraph: int


class Stretches:
    """The sentences of a text, to be asked which one holds a place."""

    def __init__(self, text: str) -> None:
        self.all = _split(text)
        self._starts = [one.start for one in self.all]

    def number_at(self, offset: int) -> int:
        """Return the number of the sentence that holds an offset."""
        return max(0, bisect_right(self._starts, offset) - 1)


def is_wrapped(text: str) -> bool:
    """Return whether most lines of a text end in the middle of a sentence, as those of an e-mail do."""
    lines = [line.strip() for line in text[:20_000].split("\n") if line.strip()]
    if len(lines) < _FEWEST_LINES or max(map(len, lines)) > _WRAPPED_TO + 20:
        return False
    broken = [line for line in lines if len(line) >= _WRAPPED_FROM and line[-1] not in ".!?:\"')"]
    return len(broken) * 2 > len(lines)


def _split(text: str) -> list[Stretch]:
    wrapped = is_wrapped(text)
    found: list[Stretch] = []
    start = paragraph = 0
    for match in _STOP.finditer(text):
        is_line = match.group().startswith("\n")
        has_line = "\n" in match.group()
        if (
            is_line
            and wrapped
            and match.group().count("\n") == 1
            and not re.match(r"[-*\u2022\d]", text[match.end() : match.end() + 1])
        ):
            continue
        if not is_line and not has_line and _is_short_form(text, match.start()):
            continue
        if match.end() > start:
            found.extend(_pieces(text, start, match.end(), paragraph))
        start = match.end()
        if has_line and not (wrapped and match.group().count("\n") == 1):
            paragraph = start
    if start < len(text) or not found:
        found.extend(_pieces(text, start, len(text), paragraph))
    return found


def _pieces(text: str, start: int, end: int, paragraph: int) -> Iterator[Stretch]:
    """Yield a sentence whole, or one without end in pieces, so that what is done for each stays bounded."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST) + 1 or start + _LONGEST
        yield Stretch(start, cut, paragraph)
        start = cut
    yield Stretch(start, end, paragraph)


def _is_short_form(text: str, at: int) -> bool:
    return text[at] == "." and _SHORT_FORM.search(text[max(0, at - 12) : at + 1]) is not None
