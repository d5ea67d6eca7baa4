"""The article that a page describes in JSON-LD, as plain strings. Broken JSON is no error."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TYPE = re.compile(r"Article|BlogPosting|Report|PressRelease|^(?:news:)?Posting$|LiveBlog", re.IGNORECASE)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)\s*|\s*(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", re.DOTALL
)
_MAX_BLOCK = 1_000_000
_MAX_NODES = 2000


@dataclass(frozen=True, slots=True)
class JsonLdArticle:
    """What the JSON-LD of a page says about its article; empty strings where it says nothing."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    body: str = ""
    publisher: str = ""
    language: str = ""


def read_json_ld(blocks: Sequence[str], *, said: Sequence[str] = (), address: str = "") -> JsonLdArticle:
    """Return the article that a page is about, of all that its script blocks describe.

    Pages describe other articles too (most read, related). The one with this page's address or headline is
    taken; else the first with a headline, else the first.

    Args:
        blocks: contents of the script elements.
        said: headlines that the page itself prints, folded to words and lower case.
        address: where the page was found.
    """
    articles = [node for block in blocks for node in _nodes(_load(block)) if _is_article(node)]
    if not articles:
        return JsonLdArticle()
    best = max(articles, key=lambda node: _likeness(node, said, address))  # the first of equals
    return JsonLdArticle(
        headline=_string(best.get("headline")) or _string(best.get("name")),
        authors=tuple(dict.fromkeys(_names(best.get("author")) or _names(best.get("creator")))),
        published=_string(best.get("datePublished")) or _string(best.get("dateCreated")),
        modified=_string(best.get("dateModified")),
        body=_string(best.get("articleBody")),
        publisher=next(iter(_names(best.get("publisher"))), ""),
        language=_string(best.get("inLanguage")),
    )


def _likeness(node: dict[str, Any], said: Sequence[str], address: str) -> int:
    """Return how much speaks for an article being the page's own."""
    headline = " ".join(re.findall(r"\w+", html.unescape(_string(node.get("headline"))))).casefold()
    page = node.get("mainEntityOfPage")
    named = [node.get("url"), node.get("@id"), page, page.get("@id") if isinstance(page, dict) else ""]
    path = _path(address)
    is_here = len(path) > 1 and any(isinstance(name, str) and _path(name) == path for name in named)
    return 4 * (bool(headline) and headline in said) + 2 * is_here + bool(headline)


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return ""


def _load(block: str) -> Any:  # noqa: ANN401 - JSON is anything
    text = _WRAPPING.sub("", block[:_MAX_BLOCK])
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(root: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON is anything
    """Walk lists, graphs and main entities breadth first."""
    todo: list[Any] = [root]
    for _ in range(_MAX_NODES):
        if not todo:
            return
        node = todo.pop(0)
        if isinstance(node, list):
            todo.extend(node)
        elif isinstance(node, dict):
            yield node
            todo.extend(
                node[key]
                for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement")
                if key in node
            )


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and _TYPE.search(kind)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _string(value: Any) -> str:  # noqa: ANN401 - JSON is anything
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _names(value: Any) -> list[str]:  # noqa: ANN401 - JSON is anything
    values = value if isinstance(value, list) else [value]
    names: list[str] = []
    for part in values:
        name = part.get("name") if isinstance(part, dict) else part
        names.extend(
            n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str) and n.strip()
        )
    return names
