"""Strict reading of YAML rows: every key is asked for once, and what was not asked for is an error.

A row knows its file and its item, so that each error says where it is and what to do. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NoReturn, TypeVar

import yaml

from tracker.errors import StarterDataError

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
# The loader in C is ten times faster; it is missing where PyYAML was built without libyaml.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def refuse(file: str, item: str, what: str, *, do: str) -> NoReturn:
    """Raise the error that says file, item, what is wrong and what to do."""
    msg = f"{file}, {item}: {what}. {do}"
    raise StarterDataError(msg)


class Row:
    """One mapping of a file.

    Args:
        file: name of the file, for errors.
        item: what a person calls this row.
        values: the mapping as read; anything else raises StarterDataError.
    """

    def __init__(self, file: str, item: str, values: object) -> None:
        self.file = file
        self.item = item
        if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
            self.refuse("is not a mapping", do="Write it as `key: value` lines.")
        self._left: dict[str, object] = dict(values)

    def refuse(self, what: str, *, do: str) -> NoReturn:
        """Raise an error about this row."""
        refuse(self.file, self.item, what, do=do)

    def name_from(self, key: str) -> str:
        """Read `key` as text and use it as this row's name from now on."""
        self.item = f"{self.item} '{self.text(key)}'"
        return self.item.rsplit("'", 2)[1]

    def text(self, key: str) -> str:
        """Take a text that must be there."""
        value = self.optional(key)
        if not value:
            self.refuse(f"'{key}' is missing or empty", do="Fill it in.")
        return value

    def optional(self, key: str) -> str:
        """Take a text, or an empty one."""
        value = self._left.pop(key, "")
        if not isinstance(value, str):
            self.refuse(f"'{key}' is not a text but {value!r}", do="Put it between quotes.")
        return value.strip()

    def choice(self, key: str, allowed: frozenset[str]) -> str:
        """Take a text that must be one of `allowed`."""
        value = self.text(key)
        if value not in allowed:
            self.refuse(f"'{key}' is '{value}'", do=f"Use one of: {', '.join(sorted(allowed))}.")
        return value

    def date(self, key: str) -> str:
        """Take a year, month or day as text (2025, 2025-01, 2025-01-20), or an empty one."""
        value = self.optional(key)
        if value and not _PARTIAL_DATE.fullmatch(value):
            self.refuse(f"'{key}' is '{value}'", do="Write 2025, 2025-01 or 2025-01-20, between quotes.")
        return value

    def flag(self, key: str) -> bool:
        """Take a yes or no; absent means no."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            self.refuse(f"'{key}' is {value!r}", do="Write true or false.")
        return value

    def whole(self, key: str) -> int:
        """Take a whole number that must be there."""
        value = self._left.pop(key, None)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(f"'{key}' is {value!r}", do="Write a whole number.")
        return value

    def number(self, key: str) -> int | float | None:
        """Take a number, or None."""
        value = self._left.pop(key, None)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
            self.refuse(f"'{key}' is {value!r}", do="Write a number, or leave it out.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; absent means none. A repeated text is an error."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            self.refuse(f"'{key}' is not a list of texts", do="Write each on its own line after `- `.")
        if len(set(value)) != len(value):
            self.refuse(f"'{key}' says the same thing twice", do="Keep one of the two.")
        return tuple(value)

    def pairs(self, key: str) -> dict[str, str]:
        """Take a mapping of text to text; absent means none."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for kv in value.items() for v in kv):
            self.refuse(f"'{key}' is not a mapping of texts", do="Put the values between quotes.")
        return value

    def row(self, key: str) -> Row:
        """Take a mapping that must be there."""
        return Row(self.file, f"{self.item}, {key}", self._left.pop(key, None))

    def rows(self, key: str, read: Callable[[Row], T], *, noun: str) -> tuple[T, ...]:
        """Take a list of mappings, read each with `read` and refuse what `read` did not ask for."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            self.refuse(f"'{key}' is not a list", do="Write each item after `- `.")
        found = []
        for place, each in enumerate(value, start=1):
            prefix = f"{self.item}, {noun} {place}" if self.item != "the file" else f"{noun} {place}"
            row = Row(self.file, prefix, each)
            found.append(read(row))
            row.done()
        return tuple(found)

    def done(self) -> None:
        """Refuse keys that nobody asked for."""
        if self._left:
            left = ", ".join(sorted(self._left))
            self.refuse(f"unknown key(s): {left}", do="Correct the spelling or take them out.")


def open_file(path: Path) -> Row:
    """Return the top of a YAML file; StarterDataError if it is missing or is no YAML mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader in C
    except FileNotFoundError:
        refuse(path.name, "the file", "is not there", do=f"Put it into {path.parent.name}/.")
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = " ".join(str(error).split())
        refuse(path.name, "the file", f"is not YAML ({place})", do="Correct that line.")
    return Row(path.name, "the file", content)
