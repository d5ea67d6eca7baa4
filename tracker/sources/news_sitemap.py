"""The kind 'news_sitemap': sitemaps with Google's news extension, plain sitemaps, and indexes of them.

Promises that a document can do no harm: entities are not resolved, nothing is loaded, and a packed body is
unpacked up to a limit only.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

from lxml import etree

from tracker.errors import FeedError
from tracker.sources.gather import MAX_ITEMS, Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.records import Listing, Page

MAX_BYTES = 20_000_000
"""Bytes of a sitemap after unpacking."""
MAX_ROWS = 60_000
"""Addresses read of one sitemap; the protocol allows 50,000."""
MAX_PARTS = 5

_GZIP = b"\x1f\x8b"
_ROWS = frozenset({"url", "sitemap"})
_ROOTS = frozenset({"urlset", "sitemapindex"})
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class NewsSitemapKind(SourceKind):
    """Reads sitemaps."""

    name = "news_sitemap"
    title = "News sitemap"
    accept = "application/xml, text/xml;q=0.9, */*;q=0.1"
    about = (
        "Sitemaps with Google's news extension: title, publication date, publisher and language. Of an index the "
        "newest parts are read. A plain sitemap gives addresses only: its `lastmod` says when a page changed, which "
        "is kept as a fact and never as a publication date. Packed files (.gz) are unpacked."
    )
    shape = "sitemaps.org protocol 0.9 and Google's sitemap-news 0.9"
    options = (
        Option(
            "parts",
            f"Only parts of an index whose address contains this text are read, newest first, at most {MAX_PARTS}.",
            "news",
        ),
        Option("path", "Only addresses that contain this text are items.", "/technology/"),
    )
    max_pages = MAX_PARTS + 1

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the items of a sitemap, or the parts of an index as `more`; see `SourceKind.parse`."""
        body = unpacked(page.body)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        rows = list(_rows(body, page.content_type, gathering.warnings))
        if rows and rows[0]["row"] == "sitemap":
            return gathering.listing(more=_newest_parts(rows, page, options, gathering))
        wanted = options.get("path", "").strip()
        kept = [row for row in rows if wanted in row.get("loc", "")]
        if rows and not kept:
            msg = f"none of the {len(rows)} addresses contains the setting 'path' ({one_line(wanted, 60)})"
            raise FeedError(msg)
        has_news = any("title" in row or "publication_date" in row for row in kept)
        if kept and not has_news:
            gathering.warnings.append("a plain sitemap: it states no titles and no publication dates")
        for row in sorted(kept, key=partial(_age, now=now))[:MAX_ITEMS]:
            _add(gathering, row, now)
        if len(kept) > MAX_ITEMS:
            gathering.warnings.append(
                f"the listing has more than {MAX_ITEMS} items; {len(kept) - MAX_ITEMS} were left out"
            )
        return gathering.listing()


def unpacked(body: bytes) -> bytes:
    """Return the bytes of a .gz file, or any other body as it is.

    Raises:
        FeedError: empty, broken, or larger than `MAX_BYTES` once unpacked.
    """
    if not body.strip():
        msg = "the answer is empty; there is no sitemap in it"
        raise FeedError(msg)
    if not body.startswith(_GZIP):
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        found = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error:
        msg = "the packed sitemap is broken: it cannot be unpacked"
        raise FeedError(msg) from None
    if len(found) > MAX_BYTES:
        msg = f"the packed sitemap holds more than {MAX_BYTES // 1_000_000} MB; ask for one of its parts instead"
        raise FeedError(msg)
    if found.startswith(_GZIP):
        msg = "the packed sitemap holds another packed file, not a sitemap"
        raise FeedError(msg)
    return found


def _rows(body: bytes, content_type: str, warnings: list[str]) -> Iterator[dict[str, str]]:
    """Yield the members of each url or sitemap by their local names; the tree is thrown away as it is read."""
    root = _Root()
    parser = etree.XMLPullParser(
        ("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        recover=True,
    )
    n = 0
    for start in range(0, len(body), 65_536):
        try:
            parser.feed(body[start : start + 65_536])
        except etree.XMLSyntaxError:
            break
        for event, node in parser.read_events():
            name = _local(node)
            if event == "start":
                root.check(name, body, content_type)
            elif name in _ROWS:
                n += 1
                if n > MAX_ROWS:
                    warnings.append(f"the sitemap has more than {MAX_ROWS} addresses; the rest was left out")
                    return
                yield {"row": name, **_members(node)}
                _forget(node)
    root.check("", body, content_type)
    if parser.feed_error_log or getattr(parser, "error_log", None):
        warnings.append("the sitemap is not well-formed XML; what could be read was kept")


class _Root:
    """Makes sure that the first element is that of a sitemap."""

    def __init__(self) -> None:
        self.name = ""

    def check(self, name: str, body: bytes, content_type: str) -> None:
        if self.name:
            return
        self.name = name
        if name in _ROOTS:
            return
        found = sniff(body, content_type)
        if found == "html":
            msg = "this is a web page, not a sitemap; sitemaps are named in the site's robots.txt"
        elif found == "feed":
            msg = "this is a feed, not a sitemap; it needs an endpoint of the kind 'feed'"
        elif found == "json":
            msg = "this is JSON, not a sitemap; it needs an endpoint of another kind"
        else:
            msg = "there is no sitemap in this document; its first element is not urlset or sitemapindex"
        raise FeedError(msg)


def _members(node: Any) -> dict[str, str]:  # noqa: ANN401 - lxml publishes no types
    """Return the texts inside a row by their local names; of the news extension `name` becomes `publisher`."""
    found: dict[str, str] = {}
    for inner in node.iterdescendants():
        name = _local(inner)
        if name and len(inner) == 0 and inner.text and inner.text.strip():
            name = "publisher" if name == "name" else name
            # images and videos have a loc and a title of their own
            if "image" in str(inner.tag) or "video" in str(inner.tag):
                continue
            found.setdefault(name, one_line(inner.text[:10_000], 2000))
    return found


def _local(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _forget(node: Any) -> None:  # noqa: ANN401 - lxml publishes no types
    node.clear()
    while node.getprevious() is not None and node.getparent() is not None:
        del node.getparent()[0]


def _newest_parts(
    rows: list[dict[str, str]], page: Page, options: Mapping[str, str], gathering: Gathering
) -> list[str]:
    wanted = options.get("parts", "").strip()
    parts = [row for row in rows if wanted in row.get("loc", "")]
    if not parts:
        msg = f"none of the {len(rows)} parts of the index contains the setting 'parts' ({one_line(wanted, 60)})"
        raise FeedError(msg)
    ordered = sorted(parts, key=partial(_age, now=gathering.now))
    addresses = dict.fromkeys(
        url
        for row in ordered
        if (url := clean_url(row.get("loc", ""), page.final_url)) not in {"", page.final_url}
    )
    if len(addresses) > MAX_PARTS:
        gathering.warnings.append(
            f"an index of {len(addresses)} parts; the newest {MAX_PARTS} are read (the setting 'parts' chooses others)"
        )
    return list(addresses)[:MAX_PARTS]


def _age(row: Mapping[str, str], now: dt.datetime) -> dt.timedelta:
    """Return how old a row is by what it says; one without a date counts as old, and keeps its place there."""
    raw = row.get("publication_date") or row.get("lastmod", "")
    found = parse_feed_date(raw, now) if raw else None
    return now - (found.at if found else _EPOCH)


def _add(gathering: Gathering, row: Mapping[str, str], now: dt.datetime) -> None:
    lastmod, keywords = row.get("lastmod", ""), row.get("keywords", "")
    gathering.add(
        link=row.get("loc", ""),
        title=row.get("title", ""),
        published=gathering.date(
            row.get("publication_date", ""), partial(parse_feed_date, now=now), "news:publication_date"
        ),
        language=row.get("language", "").lower().partition("-")[0][:3],
        outlet=row.get("publisher", ""),
        tags=keywords.split(",")[:50],
        facts={"lastmod": lastmod} if lastmod else None,
    )


KINDS.register(NewsSitemapKind.name)(NewsSitemapKind())
