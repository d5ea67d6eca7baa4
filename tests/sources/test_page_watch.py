"""Watched pages: what counts as the same text, what is left out, what cannot be watched."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.quick import cpu_below
from tests.text.pdf_writer import pdf
from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://office.example.gov/policy"
PAGE = (
    '<nav><a href="/x">Menu</a></nav><main><h1>Rules</h1><p>One rule.</p><i class="n">{} visitors</i></main>'
)


def read(body: bytes | str, **options: str) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    page = Page(URL, URL, 200, {"content-type": "text/html"}, raw, NOW, 0.1)
    return KINDS.get("page_watch").parse(page, options, NOW)


def test_what_is_ignored_is_no_change() -> None:
    first, second = (read(PAGE.format(n), ignore=".n").items[0] for n in (17, 18))
    assert first == second
    assert first.text == "Rules\nOne rule."
    assert read(PAGE.format(17)).items[0].text != read(PAGE.format(18)).items[0].text


def test_the_page_is_one_item_with_its_own_address() -> None:
    (item,) = read(PAGE.format(1)).items
    assert (item.url, item.source_item_id, item.is_whole, item.published) == (URL, URL, True, None)


def test_parts_in_parts_are_read_once() -> None:
    body = '<div class="p">One.<div class="p">Two.</div></div><div class="p">Three.</div>'
    assert read(body, within=".p").items[0].text == "One.\nTwo.\nThree."


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("A memo on sample models", "A memo on sample models"),
        ("Download (PDF, 2 MB)", "Sample Memo 4"),
        ("", "Sample Memo 4"),
        ("pdf" * 30, "pdf" * 30),
    ],
)
def test_a_label_that_says_nothing_gives_way_to_the_name_of_the_file(label: str, title: str) -> None:
    body = f'<main><p><a href="/uploads/Sample-Memo_4.pdf?v=2">{label}</a></p></main>'
    assert read(body, links="a").items[0].title == title


@pytest.mark.parametrize(
    ("body", "options", "words"),
    [
        (PAGE, {"within": "#gone"}, "no element matches the setting 'within' .#gone.; the page has 1 link"),
        (PAGE, {"links": "main a"}, "no element matches the setting 'links'"),
        (PAGE, {"ignore": "p["}, "the setting 'ignore' is no CSS selector"),
        ('<div id="root"></div><script></script>', {}, "no text .* is made by a script in the browser"),
        (pdf([[]]), {}, "probably a scan"),
        (pdf([[]], is_locked=True), {}, "locked with a password"),
        (b"%PDF-1.4 junk", {}, "the PDF is broken"),
    ],
)
def test_what_cannot_be_watched_says_why(body: str | bytes, options: dict[str, str], words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body, **options)


@pytest.mark.parametrize(
    "body",
    ["<div class=p>" * 20_000 + "words", "<a href=/x>Download" * 10_000, "<li>" * 3000 + "<a href=/1>x"],
)
def test_hostile_pages_cost_no_more_than_their_length(body: str) -> None:
    with cpu_below(6.0):
        assert read(body, within="body, .p").items


def test_many_links_cost_no_more_than_their_number() -> None:
    body = "".join(f"<p><a href=/{n}>Download</a>" for n in range(2100))
    with cpu_below(10.0):
        assert len(read(body, links="a").items) == 2000
