"""Page to article: trafilatura first, our own residue rules after, and a plain reason when there is none."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import trafilatura
from trafilatura.utils import load_html

from tracker.errors import ExtractError
from tracker.extract.agreement import agreement, second_reading
from tracker.extract.error_page import error_kind
from tracker.extract.language import detect_language
from tracker.extract.metadata import Metadata, read_metadata
from tracker.extract.pdf_page import extract_pdf
from tracker.extract.residue import Cleaned, clean_residue, credit_notes
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import Page, ParsedArticle
from tracker.text.clean import one_line, safe_text
from tracker.text.decode import decode_html
from tracker.text.html import drop_blocks, flatten, plain_text
from tracker.text.pdf import is_pdf

if TYPE_CHECKING:
    import datetime as dt

EXTRACTOR = f"trafilatura {trafilatura.__version__} + retort {EXTRACTOR_VERSION}"
"""Name and version stored with every revision."""
MAX_TEXT = 1_000_000
MIN_CHARS, MIN_CHARS_WIDE, MIN_WORDS = 140, 50, 25
"""Less than this is no article: code points, code points in scripts without spaces, words."""
HEAVY_MARKUP, MAX_MARKUP = 1_000_000, 2_000_000
"""Markup above the first loses its scripts and gets no second reading; above the second it is cut."""
MANY_TAGS = 40_000
"""Tags above which a page gets no second reading; pages of newsrooms have 1,000 to 8,000."""
MAX_DEPTH = 150
"""Nesting above which wrapper elements go; pages of newsrooms have 20 to 60."""
ENOUGH_PROSE = 1200
"""Code points of prose with which the fast way is believed at once."""

_SCRIPTS = re.compile(r"<(?P<name>script|style|svg|noscript)\b(?![^<>]*ld\+json)[^<>]*+>", re.IGNORECASE)
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]")
_EMPTY = re.compile(r"(?:<p\b[^<>]*+>\s*+){2,}+", re.IGNORECASE)
"""Paragraphs that were opened and never filled; a hundred thousand of them cost seconds."""
_KINDS = {
    "image/": "an image",
    "video/": "a video",
    "audio/": "a sound file",
    "application/json": "JSON",
    "application/zip": "an archive",
    "application/octet-stream": "a file to download",
}
_HEADINGS = "//h2 | //h3 | //h4 | //p/br/following-sibling::*[1][self::strong or self::b]"
"""Headings, and bold words that begin a line of their own inside a paragraph."""
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|p|div|article|h1|meta|title)\b", re.IGNORECASE)

# trafilatura reports each page without a text as an error; here that is an ordinary answer
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def extract_article(page: Page, now: dt.datetime) -> ParsedArticle:
    """Return the article that a page holds.

    Args:
        page: the answer as fetched, raw bytes.
        now: the moment of reading, aware; dates after it are not believed.

    Raises:
        ExtractError: no HTML and no PDF, too little text, or a list of words instead of sentences.
    """
    if is_pdf(page.body, page.content_type):
        return extract_pdf(page, now)
    _refuse_other_kinds(page)
    markup, notes = _readable_markup(page)
    tree = _tree(markup)
    if tree is None:
        msg = "the page cannot be read as HTML"
        raise ExtractError(msg)
    meta = read_metadata(tree, final_url=page.final_url, now=now)
    cleaned, text_rule = _body(tree, meta, url=page.final_url, is_small=_is_small(markup))
    _refuse_error_page(tree, meta.title.value, cleaned.text)
    _refuse_no_article(cleaned.text)
    return ParsedArticle(
        title=meta.title,
        byline=meta.byline,
        text=cleaned.text,
        language=detect_language(cleaned.text, meta.language),
        canonical_url=meta.canonical_url,
        published=meta.published,
        modified=meta.modified,
        site_name=meta.site_name,
        extractor=EXTRACTOR,
        notes=(*notes, *meta.notes, *credit_notes(cleaned)),
        text_rule=text_rule,
        confidence=agreement(cleaned.text, second_reading(tree, meta.body)),
    )


def _refuse_other_kinds(page: Page) -> None:
    declared = page.content_type.lower()
    start = page.body[:4096].lstrip()
    kind = next((name for prefix, name in _KINDS.items() if declared.startswith(prefix)), "")
    if kind and not _MARKUP.search(start):
        msg = f"this is {kind}, not a web page"
        raise ExtractError(msg)
    if not start:
        msg = "the page is empty"
        raise ExtractError(msg)
    if not _MARKUP.search(page.body[:200_000].replace(b"\0", b"")):
        msg = "this is not a web page: there is no HTML in it"
        raise ExtractError(msg)


def _is_small(markup: str) -> bool:
    return len(markup) < HEAVY_MARKUP and markup.count("<") < MANY_TAGS


def _tree(markup: str) -> Any:  # noqa: ANN401 - lxml publishes no types
    try:
        return load_html(markup)
    except (ValueError, TypeError, RecursionError):
        return None


def _readable_markup(page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the page as text, small and flat enough for tree parsers, and notes on what was done."""
    markup = safe_text(decode_html(page.body, page.content_type), 6_000_000)
    notes: list[str] = []
    if len(markup) > HEAVY_MARKUP:
        markup = drop_blocks(markup, _SCRIPTS)
        if len(markup) > MAX_MARKUP:
            markup = markup[:MAX_MARKUP]
            notes.append(f"a very long page; the first {MAX_MARKUP} characters were read")
    if not _is_small(markup):
        markup = _EMPTY.sub("<p>", markup)
    flat = flatten(markup, MAX_DEPTH)
    if not _is_small(flat):
        flat = _EMPTY.sub("<p>", flat)
    if flat != markup:
        notes.append(f"elements nested more than {MAX_DEPTH} deep; wrappers were taken off before reading")
    return flat, tuple(notes)


def _body(tree: Any, meta: Metadata, *, url: str, is_small: bool) -> tuple[Cleaned, str]:  # noqa: ANN401 - lxml publishes no types
    """Return the text and its reading: fast first, else thorough, or what JSON-LD carries."""
    headings = [one_line("".join(node.itertext()), 200) for node in tree.xpath(_HEADINGS)[:60]]
    headings = [heading for heading in headings if len(heading) > 3]  # noqa: PLR2004 - 'Q&A'
    title = meta.title.value
    fast = clean_residue(_run(tree, url, is_fast=True), title, headings=headings)
    if _n_prose(fast.text) >= ENOUGH_PROSE and _n_prose(fast.text) * 2 >= len(fast.text):
        return fast, "trafilatura, fast"
    thorough = _run(tree, url, is_fast=False) if is_small else ""
    best, rule = fast, "trafilatura, fast"
    for other, name in (
        (clean_residue(thorough, title, headings=headings), "trafilatura, thorough"),
        (clean_residue(plain_text(meta.body), title), "JSON-LD articleBody"),
    ):
        if _n_prose(other.text) > 1.5 * _n_prose(best.text) or _is_cleaner(other.text, best.text):
            best, rule = other, name
    return best, rule


def _n_prose(text: str) -> int:
    """Return how many code points stand in lines that look like sentences."""
    lines = (line for line in text.split("\n") if _SENTENCE_END.search(line))
    return sum(len(line) for line in lines if len(line) > 40 or "\u3002" in line)  # noqa: PLR2004 - a short sentence


def _is_cleaner(other: str, best: str) -> bool:
    """Whether `best` is mostly navigation and `other` is not."""
    return _is_enough(other) and _n_prose(best) * 3 < len(best) and _n_prose(other) * 2 > len(other)


def _run(tree: Any, url: str, *, is_fast: bool) -> str:  # noqa: ANN401 - lxml publishes no types
    try:
        found = trafilatura.bare_extraction(
            tree, url=url, fast=is_fast, include_comments=False, include_tables=True, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return ""
    text = getattr(found, "text", None)
    return safe_text(text, MAX_TEXT) if isinstance(text, str) else ""


def _is_enough(text: str) -> bool:
    if len(_WIDE.findall(text[:2000])) > MIN_CHARS_WIDE // 2:
        return len(text) >= MIN_CHARS_WIDE
    return len(text) >= MIN_CHARS and len(text.split()) >= MIN_WORDS


def _refuse_error_page(tree: Any, title: str, text: str) -> None:  # noqa: ANN401 - lxml publishes no types
    """Know the page that says 'not found' with status 200; a long text under such a headline is an article."""
    if _n_prose(text) >= ENOUGH_PROSE:
        return
    printed = [title, *(one_line("".join(node.itertext()), 200) for node in tree.xpath("//h1 | //title")[:4])]
    for line in printed:
        kind = error_kind(line)
        if kind:
            msg = f"the page says '{line[:80]}' although it was answered as found: {kind}, no article"
            raise ExtractError(msg)


def _refuse_no_article(text: str) -> None:
    if not _is_enough(text):
        n_words = len(text.split())
        msg = f"the page holds no article: only {n_words} words are left without navigation and advertising"
        raise ExtractError(msg)
    lines = text.split("\n")
    with_sentence = sum(1 for line in lines if _SENTENCE_END.search(line))
    if not with_sentence or (len(lines) >= 8 and with_sentence * 10 < len(lines)):  # noqa: PLR2004 - a tenth of many
        msg = "the page holds a list of words or links, not an article"
        raise ExtractError(msg)
