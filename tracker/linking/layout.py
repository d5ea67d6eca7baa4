"""Where the paragraphs, sentences and quotations of a text are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from tracker.records import Span
from tracker.text.spans import sentences

_LONGEST_QUOTATION = 2_000
_MARK = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_SHORTEST_LINE, _LONGEST_LINE = 55, 110  # of soft-wrapped lines
_SHORT_WORD = 3


class Layout:
    """The paragraphs, sentences and quotations of one text; offsets in code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.paragraphs = list(_paragraphs(text))
        self._paragraph_starts = [start for start, _ in self.paragraphs]
        self.sentences = list(_whole_sentences(text, set(self._paragraph_starts)))
        self._sentence_starts = [start for start, _ in self.sentences]
        self._quotations = [span for p in self.paragraphs for span in _quotations(text, *p)]
        self._quotation_starts = [start for start, _ in self._quotations]

    def paragraph_at(self, offset: int) -> int:
        """Return the number of the paragraph that holds, or last began before, this place."""
        return max(0, bisect_right(self._paragraph_starts, offset) - 1)

    def sentence_at(self, offset: int) -> int:
        """Return the number of the sentence that holds, or last began before, this place."""
        return max(0, bisect_right(self._sentence_starts, offset) - 1)

    def is_quoted(self, offset: int) -> bool:
        """Return whether the place lies inside quotation marks."""
        at = bisect_right(self._quotation_starts, offset) - 1
        return at >= 0 and offset < self._quotations[at][1]


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for match in re.finditer(r"\n", text):
        if not _is_wrapped(text, match.start()):
            if text[start : match.start()].strip():
                yield start, match.start()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _is_wrapped(text: str, at: int) -> bool:
    """Return whether a line break only wraps a line of a paragraph: no end of a sentence, and no headline."""
    after, before = text[at + 1 : at + 2], text[max(0, at - 1) : at]
    if not before or not after or before.isspace() or after.isspace():
        return False
    if after.islower():
        return True
    start = text.rfind("\n", max(0, at - 2 * _LONGEST_LINE), at) + 1
    is_full = _SHORTEST_LINE <= at - start <= _LONGEST_LINE
    return (
        is_full
        and (before.isalnum() or before == ",")
        and after.isalnum()
        and not _is_heading(text[start:at])
    )


def _is_heading(line: str) -> bool:
    """Return whether the longer words of a line begin with capitals, as those of a headline do."""
    firsts = [word[0] for word in line.split() if len(word) > _SHORT_WORD and word[0].isalpha()]
    return 2 * sum(first.isupper() for first in firsts) > len(firsts)


def _whole_sentences(text: str, starts: set[int]) -> Iterator[Span]:
    """Yield the sentences, pieces that a wrapped line cut put together."""
    waiting: Span | None = None
    for start, end in sentences(text):
        if waiting is not None and start not in starts and _goes_on(text, waiting[1]):
            waiting = waiting[0], end
            continue
        if waiting is not None:
            yield waiting
        waiting = start, end
    if waiting is not None:
        yield waiting


def _goes_on(text: str, end: int) -> bool:
    return text[end : end + 1] == "\n" and _is_wrapped(text, end)


def _quotations(text: str, start: int, end: int) -> Sequence[Span]:
    """Return the quotations of one paragraph, an open one up to its end."""
    found: list[Span] = []
    opened: int | None = None
    for match in _MARK.finditer(text, start, end):
        opens = match.group() in "\u201c\u201e\u00ab" or (match.group() == '"' and opened is None)
        if opens:
            opened = match.start() if opened is None else opened
        elif opened is not None:
            if match.start() - opened <= _LONGEST_QUOTATION:
                found.append((opened, match.end()))
            opened = None
    if opened is not None and end - opened <= _LONGEST_QUOTATION:
        found.append((opened, end))
    return found
