"""The kind 'hacker_news': stories and comments of Hacker News, as its search at Algolia lists them.

A story that points to a page elsewhere is that page's address and nothing more: the time of submission says
nothing about when the page was published, so it is a fact (`submitted`) and never a publication date, and the page
is fetched. A story without an address (Ask HN) and a comment are posts of their own, whole as they stand.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, member, rows_or_refusals, text, texts, whole
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import listed, setting, value_asked, whole_setting, with_query
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

PER_PAGE, DAYS, MOST_PAGES = 100, 7, 10

_ITEM = "https://news.ycombinator.com/item?id="


class HackerNewsKind(SourceKind):
    """Reads answers of the search."""

    name = "hacker_news"
    title = "Hacker News search"
    accept = "application/json"
    about = (
        "The search API of Hacker News (search_by_date): a pointer to pages elsewhere rather than a source. Points and "
        "the number of comments are those of the first time an item was seen. A story without an address, and a "
        "comment, is kept as a post."
    )
    shape = "Hacker News Search API documentation"
    options = (
        Option("query", "Words to search for; a phrase in quotes.", '"model extraction"'),
        Option(
            "tags", "What to list: story, comment, ask_hn, show_hn, author_NAME (story unless set).", "story"
        ),
        Option("days", f"How many days back each poll looks ({DAYS} unless set).", "3"),
        Option("filters", "Conditions on numbers, divided by commas.", "points>20, num_comments>5"),
    )
    max_pages = MOST_PAGES

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the question for the newest items; see `SourceKind.addresses`."""
        days = whole_setting(options, "days", DAYS, least=1, most=3650)
        since = int((now - dt.timedelta(days=days)).timestamp())
        return (_question(url, options, [f"created_at_i>{since}"]),)

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return a question per week; one lists a thousand items. See `SourceKind.past`."""
        urls = []
        while start <= end:
            after = min(start + dt.timedelta(days=7), end + dt.timedelta(days=1))
            first, last = (
                int(dt.datetime.combine(day, dt.time(), dt.UTC).timestamp()) for day in (start, after)
            )
            urls.append(_question(url, options, [f"created_at_i>={first}", f"created_at_i<{last}"]))
            start = after
        return urls

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the stories and comments of one page; see `SourceKind.parse`.

        Raises:
            FeedError: no JSON, or JSON without hits; the API's own message is quoted.
        """
        found = decoded(page)
        hits = member(found, "hits")
        if not isinstance(hits, list):
            told = one_line(text(member(found, "message")) or text(member(found, "error")), 120)
            msg = f"the search answered with an error: '{told}'" if told else "there are no hits in this JSON"
            raise FeedError(msg)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        for row in rows_or_refusals(hits, gathering):
            _add(gathering, row)
        number = whole(member(found, "page")) or whole(value_asked(page.url, "page")) or 0
        n_pages = min(whole(member(found, "nbPages")) or 0, MOST_PAGES)
        has_more = bool(hits) and 0 <= number < n_pages - 1
        more = [with_query(page.url, {"page": str(number + 1)})] if has_more else []
        return gathering.listing(more=more)


def _question(url: str, options: Mapping[str, str], window: Sequence[str]) -> str:
    own = [
        part for part in listed({"": value_asked(url, "numericFilters")}, "") if "created_at_i" not in part
    ]
    changes: dict[str, str | Sequence[str]] = {
        "tags": setting(options, "tags") or value_asked(url, "tags") or "story",
        "hitsPerPage": str(PER_PAGE),
        "numericFilters": ",".join([*window, *(listed(options, "filters") or own)]),
        "page": (),
    }
    if query := setting(options, "query"):
        changes["query"] = query
    return with_query(url, changes)


def _add(gathering: Gathering, row: Mapping[str, object]) -> None:
    number = text(row.get("objectID"))
    author, title = text(row.get("author")), plain_text(text(row.get("title")))
    comment = plain_text(text(row.get("comment_text")))
    own = f"{_ITEM}{number}" if number.isascii() and number.isdigit() else ""
    is_comment = bool(comment) or "comment" in texts(row.get("_tags"))
    elsewhere = "" if is_comment else clean_url(text(row.get("url")))
    if is_comment:
        title = f"Comment by {author or 'unknown'} on: {plain_text(text(row.get('story_title')))}"
    published = gathering.date(
        text(row.get("created_at_i")) or text(row.get("created_at")),
        partial(parse_feed_date, now=gathering.now),
        "hacker_news created_at",
    )
    gathering.add(
        link=elsewhere or own,
        title=title,
        item_id=number,
        byline="" if elsewhere else author,
        text=comment or plain_text(text(row.get("story_text"))),
        published=None if elsewhere else published,
        document_kind="" if elsewhere else "post",
        is_whole=not elsewhere,
        facts={
            "discussion": own,
            "author": author,
            "points": text(row.get("points")),
            "comments": text(row.get("num_comments")),
            "submitted": published.at.strftime("%Y-%m-%dT%H:%MZ") if published else "",
            "story": f"{_ITEM}{whole(row.get('story_id'))}"
            if is_comment and whole(row.get("story_id"))
            else "",
        },
    )


KINDS.register(HackerNewsKind.name)(HackerNewsKind())
