"""An article as plain values and back, for the way between two processes; whatever fields it has by now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from functools import lru_cache
from types import NoneType
from typing import Any, get_args, get_type_hints

from tracker.records import ParsedArticle


def to_plain(article: ParsedArticle) -> dict[str, Any]:
    """Return what JSON can hold; moments as ISO text."""
    plain: dict[str, Any] = _plain(asdict(article))
    return plain


def from_plain(values: Mapping[str, Any]) -> ParsedArticle:
    """Return the article of which `to_plain` made `values`."""
    article: ParsedArticle = _made(ParsedArticle, values)
    return article


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


@lru_cache
def _fields(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _made(kind: Any, value: Any) -> Any:  # noqa: ANN401 - as the field says
    parts = [each for each in get_args(kind) if each is not NoneType]
    if NoneType in get_args(kind):
        return None if value is None else _made(parts[0], value)
    if is_dataclass(kind) and isinstance(kind, type):
        return kind(**{name: _made(_fields(kind)[name], each) for name, each in value.items()})
    if isinstance(value, Mapping):
        return {name: _made(parts[-1], each) for name, each in value.items()}
    if isinstance(value, list):
        return tuple(_made(parts[0], each) for each in value)
    return dt.datetime.fromisoformat(value) if kind is dt.datetime else value
