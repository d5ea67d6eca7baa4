"""The one gate for stored text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text.clean import one_line, safe_text, tidy_paragraphs

ANY_TEXT = st.text(st.characters(), max_size=300)  # surrogates included
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


@given(ANY_TEXT, st.integers(0, 400))
def test_what_passes_the_gate_can_be_stored(value: str, limit: int) -> None:
    passed = safe_text(value, limit)
    passed.encode()
    assert not FORBIDDEN.search(passed)
    assert len(passed) <= limit


@given(st.binary(max_size=300))
def test_bytes_pass_the_gate_too(value: bytes) -> None:
    passed = safe_text(value, 500)
    passed.encode()
    assert not FORBIDDEN.search(passed)


@pytest.mark.parametrize("gate", [safe_text, one_line, tidy_paragraphs])
@given(value=ANY_TEXT)
def test_passing_twice_changes_nothing(gate: object, value: str) -> None:
    assert callable(gate)
    once = gate(value, 200)
    assert gate(once, 200) == once


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\x00b", "ab"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("keep\ttab", "keep\ttab"),
        ("x\ud800y", "xy"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("\ufeffstart", "start"),
        ("emoji 🧪", "emoji 🧪"),
    ],
)
def test_only_the_unstorable_goes(value: str, expected: str) -> None:
    assert safe_text(value, 100) == expected


def test_one_line_joins_all_white_space_and_drops_invisible_hyphens() -> None:
    assert one_line(" Deep\u00adReef\u00a0Labs \n\t said ", 50) == "DeepReef Labs said"


def test_paragraphs_are_parted_by_one_newline() -> None:
    assert tidy_paragraphs(" a  b \n\n \n c ", 50) == "a b\nc"
