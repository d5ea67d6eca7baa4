"""Sources as YAML: everything, in a form that people edit by hand and version control compares line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

import yaml

from tracker.errors import StarterDataError
from tracker.starter.rows import Row
from tracker.starter.transfer.facts import (
    ENDPOINT_FIELDS,
    SOURCE_FIELDS,
    EndpointFacts,
    SourceFacts,
    TransferError,
    checked,
)

FORMAT = "retort sources, version 1"
_LINE = "\0line"  # no key of a file can be called so
_HEAD = """# Sources and their endpoints. What is not said has its usual value: an endpoint is on, of the kind feed, and
# asked every 1800 seconds. `manage.py sources --import FILE --preview` says what taking this over would change.
"""
# what a block of plain lines can hold without loss, and what only survives between double quotes, escaped
_LINE_OF_BLOCK = r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]"
_BLOCK = re.compile(rf"(?![\s#]){_LINE_OF_BLOCK}(?:{_LINE_OF_BLOCK}|\n)*")
_ESCAPED = re.compile(r"[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")


class _Dumper(yaml.SafeDumper):
    """Writes lists indented and texts of many lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's
        """Indent lists too."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - PyYAML's
        """Write the same value twice rather than a reference."""
        return True


class _Loader(yaml.SafeLoader):
    """Notes in which line each mapping begins. Not the loader in C: nested brackets make that one crash.

    References are refused: a few lines of them stand for more rows than any memory holds.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - PyYAML's
        """Return the next part of the file, unless it refers to another."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML's
            problem = "a value refers to another one with '*'; write it out"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return super().compose_node(parent, index)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = None
    if "\n" in value and _BLOCK.fullmatch(value) and not re.search(r" \n|\n\Z| \Z", value):
        style = "|"
    elif _ESCAPED.search(value):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return found | {_LINE: node.start_mark.line + 1}


_Dumper.add_representer(str, _text)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def write_yaml(sources: Sequence[SourceFacts]) -> str:
    """Return the file."""
    rows = [
        _told(source, SOURCE_FIELDS)
        | (
            {"endpoints": [_told(each, ENDPOINT_FIELDS) for each in source.endpoints]}
            if source.endpoints
            else {}
        )
        for source in sources
    ]
    body = yaml.dump(
        {"format": FORMAT, "sources": rows}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110
    )
    return _HEAD + body


def read_yaml(text: str) -> list[SourceFacts]:
    """Return the sources of a file.

    Raises:
        TransferError: it is no such file, or something in it is wrong; says in which line and what to do.
    """
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - derived from the safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        msg = f"Line {line}: this is not YAML ({error.problem or error.context}). Correct that line."
        raise TransferError(msg) from None
    except RecursionError:
        msg = "Line 1: this is nested too deep to be a list of sources. Correct the file."
        raise TransferError(msg) from None
    except (yaml.YAMLError, ValueError) as error:
        msg = f"This is not YAML that can be read ({' '.join(str(error).split())[:200]}). Correct the file."
        raise TransferError(msg) from None
    try:
        top = _Lined("", "", content)
        _check_format(top.text("format"))
        sources = top.parts("sources", _source)
        top.done()
    except StarterDataError as error:
        words = str(error).removeprefix(", ")
        msg = f"{words[:1].upper()}{words[1:]}"
        raise TransferError(msg) from None
    return checked(sources)


class _Lined(Row):
    """A strict row that knows its line and keeps texts as they are, spaces at their ends included."""

    def __init__(self, file: str, item: str, values: object) -> None:
        line = values.get(_LINE, 0) if isinstance(values, Mapping) else 0
        self.line = line if isinstance(line, int) else 0
        left = (
            {key: value for key, value in values.items() if key != _LINE}
            if isinstance(values, Mapping)
            else values
        )
        where = item or (f"line {self.line}" if self.line else "the file")
        super().__init__(file, where, left)

    def optional(self, key: str) -> str:
        value = self._left.pop(key, "")
        if not isinstance(value, str):
            self.refuse(f"'{key}' is not a text but {_shown(value)}", do="Put it between quotes.")
        return value

    def known(self, key: str) -> bool:
        """Whether the file says anything under this key."""
        return key in self._left

    def parts(self, key: str, read: Any) -> list[Any]:  # noqa: ANN401 - a reader of either noun
        """Take a list of mappings and read each."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            self.refuse(f"'{key}' is not a list", do="Write each item after `- `.")
        found = []
        for place, each in enumerate(value, 1):
            if not isinstance(each, Mapping):
                self.refuse(f"item {place} of '{key}' is not a mapping", do="Write it as `key: value` lines.")
            row = _Lined(self.file, "", each)
            found.append(read(row))
            row.done()
        return found

    def settings(self, key: str) -> dict[str, str]:
        """Take a mapping of text to text."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            self.refuse(f"'{key}' is not a mapping of texts", do="Write it as `name: value` lines.")
        pairs = {name: each for name, each in value.items() if name != _LINE}
        if not all(isinstance(part, str) for pair in pairs.items() for part in pair):
            self.refuse(f"'{key}' is not a mapping of texts", do="Put the values between quotes.")
        return pairs


def _check_format(given: str) -> None:
    if given != FORMAT:
        msg = f"Line 1: this file says it is '{given[:60]}', and only '{FORMAT}' can be read. Export it anew."
        raise TransferError(msg)


def _source(row: _Lined) -> SourceFacts:
    values = _values(row, SourceFacts, SOURCE_FIELDS)
    return SourceFacts(**values, endpoints=tuple(row.parts("endpoints", _endpoint)), line=row.line)


def _endpoint(row: _Lined) -> EndpointFacts:
    options = row.settings("options")
    names = [name for name in ENDPOINT_FIELDS if name != "options"]
    return EndpointFacts(**_values(row, EndpointFacts, names), options=options, line=row.line)


def _values(row: _Lined, cls: type[SourceFacts | EndpointFacts], names: Sequence[str]) -> dict[str, Any]:
    """Take the fields of one noun by the type of their usual values; what is not said keeps its usual value."""
    usual = _usual(cls)
    values: dict[str, Any] = {}
    for name in names:
        if name not in usual:
            values[name] = row.text(name)
        elif row.known(name):
            standard = usual[name]
            take = (
                row.flag
                if isinstance(standard, bool)
                else row.whole
                if isinstance(standard, int)
                else row.optional
            )
            values[name] = take(name)
    return values


def _usual(cls: type[SourceFacts | EndpointFacts]) -> dict[str, Any]:
    return {each.name: each.default for each in fields(cls) if each.default is not MISSING}


def _told(facts: SourceFacts | EndpointFacts, names: Sequence[str]) -> dict[str, Any]:
    """Return what differs from the usual, in the order of the fields."""
    usual = _usual(type(facts))
    told = {name: getattr(facts, name) for name in names}
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in told.items()
        if (value if name == "options" else name not in usual or value != usual[name])
    }


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, int | float) else f"a {type(value).__name__}"
