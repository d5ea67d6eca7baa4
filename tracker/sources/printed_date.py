"""Reads the dates of one publisher, who prints them in one way: a format, a zone, a place in the address.

Promises the same as `text.dates`: what is not wholly understood is no date. Adds what only a person can know:
which number of 04/03/2026 is the month, and in which zone a time without one was meant.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.errors import FeedError
from tracker.records import FoundDate
from tracker.sources.kind import Option
from tracker.text.clean import one_line
from tracker.text.dates import AHEAD, EARLIEST, parse_feed_date

if TYPE_CHECKING:
    from collections.abc import Mapping

DATE_FORMAT = Option(
    "date_format",
    "How dates are printed, where they are ambiguous or unusual: 'day first' or 'month first' for 04/03/2026, or "
    "a pattern as Python's strptime reads it.",
    "%d-%b-%Y",
)
ZONE = Option(
    "zone", "Zone of the times printed without one, by its IANA name; UTC when empty.", "Asia/Shanghai"
)
MAX_TEXT = 200
MAX_PATTERN = 300
MAX_ADDRESS = 250
"""Characters of an address in which a date is looked for."""
MAX_STEPS = 8 * MAX_ADDRESS**3
"""What the coarse count of a pattern's steps on one address may come to: two repeats without an end."""

_NO_ZONE = "no zone, read as UTC"
_ORDERS = {"day first": (0, 1), "month first": (1, 0)}
_NUMBERS = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4}|\d{2})(?:[,\s]+(\S.*))?")
_ATOMS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P?[<=!:>]+|[a-zA-Z-]+:?|\()", re.DOTALL)
_REPEATS = re.compile(r"(\)?)\s*(?:([*+])|\{(\d*)(,?)(\d*)\}|(\?))[?+]?|\|")
_DIRECTIVE = re.compile(r"%[-#]?([A-Za-z])")
_YEAR_DIRECTIVES, _CLOCK_DIRECTIVES = frozenset("YyGcxsD"), frozenset("HIMSpcXsT")


class PrintedDate:
    """Reads dates as an endpoint's options say.

    Args:
        options: of the endpoint; `date_format` and `zone` count.
        now: the moment of reading.

    Raises:
        FeedError: an option cannot be used; the sentence says which and why.
    """

    def __init__(self, options: Mapping[str, str], now: dt.datetime) -> None:
        self.now = now
        self.format = " ".join(options.get(DATE_FORMAT.name, "").split())
        self.zone = _zone(options.get(ZONE.name, "").strip())
        if self.format and self.format.lower() not in _ORDERS:
            _check_pattern(self.format)

    def __call__(self, raw: str) -> FoundDate | None:
        """Return the date that `raw` says, or None."""
        text = one_line(raw[: MAX_TEXT * 4], MAX_TEXT)
        order = _ORDERS.get(self.format.lower())
        if order is not None:
            text = _iso_order(text, order)
        elif self.format:
            found = self._by_pattern(text)
            return found if found is not None and EARLIEST <= found.at <= self.now + AHEAD else None
        found = parse_feed_date(text, self.now)
        if found is None or not found.rule.endswith(_NO_ZONE) or self.zone is None:
            return found
        at = found.at.replace(tzinfo=self.zone).astimezone(dt.UTC)
        return replace(found, at=at, rule=found.rule.replace(_NO_ZONE, f"zone {self.zone.key}"))

    def _by_pattern(self, text: str) -> FoundDate | None:
        directives = set(_DIRECTIVE.findall(self.format))
        if directives & _YEAR_DIRECTIVES:
            at = _strptime(text, self.format)
            return None if at is None else self._moment(at, directives, "")
        # no year is printed: the last day of that name; tried from next year on, as dates may lie days ahead
        for year in range(self.now.year + 1, self.now.year - 8, -1):
            at = _strptime(f"{text} {year}", f"{self.format} %Y")
            if at is not None and at.replace(tzinfo=at.tzinfo or dt.UTC) <= self.now + AHEAD:
                return self._moment(at, directives, ", the year is not printed")
        return None

    def _moment(self, at: dt.datetime, directives: set[str], note: str) -> FoundDate:
        has_clock = bool(directives & _CLOCK_DIRECTIVES) and (at.hour, at.minute, at.second) != (0, 0, 0)
        if not has_clock:
            is_day = bool(directives & set("djUWcxaAD"))
            day = at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=dt.UTC)
            coarse = "month" if directives & set("bBm") else "year"
            return FoundDate(day, "day" if is_day else coarse, f"date_format{note}")
        zone = "" if at.tzinfo else f", zone {self.zone.key}" if self.zone else f", {_NO_ZONE}"
        at = at.replace(tzinfo=at.tzinfo or self.zone or dt.UTC).astimezone(dt.UTC)
        return FoundDate(at, "minute", f"date_format{note}{zone}")


def address_date_pattern(pattern: str) -> re.Pattern[str]:
    """Return the compiled option `date_from_url`.

    Raises:
        FeedError: it is no regular expression, too long, may take very long, or has no group that names a date.
    """
    if len(pattern) > MAX_PATTERN:
        msg = f"the setting 'date_from_url' is longer than {MAX_PATTERN} characters"
        raise FeedError(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            compiled = re.compile(pattern, re.ASCII)
    except (re.error, RecursionError, OverflowError) as error:
        msg = f"the setting 'date_from_url' is no regular expression ({error})"
        raise FeedError(msg) from None
    if not {"date"} <= set(compiled.groupindex) and not {"year", "month"} <= set(compiled.groupindex):
        msg = "the setting 'date_from_url' needs a group (?P<date>...) of 6 or 8 digits, or the groups year and month"
        raise FeedError(msg)
    _refuse_slow(pattern)
    return compiled


def _refuse_slow(pattern: str) -> None:
    """Raise when a pattern may take very long on some address: repeats inside repeats, or many one after the other."""
    n_steps = MAX_ADDRESS  # it is tried from each place
    has_repeated_group = False
    for is_group, many, least, comma, most, maybe in _REPEATS.findall(_ATOMS.sub(_bare, pattern)):
        if many or (comma and not most):
            n_steps *= MAX_ADDRESS
        elif comma:
            n_steps *= max(int(most) - int(least or 0) + 1, 1)
        elif maybe or not least:  # a question mark, or one of two
            n_steps *= 2
        has_repeated_group |= bool(is_group and not maybe)
    if has_repeated_group or n_steps > MAX_STEPS:
        msg = (
            "the setting 'date_from_url' may take very long on some addresses: repeat no group, use '+' or '*' twice "
            "at most, and write counts such as \\d{4}; what stands before the date need not be matched"
        )
        raise FeedError(msg)


def _bare(match: re.Match[str]) -> str:
    """Return what stands for a piece of a pattern when only its repeats matter."""
    return "(" if match[0].startswith("(") else "x"


def date_in_address(url: str, pattern: re.Pattern[str], now: dt.datetime) -> FoundDate | None:
    """Return the date in an address: a group `date` (YYYYMMDD or YYMMDD), or year, month and perhaps day."""
    match = pattern.search(url[:MAX_ADDRESS])
    if match is None:
        return None
    named = match.groupdict()
    digits = re.sub(r"\D", "", named.get("date") or "")
    if not digits:
        parts = [named.get(name) or "" for name in ("year", "month", "day")]
        if not all(part.isdigit() for part in parts[:2]):
            return None
        digits = parts[0].rjust(4, "0")[-4:] + "".join(part.rjust(2, "0")[-2:] for part in parts[1:] if part)
    if len(digits) == 6 and named.get("date"):  # noqa: PLR2004 - YYMMDD
        digits = f"20{digits}"
    try:
        day = int(digits[6:8]) if len(digits) == 8 else 1  # noqa: PLR2004 - YYYYMMDD
        at = dt.datetime(int(digits[:4]), int(digits[4:6]), day, tzinfo=dt.UTC)
    except ValueError:
        return None
    is_known = len(digits) in {6, 8} and EARLIEST <= at <= now + AHEAD
    return FoundDate(at, "day" if len(digits) == 8 else "month", "") if is_known else None  # noqa: PLR2004 - as above


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError; odd names raise the others
        msg = f"the setting 'zone' names no time zone: '{one_line(name[:200], 40)}'; write one such as Asia/Shanghai"
        raise FeedError(msg) from None


def _check_pattern(pattern: str) -> None:
    problem = ""
    if "%" not in pattern or len(pattern) > MAX_TEXT:
        problem = "write 'day first', 'month first' or a pattern such as %d %B %Y"
    else:
        try:
            has_year = set(_DIRECTIVE.findall(pattern)) & _YEAR_DIRECTIVES
            _strptime_or_raise("x 2000", pattern if has_year else f"{pattern} %Y")
        except (ValueError, re.error, KeyError, IndexError) as error:
            if "does not match" not in str(error):
                problem = one_line(str(error), 100)
    if problem:
        msg = f"the setting 'date_format' cannot be used: '{one_line(pattern[:400], 40)}' ({problem})"
        raise FeedError(msg)


def _strptime(text: str, pattern: str) -> dt.datetime | None:
    try:
        return _strptime_or_raise(text, pattern)
    except (ValueError, OverflowError, re.error, KeyError, IndexError):
        return None


def _strptime_or_raise(text: str, pattern: str) -> dt.datetime:
    return dt.datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is added by the caller, who knows it


def _iso_order(text: str, order: tuple[int, int]) -> str:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return text
    numbers = (match[1], match[2])
    day, month = numbers[order[0]], numbers[order[1]]
    year = match[3] if len(match[3]) == 4 else f"20{match[3]}"  # noqa: PLR2004 - digits of a year
    return f"{year}-{month.rjust(2, '0')}-{day.rjust(2, '0')} {match[4] or ''}".strip()
