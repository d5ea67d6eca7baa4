"""What is left in a text although it is no part of the article, taken out.

Works on paragraphs separated by newlines, from a page, a feed or a paste. Removes program text, lines and
sentences that advertise, link or pitch, credit lines, headline links repeated inside sentences; parts
headings that were glued to the next sentence. Careful rather than thorough: what may be prose stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.extract.ad_code import remove_code
from tracker.extract.residue_patterns import (
    CAPITAL_INSIDE,
    CREDIT_LINE,
    GLUED,
    GLUED_STOP,
    HEADLINE_SMALL,
    LINK_BRACKET,
    LINK_INLINE,
    LINK_LINE,
    MACHINE_INLINE,
    MACHINE_LINE,
    PITCH,
    PITCH_WORDS,
    WIDGET_INLINE,
    WIDGET_LINE,
    WIRE_DATELINE,
)
from tracker.text.clean import tidy_paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHARS = 2_000_000

_MAX_LINK_LINE = 220
_MAX_PITCH = 320
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?]+[\"'”’)]*(?:\s+|$)|$)")
_MIN_TITLE_WORDS, _MIN_TITLE_CHARS = 4, 20
_MIN_REPEAT, _MAX_REPEAT = 3, 14
_PASSES = 4
_WORD = re.compile(r"\w+")
_STOPS = (" ,", " .", " ;", " :", " !", " ?")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without residue, and the credit lines that were taken out of it."""

    text: str
    credits: tuple[str, ...]


def remove_residue(text: str, title: str) -> str:
    """Return `text` without what is no part of the article; applying it twice changes nothing.

    Args:
        text: paragraphs separated by newlines.
        title: headline of the article; its repetitions inside the text are removed.
    """
    return clean_residue(text, title).text


def clean_residue(text: str, title: str, *, headings: Sequence[str] = ()) -> Cleaned:
    """Do what `remove_residue` does and keep the credit lines.

    Args:
        text: paragraphs separated by newlines.
        title: headline of the article.
        headings: headings of the page, to be parted from the sentence they were glued to.
    """
    found: list[str] = []
    text = tidy_paragraphs(text, MAX_CHARS)
    for _ in range(_PASSES):
        cleaned = _one_pass(text, title, headings=headings, found=found)
        if cleaned == text:
            break
        text = cleaned
    return Cleaned(text, tuple(dict.fromkeys(found)))


def credit_notes(cleaned: Cleaned) -> tuple[str, ...]:
    """Return notes on whose text this is: lines taken out, and the agency that a dateline names."""
    lines = [f"credit line: {line}" for line in cleaned.credits]
    agency = WIRE_DATELINE.match(cleaned.text)
    return (*lines, f"wire credit: {agency['agency']}") if agency else tuple(lines)


def _one_pass(text: str, title: str, *, headings: Sequence[str], found: list[str]) -> str:
    text = remove_code(text)
    lines: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        if CREDIT_LINE.match(stripped):
            found.append(stripped)
        elif stripped and not _is_residue(stripped):
            lines.extend(_part_headings(_clean_line(stripped, title), headings))
    if lines and title and _same(lines[0], title) and len(lines) > 1:
        lines = lines[1:]
    return "\n".join(line for line in lines if line)  # tidy, as the text was


def _is_residue(line: str) -> bool:
    if len(line) <= _MAX_LINK_LINE and LINK_LINE.match(line):
        return True
    if WIDGET_LINE.match(line) or MACHINE_LINE.match(line):
        return True
    return len(line) <= _MAX_PITCH and PITCH.match(line) is not None and _n_sentences(line) <= 1


def _n_sentences(line: str) -> int:
    return len(re.findall(r"[.!?](?:\s+[A-Z]|$)", line))


def _clean_line(line: str, title: str) -> str:
    # each pattern runs only where a word or sign of it stands: most lines of most articles hold none
    if "(" in line or "[" in line:
        line = LINK_BRACKET.sub("", line)
    if any(word in line for word in ("READ", "SEE", "RELATED")):
        line = _remove_inline_links(line)
    if any(word in line for word in ("DVERTISEMENT", "dvertisement", "STORY C", "SCROLL", "SPONSORED")):
        line = WIDGET_INLINE.sub("", line)
    if any(sign in line for sign in ("[", "【", "turn")):
        line = MACHINE_INLINE.sub("", line)
    line = _remove_title(line, title)
    line = _collapse_repeats(line)
    line = _remove_pitches(line)
    line = GLUED_STOP.sub(r"\g<0> ", line)
    if "  " in line:
        line = re.sub(r"  +", " ", line)
    if any(stop in line for stop in _STOPS):
        line = re.sub(r" +([,.;:!?])(?=\s|$)", r"\1", line)
    return line.strip()


def _remove_inline_links(line: str) -> str:
    """Take 'READ ALSO: Headline in Title Case' out of a paragraph; the headline ends where prose begins."""
    while match := LINK_INLINE.search(line):
        rest = line[match.end() :]
        words = list(re.finditer(r"\S+", rest))
        end = 0
        for index, word in enumerate(words):
            bare = word.group().strip("\"'“”‘’,:;()")
            if bare[:1].isupper() or bare[:1].isdigit() or bare.lower() in HEADLINE_SMALL or not bare:
                end = word.end()
                if word.group()[-1] in ".!?" and len(bare) > 2:  # noqa: PLR2004 - not an initial
                    break
                continue
            end = words[index - 1].start() if index else 0
            break
        line = line[: match.start()].rstrip() + " " + rest[end:].lstrip()
    return line


def _remove_pitches(line: str) -> str:
    """Take pitching sentences out of a paragraph that also says something."""
    lowered = line.lower()
    if not any(word in lowered for word in PITCH_WORDS):
        return line
    sentences = _SENTENCE.findall(line)
    kept = [s for s in sentences if not (len(s) <= _MAX_PITCH and PITCH.match(s.strip()))]
    return line if len(kept) == len(sentences) else "".join(kept).strip()


def _fold(text: str) -> str:
    return re.sub(r"[^\w]+", " ", text).strip().casefold()


def _same(first: str, second: str) -> bool:
    return _fold(first) == _fold(second)


def _remove_title(line: str, title: str) -> str:
    """Take the headline out of the middle of a sentence; a quotation or an opening of a sentence keeps it."""
    words = re.findall(r"\w+", title)
    if len(words) < _MIN_TITLE_WORDS or len(title) < _MIN_TITLE_CHARS or len(line) <= len(title) + 10:
        return line
    if not all(word in line for word in words):
        return line  # making a pattern of every headline would cost more than all the rest
    pattern = re.compile(
        r"(?<![\w“\"‘'])" + r"\W{1,3}".join(map(re.escape, words)) + r"(?![\w”\"’'])[\s:|–—-]*"
    )
    kept = pattern.sub(lambda m: "" if _is_inside(line, m) else m.group(), line)
    return kept if kept.strip() else line


def _is_inside(line: str, match: re.Match[str]) -> bool:
    """Whether a sentence was already running where the headline stands."""
    before = line[: match.start()].rstrip()
    after = line[match.end() :]
    return before[-1:].isalnum() and bool(after) and not after.startswith((".", "!", "?"))


def _collapse_repeats(line: str) -> str:
    """Keep one copy of a phrase that is printed twice in a row (a link and its own text)."""
    if not _may_repeat(line):
        return line
    words = list(re.finditer(r"\S+", line))
    folded = [w.group().strip(".,;:!?\"'“”‘’()").casefold() for w in words]
    cuts: list[tuple[int, int]] = []
    index = 0
    while index < len(words) - 2 * _MIN_REPEAT + 1:
        word = folded[index]
        # most words do not come again within reach, and this loop runs over every word of every article
        reach = folded[index + _MIN_REPEAT : index + _MAX_REPEAT + 1] if word else ()
        size = 0
        if word in reach:
            sizes = range(_MAX_REPEAT, _MIN_REPEAT - 1, -1)
            size = next((n for n in sizes if _is_repeat(folded, index, n)), 0)
        # 'What is a secret? A secret is ...' is a question and its answer; 'theft of cars, theft of boats' a list
        first, last = words[index].group(), words[index + size - 1].group() if size else "."
        if last[-1] not in ".!?:;" and not HEADLINE_SMALL & {first, last}:
            cuts.append((words[index].start(), words[index + size].start()))
        index += size or 1
    for start, end in reversed(cuts):
        line = line[:start] + line[end:]
    return line


def _may_repeat(line: str) -> bool:
    """Whether any three words come twice in the same order, as they must in a phrase that is printed twice."""
    words = _WORD.findall(line.casefold())
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return len(set(runs)) < len(runs)


def _is_repeat(folded: Sequence[str], index: int, size: int) -> bool:
    first = folded[index : index + size]
    if first != folded[index + size : index + 2 * size]:
        return False
    letters = [word for word in first if word.isalpha()]
    return len(set(letters)) >= _MIN_REPEAT and sum(map(len, letters)) >= 12  # noqa: PLR2004 - 'again and again'


def _part_headings(line: str, headings: Sequence[str]) -> list[str]:
    """Return the line, or its heading and its prose as two lines."""
    for heading in headings if line.startswith(tuple(headings)) else ():
        rest = line[len(heading) :]
        if (
            line.startswith(heading)
            and rest.strip()
            and re.match(r"\s*[A-Z“\"'‘\d]", rest)
            and heading[-1:] not in ",;"
        ):
            return [heading, rest.strip()]
    if not CAPITAL_INSIDE.search(line):
        return [line] if line else []
    parted = GLUED.sub("\n", line)
    return [part.strip() for part in parted.split("\n") if part.strip()]
