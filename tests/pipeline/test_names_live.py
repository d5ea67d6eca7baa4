"""A worker that runs all the while marks old articles anew when an editor changes a name in the admin."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests import migrated
from tracker.management import processes

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 180.0
SETUP = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
from tests.factories import RevisionFactory
from tracker import search
from tracker.models import Alias, Article, Entity, owe
User.objects.create_superuser("editor", password="editor")
lab = Entity.objects.create(slug="lab", name="Deep Lab", type="organisation")
Alias.objects.create(entity=lab, text="Deep Laboratory")
text = "星岚科技与深度求索在一份声明中回应了关于人工智能模型蒸馏的指控。"
revision = RevisionFactory(text=text, title="声明", language="zh", article__language="zh")
Article.objects.filter(pk=revision.article_id).update(is_on_subject=True, is_relevance_decided=True)
search.put("article", [revision.article_id])
owe("analyse", [revision.pk], version="first")
"""
RENAME = """
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tracker.models import Entity
settings.ALLOWED_HOSTS.append("testserver")
lab = Entity.objects.get(slug="lab")
client = Client()
assert client.login(username="editor", password="editor")
form = {"slug": "lab", "name": "Deep Lab", "type": "organisation", "is_public": "on"}
for name, n in (("aliases", 1), ("positions", 0), ("parents", 0), ("external_ids", 0)):
    form |= {f"{name}-TOTAL_FORMS": n, f"{name}-INITIAL_FORMS": 0}
form |= {"aliases-0-text": "深度求索", "aliases-0-kind": "transliteration", "aliases-0-context_words": "[]",
         "aliases-0-entity": lab.pk}
answer = client.post(reverse("admin:tracker_entity_change", args=[lab.pk]), form, secure=True)
assert answer.status_code == 302, answer.context["errors"]
"""


def environment(data_dir: Path) -> dict[str, str]:
    """Return the variables of an install of its own, on SQLite and the embedded broker."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRACKER_", "DATABASE_URL"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "TRACKER_DATA_DIR": str(data_dir),
        "TRACKER_SECRET_KEY": "0123456789 abcdefghij ABCDEFGHIJ of the tests",
        "TRACKER_SWEEP_S": "0.5",
        "PYTHONPATH": str(ROOT),
    }


def run(variables: dict[str, str], *argv: str) -> None:
    """Run one program of the install to its end."""
    ran = subprocess.run(
        [sys.executable, *argv],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]


def rows(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    """Return what another process's database holds now."""
    (file,) = data_dir.glob("*.sqlite3")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as database:
        return database.execute(query).fetchall()


def wait_for(data_dir: Path, query: str) -> None:
    """Wait until the query gives a row."""
    end = time.monotonic() + PATIENCE_S
    while not rows(data_dir, query):
        assert time.monotonic() < end, f"waited in vain for: {query}"
        time.sleep(0.2)


@pytest.mark.slow
@pytest.mark.faults
def test_an_alias_of_the_admin_reaches_old_articles_without_a_restart(tmp_path: Path) -> None:
    variables = environment(tmp_path)
    migrated.copy_file(tmp_path / "retort.sqlite3")
    run(variables, "manage.py", "shell", "--command", SETUP)
    (tmp_path / "bell" / "control").mkdir(parents=True, exist_ok=True)
    worker, beat = processes.worker_program().argv, processes.beat_program().argv
    beat = [*beat[: beat.index("--schedule")], "--schedule", str(tmp_path / "schedule"), "--pidfile", ""]
    running = [subprocess.Popen(argv, env=variables, cwd=ROOT) for argv in (worker, beat)]
    try:
        wait_for(tmp_path, "SELECT 1 FROM tracker_job WHERE kind = 'analyse' AND state = 'done'")
        wait_for(tmp_path, "SELECT 1 FROM tracker_knownname")
        assert not rows(tmp_path, "SELECT 1 FROM tracker_mention")
        run(variables, "manage.py", "shell", "--command", RENAME)
        wait_for(tmp_path, "SELECT 1 FROM tracker_mention WHERE surface = '深度求索'")
        assert all(program.poll() is None for program in running)  # nobody was restarted
    finally:
        for program in running:
            program.terminate()
        for program in running:
            program.wait(timeout=30)
