"""An article whose page is a PDF."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from tracker.errors import ExtractError, PdfError
from tracker.extract.language import detect_language
from tracker.extract.official.document import PageRead, read_document, with_document
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import Field, ParsedArticle
from tracker.text.pdf import PDF_RULE, pdf_text, stated_date

if TYPE_CHECKING:
    import datetime as dt

    from tracker.records import Page

EXTRACTOR = f"pypdfium2 {version('pypdfium2')} + retort {EXTRACTOR_VERSION}"
"""Name and version stored with every revision."""
DEADLINE_S = 10.0
"""Seconds in which a PDF is read, and so the most processor time its process may take."""


def extract_pdf(page: Page, now: dt.datetime) -> ParsedArticle:
    """Return the article that a PDF holds; its date only where a line of its own states it.

    The dates in a PDF's data say when the file was made, and are never a publication date.

    Raises:
        ExtractError: locked, scanned, broken, or too much work.
    """
    try:
        found = pdf_text(page.body, deadline_s=DEADLINE_S)
    except PdfError as error:
        raise ExtractError(str(error)) from None
    published = stated_date(found.text, now)
    parsed = ParsedArticle(
        title=Field(found.title, PDF_RULE if found.title else "none"),
        byline=Field("", "none"),
        text=found.text,
        language=detect_language(found.text, ""),
        canonical_url="",
        published=published,
        modified=None,
        site_name="",
        extractor=EXTRACTOR,
        notes=found.notes,
    )
    document = read_document(PageRead(found.title, found.text, markup="", tree=None, now=now))
    return with_document(parsed, document) if document else parsed
