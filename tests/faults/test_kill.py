"""Killing workers at random moments loses nothing and stores nothing twice.

The suite runs a small sample; FAULTS=full (`make faults`) runs 300 jobs with 20 kills.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests import migrated
from tests.faults.press import write_press

ROOT = Path(__file__).resolve().parents[2]
IS_FULL = os.environ.get("FAULTS") == "full"
N_EVENTS, N_KILLS = (20, 20) if IS_FULL else (4, 3)
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/retort")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")

pytestmark = [pytest.mark.slow, pytest.mark.faults]


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Return the variables of a run that shares nothing with another."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "DATABASE_URL"))
    }
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "TRACKER_DATA_DIR": str(data_dir),
        "TRACKER_SECRET_KEY": "0123456789 abcdefghij ABCDEFGHIJ of the tests",
        "TRACKER_LEASE_S": "3",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def install(data_dir: Path) -> dict[str, str]:
    """Make an install of its own, whose SQLite database has its tables; return the variables of a run in it."""
    migrated.copy_file(data_dir / "retort.sqlite3")
    return environment(data_dir)


def replay(folder: Path, variables: Mapping[str, str], *options: str) -> tuple[str, dict[str, int]]:
    """Replay the folder; return what it printed and what the database then holds."""
    command = [sys.executable, str(ROOT / "manage.py"), "replay", str(folder), *options]
    ran = subprocess.run(
        command, env=dict(variables), cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    shown = subprocess.run(
        [sys.executable, "-m", "tests.faults.content"],
        env=dict(variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return ran.stdout, json.loads(shown.stdout)


@dataclass(frozen=True)
class Calm:
    """A run that nobody disturbed: its captures, its install and what that then held."""

    press: Path
    n_articles: int
    variables: dict[str, str]
    content: dict[str, int]


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    folder = tmp_path_factory.mktemp("calm")
    n_articles = write_press(folder / "press", n_events=N_EVENTS)
    variables = install(folder / "var")
    _said, content = replay(folder / "press", variables)
    return Calm(folder / "press", n_articles, variables, content)


def test_killing_the_worker_changes_nothing_in_the_end(calm: Calm, tmp_path: Path) -> None:
    press, undisturbed = calm.press, calm.content
    said, disturbed = replay(press, install(tmp_path / "wild"), "--kills", str(N_KILLS))
    assert undisturbed["articles"] == calm.n_articles
    assert undisturbed["grouped"]
    assert undisturbed["done"] >= 3 * calm.n_articles
    assert disturbed == undisturbed | {"done": disturbed["done"]}
    assert " kills" in said
    assert " 0 kills" not in said
    if IS_FULL:  # tests/management/test_replay.py replays twice in the sample
        again_said, again = replay(press, calm.variables)
        assert again["digest"] == undisturbed["digest"]
        assert "0 exceptions" in again_said


@pytest.mark.services
def test_killing_two_workers_on_postgresql_and_redis_changes_nothing(calm: Calm, tmp_path: Path) -> None:
    base, _, _name = POSTGRES.rpartition("/")
    name = f"retort_kill_{os.getpid()}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
        migrated.copy_database(POSTGRES, name)
        try:
            variables = environment(
                tmp_path / "wild", DATABASE_URL=f"{base}/{name}", TRACKER_BROKER_URL=REDIS.replace("/0", "/7")
            )
            _said, disturbed = replay(calm.press, variables, "--workers", "2", "--kills", str(N_KILLS))
            assert disturbed == calm.content | {"done": disturbed["done"]}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
