"""Lines of a PDF to paragraphs: what was wrapped is joined, what runs along every page is left out.

Promises that no word is lost but those of running heads and page numbers. Works from the places of the lines, and
where these are not known from the words alone.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tracker.text.clean import tidy_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EDGE_LINES = 2
"""Lines at the top and at the bottom of a page that may run along every page."""
MIN_RUNNING = 3
"""Pages on which a line must stand to be taken for a running one."""

_WIDE_GAP, _OTHER_SIZE, _SHORT_LINE, _INDENT = 1.3, 1.12, 0.88, 8.0
_SHORT_WORDS = 0.75
_MAX_HEADING_LINES = 4
_END = 20
# a line of a table of contents ends with its page
_SENTENCE_END = re.compile(r"[.!?:;。！？：；][\"'”’)\]]*$|\. ?\. ?\. ?\w{1,4}$")
_ITEM_START = re.compile(r"(?:[•·▪◦‣●–—*-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s|[§¶]\s?\d)")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# how the library marks a hyphen at which a word was broken; the last is what a plain text layer has
_BROKEN_WORD = re.compile(
    "(?<![^\\W\\d_])([^\\W\\d_]++)(?:[\x02\ufffe\u00ad]\\s*|-\\n\\s*)([a-zà-öø-ÿ][^\\W\\d_]*)"
)
_MARKS = re.compile("[\x02\ufffe\u00ad]")


class Line(NamedTuple):
    """A line and where it stands, in points from the left and from the bottom of the page."""

    text: str
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0

    @property
    def height(self) -> float:
        """Height of its letters; 0 when its place is not known."""
        return self.top - self.bottom


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """Return the paragraphs of a document, each as one line."""
    running = _running(pages)
    joined: list[list[str]] = []
    last: Line | None = None
    for number, page in enumerate(pages):
        # what runs along is kept where it stands first: it may be the title
        along = running if number else frozenset()
        lines = [line for place, line in enumerate(page) if not _is_running(line, place, len(page), along)]
        measure = _Measure(lines)
        for place, line in enumerate(lines):
            is_new = last is None or (
                measure.begins(last, line) if place else _begins_on_new_page(last, line)
            )
            if is_new:
                joined.append([])
            joined[-1].append(line.text)
            last = line
    whole = "\n\n".join("\n".join(lines) for lines in joined)
    known = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", whole.lower()))
    return [text for lines in joined if (text := tidy_paragraphs(_together(lines, known), len(whole) * 2))]


def heading_of(pages: Sequence[Sequence[Line]]) -> str:
    """Return the lines in the largest letters at the start of the first page, or "" where all are of one size."""
    lines = list(pages[0]) if pages else []
    sizes = [line.height for line in lines if line.height]
    if not sizes:
        return ""
    largest, usual = max(sizes), median(sizes)
    if largest < usual * _OTHER_SIZE:
        return ""
    first = next(place for place, line in enumerate(lines) if line.height * 1.02 >= largest)
    found = []
    for line in lines[first : first + _MAX_HEADING_LINES]:
        if line.height * _OTHER_SIZE < largest:
            break
        found.append(line.text)
    return _together(found, Counter())


class _Measure:
    """What is usual on one page: the step from line to line, the edges of the text."""

    def __init__(self, lines: Sequence[Line]) -> None:
        steps = [
            above.bottom - below.bottom for above, below in pairwise(lines) if above.bottom > below.bottom > 0
        ]
        self.step = median(steps) if steps else 0.0
        rights = sorted(line.right for line in lines if line.right)
        self.right = rights[int(len(rights) * 0.9)] if rights else 0.0
        self.left = median([line.left for line in lines if line.right]) if rights else 0.0
        self.longest = max((len(line.text) for line in lines), default=0)

    def begins(self, last: Line, line: Line) -> bool:
        """Whether `line` begins a paragraph after `last`."""
        if _ITEM_START.match(line.text):
            return True
        ends = _ends(last)
        if not self.step or not last.height or not line.height:
            return ends and len(last.text) < self.longest * _SHORT_WORDS
        step = last.bottom - line.bottom
        if step < -self.step:  # the next column
            return _begins_on_new_page(last, line)
        sizes = sorted((last.height, line.height))
        if step > self.step * _WIDE_GAP or sizes[1] > sizes[0] * _OTHER_SIZE:
            return True
        if line.left > last.left + _INDENT and line.left > self.left + _INDENT / 2 and ends:
            return True
        width = max(self.right - self.left, 1.0)
        is_short = last.right < self.left + width * _SHORT_LINE
        return is_short and (ends or not line.text[:1].islower())


def _ends(line: Line) -> bool:
    return _SENTENCE_END.search(line.text[-_END:]) is not None


def _begins_on_new_page(last: Line, line: Line) -> bool:
    """Whether a paragraph begins after a break: a sentence that goes on goes on."""
    if _ITEM_START.match(line.text) or _ends(last):
        return True
    return not (line.text[:1].islower() or _MARKS.search(last.text[-1:]) or last.text.endswith((",", "-")))


def _together(lines: Sequence[str], known: Counter[str]) -> str:
    """Join the lines of a paragraph: broken words made whole, no space between Han characters."""
    text = _BROKEN_WORD.sub(lambda match: _whole(match[1], match[2], known), "\n".join(lines))
    text = _MARKS.sub("", text)
    text = re.sub(rf"(?<={_HAN.pattern})\n(?={_HAN.pattern})", "", text)
    return text.replace("\n", " ")


def _whole(first: str, second: str, known: Counter[str]) -> str:
    """Return a broken word; with its hyphen where the document writes it so elsewhere, and never without."""
    hyphened, plain = f"{first}-{second}", f"{first}{second}"
    return hyphened if known[hyphened.lower()] and not known[plain.lower()] else plain


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the lines, digits apart, that stand at the edge of most pages."""
    if len(pages) < MIN_RUNNING:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_without_digits(line.text) for line in _edges(page)})
    return frozenset(text for text, n in seen.items() if n >= MIN_RUNNING and n * 2 > len(pages) - 1)


def _edges(page: Sequence[Line]) -> Iterator[Line]:
    yield from page[:EDGE_LINES]
    yield from page[max(len(page) - EDGE_LINES, EDGE_LINES) :]


def _is_running(line: Line, place: int, n_lines: int, running: frozenset[str]) -> bool:
    if EDGE_LINES <= place < n_lines - EDGE_LINES:
        return False
    return _PAGE_NUMBER.fullmatch(line.text[: _END * 2]) is not None or _without_digits(line.text) in running


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", text)
