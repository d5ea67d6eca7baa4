"""Articles whose page is a PDF."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.text.pdf_writer import Text, pdf, typed
from tracker.errors import ExtractError
from tracker.extract.article import extract_article
from tracker.records import Page, ParsedArticle

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://office.example.gov/memo.pdf"


def read(body: bytes, content_type: str = "application/pdf") -> ParsedArticle:
    return extract_article(Page(URL, URL, 200, {"content-type": content_type}, body, NOW, 0.1), NOW)


def test_a_pdf_is_an_article() -> None:
    lines = [
        "April 23, 2026",
        "",
        "The sample agencies were told that models had been copied,",
        "and by whom was not said.",
    ]
    found = read(
        pdf([[Text("A sample memorandum", 72, 740, 18), *typed(lines, top=700)]]), "application/octet-stream"
    )
    assert (found.title.value, found.title.rule) == ("A sample memorandum", "pdf")
    assert found.text.endswith(
        "The sample agencies were told that models had been copied, and by whom was not said."
    )
    assert found.published is not None
    assert (found.published.at.date(), found.published.rule) == (dt.date(2026, 4, 23), "pdf line (worded)")
    assert found.language == "en"
    assert found.extractor.startswith("pypdfium2 5.")


def test_the_day_on_which_the_file_was_made_is_no_publication_date() -> None:
    assert (
        read(pdf([typed(["A letter without a date, in a few words."])], title="A sample letter")).published
        is None
    )


@pytest.mark.parametrize(
    ("body", "words"), [(pdf([[]]), "probably a scan"), (pdf([[]], is_locked=True), "locked with a password")]
)
def test_a_pdf_that_cannot_be_read_says_why(body: bytes, words: str) -> None:
    with pytest.raises(ExtractError, match=words):
        read(body)
