"""Which day, month or year a piece of time means, counted from the day of publication.

A month, day or weekday without a year is the nearest one past, as news writes it, or the nearest to come where the
sentence looks ahead; a year stated before in the same paragraph goes on to hold. Without a day of publication only what
is stated in full has an answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from tracker.nlp.times import period
from tracker.nlp.times.english import Piece, weekday_number
from tracker.nlp.times.period import Period

_STEP = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}
_WEEK_DAYS = 7
_SOON = dt.timedelta(days=2)  # a date this close after publication needs no 'will' before it
_LONG_PAST = dt.timedelta(days=45)  # announced for a day that is longer gone than this: next year's is meant


@dataclass(frozen=True, slots=True)
class Setting:
    """What a piece is read by."""

    published: dt.date | None
    is_ahead: bool = False  # the sentence speaks of what is to come
    year: int | None = None  # stated before in the same paragraph
    last_day: dt.date | None = None  # the day that the text named last


def resolve(piece: Piece, setting: Setting) -> Period | None:
    """Return what a piece means, or None where it cannot be known."""
    if piece.rule in _STATED and (piece.year or piece.rule in {"month day", "day month", "days", "months"}):
        found = _STATED[piece.rule](piece, setting)
    elif piece.rule in {"later", "next day"}:
        found = _from_last(piece, setting)
    elif setting.published is None or piece.rule not in _COUNTED:
        return None
    else:
        found = _COUNTED[piece.rule](piece, setting, setting.published)
    return found if found and period.is_sane(found) else None


def month_before(number: int, limit: Period) -> Period:
    """Return the last month of this number that begins before the end of `limit`: the start of a range."""
    found = period.month(limit.last.year, number)
    return found if found.first <= limit.first else period.month(limit.last.year - 1, number)


def _days(piece: Piece, setting: Setting) -> Period | None:
    """Return a day, or the interval of two."""
    year = piece.year or _year_of(piece.month or 1, piece.day or 1, setting)
    if year is None or piece.day is None or piece.month is None:
        return None
    first = period.day_of(year, piece.month, piece.day)
    if first is None or piece.day_to is None:
        return first
    last = period.day_of(year, piece.month_to or piece.month, piece.day_to)
    return period.months(first, last) if last and last.last > first.first else first


def _months(piece: Piece, setting: Setting) -> Period | None:
    year = piece.year or _year_of(piece.month_to or 1, 1, setting)
    if year is None or piece.month is None or piece.month_to is None:
        return None
    last = period.month(year, piece.month_to)
    return period.months(month_before(piece.month, last), last)


def _quarter(piece: Piece, year: int) -> Period:
    if piece.name == "half":
        return period.months(period.month(year, 6 * piece.n - 5), period.month(year, 6 * piece.n))
    return period.quarter(year, piece.n)


_STATED: dict[str, Callable[[Piece, Setting], Period | None]] = {
    "iso day": _days,
    "month day": _days,
    "day month": _days,
    "days": _days,
    "months": _months,
    "iso month": lambda piece, _: period.month(piece.year or 0, piece.month or 1),
    "month year": lambda piece, _: period.month(piece.year or 0, piece.month or 1),
    "season year": lambda piece, _: period.season(piece.year or 0, piece.name),
    "quarter": lambda piece, _: _quarter(piece, piece.year or 0),
    "quarter words": lambda piece, _: _quarter(piece, piece.year or 0),
    "years": lambda piece, _: (
        period.months(period.year(piece.year or 0), period.year(piece.year_to or 0))
        if (piece.year_to or 0) > (piece.year or 0)
        else None
    ),
    "part of year": lambda piece, _: period.year(piece.year or 0),
    "year": lambda piece, _: period.year(piece.year or 0),
    "before year": lambda piece, _: period.before_year(piece.year or 0),
}


def _year_of(month: int, day: int, setting: Setting) -> int | None:
    """Return the year of a month and day that stand without one."""
    published = setting.published
    if setting.year and (published is None or (setting.year, month) <= (published.year, published.month)):
        return setting.year
    if published is None:
        return None
    here = period.day_of(published.year, month, day) or period.month(published.year, month)
    if here.first > published:
        return published.year if setting.is_ahead or here.first - published < _SOON else published.year - 1
    if setting.is_ahead and published - here.last > _LONG_PAST:
        return published.year + 1
    return published.year


def _month(piece: Piece, setting: Setting, published: dt.date) -> Period | None:
    number = piece.month or 1
    if setting.year and (setting.year, number) <= (published.year, published.month):
        return period.month(setting.year, number)
    if number > published.month and not setting.is_ahead:
        return period.month(published.year - 1, number)
    this = period.month(published.year, number)
    if setting.is_ahead and published - this.last > _LONG_PAST:
        return period.month(published.year + 1, number)
    return this


def _named_month(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    number = piece.month or 1
    is_past = number < published.month
    year = published.year
    if piece.which == "last" and not is_past:
        year -= 1
    elif piece.which == "next" and (is_past or number == published.month):
        year += 1
    return period.month(year, number)


def _month_of(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    year = published.year + _STEP[piece.which]
    if piece.day:
        return period.day_of(year, piece.month or 1, piece.day)
    return period.month(year, piece.month or 1)


def _season(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    this = period.season(published.year, piece.name)
    if piece.which == "last" and this.last >= published:
        return period.season(published.year - 1, piece.name)
    if piece.which == "next" and this.first <= published:
        return period.season(published.year + 1, piece.name)
    return this


def _named(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    step = _STEP[piece.which]
    if piece.which in {"past", "coming"}:
        days = {"week": _WEEK_DAYS, "month": 30, "year": 365}[piece.name]
        ends = sorted((published, published + dt.timedelta(days=step * days)))
        return period.months(period.day(ends[0]), period.day(ends[1]))
    if piece.name == "week":
        return period.week(published + dt.timedelta(days=step * _WEEK_DAYS))
    return period.shifted(published, piece.name, step)


def _day_of_named_month(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    month = period.month(published.year, published.month + _STEP[piece.which])
    return period.day_of(month.first.year, month.first.month, piece.day or 1)


def _weekday(piece: Piece, setting: Setting, published: dt.date) -> Period | None:
    back = (published.weekday() - weekday_number(piece.name)) % _WEEK_DAYS
    if piece.which == "next":
        return period.day(published + dt.timedelta(days=_WEEK_DAYS - back))
    if piece.which == "last":
        return period.day(published - dt.timedelta(days=back or _WEEK_DAYS))
    if setting.is_ahead and back:
        return period.day(published + dt.timedelta(days=_WEEK_DAYS - back))
    return period.day(published - dt.timedelta(days=back))


def _ago(piece: Piece, _: Setting, published: dt.date) -> Period | None:
    return period.shifted(published, piece.name, -piece.n)


def _from_last(piece: Piece, setting: Setting) -> Period | None:
    """Return what is counted from the day that the text named last: 'two days later', 'the next day'."""
    if setting.last_day is None:
        return None
    if piece.rule == "next day":
        step = {"next": 1, "following": 1, "same": 0, "previous": -1}[piece.which]
        return period.shifted(setting.last_day, piece.name, step)
    sign = 1 if piece.which in {"later", "after"} else -1
    return period.shifted(setting.last_day, piece.name, sign * piece.n)


_COUNTED: dict[str, Callable[[Piece, Setting, dt.date], Period | None]] = {
    "month": _month,
    "named month": _named_month,
    "month of": _month_of,
    "day of month of": _month_of,
    "day of named month": _day_of_named_month,
    "season": _season,
    "named": _named,
    "part of named": _named,
    "weekday": _weekday,
    "quarter words": lambda piece, _, published: _quarter(piece, published.year + _STEP[piece.which]),
    "today": lambda _piece, _, published: period.day(published),
    "yesterday": lambda _piece, _, published: period.day(published - dt.timedelta(days=1)),
    "tomorrow": lambda _piece, _, published: period.day(published + dt.timedelta(days=1)),
    "ago": _ago,
}
