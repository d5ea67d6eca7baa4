"""An article made from the feed alone, for when its page cannot be had: 'feed text only'."""

from __future__ import annotations

from tracker.extract.language import detect_language
from tracker.extract.residue import clean_residue
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import Field, FoundItem, ParsedArticle

EXTRACTOR = f"feed-text {EXTRACTOR_VERSION}"
"""Name and version stored with what is made here."""
NOTE = "feed text only"


def parsed_from_item(item: FoundItem) -> ParsedArticle:
    """Return the article that an item of a feed carries, its residue removed. Never raises.

    The text may be empty or a summary; the note says that nobody read the page.
    """
    cleaned = clean_residue(item.text, item.title)
    return ParsedArticle(
        title=Field(item.title, "feed title" if item.title else "none"),
        byline=Field(item.byline, "feed author" if item.byline else "none"),
        text=cleaned.text,
        language=detect_language(f"{item.title}\n{cleaned.text}", item.language),
        canonical_url=item.url,
        published=item.published,
        modified=None,
        site_name="",
        extractor=EXTRACTOR,
        notes=(NOTE, *(f"credit line: {line}" for line in cleaned.credits)),
    )
