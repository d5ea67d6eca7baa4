"""Sentences around a place, and short quotations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.text.spans import fragment, sentence_around

TEXT = (
    "The lab filed a memo. Mr. Hale of Norvane Inc. said on Jan. 5 that the U.S. model was copied! "
    "“Nobody asked us.” A rival denied it.\nA second paragraph"
)


def sentence(word: str, limit: int = 200, text: str = TEXT) -> str:
    start = text.index(word)
    low, high = sentence_around(text, start, start + len(word), limit)
    return text[low:high]


def test_a_sentence_ends_at_its_mark_not_at_an_abbreviation() -> None:
    assert sentence("Norvane") == "Mr. Hale of Norvane Inc. said on Jan. 5 that the U.S. model was copied!"


def test_a_closing_quotation_mark_belongs_to_its_sentence() -> None:
    assert sentence("asked") == "“Nobody asked us.”"
    assert sentence("rival") == "A rival denied it."


def test_a_paragraph_ends_a_sentence() -> None:
    assert sentence("second") == "A second paragraph"


def test_chinese_sentences_need_no_space() -> None:
    text = "该公司周一提交备忘录。对方否认抄袭。委员会将开会。"
    assert sentence("否认", text=text) == "对方否认抄袭。"


def test_a_long_sentence_is_cut_around_the_place() -> None:
    text = "word " * 200 + "target " + "word " * 200
    cut = sentence("target", limit=60, text=text)
    assert "target" in cut
    assert len(cut) <= 60


@given(st.text(max_size=200), st.integers(-5, 210), st.integers(0, 50), st.integers(1, 80))
def test_the_span_holds_the_place_and_keeps_the_limit(text: str, start: int, size: int, limit: int) -> None:
    low, high = sentence_around(text, start, start + size, limit)
    assert 0 <= low <= high <= len(text)
    assert high - low <= limit
    first, last = min(max(start, 0), len(text)), min(max(start + size, 0), len(text))
    if last - first <= limit and first < last:
        assert low <= first
        assert last <= high


def test_a_fragment_says_where_it_was_cut() -> None:
    text = "one two three four five six seven eight nine ten"
    start = text.index("five")
    assert fragment(text, start, start + 4, 3) == "… four five six …"
    assert fragment(text, 0, 3, 20) == text


@given(st.text(max_size=100), st.integers(0, 110), st.integers(0, 20), st.integers(1, 10))
def test_a_fragment_keeps_its_number_of_words(text: str, start: int, size: int, max_words: int) -> None:
    words = [word for word in fragment(text, start, start + size, max_words).split() if word != "…"]
    assert len(words) <= max_words
