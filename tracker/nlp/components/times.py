"""times.v1: words that place something in time, resolved against the day of publication; needs no parse."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from tracker.nlp.component import Reading, component
from tracker.nlp.phrases import has_cjk
from tracker.nlp.spans import Spans, addresses_in
from tracker.nlp.times import english, han, period
from tracker.nlp.times.english import Piece
from tracker.nlp.times.outlook import looks_ahead
from tracker.nlp.times.period import Period
from tracker.nlp.times.resolve import Setting, month_before, resolve
from tracker.records import FoundTime
from tracker.text.numbers import level

MODEL = "times.v1"
_NAMED = frozenset({"PERSON", "ORG", "PUBLIC_BODY", "PRODUCT", "LAW", "EVENT", "WORK_OF_ART"})
_LONGEST_PARAGRAPH = 4_000
_EXPECTED_LABEL = re.compile(r"(?:anticipated|expected|planned|scheduled|upcoming)", re.IGNORECASE)
_AFTER = 90
_NEAR = 400  # 'two days later' counts from a day named this close before


@dataclass(slots=True)
class _Course:
    """What the text has said of time so far."""

    year: int | None = None  # stated in this paragraph
    paragraph: int = -1
    last_day: dt.date | None = None
    last_end: int = 0  # where that was said


@component("times.v1", order=70)
def find_times(reading: Reading) -> Reading:
    """Return the reading with the times of its text, by start and without overlaps."""
    text = level(reading.text)
    names = Spans((m.start, m.end) for m in reading.mentions if m.label in _NAMED and m.entity_id is not None)
    addresses = addresses_in(text)
    free = [
        piece
        for piece in _pieces(text)
        if not (names.touched_by(piece.core, piece.end) or addresses.touched_by(piece.core, piece.end))
    ]
    course, found, at = _Course(), list[FoundTime](), 0
    while at < len(free):
        first, taken, meant = free[at], 1, None
        if at + 1 < len(free) and english.is_linked(text, first, free[at + 1]):
            meant = _range(first, free[at + 1], text, course, reading.published)
            taken = 2 if meant else 1
        meant = meant or _resolved(first, text, course, reading.published)
        last = free[at + taken - 1]
        if meant and (not found or found[-1].end <= first.start):
            found.append(_time(reading, text, first, last.end, meant=meant))
        at += taken
    return replace(reading, times=tuple(found))


def _pieces(text: str) -> list[Piece]:
    found = english.pieces(text)
    if not has_cjk(text):
        return found
    kept: list[Piece] = []
    for piece in sorted([*found, *han.pieces(text)], key=lambda one: (one.core, -one.end)):
        if not kept or piece.core >= kept[-1].end:
            kept.append(piece)
    return kept


def _resolved(piece: Piece, text: str, course: _Course, published: dt.date | None) -> Period | None:
    meant = resolve(piece, _setting(piece, text, course, published))
    if meant is None:
        return None
    if piece.year and piece.month:  # 'founded in 2021' says nothing of the months after it
        course.year = piece.year
    if meant.is_day:
        course.last_day, course.last_end = meant.first, piece.end
    return meant


def _setting(piece: Piece, text: str, course: _Course, published: dt.date | None) -> Setting:
    paragraph = text.rfind("\n", max(0, piece.core - _LONGEST_PARAGRAPH), piece.core)
    if paragraph != course.paragraph:
        course.paragraph, course.year = paragraph, None
    return Setting(
        published,
        is_ahead=looks_ahead(text, piece.start, piece.end),
        year=course.year,
        last_day=course.last_day if piece.core - course.last_end < _NEAR else None,
    )


def _range(
    first: Piece, second: Piece, text: str, course: _Course, published: dt.date | None
) -> Period | None:
    """Return the interval of two linked pieces, the first read as the nearest before the second."""
    last = _resolved(second, text, course, published)
    if last is None:
        return None
    if first.rule == "month" and first.month:
        begins: Period | None = month_before(first.month, last)
    elif first.rule in {"month day", "day month"} and not first.year and first.month and first.day:
        begins = period.day_of(last.first.year, first.month, first.day)
    else:
        begins = _resolved(first, text, course, published)
    if begins is None or "/" in begins.on + last.on or begins.first > last.first:
        return None
    return period.months(begins, last)


def _time(reading: Reading, text: str, piece: Piece, end: int, *, meant: Period) -> FoundTime:
    is_expected = reading.published is not None and (
        meant.first > reading.published
        or (meant.last > reading.published and _is_announced(text, piece.start, end))
    )
    return FoundTime(
        start=piece.start,
        end=end,
        words=reading.text[piece.start : end],
        on=meant.on,
        is_expected=is_expected,
        model=MODEL,
        rule=piece.rule,
    )


def _is_announced(text: str, start: int, end: int) -> bool:
    if looks_ahead(text, start, end):
        return True
    line = text[end : end + _AFTER].partition("\n")[0]
    return "|" in line[:3] and _EXPECTED_LABEL.search(line) is not None
