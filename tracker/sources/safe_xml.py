"""XML answers read into a tree so that nothing in them can hurt: no entities, no network, no document type.

For documents that one publisher makes by machine; feeds of anybody are parsed in the process of `child`.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from lxml import etree

from tracker.errors import FeedError
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line

if TYPE_CHECKING:
    from tracker.records import Page

MAX_CHARS = 100_000
"""Code points of the text of one element."""

_NOT_XML = {
    "html": "this is a web page, not {what}; check the address, or whether the site turns robots away",
    "json": "this is JSON, not {what}; it needs an endpoint of another kind",
}


def parsed_xml(page: Page, what: str, warnings: list[str]) -> Any:  # noqa: ANN401 - lxml publishes no types
    """Return the root element of an answer.

    Args:
        page: the answer as fetched.
        what: what it should be, for the sentence of an error: 'a bill in XML'.
        warnings: gets a line when the document is not well-formed and what could be read was kept.

    Raises:
        FeedError: empty, a web page, JSON, or nothing that can be read as XML.
    """
    if not page.body.strip():
        msg = f"the answer is empty; there is not {what} in it"
        raise FeedError(msg)
    found = sniff(page.body, page.content_type)
    if found in _NOT_XML:
        raise FeedError(_NOT_XML[found].format(what=what))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(page.body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        shown = one_line(page.body[:300].decode("utf-8", "replace"), 60)
        msg = f"this is not {what}: it cannot be read as XML; it begins '{shown}'"
        raise FeedError(msg)
    if len(parser.error_log):
        warnings.append("the document is not well-formed XML; what could be read was kept")
    return root


def local_name(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the name of an element without its namespace, or "" for a comment or an entity."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def text_in(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the text inside an element on one line; "" for none at all. Named characters are written out."""
    return one_line(html.unescape("".join(node.itertext())), MAX_CHARS) if node is not None else ""
