"""The questions that kinds ask: addresses with a query, made of an endpoint's address and its settings.

Promises well-formed addresses in which every reserved character of a value is escaped, and one sentence for a
setting that makes none.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tracker.errors import FeedError
from tracker.sources.answer_json import text
from tracker.text.clean import one_line
from tracker.text.urls import clean_url, origin_of
from tracker.text.when import month_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.records import Page


def asked(url: str) -> list[tuple[str, str]]:
    """Return the names and values that an address asks with, in order."""
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def value_asked(url: str, name: str) -> str:
    """Return the first value of `name` in an address, or ""."""
    return next((value for key, value in asked(url) if key == name), "")


def with_query(url: str, changes: Mapping[str, str | Sequence[str]]) -> str:
    """Return `url` asking with the values in `changes` instead of its own of the same names.

    Args:
        url: an address, with or without a query; its other values keep their order.
        changes: a value, or several of one name; none at all takes the name away.
    """
    kept = [(name, value) for name, value in asked(url) if name not in changes]
    for name, value in changes.items():
        kept += [(name, one) for one in ([value] if isinstance(value, str) else value)]
    return urlunsplit((*urlsplit(url)[:3], urlencode(kept, quote_via=quote, safe=""), ""))


def setting(options: Mapping[str, str], name: str) -> str:
    """Return a setting without white space around it, or ""."""
    return str(options.get(name, "")).strip()


def listed(options: Mapping[str, str], name: str) -> list[str]:
    """Return the values of a setting that holds several, divided by commas or line breaks."""
    return [part for raw in re.split(r"[,\n]", str(options.get(name, ""))) if (part := raw.strip())]


def whole_setting(options: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    """Return a setting that is a whole number.

    Raises:
        FeedError: it is no number, or not between `least` and `most`.
    """
    raw = setting(options, name)
    if not raw:
        return default
    if re.fullmatch(r"[0-9]{1,9}", raw) and least <= int(raw) <= most:
        return int(raw)
    msg = (
        f"the setting '{name}' must be a whole number from {least} to {most}, and it is '{one_line(raw, 40)}'"
    )
    raise FeedError(msg)


def next_address(raw: object, page: Page, warnings: list[str]) -> list[str]:
    """Return the address of the next page that an answer names, or nothing; it must be of the same site."""
    named = text(raw).strip()
    if not named:
        return []
    url = clean_url(named, page.final_url)
    if not url or origin_of(url) not in {origin_of(page.url), origin_of(page.final_url)}:
        warnings.append(f"the next page is on another site and was not asked for: '{one_line(named, 80)}'")
        return []
    return [] if url in {page.url, page.final_url} else [url]


def months(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Yield the first and last day of each month, or part of one, from `start` to `end`."""
    while start <= end:
        after = month_after(start)
        yield start, min(end, after - dt.timedelta(days=1))
        start = after
