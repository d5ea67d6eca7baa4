"""A quotation is found where its words stand, whatever its typography, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.text.quotation import find_quotation, nearest_passage, places_of

TEXT = (
    "Quillmark said it “found evidence of\ncopying” in more than 1,500\u00a0files \u2014 and that Fernlight\u2019s "
    "staff knew. Twenty-four counts were filed. A re-\u00adtrained model answered over 16 million times."
)


def found(quotation: str, text: str = TEXT) -> str | None:
    span = find_quotation(text, quotation)
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("quotation", "words"),
    [
        ("found evidence of copying", "found evidence of\ncopying"),
        ('it "found evidence of copying"', "it “found evidence of\ncopying”"),
        (
            "1,500 files - and that Fernlight's staff",
            "1,500\u00a0files \u2014 and that Fernlight\u2019s staff",
        ),
        ("  over 16   million times. ", "over 16 million times."),
        ("“over 16 million times”", None),
        ("over 16 million", "over 16 million"),
        ("more than 1,500 files", "more than 1,500\u00a0files"),
        ("a retrained model", None),
        ("A re-trained model", "A re-\u00adtrained model"),
        ("FOUND evidence", None),
        ("", None),
        ("   ", None),
        ("evidence of theft", None),
    ],
)
def test_typography_does_not_matter_and_words_do(quotation: str, words: str | None) -> None:
    assert found(quotation) == words


@pytest.mark.parametrize("quotation", ["500 files", "four counts", "ight", "16 mill", "evidenc"])
def test_a_part_of_a_word_or_number_is_not_the_quotation(quotation: str) -> None:
    assert found(quotation) is None


def test_a_number_is_not_found_in_a_longer_one() -> None:
    assert found("over 16", "It was over 16.5 million.") is None
    assert found("over 16", "It was over 16,500.") is None
    assert found("over 16", "It was over 16. Then") == "over 16"


def test_marks_around_a_quotation_may_be_missing_in_the_text() -> None:
    assert found("“found evidence”", "They found evidence.") is None
    assert found("“found evidence”", "They ‘found evidence’.") is None
    assert found("found evidence", "They ‘found evidence’.") == "found evidence"


def test_scripts_without_spaces_have_no_word_ends() -> None:
    assert found("否认抄袭", "对方否认抄袭。") == "否认抄袭"


def test_ellipsis_and_quotation_marks_of_other_languages() -> None:
    assert found('said: "no ..."', "He said: „no …“") == "said: „no …“"


def test_every_place_is_counted() -> None:
    text = "over 100,000 prompts. Later over 100,000 again, and over 100,000.5"
    assert [text[slice(*span)] for span in places_of(text, "over 100,000")] == ["over 100,000"] * 2


@given(st.text(max_size=80), st.text(max_size=20))
def test_a_span_is_within_the_text_and_never_raises(text: str, quotation: str) -> None:
    span = find_quotation(text, quotation)
    if span:
        assert 0 <= span[0] < span[1] <= len(text)
        assert find_quotation(text[slice(*span)], quotation) is not None
    near = nearest_passage(text, quotation)
    if near:
        assert 0 <= near[0] < near[1] <= len(text)


@given(st.text("abcdefgh   \n", min_size=1, max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_whole_words_of_a_text_are_found_in_it(text: str, start: int, size: int) -> None:
    words = text.split()[start % 7 : start % 7 + size % 9]
    quotation = " ".join(words)
    assert (find_quotation(text, quotation) is not None) == bool(words)


def test_something_like_it_is_shown_to_a_person() -> None:
    span = nearest_passage(TEXT, "Fernlight staff knew that more than 1,500 files")
    assert span is not None
    assert "1,500" in TEXT[slice(*span)]
    assert "staff" in TEXT[slice(*span)]
    assert nearest_passage(TEXT, "An altogether different sentence about ferries") is None
    assert nearest_passage(TEXT, "over 17 million") is None


@pytest.mark.parametrize("text", ["a " * 200_000, "a" * 400_000, "“" * 200_000, "\u3000" * 200_000])
def test_long_texts_take_time_in_proportion(text: str) -> None:
    with cpu_below(5):
        find_quotation(text, "a b " * 200)
        nearest_passage(text, "a b " * 200)
