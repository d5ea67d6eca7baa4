"""The kind 'google_news': headlines that Google News finds for a question, or lists for a section.

The link of an item is a token of Google's, not the address of the story: it leads there in a reader's browser
only, and the same story can come with another token at another poll or in another edition. An item is therefore
kept **without an address, under outlet and headline as its id**, so that a story is stored once however often its
token changes; `link` in the facts is what a reader opens. Headline, outlet and link are all there is to take: the
description lists other stories, and the terms of the feed allow no more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import setting, value_asked, with_query
from tracker.sources.safe_xml import parsed_xml
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text
from tracker.text.urls import clean_url, host_of
from tracker.text.xml_tree import local_name, text_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

MOST_ITEMS = 100
"""Items of one answer; there are no further pages."""

_EDITIONS = {  # language and country as the site writes them where they are not simply `xx`, `XX`, `XX:xx`
    ("zh", "CN"): ("zh-CN", "CN:zh-Hans"),
    ("zh", "TW"): ("zh-TW", "TW:zh-Hant"),
    ("zh", "HK"): ("zh-HK", "HK:zh-Hant"),
    ("zh", "SG"): ("zh-SG", "SG:zh-Hans"),
    ("pt", "BR"): ("pt-BR", "BR:pt-419"),
    ("pt", "PT"): ("pt-PT", "PT:pt-150"),
    ("es", "US"): ("es-419", "US:es-419"),
    ("es", "MX"): ("es-419", "MX:es-419"),
    ("es", "AR"): ("es-419", "AR:es-419"),
    ("es", "CO"): ("es-419", "CO:es-419"),
}


class GoogleNewsKind(SourceKind):
    """Reads the RSS of Google News."""

    name = "google_news"
    title = "Google News search"
    accept = "application/rss+xml, application/xml;q=0.9, */*;q=0.1"
    about = (
        "Headline, outlet and link of what Google News finds for a question, at most 100 items; the story itself is "
        "not fetched. Links are tokens that change, so an item is known by its outlet and headline. The date can be "
        "when Google read the story again instead of when it was published."
    )
    shape = "public fixtures of Google News RSS in several projects; the publisher documents none"
    options = (
        Option(
            "query",
            'What to search for: "phrase", OR, -word, site:example.org, intitle:word, when:2d. Without it the address '
            "is asked as it stands.",
            '"model extraction" when:2d',
        ),
        Option("language", "Language of the edition, two letters (en unless set).", "en"),
        Option("country", "Country of the edition, two letters (US unless set).", "US"),
    )
    pause_s = 2.0

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the search in one edition, or the address as it stands; see `SourceKind.addresses`."""
        del now
        query = setting(options, "query")
        if not query:
            if not value_asked(url, "q") and "/search" in url:
                msg = "the setting 'query' is missing; write what to search for, a phrase in quotes"
                raise FeedError(msg)
            return (url,)
        language, country = (
            setting(options, "language").lower() or "en",
            setting(options, "country").upper() or "US",
        )
        for name, value in (("language", language), ("country", country)):
            if not re.fullmatch(r"[A-Za-z]{2}", value):
                msg = f"the setting '{name}' is '{one_line(value, 20)}'; write two letters, such as 'en' or 'US'"
                raise FeedError(msg)
        plain = (f"{language}-{country}" if language == "en" else language, f"{country}:{language}")
        edition, pair = _EDITIONS.get((language, country), plain)
        return (with_query(url, {"q": query, "hl": edition, "gl": country, "ceid": pair}),)

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the headlines; see `SourceKind.parse`.

        Raises:
            FeedError: no RSS; a page that asks for consent is one.
        """
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        root = parsed_xml(page, "a feed of Google News", gathering.warnings)
        channel = next(root.iter("{*}channel"), None)
        if channel is None:
            msg = (
                f"there is no feed in this document; its first element is '{one_line(local_name(root), 40)}'"
            )
            raise FeedError(msg)
        country, pair = value_asked(page.url, "gl"), value_asked(page.url, "ceid")
        if country and pair and pair.partition(":")[0] != country:
            gathering.warnings.append(
                f"the address names two editions: gl={country} and ceid={one_line(pair, 20)}"
            )
        nodes = list(root.iter("{*}item"))
        for node in nodes:
            _add(gathering, node, language=pair.partition(":")[2] or value_asked(page.url, "hl"))
        if len(nodes) >= MOST_ITEMS:
            gathering.warnings.append(f"the answer is full ({len(nodes)} items); narrow the question")
        return gathering.listing(_member(channel, "title"))


def _add(gathering: Gathering, node: Any, *, language: str) -> None:  # noqa: ANN401 - lxml publishes no types
    outlet, source = _member(node, "source"), next(node.iterchildren("{*}source"), None)
    site = host_of(source.get("url", "")).removeprefix("www.") if source is not None else ""
    title, outlet = _headline(plain_text(_member(node, "title")), outlet)
    link = clean_url(_member(node, "link"), gathering.base)
    known_as = unicodedata.normalize("NFKC", title).casefold()
    if not title:
        gathering.refuse(title, "it has no headline, and nothing else to know it by")
        return
    printed = _member(node, "pubDate")
    read = partial(parse_feed_date, now=gathering.now)
    gathering.add(
        link="",
        title=title,
        item_id=f"{site or outlet.casefold()}: {known_as}",
        published=gathering.date(printed, read, "google_news pubDate, may be a re-crawl"),
        language=language.lower().partition("-")[0][:3],
        outlet=outlet or site,
        is_whole=True,
        facts={"link": link, "outlet_site": site},
    )


def _headline(printed: str, outlet: str) -> tuple[str, str]:
    """Return headline and outlet of 'Headline - Outlet'; without a source element the last dash divides them."""
    line = one_line(printed, 2000)
    if outlet:
        return line.removesuffix(f" - {outlet}").strip() or line, outlet
    headline, dash, last = line.rpartition(" - ")
    return (headline.strip(), last.strip()) if dash and headline.strip() else (line, "")


def _member(node: Any, name: str) -> str:  # noqa: ANN401 - lxml publishes no types
    return text_in(next(node.iterchildren("{*}" + name), None))


KINDS.register(GoogleNewsKind.name)(GoogleNewsKind())
