"""`manage.py evaluate entities`: what counts as right, and the floors on the project's own texts."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from tracker.management.evaluate.entities import Count, Name


@pytest.mark.slow
def test_names_in_the_projects_own_texts_stay_above_their_floors() -> None:
    out = StringIO()
    call_command("evaluate", "entities", "--floors", stdout=out)
    assert "at or above its floor" in out.getvalue()
    assert "spaCy alone" in out.getvalue()


def test_a_name_is_right_with_its_span_and_type_and_the_entity_counts_apart() -> None:
    count = Count()
    marked = {(0, 4): Name("person", "odo"), (9, 12): Name("place"), (20, 25): Name("organisation")}
    found = {(0, 4): Name("person"), (9, 12): Name("organisation"), (30, 33): Name("model")}
    count.add(marked, found)
    figures = count.figures(has_entities=True)
    assert (figures["marked"], figures["found"], figures["right"]) == (3, 3, 1)
    assert figures["f1"] == pytest.approx(1 / 3)
    assert figures["f1 span"] == pytest.approx(2 / 3)
    assert figures["f1 entity"] == 0
    assert (figures["new"], figures["new right"]) == (2, 0)
