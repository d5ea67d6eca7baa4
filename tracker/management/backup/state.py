"""The database as of one moment, and its models as of its migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from tracker.management.backup.manifest import BackupError

SNAPSHOT = "snapshot"
Node = tuple[str, str]


@contextmanager
def snapshot() -> Iterator[str]:
    """Open a second connection that sees the database as of one moment, and no writer waits for it; yield its alias."""
    wrapper = connections[DEFAULT_DB_ALIAS].copy(SNAPSHOT)
    if wrapper.vendor == "sqlite":
        # the product's own transactions are immediate: they would keep every writer out
        wrapper.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    connections[SNAPSHOT] = wrapper
    try:
        with transaction.atomic(using=SNAPSHOT):
            _begin(wrapper)
            yield SNAPSHOT
    finally:
        wrapper.close()
        del connections[SNAPSHOT]


def _begin(wrapper: BaseDatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        if wrapper.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT count(*) FROM django_migrations")  # the moment is that of the first reading
        cursor.fetchall()


def has_tables() -> bool:
    """Whether anything was ever migrated into the database."""
    return "django_migrations" in connection.introspection.table_names()


def applied(using: str = DEFAULT_DB_ALIAS) -> set[Node]:
    """Return the migrations of the database.

    Raises:
        BackupError: a newer version of the product has migrated it.
    """
    loader = MigrationLoader(connections[using])
    nodes = set(loader.applied_migrations)
    if newer := sorted(nodes - set(loader.disk_migrations)):
        msg = (
            f"The database was migrated by a newer version of the product ({'.'.join(newer[-1])} is not known here). "
            "Use that version."
        )
        raise BackupError(msg)
    return nodes


def on_disk() -> set[Node]:
    """Return every migration that this version of the product has."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def last_of(nodes: set[Node]) -> list[Node]:
    """Return those of `nodes` on which no other of them depends."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    return sorted(
        node for node in nodes if not any(child.key in nodes for child in graph.node_map[node].children)
    )


def models_at(nodes: set[Node]) -> Apps:
    """Return the models as they were after these migrations."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state(last_of(nodes)).apps
