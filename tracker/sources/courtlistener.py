"""The kind 'courtlistener': court filings from CourtListener's feeds and search API, and from the courts' own RSS.

An entry of a docket has no page of its own: in a docket feed the entries differ only in the fragment of the case's
address, and in the RSS of a court (PACER) all entries of a case have one link. Since articles are known by their
address and addresses are compared without fragments, such an entry is kept **without an address and under an id
of its own** - docket and entry number, or the court's guid and words - so that none is lost as a repeat of another.
What a reader can open stands in the facts: `link` (the entry in its docket, or the document), `docket` (the case).
Results of a search have pages of their own and are known by these.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from tracker.errors import FeedError
from tracker.sources.courtlistener_search import add_rows
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import months, setting, value_asked, whole_setting, with_query
from tracker.sources.raw_feed import RawEntry, raw_feed
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text
from tracker.text.urls import clean_url, host_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.records import FoundDate, Listing, Page
    from tracker.sources.child import FeedChild

MAX_TITLE_WORDS = 160
"""Code points of a description that are put into a title."""

_TYPES = {"o": "dateFiled desc", "oa": "dateArgued desc", "d": "dateFiled desc"} | dict.fromkeys(
    ("r", "rd"), "entry_date_filed desc"
)
_ENTRY_TITLE = re.compile(r"(?:Entry #(?P<entry>\S+)|Minute entry from (?P<day>.+?)) in (?P<case>.+)")
_DOCKET_PATH = re.compile(r"/docket/(\d+)/")
_CASE_NUMBER = re.compile(r"(\S*\d\S*)\s*(.*)")
_BRACKETED = re.compile(
    r"(?P<head>[^\[]*)\[(?P<what>.*)\]\s*(?:\((?P<document>[^()\s]{1,40})\))?(?P<tail>[^\[\]]*)"
)
_HREF = re.compile(r"<a\s[^<>]*?href\s*=\s*[\"']([^\"'<>]+)[\"']", re.IGNORECASE)
_LABELLED = re.compile(r"(Type|Office|Chapter|Trustee): *(.*?) *(?=(?:Type|Office|Chapter|Trustee):|\Z)")


class CourtListenerKind(SourceKind):
    """Reads feeds of dockets, searches and courts, and answers of the search API.

    Args:
        child: the process that parses feeds; the one of this process by default.
    """

    name = "courtlistener"
    title = "Court filings (CourtListener, PACER RSS)"
    accept = "application/atom+xml, application/rss+xml, application/json, */*;q=0.1"
    about = (
        "Feeds of a docket (/docket/NUMBER/feed/), of a search (/feed/search/?...) or of a court, the search API "
        "(/api/rest/v4/search/), and the RSS of a court's own case system. Every docket entry is kept, also those "
        "that share an address; a search that lists cases lists each case once. "
        "What is shown depends on what people contributed: a filing that is missing is not "
        "proof that there is none, and one can appear weeks after it was filed. The API allows few requests without "
        "a token, so feeds are for polling and the API is for the past."
    )
    shape = "CourtListener's own source for its feeds, REST v4 documentation, and captured PACER feeds"
    options = (
        Option(
            "query", "What to search for, in searches only.", '"trade secret" AND "artificial intelligence"'
        ),
        Option(
            "type", "What a search lists: r dockets with filings, rd filings, d dockets, o opinions.", "r"
        ),
        Option("court", "Courts by their short names, divided by blanks; in searches only.", "cand nysd"),
        Option("days", "How many days back a search of the API looks; no limit unless set.", "30"),
    )
    pause_s = 2.0
    max_pages = 10

    def __init__(self, child: FeedChild | None = None) -> None:
        self._child = child

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the address, a search with what the settings say; see `SourceKind.addresses`."""
        if not _is_search(url):
            return (url,)
        asked = _question(url, options)
        if not setting(options, "days"):
            return (asked,)
        days = whole_setting(options, "days", 30, least=1, most=3650)
        since = now.astimezone(dt.UTC).date() - dt.timedelta(days=days)
        return (with_query(asked, {_window(asked)[0]: since.isoformat()}),)

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return a search of the API per month of filing; feeds show no past. See `SourceKind.past`."""
        if "/api/rest/" not in urlsplit(url).path:
            return ()
        asked = _question(url, options)
        after, before = _window(asked)
        return [
            with_query(asked, {after: first.isoformat(), before: last.isoformat()})
            for first, last in months(start, end)
        ]

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the filings of a feed or of one page of a search; see `SourceKind.parse`.

        Raises:
            FeedError: neither a feed nor an answer of the API.
        """
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        if sniff(page.body, page.content_type) == "json":
            return gathering.listing(more=add_rows(gathering, page))
        feed = raw_feed(page, self._child)
        gathering.warnings += feed.warnings
        court = (
            feed.title.removesuffix(" - Recent Entries") if feed.title.endswith(" - Recent Entries") else ""
        )
        for entry in feed.entries:
            if host_of(entry.link).endswith(".uscourts.gov") or (
                court and entry.id and entry.id != entry.link
            ):
                _add_court_entry(gathering, entry, court)
            elif urldefrag(entry.link).fragment:
                _add_docket_entry(gathering, entry)
            else:
                _add_result(gathering, entry)
        return gathering.listing(feed.title)


def _is_search(url: str) -> bool:
    path = urlsplit(url).path
    return "/search" in path and ("/feed/" in path or "/api/rest/" in path)


def _question(url: str, options: Mapping[str, str]) -> str:
    kind = setting(options, "type") or value_asked(url, "type") or "r"
    if kind not in _TYPES:
        msg = f"the setting 'type' is '{one_line(kind, 20)}'; write one of {', '.join(_TYPES)}"
        raise FeedError(msg)
    changes: dict[str, str | Sequence[str]] = {"type": kind}
    if not value_asked(url, "order_by"):
        changes["order_by"] = _TYPES[kind]
    for name, parameter in (("query", "q"), ("court", "court")):
        if value := setting(options, name):
            changes[parameter] = value
    return with_query(url, changes)


def _window(url: str) -> tuple[str, str]:
    """Return the parameters that limit a search by day: of a filing's entry, or of the case or opinion."""
    of_entries = value_asked(url, "type") in {"r", "rd"}
    name = "entry_date_filed" if of_entries else "filed"
    return f"{name}_after", f"{name}_before"


def _add_docket_entry(gathering: Gathering, entry: RawEntry) -> None:
    """Take an entry of a docket feed: 'Entry #12 in A v. B, 1:26-cv-1', a link with the entry as its fragment."""
    docket, fragment = urldefrag(entry.link)
    found, number = _ENTRY_TITLE.fullmatch(entry.title), _DOCKET_PATH.search(docket)
    case, _, case_number = found["case"].rpartition(", ") if found else ("", "", "")
    text = entry.text
    pdf = next((href for rel, _, href in entry.links if rel == "enclosure"), "")
    gathering.add(
        link="",
        title=f"{entry.title}: {_cut(text)}" if text else entry.title,
        item_id=f"docket/{number[1]}#{fragment}" if number else entry.id or entry.link,
        text=text,
        published=_date(gathering, entry, "docket feed"),
        language="en",
        document_kind="filing",
        is_whole=True,
        facts={
            "link": clean_url(docket, gathering.base) + f"#{fragment}",
            "docket": clean_url(docket.partition("?")[0], gathering.base),
            "docket_number": case_number,
            "case": case,
            "document": (found["entry"] or "") if found else "",
            "document_link": clean_url(pdf, gathering.base) if pdf else "",
            "description": text,
        },
    )


def _add_court_entry(gathering: Gathering, entry: RawEntry, court: str) -> None:
    """Take an entry of a court's RSS: '1:26-cv-1 A v. B', '[Order] (12)', and one link for the whole case."""
    named = _CASE_NUMBER.fullmatch(entry.title)
    case_number, case = (named[1], named[2]) if named else ("", entry.title)
    text = one_line(entry.text, 2000)
    found, href = _BRACKETED.fullmatch(text), _HREF.search(entry.markup)
    what, document = (found["what"].strip(), found["document"] or "") if found else (text, "")
    document = document if re.search(r"\d", document) else ""  # some courts print the word 'Document'
    shown = f"{_cut(what)} (document {document})" if document else _cut(what)
    docket = clean_url(entry.link, gathering.base)
    document_link = clean_url(plain_text(href[1]), gathering.base) if href else ""
    labels = {name.lower(): value for name, value in _LABELLED.findall(found["head"])} if found else {}
    gathering.add(
        link="",
        title=f"{shown} in {entry.title}" if what else entry.title,
        item_id=_court_id(entry, what),
        text=text,
        published=_date(gathering, entry, "court feed"),
        language="en",
        document_kind="filing",
        is_whole=True,
        facts={
            "link": document_link or docket,
            "docket": docket,
            "docket_number": case_number,
            "case": case,
            "court": court,
            "document": document,
            "document_link": document_link,
            "description": what,
            **labels,
        },
    )


def _court_id(entry: RawEntry, what: str) -> str:
    """Return an id of its own for an entry of a court's RSS.

    Some courts give every entry of a case the address of the case as its guid, and one filing can stand for several
    events under one guid; then the time and the words tell them apart.
    """
    own = entry.id if entry.id and entry.id != entry.link else f"{entry.link} {entry.published}"
    return f"{own} [{one_line(what, 200)}]"


def _add_result(gathering: Gathering, entry: RawEntry) -> None:
    """Take an entry of a search feed or of the feed of a court: a case or an opinion with a page of its own."""
    court = ", ".join(name for name in entry.authors if name)
    is_opinion = "/opinion/" in entry.link
    gathering.add(
        link=entry.link,
        title=entry.title,
        item_id=entry.id,
        text=entry.text,
        published=_date(gathering, entry, "search feed"),
        language="en",
        tags=entry.tags,
        document_kind="filing",
        is_whole=not is_opinion,
        facts={"case": entry.title, "court": court, "description": entry.text},
    )


def _date(gathering: Gathering, entry: RawEntry, rule: str) -> FoundDate | None:
    return gathering.date(entry.published, partial(parse_feed_date, now=gathering.now), rule)


def _cut(text: str) -> str:
    line = one_line(text, MAX_TITLE_WORDS + 1)
    return line if len(line) <= MAX_TITLE_WORDS else f"{line[:MAX_TITLE_WORDS].rsplit(' ', 1)[0]} …"


KINDS.register(CourtListenerKind.name)(CourtListenerKind())
