"""The tables of the search index: the only place where their shape differs between databases.

Both keep one row per document under its slot (see `store.slot`), so newest first is the order of the index.
No model stands for them: the index is made from the other tables at any time and is never dumped.
"""

# ruff: noqa: ARG002 - Django sets the signatures of an operation

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.migrations.operations.base import Operation

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import ProjectState

_COLUMNS = """
    slot bigint NOT NULL, kind varchar(10) NOT NULL, object_id bigint NOT NULL, address varchar(120) NOT NULL,
    title text NOT NULL, body text NOT NULL, source text NOT NULL, at varchar(40) NOT NULL
"""
_CREATE = {
    "sqlite": (
        f"CREATE TABLE search_document ({_COLUMNS}, PRIMARY KEY (kind, object_id))",
        "CREATE UNIQUE INDEX search_document_slot ON search_document (slot)",
        # 'ascii' splits at ASCII punctuation only, so the words are exactly those of tracker.search.words.
        "CREATE VIRTUAL TABLE search_words USING fts5(title, body, tokenize='ascii', prefix='3')",
    ),
    "postgresql": (
        f"""CREATE TABLE search_document ({_COLUMNS}, line text NOT NULL, words tsvector NOT NULL,
            PRIMARY KEY (kind, object_id))""",
        "CREATE INDEX search_document_slot ON search_document (slot)",
        "CREATE INDEX search_document_words ON search_document USING gin (words) WITH (fastupdate = off)",
    ),
}
_DROP = {
    "sqlite": ("DROP TABLE search_words", "DROP TABLE search_document"),
    "postgresql": ("DROP TABLE search_document",),
}


class CreateSearchIndex(Operation):
    """Create the empty search index on SQLite (FTS5) or PostgreSQL (tsvector and GIN)."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no model."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the tables."""
        for sql in _CREATE[schema_editor.connection.vendor]:
            schema_editor.execute(sql)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the tables; `reindex` fills them again."""
        for sql in _DROP[schema_editor.connection.vendor]:
            schema_editor.execute(sql)

    def describe(self) -> str:
        """Say what the operation does."""
        return "Create the search index"

    @property
    def migration_name_fragment(self) -> str:
        """Name for a migration made of this operation."""
        return "search"
