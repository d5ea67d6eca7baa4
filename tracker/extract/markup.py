"""Bytes of a page to a tree that is read quickly and without harm: decoded, no larger or deeper than needed.

Promises that no prose is lost but the end of a page of more than two million characters, and a note where anything
was left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lxml import etree, html
from trafilatura.utils import load_html

from tracker.text.clean import safe_text
from tracker.text.decode import decode_html
from tracker.text.html import drop_blocks, flatten

if TYPE_CHECKING:
    from tracker.records import Page

HEAVY_MARKUP, MAX_MARKUP = 1_000_000, 2_000_000
"""Markup above the first loses its scripts and gets no second reading; above the second it is cut."""
MOST_CHARS = 6_000_000
MANY_TAGS = 40_000
"""Tags above which a page gets no second reading; pages of newsrooms have 1,000 to 8,000."""
MAX_DEPTH = 150
"""Nesting above which wrapper elements go; pages of newsrooms have 20 to 60."""

_SCRIPTS = re.compile(r"<(?P<name>script|style|svg|noscript)\b(?![^<>]*ld\+json)[^<>]*+>", re.IGNORECASE)
_DATA = re.compile(r"<(?P<name>script)\b[^<>]*+>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PICTURE = re.compile(r"data:[\w/+.;=-]{1,100};base64,[A-Za-z0-9+/=%\s]{200,}+")
_EMPTY = re.compile(r"(?:<p\b[^<>]*+>\s*+){2,}+", re.IGNORECASE)
"""Paragraphs that were opened and never filled; a hundred thousand of them cost seconds."""
_NUMBERED = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));?")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_BREAKS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
_NO_CHARACTERS = ("\ufffe", "\uffff")
_IS_DEEP = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_DEEP = f"elements nested more than {MAX_DEPTH} deep; wrappers were taken off before reading"
_POSSIBLE = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))


def is_small(markup: str) -> bool:
    """Whether a page is like those of newsrooms, so that a thorough reading is affordable."""
    return len(markup) < HEAVY_MARKUP and markup.count("<") < MANY_TAGS


def read_tree(page: Page) -> tuple[Any, str, tuple[str, ...]]:
    """Return the tree of a page (None where there is none), the markup it was made of, and notes on what was done."""
    markup, notes = _readable(page)
    tree = tree_of(markup)
    # counting the tags of each page would cost more than parsing the few deep ones twice
    if tree is not None and _IS_DEEP(tree) and (flat := flatten(markup, MAX_DEPTH)) != markup:
        return tree_of(flat), flat, (*notes, _DEEP)
    return tree, markup, notes


def tree_of(markup: str) -> Any:  # noqa: ANN401 - lxml publishes no types
    """Return the tree of a page, an lxml element; None where it is no HTML.

    Raises:
        MemoryError: the tree needs more memory than there is.
    """
    try:
        tree = load_html(markup)
        # that answers None also when there is no memory; this says so
        return html.document_fromstring(markup.encode("utf-8", "replace")) if tree is None else tree
    except (ValueError, TypeError, RecursionError, etree.LxmlError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from None
        return None


def _readable(page: Page) -> tuple[str, tuple[str, ...]]:
    markup = _decoded(page)
    notes: list[str] = []
    if len(markup) > HEAVY_MARKUP:
        markup = _lighter(markup)
        if len(markup) > MAX_MARKUP:
            markup = markup[:MAX_MARKUP]
            notes.append(f"a very long page; the first {MAX_MARKUP} characters were read")
    if "&#" in markup:
        markup = _NUMBERED.sub(_possible, markup)
    if not is_small(markup):
        markup = _EMPTY.sub("<p>", markup)
        flat = flatten(markup, MAX_DEPTH)
        if flat != markup:
            notes.append(_DEEP)
            markup = _EMPTY.sub("<p>", flat)
    return markup, tuple(notes)


def _decoded(page: Page) -> str:
    """Return a page as text without what no tree can hold; what may not be stored is left to those who store."""
    if b"\0" in page.body[:200]:  # two bytes a character
        return safe_text(decode_html(page.body, page.content_type), MOST_CHARS)
    markup = decode_html(page.body.translate(None, _CONTROLS), page.content_type)[:MOST_CHARS]
    for line_break in _BREAKS:
        if line_break in markup:
            markup = markup.replace(line_break, "\n")
    for no_character in _NO_CHARACTERS:
        if no_character in markup:
            markup = markup.replace(no_character, "")
    return markup


def _lighter(markup: str) -> str:
    """Return a heavy page without scripts, comments and pictures, and if need be without the data it carries."""
    markup = _PICTURE.sub("data:,", _COMMENT.sub(" ", drop_blocks(markup, _SCRIPTS)))
    return drop_blocks(markup, _DATA) if len(markup) > MAX_MARKUP else markup


def _possible(match: re.Match[str]) -> str:
    """Return a numbered character as it stands, or nothing for one that no XML tree can hold."""
    code = int(match[1], 16) if match[1] else int(match[2])
    is_possible = code in {9, 10, 13} or any(code in possible for possible in _POSSIBLE)
    return match[0] if is_possible else ""
