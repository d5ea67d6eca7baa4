"""The parsing process: deadlines, deaths, recycling, threads, forks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.sources.child import FeedChild
from tracker.sources.feed_child import clean_bytes, cut_middle, without_entities, without_excess

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
FEED = b"<rss version='2.0'><channel><title>t</title><item><link>http://example.org/1</link></item></channel></rss>"
HANGS = b"<rss><channel>" + b"<item><link>/1</link></item>" * 100_000 + b"</channel></rss>"


@pytest.fixture
def child() -> Iterator[FeedChild]:
    made = FeedChild(deadline_s=10)
    yield made
    made.close()


def links(child: FeedChild, body: bytes = FEED) -> list[str]:
    answer = child.parse(body, final_url="http://example.org/feed", content_type="", max_items=100_000)
    return [entry["link"] for entry in answer["entries"]]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_process_serves_many_feeds(child: FeedChild) -> None:
    assert links(child) == ["http://example.org/1"]
    pid = child.pid
    assert links(child) == ["http://example.org/1"]
    assert child.pid == pid


def test_a_feed_that_takes_too_long_is_stopped_and_the_next_is_read(child: FeedChild) -> None:
    links(child)
    first = child.pid
    child.deadline_s = 0.5
    started = time.monotonic()
    with pytest.raises(FeedError, match=r"longer than 0\.5 seconds"):
        links(child, HANGS)
    assert time.monotonic() - started < 5
    child.deadline_s = 10
    assert links(child) == ["http://example.org/1"]
    assert child.pid != first


def test_a_killed_process_is_replaced_unseen(child: FeedChild) -> None:
    links(child)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    time.sleep(0.05)
    assert links(child) == ["http://example.org/1"]


def test_the_process_is_recycled(child: FeedChild) -> None:
    child.recycle_after = 2
    links(child)
    first = child.pid
    links(child)
    links(child)
    assert child.pid not in {None, first}


def test_a_big_process_is_recycled(child: FeedChild) -> None:
    child.recycle_kb = 1
    links(child)
    assert child.pid is None


def test_threads_share_the_process(child: FeedChild) -> None:
    def one(number: int) -> bool:
        body = FEED.replace(b"/1", b"/%d" % number)
        return links(child, body) == [f"http://example.org/{number}"]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(one, range(40)))


@pytest.mark.slow
def test_the_process_ends_with_its_parent() -> None:
    script = (
        "import sys, time; from tracker.sources.child import FeedChild; c = FeedChild(deadline_s=60);"
        "c.parse(b'<rss/>', final_url='', content_type='', max_items=9); print(c.pid, flush=True);"
        "c.parse(b'<rss>' + b'<item>a</item>' * 300000, final_url='', content_type='', max_items=300000)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.3)  # the long feed is being parsed
        parent.kill()
    until = time.monotonic() + 5
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_limits_itself(child: FeedChild) -> None:
    links(child)
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    row = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
    assert "unlimited" not in {row["Max address space"], row["Max data size"], row["Max cpu time"]}


def test_a_fork_does_not_share_the_pipes(child: FeedChild) -> None:
    links(child)
    child._owner = -1  # what a forked worker sees
    process = child._process
    assert links(child) == ["http://example.org/1"]
    assert child._process is not process
    assert process is not None
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


@given(st.binary(max_size=200))
def test_cleaning_never_raises_and_is_done_once(body: bytes) -> None:
    cleaned = clean_bytes(body)
    assert b"&#xD800;" not in cleaned.upper()
    if b"&#" not in cleaned:
        assert clean_bytes(cleaned) == cleaned


def test_possible_characters_stay() -> None:
    assert clean_bytes(b"&#65; &#x1F9EA; &#0; &#xD800; &#x110000; &#xFFFE;") == b"&#65; &#x1F9EA;    "


@given(st.binary(max_size=200))
def test_what_declares_nothing_and_nests_little_is_left_as_it_is(body: bytes) -> None:
    assert without_entities(body) == body or b"<!ENTITY" in body
    assert without_excess(body) == body


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        (b'<!ENTITY a "one">', b"&a; and &amp; and &b;", b"one and &amp; and &b;"),
        (b"<!ENTITY a 'it''>", b"&a;", b""),
        (b"<!ENTITY a 'one'><!ENTITY b '&a;'>", b"&a;&b;", b"one"),
        (b'<!ENTITY a SYSTEM "file:///etc/hostname">', b"[&a;]", b"[]"),
        (b'<!ENTITY % p "x"><!ENTITY a "%p;">', b"[&a;&p;]", b"[]"),
        (b'<!ENTITY amp "no"> <!ENTITY a-b "y">', b"&amp;&a-b;", b"&amp;y"),
        (b'<!ENTITY big "' + b"x" * 300_000 + b'">', b"&big;" * 9, b"x" * 900_000),
    ],
)
def test_declared_entities_are_put_in_place_within_bounds(
    declared: bytes, text: bytes, expected: bytes
) -> None:
    document = b"<?xml version='1.0'?><!DOCTYPE rss [" + declared + b"]><rss>" + text + b"</rss>"
    assert without_entities(document) == b"<?xml version='1.0'?><rss>" + expected + b"</rss>"


def test_deep_and_wide_elements_lose_their_tags_and_keep_their_text() -> None:
    deep = b"<a>" * 1000 + b"words" + b"</a>" * 1000
    assert without_excess(deep) == b"<a>" * 200 + b"words" + b"</a>" * 200
    wide = b"<image " + b" ".join(b"a%d='1'" % n for n in range(300)) + b"/><link>x</link>"
    assert without_excess(wide) == b"<image/><link>x</link>"
    spaces = b"".join(b"<a xmlns:n%d='u:%d'/>" % (n, n) for n in range(3000))
    assert without_excess(spaces).count(b"xmlns") == 2000


def test_tags_in_masses_end_with_their_item() -> None:
    item = b"<item>" + b"<a>x</a>" * 30_000 + b"</item>"
    kept = without_excess(b"<rss>" + item + b"<item><link>y</link></item></rss>")
    assert (kept.count(b"<a>"), kept.count(b"</a>"), kept.count(b"x")) == (20_000, 20_000, 30_000)
    assert kept.endswith(b"x</item><item><link>y</link></item></rss>")
    deep = b"<item><d>" + b"<a>" * 30_000 + b"</a>" * 30_000 + b"</d></item>"
    kept = without_excess(deep)
    assert kept.count(b"<a>") == kept.count(b"</a>") == 198
    assert kept.endswith(b"</a></d></item>")


def test_unclosed_elements_in_many_items_take_nothing_from_later_ones() -> None:
    item = b"<item><br><p>words<br></item>"
    feed = b"<rss><channel>" + item * 1000 + b"</channel></rss>"
    assert without_excess(feed) == feed
    inside = b"<item><![CDATA[" + b"<div>" * 1000 + b"]]></item>"
    assert without_excess(inside) == inside
    assert without_excess(b"<item>" * 1000).count(b"<item>") < 250


@pytest.mark.parametrize(
    "piece", [b"<a ", b"<a b='", b"<![CDATA[", b"<!--", b"<a>", b"<a b='>' ", b"&a;", b"<?"]
)
def test_hostile_markup_is_guarded_in_linear_time(piece: bytes) -> None:
    body = b"<!DOCTYPE rss [<!ENTITY a 'x'>]><rss>" + piece * (300_000 // len(piece))
    with cpu_below(2):
        without_excess(without_entities(body))


@given(st.integers(0, 30), st.integers(1, 12))
def test_cutting_keeps_both_ends(n_items: int, max_items: int) -> None:
    body = b"<r>" + b"".join(b"<item>%d</item>" % n for n in range(n_items)) + b"</r>"
    kept, n_cut = cut_middle(body, max_items)
    assert n_cut == max(0, n_items - max_items)
    assert kept.count(b"<item>") == min(n_items, max_items)
    assert kept.endswith(b"</r>")


SAME = """
import json, pathlib, runpy, sys
import feedparser
WORK, FOLDER = sys.argv[1:]
HEAD = {"final_url": "https://press.example/feeds/a.xml", "content_type": "", "max_items": 2000}
BASES = b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/x/'><entry><link href='1'/>" \\
    b"<content type='xhtml' xml:base='http://other.example/'><div><a href='2'>b</a></div></content></entry>" \\
    b"<entry xml:base='y/'><link href='3'/></entry><entry><link href='4'/></entry></feed>"
feeds = [BASES, *(path.read_bytes() for path in sorted(pathlib.Path(FOLDER).rglob("*")) if path.is_file())]
plain = runpy.run_path(WORK)["parse"]
plain.__globals__["_parser"] = lambda: feedparser
feedparser.mixin._FeedParserMixin.can_be_relative_uri.discard("id")
answers = []
for parse in (plain, runpy.run_path(WORK)["parse"]):
    answers.append([json.dumps(parse(HEAD, body)) for body in feeds])
assert answers[0] == answers[1]
print(len(feeds), [entry["link"] for entry in json.loads(answers[1][0])["entries"]])
"""


def test_what_is_spared_changes_no_answer() -> None:
    words = [sys.executable, "-I", "-c", SAME, "tracker/sources/feed_child.py", "tests/data/sources/feed"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    n_feeds, _, bases = told.partition(" ")
    assert int(n_feeds) > 5
    assert bases.strip() == str([f"https://press.example/x/{path}" for path in ("1", "y/3", "4")])
