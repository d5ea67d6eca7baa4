"""JSON answers: a value or one sentence, and readers that trust no type."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Page
from tracker.sources import answer_json
from tracker.sources.answer_json import decoded

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
URL = "https://api.example.org/list.json"


def page(body: bytes | str, content_type: str = "application/json") -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(URL, URL, 200, {"content-type": content_type}, raw, NOW, 0.1)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ("\ufeff[1]", [1]),
        ('{"a": "x"}'.encode("utf-16"), {"a": "x"}),
        (b'{"a": "caf\xe9"}', {"a": "caf\ufffd"}),
        (r'{"a": "C:\data \d \u12 ok \n \u00e9"}', {"a": "C:\\data \\d \\u12 ok \n é"}),
        (r'{"a": "it\'s \"so\""}', {"a": 'it\'s "so"'}),
        ('{"a": "line\nbreak\ttab"}', {"a": "line\nbreak\ttab"}),
        ('{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (f'"{"[" * 500}"', "[" * 500),
        ("[" + "9" * 5000 + ", 1]", [None, 1]),
    ],
)
def test_an_answer_is_read(body: bytes | str, value: object) -> None:
    assert decoded(page(body)) == value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "the answer is empty"),
        (" \n", "the answer is empty"),
        ("<!doctype html><html><title>Request Access</title>", "this is a web page, not JSON"),
        ("<rss version='2.0'><channel/></rss>", "this is a feed, not JSON"),
        ("Please limit requests to one", "not JSON .line 1.; it begins 'Please limit requests to one'"),
        ('{"a": 1,', "not JSON"),
        ("[" * 100_000, "nested more than 100 levels"),
        ("[" * 101 + "]" * 101, "nested more than 100 levels"),
    ],
)
def test_what_is_no_json_ends_in_one_sentence(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        decoded(page(body))


def test_a_web_server_that_calls_json_html_is_believed_by_the_bytes() -> None:
    assert decoded(page('{"a": 1}', "text/html")) == {"a": 1}


def test_a_megabyte_of_brackets_and_quotes_take_no_time() -> None:
    for body in ('["' * 250_000, '["a\\' * 125_000, '{"a":"\\' + '"\\' * 250_000):
        with cpu_below(3.0), pytest.raises(FeedError):
            decoded(page(body))


@pytest.mark.parametrize(
    "odd",
    [None, True, 3, 1.5, "x", [], {}, [None, 1, "y", {"a": 1}]],
    ids=lambda odd: type(odd).__name__,
)
def test_a_reader_returns_its_type_whatever_stands_there(odd: object) -> None:
    assert isinstance(answer_json.text(odd), str)
    assert isinstance(answer_json.whole(odd), int | None)
    assert all(isinstance(line, str) for line in answer_json.texts(odd))
    assert all(isinstance(row, dict) for row in answer_json.rows(odd))
    assert isinstance(answer_json.members(odd), dict)
    assert answer_json.member(odd, "no", "where") is None


def test_numbers_are_read_as_text_and_text_as_numbers() -> None:
    assert answer_json.text(17) == "17"
    assert answer_json.text(True) == ""
    assert answer_json.whole(" 17 ") == 17
    assert answer_json.whole("1.5") is None
    assert answer_json.texts(["a", 2, None, " "]) == ["a", "2"]
    assert answer_json.texts("a") == ["a"]
    assert answer_json.rows({"a": 1}) == [{"a": 1}]
