"""The pure parts under the pages: cursors, filters and marks hold for any input."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tracker.web import cursor, filters, marking

SPANS = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=6)
TEXTS = st.text(max_size=50)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_none(text: str) -> None:
    place = cursor.decode(text)
    assert place is None or cursor.encode(place.at, place.pk).split("-")[1].isdigit()


@given(st.datetimes(min_value=dt.datetime(1900, 1, 1), timezones=st.just(dt.UTC)), st.integers(0, 10**17))  # noqa: DTZ001
def test_a_cursor_names_its_place_again(at: dt.datetime, pk: int) -> None:
    assert cursor.decode(cursor.encode(at, pk)) == cursor.Place(at, pk)


@given(st.dictionaries(st.sampled_from(["entity", "source", "lane", "from", "to", "kind", "review"]), TEXTS))
def test_any_address_is_read_and_its_filters_read_again(values: dict[str, str]) -> None:
    params = QueryDict(mutable=True)
    params.update(values)
    found, problems = filters.read_filters(params)
    again, more = filters.read_filters(QueryDict(found.url().partition("?")[2]))
    assert (again, more) == (found, [])
    assert all(isinstance(problem, str) for problem in problems)


@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 1, 1)), st.integers(0, 900))
def test_a_written_range_reads_as_itself(first: dt.date, n_days: int) -> None:
    last = min(first + dt.timedelta(days=n_days), dt.date(2999, 12, 31))
    low, high = filters.period_of(first, last)
    read_low, read_high = filters.read_period(low.text), filters.read_period(high.text)
    assert read_low is not None
    assert read_high is not None
    assert (read_low.first, read_high.last) == (first, last)


def joined(runs: list[marking.Run]) -> str:
    return "".join(piece.text for run in runs for piece in run.pieces)


@given(TEXTS, SPANS, SPANS, SPANS, SPANS)
def test_marks_never_change_the_text(
    text: str,
    names: list[tuple[int, int]],
    evidence: list[tuple[int, int]],
    hits: list[tuple[int, int]],
    found: list[tuple[int, int]],
) -> None:
    every = [marking.Name(low, high, "/x/") for low, high in names]
    notes = [marking.Mark(low, high, "m-num", n) for n, (low, high) in enumerate(found)]
    marks = marking.Marks(evidence, hits, notes)
    assert joined(marking.mark_text(text, every, marks)) == text
    paragraphs = marking.mark_paragraphs(text, every, marks)
    assert [joined(runs) for runs in paragraphs] == [line for line in text.split("\n") if line.strip()]


@given(st.text(alphabet="ab .\n", max_size=2000), SPANS)
def test_an_excerpt_is_short_ordered_and_without_overlap(text: str, places: list[tuple[int, int]]) -> None:
    spans = marking.choose_excerpt(text, [(max(a, 0), max(a, b, 0)) for a, b in places])
    assert len(spans) <= marking.MOST_SENTENCES
    assert sum(len(text[a:b].split()) for a, b in spans) <= marking.MOST_WORDS
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_the_longest_of_overlapping_names_is_kept() -> None:
    names = [marking.Name(0, 4, "short"), marking.Name(0, 9, "long"), marking.Name(5, 12, "late")]
    assert [name.url for name in marking.choose_names(names, 20)] == ["long"]
