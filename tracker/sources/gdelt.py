"""The kind 'gdelt': articles that the GDELT DOC 2.0 API knows of (mode artlist).

Promises that a window with more articles than one answer can hold is asked again in halves, down to
`LEAST_WINDOW`. `seendate` is when GDELT's crawler met an address; it is kept as a fact and never as a
publication date. The API answers errors with status 200 and a sentence; that sentence is shown.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, member, members, rows_or_refusals, text
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import setting, value_asked, whole_setting, with_query
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

MOST_ARTICLES = 250
"""Articles of one answer; there are no further pages."""
LEAST_WINDOW = dt.timedelta(minutes=15)
"""A window is not halved below this: the crawler's own rhythm."""
WINDOW_HOURS = 24

_STAMP = "%Y%m%d%H%M%S"
_LANGUAGE_NAMES = (
    "ar arabic bg bulgarian bn bengali ca catalan cs czech da danish de german el greek en english es spanish "
    "et estonian fa persian fi finnish fr french he hebrew hi hindi hr croatian hu hungarian id indonesian "
    "it italian ja japanese ko korean lt lithuanian lv latvian ms malay nl dutch no norwegian pl polish "
    "pt portuguese ro romanian ru russian sk slovak sl slovenian sr serbian sv swedish ta tamil te telugu th thai "
    "tr turkish uk ukrainian ur urdu vi vietnamese zh chinese"
)
_LANGUAGES = dict(zip(_LANGUAGE_NAMES.split()[1::2], _LANGUAGE_NAMES.split()[::2], strict=True))


class GdeltKind(SourceKind):
    """Reads lists of articles of the DOC API."""

    name = "gdelt"
    title = "GDELT article search"
    accept = "application/json"
    about = (
        "The GDELT DOC 2.0 API in mode artlist: headline, address, outlet, language and country of articles in many "
        "languages. It states no publication date: the time it gives is when its crawler met the page, so dates come "
        "from the pages themselves. One answer holds 250 articles; a fuller window is asked again in halves. It asks "
        "for five seconds between requests and reaches back three months."
    )
    shape = "GDELT DOC 2.0 API announcement; public clients and their fixtures"
    options = (
        Option(
            "query",
            'What to search for: "phrase", (a OR b), -word, domainis:example.org, sourcelang:english.',
            '("model extraction" OR distillation) sourcelang:english',
            is_required=True,
        ),
        Option("window_hours", f"How many hours back each poll looks ({WINDOW_HOURS} unless set).", "6"),
    )
    pause_s = 5.0
    max_pages = 31

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the question for the last hours; see `SourceKind.addresses`."""
        hours = whole_setting(options, "window_hours", WINDOW_HOURS, least=1, most=24 * 90)
        end = now.astimezone(dt.UTC)
        return (_question(url, options, end - dt.timedelta(hours=hours), end),)

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return a question per day; see `SourceKind.past`."""
        days = (start + dt.timedelta(days=n) for n in range((end - start).days + 1))
        spans = ((dt.datetime.combine(day, dt.time(), dt.UTC), dt.timedelta(days=1)) for day in days)
        return [_question(url, options, begin, begin + length) for begin, length in spans]

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the articles of one window; see `SourceKind.parse`.

        Raises:
            FeedError: a sentence instead of JSON (the sentence is quoted), or JSON without articles.
        """
        if page.body.strip() and page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"["}:
            said = one_line(plain_text(page.body[:5000].decode("utf-8", "replace")), 150)
            msg = f"the API answered with words instead of articles: '{said}'"
            raise FeedError(msg)
        found = decoded(page)
        articles = member(found, "articles")
        if not isinstance(articles, list) and (articles is not None or found != {}):
            names = one_line(", ".join(members(found)), 80) or "none"
            msg = f"there are no articles in this JSON (its members: {names}); the address should ask mode=artlist"
            raise FeedError(msg)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        n_articles = 0
        for row in rows_or_refusals(articles, gathering):
            n_articles += 1
            _add(gathering, row)
        more = _halves(page.url, gathering) if n_articles >= MOST_ARTICLES else []
        return gathering.listing(more=more)


def _question(url: str, options: Mapping[str, str], begin: dt.datetime, end: dt.datetime) -> str:
    query = setting(options, "query") or value_asked(url, "query").strip()
    if not query:
        msg = "the setting 'query' is missing; write the words to search for, a phrase in quotes"
        raise FeedError(msg)
    changes: dict[str, str | Sequence[str]] = {
        "query": query,
        "mode": "artlist",
        "format": "json",
        "maxrecords": str(MOST_ARTICLES),
        "sort": "datedesc",
        "timespan": (),
        "startdatetime": begin.strftime(_STAMP),
        "enddatetime": end.strftime(_STAMP),
    }
    return with_query(url, changes)


def _halves(url: str, gathering: Gathering) -> list[str]:
    try:
        begin, end = (
            dt.datetime.strptime(value_asked(url, name), _STAMP).replace(tzinfo=dt.UTC)
            for name in ("startdatetime", "enddatetime")
        )
    except ValueError:
        begin = end = gathering.now
    if end - begin < 2 * LEAST_WINDOW:
        gathering.warnings.append(
            f"one answer holds {MOST_ARTICLES} articles and this one is full: others may be missing; narrow the query"
        )
        return []
    middle = (begin + (end - begin) / 2).replace(microsecond=0)
    spans = ((begin, middle), (middle, end))
    return [
        with_query(url, {"startdatetime": a.strftime(_STAMP), "enddatetime": b.strftime(_STAMP)})
        for a, b in spans
    ]


def _add(gathering: Gathering, row: Mapping[str, object]) -> None:
    seen = text(row.get("seendate"))
    found = parse_feed_date(seen, gathering.now)
    gathering.add(
        link=text(row.get("url")) or text(row.get("url_mobile")),
        title=plain_text(text(row.get("title"))),
        language=_LANGUAGES.get(text(row.get("language")).strip().lower(), ""),
        outlet=text(row.get("domain")),
        facts={
            "seen": found.at.strftime("%Y-%m-%dT%H:%MZ") if found else seen,
            "country": text(row.get("sourcecountry")),
        },
    )


KINDS.register(GdeltKind.name)(GdeltKind())
