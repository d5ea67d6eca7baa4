"""What the process does in which feedparser runs: raw bytes in, plain values out.

Run by `child.loop` with an isolated interpreter, and imports nothing of this project and no numpy. A request holds
final_url, content_type and max_items.
"""

from __future__ import annotations

import io
import re
import xml.sax
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

CUT_FACTOR = 2
"""A feed with more than max_items times this many items loses its middle before it is parsed."""
MAX_ENTITY_GROWTH = 1_000_000
"""Bytes that the entities a feed declares may add to it; those beyond are left out."""
MAX_DEPTH = 200
"""Elements inside one another; the tags of deeper ones are left out, their text is kept."""
MAX_TAGS = 40_000
"""Tags of one item; those beyond are left out, what stands between them is kept."""
MAX_ATTRIBUTES, MAX_NAMESPACES = 200, 2000
"""Attributes of one element, and name spaces declared in all; beyond, an element loses its attributes."""
MAX_VALUE, MAX_TEXT = 20_000, 1_000_000
"""Code points kept of a title, a name or an address, and of a text with its markup."""
MAX_REMEMBERED = 1000
"""Code points of a pair of addresses that is kept in memory."""
MAX_PARTS = 50
"""Links, authors, tags and texts kept of one item."""

_BAD_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x0e\x0f\x1b")
_WIDE_STARTS = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']")
_CHARACTER = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_POSSIBLE = (range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))
_ITEM_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
# feedparser answers repeated entities and deep or wide elements with memory and time that grow with their square
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(rb"<\w")
_XML_DECLARATION = re.compile(rb"\s*<\?xml\b[^<>]*\?>")
_ENTITY = re.compile(rb"""<!ENTITY\s++([\w.:-]{1,100}+)\s++(?:"([^"]*+)"|'([^']*+)')\s*+>""")
_ENTITY_NAME = re.compile(rb"<!ENTITY\s++(?:%\s++)?([\w.:-]{1,100}+)")
_REFERENCE = re.compile(rb"&([A-Za-z_][\w.:-]{0,99}+);")
_BUILT_IN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_NODE = re.compile(
    rb"""<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"""
    rb"""|<(/?)([A-Za-z_][\w:.-]*+)((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>""",
    re.DOTALL,
)
_ITEM_NAME = re.compile(rb"(?:\w+:)?(?:item|entry)", re.IGNORECASE)
_ITEM_DEPTH = 3
_PICTURE = re.compile(rb"data:[\w/+.;=-]{1,100};base64,[A-Za-z0-9+/=%\s]{200,}+")
_TEXT_KEYS = (
    "id",
    "link",
    "title",
    "language",
    "author",
    "published",
    "updated",
    "created",
    "dc_date",
    "date",
    "pubdate",
)


def parse(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Return the feed in `body` as plain values: what feedparser read, dates and links as printed."""
    feedparser = _parser()
    is_wide = body.startswith(tuple(start for start, _ in _WIDE_STARTS))
    content_type = "application/xml; charset=utf-8" if is_wide else request["content_type"]
    # one name for all, so that each copy is freed when the next is made
    body = clean_bytes(narrow_bytes(body))
    body, n_cut = cut_middle(body, request["max_items"] * CUT_FACTOR)
    body = without_entities(body)
    body = without_excess(_replaced(_PICTURE, lambda _: b"data:,", body))
    headers = {"content-location": request["final_url"], "content-type": content_type}
    parsed = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    feed = parsed["feed"]
    entries = parsed["entries"][: request["max_items"] * CUT_FACTOR]
    return {
        "version": parsed.get("version") or "",
        "is_broken_xml": isinstance(parsed.get("bozo_exception"), xml.sax.SAXException),
        "title": _text(feed, "title"),
        "title_type": _detail_type(feed, "title_detail"),
        "language": _text(feed, "language"),
        "n_cut": n_cut + len(parsed["entries"]) - len(entries),
        "entries": [_entry(entry) for entry in entries],
    }


@lru_cache(maxsize=1)
def _parser() -> Any:  # noqa: ANN401 - feedparser is untyped
    """Return feedparser without what costs a third of its time and changes nothing of what is kept of its answer."""
    import feedparser  # noqa: PLC0415 - discovery imports this module in workers, which must not pay for it

    mixin = feedparser.mixin
    # an id is kept as printed: resolved against the address of the feed it would change when that moves
    mixin._FeedParserMixin.can_be_relative_uri.discard("id")  # noqa: SLF001 - no public switch
    # dates are read from the printed text, by others
    feedparser.datetimes._date_handlers.clear()  # noqa: SLF001 - as above
    # each element asks for its base, which is that of the one around it
    mixin.make_safe_absolute_uri = _remembering(feedparser.urls.make_safe_absolute_uri)
    # only ever a flat dictionary of texts
    mixin.copy = SimpleNamespace(deepcopy=lambda params: type(params)(params))
    return feedparser


def _remembering(resolve: Callable[..., str]) -> Callable[..., str]:
    remembered = lru_cache(maxsize=64)(resolve)

    def resolved(base: str, rel: str | None = None) -> str:
        is_short = len(base) + len(rel or "") <= MAX_REMEMBERED
        return remembered(base, rel) if is_short else resolve(base, rel)

    return resolved


def narrow_bytes(body: bytes) -> bytes:
    """Return UTF-16 as UTF-8, which all that follows can search; any other body as it is."""
    name = next((name for start, name in _WIDE_STARTS if body.startswith(start)), "")
    if not name:
        return body
    return _DECLARED.sub(rb"\1", body.decode(name, "replace").encode("utf-8", "replace"))


def clean_bytes(body: bytes) -> bytes:
    """Take out what stops a strict XML parser and says nothing: NUL, controls, impossible characters."""
    return _replaced(_CHARACTER, _without_impossible, body.translate(None, _BAD_CONTROLS)).lstrip()


def without_entities(body: bytes) -> bytes:
    """Return a document that declares entities with their values in place and without the declarations.

    An entity that stands for another, for something outside the document or for too much stands for nothing.
    """
    root = _ROOT.search(body) or _FIRST_ELEMENT.search(body)
    head = body[: root.start()] if root else body
    if b"<!ENTITY" not in head:
        return body
    values = dict.fromkeys(_ENTITY_NAME.findall(head), b"")
    for name, double, single in _ENTITY.findall(head):
        value = double or single
        values[name] = b"" if _REFERENCE.search(value) or b"%" in value else value
    left = [MAX_ENTITY_GROWTH]

    def put(match: re.Match[bytes]) -> bytes | None:
        if match[1] not in values or match[1] in _BUILT_IN:
            return None
        left[0] -= len(values[match[1]])
        return values[match[1]] if left[0] >= 0 else b""

    declaration = _XML_DECLARATION.match(head)
    return (declaration[0] if declaration else b"") + _replaced(_REFERENCE, put, body[len(head) :])


def without_excess(body: bytes) -> bytes:
    """Return `body` without the tags of elements that are nested too deeply, and without attributes in masses."""
    n_items = n_namespaces = n_tags = 0
    open_tags = bytearray()  # one byte per open element, 1 where its tag was left out

    def put(match: re.Match[bytes]) -> bytes | None:
        nonlocal n_items, n_namespaces, n_tags
        slash, name, attributes = match.groups()
        if name is None:
            return None
        is_item = _ITEM_NAME.fullmatch(name) is not None
        n_tags = 0 if is_item else n_tags + 1
        if slash:
            n_items = max(n_items - is_item, 0)
            return b"" if open_tags and open_tags.pop() else None
        if is_item:
            # an element that is never closed must not make all later items seem deep
            del open_tags[_ITEM_DEPTH + n_items :]
            n_items += 1
        n_namespaces += attributes.count(b"xmlns")
        is_empty = attributes.endswith(b"/")
        is_left_out = len(open_tags) >= MAX_DEPTH or n_tags > MAX_TAGS
        if not is_empty:
            open_tags.append(is_left_out)
        if is_left_out:
            return b""
        if n_namespaces > MAX_NAMESPACES or _is_wide(attributes):
            return b"<" + name + (b"/>" if is_empty else b">")
        return None

    return _replaced(_NODE, put, body)


def _is_wide(attributes: bytes) -> bool:
    return attributes.count(b'="') + attributes.count(b"='") > MAX_ATTRIBUTES


def cut_middle(body: bytes, max_items: int) -> tuple[bytes, int]:
    """Return `body` with at most `max_items` items, half from each end, and how many were cut."""
    ends = [match.end() for match in _ITEM_END.finditer(body)]
    n_cut = len(ends) - max_items
    if n_cut <= 0:
        return body, 0
    first = max_items - max_items // 2
    return body[: ends[first - 1]] + body[ends[first + n_cut - 1] :], n_cut


def _without_impossible(match: re.Match[bytes]) -> bytes | None:
    code = int(match[1], 16) if match[1] else int(match[2])
    return None if code in {9, 10, 13} or any(code in possible for possible in _POSSIBLE) else b""


def _replaced(
    pattern: re.Pattern[bytes], put: Callable[[re.Match[bytes]], bytes | None], body: bytes
) -> bytes:
    """Do what `pattern.sub` does, without holding a piece per match; None leaves a match as it is."""
    out, at = bytearray(), 0
    view = memoryview(body)
    for match in pattern.finditer(body):
        instead = put(match)
        if instead is not None:
            out += view[at : match.start()]
            out += instead
            at = match.end()
    if not at:
        return body
    out += view[at:]
    return bytes(out)


def _entry(entry: Any) -> dict[str, Any]:  # noqa: ANN401 - feedparser is untyped
    values: dict[str, Any] = {key: _text(entry, key) for key in _TEXT_KEYS}
    values["guid_is_link"] = bool(dict.get(entry, "guidislink"))
    values["title_type"] = _detail_type(entry, "title_detail")
    values["links"] = [
        [_text(link, "rel"), _text(link, "type"), _text(link, "href")] for link in _list(entry, "links")
    ]
    values["authors"] = [_text(author, "name") for author in _list(entry, "authors")]
    values["tags"] = [_text(tag, "label") or _text(tag, "term") for tag in _list(entry, "tags")]
    texts = [[_text(part, "type"), _text(part, "value", MAX_TEXT)] for part in _list(entry, "content")]
    texts.append([_detail_type(entry, "summary_detail"), _text(entry, "summary", MAX_TEXT)])
    values["texts"] = texts
    return values


def _text(values: Any, key: str, at_most: int = MAX_VALUE) -> str:  # noqa: ANN401 - feedparser is untyped
    # dict.get: feedparser's own look-up answers 'updated' with 'published' and warns
    found = dict.get(values, key)
    return found[:at_most] if isinstance(found, str) else ""


def _list(values: Any, key: str) -> list[Any]:  # noqa: ANN401 - feedparser is untyped
    found = dict.get(values, key)
    return [part for part in found[:MAX_PARTS] if isinstance(part, dict)] if isinstance(found, list) else []


def _detail_type(values: Any, key: str) -> str:  # noqa: ANN401 - feedparser is untyped
    found = dict.get(values, key)
    return _text(found, "type") if isinstance(found, dict) else ""
