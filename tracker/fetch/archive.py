"""The archive of raw bytes: content-addressed, compressed, written once, checked at every reading."""

from __future__ import annotations

import gzip
import os
import re
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tracker.errors import RetortError
from tracker.text.hashing import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Iterator

SHA = re.compile(r"[0-9a-f]{64}")
SUFFIX = ".gz"
REDACTED_SUFFIX = ".redacted"
"""Name of the empty file that stands where bytes were taken out on purpose."""


class NotArchivedError(RetortError):
    """The archive holds nothing under this hash."""


class RedactedError(NotArchivedError):
    """What stood under this hash was taken out on purpose, and is not taken in again."""


class DamagedArchiveError(RetortError):
    """The archived bytes are not the ones their hash names; restore the file from a backup."""


class ArchiveStore(Protocol):
    """Keeps bytes under their SHA-256."""

    def put(self, data: bytes) -> str:
        """Store `data` and return its SHA-256; storing the same bytes again changes nothing."""
        ...

    def get(self, sha: str) -> bytes:
        """Return the bytes; raises NotArchivedError or DamagedArchiveError."""
        ...

    def has(self, sha: str) -> bool:
        """Whether something is stored under `sha`."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Iterate over every stored SHA-256, sorted."""
        ...


class FileArchive:
    """A local folder: `ab/cd/<sha256>.gz`.

    A file appears under its name only when it is complete and on disk, so a crash leaves either all of it or
    nothing. Several processes may write at once. What was erased on purpose leaves `<sha256>.redacted` behind, and
    the same bytes are never stored again.

    Args:
        root: the folder; made when something is stored.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def path_of(self, sha: str) -> Path:
        """Return where `sha` is kept; raises NotArchivedError when it is no SHA-256."""
        if not SHA.fullmatch(sha):
            msg = f"'{sha[:80]}' is no SHA-256, so nothing is archived under it."
            raise NotArchivedError(msg)
        return self._root / sha[:2] / sha[2:4] / f"{sha}{SUFFIX}"

    def put(self, data: bytes) -> str:
        """See `ArchiveStore.put`; OSError when the disk refuses. A damaged copy is replaced, an erased one is not."""
        sha = sha256_hex(data)
        path = self.path_of(sha)
        if not self.is_redacted(sha) and not self._is_sound(sha):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, gzip.compress(data, compresslevel=6, mtime=0))
            if self.is_redacted(sha):  # erased while it was written
                path.unlink(missing_ok=True)
        return sha

    def adopt(self, sha: str, packed: bytes) -> None:
        """Take in a file of another archive as it is; the caller has the disk keep it (`os.sync`).

        Raises:
            DamagedArchiveError: it is not what `sha` names; nothing was stored.
        """
        path = self.path_of(sha)
        try:
            is_right = sha256_hex(gzip.decompress(packed)) == sha
        except (EOFError, zlib.error, gzip.BadGzipFile):
            is_right = False
        if not is_right:
            msg = f"What was given as {path.name} is something else."
            raise DamagedArchiveError(msg)
        if not self.is_redacted(sha) and not self._is_sound(sha):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, packed, is_synced=False)

    def get(self, sha: str) -> bytes:
        """See `ArchiveStore.get`."""
        path = self.path_of(sha)
        try:
            data = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            if self.is_redacted(sha):
                msg = f"What was archived under {sha} was redacted."
                raise RedactedError(msg) from None
            msg = f"Nothing is archived under {sha}."
            raise NotArchivedError(msg) from None
        except (EOFError, zlib.error, gzip.BadGzipFile):
            data = None
        if data is None or sha256_hex(data) != sha:
            msg = f"The archived file {path.name} is damaged. Restore it from a backup."
            raise DamagedArchiveError(msg)
        return data

    def has(self, sha: str) -> bool:
        """See `ArchiveStore.has`; does not read the file."""
        return bool(SHA.fullmatch(sha)) and self.path_of(sha).is_file()

    def erase(self, sha: str) -> None:
        """Take the bytes out for good; storing them again changes nothing. May be repeated."""
        path = self.path_of(sha)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{sha}{REDACTED_SUFFIX}").touch()
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def is_redacted(self, sha: str) -> bool:
        """Whether the bytes of `sha` were erased on purpose."""
        return self.path_of(sha).with_name(f"{sha}{REDACTED_SUFFIX}").exists()

    def __iter__(self) -> Iterator[str]:
        """See `ArchiveStore.__iter__`."""
        for folder in sorted(self._root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            for path in sorted(folder.glob(f"*{SUFFIX}")):
                sha = path.name.removesuffix(SUFFIX)
                if SHA.fullmatch(sha):
                    yield sha

    def _is_sound(self, sha: str) -> bool:
        try:
            self.get(sha)
        except (NotArchivedError, DamagedArchiveError):
            return False
        return True


def _write_whole(path: Path, data: bytes, *, is_synced: bool = True) -> None:
    """Write through a temporary file in the same folder, so that the name never shows a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if is_synced:
                os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if is_synced:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names of a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
