"""A backup holds everything, restores exactly, and is refused when a single byte of it is another one."""

from __future__ import annotations

import datetime as dt
import io
import os
import tarfile
import tracemalloc
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import factories as make
from tracker import models, search
from tracker.fetch.archive import FileArchive
from tracker.management.backup import state
from tracker.management.backup.check import check_backup
from tracker.management.backup.manifest import BackupError, Manifest

pytestmark = pytest.mark.django_db(transaction=True)
ODD = "Ünïcode 蕨光 \u2028 \\ \" ' \t\nline"


def back_up(file: Path) -> Manifest:
    """Write a backup and return what it says of itself."""
    call_command("backup", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    return check_backup(file, step=lambda _: None)


def restore(file: Path, *options: str) -> str:
    """Restore a backup and return what was printed."""
    out = io.StringIO()
    call_command("restore", str(file), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def fill(root: Path) -> None:
    """Make rows of many kinds, with values that are easily lost."""
    archive = FileArchive(root)
    raw = archive.put(b"<p>a page</p>" * 50)
    archive.put(b"a page that no row names")
    editor = User.objects.create_superuser("editor", password="editor-editor-1")
    editor.groups.add(Group.objects.create(name="Desk"))
    article = make.ArticleFactory(title=ODD, facts={"a": [1, 2.5, None, True], "ö": {}})
    revision = make.RevisionFactory(article=article, text=ODD, raw_sha256=raw, rules={"title": "json-ld"})
    make.MentionFactory(revision=revision, start=0, end=3, score=0.1)
    claim = make.ClaimFactory(published=True, technique=make.TechniqueFactory())
    claim.also_techniques.add(make.TechniqueFactory())
    make.QuantityFactory(claim=claim, value=Decimal("123456789012345678901234567890.1234"))
    make.FetchAttemptFactory(
        body_sha256=raw, duration_s=0.1 + 0.2, at=dt.datetime(2026, 4, 1, 2, 3, 4, 567891, tzinfo=dt.UTC)
    )
    make.JobFactory(
        state="leased", attempts=2, lease_token=uuid.uuid4(), leased_until=timezone.now(), key="poll:1:now"
    )
    make.JobFactory(state="done", key="poll:2:now")
    Session.objects.create(session_key="of-a-browser", session_data="x", expire_date=timezone.now())


def content(manifest: Manifest) -> dict[str, tuple[int, str]]:
    """Return rows and hash of each table but the jobs, whose leases end with a restore."""
    return {
        table.name: (table.n_rows, table.rows_sha256)
        for table in manifest.tables
        if table.name != "tracker_job"
    }


@pytest.mark.slow
def test_what_was_backed_up_comes_back_exactly(root: Path, tmp_path: Path) -> None:
    fill(root)
    before = back_up(tmp_path / "one.tar")
    make.ArticleFactory(title="Written after the backup")
    User.objects.all().delete()
    for path in root.rglob("*.gz"):
        path.unlink()
    restore(tmp_path / "one.tar", "--replace")
    after = back_up(tmp_path / "two.tar")
    assert content(after) == content(before)
    assert after.archive == before.archive
    assert before.archive.n_files == 2
    assert models.Article.objects.get(title=ODD).facts == {"a": [1, 2.5, None, True], "ö": {}}
    assert User.objects.get().check_password("editor-editor-1")
    assert models.Claim.history.count() == dict(content(before))["tracker_historicalclaim"][0]
    assert not Session.objects.exists()
    assert search.search("蕨光").counts["article"] == 1
    assert search.search("written after").counts["article"] == 0
    make.ArticleFactory(title="The next row finds a free id")


def test_a_leased_job_comes_back_as_ready(root: Path, tmp_path: Path) -> None:
    fill(root)
    back_up(tmp_path / "one.tar")
    restore(tmp_path / "one.tar", "--replace")
    job = models.Job.objects.get(key="poll:1:now")
    assert (job.state, job.attempts, job.lease_token, job.leased_until) == ("ready", 1, None, None)
    assert models.Job.objects.get(key="poll:2:now").state == "done"


def test_a_database_with_rows_is_not_overwritten_unasked(root: Path, tmp_path: Path) -> None:
    fill(root)
    back_up(tmp_path / "one.tar")
    with pytest.raises(CommandError, match=r"not empty: it holds .*--replace"):
        restore(tmp_path / "one.tar")


def test_a_backup_is_not_overwritten(root: Path, tmp_path: Path) -> None:
    (tmp_path / "one.tar").write_bytes(b"precious")
    with pytest.raises(CommandError, match="overwrites nothing"):
        back_up(tmp_path / "one.tar")
    assert (tmp_path / "one.tar").read_bytes() == b"precious"


def test_a_backup_that_fails_leaves_nothing_behind(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CommandError, match="could not be written"):
        back_up(tmp_path / "file" / "one.tar")
    back_up(tmp_path / "backups" / "one.tar")
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["one.tar"]
    assert (tmp_path / "backups" / "one.tar").stat().st_mode & 0o077 == 0


def test_nothing_secret_but_password_hashes_is_in_a_backup(root: Path, tmp_path: Path) -> None:
    fill(root)
    back_up(tmp_path / "one.tar")
    with tarfile.open(tmp_path / "one.tar") as tar:
        names = tar.getnames()
    tables = {table.name for table in check_backup(tmp_path / "one.tar", step=lambda _: None).tables}
    assert "auth_user" in tables
    assert "tracker_historicalarticle" in tables
    assert "django_session" not in tables
    assert not any("search" in name or "secret" in name for name in names)


@pytest.mark.slow
def test_a_backup_with_one_wrong_byte_is_refused_and_changes_nothing(root: Path, tmp_path: Path) -> None:
    fill(root)
    whole = tmp_path / "one.tar"
    back_up(whole)
    data = whole.read_bytes()
    with tarfile.open(whole) as tar:
        places = {
            place
            for info in tar.getmembers()
            for place in (
                info.offset,  # a letter of its name
                info.offset + 130,  # a digit of its size
                info.offset_data,
                info.offset_data + 9,
                info.offset_data + info.size // 2,
                info.offset_data + info.size - 1,
            )
        }
    n_articles = models.Article.objects.count()
    for place in sorted(places):
        hurt = bytearray(data)
        hurt[place] ^= 1
        (tmp_path / "hurt.tar").write_bytes(hurt)
        with pytest.raises(BackupError, match=r"damaged|not a whole backup|read"):
            check_backup(tmp_path / "hurt.tar", step=lambda _: None)
    with pytest.raises(CommandError, match=r"Use another one\."):
        restore(tmp_path / "hurt.tar", "--replace")
    assert models.Article.objects.count() == n_articles


def test_a_backup_that_was_cut_short_is_refused(root: Path, tmp_path: Path) -> None:
    fill(root)
    whole = tmp_path / "one.tar"
    back_up(whole)
    data = whole.read_bytes()
    for n in (0, 1, 100, 512, 700, len(data) // 3, len(data) // 2, len(data) - 12_000, len(data) - 1):
        (tmp_path / "cut.tar").write_bytes(data[:n])
        with pytest.raises(CommandError, match=r"damaged|not a whole backup"):
            restore(tmp_path / "cut.tar", "--replace")


def test_what_is_no_backup_gets_a_sentence(root: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        restore(tmp_path / "nowhere.tar")
    (tmp_path / "page.html").write_text("<p>no tar</p>" * 100)
    with pytest.raises(CommandError, match="damaged"):
        restore(tmp_path / "page.html")
    with pytest.raises(CommandError, match="cannot be read"):
        restore(tmp_path)
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "page.html", arcname="../../page.html")
    with pytest.raises(CommandError, match="no part of a backup"):
        restore(tmp_path / "other.tar")


def test_a_member_that_is_missing_is_noticed(root: Path, tmp_path: Path) -> None:
    fill(root)
    back_up(tmp_path / "one.tar")
    with tarfile.open(tmp_path / "one.tar") as tar:
        infos = tar.getmembers()
        for left_out in (infos[3], next(info for info in infos if info.name.startswith("archive/"))):
            with tarfile.open(tmp_path / "less.tar", "w") as less:
                for info in infos:
                    if info is not left_out:
                        less.addfile(info, tar.extractfile(info))
            with pytest.raises(CommandError, match="damaged"):
                restore(tmp_path / "less.tar", "--replace")


def test_a_backup_of_a_newer_version_is_refused(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = state.applied
    monkeypatch.setattr(state, "models_at", lambda _nodes, at=state.models_at: at(real()))
    monkeypatch.setattr(state, "applied", lambda using="default": real(using) | {("tracker", "9999_later")})
    call_command("backup", str(tmp_path / "one.tar"), stdout=io.StringIO())
    monkeypatch.undo()
    with pytest.raises(CommandError, match=r"newer version .*9999_later"):
        restore(tmp_path / "one.tar", "--replace")


def test_files_that_are_not_in_order_are_told_and_left_out(root: Path, tmp_path: Path) -> None:
    fill(root)
    archive = FileArchive(root)
    raw = models.Revision.objects.get(text=ODD).raw_sha256
    archive.path_of(raw).write_bytes(b"damaged")
    err = io.StringIO()
    call_command("backup", str(tmp_path / "one.tar"), stdout=io.StringIO(), stderr=err)
    assert f"{raw}.gz: damaged" in err.getvalue()
    assert "1 files that rows name are not in it" in err.getvalue()
    assert check_backup(tmp_path / "one.tar", step=lambda _: None).archive.n_missing == 1


@pytest.mark.slow
def test_memory_stays_bounded_however_much_is_backed_up(root: Path, tmp_path: Path) -> None:
    archive = FileArchive(root)
    article = make.ArticleFactory()
    for n in range(200):
        make.RevisionFactory(article=article, text=f"{n} " + "text " * 40_000)
    archive.put(os.urandom(1_000_000))
    tracemalloc.start()
    try:
        back_up(tmp_path / "one.tar")
        n_backup = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        restore(tmp_path / "one.tar", "--replace")
        n_restore = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (tmp_path / "one.tar").stat().st_size < 3_000_000
    # the rows are 40 MB; half of what is used are the models as of the migrations
    assert n_backup < 30_000_000
    assert n_restore < 30_000_000
