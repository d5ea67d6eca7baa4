"""The kind 'json_feed': JSON Feed 1.0 and 1.1."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, member, members, rows, text, texts, values
from tracker.sources.gather import MAX_TEXT, Gathering
from tracker.sources.kind import KINDS, SourceKind
from tracker.text.clean import one_line, tidy_paragraphs
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from tracker.records import Listing, Page

_LANGUAGE_LETTERS = (2, 3)
_SHOWN_KEYS = 8


class JsonFeedKind(SourceKind):
    """Reads JSON Feed."""

    name = "json_feed"
    title = "JSON Feed"
    accept = "application/feed+json, application/json;q=0.9, */*;q=0.1"
    about = (
        "JSON Feed 1.0 and 1.1, with `author` or `authors`; `content_html`, `content_text` or `summary`, whichever "
        "is longest. `next_url` is followed. Only `date_published` is a publication date, never `date_modified`. An "
        "item about a page elsewhere keeps that address as the fact `external_url`."
    )
    shape = "the specification at jsonfeed.org, versions 1 and 1.1"
    max_pages = 5

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the items of a feed; see `SourceKind.parse`."""
        feed = members(decoded(page))
        if not isinstance(feed.get("items"), list):
            known = ", ".join(one_line(str(key), 30) for key in list(feed)[:_SHOWN_KEYS]) or "none"
            msg = (
                f"this JSON is no JSON Feed: it has no list 'items' (its members: {known}); "
                "another listing in JSON is read by the kind 'json_list'"
            )
            raise FeedError(msg)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        if feed.get("expired") is True:
            gathering.warnings.append("the publisher says that this feed has ended")
        feed_names, feed_language = _names(feed), _language(feed)
        for item in gathering.ends_of(values(feed["items"])):
            if not isinstance(item, dict):
                gathering.refuse("", "it is no JSON object")
                continue
            _add(gathering, item, feed_names=feed_names, feed_language=feed_language, now=now)
        further = clean_url(text(feed.get("next_url")), page.final_url)
        more = [further] if further and further not in {page.url, page.final_url} else []
        return gathering.listing(text(feed.get("title")), more=more)


def _add(
    gathering: Gathering,
    item: Mapping[str, object],
    *,
    feed_names: str,
    feed_language: str,
    now: dt.datetime,
) -> None:
    address, elsewhere = text(item.get("url")), text(item.get("external_url"))
    gathering.add(
        link=address if address.strip() else elsewhere,
        title=plain_text(text(item.get("title"))),
        item_id=text(item.get("id")),
        byline=_names(item) or feed_names,
        text=_longest_text(item),
        published=gathering.date(
            text(item.get("date_published")), partial(parse_feed_date, now=now), "json date_published"
        ),
        language=_language(item) or feed_language,
        tags=texts(item.get("tags"))[:50],
        facts={"external_url": elsewhere} if address.strip() and elsewhere.strip() else None,
    )


def _names(value: Mapping[str, object]) -> str:
    people = rows(value.get("authors")) or rows(value.get("author"))
    return ", ".join(
        dict.fromkeys(name for person in people if (name := text(member(person, "name")).strip()))
    )


def _longest_text(item: Mapping[str, object]) -> str:
    found = (
        plain_text(text(item.get("content_html")))[:MAX_TEXT],
        tidy_paragraphs(text(item.get("content_text")), MAX_TEXT),
        tidy_paragraphs(text(item.get("summary")), MAX_TEXT),
    )
    return max(found, key=len)


def _language(value: Mapping[str, object]) -> str:
    code = text(value.get("language")).strip().lower().replace("_", "-").split("-")[0]
    return code if len(code) in _LANGUAGE_LETTERS and code.isascii() and code.isalpha() else ""


KINDS.register(JsonFeedKind.name)(JsonFeedKind())
