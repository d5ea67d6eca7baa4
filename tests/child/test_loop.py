"""What a process with limits loads: nothing that would make it large or take its threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
HEAVY = {"numpy", "spacy", "django", "celery"}
PROSE = b"<html><body>" + b"<p>The lab wrote that the rival had read all of its answers again.</p>" * 9
ASKED: dict[str, tuple[dict[str, Any], bytes, set[str]]] = {
    "tracker/sources/feed_child.py": (
        {"final_url": "", "content_type": "", "max_items": 9},
        b"<rss/>",
        {*HEAVY, "tracker", "lxml", "bs4"},
    ),
    "tracker/extract/page_child.py": (
        {
            "url": "https://a.example/",
            "content_type": "",
            "now": "2026-11-22T03:30:00+00:00",
            "fetched_at": "2026-11-22T03:30:00+00:00",
        },
        PROSE,
        HEAVY,
    ),
}
"""Work to a request, its body, and what must not be loaded to answer it."""


@pytest.mark.parametrize("work", ASKED)
def test_a_process_with_limits_stays_small(work: str) -> None:
    request, body, barred = ASKED[work]
    script = (
        f"import sys, runpy; answer = runpy.run_path({work!r})['parse']({request!r}, {body!r});"
        "assert 'article' in answer or 'entries' in answer, answer;"
        f"print(sorted({{n.split('.')[0] for n, m in sys.modules.items() if m}} & {barred!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"
