"""The kind 'feed': RSS 0.9x, 1.0 and 2.0, RDF, Atom (CDF does no harm).

Promises items that are safe to store, each with a canonical address or the publisher's own id, or the
reason why it was refused; the order is that of the feed. Dates are read from the printed text, not from
what the parser guessed. Parsing itself happens in `child`.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.records import FoundDate, FoundItem, Listing, Page, RefusedItem
from tracker.sources.child import FeedChild, shared_child
from tracker.sources.gather import (
    MAX_BYLINE,
    MAX_ITEMS,
    MAX_TAG,
    MAX_TEXT,
    MAX_TITLE,
    marked_when_all_alike,
    newest,
    tidy_id,
    without_repeats,
)
from tracker.sources.kind import KINDS, SourceKind
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line, safe_text, tidy_paragraphs
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text, strip_tags
from tracker.text.urls import canonical_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

MAX_AUTHOR = 1000
"""Code points of one author's name that are looked at."""
MAX_TAGS = 10_000
"""Tags of one text above which it is read without a tree."""

_DATE_KEYS = ("published", "pubdate", "dc_date", "date", "created", "updated")
_INLINE_TAG = re.compile(
    r"</?(?:b|i|em|strong|u|a|span|p|br|sub|sup|font|small|cite|q)\b[^<>]*>", re.IGNORECASE
)
# tried only where a run of letters begins: a long name without '@' is read once
_EMAIL = re.compile(r"\(?\s?<?(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]++>?\s?\)?")
_NOT_FEEDS = {
    "html": "this is a web page, not a feed; look for the address of the feed in the page",
    "json": "this is JSON, not a feed; it needs an endpoint of another kind",
}


class FeedKind(SourceKind):
    """Reads RSS and Atom.

    Args:
        child: the parsing process; the one of this process by default.
    """

    name = "feed"
    title = "RSS or Atom feed"
    accept = (
        "application/atom+xml, application/rss+xml, application/rdf+xml, application/xml;q=0.9, */*;q=0.1"
    )
    about = (
        "RSS 0.9x, 1.0 and 2.0, RDF and Atom, well-formed or not. Dates are read from the printed text. "
        "A feed in which every item has one and the same time is marked so."
    )
    shape = "RSS 2.0 and RFC 4287"

    def __init__(self, child: FeedChild | None = None) -> None:
        self._child = child

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the items of a feed; see `SourceKind.parse`.

        Raises:
            FeedError: a web page, JSON, an empty body, no feed at all, or one that breaks the parser.
        """
        if not page.body.strip():
            msg = "the answer is empty; there is no feed in it"
            raise FeedError(msg)
        found = sniff(page.body, page.content_type)
        if found in _NOT_FEEDS:
            raise FeedError(_NOT_FEEDS[found])
        raw = (self._child or shared_child()).parse(
            page.body, final_url=page.final_url, content_type=page.content_type, max_items=MAX_ITEMS
        )
        entries: list[Any] = raw["entries"]
        if not entries and not raw["version"] and not raw["title"]:
            msg = "there is no feed in this document; its first element is not one of RSS, RDF or Atom"
            raise FeedError(msg)
        warnings = self.unknown_options(options)
        if raw["is_broken_xml"]:
            warnings.append("the feed is not well-formed XML; what could be read was kept")
        kept, refused = _read_entries(entries, raw, page=page, now=now)
        items = newest(without_repeats(kept, warnings), warnings, now=now, n_cut=raw["n_cut"])
        return Listing(
            title=_title(raw["title"], raw["title_type"], is_atom=_is_atom(raw)),
            items=tuple(marked_when_all_alike(items, warnings)),
            refused=tuple(refused),
            warnings=tuple(warnings),
        )


def _read_entries(
    entries: list[Any], raw: Mapping[str, Any], *, page: Page, now: dt.datetime
) -> tuple[list[FoundItem], list[RefusedItem]]:
    kept: list[FoundItem] = []
    refused: list[RefusedItem] = []
    for position, entry in enumerate(entries, 1):
        entries[position - 1] = None  # the texts of a long feed are held once, not twice
        title = _title(entry["title"], entry["title_type"], is_atom=_is_atom(raw))
        url, why_not = _item_url(entry, page.final_url)
        item_id = tidy_id(entry["id"])
        if not url and not item_id:
            refused.append(RefusedItem(position, title, why_not))
            continue
        kept.append(
            FoundItem(
                url=url,
                source_item_id=item_id,
                title=title,
                byline=_byline(entry),
                text=_longest_text(entry["texts"], is_atom=_is_atom(raw)),
                published=_published(entry, now),
                language=_language(entry["language"] or raw["language"]),
                tags=tuple(dict.fromkeys(t for tag in entry["tags"] if (t := one_line(tag, MAX_TAG)))),
            )
        )
    return kept, refused


def _is_atom(raw: Mapping[str, Any]) -> bool:
    return str(raw["version"]).startswith("atom")


def _item_url(entry: Mapping[str, Any], base: str) -> tuple[str, str]:
    """Return the canonical address of an item, or "" and why there is none."""
    own = canonical_url(base)
    link = entry["link"].strip()
    is_guid = bool(link) and entry["guid_is_link"] and link == entry["id"].strip()
    candidates = [] if is_guid and not _is_address(link) else [link]
    candidates += [href for rel, _, href in entry["links"] if rel in {"", "alternate"}]
    if entry["guid_is_link"] and _is_address(entry["id"].strip()):
        candidates.append(entry["id"])
    for candidate in candidates:
        url = canonical_url(candidate.strip(), base) if candidate.strip() else ""
        if url and url != own:
            return url, ""
    first = next((c for c in candidates if c.strip()), "")
    if not first:
        return "", "it has neither a link nor an id"
    return "", f"its link '{one_line(first, 60)}' leads to no page of its own, and it has no id"


def _is_address(value: str) -> bool:
    return value.lower().startswith(("http://", "https://", "/"))


def _title(raw: str, kind: str, *, is_atom: bool) -> str:
    if kind in {"text/html", "application/xhtml+xml"} or (not is_atom and _INLINE_TAG.search(raw)):
        return one_line(plain_text(raw), MAX_TITLE)
    # RSS never said whether a title is escaped once or twice
    return one_line(raw if is_atom else html.unescape(raw), MAX_TITLE)


def _byline(entry: Mapping[str, Any]) -> str:
    names = [name for name in entry["authors"] if name] or [entry["author"]]
    if not any(names):
        return ""
    plain = (plain_text(name)[:MAX_AUTHOR] for name in names)
    cleaned = (one_line(_EMAIL.sub(" ", name), MAX_BYLINE).strip(" ,;()") for name in plain)
    return ", ".join(dict.fromkeys(name for name in cleaned if name))[:MAX_BYLINE]


def _longest_text(texts: Sequence[Sequence[str]], *, is_atom: bool) -> str:
    plain = (
        tidy_paragraphs(value, MAX_TEXT) if is_atom and kind == "text/plain" else _plain(value)[:MAX_TEXT]
        for kind, value in texts
        if value
    )
    return safe_text(max(plain, key=len, default=""), MAX_TEXT)


def _plain(markup: str) -> str:
    # a tree takes a hundred times the memory of its text
    return plain_text(markup) if markup.count("<") <= MAX_TAGS else strip_tags(markup)


def _published(entry: Mapping[str, Any], now: dt.datetime) -> FoundDate | None:
    for key in _DATE_KEYS:
        found = parse_feed_date(entry[key], now) if entry[key] else None
        if found is not None:
            return FoundDate(found.at, found.precision, f"feed {key} ({found.rule})", found.printed)
    return None


def _language(raw: str) -> str:
    code = raw.strip().lower().replace("_", "-").split("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


KINDS.register(FeedKind.name)(FeedKind())
