"""The query language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.errors import QueryError
from tracker.search.query import MAX_WORDS, leaves, parse, read, understood

ANY_QUERY = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                "model",
                "copied",
                '"',
                "(",
                ")",
                "-",
                "--",
                "OR",
                "AND",
                "NOT",
                "*",
                "mod*",
                "GPT-4",
                "深度",
                "%_",
                "'",
                "\0",
                "\U0001f600",
                " ",
                "\n",
                "\ud800",
            ]
        ),
        max_size=40,
    ).map(" ".join),
)


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("model copied", "model copied"),
        ('"model  copied"', '"model copied"'),
        ("“model copied”", '"model copied"'),
        ("model -copied", "model -copied"),
        ("model NOT copied", "model -copied"),
        ("model AND copied", "model copied"),
        ("a OR b c", "a OR (b c)"),
        ("a (b OR c)", "a (b OR c)"),
        ("a -(b OR c)", "a -(b OR c)"),
        ("((a))", "a"),
        ("GPT-4*", "GPT-4*"),
        ("fast - and cheap", "fast and cheap"),
        ("fast--cheap --now", "fast--cheap now"),
        ("or not and", "or not and"),
        ("100% 'sure' under_score", "100% 'sure' under_score"),
    ],
)
def test_query_is_read_as_written(query: str, plain: str) -> None:
    node = parse(query)
    assert understood(node) == plain
    assert read(query).problem is None


@pytest.mark.parametrize(
    ("query", "position", "instead"),
    [
        ('model "copied', 6, "model copied"),
        ("(model copied", 0, "model copied"),
        ("model) copied", 5, "model copied"),
        ("model OR", 6, "model"),
        ("OR model", 0, "model"),
        ("AND", 0, ""),
        ("model AND OR copied", 6, "model copied"),
        ("model ()", 6, "model"),
        ("-model", 0, ""),
        ("copied OR -model", 10, "copied"),
        ("model -", None, "model"),
        ("model NOT", 6, "model"),
        ("model -(copied OR", 15, "model"),
        (":-)", 2, ""),
        ("%%%", 0, ""),
        ("(" * 30 + "model", 10, "model"),
    ],
)
def test_what_cannot_be_read_says_where_and_searches_the_plain_words(
    query: str, position: int | None, instead: str
) -> None:
    reading = read(query)
    assert (reading.problem.position if reading.problem else None) == position
    assert understood(reading.node) == instead


def test_parse_raises_where_read_answers() -> None:
    with pytest.raises(QueryError, match="never closed"):
        parse('"model')


def test_blank_query_is_no_mistake() -> None:
    assert read("  \n").node is None
    assert read("  \n").problem is None


def test_too_many_words_are_said_and_cut() -> None:
    reading = read(" ".join(f"w{number}" for number in range(100)))
    assert reading.problem is not None
    assert str(MAX_WORDS) in reading.problem.message
    assert len(leaves(reading.node)) == MAX_WORDS


@given(ANY_QUERY)
def test_any_text_is_answered(query: str) -> None:
    reading = read(query)
    if reading.problem:
        assert 0 <= reading.problem.position <= len(query)
    assert reading.node is not None or reading.problem is not None or not query.strip()


@given(ANY_QUERY)
def test_what_was_understood_can_be_asked_again(query: str) -> None:
    plain = understood(read(query).node)
    again = read(plain)
    assert again.problem is None
    assert understood(again.node) == plain


@pytest.mark.parametrize(
    "unit", ["(", ")", '"', "-", "a ", "a OR ", "(a ", "NOT ", "*", "深", "\0", "\U0001f600"]
)
def test_long_queries_are_read_fast(unit: str) -> None:
    with cpu_below(2):
        read((unit * 10_000)[:10_000])
