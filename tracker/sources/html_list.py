"""The kind 'html_list': a page that lists articles, read by CSS selectors, for newsrooms without a feed.

Promises that a selector which matches nothing is an error that says what the page has instead, so that a redesign
of a newsroom is seen on the day it happens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.printed_date import (
    DATE_FORMAT,
    ZONE,
    PrintedDate,
    address_date_pattern,
    date_in_address,
)
from tracker.sources.web_page import Selector, WebPage, around, attribute, inside, words
from tracker.text.clean import one_line
from tracker.text.html import plain_text
from tracker.text.urls import canonical_url, clean_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from bs4.element import Tag

    from tracker.records import FoundDate, Listing, Page

_SELECTORS = ("item", "link", "title", "date", "summary", "next")
MAX_NESTED = 3
"""How many selected blocks may lie around a selected block."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_EDGES = " \t-–—|·•,;:/[]()（）【】"
_PARTS = re.compile(r"\s[|·•–—-]\s|[|·•]|\s{3,}")
_DATE_ATTRIBUTES = ("datetime", "content", "data-date", "title")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class HtmlListKind(SourceKind):
    """Reads a listing page by CSS selectors."""

    name = "html_list"
    title = "Listing page (HTML)"
    accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
    about = (
        "A page that lists articles, for newsrooms without a feed. `item` selects the block of one article, the other "
        "selectors look inside it; without `item` every element that `link` selects is an article of its own. Without "
        "`title` the heading of the link or of the block is the title, or else the text of the link. Dates stand in a "
        "`time` element, in words, or in the address (`date_from_url`). A selector that matches nothing is an error, "
        "so that a redesign is seen at once. A page that a script makes in the browser cannot be read."
    )
    shape = "the publisher's own HTML, named by the options"
    options = (
        Option(
            "item", "CSS selector of the block of one article; empty when each link is one.", "ul.news > li"
        ),
        Option("link", "CSS selector of the link inside the block; its first link when empty.", "h3 a"),
        Option("title", "CSS selector of the title inside the block.", "h3"),
        Option(
            "date",
            "CSS selector of the date inside the block; 'prev dt' or 'next .date' for an element beside it.",
            ".card-date",
        ),
        DATE_FORMAT,
        ZONE,
        Option(
            "date_from_url",
            "Regular expression that finds the date in the address: a group (?P<date>...) of 8 or 6 digits, or the "
            "groups year, month and day.",
            r"t(?P<date>\d{8})_",
        ),
        Option("summary", "CSS selector of the summary inside the block.", "p.teaser"),
        Option("next", "CSS selector of the link to the next page.", "a[rel=next]"),
        Option("language", "Language of the articles, where the page does not say it.", "zh"),
    )
    max_pages = 3

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the articles that a page lists; see `SourceKind.parse`."""
        return self.read(WebPage(page), page, options, now)

    def read(self, web: WebPage, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the articles that a page lists, which was parsed before.

        Raises:
            FeedError: an option cannot be used, or selects nothing.
        """
        plan = _plan(options, now)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        language = _language(options.get("language", "")) or _language(_declared_language(web))
        found = [_read(block, plan) for block in _hardly_nested(gathering.ends_of(_blocks(web, plan)))]
        _refuse_lost_parts(found, plan, web)
        for item in _joined(found, page.final_url):
            gathering.add(
                link=item.link,
                title=item.title,
                text=item.summary,
                published=_published(gathering, item, plan),
                language=language,
            )
        return gathering.listing(_page_title(web), more=_more(web, plan, page))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The options of an endpoint, checked."""

    selectors: Mapping[str, Selector]
    read_date: PrintedDate
    in_address: re.Pattern[str] | None
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class _Block:
    """What one block says."""

    link: str
    title: str
    dates: Sequence[str]  # the same date as several places print it, best first
    summary: str
    has: frozenset[str]  # names of the selectors that matched in it


def _plan(options: Mapping[str, str], now: dt.datetime) -> _Plan:
    selectors = {name: Selector(name, text) for name in _SELECTORS if (text := options.get(name, "").strip())}
    pattern = options.get("date_from_url", "").strip()
    if "item" not in selectors and "link" not in selectors:
        msg = "the setting 'item' or 'link' is missing: write the CSS selector of the block or link of one article"
        raise FeedError(msg)
    return _Plan(
        selectors, PrintedDate(options, now), address_date_pattern(pattern) if pattern else None, now
    )


def _blocks(web: WebPage, plan: _Plan) -> list[Tag]:
    selector = plan.selectors.get("item") or plan.selectors["link"]
    found = web.select(selector)
    if not found:
        msg = f"no element matches the setting '{selector.option}' ({one_line(selector.text, 80)}); {web.instead()}"
        raise FeedError(msg)
    return found


def _hardly_nested(blocks: Sequence[Tag]) -> list[Tag]:
    """Leave out blocks inside many others: each is searched whole, and a hostile page nests them without end."""
    depths: dict[int, int] = {}
    for block in blocks:
        outer = next((parent for parent in block.parents if id(parent) in depths), None)
        depths[id(block)] = depths[id(outer)] + 1 if outer is not None else 0
    return [block for block in blocks if depths[id(block)] <= MAX_NESTED]


def _read(block: Tag, plan: _Plan) -> _Block:
    parts = {
        name: element
        for name, selector in plan.selectors.items()
        if name not in {"item", "next"} and (element := selector.first_in(block)) is not None
    }
    link = block if "item" not in plan.selectors else parts.get("link") or _own_link(block, plan)
    date, summary = parts.get("date"), parts.get("summary")
    return _Block(
        link=_address(link),
        title=_title(parts.get("title"), [link, None if "link" in plan.selectors else block], [date, summary])
        or _heading(block),
        dates=printed_dates(date if "date" in plan.selectors else _time_in(block)),
        summary=plain_text(str(summary)) if summary is not None else "",
        has=frozenset(parts) | ({"link"} if link is not None else frozenset()),
    )


def _own_link(block: Tag, plan: _Plan) -> Tag | None:
    """Return the link of a block without a setting for it: that of its heading, or its first."""
    if "link" in plan.selectors:
        return None
    if block.name == "a":
        return block
    for heading in block.find_all(_HEADINGS):
        link = inside(heading, "a", having="href") or around(heading, "a", having="href")
        if link is not None:
            return link
    return inside(block, "a", having="href")


def _address(link: Tag | None) -> str:
    if link is None:
        return ""
    inner = link if link.get("href") else inside(link, "a", having="href") or around(link, "a", having="href")
    return attribute(inner, "href") if inner is not None else ""


def _title(chosen: Tag | None, places: Sequence[Tag | None], others: Iterable[Tag | None]) -> str:
    """Return the title: what was chosen, else the first heading in `places`, else the text of the first of them."""
    if chosen is not None:
        return words(chosen)
    headings = (_heading(place) for place in places if place is not None)
    found = next((text for text in headings if text), "")
    link = places[0]
    if found or link is None:
        return found
    not_title = {id(other) for other in others if other is not None and other is not link}
    taken = [*link.find_all("time"), *(node for node in link.find_all(True) if id(node) in not_title)]
    text = words(link)
    for part in (words(node) for node in taken):
        text = one_line(text.replace(part, " ", 1), len(text)) if part else text
    image = inside(link, "img", having="alt")
    return text or attribute(link, "title") or (attribute(image, "alt") if image is not None else "")


def _heading(place: Tag) -> str:
    heading = place if place.name in _HEADINGS else inside(place, *_HEADINGS)
    return words(heading) if heading is not None else ""


def _time_in(block: Tag) -> Tag | None:
    return block if block.name == "time" else inside(block, "time")


def printed_dates(element: Tag | None) -> list[str]:
    """Return the ways in which an element may state its date: machine-readable, whole, piece by piece."""
    if element is None:
        return []
    inner = element if element.name == "time" else inside(element, "time") or element
    stated = [attribute(inner, name) for name in _DATE_ATTRIBUTES]
    whole = words(element)[:400]
    pieces = [piece for text in element.stripped_strings for piece in _PARTS.split(text)]
    found = [*stated, whole, *pieces[:20], *_PARTS.split(whole)[:20]]
    return list(dict.fromkeys(text for raw in found if (text := one_line(raw, 200).strip(_EDGES))))


def _refuse_lost_parts(found: Sequence[_Block], plan: _Plan, web: WebPage) -> None:
    """Raise when a selector for link, title or date matches in no block at all."""
    for name in ("link", "title", "date"):
        if name in plan.selectors and not any(name in block.has for block in found):
            n, text = len(found), one_line(plan.selectors[name].text, 80)
            where = "the 1 block" if n == 1 else f"any of the {n} blocks"
            msg = f"no element in {where} matches the setting '{name}' ({text}); {web.instead()}"
            raise FeedError(msg)
    if not any(block.link for block in found):
        msg = f"none of the {len(found)} elements that were selected has a link; {web.instead()}"
        raise FeedError(msg)


def _joined(found: Sequence[_Block], base: str) -> list[_Block]:
    """Join blocks of one address, as of a picture and its headline: each field from the first that has it."""
    joined: dict[str, _Block] = {}
    for place, block in enumerate(found):
        key = canonical_url(block.link, base) or f"#{place}"
        known = joined.get(key)
        joined[key] = (
            block
            if known is None
            else replace(
                known,
                title=known.title or block.title,
                dates=known.dates or block.dates,
                summary=known.summary or block.summary,
            )
        )
    return list(joined.values())


def _published(gathering: Gathering, item: _Block, plan: _Plan) -> FoundDate | None:
    for text in item.dates:
        found = plan.read_date(text)
        if found is not None:
            return replace(found, rule=f"listing ({found.rule})")
    if plan.in_address is not None:
        in_address = date_in_address(item.link, plan.in_address, plan.now)
        if in_address is not None:
            return replace(in_address, rule="address")
    # a date that nobody can read is counted; without an element for it there was none
    return gathering.date(item.dates[0] if item.dates else "", plan.read_date, "listing")


def _more(web: WebPage, plan: _Plan, page: Page) -> list[str]:
    selector = plan.selectors.get("next")
    link = selector.first_in(web.tree) if selector else None
    further = clean_url(_address(link), page.final_url) if link is not None else ""
    return [further] if further and further not in {clean_url(page.url), clean_url(page.final_url)} else []


def _page_title(web: WebPage) -> str:
    title = inside(web.tree, "title")
    return words(title) if title is not None else ""


def _declared_language(web: WebPage) -> str:
    root = inside(web.tree, "html")
    return attribute(root, "lang") if root is not None else ""


def _language(raw: str) -> str:
    code = raw.strip().lower().replace("_", "-").partition("-")[0]
    return code if _LANGUAGE.fullmatch(code) else ""


KINDS.register(HtmlListKind.name)(HtmlListKind())
