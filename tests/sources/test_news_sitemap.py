"""Sitemaps that mean harm, packed ones, and long ones."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib

import pytest

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources import news_sitemap
from tracker.sources.kind import KINDS

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://ledger.example.org/sitemap.xml"
START = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def read(body: bytes | str, **options: str) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    page = Page(URL, URL, 200, {"content-type": "application/xml"}, raw, NOW, 0.1)
    return KINDS.get("news_sitemap").parse(page, options, NOW)


def row(n: int, lastmod: str = "") -> str:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>https://ledger.example.org/a/{n}</loc>{stamp}</url>"


def test_a_packed_body_is_unpacked() -> None:
    listing = read(gzip.compress(f"{START}{row(1)}</urlset>".encode()))
    assert [item.url for item in listing.items] == ["https://ledger.example.org/a/1"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (gzip.compress(bytes(30_000_000), mtime=0), "holds more than 20 MB"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "another packed file"),
        (b"\x1f\x8b\x08 broken", "cannot be unpacked"),
        ("<html><body>Not found</body></html>", "this is a web page, not a sitemap"),
        ("<rss version='2.0'><channel/></rss>", "this is a feed"),
        ("<opml/>", "no sitemap in this document"),
        (f"{START}{row(1)}</urlset>".replace("urlset", "sitemaps"), "no sitemap in this document"),
    ],
)
def test_what_is_no_sitemap_says_why(body: bytes | str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body)


def test_a_bomb_is_not_unpacked_beyond_its_limit() -> None:
    packer = zlib.compressobj(wbits=31)
    body = packer.compress(bytes(60_000_000)) + packer.flush()
    with cpu_below(2.0), pytest.raises(FeedError):
        news_sitemap.unpacked(body)


def test_entities_are_not_resolved() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE urlset [<!ENTITY a0 "aaaaaaaaaa">{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = f"{doctype}<urlset>{row(1)}<url><loc>https://x.example/&a11;</loc></url><url><loc>&f;</loc></url></urlset>"
    with cpu_below(1.0):
        listing = read(body)
    assert [item.url for item in listing.items] == ["https://ledger.example.org/a/1"]
    assert len(listing.refused) <= 2


def test_deep_nesting_ends() -> None:
    with cpu_below(2.0):
        listing = read(START + row(1) + "<x>" * 100_000)
    assert len(listing.items) == 1
    assert "not well-formed" in " ".join(listing.warnings)


def test_the_newest_of_many_are_kept() -> None:
    days = [(NOW - dt.timedelta(days=n)).date().isoformat() for n in range(30)]
    rows = [row(n, days[n % 30]) for n in range(5000)]
    with cpu_below(5.0):
        listing = read(START + "".join(rows) + "</urlset>")
    assert len(listing.items) == 2000
    assert {item.facts["lastmod"] for item in listing.items} == set(days[:12])
    assert any("3000 were left out" in warning for warning in listing.warnings)
    assert all(item.published is None for item in listing.items)


def test_an_index_gives_its_newest_parts_and_the_setting_chooses() -> None:
    parts = "".join(
        f"<sitemap><loc>https://ledger.example.org/s/{n}-{'news' if n % 2 else 'pages'}.xml</loc>"
        f"<lastmod>2026-0{n}-01</lastmod></sitemap>"
        for n in range(1, 9)
    )
    index = f"<sitemapindex>{parts}</sitemapindex>"
    listing = read(index)
    assert [url[-11:] for url in listing.more] == [
        "8-pages.xml",
        "/7-news.xml",
        "6-pages.xml",
        "/5-news.xml",
        "4-pages.xml",
    ]
    assert "an index of 8 parts" in listing.warnings[0]
    assert len(read(index, parts="news").more) == 4
    with pytest.raises(FeedError, match="none of the 8 parts of the index contains the setting 'parts'"):
        read(index, parts="sport")


def test_a_path_that_nothing_contains_is_an_error() -> None:
    with pytest.raises(FeedError, match="none of the 1 addresses contains the setting 'path'"):
        read(f"{START}{row(1)}</urlset>", path="/news/")
