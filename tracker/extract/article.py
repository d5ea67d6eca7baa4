"""Page to article: trafilatura first, our own residue rules after, and a plain reason when there is none."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import trafilatura

from tracker.errors import ExtractError
from tracker.extract.agreement import agreement, second_reading
from tracker.extract.error_page import error_kind
from tracker.extract.language import detect_language
from tracker.extract.markup import is_small, read_tree, tree_of
from tracker.extract.metadata import Metadata, read_metadata, with_site
from tracker.extract.official.bill import read_bill
from tracker.extract.official.document import PageRead, read_document, with_document
from tracker.extract.pdf_page import extract_pdf
from tracker.extract.residue import Cleaned, clean_residue, credit_notes
from tracker.extract.sites.rule import SiteReading, read_by_rule
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import Page, ParsedArticle
from tracker.text.clean import one_line, safe_text
from tracker.text.html import plain_text
from tracker.text.pdf import is_pdf

if TYPE_CHECKING:
    import datetime as dt

EXTRACTOR = f"trafilatura {trafilatura.__version__} + retort {EXTRACTOR_VERSION}"
"""Name and version stored with every revision."""
MAX_TEXT = 1_000_000
MIN_CHARS, MIN_CHARS_WIDE, MIN_WORDS = 140, 50, 25
"""Less than this is no article: code points, code points in scripts without spaces, words."""
MAX_LINKS = 1000
ENOUGH_PROSE = 1200
"""Code points of prose with which the fast way is believed at once."""
AGREED = 0.9
"""Agreement of two readings with which a shorter text is believed."""

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।]")
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
    return with_language(parse_page(page, now))


def with_language(parsed: ParsedArticle) -> ParsedArticle:
    """Return the article with the language of its text; what the page declares counts where that cannot be told."""
    return replace(parsed, language=detect_language(parsed.text, parsed.language))


def parse_page(page: Page, now: dt.datetime) -> ParsedArticle:
    """Return the article that a web page holds, its language as the page declares it; see `extract_article`.

    Raises:
        ExtractError: no HTML, too little text, or a list of words instead of sentences.
    """
    if (bill := read_bill(page, now)) is not None:
        return bill
    _refuse_other_kinds(page)
    tree, markup, notes = read_tree(page)
    if tree is None:
        msg = "the page cannot be read as HTML"
        raise ExtractError(msg)
    meta = read_metadata(tree, final_url=page.final_url, now=now)
    site = _by_rule(page, markup, meta, now)
    meta = with_site(meta, site) if site else meta
    other = second_reading(tree, meta.body)
    cleaned, text_rule = _text_of(
        tree, meta, site, url=page.final_url, other=other, is_small=is_small(markup)
    )
    _refuse_error_page(tree, meta.title.value, cleaned.text)
    document = read_document(
        PageRead(
            meta.title.value, cleaned.text, markup=markup if is_small(markup) else "", tree=tree, now=now
        )
    )
    if document is None:
        _refuse_no_article(cleaned.text, tree, meta)
    parsed = ParsedArticle(
        title=meta.title,
        byline=meta.byline,
        text=cleaned.text,
        language=meta.language,
        canonical_url=meta.canonical_url,
        published=meta.published,
        modified=meta.modified,
        site_name=meta.site_name,
        extractor=EXTRACTOR,
        notes=(*notes, *meta.notes, *credit_notes(cleaned)),
        text_rule=text_rule,
        confidence=agreement(cleaned.text, other),
    )
    return with_document(parsed, document) if document else parsed


def _by_rule(page: Page, markup: str, meta: Metadata, now: dt.datetime) -> SiteReading | None:
    """Return what the rule of this site finds; a page too large for a second tree goes without."""
    if not is_small(markup):
        return None
    return read_by_rule(
        markup, url=page.final_url, fetched_at=page.fetched_at, published=meta.published, now=now
    )


def _text_of(
    tree: Any,  # noqa: ANN401 - lxml publishes no types
    meta: Metadata,
    site: SiteReading | None,
    *,
    url: str,
    other: str,
    is_small: bool,
) -> tuple[Cleaned, str]:
    """Return the text that the rule of the site finds, where it is enough, else that of the general reading."""
    if site and site.text:
        cleaned = clean_residue(site.text, meta.title.value)
        if _is_enough(cleaned.text):
            return cleaned, site.rule
    pruned = tree_of(site.pruned) if site and site.pruned else None
    source = tree if pruned is None else pruned
    cleaned, rule = _body(source, meta, url=url, other=other, is_small=is_small)
    return cleaned, rule if pruned is None else f"{rule}, {site.rule if site else ''}"


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


def _body(
    tree: Any,  # noqa: ANN401 - lxml publishes no types
    meta: Metadata,
    *,
    url: str,
    other: str,
    is_small: bool,
) -> tuple[Cleaned, str]:
    """Return the text and its reading: fast first, else thorough, or what JSON-LD carries.

    A short text is believed, too, where a second and simpler reading, `other`, says the same.
    """
    headings = [one_line("".join(node.itertext()), 200) for node in tree.xpath(_HEADINGS)[:60]]
    headings = [heading for heading in headings if len(heading) > 3]  # noqa: PLR2004 - 'Q&A'
    title = meta.title.value
    fast = clean_residue(_run(tree, url, is_fast=True), title, headings=headings)
    if _n_prose(fast.text) >= ENOUGH_PROSE and _n_prose(fast.text) * 2 >= len(fast.text):
        return fast, "trafilatura, fast"
    if _is_enough(fast.text) and (agreement(fast.text, other) or 0.0) >= AGREED:
        return fast, "trafilatura, fast"
    thorough = _run(tree, url, is_fast=False) if is_small else ""
    best, rule = fast, "trafilatura, fast"
    for found, name in (
        (clean_residue(thorough, title, headings=headings), "trafilatura, thorough"),
        (clean_residue(plain_text(meta.body), title), "JSON-LD articleBody"),
    ):
        if _n_prose(found.text) > 1.5 * _n_prose(best.text) or _is_cleaner(found.text, best.text):
            best, rule = found, name
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


def _refuse_no_article(text: str, tree: Any, meta: Metadata) -> None:  # noqa: ANN401 - lxml publishes no types
    """Refuse what has too few words, and lists; a calendar or a list of names that says it is an article is one."""
    if not _is_enough(text):
        n_words = len(text.split())
        msg = f"the page holds no article: only {n_words} words are left without navigation and advertising"
        raise ExtractError(msg)
    lines = text.split("\n")
    with_sentence = sum(1 for line in lines if _SENTENCE_END.search(line))
    is_list = not with_sentence or (len(lines) >= 8 and with_sentence * 10 < len(lines))  # noqa: PLR2004 - a tenth of many
    if is_list and (_are_links(text, tree) or not _says_it_is_an_article(tree, meta)):
        msg = "the page holds a list of words or links, not an article"
        raise ExtractError(msg)


def _says_it_is_an_article(tree: Any, meta: Metadata) -> bool:  # noqa: ANN401 - lxml publishes no types
    is_dated = meta.published is not None and meta.published.rule.startswith(
        ("JSON-LD datePublished", "meta article:published_time")
    )
    return is_dated or bool(tree.xpath("//meta[@property='og:type' and @content='article']"))


def _are_links(text: str, tree: Any) -> bool:  # noqa: ANN401 - lxml publishes no types
    """Whether most of a text is the words of links."""
    links = {one_line("".join(link.itertext()), MAX_TEXT) for link in tree.xpath("//a[@href]")[:MAX_LINKS]}
    return sum(len(link) for link in links if link and link in text) * 2 > len(text)
