"""The kind 'doj': press releases of the US Department of Justice, as its keyless API lists them.

Promises the newest releases first (the API's own order begins in 2009) and the whole text of each: the pages of
justice.gov turn programs away, so nothing is fetched from them. Dates are Unix seconds sent as text, midnight in
Washington for a release without a time; these are days.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.errors import FeedError
from tracker.records import FoundDate
from tracker.sources.answer_json import decoded, member, rows, rows_or_refusals, text, texts, values, whole
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import setting, value_asked, whole_setting, with_query
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

MOST_PAGES, PAGE_SIZE = 20, 50

_WASHINGTON = ZoneInfo("America/New_York")
_FIELDS = "title,url,uuid,date,body,component,topic,number,teaser"


class DojKind(SourceKind):
    """Reads the list of press releases."""

    name = "doj"
    title = "US Department of Justice press releases"
    accept = "application/json"
    about = (
        "The API at justice.gov/api/v1/press_releases.json; no key. It filters on words of the title only. The whole "
        "release stands in the answer, so no page of the site is fetched. Dates are days in Washington."
    )
    shape = "US Department of Justice developer documentation; public clients of the API"
    options = (
        Option("title", "Only releases with these words in their title.", "trade secret"),
        Option(
            "pages",
            f"Pages of {PAGE_SIZE} releases read at each poll, at most {MOST_PAGES} (1 unless set).",
            "2",
        ),
    )
    pause_s = 1.0
    max_pages = MOST_PAGES

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the question for the newest releases; see `SourceKind.addresses`."""
        del now
        _n_pages(options)
        changes = {
            "pagesize": str(PAGE_SIZE),
            "page": "0",
            "sort": "date",
            "direction": "DESC",
            "fields": _FIELDS,
        }
        if words := setting(options, "title"):
            changes["parameters[title]"] = words
        return (with_query(url, changes),)

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the releases of one page; see `SourceKind.parse`.

        Raises:
            FeedError: no JSON, or JSON without results.
        """
        found = decoded(page)
        results = member(found, "results")
        if not isinstance(results, list):
            told = text(member(found, "metadata", "responseInfo", "developerMessage"))
            msg = "there are no results in this JSON; the address should end in press_releases.json"
            raise FeedError(f"{msg} (it says '{told[:100]}')" if told else msg)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        for row in rows_or_refusals(results, gathering):
            _add(gathering, row)
        return gathering.listing(
            more=_next_page(page, found, n_results=len(results), n_pages=_n_pages(options))
        )


def _n_pages(options: Mapping[str, str]) -> int:
    return whole_setting(options, "pages", 1, least=1, most=MOST_PAGES)


def _next_page(page: Page, found: object, *, n_results: int, n_pages: int) -> list[str]:
    resultset = member(found, "metadata", "resultset")
    number = whole(value_asked(page.url, "page")) or whole(member(resultset, "page")) or 0
    size = whole(member(resultset, "pagesize")) or n_results
    count = whole(member(resultset, "count"))
    is_last = not n_results or number + 1 >= n_pages or (count is not None and (number + 1) * size >= count)
    return [] if is_last else [with_query(page.url, {"page": str(number + 1)})]


def _add(gathering: Gathering, row: Mapping[str, object]) -> None:
    body = plain_text(text(row.get("body")))
    components = _names(row.get("component"))
    gathering.add(
        link=text(row.get("url")),
        title=plain_text(text(row.get("title"))),
        item_id=text(row.get("uuid")),
        byline=", ".join(components),
        text=body or plain_text(text(row.get("teaser"))),
        published=gathering.date(text(row.get("date")), lambda raw: _day(raw, gathering.now), "doj date"),
        language="en",
        tags=_names(row.get("topic")),
        document_kind="press_release",
        is_whole=bool(body),
        facts={
            "number": text(row.get("number")),
            "component": ", ".join(components),
            "topic": ", ".join(_names(row.get("topic"))),
        },
    )


def _names(value: object) -> list[str]:
    """Return names that come as text with commas, as an object with a name, or as a list of either."""
    plain = [
        name
        for part in texts([one for one in values(value) if isinstance(one, str)])
        for name in part.split(",")
    ]
    named = [text(row.get("name")) for row in rows(value)]
    return [one for name in [*named, *plain] if (one := plain_text(name))]


def _day(raw: str, now: dt.datetime) -> FoundDate | None:
    """Return the day in Washington of a release that was given no time, or else its moment."""
    found = parse_feed_date(raw, now)
    if found is None or found.precision != "minute":
        return found
    local = found.at.astimezone(_WASHINGTON)
    if local.time() != dt.time():
        return found
    return FoundDate(dt.datetime.combine(local.date(), dt.time(), dt.UTC), "day", f"{found.rule}, Washington")


KINDS.register(DojKind.name)(DojKind())
