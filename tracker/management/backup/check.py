"""Reading a backup: its members one after the other, and whether every byte is the one that was written."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tracker.management.backup.manifest import (
    ARCHIVE_MEMBER,
    MANIFEST,
    MANIFEST_SHA256,
    MAX_MANIFEST_BYTES,
    TABLE_MEMBER,
    BackupError,
    Manifest,
    read_manifest,
    seal,
)

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a backup, and its bytes to read."""

    name: str
    file: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes."""
        while piece := self.file.read(PIECE):
            yield piece


@contextmanager
def open_backup(path: Path) -> Iterator[Iterator[Member]]:
    """Open a backup and yield its members in their order.

    Raises:
        BackupError: the file cannot be read, or is damaged where it is read.
    """
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield _members(tar)
    except FileNotFoundError as error:
        msg = f"There is no file {path}. Name a file that `manage.py backup` wrote."
        raise BackupError(msg) from error
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise _damaged(path, "it cannot be read to its end") from error
    except OSError as error:
        msg = f"The backup {path} cannot be read: {error.strerror or 'it is damaged'}."
        raise BackupError(msg) from error


def _members(tar: tarfile.TarFile) -> Iterator[Member]:
    while (info := tar.next()) is not None:
        tar.members = []  # type: ignore[attr-defined]  # it would keep one object per file of the archive
        file = tar.extractfile(info) if info.isreg() else None
        if file is None:
            msg = "a member that is no file"
            raise tarfile.ReadError(msg)
        yield Member(info.name, file)


def check_backup(path: Path, *, step: Callable[[int], None]) -> Manifest:
    """Read a backup to its end and compare everything with its manifest.

    Args:
        path: the file.
        step: takes how many members were read.

    Raises:
        BackupError: it is damaged or incomplete; the sentence names the member where that can be told.
    """
    tables: dict[str, str] = {}
    archive = _ArchivePart()
    ends: dict[str, bytes] = {}
    with open_backup(path) as members:
        for member in members:
            step(1)
            if MANIFEST in ends and member.name != MANIFEST_SHA256:
                raise _damaged(path, f"'{member.name}' stands behind the manifest")
            if match := TABLE_MEMBER.fullmatch(member.name):
                tables[match["name"]] = _sha256(member)
            elif ARCHIVE_MEMBER.fullmatch(member.name):
                if not archive.take(member):
                    raise _damaged(path, f"'{member.name}' is not what its name says")
            elif member.name in {MANIFEST, MANIFEST_SHA256}:
                ends[member.name] = member.file.read(MAX_MANIFEST_BYTES)
            else:
                raise _damaged(path, f"'{member.name}' is no part of a backup")
    manifest = _manifest(path, ends)
    _compare(path, manifest, tables, archive)
    return manifest


def _manifest(path: Path, ends: dict[str, bytes]) -> Manifest:
    if ends.keys() != {MANIFEST, MANIFEST_SHA256}:
        msg = f"{path} is not a whole backup: its manifest is missing. It was cut short, or is none. Use another one."
        raise BackupError(msg)
    if ends[MANIFEST_SHA256] != seal(ends[MANIFEST]):
        raise _damaged(path, "its manifest is not the one that was written")
    if path.stat().st_size % tarfile.RECORDSIZE:
        raise _damaged(path, "its end is missing")
    return read_manifest(ends[MANIFEST])


def _compare(path: Path, manifest: Manifest, tables: dict[str, str], archive: _ArchivePart) -> None:
    stated = {table.name: table.sha256 for table in manifest.tables}
    for name in sorted(stated.keys() | tables.keys()):
        if stated.get(name) != tables.get(name):
            raise _damaged(path, f"the table '{name}' is missing or not the one that was written")
    told = manifest.archive
    if (archive.n_files, archive.n_redacted) != (told.n_files, told.n_redacted):
        raise _damaged(path, f"it holds {archive.n_files} archived files of {told.n_files}")
    if archive.digest.hexdigest() != told.sha256:
        raise _damaged(path, "an archived file is not as it was written")


class _ArchivePart:
    """Hashes and counts the archive's members."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.n_files = self.n_redacted = 0

    def take(self, member: Member) -> bool:
        """Read one; return whether its content is the one its name says."""
        match = ARCHIVE_MEMBER.fullmatch(member.name)
        if match is None or not match["sha"].startswith(match["first"] + match["second"]):
            return False
        packed = hashlib.sha256()
        if match["suffix"] == ".redacted":
            self.n_redacted += 1
            is_right = not member.file.read(1)
        else:
            self.n_files += 1
            is_right = _is_sha256_of(member, match["sha"], packed.update)
        self.digest.update(f"{member.name} {packed.hexdigest()}\n".encode())
        return is_right


def unpack(member: Member, packed: Callable[[bytes], None]) -> Iterator[bytes]:
    """Yield the content of a gzipped member; hand what is read to `packed`.

    Raises:
        OSError, EOFError, zlib.error: it cannot be unpacked.
    """
    with gzip.GzipFile(fileobj=_Tee(member.file, packed), mode="rb") as file:
        while piece := file.read(PIECE):
            yield piece


class _Tee(io.RawIOBase):
    def __init__(self, file: IO[bytes], also: Callable[[bytes], None]) -> None:
        self._file = file
        self._also = also

    def readable(self) -> bool:
        return True

    def read(self, n: int = -1) -> bytes:
        data = self._file.read(n)
        self._also(data)
        return data


def _is_sha256_of(member: Member, sha: str, packed: Callable[[bytes], None]) -> bool:
    raw = hashlib.sha256()
    try:
        for piece in unpack(member, packed):
            raw.update(piece)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        return False
    return raw.hexdigest() == sha


def _sha256(member: Member) -> str:
    digest = hashlib.sha256()
    for piece in member.pieces():
        digest.update(piece)
    return digest.hexdigest()


def _damaged(path: Path, what: str) -> BackupError:
    return BackupError(
        f"The backup {path} is damaged: {what}. Nothing was restored from it. Use another one."
    )
