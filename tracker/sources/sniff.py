"""Tells what a captured body is, from its first bytes and its content type."""

from __future__ import annotations

import re

_HEAD = 65_536
_FEED_ROOT = re.compile(r"(?:\w+:)?(?:rss|rdf|feed|channel)", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<\s*([A-Za-z_][\w.:-]*)")
_PROLOG = re.compile(
    r"\s+|<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_HTML_NAMES = (
    "html head body title meta link script style div span p a br table center h1 h2 h3 h4 ul ol li "
    "section article main nav header footer img b i"
)
_HTML_TAGS = frozenset(_HTML_NAMES.split())
_HTML_ROOTS = frozenset({"html", "head", "body", "script"})
_FEED_INSIDE = re.compile(r"<(?:rss|rdf:RDF|feed|channel)[\s>]", re.IGNORECASE)


def sniff(body: bytes, content_type: str) -> str:
    """Return 'feed', 'html', 'json' or 'unknown' for a body; the bytes count more than the header."""
    head = _decode(body[:_HEAD]).lstrip("\ufeff \t\r\n\0")
    if not head:
        return "unknown"
    if head[0] in "{[" or (head[0] == '"' and "json" in content_type.lower()):
        return "json"
    position, is_html_doctype = 0, False
    while match := _PROLOG.match(head, position):
        is_html_doctype = (
            is_html_doctype or re.match(r"<!doctype\s+html", match.group(), re.IGNORECASE) is not None
        )
        position = match.end()
    tag = _FIRST_TAG.match(head, position) or _FIRST_TAG.search(head, position)
    name = tag[1].lower() if tag else ""
    if name and _FEED_ROOT.fullmatch(name):
        return "feed"
    # a server's own warning in front of a feed is markup too
    if tag is not None and name not in _HTML_ROOTS and _FEED_INSIDE.search(head, position):
        return "feed"
    if name in _HTML_TAGS or is_html_doctype:
        return "html"
    return _by_header(content_type, has_markup=tag is not None)


def _decode(head: bytes) -> str:
    for mark, name in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
    ):
        if head.startswith(mark):
            return head.decode(name, "replace")
    return head.decode("utf-8", "replace")


def _by_header(content_type: str, *, has_markup: bool) -> str:
    lowered = content_type.lower()
    if has_markup and any(word in lowered for word in ("rss", "atom", "rdf")):
        return "feed"
    if "html" in lowered:
        return "html"
    return "unknown"
