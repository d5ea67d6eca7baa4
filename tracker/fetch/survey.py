"""Looking over the whole archive: every file in the order of the hashes, and what is wrong with it.

One file is held in memory at a time, and of that a piece. What is found is told as values; nothing is changed.
"""

from __future__ import annotations

import enum
import gzip
import hashlib
import os
import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tracker.fetch.archive import REDACTED_SUFFIX, SHA, SUFFIX

PIECE = 1 << 20
UNFINISHED_AFTER_S = 3600
"""A write takes seconds; what is still unfinished after an hour was left behind by a crash."""
_FOLDER = re.compile(r"[0-9a-f]{2}")
_ISIZE_BYTES = 4


class Trouble(enum.StrEnum):
    """What can be wrong with a file of the archive."""

    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    MISNAMED = "misnamed"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that is not in order; `path` is relative to the archive."""

    path: str
    trouble: Trouble
    advice: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One file under its right name; whether its content is right is for `recompute` to say."""

    sha: str
    path: Path
    name: str  # relative to the archive


@dataclass(frozen=True, slots=True)
class Redacted:
    """A hash whose bytes were taken out on purpose."""

    sha: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of one file, packed and raw."""

    n_packed: int
    n_raw: int


def survey(root: Path) -> Iterator[Kept | Redacted | Problem]:
    """Yield everything in the archive's folder, ordered by hash; an empty or missing folder yields nothing."""
    for first in _entries(root):
        if not _is_folder(first):
            yield from _stranger(root, first)
            continue
        for second in _entries(Path(first.path)):
            if not _is_folder(second):
                yield from _stranger(root, second)
                continue
            for leaf in _entries(Path(second.path)):
                yield from _leaf(root, leaf, f"{first.name}{second.name}")


def recompute(kept: Kept) -> Sizes | Problem:
    """Read a file whole, piece by piece, and compare its SHA-256 with its name."""
    digest, n_raw = hashlib.sha256(), 0
    try:
        with gzip.open(kept.path, "rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
                n_raw += len(piece)
        n_packed = kept.path.stat().st_size
    except EOFError:
        return Problem(kept.name, Trouble.TRUNCATED, "It ends too early. Restore the file from a backup.")
    except (zlib.error, gzip.BadGzipFile):
        advice = "It cannot be unpacked. Restore the file from a backup."
        return Problem(kept.name, Trouble.DAMAGED, advice)
    except OSError as error:
        return _unreadable(kept.name, error)
    found = digest.hexdigest()
    if found != kept.sha:
        return Problem(
            kept.name,
            Trouble.MISNAMED,
            f"Its content is that of {found[:2]}/{found[2:4]}/{found}{SUFFIX}. Move it there if nothing is there, "
            "and restore the file of this name from a backup.",
        )
    return Sizes(n_packed, n_raw)


def read_sizes(kept: Kept) -> Sizes | Problem:
    """Return the sizes of a file as its end states them, without unpacking it."""
    try:
        with kept.path.open("rb") as file:
            n_packed = file.seek(0, os.SEEK_END)
            file.seek(max(n_packed - _ISIZE_BYTES, 0))
            return Sizes(n_packed, int.from_bytes(file.read(_ISIZE_BYTES), "little"))
    except OSError as error:
        return _unreadable(kept.name, error)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return bool(_FOLDER.fullmatch(entry.name)) and entry.is_dir()


def _stranger(root: Path, entry: os.DirEntry[str]) -> Iterator[Problem]:
    name = _relative(root, entry)
    if not entry.name.endswith(".part"):
        yield Problem(name, Trouble.FOREIGN, "It does not belong to the archive. Move it elsewhere.")
    elif _age_s(entry) > UNFINISHED_AFTER_S:
        yield Problem(name, Trouble.FOREIGN, "A write that was never finished. Delete it.")


def _leaf(root: Path, entry: os.DirEntry[str], prefix: str) -> Iterator[Kept | Redacted | Problem]:
    name = _relative(root, entry)
    for suffix in (SUFFIX, REDACTED_SUFFIX):
        sha = entry.name.removesuffix(suffix)
        if sha == entry.name or not SHA.fullmatch(sha):
            continue
        if not sha.startswith(prefix):
            right = f"{sha[:2]}/{sha[2:4]}/{entry.name}"
            yield Problem(name, Trouble.MISNAMED, f"It stands in the wrong folder. Move it to {right}")
        elif suffix == REDACTED_SUFFIX:
            yield Redacted(sha)
        elif not entry.is_file():
            yield Problem(name, Trouble.UNREADABLE, "It is not a file. Restore the file from a backup.")
        else:
            yield Kept(sha, Path(entry.path), name)
        return
    yield from _stranger(root, entry)


def _unreadable(name: str, error: OSError) -> Problem:
    why = error.strerror or "the disk gave no reason"
    advice = f"It cannot be read ({why}). Let the program's user read it, or restore the file from a backup."
    return Problem(name, Trouble.UNREADABLE, advice)


def _relative(root: Path, entry: os.DirEntry[str]) -> str:
    name = Path(entry.path).relative_to(root).as_posix()
    return name.encode("utf-8", "backslashreplace").decode()


def _age_s(entry: os.DirEntry[str]) -> float:
    try:
        return time.time() - entry.stat().st_mtime
    except OSError:
        return 0.0  # it was finished meanwhile
