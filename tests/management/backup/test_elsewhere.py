"""A backup that was made under load, or by an older version, restores into an empty install elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from tests import factories as make
from tests import migrated
from tests.faults.test_kill import ROOT, environment
from tracker import models
from tracker.fetch.archive import FileArchive
from tracker.management.backup.check import check_backup
from tracker.management.backup.manifest import Manifest
from tracker.management.backup.pack import write_backup

N_WRITERS = 3
OLDER = ROOT / "tests" / "data" / "backup" / "migration-0003.tar"
"""A backup that the product wrote when 0003 was its newest migration, of one source."""
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@contextmanager
def writers(root: Path) -> Iterator[Callable[[int], None]]:
    """Write articles and archive files in several threads; yield what waits until so many more were written."""
    stop = threading.Event()
    written = threading.Semaphore(0)
    failures: list[BaseException] = []
    source = make.SourceFactory()

    def write(number: int) -> None:
        archive = FileArchive(root)
        try:
            n = 0
            while not stop.is_set():
                n += 1
                raw = archive.put(f"<p>page {n} of writer {number}</p>".encode() * 30)
                with transaction.atomic():
                    article = make.ArticleFactory(
                        source=source, key=f"{number}:{n}", public_id=f"w{number}x{n}"
                    )
                    make.RevisionFactory(article=article, text=f"Text {n}.", raw_sha256=raw)
                written.release()
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)
            written.release(10_000)
        finally:
            connection.close()

    def wait_for(n: int) -> None:
        for _ in range(n):
            assert written.acquire(timeout=60)

    threads = [threading.Thread(target=write, args=[number]) for number in range(N_WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield wait_for
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def run(variables: dict[str, str], *arguments: str) -> str:
    """Run a management command in an install elsewhere."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout


@contextmanager
def other_database(*, has_tables: bool) -> Iterator[str]:
    """Yield the address of a database of the same kind as the tests' and without rows; blank for SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    url, name = os.environ["DATABASE_URL"], f"{connection.settings_dict['NAME']}_elsewhere"
    with connection.cursor() as cursor:
        if has_tables:
            migrated.copy_database(url, name)
        else:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def content(manifest: Manifest) -> dict[str, tuple[int, str]]:
    return {table.name: (table.n_rows, table.rows_sha256) for table in manifest.tables}


def test_a_backup_under_write_load_restores_into_an_empty_install(root: Path, tmp_path: Path) -> None:
    file, again = tmp_path / "one.tar", tmp_path / "two.tar"
    waits = [8, 0]

    def step(_n: int) -> None:
        wait_for(waits.pop(0) if waits else 0)  # rows and files are written while the first table is read

    with writers(root) as wait_for:
        wait_for(8)
        before = write_backup(file, root, tell=pytest.fail, step=step)
        wait_for(8)
    n_articles = content(before)["tracker_article"][0]
    assert 8 <= n_articles <= models.Article.objects.count() - 16
    assert content(before)["tracker_revision"][0] == n_articles
    assert before.archive.n_files >= n_articles
    targets = [""] if connection.vendor == "sqlite" else ["", "the same kind"]
    for target in targets:  # from PostgreSQL into SQLite too
        elsewhere = tmp_path / f"elsewhere{len(target)}"
        if not target and connection.vendor != "sqlite":  # the run on SQLite makes the tables from nothing
            migrated.copy_file(elsewhere / "retort.sqlite3")
        with other_database(has_tables=False) as url:
            variables = environment(elsewhere, DATABASE_URL=url if target else "")
            run(variables, "restore", str(file))
            assert "0 not in order, 0 missing" in run(variables, "archive", "verify")
            run(variables, "backup", str(again))
        after = check_backup(again, step=lambda _: None)
        again.unlink()
        assert content(after) == content(before)
        assert after.archive == before.archive


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    migrated.copy_file(tmp_path / "retort.sqlite3")
    with other_database(has_tables=True) as url:
        said = run(
            environment(tmp_path, DATABASE_URL=url),
            "shell",
            "--no-imports",
            "-c",
            "\n".join(
                [
                    "from django.core.management import call_command",
                    "from tracker.models import Source",
                    "Source.objects.create(slug='here', name='A source that was here')",
                    f"call_command('restore', {str(OLDER)!r}, replace=True)",
                    "call_command('migrate', check_unapplied=True, verbosity=0)",  # exits with 1 when one is left
                    "print([source.name for source in Source.objects.all()])",
                ]
            ),
        )
    assert "Making the tables anew" in said
    assert "['An older source']" in said
