"""`evaluate relevance`: what is counted, and the floors of the invented texts that rules were written with."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.slow


def evaluate(*options: object) -> str:
    out = StringIO()
    call_command("evaluate", "relevance", *options, stdout=out)
    return out.getvalue()


def test_invented_texts_stay_above_their_floors() -> None:
    said = evaluate("--set=invented, tune", "--floors")
    assert "Every figure measured is at or above its floor." in said
    assert "the words alone" in said


def test_false_alarms_on_a_heap_are_named(tmp_path: Path) -> None:
    (tmp_path / "topic").mkdir()
    rows = [
        {"title": "A fair", "text": "The fair opened in the rain.", "lang": "en"},
        {
            "title": "",
            "text": "Lumora accused a rival of distilling its AI chatbot.",
            "lang": "en",
            "id": "loud",
        },
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "topic" / "unlabelled.jsonl").write_text(lines, "utf-8")
    said = evaluate("--corpus", tmp_path, "--set=unlabelled")
    assert "unlabelled: 1 errors" in said
    assert "loud, labelled off_subject, said on the subject" in said
    assert "0.500" in said  # one false alarm of two texts
