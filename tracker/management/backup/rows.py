"""Rows as JSON lines and back: every value exactly, whichever database it comes from or goes to."""

# ruff: noqa: SLF001 - `_meta` and `_base_manager` are the documented way to ask a model about itself

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

LEFT_OUT = frozenset({"django_session", "tracker_lock", "tracker_host"})
"""Tables that are not part of a backup: who is signed in, and what is held for the length of a moment."""
READ_AT_ONCE = 500
TEXTS_READ_AT_ONCE = 20
WRITE_AT_ONCE = 500
WRITE_BYTES_AT_ONCE = 2_000_000
"""A row may hold a text of megabytes."""


def tables_of(apps: Apps) -> list[type[models.Model]]:
    """Return a model for each table of a backup, ordered by name; the tables between two models included."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[name] for name in sorted(found) if name not in LEFT_OUT]


def columns_of(model: type[models.Model]) -> list[models.Field[object, object]]:
    """Return the stored fields of a model, in their order."""
    return list(model._meta.concrete_fields)


def dump(model: type[models.Model], using: str) -> Iterator[bytes]:
    """Yield each row as a line of JSON, ordered by primary key."""
    names = [field.attname for field in columns_of(model)]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    has_texts = any(isinstance(field, models.TextField) for field in columns_of(model))
    for row in rows.iterator(chunk_size=TEXTS_READ_AT_ONCE if has_texts else READ_AT_ONCE):
        line = json.dumps(row, default=_encode, ensure_ascii=False, separators=(",", ":"))
        yield line.encode("utf-8", "surrogatepass") + b"\n"


class Loader:
    """Inserts lines into a table as they are; no signal is sent, no default applied, no history written.

    Args:
        model: of the table.
        names: the columns of the lines, in their order.
        connection: where the rows go.
    """

    def __init__(
        self, model: type[models.Model], names: Sequence[str], connection: BaseDatabaseWrapper
    ) -> None:
        fields = {field.attname: field for field in columns_of(model)}
        self._fields = [fields[name] for name in names]
        self._connection = connection
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in self._fields)
        marks = ", ".join(["%s"] * len(self._fields))
        self._sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        self._waiting: list[list[Any]] = []  # what a driver takes
        self._n_bytes = 0

    def add(self, line: bytes) -> None:
        """Take one line; it is inserted with others."""
        values = json.loads(line.decode("utf-8", "surrogatepass"))
        if len(values) != len(self._fields):
            msg = "a row has another number of columns than its table"
            raise ValueError(msg)
        self._waiting.append(
            [self._prepared(field, value) for field, value in zip(self._fields, values, strict=True)]
        )
        self._n_bytes += len(line)
        if len(self._waiting) >= WRITE_AT_ONCE or self._n_bytes >= WRITE_BYTES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Insert what waits."""
        if self._waiting:
            with self._connection.cursor() as cursor:
                cursor.executemany(self._sql, self._waiting)
            self._waiting.clear()
            self._n_bytes = 0

    def _prepared(self, field: models.Field[object, object], value: object) -> object:
        if isinstance(field, models.JSONField):
            if value is None and field.null:
                return None
            return self._connection.ops.adapt_json_value(value, field.encoder)
        if isinstance(field, models.BinaryField) and isinstance(value, str):
            value = base64.b64decode(value)
        elif value is not None:
            value = field.to_python(value)
        return field.get_db_prep_save(value, self._connection)


def _encode(value: object) -> str:
    for types, encode in _ENCODERS:
        if isinstance(value, types):
            return encode(value)
    msg = f"a value of type {type(value).__name__} has no form in a backup yet"
    raise TypeError(msg)


def _seconds(value: dt.timedelta) -> str:
    return f"{value.days} {value.seconds}.{value.microseconds:06}"


_ENCODERS: tuple[tuple[tuple[type, ...], Callable[..., str]], ...] = (
    ((dt.datetime, dt.date, dt.time), lambda value: str(value.isoformat())),
    ((dt.timedelta,), _seconds),
    ((decimal.Decimal, uuid.UUID), str),
    ((bytes, memoryview), lambda value: base64.b64encode(bytes(value)).decode()),
)
