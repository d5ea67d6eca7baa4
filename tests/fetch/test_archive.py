"""The archive: what goes in comes out, once, whole, or not at all."""

from __future__ import annotations

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch.archive import (
    ArchiveStore,
    DamagedArchiveError,
    FileArchive,
    NotArchivedError,
    RedactedError,
)
from tracker.fetch.memory import MemoryArchive
from tracker.text.hashing import sha256_hex

if TYPE_CHECKING:
    from pathlib import Path

UNKNOWN = "0" * 64


@pytest.fixture(params=["file", "memory"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> ArchiveStore:
    return FileArchive(tmp_path / "archive") if request.param == "file" else MemoryArchive()


def test_bytes_come_back_under_their_hash(archive: ArchiveStore) -> None:
    for data in (b"", b"\0" * 100_000, b"<html>sample</html>"):
        sha = archive.put(data)
        assert sha == sha256_hex(data)
        assert archive.get(sha) == data
        assert archive.has(sha)


def test_everything_stored_is_listed_once_in_order(archive: ArchiveStore) -> None:
    shas = {archive.put(str(number).encode()) for number in (*range(20), *range(20))}
    assert list(archive) == sorted(shas)


@pytest.mark.parametrize("sha", [UNKNOWN, "", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n"])
def test_an_unknown_hash_is_not_archived(archive: ArchiveStore, sha: str) -> None:
    assert not archive.has(sha)
    with pytest.raises(NotArchivedError):
        archive.get(sha)


@given(st.binary(max_size=2000))
def test_any_bytes_round_trip(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    archive = FileArchive(tmp_path_factory.getbasetemp() / "round-trip")
    assert archive.get(archive.put(data)) == data


def test_storing_again_writes_nothing(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    path = archive.path_of(archive.put(b"sample"))
    os.utime(path, (1, 1))
    archive.put(b"sample")
    assert path.stat().st_mtime == 1
    assert path.relative_to(tmp_path).parts[:2] == (path.name[:2], path.name[2:4])


@pytest.mark.parametrize(
    "damage", [b"", b"not gzip", gzip.compress(b"other", mtime=0), gzip.compress(b"sample", mtime=0)[:-3]]
)
def test_a_damaged_file_is_told_and_mended_by_storing_again(tmp_path: Path, damage: bytes) -> None:
    archive = FileArchive(tmp_path)
    sha = archive.put(b"sample")
    archive.path_of(sha).write_bytes(damage)
    with pytest.raises(DamagedArchiveError, match="backup"):
        archive.get(sha)
    archive.put(b"sample")
    assert archive.get(sha) == b"sample"


def test_an_unfinished_write_is_invisible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = FileArchive(tmp_path)

    def full_disk(handle: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("tracker.fetch.archive.os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        archive.put(b"sample")
    assert list(archive) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_leftovers_of_a_killed_writer_are_not_listed(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    folder = archive.path_of(archive.put(b"sample")).parent
    (folder / ".abc.part").write_bytes(b"half")
    assert len(list(archive)) == 1


def test_many_writers_agree(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        shas = set(pool.map(lambda _: archive.put(b"sample"), range(32)))
    assert list(archive) == list(shas)


def test_a_file_of_another_archive_is_taken_in_if_it_is_what_it_is_called(tmp_path: Path) -> None:
    one, other = FileArchive(tmp_path / "one"), FileArchive(tmp_path / "other")
    sha = one.put(b"sample")
    packed = one.path_of(sha).read_bytes()
    for wrong in (b"", packed[:-2], gzip.compress(b"something else")):
        with pytest.raises(DamagedArchiveError):
            other.adopt(sha, wrong)
        assert not other.has(sha)
    other.adopt(sha, packed)
    assert other.get(sha) == b"sample"


def test_what_was_erased_is_not_taken_in_again(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    sha = archive.put(b"sample")
    packed = archive.path_of(sha).read_bytes()
    archive.erase(sha)
    archive.put(b"sample")
    archive.adopt(sha, packed)
    assert not archive.has(sha)
    assert list(archive) == []
    with pytest.raises(RedactedError):
        archive.get(sha)
