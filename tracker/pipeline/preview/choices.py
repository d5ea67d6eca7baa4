"""The ways in which an answer can be read, best first: as a feed, a list of articles, a page to watch. No network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.errors import FeedError
from tracker.models.preview_result import Choice
from tracker.pipeline.preview.problems import sentence
from tracker.records import FoundItem, Listing, Outcome, Page
from tracker.sources.kind import KINDS
from tracker.sources.propose import Proposal, propose
from tracker.sources.sniff import sniff
from tracker.text.when import short_day_words

MOST_SAMPLES = 3
MOST_CHOICES = 14
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


def find_ways(page: Page, url: str, *, host_kinds: Sequence[str], now: dt.datetime) -> tuple[list[Way], str]:
    """Return every way to read `page`, best first, and why a web page gave none.

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
    why_not = ""
    if found == "html":
        proposed, why_not = _proposed(page, now)
        ways += proposed
    is_page = found == "html" or page.body[:1024].lstrip().startswith(b"%PDF-")
    if is_page and WATCH in known:
        choice = Choice(WATCH, url, title=KINDS.get(WATCH).title, why="Watch this one page for changes.")
        ways.append(Way(choice))
    return ways[:MOST_CHOICES], why_not


def without_encryption(url: str, outcome: Outcome) -> tuple[Choice, ...]:
    """Return the same address over http as a way to try, where https found nobody; it is never tried by itself."""
    if not url.startswith("https:") or outcome not in {Outcome.TLS, Outcome.CONNECTION}:
        return ()
    why = "Some sites have no https. Whoever sits between could then change what is read."
    return (
        Choice(
            url=f"http:{url.removeprefix('https:')}", title="The same address without encryption", why=why
        ),
    )


def choice_of(choice: Choice, listing: Listing | None, *, reason: str = "") -> Choice:
    """Return a choice with what reading it gave, or why it gave nothing."""
    if listing is None:
        return replace(choice, why=f"{choice.why} {reason}".strip()) if reason else choice
    samples = tuple(_line(item) for item in listing.items[:MOST_SAMPLES])
    return replace(choice, n_items=len(listing.items), samples=samples)


def sample_line(title: str, at: dt.datetime | None, precision: str) -> str:
    """Return an item on one line: its title and, if it has one, its date."""
    short = title if len(title) <= SAMPLE_CHARS else f"{title[:SAMPLE_CHARS].rstrip()}…"
    return f"{short} ({short_day_words(at, precision or 'day') if at else 'no date'})"


def _line(item: FoundItem) -> str:
    title = item.title or item.url or item.source_item_id
    published = item.published
    return sample_line(title, published.at if published else None, published.precision if published else "")


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


def _proposed(page: Page, now: dt.datetime) -> tuple[list[Way], str]:
    """Return the feeds a page names and the lists of articles that stand on it, or why there is none."""
    try:
        proposals = propose(page, now)
    except FeedError as error:
        return [], str(error)
    return [_way_of(proposal, page, now) for proposal in proposals], ""


def _way_of(proposal: Proposal, page: Page, now: dt.datetime) -> Way:
    samples = tuple(
        sample_line(each.title or each.url, each.date, each.precision) for each in proposal.samples
    )
    choice = Choice(
        kind=proposal.kind,
        url=proposal.url,
        options=dict(proposal.options),
        title=KINDS.get(proposal.kind).title,
        why=sentence(proposal.words) if proposal.words else "",
        n_items=proposal.n_items,
        samples=samples[:MOST_SAMPLES],
    )
    if proposal.n_items is None:
        return Way(choice, is_elsewhere=True)
    way = _read(page, proposal.url, proposal.kind, proposal.options, now=now)
    return Way(choice, way.listing if way else None)
