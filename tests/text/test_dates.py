"""Dates as printed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.text.dates import AHEAD, EARLIEST, parse_feed_date

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]  # year, month, day and the time


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Thu, 23 Apr 2026 10:15:00 GMT", at(2026, 4, 23, 10, 15)),
        ("Thu, 23 Apr 2026 10:15:00 -0400", at(2026, 4, 23, 14, 15)),
        ("23 Apr 26 10:15 EST", at(2026, 4, 23, 15, 15)),
        ("Thu, 23 Apr 2026 10:15:00 +0000 (UTC)", at(2026, 4, 23, 10, 15)),
        ("Thu Apr 23 10:15:00 EDT 2026", at(2026, 4, 23, 14, 15)),
        ("2026-04-23T10:15:00Z", at(2026, 4, 23, 10, 15)),
        ("2026-04-23T10:15:00.123+08:00", at(2026, 4, 23, 2, 15)),
        ("2026-04-23 10:15", at(2026, 4, 23, 10, 15)),
        ("1776939300", at(2026, 4, 23, 10, 15)),
        ("1776939300000", at(2026, 4, 23, 10, 15)),
        ("20260423T101500Z", at(2026, 4, 23, 10, 15)),
        ("20260423101500", at(2026, 4, 23, 10, 15)),
        ("Thursday, April 23, 2026 - 10:15", at(2026, 4, 23, 10, 15)),
        ("04/23/2026 - 10:15", at(2026, 4, 23, 10, 15)),
        ("Apr 23rd, 2026 at 10:15 p.m. EDT", at(2026, 4, 24, 2, 15)),
        ("April 23, 2026 12:05 AM", at(2026, 4, 23, 0, 5)),
        ("2026年4月23日 下午3时05分", at(2026, 4, 23, 15, 5)),
        ("2026年4月23日(木) 10:15 JST", at(2026, 4, 23, 1, 15)),
        ("2026년 4월 23일 오후 10:15", at(2026, 4, 23, 22, 15)),
        ("3 hours ago", at(2026, 11, 22, 0, 30)),
        ("5 mins ago", at(2026, 11, 22, 3, 25)),
        ("3小时前", at(2026, 11, 22, 0, 30)),
    ],
)
def test_a_time_is_read_to_the_minute(raw: str, moment: dt.datetime) -> None:
    found = parse_feed_date(raw, NOW)
    assert found is not None
    assert (found.at, found.precision) == (moment, "minute")


@pytest.mark.parametrize(
    "raw",
    [
        "2026-04-23",
        "2026/4/23",
        "20260423",
        "Thu, 23 Apr 2026",
        "April 23, 2026",
        "Published: April 23, 2026",
        "23. April 2026",
        "23 avril 2026",
        "23.04.2026",
        "2026年4月23日",
        "２０２６年４月２３日",
        "Thu, 23 Apr 2026 00:00:00 +0000",
        "2026-04-23T00:00:00-04:00",
    ],
)
def test_a_day_stays_a_day(raw: str) -> None:
    found = parse_feed_date(raw, NOW)
    assert found is not None
    assert (found.at, found.precision) == (at(2026, 4, 23), "day")


@pytest.mark.parametrize(
    ("raw", "moment", "precision"),
    [
        ("2026-04", at(2026, 4, 1), "month"),
        ("April 2026", at(2026, 4, 1), "month"),
        ("2026年4月", at(2026, 4, 1), "month"),
        ("2026", at(2026, 1, 1), "year"),
        ("yesterday", at(2026, 11, 21), "day"),
        ("2 days ago", at(2026, 11, 20), "day"),
        ("昨天", at(2026, 11, 21), "day"),
        ("2 months ago", at(2026, 9, 1), "month"),
    ],
)
def test_coarse_dates_keep_their_precision(raw: str, moment: dt.datetime, precision: str) -> None:
    found = parse_feed_date(raw, NOW)
    assert found is not None
    assert (found.at, found.precision) == (moment, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "soon",
        "04/03/2026",
        "Thu, 31 Feb 2026 10:00:00 GMT",
        "2026-13-45",
        "1970-01-01T00:00:00Z",
        "2031-01-01",
        "0",
        "Thu, 23 Apr 2026 25:99:00 GMT",
        "23 April",
        "99999 years ago",
        "x" * 500,
        "２０２６年４月９９日",
    ],
)
def test_what_is_ambiguous_or_insane_is_no_date(raw: str) -> None:
    assert parse_feed_date(raw, NOW) is None


def test_a_missing_zone_is_told_by_the_rule() -> None:
    found = parse_feed_date("2026-04-23 10:15", NOW)
    assert found is not None
    assert "no zone" in found.rule


@given(st.text(max_size=60) | st.from_regex(r"[0-9年月日T:/., +-]{4,30}", fullmatch=True))
def test_never_raises_and_never_leaves_the_window(raw: str) -> None:
    found = parse_feed_date(raw, NOW)
    assert found is None or EARLIEST <= found.at <= NOW + AHEAD
    assert found is None or len(found.rule) <= 60


@given(st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2026, 11, 20)))  # noqa: DTZ001 - made aware below
def test_what_rfc_and_iso_print_comes_back(moment: dt.datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=dt.UTC)
    for raw in (moment.strftime("%a, %d %b %Y %H:%M:%S +0000"), moment.isoformat()):
        found = parse_feed_date(raw, NOW)
        assert found is not None
        assert found.at == moment
