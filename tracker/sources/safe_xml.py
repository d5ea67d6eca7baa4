"""XML answers of a publisher, or a plain sentence about what came instead; the tree is `text.xml_tree`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line
from tracker.text.xml_tree import xml_root

if TYPE_CHECKING:
    from tracker.records import Page

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
    root = xml_root(page.body, warnings)
    if root is None:
        shown = one_line(page.body[:300].decode("utf-8", "replace"), 60)
        msg = f"this is not {what}: it cannot be read as XML; it begins '{shown}'"
        raise FeedError(msg)
    return root
