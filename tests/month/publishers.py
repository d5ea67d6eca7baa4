"""Invented publishers of the simulated month: what each has published at a moment, and how its listing says so.

Everything is computed from a publisher's number and the moment, so that a month of them takes no memory.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

BACKLOG = 8
"""Items that a publisher has when the month begins."""
STORM_ID, SPAM_ID = 1_000_000, 2_000_000
N_STORM = 150
SPAM_EVERY_S = 6 * 3600.0
STORM_LASTS = dt.timedelta(hours=12)
SUBJECTS = (
    "Committee hears about copied models",
    "Laboratory denies that models were copied",
    "Ministry answers the committee",
    "Court orders the laboratory to answer",
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher and its one endpoint.

    The moments say from when something holds: silence (until it ends), a move for good, the end (410), the loss
    of the domain, a storm of items.
    """

    number: int
    role: str
    kind: str
    every_s: int
    gap_s: float
    start: dt.datetime
    n_shown: int = 15
    has_etag: bool = False
    silent_from: dt.datetime | None = None
    silent_until: dt.datetime | None = None
    moves_at: dt.datetime | None = None
    gone_at: dt.datetime | None = None
    lost_at: dt.datetime | None = None
    storm_at: dt.datetime | None = None
    shared_host: str = ""
    options: dict[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """Registrable domain of the publisher."""
        return f"publisher-{self.number}.example"

    @property
    def url(self) -> str:
        """Address of the endpoint when the month begins."""
        return f"https://{self.shared_host or 'www.' + self.domain}/{self.number}/listing"

    @property
    def new_url(self) -> str:
        """Address of the endpoint after the move."""
        return f"https://news.{self.domain}/{self.number}/listing"

    @property
    def parked_url(self) -> str:
        """Where the address leads once the domain is lost."""
        return f"https://parked-{self.number}.example/listing"

    def born(self, k: int) -> dt.datetime:
        """Return when item `k` is published; they come at the publisher's pace, a little off the beat."""
        if k >= STORM_ID:
            since = self.lost_at if k >= SPAM_ID else self.storm_at
            every_s = SPAM_EVERY_S if k >= SPAM_ID else 0.0
            return (since or self.start) + dt.timedelta(seconds=every_s * (k % STORM_ID))
        off = share(self.number, k) * 0.6
        return self.start + dt.timedelta(seconds=self.gap_s * (k - BACKLOG + off))

    def shown(self, now: dt.datetime) -> list[int]:
        """Return the items that the listing shows, newest first."""
        if self.role == "empty":
            return []
        if self.lost_at and now >= self.lost_at:
            n = int((now - self.lost_at).total_seconds() // SPAM_EVERY_S) + 1
            return [SPAM_ID + k for k in range(n)][: -self.n_shown - 1 : -1]
        found = self._regular(now)
        if self.storm_at and self.storm_at <= now < self.storm_at + STORM_LASTS:
            found = [STORM_ID + k for k in range(N_STORM)] + found
        return found

    def _regular(self, now: dt.datetime) -> list[int]:
        latest = int((now - self.start).total_seconds() // self.gap_s) + BACKLOG + 1
        found: list[int] = []
        for k in range(latest, -1, -1):
            at = self.born(k)
            is_silent = self.silent_from and self.silent_until and self.silent_from <= at < self.silent_until
            if at <= now and not is_silent:
                found.append(k)
            if len(found) == self.n_shown:
                break
        return found

    def link(self, k: int) -> str:
        """Return the address of an item; empty where the publisher gives ids only."""
        return "" if self.role == "ids only" else f"https://www.{self.domain}/articles/{k}"

    def item_id(self, k: int) -> str:
        """Return the publisher's own id of an item."""
        return f"{self.domain}:{k}"

    def title(self, k: int) -> str:
        """Return the headline; no two items of a publisher share one."""
        words = "Bargain watches" if k >= SPAM_ID else SUBJECTS[k % len(SUBJECTS)]
        return f"{words}, number {k}"

    def text(self, k: int) -> str:
        """Return what the listing says of an item."""
        return (
            f"Invented report {k} of publisher {self.number}: the committee met and the laboratory answered."
        )

    def listing(self, now: dt.datetime) -> tuple[bytes, list[int]]:
        """Return the bytes of the listing at a moment, and the items in it."""
        ids = self.shown(now)
        return _DRAWN[self.kind](self, ids, now), ids


def share(*parts: object) -> float:
    """Return a number from 0 to 1 that looks like chance and depends on the parts alone."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def _rss(publisher: Publisher, ids: Sequence[int], now: dt.datetime) -> bytes:
    rows = []
    for k in ids:
        at = now if publisher.role == "restamped" else publisher.born(k)
        link = publisher.link(k)
        if link and publisher.role == "tracking":
            link += f"?utm_source=rss&amp;utm_campaign={now:%Y%m%d%H%M}"
        shown = f"<link>{link}</link>" if link else ""
        rows.append(
            f"<item><title>{publisher.title(k)}</title>{shown}"
            f'<guid isPermaLink="false">{publisher.item_id(k)}</guid>'
            f"<pubDate>{email.utils.format_datetime(at)}</pubDate>"
            f"<description>{publisher.text(k)}</description></item>"
        )
    return (
        f'<rss version="2.0"><channel><title>Publisher {publisher.number}</title>'
        f"{''.join(rows)}</channel></rss>"
    ).encode()


def _json_feed(publisher: Publisher, ids: Sequence[int], now: dt.datetime) -> bytes:
    del now
    items = [
        {
            "id": publisher.item_id(k),
            "url": publisher.link(k),
            "title": publisher.title(k),
            "content_text": publisher.text(k),
            "date_published": publisher.born(k).isoformat(),
        }
        for k in ids
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": publisher.domain, "items": items}
    return json.dumps(feed).encode()


def _sitemap(publisher: Publisher, ids: Sequence[int], now: dt.datetime) -> bytes:
    del now
    rows = "".join(
        f"<url><loc>{publisher.link(k)}</loc><news:news><news:publication><news:name>Publisher</news:name>"
        f"<news:language>en</news:language></news:publication>"
        f"<news:publication_date>{publisher.born(k).isoformat()}</news:publication_date>"
        f"<news:title>{publisher.title(k)}</news:title></news:news></url>"
        for k in ids
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{rows}</urlset>'
    ).encode()


def _page(publisher: Publisher, ids: Sequence[int], now: dt.datetime) -> bytes:
    del now
    rows = "".join(
        f'<li><h3><a href="{publisher.link(k)}">{publisher.title(k)}</a></h3>'
        f'<time datetime="{publisher.born(k).isoformat()}">then</time><p>{publisher.text(k)}</p></li>'
        for k in ids
    )
    return f'<!doctype html><html lang="en"><body><ul class="news">{rows}</ul></body></html>'.encode()


LIST_OPTIONS = {"item": "ul.news > li", "link": "h3 a", "date": "time", "summary": "p"}
_DRAWN: dict[str, Callable[[Publisher, Sequence[int], dt.datetime], bytes]] = {
    "feed": _rss,
    "json_feed": _json_feed,
    "news_sitemap": _sitemap,
    "html_list": _page,
}
