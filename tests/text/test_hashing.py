"""Hashes of bytes and of text."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tracker.text.hashing import sha256_hex, text_hash


def test_bytes_have_the_standard_hash() -> None:
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_case_spacing_and_compatibility_forms_do_not_count() -> None:
    assert text_hash("  The Ｍodel\u00a0was\n\ncopied ") == text_hash("the model WAS copied")
    assert text_hash("Straße ﬁne") == text_hash("STRASSE FINE")


def test_words_count() -> None:
    assert text_hash("16 million exchanges") != text_hash("28.8 million exchanges")


@given(st.text())
def test_any_string_hashes_alike_in_every_form(text: str) -> None:
    assert len(text_hash(text)) == 64
    assert text_hash(text) == text_hash(unicodedata.normalize("NFD", text)) == text_hash(f" {text}\n")


def test_lone_surrogates_are_accepted() -> None:
    assert text_hash("\ud800") != text_hash("")
