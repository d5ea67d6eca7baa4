"""The quick ways for ordinary texts, addresses and dates give what the thorough ways give."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.text import clean, dates, urls

NOW = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
NEVER = re.compile(r"(?!)")
TEXTS = st.text() | st.text(alphabet="ab  .\u3000\u00a0\u200b\u202e\ud800\n\t\x85\ufeff\ufffe\u6587")
ADDRESSES = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.text(alphabet="ab1-_.:@A", max_size=12),
    st.text(alphabet="/.ab%2F?=&;~ \\#!", max_size=16),
)
DATES = st.builds(
    "{}{} {} {} {}:{}:{} {}".format,
    st.sampled_from(["", "Mon, ", "Sun, ", "Mo, "]),
    st.integers(0, 33),
    st.sampled_from(["Jan", "Feb", "May", "Sep", "Dec", "may", "Foo"]),
    st.sampled_from(["2025", "2026", "26", "9999", "0001"]),
    st.sampled_from(["00", "08", "12", "23", "24", "8"]),
    st.sampled_from(["00", "59", "60"]),
    st.sampled_from(["00", "59", "60", "61"]),
    st.sampled_from(["GMT", "UTC", "+0000", "-0800", "+9999", "EST", ""]),
)


def thoroughly_safe(value: str) -> str:
    text = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", value)
    return clean._FORBIDDEN.sub("", text)


@given(TEXTS)
@example("\u00a0")
@example("a  b ")
def test_text_that_needs_no_cleaning_is_as_if_cleaned(value: str) -> None:
    assert clean.safe_text(value, len(value)) == thoroughly_safe(value)
    bare = re.sub("[\u00ad\u200b\u2060]", "", thoroughly_safe(value))
    assert clean.one_line(value, 100) == " ".join(bare.split())[:100].rstrip()
    lines = re.sub(" ?\n[ \n]*", "\n", re.sub("[^\\S\n]+", " ", bare)).strip()
    assert clean.tidy_paragraphs(value, 100) == lines[:100].rstrip()


@given(ADDRESSES)
@example("https://press.example")
@example("https://press.example/")
@example("https://press.example/a/../b")
@example("https://press.example/a/..")
@example("https://press.example//a/.../b")
@example(f"https://{'a' * 64}.example/")
@example(f"https://{'a.' * 126}ab/")
@example(f"https://{'a.' * 126}a/")
def test_an_ordinary_address_is_as_if_taken_apart(address: str) -> None:
    quick = urls.clean_url(address), urls._canonical(address, "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urls, "_PLAIN", NEVER)
        assert quick == (urls.clean_url(address), urls._canonical(address, ""))


@given(DATES)
def test_the_date_of_most_feeds_is_as_if_read_word_by_word(printed: str) -> None:
    quick = dates.parse_feed_date(printed, NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_RFC_822", NEVER)
        assert quick == dates.parse_feed_date(printed, NOW)
