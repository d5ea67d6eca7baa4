"""Writing a backup: one read transaction over the database, then the archive, then the manifest."""

from __future__ import annotations

import gzip
import hashlib
import heapq
import io
import itertools
import os
import tarfile
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.apps.registry import Apps
from django.db import connections, models
from django.utils import timezone

from tracker.env import PROJECT_DIR
from tracker.fetch.survey import Kept, Problem, Redacted, recompute, survey
from tracker.management.backup import rows, state
from tracker.management.backup.manifest import (
    FORM,
    MANIFEST,
    MANIFEST_SHA256,
    Archived,
    BackupError,
    Manifest,
    Table,
    seal,
)
from tracker.models.archived import FIELDS

PIECE = 1 << 20
GZIP_LEVEL = 6
MAX_TOLD = 20
Tell = Callable[[str], None]


def write_backup(target: Path, archive_root: Path, *, tell: Tell, step: Callable[[int], None]) -> Manifest:
    """Write database and archive into one file, while the product may run on.

    The file appears under its name when it is whole.

    Args:
        target: the file; it must not exist.
        archive_root: folder of the archive.
        tell: takes sentences for a person.
        step: takes how many rows or files were done.

    Raises:
        BackupError: nothing was written, and why.
    """
    if target.exists():
        msg = f"{target} is there already, and a backup overwrites nothing. Name another file."
        raise BackupError(msg)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
            part = Path(folder) / "backup.tar"
            manifest = _write(part, Path(folder), archive_root, tell=tell, step=step)
            part.replace(target)
        _sync(target.parent)
    except OSError as error:
        msg = f"The backup could not be written to {target}: {error.strerror}. Nothing was kept of it."
        raise BackupError(msg) from error
    return manifest


def product_version() -> str:
    """Return name and version of the product."""
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"Retort {project['version']}"


def _write(
    part: Path, folder: Path, archive_root: Path, *, tell: Tell, step: Callable[[int], None]
) -> Manifest:
    named = folder / "named"
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)  # password hashes are in it
    with os.fdopen(handle, "w+b") as file:
        packer = Packer(file)
        with state.snapshot() as using:
            made_at = timezone.now().isoformat()
            vendor = connections[using].vendor
            nodes = state.applied(using)
            apps = state.models_at(nodes)
            tables = tuple(_pack_table(packer, model, using, folder, step) for model in rows.tables_of(apps))
            _write_named(named, apps, using)
        archived = _pack_archive(packer, archive_root, named, tell=tell, step=step)
        migrations = tuple(sorted(".".join(node) for node in nodes))
        manifest = Manifest(FORM, product_version(), made_at, vendor, migrations, tables, archived)
        data = manifest.as_bytes()
        packer.add(MANIFEST, data)
        packer.add(MANIFEST_SHA256, seal(data))
        packer.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


class Packer:
    """Adds members to a tar, one after the other, and forgets each."""

    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by close()
        self._at = int(time.time())

    def add(self, name: str, data: bytes) -> str:
        """Add a small member; return its SHA-256."""
        return self.add_file(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, file: BinaryIO, n_bytes: int) -> str:
        """Add a member from an open file; return its SHA-256."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = n_bytes, self._at, 0o600
        reader = _HashingReader(file)
        self._tar.addfile(info, reader)  # type: ignore[arg-type]  # all it needs is read()
        self._tar.members = []  # type: ignore[attr-defined]  # it would keep one object per file of the archive
        return reader.digest.hexdigest()

    def close(self) -> None:
        """Write the end mark."""
        self._tar.close()


class _HashingReader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, n: int) -> bytes:
        data = self._file.read(n)
        self.digest.update(data)
        return data


def _pack_table(
    packer: Packer, model: type[models.Model], using: str, folder: Path, step: Callable[[int], None]
) -> Table:
    name = model._meta.db_table  # noqa: SLF001 - the documented way to ask a model about itself
    digest, n_rows = hashlib.sha256(), 0
    with tempfile.TemporaryFile(dir=folder) as spool:
        with gzip.GzipFile("", "wb", GZIP_LEVEL, spool, mtime=0) as packed:
            for line in rows.dump(model, using):
                packed.write(line)
                digest.update(line)
                n_rows += 1
                step(1)
        n_bytes = spool.tell()
        spool.seek(0)
        sha256 = packer.add_file(f"tables/{name}.jsonl.gz", spool, n_bytes)
    columns = tuple(field.attname for field in rows.columns_of(model))
    return Table(name, n_rows, columns, digest.hexdigest(), sha256)


def _write_named(path: Path, apps: Apps, using: str) -> None:
    """Write the hashes that the rows of this moment name, sorted; those redacted on purpose are not missed."""
    streams: list[Iterator[str]] = []
    for model_name, field_name in FIELDS:
        model = apps.get_model("tracker", model_name)
        asked = model._base_manager.using(using).exclude(**{field_name: ""})  # noqa: SLF001 - as above
        if any(field.name == "redacted_at" for field in rows.columns_of(model)):
            asked = asked.filter(redacted_at=None)
        streams.append(asked.order_by(field_name).values_list(field_name, flat=True).iterator(2000))
    with path.open("w", encoding="ascii") as file:
        for sha, _ in itertools.groupby(heapq.merge(*streams)):
            file.write(f"{sha}\n")


def _pack_archive(
    packer: Packer, root: Path, named: Path, *, tell: Tell, step: Callable[[int], None]
) -> Archived:
    """Copy every file of the archive that is in order, and count what the rows name and is not there."""
    digest = hashlib.sha256()
    n_files = n_bytes = n_redacted = 0
    packed = _in_order(survey(root), tell)
    with named.open(encoding="ascii") as lines:
        missed = Missed((line.strip() for line in lines), tell)
        for found in packed:
            if isinstance(found, Redacted):
                name = f"archive/{found.sha[:2]}/{found.sha[2:4]}/{found.sha}.redacted"
                sha256 = packer.add(name, b"")
                n_redacted += 1
            else:
                name = f"archive/{found.name}"
                try:
                    file = found.path.open("rb")
                except FileNotFoundError:
                    continue  # redacted since it was checked
                with file:
                    size = os.fstat(file.fileno()).st_size
                    sha256 = packer.add_file(name, file, size)
                n_files, n_bytes = n_files + 1, n_bytes + size
            missed.meet(found.sha)
            digest.update(f"{name} {sha256}\n".encode())
            step(1)
        missed.end()
    return Archived(n_files, n_bytes, n_redacted, digest.hexdigest(), missed.n)


def _in_order(found: Iterator[Kept | Redacted | Problem], tell: Tell) -> Iterator[Kept | Redacted]:
    """Yield what is in order; say what is not."""
    for each in found:
        if isinstance(each, Kept):
            problem = recompute(each)
            if isinstance(problem, Problem):
                if each.path.exists():  # else it was redacted since the folder was listed
                    tell(
                        f"Left out, as it is not in order: {problem.path}: {problem.trouble}. {problem.advice}"
                    )
            else:
                yield each
        elif isinstance(each, Redacted):
            yield each


class Missed:
    """Compares what is there with what is named; both come sorted."""

    def __init__(self, named: Iterator[str], tell: Tell) -> None:
        self._named = named
        self._due = next(named, None)
        self._tell = tell
        self.n = 0

    def meet(self, sha: str) -> None:
        """Take the next hash that is there."""
        while self._due is not None and self._due < sha:
            self._miss()
        if self._due == sha:
            self._due = next(self._named, None)

    def end(self) -> None:
        """Nothing more is there."""
        while self._due is not None:
            self._miss()

    def _miss(self) -> None:
        self.n += 1
        if self.n <= MAX_TOLD:
            self._tell(f"Not in the archive, though a row names it: {self._due}")
        self._due = next(self._named, None)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
