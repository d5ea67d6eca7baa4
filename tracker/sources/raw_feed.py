"""A feed as its publisher printed it, for kinds that know what its entries mean.

Parsing happens in the process of `child`, as for the kind 'feed'; nothing is keyed, cut or left out here except
what the parser itself leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.sources.child import FeedChild, shared_child
from tracker.sources.gather import MAX_ITEMS, MAX_TEXT
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line
from tracker.text.html import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.records import Page

_DATES = ("published", "pubdate", "dc_date", "date", "created", "updated")
_NOT_FEEDS = {
    "html": "this is a web page, not a feed; check the address, or whether the site turns robots away",
    "json": "this is JSON, not a feed",
}


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry: plain title, everything else as printed."""

    id: str
    link: str  # with its fragment
    title: str
    authors: Sequence[str]
    published: str
    updated: str
    markup: str  # of the longest text
    links: Sequence[tuple[str, str, str]]  # rel, type, href
    tags: Sequence[str]

    @property
    def text(self) -> str:
        """The longest text without markup."""
        return plain_text(self.markup)


@dataclass(frozen=True, slots=True)
class RawFeed:
    """What one feed holds."""

    title: str
    entries: Sequence[RawEntry]
    warnings: Sequence[str]


def raw_feed(page: Page, child: FeedChild | None = None) -> RawFeed:
    """Return the entries of a feed in its order.

    Raises:
        FeedError: empty, a web page, JSON, no feed, or one that breaks the parser.
    """
    if not page.body.strip():
        msg = "the answer is empty; there is no feed in it"
        raise FeedError(msg)
    found = sniff(page.body, page.content_type)
    if found in _NOT_FEEDS:
        raise FeedError(_NOT_FEEDS[found])
    raw = (child or shared_child()).parse(
        page.body, final_url=page.final_url, content_type=page.content_type, max_items=MAX_ITEMS
    )
    if not raw["entries"] and not raw["version"] and not raw["title"]:
        msg = "there is no feed in this document; its first element is not one of RSS, RDF or Atom"
        raise FeedError(msg)
    warnings = []
    if raw["is_broken_xml"]:
        warnings.append("the feed is not well-formed XML; what could be read was kept")
    if raw["n_cut"]:
        warnings.append(f"the feed is too long; {raw['n_cut']} items of its middle were left out")
    return RawFeed(_plain(raw["title"]), [_entry(entry) for entry in raw["entries"]], warnings)


def _entry(entry: Any) -> RawEntry:  # noqa: ANN401 - the child's answer is plain JSON
    texts = [value[:MAX_TEXT] for _, value in entry["texts"] if value]
    return RawEntry(
        id=entry["id"],
        link=entry["link"].strip(),
        title=_plain(entry["title"]),
        authors=[_plain(name) for name in entry["authors"] if name] or [_plain(entry["author"])],
        published=next((entry[key] for key in _DATES if entry[key]), ""),
        updated=entry["updated"],
        markup=max(texts, key=len, default=""),
        links=[(rel, kind, href) for rel, kind, href in entry["links"]],
        tags=entry["tags"],
    )


def _plain(markup: str) -> str:
    return one_line(plain_text(markup[:10_000]), 2000)
