"""HTML to plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.text.html import flatten, nesting_depth, plain_text, strip_tags


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>two</b></p>three<br>four", "One two\nthree\nfour"),
        ("a<script>var x = '<p>no</p>';</script>b", "ab"),
        ("<style>p{}</style>x<iframe src=y>no</iframe>", "x"),
        ("fish &amp; chips", "fish & chips"),
        ("a < b and c > d", "a < b and c > d"),
        ("AT&T", "AT&T"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("<!-- no --><p>yes", "yes"),
        ("x&#xD800;y&#0;z", "x\ufffdy\ufffdz"),
        ("", ""),
    ],
)
def test_reads_as_a_person_would(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


@given(st.text(st.characters(), max_size=200))
def test_never_raises(markup: str) -> None:
    plain_text(markup).encode()


PIECES = [
    "<p>",
    "</p>",
    "<div ",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&#x110000;",
    "&",
    "<script>",
    "</b>",
    "x",
    "<",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_never_raises_on_broken_markup(pieces: list[str]) -> None:
    plain_text("".join(pieces)).encode()


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "deep" + "</div>" * 100_000,
        "<b>" * 100_000 + "deep",
        "<p>deep <a href='x'>link</a> text</p>\n" * 9_000,
        "<" * 360_000 + " deep",
        "<script>" * 40_000 + "</script>" * 40_000 + "deep",
    ],
    ids=["nested", "unclosed", "long", "brackets", "scripts"],
)
def test_heavy_markup_is_read_fast(markup: str) -> None:
    with cpu_below(10):
        assert "deep" in plain_text(markup)


def test_depth_is_counted_without_a_tree() -> None:
    assert nesting_depth("<div><p>a<p>b<br><img/></div><div></div>") == 1
    assert nesting_depth("<div>" * 700) == 700


def test_only_what_is_too_deep_is_flattened() -> None:
    assert flatten("<div>a</div>") == "<div>a</div>"
    deep = "<div>" * 600 + "<p>a</p>" + "</div>" * 600
    assert nesting_depth(flatten(deep)) == 0
    assert "<p>a</p>" in flatten(deep)


@pytest.mark.parametrize(
    "piece",
    ["<script ", "<!", "<!--", "<object><", "<script></script ", "a", "a-", "x ", "<svg "],
)
def test_hostile_markup_takes_time_in_proportion(piece: str) -> None:
    markup = "<div>" * 600 + "deep <" + piece * (400_000 // len(piece))
    with cpu_below(5):
        strip_tags(markup)
        flatten(markup)


def test_dropped_blocks_end_with_their_own_tag() -> None:
    markup = "a<SCRIPT x=1>no</style>no</script >b<!DOCTYPE html>c<svg><p>no"
    assert strip_tags(markup) == "a b c"
