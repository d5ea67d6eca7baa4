"""Normalisation and marking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.search.marking import SNIPPET_CHARS, mark, snippet
from tracker.search.query import leaves, read
from tracker.search.words import BREAK, plain_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Model's GPT-4", "the model s gpt 4"),
        ("Café CAFE\u0301 ＣＡＦＥ", "cafe cafe cafe"),
        ("24,000 and 1,2 and 28.8", "24000 and 1 2 and 28 8"),
        ("深度求索 AI", "深 度 求 索 ai"),
        ("ｶﾞガ", "ガ ガ"),
        ("한국은행", "한 국 은 행"),
        ("Москва МОСКВА", "москва москва"),
        ("straße İzmir ﬁne", "strasse izmir fine"),
        ("snake_case %_*\"'--", "snake case"),
        ("\U0001f600 \0 \ud800", ""),
    ],
)
def test_words_of_a_text(text: str, expected: str) -> None:
    assert " ".join(plain_words(text)) == expected


@given(st.text())
def test_words_lie_in_the_text_and_hold_no_separator(text: str) -> None:
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.text == BREAK or plain_words(word.text) == (word.text,) or not word.text.isascii()
        assert not set(word.text) & set(" \"'\\*()-")


@given(st.text(), st.text(min_size=1, max_size=5))
def test_pieces_of_a_title_join_to_the_title(text: str, query: str) -> None:
    assert "".join(piece for piece, _ in mark(text, leaves(read(query).node))) == text


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("model", "The Model, a model", ["Model", "model"]),
        ('"model was copied"', "A model was   copied. Copied model.", ["model was   copied"]),
        ("mod*", "modern Models", ["modern", "Models"]),
        ("GPT-4", "gpt 4 or GPT-4 or GPT", ["gpt 4", "GPT-4"]),
        ("求索", "深度求索", ["求索"]),
        ("model -copied", "copied model", ["model"]),
        ('"model copied"', "model\ncopied", []),
        ("cafe", "Un café", ["café"]),
    ],
)
def test_the_same_words_are_marked_that_were_found(query: str, text: str, marked: list[str]) -> None:
    assert [piece for piece, is_match in mark(text, leaves(read(query).node)) if is_match] == marked


def test_snippet_shows_the_passage_with_most_of_the_query() -> None:
    text = "alpha " + "padding " * 100 + "alpha meets beta here " + "padding " * 100
    pieces = snippet(text, leaves(read("alpha beta").node))
    assert [piece for piece, is_match in pieces if is_match] == ["alpha", "beta"]
    assert pieces[0] == ("…", False)
    assert sum(len(piece) for piece, _ in pieces) <= SNIPPET_CHARS + 2


def test_snippet_without_a_match_is_the_beginning() -> None:
    assert snippet("One line\nand more", leaves(read("absent").node)) == (("One line and more", False),)


@given(st.text(), st.text(max_size=5))
def test_snippet_is_bounded(text: str, query: str) -> None:
    pieces = snippet(text, leaves(read(query).node))
    assert sum(len(piece) for piece, _ in pieces) <= SNIPPET_CHARS + 22
