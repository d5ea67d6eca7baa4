"""Bytes of a page to markup that tree parsers read quickly and without harm: decoded, no larger or deeper than needed.

Promises that no prose is lost but the end of a page of more than two million characters, and a note where anything
was left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.text.clean import safe_text
from tracker.text.decode import decode_html
from tracker.text.html import drop_blocks, flatten

if TYPE_CHECKING:
    from tracker.records import Page

HEAVY_MARKUP, MAX_MARKUP = 1_000_000, 2_000_000
"""Markup above the first loses its scripts and gets no second reading; above the second it is cut."""
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
_POSSIBLE = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))


def is_small(markup: str) -> bool:
    """Whether a page is like those of newsrooms, so that a thorough reading is affordable."""
    return len(markup) < HEAVY_MARKUP and markup.count("<") < MANY_TAGS


def readable_markup(page: Page) -> tuple[str, tuple[str, ...]]:
    """Return the page as text, small and flat enough for tree parsers, and notes on what was done."""
    markup = safe_text(decode_html(page.body, page.content_type), 6_000_000)
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
    if not is_small(flat):
        flat = _EMPTY.sub("<p>", flat)
    if flat != markup:
        notes.append(f"elements nested more than {MAX_DEPTH} deep; wrappers were taken off before reading")
    return flat, tuple(notes)


def _lighter(markup: str) -> str:
    """Return a heavy page without scripts, comments and pictures, and if need be without the data it carries."""
    markup = _PICTURE.sub("data:,", _COMMENT.sub(" ", drop_blocks(markup, _SCRIPTS)))
    return drop_blocks(markup, _DATA) if len(markup) > MAX_MARKUP else markup


def _possible(match: re.Match[str]) -> str:
    """Return a numbered character as it stands, or nothing for one that no XML tree can hold."""
    code = int(match[1], 16) if match[1] else int(match[2])
    is_possible = code in {9, 10, 13} or any(code in possible for possible in _POSSIBLE)
    return match[0] if is_possible else ""
