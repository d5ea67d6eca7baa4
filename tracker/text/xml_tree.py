"""XML read into a tree so that nothing in it can hurt: no entities, no network, no document type.

For documents that one publisher makes by machine; feeds of anybody are parsed in a process of their own.
"""

from __future__ import annotations

import html
from typing import Any

from lxml import etree

from tracker.text.clean import one_line

MAX_CHARS = 100_000
"""Code points of the text of one element."""


def xml_root(body: bytes, warnings: list[str]) -> Any:  # noqa: ANN401 - lxml publishes no types
    """Return the root element, or None when nothing can be read as XML.

    Args:
        body: the document.
        warnings: gets a line when it is not well-formed and what could be read was kept.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is not None and len(parser.error_log):
        warnings.append("the document is not well-formed XML; what could be read was kept")
    return root


def local_name(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the name of an element without its namespace, or "" for a comment or an entity."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def text_in(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the text inside an element on one line; "" for none at all. Named characters are written out."""
    return one_line(html.unescape("".join(node.itertext())), MAX_CHARS) if node is not None else ""
