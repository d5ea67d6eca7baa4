"""The index tables: write, delete, count and page, on SQLite and on PostgreSQL.

A document's slot is made from its minute, kind and id, so it never collides and its order is newest first;
what has no date stands before everything else.
"""

# ruff: noqa: S608 - statements are joined from constants and placeholders only; every value is a parameter

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection

from tracker.search.compile import to_fts5, to_postgresql
from tracker.search.documents import Document
from tracker.search.words import BREAK, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tracker.search.query import Node

Value = str | int | list[str] | list[int]
"""What goes to the database as a parameter."""

_CODES = {"article": 0, "entry": 1, "entity": 2}
_ID_BITS = 33
_MINUTE_BITS: int = 28
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LAST_MINUTE = (1 << (_MINUTE_BITS - 1)) - 1
MAX_WORD_BYTES = 1_000_000
"""Bytes of distinct words of one document; a tsvector holds no more."""
RARE = 2_000
"""Matches up to which PostgreSQL collects and sorts them instead of walking the slots."""
_SHOWN = "d.slot, d.kind, d.object_id, d.address, d.title, d.body, d.source, d.at"


@dataclass(frozen=True, slots=True)
class Found:
    """One matching document with its slot."""

    slot: int
    document: Document


class Store(Protocol):
    """The index in one database; every write belongs to the caller's transaction."""

    def write(self, documents: Sequence[Document]) -> None:
        """Add documents that are not in the index."""

    def delete(self, kind: str, ids: Collection[int]) -> None:
        """Take the documents of these rows out, where they are in."""

    def counts(self, node: Node) -> dict[str, int]:
        """Return the exact number of matches by kind; kinds without one are left out."""

    def page(
        self, node: Node, kinds: Collection[str], *, before: int | None, limit: int, total: int
    ) -> list[Found]:
        """Return up to `limit` of `total` matches below the slot `before`, newest first."""

    def object_ids(self, kind: str, *, after: int, limit: int) -> list[int]:
        """Return ids in the index above `after`, in their order."""


def store() -> Store:
    """Return the store of the default database."""
    return PostgresqlStore() if connection.vendor == "postgresql" else SqliteStore()


def slot(document: Document) -> int:
    """Return the document's place in the index: minutes since 2000, kind and id in one 64-bit number."""
    minute: int = _LAST_MINUTE
    if document.at is not None:
        whole = (document.at - _EPOCH) // dt.timedelta(minutes=1)
        minute = max(min(whole, _LAST_MINUTE - 1), -_LAST_MINUTE)
    return (minute << (_ID_BITS + 2)) + (_CODES[document.kind] << _ID_BITS) + document.object_id


def _line(text: str, budget: int = MAX_WORD_BYTES) -> str:
    """Return the search words of `text` in order, up to `budget` bytes of distinct words."""
    seen: set[str] = set()
    line: list[str] = []
    for word in words(text):
        if word.text not in seen:
            seen.add(word.text)
            budget -= len(word.text.encode())
            if budget < 0:
                break
        line.append(word.text)
    return " ".join(line)


def _lines(document: Document) -> tuple[str, str]:
    title = _line(document.title, MAX_WORD_BYTES // 10)
    return title, _line(document.body, MAX_WORD_BYTES - MAX_WORD_BYTES // 10)


def _row(document: Document) -> tuple[str | int, ...]:
    at = document.at.isoformat() if document.at else ""
    return (
        slot(document),
        document.kind,
        document.object_id,
        document.address,
        document.title,
        document.body,
        document.source,
        at,
    )


def _found(rows: Iterable[tuple[Any, ...]]) -> list[Found]:
    found = []
    for place, kind, object_id, address, title, body, source, at in rows:
        moment = dt.datetime.fromisoformat(at) if at else None
        found.append(Found(place, Document(kind, object_id, address, title, body, source, moment)))
    return found


def _marks(values: Collection[Value]) -> str:
    return ", ".join(["%s"] * len(values))


class _Sql:
    """What both databases do alike."""

    def object_ids(self, kind: str, *, after: int, limit: int) -> list[int]:
        """Return ids in the index above `after`, in their order."""
        sql = """SELECT object_id FROM search_document WHERE kind = %s AND object_id > %s
            ORDER BY object_id LIMIT %s"""
        return [row[0] for row in self._rows(sql, [kind, after, limit])]

    @staticmethod
    def _rows(sql: str, values: Sequence[Value]) -> Iterator[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            yield from cursor.fetchall()

    @staticmethod
    def _run(sql: str, values: Sequence[Value]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    @staticmethod
    def _run_many(sql: str, rows: Sequence[Sequence[Value]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)


class SqliteStore(_Sql):
    """FTS5 beside the table of documents; both by slot."""

    def write(self, documents: Sequence[Document]) -> None:
        """Add documents that are not in the index."""
        rows = [_row(document) for document in documents]
        self._run_many(
            "INSERT INTO search_document (slot, kind, object_id, address, title, body, source, at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
        self._run_many(
            "INSERT INTO search_words (rowid, title, body) VALUES (%s, %s, %s)",
            [(slot(document), *_lines(document)) for document in documents],
        )

    def delete(self, kind: str, ids: Collection[int]) -> None:
        """Take the documents of these rows out, where they are in."""
        chosen = f"kind = %s AND object_id IN ({_marks(ids)})"
        values: list[Value] = [kind, *ids]
        slots = [row[0] for row in self._rows(f"SELECT slot FROM search_document WHERE {chosen}", values)]
        self._run_many("DELETE FROM search_words WHERE rowid = %s", [(each,) for each in slots])
        self._run(f"DELETE FROM search_document WHERE {chosen}", values)

    def counts(self, node: Node) -> dict[str, int]:
        """Return the exact number of matches by kind."""
        sql = f"""SELECT (rowid >> {_ID_BITS}) & 3, count(*) FROM search_words WHERE search_words MATCH %s
            GROUP BY 1"""
        names = {code: kind for kind, code in _CODES.items()}
        return {names[code]: count for code, count in self._rows(sql, [to_fts5(node)])}

    def page(
        self, node: Node, kinds: Collection[str], *, before: int | None, limit: int, total: int
    ) -> list[Found]:
        """Return matches below the slot `before`, newest first."""
        del total
        codes = sorted(_CODES[kind] for kind in kinds)
        below = "AND rowid < %s" if before is not None else ""
        sql = f"""SELECT {_SHOWN} FROM (
                SELECT rowid AS slot FROM search_words WHERE search_words MATCH %s {below}
                AND (rowid >> {_ID_BITS}) & 3 IN ({_marks(codes)}) ORDER BY rowid DESC LIMIT %s
            ) AS m JOIN search_document AS d ON d.slot = m.slot ORDER BY d.slot DESC"""
        start = [before] if before is not None else []
        return _found(self._rows(sql, [to_fts5(node), *start, *codes, limit]))


class PostgresqlStore(_Sql):
    """One table with the words as tsvector, without places, and in order as a line."""

    def write(self, documents: Sequence[Document]) -> None:
        """Add documents; one written meanwhile by another transaction is replaced."""
        rows = []
        for document in documents:
            title, body = _lines(document)
            line = f" {title} {BREAK} {body} "
            rows.append((*_row(document), line, sorted(set(line.split()))))
        columns = ("slot", "address", "title", "body", "source", "at", "line", "words")
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
        self._run_many(
            "INSERT INTO search_document "
            "(slot, kind, object_id, address, title, body, source, at, line, words) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s::text[])) "
            f"ON CONFLICT (kind, object_id) DO UPDATE SET {changes}",
            rows,
        )

    def delete(self, kind: str, ids: Collection[int]) -> None:
        """Take the documents of these rows out, where they are in."""
        self._run("DELETE FROM search_document WHERE kind = %s AND object_id = ANY(%s)", [kind, sorted(ids)])

    def counts(self, node: Node) -> dict[str, int]:
        """Return the exact number of matches by kind."""
        condition, values = to_postgresql(node)
        sql = f"SELECT kind, count(*) FROM search_document WHERE {condition} GROUP BY kind"
        return dict(self._rows(sql, values))

    def page(
        self, node: Node, kinds: Collection[str], *, before: int | None, limit: int, total: int
    ) -> list[Found]:
        """Return matches below the slot `before`, newest first."""
        condition, values = to_postgresql(node)
        # Walking the slots is fast for a common word and slow for a rare one; collecting is the reverse.
        form = "MATERIALIZED" if total <= RARE else "NOT MATERIALIZED"
        below = "AND d.slot < %s" if before is not None else ""
        start = [before] if before is not None else []
        sql = f"""WITH d AS {form} (SELECT * FROM search_document WHERE {condition})
            SELECT {_SHOWN} FROM d WHERE d.kind = ANY(%s) {below} ORDER BY d.slot DESC LIMIT %s"""
        return _found(self._rows(sql, [*values, list(kinds), *start, limit]))
