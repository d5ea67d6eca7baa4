"""Dates in words, as exact as they are known and never more exact.

Days are days of UTC: the same entry stands under the same day for every reader.
"""

from __future__ import annotations

import datetime as dt

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SEASONS = ("Winter", "Spring", "Summer", "Autumn")
SEASON_MONTHS = 3
YEAR_MONTHS = 12
MONTHS_BY_PRECISION = {"month": 1, "season": SEASON_MONTHS, "year": YEAR_MONTHS}


def utc_day(at: dt.datetime | dt.date) -> dt.date:
    """Return the UTC day of a moment; a day is returned as it is."""
    if isinstance(at, dt.datetime):
        return (at.astimezone(dt.UTC) if at.tzinfo else at).date()
    return at


def month_words(day: dt.date) -> str:
    """Return `April 2026`."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_words(at: dt.datetime | dt.date, precision: str = "day") -> str:
    """Return the date in words, as `23 April 2026`, `April 2026`, `Autumn 2024` or `2024`.

    Args:
        at: the moment or day; for a coarse precision the start of its month, season or year.
        precision: minute, day, month, season or year; anything else counts as day.
    """
    day = utc_day(at)
    if precision == "year":
        return str(day.year)
    if precision == "season":
        return f"{SEASONS[day.month % YEAR_MONTHS // SEASON_MONTHS]} {day.year}"
    if precision == "month":
        return month_words(day)
    return f"{day.day} {month_words(day)}"


def short_day_words(at: dt.datetime | dt.date, precision: str = "day") -> str:
    """Return the date in a few letters, as `23 Apr 2026`, `Apr 2026` or `2024`."""
    words = day_words(at, precision).split(" ")
    return " ".join(word[:3] if word in MONTHS else word for word in words)


def month_after(day: dt.date, n: int = 1) -> dt.date:
    """Return the first day of the month that is `n` months after that of `day` (n may be negative)."""
    months = day.year * YEAR_MONTHS + day.month - 1 + n
    return dt.date(months // YEAR_MONTHS, months % YEAR_MONTHS + 1, 1)


def last_day(day: dt.date, precision: str) -> dt.date:
    """Return the last day of the period that begins on `day` and is as long as `precision` says."""
    n = MONTHS_BY_PRECISION.get(precision)
    return month_after(day, n) - dt.timedelta(days=1) if n else day


def distance_words(n_days: int) -> str:
    """Return how far a day lies from another: `same day`, `1 day after`, `69 days before`."""
    if n_days == 0:
        return "same day"
    unit = "day" if abs(n_days) == 1 else "days"
    return f"{unit} {'after' if n_days > 0 else 'before'}"


def age_words(seconds: float) -> str:
    """Return a span of time in its largest unit, as `12 min`, `3 h`, `2 days`."""
    for size_s, unit in ((172_800, "days"), (5400, "h"), (90, "min")):
        if seconds >= size_s:
            n = round(seconds / {"days": 86_400, "h": 3600, "min": 60}[unit])
            return f"{n} {unit}"
    return f"{max(round(seconds), 0)} s"
