"""The text of a bill as it is printed: a paragraph per level, headings and numbers where a reader expects them.

Promises time in proportion to the length, whatever the nesting; leaves titles and names to `bill`.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from lxml import etree

from tracker.text.clean import tidy_paragraphs
from tracker.text.xml_tree import local_name, text_in

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CHARS = 2_000_000

_BODY_NAMES = "preamble legis-body resolution-body engrossed-amendment-body main"
_HIGH_NAMES = "division title subtitle part subpart chapter subchapter section"
_LOW_NAMES = (
    "subsection paragraph subparagraph clause subclause item subitem quoted-block quotedContent whereas recital "
    "continuation-text continuation list-item li p row tr toc-entry block enacting-formula enactingFormula "
    "attestation-group legis-comment"
)
_SKIPPED_NAMES = "toc metadata meta pagebreak page graphic endorsement longTitle"
_BODIES = frozenset(_BODY_NAMES.split())
_HIGH = frozenset(_HIGH_NAMES.split())
_BLOCKS = _HIGH | frozenset(_LOW_NAMES.split())
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_NUMBERS = frozenset({"enum", "num"})
_HEADINGS = frozenset({"header", "heading"})
_QUOTED = frozenset({"quote", "quotedText"})
_QUOTED_BLOCKS = frozenset({"quoted-block", "quotedContent"})
_AFTER_QUOTED = "after-quoted-block"
_DELETED = frozenset({"deleted", "struck-out"})


def body_text(root: Any, warnings: list[str]) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the text of all bodies of a bill, one newline between paragraphs."""
    parts: list[str] = []
    for action in root.iter("{*}action-desc", "{*}actionDescription"):
        parts += ["\n", text_in(action), "\n"]
    n_struck = 0
    for body in root.iter(*("{*}" + name for name in _BODIES)):
        if _is_struck(body):
            n_struck += 1
            continue
        for piece in _pieces(body):
            parts.append(piece)
            n_struck += piece is _STRUCK
    if n_struck:
        warnings.append("text that the report strikes out was left out")
    text = tidy_paragraphs("".join(parts), MAX_CHARS)
    return text.replace("\u201c\n", "\u201c").replace("\n\u201d", "\u201d")


_STRUCK = "\u2060"
"""Stands where text was struck out; the tidying takes it away."""


def _pieces(body: Any) -> Iterator[str]:  # noqa: ANN401 - lxml publishes no types
    """Yield the text of a body piece by piece, with what print adds: line breaks, quotation marks, 'SEC.'."""
    todo: list[Any] = [body]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield node
            continue
        name = local_name(node)
        if node is not body and _is_struck(node):
            yield _STRUCK
        elif node.tag is etree.Entity:
            yield html.unescape(node.text)
        elif name and name not in _SKIPPED and (node is body or name not in _BODIES):
            yield _before(node, name)
            yield node.text or ""
            todo.append(_after(node, name))
            for child in reversed(node):
                todo += [child.tail or "", child]


def _before(node: Any, name: str) -> str:  # noqa: ANN401 - lxml publishes no types
    if name in _QUOTED_BLOCKS:
        return "\n\u201c"
    if name in _BLOCKS:
        return "\n"
    if name in _QUOTED:
        return "\u201c"
    if name == _AFTER_QUOTED:
        return "\u201d"
    parent = node.getparent()
    if name == "enum" and local_name(parent) == "section" and (node.text or "").strip()[:1].isdigit():
        return "SECTION " if parent.get("section-type") == "section-one" else "SEC. "
    return ""


def _after(node: Any, name: str) -> str:  # noqa: ANN401 - lxml publishes no types
    if name in _NUMBERS:
        return " "
    if name in _HEADINGS:
        return "\n" if local_name(node.getparent()) in _HIGH else ".\u2014"
    if name in _QUOTED:
        return "\u201d"
    if name in _QUOTED_BLOCKS:
        return "\n" if len(node) and local_name(node[-1]) == _AFTER_QUOTED else "\u201d\n"
    return "\n" if name in _BLOCKS else ""


def _is_struck(node: Any) -> bool:  # noqa: ANN401 - lxml publishes no types
    return node.get("changed") in _DELETED or local_name(node) == "deleted-phrase"
