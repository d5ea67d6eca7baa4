"""Days, months, seasons and years as EDTF, and the arithmetic between them.

A period knows its first and last day and how it is written; nothing here reads text or a clock.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_YEAR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both inside, and its EDTF form."""

    first: dt.date
    last: dt.date
    on: str

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


def day(date: dt.date) -> Period:
    """Return one day."""
    return Period(date, date, date.isoformat())


def day_of(year: int, month: int, number: int) -> Period | None:
    """Return one day, or None where the calendar has none such."""
    try:
        return day(dt.date(year, month, number))
    except ValueError:
        return None


def month(year: int, number: int) -> Period:
    """Return a month; 0 and 13 are the ones before and after the year."""
    year, number = year + (number - 1) // _YEAR_MONTHS, (number - 1) % _YEAR_MONTHS + 1
    last = calendar.monthrange(year, number)[1]
    return Period(dt.date(year, number, 1), dt.date(year, number, last), f"{year:04}-{number:02}")


def year(number: int) -> Period:
    """Return a year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), f"{number:04}")


def months(first: Period, last: Period) -> Period:
    """Return the interval from the first day of one to the last of the other."""
    return Period(first.first, last.last, f"{first.on}/{last.on}")


def quarter(in_year: int, number: int) -> Period:
    """Return a quarter of a year as an interval of months."""
    return months(month(in_year, 3 * number - 2), month(in_year, 3 * number))


def season(in_year: int, name: str) -> Period:
    """Return a season by the northern calendar; a winter begins in December of its year."""
    starts = _SEASON_STARTS[name]
    return Period(
        month(in_year, starts).first, month(in_year, starts + 2).last, f"{in_year:04}-{_SEASONS[name]}"
    )


def week(holding: dt.date) -> Period:
    """Return the week, Monday to Sunday, in which a day lies."""
    monday = holding - dt.timedelta(days=holding.weekday())
    return months(day(monday), day(monday + dt.timedelta(days=6)))


def before_year(number: int) -> Period:
    """Return all that lies before a year; its start is open."""
    return Period(dt.date(EARLIEST_YEAR, 1, 1), dt.date(number - 1, 12, 31), f"../{number - 1:04}")


def is_sane(period: Period) -> bool:
    """Return whether a text of our days can mean this period."""
    return period.first.year >= EARLIEST_YEAR and period.last.year <= LATEST_YEAR


def shifted(from_day: dt.date, unit: str, n: int) -> Period | None:
    """Return the period `n` units from a day, as exact as the unit: a day, a week, a month, a year."""
    try:
        if unit == "day":
            return day(from_day + dt.timedelta(days=n))
        if unit == "week":
            return day(from_day + dt.timedelta(weeks=n))
        if unit == "month":
            return month(from_day.year, from_day.month + n)
        return year(from_day.year + n)
    except (ValueError, OverflowError):
        return None
