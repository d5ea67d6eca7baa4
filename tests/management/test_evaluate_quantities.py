"""`manage.py evaluate quantities`: the invented texts stay above their floors, and the frozen half keeps its errors."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tracker.management.evaluate.times import is_same_time

pytestmark = pytest.mark.slow


def evaluate(*args: object) -> str:
    out = StringIO()
    call_command("evaluate", "quantities", *args, stdout=out)
    return out.getvalue()


def test_invented_texts_stay_above_their_floors() -> None:
    said = evaluate("--floors")
    assert "at or above its floor" in said
    assert "plain spaCy" in said
    assert "invented, tune, times" in said


def test_the_frozen_half_prints_no_errors_unless_asked() -> None:
    said = evaluate("--half", "test")
    assert "errors" not in said


def test_a_range_agrees_with_its_start_where_only_that_is_marked() -> None:
    assert is_same_time("2022-05/2023-04", "2022-05")
    assert is_same_time("2026-02", "2026-02")
    assert not is_same_time("2026-02-03", "2026-02")
    assert not is_same_time("2022-05/2023-04", "2022-06/2023-04")
