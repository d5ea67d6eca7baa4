"""Dates as precise as known, written as 2025, 2025-01 or 2025-01-20."""

from __future__ import annotations

import datetime as dt


def precision_of(date: str) -> str:
    """Return the precision in which a date is written: year, month or day."""
    return ("year", "month", "day")[date.count("-")]


def first_day(date: str) -> dt.date:
    """Return the first day that a date covers."""
    year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def first_moment(date: str) -> dt.datetime:
    """Return the first moment (UTC) that a date covers."""
    return dt.datetime.combine(first_day(date), dt.time(), tzinfo=dt.UTC)
