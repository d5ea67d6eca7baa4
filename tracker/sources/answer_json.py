"""JSON answers, decoded so that nothing a server sends can hurt, and read without trusting their types.

`decoded` promises a value or one sentence; the readers below promise a value of the type they name, whatever
stands there: a null, a number as text, a list where one value was meant.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.records import Page
    from tracker.sources.gather import Gathering

MAX_DEPTH = 100
"""How deep an answer may be nested."""

_SHOWN = 80
_MAX_DIGITS = 40
# a text that never ends is a match too: each quotation mark is looked at once
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[{]|[\]}]")
_BACKSLASH = re.compile(r"""\\(?:["'\\/bfnrt]|u[0-9a-fA-F]{4})?""")


def decoded(page: Page) -> object:
    """Return the value that an answer holds: dict, list, text, number, bool or None.

    Bytes that are no text are replaced, a backslash that escapes nothing is kept as it is, and control
    characters inside texts do no harm; NaN, infinities and absurdly long numbers become None.

    Raises:
        FeedError: empty, a web page, a feed, nested too deep, or not JSON; quotes what came instead.
    """
    if not page.body.strip():
        msg = "the answer is empty; there is no JSON in it"
        raise FeedError(msg)
    found = sniff(page.body, page.content_type)
    body = page.body.decode(json.detect_encoding(page.body), "replace").removeprefix("\ufeff").strip()
    if found == "html" and not body.startswith(("{", "[", '"')):
        msg = "this is a web page, not JSON; check the address, or whether the site turns robots away"
        raise FeedError(msg)
    if found == "feed":
        msg = "this is a feed, not JSON; it needs an endpoint of the kind 'feed'"
        raise FeedError(msg)
    if _depth(body) > MAX_DEPTH:
        msg = f"the JSON is nested more than {MAX_DEPTH} levels deep; no listing is made like that"
        raise FeedError(msg)
    try:
        return _loads(body)
    except ValueError:
        pass
    try:
        return _loads(_BACKSLASH.sub(_repaired, body))
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        msg = f"the answer is not JSON{where}; it begins '{one_line(body[:1000], _SHOWN)}'"
        raise FeedError(msg) from None


def members(value: object) -> Mapping[str, object]:
    """Return the members of an object; an empty mapping when it is none."""
    return value if isinstance(value, dict) else {}


def member(value: object, *path: str) -> object:
    """Return what stands at `path` inside nested objects, or None."""
    for name in path:
        value = members(value).get(name)
    return value


def values(value: object) -> list[object]:
    """Return the members of a list; nothing for null; anything else as the only member."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def rows(value: object) -> list[Mapping[str, object]]:
    """Return the objects in a list, or the object itself as the only one; what is no object is left out."""
    return [row for row in values(value) if isinstance(row, dict)]


def rows_or_refusals(value: object, gathering: Gathering) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list in order; what is no object is refused in its place."""
    for row in values(value):
        if isinstance(row, dict):
            yield row
        else:
            gathering.refuse(text(row), "it is not an object with members, as the items of this listing are")


def text(value: object) -> str:
    """Return a text as it stands, a number in digits, and "" for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def texts(value: object) -> list[str]:
    """Return the texts and numbers of a list, or of a single value, without empty ones."""
    return [line for part in values(value) if (line := text(part).strip())]


def whole(value: object) -> int | None:
    """Return a whole number, also when it was sent as text; None for anything else."""
    digits = text(value).strip()
    return int(digits) if re.fullmatch(r"-?[0-9]{1,18}", digits) else None


def _loads(body: str) -> object:
    try:
        value: object = json.loads(body, strict=False, parse_int=_int, parse_constant=lambda _name: None)
    except RecursionError:
        msg = "nested too deep"
        raise ValueError(msg) from None
    return value


def _int(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def _repaired(match: re.Match[str]) -> str:
    if match[0] == r"\'":
        return "'"
    return match[0] if len(match[0]) > 1 else r"\\"


def _depth(body: str) -> int:
    depth = deepest = 0
    for match in _BRACKET.finditer(_STRING.sub("", body)):
        depth += 1 if match[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
