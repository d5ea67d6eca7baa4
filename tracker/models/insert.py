"""Inserts and changes many rows at once, with far less work per row than `bulk_create` and `bulk_update`.

Plain SQL that both databases know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, connections, models

MOST_VALUES = 900
"""Values of one statement; older builds of SQLite take no more than 999."""
_TEXTS = (models.CharField, models.TextField)
_NUMBERS = (models.IntegerField, models.ForeignKey)


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model; a row that breaks a unique constraint is left out.

    The primary keys are not known afterwards, and no signal is sent.
    """
    if rows:
        names = [field.attname for field in _fields(type(rows[0]))]
        insert_columns(
            type(rows[0]), {name: [getattr(row, name) for row in rows] for name in names}, len(rows)
        )


def insert_columns(model: type[models.Model], columns: Mapping[str, Sequence[object]], n_rows: int) -> None:
    """Insert `n_rows` rows as `insert_rows` does, given by their columns; other columns hold their default.

    A value that all rows share is prepared for the database once: most columns of most rows hold their default.
    """
    fields = _fields(model)
    prepared = [
        _column(field, columns[field.attname])
        if field.attname in columns
        else [field.get_db_prep_save(field.get_default(), connection)] * n_rows
        for field in fields
    ]
    lines = list(zip(*prepared, strict=True))
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - the documented way to a model's table
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    n_at_once = max(MOST_VALUES // len(fields), 1)
    with connection.cursor() as cursor:
        for start in range(0, len(lines), n_at_once):
            part = lines[start : start + n_at_once]
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {', '.join([places] * len(part))} ON CONFLICT DO NOTHING",  # noqa: S608 - names of our own tables
                [value for line in part for value in line],
            )


def update_rows(model: type[models.Model], changes: Mapping[int, Mapping[str, object]]) -> None:
    """Change rows of one model, each its own way: names and values of columns by primary key. No signal is sent."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for pk, values in changes.items():
        alike.setdefault(tuple(values), []).append(pk)
    fields = {field.attname: field for field in _fields(model)}
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - as above
    for names, pks in alike.items():
        if not names:
            continue
        columns = [_column(fields[name], [changes[pk][name] for pk in pks]) for name in names]
        setting = ", ".join(f"{connection.ops.quote_name(fields[name].column)} = %s" for name in names)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {setting} WHERE id = %s",  # noqa: S608 - names of our own tables
                list(zip(*columns, pks, strict=True)),
            )


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - as above


def _column(field: models.Field[Any, Any], values: Sequence[object]) -> Sequence[object]:
    """Return the values of one column as the database takes them; each different value is prepared once."""
    kinds = set(map(type, values))
    if (kinds == {str} and isinstance(field, _TEXTS)) or (kinds == {int} and isinstance(field, _NUMBERS)):
        return values
    database = connections[connection.alias]  # each attribute of the proxy would be looked up anew
    first = values[0]
    if all(value is first for value in values):
        return [field.get_db_prep_save(first, database)] * len(values)
    try:
        prepared = {value: field.get_db_prep_save(value, database) for value in set(values)}
    except TypeError:  # lists and dictionaries of JSON; mostly all empty
        if all(value == first for value in values):
            return [field.get_db_prep_save(first, database)] * len(values)
        return [field.get_db_prep_save(value, database) for value in values]
    return [prepared[value] for value in values]
