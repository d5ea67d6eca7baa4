"""Content words carry the story and not its names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clustering.words import common_words, grouping_words, stem


def test_names_and_stop_words_are_left_out() -> None:
    words, lead = grouping_words(
        "Lumora's new harbour", "The harbour of Eastmere opened.", ["Lumora", "Eastmere"]
    )
    assert words == lead == {"harbour", "open"}


@pytest.mark.parametrize("number", ["24,000", "24000"])
def test_numbers_have_one_form(number: str) -> None:
    assert "24000" in grouping_words(f"{number} accounts", "", [])[0]


def test_years_do_not_count() -> None:
    assert grouping_words("In 2031", "", [])[0] == frozenset()


def test_endings_do_not_part_words() -> None:
    assert stem("accounts") == stem("account")
    assert stem("copied") == stem("copies")
    assert stem("routers") == stem("router")


def test_han_text_is_compared_by_pairs() -> None:
    words, _ = grouping_words("星岚科技否认指控", "", ["星岚科技"])
    assert {"否认", "指控"} <= words
    assert "星岚" not in words


def test_lead_stops_after_the_first_paragraphs() -> None:
    words, lead = grouping_words("Harbour", "crane " * 200 + "lantern", [])
    assert "lantern" in words - lead


def test_subject_words_are_listed() -> None:
    assert {"distillation", "model"} <= common_words("subject")


@given(st.text(max_size=300), st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3))
def test_lead_is_part_of_the_words_and_any_text_will_do(text: str, title: str, names: list[str]) -> None:
    words, lead = grouping_words(title, text, names)
    assert lead <= words
    assert (words, lead) == grouping_words(title, text, reversed(names))
