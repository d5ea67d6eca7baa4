"""Numbers in figures and words, English and Han, are read exactly and in linear time."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from tracker.text.numbers import han_value, level, numbers_in, words_value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("16 million", [16_000_000]),
        ("16m and 16M", [16_000_000, 16_000_000]),
        ("28.8 million", [28_800_000]),
        ("24K", [24_000]),
        ("1,500", [1500]),
        ("2.3bn", [2_300_000_000]),
        ("16+ million", [16_000_000]),
        ("two dozen", [24]),
        ("tens of thousands", [None]),
        ("a million", [1_000_000]),
        ("half a million", [500_000]),
        ("two hundred and fifty thousand", [250_000]),
        ("twenty-four", [24]),
        ("two and three", [2, 3]),
        ("\uff11\uff16 million", [16_000_000]),
        ("\uff13\uff0c\uff15\uff10\uff10", [3500]),
        ("GPT-4o, H100, 15th, 1.2.3", []),
        ("2.4\u4e07", [24_000]),
        ("\u7ea61600\u4e07\u6b21", [16_000_000]),
        ("1500\u591a\u4e07", [15_000_000]),
        ("\u6570\u5341\u4ebf", [None]),
        ("\u4e24\u5343\u4e94\u767e", [2500]),
    ],
)
def test_numbers_are_read_as_printed(text: str, values: list[int | None]) -> None:
    found = numbers_in(level(text))
    assert [one.value for one in found] == [None if value is None else Decimal(value) for value in values]


@pytest.mark.parametrize(
    "text", ["1,234,567 and 28.8 million \U0001f600 24K", "\U0001f600\uff11\uff12 \u4e07"]
)
def test_offsets_are_into_the_text_as_given(text: str) -> None:
    plain = level(text)
    assert len(plain) == len(text)
    for number in numbers_in(plain):
        assert text[number.start].isalnum()
        assert text[number.end - 1].isalnum()


def test_what_is_no_single_number_has_no_value() -> None:
    assert words_value(["two", "three"]) is None
    assert words_value(["twenty", "twelve"]) is None
    assert words_value(["and"]) is None
    assert han_value("\u4e00\u4e8c") is None


@pytest.mark.parametrize(
    "piece", ["1", "1,111", "one ", "a million ", "\u5341\u4e07", "1.1", "and ", "half a "], ids=range(8)
)
def test_long_runs_take_linear_time(piece: str) -> None:
    text = level(piece * 2_000)
    started = time.process_time()
    numbers_in(text)
    assert time.process_time() - started < 2
