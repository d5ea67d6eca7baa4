"""`archive verify` names what is wrong, each by its path, and is silent about what is right."""

from __future__ import annotations

import gzip
import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from tests import factories as make
from tracker.fetch.archive import FileArchive
from tracker.models import archived
from tracker.text.hashing import sha256_hex

UNKNOWN = "0" * 63 + "1"
pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    """Return what the command printed."""
    out = io.StringIO()
    call_command("archive", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def complaints(*arguments: str) -> list[str]:
    """Return the lines printed before the summary; the command must end with an error."""
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("archive", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()[:-1]


def name_of(sha: str) -> str:
    return f"{sha[:2]}/{sha[2:4]}/{sha}.gz"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def other(path: Path) -> None:
    path.write_bytes(gzip.compress(b"another page"))


def unreadable(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (cut, "truncated"),
        (flip, "damaged"),
        (other, f"misnamed. Its content is that of {name_of(sha256_hex(b'another page'))}"),
        (unreadable, "unreadable"),
    ],
)
def test_a_file_that_is_not_in_order_is_named_with_what_to_do(
    root: Path, harm: Callable[[Path], None], words: str
) -> None:
    archive = FileArchive(root)
    shas = [archive.put(f"page {n} of a sample".encode() * 20) for n in range(6)]
    harm(archive.path_of(shas[3]))
    (line,) = complaints("verify")
    assert line.startswith(f"{name_of(shas[3])}: {words}")
    assert "backup" in line


def test_what_does_not_belong_is_named(root: Path) -> None:
    archive = FileArchive(root)
    sha = archive.put(b"sample")
    path = archive.path_of(sha)
    wrong = root / "00" / "00" / path.name
    left = path.with_name(".x.part")
    for stranger in (root / "note.txt", root / "zz" / "page.gz", path.with_name("page.html"), wrong, left):
        stranger.parent.mkdir(parents=True, exist_ok=True)
        stranger.write_bytes(b"x")
    path.with_name(".young.part").write_bytes(b"being written")
    os.utime(left, (1, 1))
    lines = complaints("verify")
    folder = path.parent.relative_to(root).as_posix()
    assert {line.partition(": ")[0] for line in lines} == {
        "note.txt", "zz", f"{folder}/page.html", f"{folder}/.x.part", f"00/00/{path.name}",
    }  # fmt: skip
    assert any(f"Move it to {folder}/{path.name}" in line for line in lines)


def test_a_hash_that_the_database_names_and_the_archive_lacks_is_missing(root: Path) -> None:
    there = FileArchive(root).put(b"sample")
    article = make.RevisionFactory(raw_sha256=there).article
    make.RevisionFactory(article=article, text="Other words.", raw_sha256=UNKNOWN)
    make.FetchAttemptFactory(body_sha256=UNKNOWN)
    make.FetchAttemptFactory(body_sha256="f" * 64)
    make.EndpointFactory(body_sha256=there)
    first, second = complaints("verify", "--quick")
    assert first.startswith(f"{name_of(UNKNOWN)}: missing. It is named by ")
    assert "and 1 more" in first
    assert f"article {article.public_id}" in first or "a try at endpoint" in first
    assert second.startswith(name_of("f" * 64))


def test_every_field_that_names_archived_bytes_is_looked_at() -> None:
    said = {
        (model.__name__, field.name)
        for model in apps.get_app_config("tracker").get_models()
        for field in model._meta.concrete_fields
        if "in the archive" in str(field.help_text)
    }
    assert said <= set(archived.FIELDS)


def test_an_archive_in_order_passes_and_what_no_row_names_is_kept(root: Path) -> None:
    archive = FileArchive(root)
    for n in range(12):
        archive.put(f"page {n}".encode())
    make.RevisionFactory(raw_sha256=next(iter(archive)))
    assert "12 files, 12 of them recomputed; 0 not in order, 0 missing" in run("verify")
    assert "12 files, 5 of them recomputed" in run("verify", "--sample", "5")
    assert "12 files, 12 of them recomputed" in run("verify", "--sample", "500")
    assert "12 files, 0 of them recomputed" in run("verify", "--quick")


def test_a_sample_reads_no_more_than_it_says_and_names_what_it_meets(root: Path) -> None:
    archive = FileArchive(root)
    for n in range(3):
        flip(archive.path_of(archive.put(f"page {n}".encode())))
    assert len(complaints("verify", "--sample", "2")) == 2
    assert "0 not in order" in run("verify", "--quick")


@pytest.mark.parametrize("bad", ["0", "-3", "many", "1.5", ""])
def test_a_sample_that_is_no_number_gets_a_sentence(root: Path, bad: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        run("verify", f"--sample={bad}")


def test_an_empty_or_missing_archive_is_in_order(root: Path) -> None:
    assert "0 files" in run("verify")
    assert "none, as it is empty" in run("stats")


def test_stats_count_files_and_bytes_packed_and_raw(root: Path) -> None:
    archive = FileArchive(root)
    shas = [archive.put(bytes([n]) * 50_000) for n in range(4)]
    packed = sum(archive.path_of(sha).stat().st_size for sha in shas)
    text = run("stats")
    assert "Files: 4\n" in text
    assert f"Packed: {packed:,} bytes" in text
    assert "Raw: 200,000 bytes" in text
    assert f"Ratio: {200_000 / packed:.2f}" in text


def test_what_was_erased_is_absent_on_purpose_and_is_not_taken_in_again(root: Path) -> None:
    archive = FileArchive(root)
    sha = archive.put(b"sample")
    path = archive.path_of(sha)
    packed = path.read_bytes()
    make.RevisionFactory(raw_sha256=sha)
    archive.erase(sha)
    archive.erase(sha)
    archive.put(b"sample")
    assert not archive.has(sha)
    assert "0 missing, 1 absent on purpose" in run("verify")
    path.write_bytes(packed)
    (line,) = complaints("verify")
    assert line.startswith(f"{name_of(sha)}: redacted, and yet there")


def test_a_file_that_unpacks_to_much_is_read_in_pieces(root: Path) -> None:
    archive = FileArchive(root)
    path = archive.path_of(archive.put(b"sample"))
    path.write_bytes(gzip.compress(bytes(40_000_000), compresslevel=1))
    tracemalloc.start()
    try:
        complaints("verify")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000
