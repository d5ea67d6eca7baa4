"""The process that serves pages stays small: it never loads the language pipeline."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture import project

LOAD_WEB = """
import importlib, sys, django
django.setup()
importlib.import_module("tracker.urls")
importlib.import_module("tracker.wsgi")
from django.urls import get_resolver
get_resolver().reverse_dict
heavy = ("spacy", "thinc", "numpy", "trafilatura", "celery", "httpx2")
heavy += ("tracker.nlp", "tracker.jobs", "tracker.pipeline")
print(",".join(name for name in heavy if name in sys.modules))
"""


@pytest.mark.slow
def test_the_web_process_never_loads_the_language_pipeline() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_WEB], cwd=project.ROOT, check=False, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.strip() == ""
