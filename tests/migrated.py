"""Databases with every migration applied: made once from nothing, then copied, because applying them takes seconds.

What was made is kept under the hash of what could change a database without rows of ours: the migrations, the search
index that they make, the models that give it content types and permissions, and the packages. SQLite's is a file in
`.migrated_cache/`; PostgreSQL's is a template beside the database of DATABASE_URL.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".migrated_cache"
KEY_LENGTH = 12
KEPT_FILES = 4  # of trees that were edited meanwhile
SAYS = ("migrations", "models", "search")


def copy_file(target: Path) -> None:
    """Write a SQLite database that has every table and no row of ours."""
    with _alone("sqlite"):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_file(), target)


def copy_database(url: str, name: str) -> None:
    """Make a PostgreSQL database that has every table and no row of ours, in place of one of that name.

    Args:
        url: address of a database on the server; it names the template and need not exist.
        name: of the database to make.
    """
    with _alone("postgres"), _server(url) as server:
        template = _template(server, url)
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))


def prepare(url: str) -> None:
    """Make what the others copy, unless it is there; `url` is blank for SQLite."""
    if url:
        with _alone("postgres"), _server(url) as server:
            _template(server, url)
    else:
        with _alone("sqlite"):
            _file()


def _file() -> Path:
    file = CACHE / f"{_key()}.sqlite3"
    if not file.exists():
        unfinished = file.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _migrate(f"sqlite:///{unfinished}")
        for old in sorted(CACHE.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)[: -KEPT_FILES + 1]:
            old.unlink()
        unfinished.rename(file)
    return file


def _template(server: psycopg.Connection[tuple[str]], url: str) -> str:
    stem = f"test_{urlsplit(url).path[1:]}_migrated_"
    known = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
    name = stem + _key()
    if name not in known:
        unfinished = f"{stem}unfinished"
        for old in [one for one in known if one.startswith(stem)]:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(old)))
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(unfinished)))
        _migrate(urlsplit(url)._replace(path=f"/{unfinished}").geturl())
        server.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name)))
    return name


def _migrate(url: str) -> None:
    """Apply every migration as an administrator would; a failure shows what the command said."""
    ran = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", "--verbosity", "0"],
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]


@functools.cache
def _key() -> str:
    found = hashlib.sha256()
    code = [file for folder in SAYS for file in sorted((ROOT / "tracker" / folder).rglob("*.py"))]
    for file in [*code, ROOT / "requirements.lock"]:
        found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:KEY_LENGTH]


@contextmanager
def _server(url: str) -> Generator[psycopg.Connection[tuple[str]]]:
    with psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True) as server:
        yield server


@contextmanager
def _alone(kind: str) -> Generator[None]:
    """Hold off the other processes of this tree, so that each thing is made once and none is copied half-made."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    prepare("".join(sys.argv[1:]))
