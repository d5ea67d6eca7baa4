"""Times in a text mean a day, month or year counted from its publication; what is unsure means nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.nlp.component import Reading
from tracker.nlp.components.times import find_times
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import FoundMention, FoundTime

NOBODY = Gazetteer([])
WEDNESDAY = dt.date(2026, 6, 10)


def times_of(text: str, published: dt.date | None = WEDNESDAY, language: str = "en") -> list[FoundTime]:
    reading = Reading("", text, NOBODY, language=language, published=published)
    return list(find_times(reading).times)


@pytest.mark.parametrize(
    ("text", "words", "on"),
    [
        ("It was sued in February.", "in February", "2026-02"),
        ("It was sued in November.", "in November", "2025-11"),
        ("It said last Thursday that", "last Thursday", "2026-06-04"),
        ("It said on Wednesday that", "on Wednesday", "2026-06-10"),
        ("It was sued on May 14.", "on May 14", "2026-05-14"),
        ("It was sued on Jan. 5 there", "on Jan. 5", "2026-01-05"),
        ("It was sued on Dec. 30.", "on Dec. 30", "2025-12-30"),
        ("On Wednesday, Feb. 25, it", "On Wednesday, Feb. 25", "2026-02-25"),
        ("It changed earlier this week.", "earlier this week", "2026-06-08/2026-06-14"),
        ("It began in late 2025.", "in late 2025", "2025"),
        ("Sales in Q2 2026 rose", "in Q2 2026", "2026-04/2026-06"),
        ("Sales in the second quarter of 2025", "in the second quarter of 2025", "2025-04/2025-06"),
        (
            "He copied files between May 2022 and April 2023.",
            "between May 2022 and April 2023",
            "2022-05/2023-04",
        ),
        ("It ran between November and February.", "between November and February", "2025-11/2026-02"),
        ("Files of 2026-02-23 and", "2026-02-23", "2026-02-23"),
        ("It was sued two weeks ago.", "two weeks ago", "2026-05-27"),
        ("It fell yesterday.", "yesterday", "2026-06-09"),
        ("It fell last year.", "last year", "2025"),
        ("It fell in the summer of 2025.", "in the summer of 2025", "2025-22"),
        ("14 May 2026 was", "14 May 2026", "2026-05-14"),
        ("\u516c\u53f8\u4e8e2\u670823\u65e5\u8868\u793a", "2\u670823\u65e5", "2026-02-23"),
        ("2025\u5e747\u6708\uff0c\u516c\u53f8", "2025\u5e747\u6708", "2025-07"),
        ("\u53bb\u5e7412\u6708", "\u53bb\u5e7412\u6708", "2025-12"),
        ("\u6628\u5929", "\u6628\u5929", "2026-06-09"),
        ("\u4e0a\u5468\u56db", "\u4e0a\u5468\u56db", "2026-06-04"),
    ],
)
def test_a_time_means_what_a_reader_of_that_day_understood(text: str, words: str, on: str) -> None:
    assert [(time.words, time.on) for time in times_of(text)] == [(words, on)]


@pytest.mark.parametrize(
    ("text", "on", "is_expected"),
    [
        ("The agency will issue it next month.", "2026-07", True),
        ("The trial is set for November 3.", "2026-11-03", True),
        ("The rule will take effect on January 1.", "2027-01-01", True),
        ("It plans to open its logs on Friday.", "2026-06-12", True),
        ("It opened its logs on Friday.", "2026-06-05", False),
        ("It will, the firm said on Friday, open them.", "2026-06-05", False),
        ("It will publish more this year.", "2026", True),
        ("It published more this year.", "2026", False),
    ],
)
def test_what_is_announced_is_expected(text: str, on: str, *, is_expected: bool) -> None:
    assert [(time.on, time.is_expected) for time in times_of(text)] == [(on, is_expected)]


def test_without_a_day_of_publication_only_full_dates_mean_something() -> None:
    text = "On May 14 and last week, in February and yesterday; on May 14, 2026 and in 2025."
    assert [time.on for time in times_of(text, None)] == ["2026-05-14", "2025"]


def test_a_year_stated_before_goes_on_to_hold_in_its_paragraph() -> None:
    text = "In October 2024 he joined. In December he left.\nIn December it sued."
    assert [time.on for time in times_of(text)] == ["2024-10", "2024-12", "2025-12"]


def test_days_count_from_the_day_named_last() -> None:
    text = "On March 24 counsel wrote. Two days later a spokesman spoke."
    assert [time.on for time in times_of(text)] == ["2026-03-24", "2026-03-26"]


@pytest.mark.parametrize(
    "text",
    [
        "They may march. It sat in the sun, may it be so.",
        "2,024 accounts and 2024 accounts",
        "version 2026.2 and H.R. 2026 and v2.0",
        "on February 30",
        "in 1776 and in 2500",
        "https://example.org/2026/02/23/post",
        "the 2024 election",
        "",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert times_of(text) == []


def test_names_with_a_year_are_not_times() -> None:
    text = "The Model Act of 2025 passed."
    law = FoundMention(4, 21, "Model Act of 2025", "LAW", 1.0, "x", 1, "exact alias")
    found = find_times(Reading("", text, NOBODY, language="en", published=WEDNESDAY, mentions=[law]))
    assert list(found.times) == []


def test_spans_are_of_the_text_as_given() -> None:
    text = "\U0001f600 SAN FRANCISCO, March\u00a012 \u2014 Lumora said on\nThursday"
    found = times_of(text, dt.date(2026, 3, 12))
    assert [text[time.start : time.end] for time in found] == ["March\u00a012", "on\nThursday"]
    assert all(time.words == text[time.start : time.end] for time in found)
