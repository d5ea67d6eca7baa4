"""A replay stores exactly what the captures hold, once, and says what it refused."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from tests.faults.test_kill import install, replay
from tracker.management.replay.capture import find_captures

ITEM = (
    "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>"
    "<description>{text}</description></item>"
)


def write(file: Path, body: str | bytes) -> None:
    """Write a capture, folders included."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body.encode() if isinstance(body, str) else body)


def rss(*items: str) -> str:
    """Return an RSS document."""
    return f'<rss version="2.0"><channel><title>Sample</title>{"".join(items)}</channel></rss>'


def item(number: int, *, day: int) -> str:
    """Return an item whose date moves with every poll, and whose link carries a tracking parameter."""
    link = f"https://sample.example/{number}?utm_source=poll{day}"
    return ITEM.format(
        title=f"Sample item {number}",
        link=link,
        date=f"{day:02} Mar 2026 08:00:00 GMT",
        text=f"Words of item {number}.",
    )


def write_folder(folder: Path) -> int:
    """Write captures of every kind without a manifest; return the number of distinct items of the series."""
    for day in range(1, 6):
        write(
            folder / "gazette" / "series" / f"{day:03}.xml",
            rss(*(item(n, day=day) for n in range(day, day + 4))),
        )
    texts = [file.read_text() for file in (folder / "gazette").rglob("*.xml")]
    distinct = {link.partition("?")[0] for text in texts for link in re.findall(r"<link>(https:[^<]+)", text)}
    write(
        folder / "2026-03-01" / "atom.xml",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>',
    )
    write(
        folder / "2026-03-02" / "atom.xml",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>',
    )
    page = (
        "<!doctype html><html><head><title>A sample page</title>"
        '<link rel="canonical" href="https://sample.example/2"></head><body><article><h1>A sample page</h1>'
        "<p>The page was captured beside the feed and says more than the feed did about the same sample.</p>"
        "<p>Its second paragraph makes it long enough to be taken for an article by anybody who reads it.</p>"
        "</article></body></html>"
    )
    write(folder / "pages" / "two.html.gz", gzip.compress(page.encode()))
    write(folder / "broken" / "bad.xml", "<rss><channel><item><title>&#xD800;\0 no link</title></item>")
    write(folder / "broken" / "error.html", "<html><body><h1>502</h1></body></html>")
    write(folder / "broken" / "half.gz", gzip.compress(bytes(range(256)) * 9)[:150])
    write(folder / "broken" / "notes.bin", b"\x00\x01\x02")
    return len(distinct)


def test_captures_are_told_apart_without_a_manifest(tmp_path: Path) -> None:
    write_folder(tmp_path)
    captures = find_captures(tmp_path)
    series = {feed.name: len(feed.files) for feed in captures.feeds}
    assert series["gazette/series"] == 5
    assert series["/atom.xml"] == 2
    assert {page.url for page in captures.pages} >= {"https://sample.example/2"}
    reasons = {unplayed.file.name: unplayed.reason for unplayed in captures.unplayed}
    assert reasons == {
        "half.gz": "The file is not sound gzip.",
        "notes.bin": "Neither a feed nor a page.",
    }


@pytest.mark.slow
@pytest.mark.faults
def test_a_second_replay_stores_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "captures"
    n_items = write_folder(folder)
    variables = install(tmp_path / "var")
    said, first = replay(folder, variables)
    assert re.search(rf"^gazette/series\s+5\s+20\s+{n_items}\s", said, re.MULTILINE), said
    assert "0 exceptions" in said
    again, second = replay(folder, variables)
    assert second["digest"] == first["digest"]
    assert re.search(r"^total\s+\d+\s+\d+\s+0\s+\d+\s+0\s", again, re.MULTILINE), again
