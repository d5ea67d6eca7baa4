"""Restoring a backup into SQLite or PostgreSQL: checked as a whole first, then the archive, then the rows."""

# ruff: noqa: SLF001 - `_meta` and `_base_manager` are the documented way to ask a model about itself

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from tracker import search
from tracker.fetch.archive import DamagedArchiveError, FileArchive
from tracker.management.backup import rows, state
from tracker.management.backup.check import Member, check_backup, open_backup, unpack
from tracker.management.backup.manifest import (
    ARCHIVE_MEMBER,
    TABLE_MEMBER,
    BackupError,
    Manifest,
    Table,
)

Tell = Callable[[str], None]
Step = Callable[[int], None]
MADE_BY_MIGRATE = frozenset(
    {"django_content_type", "auth_permission", "django_session", "tracker_lock", "tracker_host"}
)
"""Tables whose rows do not make a database 'not empty'."""


def restore_backup(path: Path, archive_root: Path, *, is_replace: bool, tell: Tell, step: Step) -> Manifest:
    """Put a backup into the database and the archive of the settings.

    Args:
        path: the file.
        archive_root: folder of the archive; what is in it stays.
        is_replace: whether rows that are there may be deleted.
        tell: takes sentences for a person.
        step: takes how many members or rows were done.

    Raises:
        BackupError: the sentence says why, and whether anything was changed.
    """
    tell("Checking the whole backup first.")
    manifest = check_backup(path, step=step)
    wanted = _known(manifest)
    _refuse_rows(is_replace=is_replace)
    tell(f"Restoring {manifest.archive.n_files:,} archived files.")
    try:
        _restore_archive(path, FileArchive(archive_root), step)
    except OSError as error:
        msg = f"The archive at {archive_root} could not be written: {error.strerror}. The database is as it was."
        raise BackupError(msg) from error
    _make_tables(wanted, tell)
    tell(f"Restoring {sum(table.n_rows for table in manifest.tables):,} rows.")
    try:
        _restore_rows(path, manifest, state.models_at(wanted), step)
    except (DatabaseError, ValueError, LookupError) as error:
        msg = f"The rows could not be restored ({error}). None of them was kept."
        raise BackupError(msg) from error
    call_command("migrate", verbosity=0, interactive=False)
    tell("Making the search index anew.")
    search.rebuild()
    return manifest


def _known(manifest: Manifest) -> set[state.Node]:
    nodes = {(app, name) for app, _, name in (text.partition(".") for text in manifest.migrations)}
    if newer := sorted(nodes - state.on_disk()):
        msg = (
            f"The backup was made by a newer version of the product ({manifest.product}: the migration "
            f"{'.'.join(newer[-1])} is not known here). Nothing was changed. Install that version and try again."
        )
        raise BackupError(msg)
    return nodes


def _refuse_rows(*, is_replace: bool) -> None:
    if is_replace or not state.has_tables():
        return
    apps = state.models_at(state.applied())
    held = [
        f"{n:,} {model._meta.verbose_name_plural}"
        for model in rows.tables_of(apps)
        if model._meta.db_table not in MADE_BY_MIGRATE
        if (n := model._base_manager.count())
    ]
    if held:
        more = f" and {len(held) - 3} other kinds of rows" if len(held) > 3 else ""  # noqa: PLR2004 - as many as a sentence bears
        msg = (
            f"The database is not empty: it holds {', '.join(held[:3])}{more}. Nothing was changed. "
            "Restore into an empty one, or say --replace to delete every row that is there now."
        )
        raise BackupError(msg)


def _restore_archive(path: Path, archive: FileArchive, step: Step) -> None:
    with open_backup(path) as members:
        for member in members:
            match = ARCHIVE_MEMBER.fullmatch(member.name)
            if match is None:
                continue
            if match["suffix"] == ".redacted":
                archive.erase(match["sha"])
            else:
                try:
                    archive.adopt(match["sha"], member.file.read())
                except DamagedArchiveError as error:
                    msg = f"The backup {path} changed while it was read: {member.name}. Nothing else was changed."
                    raise BackupError(msg) from error
            step(1)
    os.sync()


def _make_tables(wanted: set[state.Node], tell: Tell) -> None:
    """Bring the tables to the state in which the backup's were."""
    if state.has_tables():
        if state.applied() == wanted:
            return
        tell("Making the tables anew, as they were when the backup was made.")
        _drop_tables()
    executor = MigrationExecutor(connection)
    executor.migrate(state.last_of(wanted))


def _drop_tables() -> None:
    """Drop the product's tables and no others: those of its models, of the search index and of the migrations."""
    ours = {model._meta.db_table for model in rows.tables_of(state.models_at(state.applied()))}
    ours |= rows.LEFT_OUT | {"django_migrations"}
    names = connection.introspection.table_names()
    # the tables that FTS5 keeps behind its own go with it
    chosen = sorted(name for name in names if name in ours or name in {"search_document", "search_words"})
    quoted = [connection.ops.quote_name(name) for name in chosen]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TABLE {', '.join(quoted)} CASCADE")
        else:
            for name in quoted:
                cursor.execute(f"DROP TABLE {name}")


def _restore_rows(path: Path, manifest: Manifest, apps: Apps, step: Step) -> None:
    """Replace every row in one transaction: after an error all are as they were."""
    tables = {table.name: table for table in manifest.tables}
    known = {model._meta.db_table: model for model in rows.tables_of(apps)}
    with transaction.atomic():
        _delete_rows(known.keys() | rows.LEFT_OUT)
        with open_backup(path) as members:
            for member in members:
                match = TABLE_MEMBER.fullmatch(member.name)
                if match is not None:
                    _load(member, tables[match["name"]], known[match["name"]], step)
        _give_back_leases(apps)
        _reset_sequences(list(known.values()))


def _delete_rows(names: set[str]) -> None:
    with connection.cursor() as cursor:
        for name in sorted(names.intersection(connection.introspection.table_names(cursor))):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of our own tables


def _load(member: Member, table: Table, model: type[models.Model], step: Step) -> None:
    loader = rows.Loader(model, table.columns, connection)
    digest, n_rows = hashlib.sha256(), 0
    for line in _lines(member):
        loader.add(line)
        digest.update(line)
        n_rows += 1
        step(1)
    loader.flush()
    if n_rows != table.n_rows or digest.hexdigest() != table.rows_sha256:
        msg = f"the table '{table.name}' is not the one that the manifest describes"
        raise ValueError(msg)


def _lines(member: Member) -> Iterator[bytes]:
    rest = b""
    for piece in unpack(member, lambda _: None):
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def _give_back_leases(apps: Apps) -> None:
    """Whoever held a job is not there any more: it is ready again, and that try does not count."""
    job = apps.get_model("tracker", "Job")
    job._base_manager.filter(state="leased", attempts__gt=0).update(attempts=models.F("attempts") - 1)
    job._base_manager.filter(state="leased").update(state="ready", lease_token=None, leased_until=None)


def _reset_sequences(known: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), known):
            cursor.execute(sql)
