"""Pages read in the process that is there for it: the same article, a named outcome for bad ones, and the limits."""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.extract.hostile_pages import CHINESE, GONE, GREEK, JAPANESE, LARGE, MORE, PROSE, RUSSIAN, html
from tests.text.pdf_writer import pdf
from tracker.errors import ExtractError
from tracker.extract.article import extract_article
from tracker.extract.child import PageChild, read_article
from tracker.extract.wire import from_plain, to_plain
from tracker.records import Field, FoundDate, Page, ParsedArticle, Turn

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "tests" / "data" / "extract"
NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://ledger.example.org/2026/04/page"
MOST_CPU_S = 10.0
MOST_KB = 512 * 1024
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def child() -> Iterator[PageChild]:
    made = PageChild()
    made.read(page(html(MORE)), NOW)
    yield made
    made.close()


def page(body: bytes | str, content_type: str = "text/html") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(URL, URL, 200, {"content-type": content_type}, raw, NOW, 0.1)


def outcome(child: PageChild, body: bytes | str, content_type: str = "text/html") -> str:
    """Return the text, or why there is none."""
    try:
        return child.read(page(body, content_type), NOW).text
    except ExtractError as error:
        return str(error)


def cpu_s(pid: int | None) -> float:
    values = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS


def peak_kb(pid: int | None) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.html")), ids=lambda path: path.stem)
def test_the_same_article_comes_out_as_without_it(child: PageChild, path: Path) -> None:
    raw = page(path.read_bytes())
    assert child.read(raw, NOW) == extract_article(raw, NOW)


def test_every_field_of_an_article_makes_the_way_and_back() -> None:
    date = FoundDate(NOW, "minute", "meta date (iso)", "today")
    article = ParsedArticle(
        title=Field("A title", "h1"),
        byline=Field("", "none"),
        text="One line.\nAnother.",
        language="en",
        canonical_url=URL,
        published=date,
        modified=None,
        site_name="",
        extractor="x 1",
        notes=("a note",),
        confidence=0.5,
        facts={"number": Field("H. Con. 1", "bill")},
        turns=(Turn(0, 3, "A. Sample", "The Ledger", "question"),),
    )
    assert from_plain(to_plain(article)) == article


def _bomb() -> bytes:
    """Return a PDF whose one page grows to 400 MB."""
    body = pdf([[]])
    drawn = zlib.compress(zlib.compress(b"(" * 400_000_000, 1), 1)
    start, end = body.index(b"<< /Length"), body.index(b"endstream")
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(drawn)
    return body[:start] + head + drawn + b"\n" + body[end:]


BAD: dict[str, tuple[bytes | str, str, str]] = {
    **{name: (body, "text/html", "trained a model") for name, body in LARGE.items()},
    "one word": (html("word"), "text/html", "holds no article"),
    "wrong charset": (html(RUSSIAN).encode(), "text/html; charset=windows-1251", "Лаборатория"),
    "gb2312": (html(CHINESE).encode("gb2312"), "text/html; charset=GB2312", "样例实验室"),
    "shift_jis": (html(JAPANESE).encode("shift_jis"), "text/html; charset=Shift_JIS", "見本研究所"),
    "windows-1251": (html(RUSSIAN).encode("cp1251"), "text/html; charset=windows-1251", "Лаборатория"),
    "nul": (html(PROSE.replace("rival", "ri\0val") * 3), "text/html", "a rival had"),
    "lone surrogates": (html(PROSE * 3).encode() + b"\xed\xa0\x80", "text/html", "a rival had"),
    "numbered surrogates": (html(PROSE * 3 + "<p>&#xD800;&#0;&#xFFFF;</p>"), "text/html", "a rival had"),
    "error page": (html(GONE), "text/html", "a page that is not there"),
    "no model for its language": (html(GREEK), "text/html", "λογαριασμούς"),
    "empty": ("", "text/html", "empty"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000_000, "image/png", "an image"),
    "zeros": (b"\0" * 5_000_000, "text/html", "no HTML"),
    "one attribute": (html(MORE + "<div " + "a='1' " * 700_000 + ">"), "text/html", "a rival had"),
    "one word of 5 mb": (html(MORE + "<p>" + "x" * 5_000_000), "text/html", "a rival had"),
    "JSON-LD": (
        html(MORE, "<script type='application/ld+json'>" + '{"a":[' * 800_000 + "</script>"),
        "text/html",
        "a rival had",
    ),
    "comment": (html("<!--" + "<p>a" * 1_300_000 + "-->" + MORE), "text/html", "a rival had"),
    "picture inside": (
        html("<img src='data:image/png;base64," + "QUJD" * 1_300_000 + "'>" + MORE),
        "text/html",
        "a rival had",
    ),
    "entities": (html(MORE + "&amp;" * 900_000), "text/html", "a rival had"),
}
"""Name of a bad page to its body, its declared kind, and words of the article or of the refusal."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_has_a_named_outcome_within_the_limits(child: PageChild, name: str) -> None:
    body, content_type, words = BAD[name]
    before = cpu_s(child.pid) if child.pid else 0.0
    child.recycle_kb = MOST_KB  # or a large one could not be measured: it would be replaced
    assert words in outcome(child, body, content_type)
    spent, peak = cpu_s(child.pid) - before, peak_kb(child.pid)
    print(f"{name}: {spent:.2f} s of processor time, at most {peak / 1024:.0f} MB")  # noqa: T201 - figures for the docs
    child.close()
    assert spent < MOST_CPU_S
    assert peak < MOST_KB


BAD_PDFS: dict[str, tuple[Callable[[], bytes], str]] = {
    "scans": (lambda: pdf([[]] * 500), "probably a scan"),
    "encrypted": (lambda: pdf([[]], is_locked=True), "locked with a password"),
    "bomb": (_bomb, "too much memory"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD_PDFS)
def test_a_bad_pdf_is_named_by_its_own_process_within_the_limits(child: PageChild, name: str) -> None:
    made, words = BAD_PDFS[name]
    body = made()
    pid, before = child.pid, resource.getrusage(resource.RUSAGE_CHILDREN)
    found = outcome(child, body, "application/pdf")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name}: {spent:.2f} s of processor time; {found[:80]}")  # noqa: T201 - figures for the docs
    assert words in found
    assert child.pid == pid
    assert spent < MOST_CPU_S


def test_a_page_that_needs_too_much_time_is_stopped_and_the_next_is_read() -> None:
    child = PageChild(cpu_s=1.0)
    try:
        assert "a rival had" in outcome(child, html(MORE))
        first = child.pid
        assert "more than the 1 seconds of processor time" in outcome(child, LARGE["prose"])
        assert "a rival had" in outcome(child, html(MORE))
        assert child.pid != first
        child.deadline_s = 0.2
        assert "longer to read than the 0.2 seconds" in outcome(child, LARGE["prose"])
        child.deadline_s = 20
        assert "a rival had" in outcome(child, html(MORE))
    finally:
        child.close()


def test_a_page_that_needs_too_much_memory_is_stopped_and_the_next_is_read() -> None:
    child = PageChild(memory_bytes=60_000_000)
    try:
        assert "a rival had" in outcome(child, html(MORE))
        said = outcome(child, LARGE["prose"])
        # where memory runs out differs from machine to machine: a library may report a page it could not read
        assert "memory" in said or "cannot be read" in said, said
        assert "a rival had" in outcome(child, html(MORE))
    finally:
        child.close()


def test_other_threads_run_while_a_page_is_read(child: PageChild) -> None:
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(outcome, child, LARGE["nested divs"])
        n_turns = 0
        while not found.done():
            time.sleep(0.001)
            n_turns += 1
    assert "trained a model" in found.result()
    assert n_turns > 20


def test_a_language_is_told_by_the_one_who_asked() -> None:
    assert read_article(page(html(GREEK)), NOW).language == "el"
