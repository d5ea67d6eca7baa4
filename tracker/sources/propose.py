"""Proposes how a page could be collected: the feeds it names, and the lists of articles in it with their selectors.

Promises that what is proposed was tried: items, titles and dates of a proposal are what the kind 'html_list' reads
with these very options. Leaves the choice to a person, who sees the samples.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.block_shape import Shape, list_selector, shapes, title_selector
from tracker.sources.date_place import date_options
from tracker.sources.html_list import HtmlListKind
from tracker.sources.web_page import WebPage, attribute, words
from tracker.text.clean import one_line
from tracker.text.urls import canonical_url, registrable_domain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import FoundItem, Page

MAX_PROPOSALS = 4
MAX_SAMPLES = 5
MIN_ITEMS = 3
"""Fewer alike blocks are no list."""
MAX_TRIED = 10

_FEED_TYPES = {
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "json_feed",
}
_SIDE_FEED = re.compile(r"comment|kommentar|reactie|评论", re.IGNORECASE)
_SHORT_TITLE, _LONG_TITLE = 20, 160
_MIN_SCORE = 2.0
_SAME = 0.6
_PAGING = re.compile(r"next|older|more|weiter|suivant|下一页|下页|次へ|다음", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One item as it would come in."""

    title: str
    url: str
    date: dt.datetime | None
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One way to collect a page."""

    kind: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict)
    words: str = ""  # what it is, for a curator
    n_items: int | None = None  # None where nobody has looked yet, as with a feed that is only named
    n_dated: int = 0
    samples: Sequence[Sample] = ()


def propose(page: Page, now: dt.datetime | None = None) -> Sequence[Proposal]:
    """Return ways to collect a page, best first: at least one.

    Args:
        page: the page as fetched.
        now: the moment of reading; that of the fetch by default.

    Raises:
        FeedError: no page, or nothing in it can be collected; the sentence says what the page has instead.
    """
    web = WebPage(page)
    now = now or page.fetched_at
    feeds = _named_feeds(web, page)
    lists = _lists(web, page, now)
    if not feeds and not lists:
        msg = f"nothing in this page can be collected as a list: no feed is named, and {web.instead()}"
        raise FeedError(msg)
    return [*feeds, *lists]


def _named_feeds(web: WebPage, page: Page) -> list[Proposal]:
    found: dict[str, Proposal] = {}
    for link in web.tree.select("link[href][rel~=alternate], link[href][rel~=feed]"):
        kind = _FEED_TYPES.get(attribute(link, "type").partition(";")[0].strip().lower(), "")
        url = canonical_url(attribute(link, "href"), page.final_url)
        if kind and url:
            title = one_line(attribute(link, "title"), 100) or "without a title"
            named = "JSON Feed" if kind == "json_feed" else "feed"
            found.setdefault(url, Proposal(kind, url, words=f"{named} that the page names: {title}"))
    return sorted(found.values(), key=lambda feed: bool(_SIDE_FEED.search(feed.words)))[: MAX_PROPOSALS * 2]


def _lists(web: WebPage, page: Page, now: dt.datetime) -> list[Proposal]:
    tried = []
    for shape in shapes(web, page.final_url, least=MIN_ITEMS)[:MAX_TRIED]:
        proposal = _tried(shape, web, page, now)
        if proposal is not None:
            tried.append((_score(proposal, shape, page), proposal))
    tried.sort(key=lambda pair: -pair[0])
    kept: list[Proposal] = []
    seen: list[frozenset[str]] = []
    for score, proposal in tried:
        urls = frozenset(sample.url for sample in proposal.samples)
        if score >= _MIN_SCORE and not any(len(urls & other) > _SAME * len(urls) for other in seen):
            seen.append(urls)
            kept.append(_short(proposal))
    return kept[:MAX_PROPOSALS]


def _tried(shape: Shape, web: WebPage, page: Page, now: dt.datetime) -> Proposal | None:
    """Return what 'html_list' reads of a shape with the best options found for it, or None when that is no list."""
    selector = list_selector(shape, web)
    if not selector:
        return None
    if shape.is_link:
        options = {"link": selector}
    else:
        options = {"item": selector}
        if shape.link_selector:
            options["link"] = shape.link_selector
    options |= title_selector(shape)
    options |= date_options(shape, now)
    paging = _next_page(web)
    if paging:
        options["next"] = paging
    try:
        listing = HtmlListKind().read(web, page, options, now)
    except FeedError:
        return None
    items = [item for item in listing.items if item.title]
    if len(items) < MIN_ITEMS:
        return None
    return Proposal(
        "html_list",
        page.final_url,
        options,
        words=f"{len(listing.items)} items on the page",
        n_items=len(listing.items),
        n_dated=sum(1 for item in listing.items if item.published),
        samples=[_sample(item) for item in items],
    )


def _sample(item: FoundItem) -> Sample:
    published = item.published
    return Sample(
        item.title, item.url, published.at if published else None, published.precision if published else ""
    )


def _short(proposal: Proposal) -> Proposal:
    dated = f", {proposal.n_dated} with a date" if proposal.n_dated else ", none with a date"
    return Proposal(
        proposal.kind,
        proposal.url,
        proposal.options,
        proposal.words + dated,
        proposal.n_items,
        proposal.n_dated,
        tuple(proposal.samples[:MAX_SAMPLES]),
    )


def _score(proposal: Proposal, shape: Shape, page: Page) -> float:
    """Return how much a list looks like articles: number, titles of some length, dates, place, one site."""
    titles = [sample.title for sample in proposal.samples]
    widths = [len(title) * (2 if re.search("[\u3040-\u9fff\uac00-\ud7af]", title) else 1) for title in titles]
    usual = sorted(widths)[len(widths) // 2]
    score = min(math.log2(len(titles)), 5.0)
    score += 3.0 if _SHORT_TITLE <= usual <= _LONG_TITLE else -2.0 if usual < _SHORT_TITLE else 0.0
    score += 5.0 * proposal.n_dated / max(proposal.n_items or 1, 1)
    score += 1.0 if shape.is_in_main else 0.0
    score += 1.5 if shape.has_headings else 0.0
    score -= 6.0 if shape.is_in_frame else 0.0
    here = registrable_domain(page.final_url)
    n_here = sum(1 for sample in proposal.samples if registrable_domain(sample.url) == here)
    score += 0.0 if n_here * 2 >= len(titles) else -3.0
    score += 1.0 if _is_below(page.final_url, proposal.samples) else 0.0
    return score - (2.0 if len(set(titles)) * 2 < len(titles) else 0.0)


def _is_below(url: str, samples: Sequence[Sample]) -> bool:
    """Whether most addresses continue that of the page, as /news/x does /news."""
    start = url.partition("?")[0].removesuffix("index.html").rstrip("/") + "/"
    return sum(1 for sample in samples if sample.url.startswith(start)) * 2 > len(samples)


def _next_page(web: WebPage) -> str:
    for selector in ("a[rel~=next][href]", "a.next[href]", ".pagination a.next[href]", "a.nextpage[href]"):
        found = web.tree.select(selector)
        if found:
            return selector.removesuffix("[href]")
    for link in web.tree.select("[class*=pag] a[href][class], nav a[href][class]"):
        named = [name for name in link.get("class") or [] if re.search("next", name, re.IGNORECASE)]
        if named and len(words(link)) < _SHORT_TITLE and (_PAGING.search(words(link)) or not words(link)):
            return f"a.{named[0]}" if re.fullmatch(r"[A-Za-z_][\w-]*", named[0]) else ""
    return ""
