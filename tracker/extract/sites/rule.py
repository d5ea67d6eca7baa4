"""Site rules: where the pages of one site keep title, byline, date and text, and since when they do.

A rule is a file of this package that registers a `SiteRule`; its recording lies under `tests/data/extract/sites/`.
A rule takes only what it finds: a field whose selector matches nothing is left to the general reading, with a note.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from tracker.registry import Registry
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import parse_html, plain_text
from tracker.text.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.records import FoundDate

MAX_TITLE, MAX_NAME, MAX_NAMES, MAX_TEXT = 1000, 120, 12, 1_000_000
NO_ZONE = "no zone, read as UTC"
"""How the rule of a date says that a time was printed without a zone."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included; None leaves an end open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """Where the pages of a site keep what; CSS selectors, the first element in document order counts.

    A page is of the shape when its address fits and the days lie in the periods. `fetched` is for a site that was
    made anew as a whole, `published` for one that keeps its older pages as they were.
    """

    domains: tuple[str, ...]  # registrable domains; subdomains are meant too
    hosts: tuple[str, ...] = ()  # these hosts alone, where subdomains differ
    path: str = ""  # pattern that the path begins with
    fetched: Period = field(default_factory=Period)
    published: Period = field(default_factory=Period)
    title: str = ""
    byline: str = ""  # every match is a name
    date: str = ""  # its attribute `datetime` or `content`, else its text
    is_day_printed: bool = False  # the text alone counts: the attribute has a clock that nobody set
    zone: str = ""  # where the clock stands that a time printed without a zone was read from: Asia/Shanghai
    body: str = ""  # every match is a part of the text, in document order
    remove: str = ""  # what goes before the text is read

    def fits(self, url: str, fetched_on: dt.date) -> bool:
        """Whether a page of this address, fetched on this day, may have the shape."""
        return (
            registrable_domain(url) in self.domains
            and (not self.hosts or host_of(url) in self.hosts)
            and re.match(self.path, urlsplit(url).path) is not None
            and self.fetched.holds(fetched_on)
        )


@dataclass(frozen=True, slots=True)
class SiteReading:
    """What a rule found on a page; empty where it found nothing or says nothing."""

    rule: str  # what 'why' shows
    title: str = ""
    names: tuple[str, ...] = ()
    published: FoundDate | None = None
    text: str = ""
    pruned: str = ""  # the page without what the rule removes, for a rule that names no body
    notes: tuple[str, ...] = ()


SITES: Registry[SiteRule] = Registry("tracker.extract.sites")


def read_by_rule(
    markup: str, *, url: str, fetched_at: dt.datetime, published: FoundDate | None, now: dt.datetime
) -> SiteReading | None:
    """Return what the rule for this page finds; None when there is no rule for it.

    Args:
        markup: the page, flat enough for a tree parser.
        url: where the page was found, after redirects.
        fetched_at: when it was fetched, aware.
        published: the date of publication as the general reading found it, if it did.
        now: the moment of reading, aware.
    """
    domain, fetched_on = registrable_domain(url), fetched_at.astimezone(dt.UTC).date()
    readings = [
        reading
        for name, rule in SITES
        if domain in rule.domains  # asked first: most pages are of no site that has a rule
        and rule.fits(url, fetched_on)
        and (reading := _read(name, rule, markup, published=published, now=now)) is not None
    ]
    # where two shapes overlap in time, the one that is there is found whole
    return min(readings, key=lambda reading: len(reading.notes), default=None)


def _read(
    name: str, rule: SiteRule, markup: str, *, published: FoundDate | None, now: dt.datetime
) -> SiteReading | None:
    soup = parse_html(markup)
    found = _date(soup, rule, now)
    dated = found or published
    if dated is not None and not rule.published.holds(dated.at.date()):
        return None
    title, names = _first(soup, rule.title, MAX_TITLE), tuple(_names(soup, rule.byline))
    for node in soup.select(rule.remove) if rule.remove else ():
        node.decompose()
    reading = SiteReading(
        f"site rule {name}",
        title=title,
        names=names,
        published=found,
        text=_text(soup, rule.body),
        pruned=str(soup) if rule.remove and not rule.body else "",
    )
    return _with_notes(reading, rule)


def _with_notes(reading: SiteReading, rule: SiteRule) -> SiteReading:
    """Say which parts the page no longer has where the rule looks: the site may have been made anew."""
    said = {
        "title": (rule.title, reading.title),
        "date": (rule.date, reading.published),
        "text": (rule.body, reading.text),
    }
    missing = [name for name, (selector, found) in said.items() if selector and not found]
    notes = (f"{reading.rule} found no {name}: the site may have changed" for name in missing)
    return replace(reading, notes=tuple(notes))


def _first(soup: BeautifulSoup, selector: str, limit: int) -> str:
    nodes = soup.select(selector, limit=20) if selector else []
    return next((text for node in nodes if (text := one_line(node.get_text(" "), limit))), "")


def _names(soup: BeautifulSoup, selector: str) -> Iterable[str]:
    nodes = soup.select(selector, limit=MAX_NAMES) if selector else []
    return dict.fromkeys(name for node in nodes if (name := one_line(node.get_text(" "), MAX_NAME)))


def _date(soup: BeautifulSoup, rule: SiteRule, now: dt.datetime) -> FoundDate | None:
    for node in soup.select(rule.date, limit=5) if rule.date else ():
        stated = () if rule.is_day_printed else (_attribute(node, "datetime"), _attribute(node, "content"))
        for printed in (*stated, node.get_text(" ")):
            found = parse_feed_date(printed, now) if printed.strip() else None
            if found is not None:
                return replace(_in_zone(found, rule.zone), printed=one_line(printed, 60))
    return None


def _in_zone(found: FoundDate, zone: str) -> FoundDate:
    """Read a time printed without a zone by the clock of the site."""
    if not zone or NO_ZONE not in found.rule:
        return found
    at = found.at.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return replace(found, at=at, rule=found.rule.replace(NO_ZONE, f"clock of {zone}"))


def _attribute(node: Tag, name: str) -> str:
    value = node.get(name)
    return value if isinstance(value, str) else ""


def _text(soup: BeautifulSoup, selector: str) -> str:
    if not selector:
        return ""
    taken: list[Tag] = []
    for node in soup.select(selector):
        # in document order a match inside a match comes right after it, and is there already
        if not (taken and any(parent is taken[-1] for parent in node.parents)):
            taken.append(node)
    return plain_text("\n".join(f"<div>{node}</div>" for node in taken))[:MAX_TEXT]
