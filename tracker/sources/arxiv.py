"""The kind 'arxiv': papers that the arXiv API finds, with their abstracts.

A paper is known by its address without a version, so a new version is the same article; `published` is the day of
the first version, and the day of the latest one is a fact (`updated`). Nothing but the abstract is taken.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import months, setting, value_asked, whole_setting, with_query
from tracker.sources.raw_feed import RawEntry, raw_feed
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page
    from tracker.sources.child import FeedChild

PER_POLL = 100

_PAPER = re.compile(r"arxiv\.org/(?:abs|pdf)/(?P<number>[\w.-]+?(?:/\d+)?)(?P<version>v\d+)?/?(?:\Z|[?#])")


class ArxivKind(SourceKind):
    """Reads answers of the arXiv API.

    Args:
        child: the process that parses feeds; the one of this process by default.
    """

    name = "arxiv"
    title = "arXiv search"
    accept = "application/atom+xml, */*;q=0.1"
    about = (
        "The API at export.arxiv.org/api/query: title, authors and abstract of papers. A new version of a paper is the "
        "same article. It asks for three seconds between requests; the list changes once a day."
    )
    shape = "arXiv API user's manual"
    options = (
        Option(
            "query", "What to search for: all:, ti:, cat:, AND, OR.", 'cat:cs.CR AND all:"model extraction"'
        ),
        Option(
            "results", f"Papers of one poll, the latest first, at most 1000 ({PER_POLL} unless set).", "50"
        ),
    )
    pause_s = 3.0

    def __init__(self, child: FeedChild | None = None) -> None:
        self._child = child

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the question for the latest papers; see `SourceKind.addresses`."""
        del now
        results = whole_setting(options, "results", PER_POLL, least=1, most=1000)
        return (_question(url, _words(url, options), results),)

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return a question per month; see `SourceKind.past`."""
        words = _words(url, options)
        return [
            _question(url, f"({words}) AND submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]", 1000)
            for first, last in months(start, end)
        ]

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the papers; see `SourceKind.parse`.

        Raises:
            FeedError: no feed, or the feed with one entry by which the API tells of an error.
        """
        feed = raw_feed(page, self._child)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += [*self.unknown_options(options), *feed.warnings]
        for entry in feed.entries:
            if "/api/errors" in entry.id or "/api/errors" in entry.link:
                msg = f"the API refused the question: {one_line(entry.text, 150)}"
                raise FeedError(msg)
            _add(gathering, entry)
        return gathering.listing(feed.title)


def _words(url: str, options: Mapping[str, str]) -> str:
    words = setting(options, "query") or value_asked(url, "search_query").strip()
    if not words:
        msg = (
            "the setting 'query' is missing; write what to search for, such as cat:cs.CR AND all:distillation"
        )
        raise FeedError(msg)
    return words


def _question(url: str, words: str, results: int) -> str:
    order = {"sortBy": "submittedDate", "sortOrder": "descending", "start": "0", "max_results": str(results)}
    return with_query(url, {"search_query": words, **order})


def _add(gathering: Gathering, entry: RawEntry) -> None:
    found = _PAPER.search(entry.id) or _PAPER.search(entry.link)
    read = partial(parse_feed_date, now=gathering.now)
    number, version = (found["number"], found["version"] or "") if found else ("", "")
    pdf = next((href for _, kind, href in entry.links if kind == "application/pdf"), "")
    updated = read(entry.updated) if entry.updated else None
    gathering.add(
        link=f"https://arxiv.org/abs/{number}" if number else entry.link,
        title=entry.title,
        item_id=f"arXiv:{number}" if number else entry.id,
        byline=", ".join(name for name in entry.authors if name),
        text=" ".join(entry.text.split()),
        published=gathering.date(entry.published, read, "arxiv published"),
        language="en",
        tags=entry.tags,
        is_whole=True,
        facts={
            "arxiv": number,
            "version": version,
            "updated": updated.at.strftime("%Y-%m-%dT%H:%MZ") if updated else "",
            "pdf_url": pdf,
        },
    )


KINDS.register(ArxivKind.name)(ArxivKind())
