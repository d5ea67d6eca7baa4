"""HTML to plain text: markup gone, block elements as line breaks, never an exception.

Only the lxml builder parses, and only after the nesting was counted: what is nested too deeply is read
by a linear scan for tags instead.
"""

from __future__ import annotations

import html
import re
import warnings

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import CData, NavigableString, PageElement, Tag

from tracker.text.clean import tidy_paragraphs

MAX_DEPTH = 500
"""Nesting above which nothing is given to a tree parser."""
MAX_CHARS = 5_000_000
"""Code points read of one fragment."""

_DROPPED_NAMES = (
    "script style iframe noscript template head title object embed svg math select textarea button nav"
)
_BLOCK_NAMES = (
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre section summary table tbody tfoot thead tr ul"
)
# elements without an end tag, or whose end tag may be left out
_VOID_NAMES = (
    "area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option"
)
_DROPPED = frozenset(_DROPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_VOID = frozenset(_VOID_NAMES.split())
# no pattern here may look further than the next bracket: hostile markup has thousands that never close
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)(?P<rest>[^<>]*+)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][^<>]*+>", re.DOTALL)
_DROPPED_BLOCK = re.compile(
    r"<(?P<name>script|style|iframe|noscript|template|svg|object)\b[^<>]*+>", re.IGNORECASE
)
_TITLE = re.compile(r"<title[^<>]*>[^<]{0,1000}</title>", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z!/?]|&[a-zA-Z#]")
_WRAPPER = re.compile(
    r"</?(?:(?:div|span|font|b|i|u|em|strong|center|small|big|section|blockquote|ul|ol|table|tbody|tr|td|a|q|sub|sup)\b"
    r"|[a-z]++-[a-z-]++)[^<>]*+>",
    re.IGNORECASE,
)


_SPACE = re.compile(r"\s+")
_TEXTS = frozenset({NavigableString, CData})


class _End(str):
    """What is written where an element ends."""

    __slots__ = ()


_PRE_END = _End("\n")


def nesting_depth(markup: str) -> int:
    """Return how deep the elements of `markup` are nested at most, counted without building a tree."""
    depth = deepest = 0
    for match in _TAG.finditer(markup):
        if match["name"].lower() in _VOID or match["rest"].endswith("/"):
            continue
        if match["close"]:
            depth = max(depth - 1, 0)
        else:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def strip_tags(markup: str) -> str:
    """Return the text of `markup` by a linear scan; block elements become line breaks."""
    text = _COMMENT.sub(" ", drop_blocks(markup, _DROPPED_BLOCK))
    text = _TAG.sub(_replace_tag, text)
    return tidy_paragraphs(html.unescape(text), MAX_CHARS)


def drop_blocks(markup: str, opening: re.Pattern[str]) -> str:
    """Return `markup` with a space for each block, from its opening tag to its end tag or the end of all.

    Takes time in proportion to the length, whatever is in it.

    Args:
        markup: any text.
        opening: matches an opening tag; its group `name` is the name of the element.
    """
    parts: list[str] = []
    at = 0
    while block := opening.search(markup, at):
        parts.append(markup[at : block.start()])
        closing = re.compile(rf"</{re.escape(block['name'])}\s*+>", re.IGNORECASE)
        end = closing.search(markup, block.end())
        at = end.end() if end else len(markup)
    return " ".join([*parts, markup[at:]])


def flatten(markup: str, max_depth: int = MAX_DEPTH) -> str:
    """Return `markup` no deeper than `max_depth`: unchanged, without wrappers, or as bare paragraphs."""
    if nesting_depth(markup) <= max_depth:
        return markup
    flat = _WRAPPER.sub("\n", markup)
    if nesting_depth(flat) <= max_depth:
        return flat
    title = _TITLE.search(markup)
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in strip_tags(markup).split("\n"))
    return f"<html><head>{title[0] if title else ''}</head><body>{paragraphs}</body></html>"


def plain_text(html_fragment: str) -> str:
    """Return the readable text of a piece of HTML: one newline between blocks, no scripts, no markup.

    Never raises. Text without markup comes back with its white space tidied.
    """
    markup = html_fragment[:MAX_CHARS]
    if "<" not in markup and "&" not in markup:
        return tidy_paragraphs(markup, MAX_CHARS)
    if not _MARKUP.search(markup):
        return tidy_paragraphs(markup, MAX_CHARS)
    if "<" not in markup:
        return tidy_paragraphs(html.unescape(markup), MAX_CHARS)
    if nesting_depth(markup) > MAX_DEPTH:
        return strip_tags(markup)
    try:
        return tidy_paragraphs(_walk(parse_html(markup)), MAX_CHARS)
    except (ValueError, TypeError, AssertionError, AttributeError, RecursionError):
        return strip_tags(markup)


def parse_html(markup: str | bytes) -> BeautifulSoup:
    """Return the tree of `markup`, built by lxml; bytes are decoded by their own declaration."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")


def _replace_tag(match: re.Match[str]) -> str:
    name = match["name"].lower()
    if name in _BLOCKS:
        return "\n"
    return " " if name in _CELLS else ""


def _walk(soup: BeautifulSoup) -> str:
    """Join the strings of a tree in document order, without recursion."""
    parts: list[str] = []
    todo: list[Tag | PageElement | str] = [soup]
    pre_depth = 0
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if node.name in _DROPPED:
                continue
            edge = "\n" if node.name in _BLOCKS else " " if node.name in _CELLS else ""
            parts.append(edge)
            pre_depth += node.name == "pre"
            todo.append(_PRE_END if node.name == "pre" else _End(edge))
            todo.extend(reversed(node.contents))
        elif isinstance(node, _End):
            pre_depth -= node is _PRE_END
            parts.append(node)
        elif type(node) in _TEXTS:
            parts.append(str(node) if pre_depth else _SPACE.sub(" ", str(node)))
    return "".join(parts)
