"""Dates as one publisher prints them: order, pattern, zone, place in the address."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from tracker.errors import FeedError
from tracker.sources.printed_date import PrintedDate, address_date_pattern, date_in_address

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("raw", "date_format", "zone", "expected", "rule"),
    [
        ("July 30, 2026", "", "", "2026-07-30T00:00:00+00:00 day", "worded"),
        ("03/04/2026", "", "", "", ""),
        ("03/04/2026", "day first", "", "2026-04-03T00:00:00+00:00 day", "iso"),
        ("03/04/2026", "Month first", "", "2026-03-04T00:00:00+00:00 day", "iso"),
        ("3.4.26", "day first", "", "2026-04-03T00:00:00+00:00 day", "iso"),
        ("2026-07-30 18:00", "", "Asia/Shanghai", "2026-07-30T10:00:00+00:00 minute", "iso, zone Asia/Shanghai"),
        ("2026-07-30T18:00Z", "", "Asia/Shanghai", "2026-07-30T18:00:00+00:00 minute", "iso"),
        ("2026年7月30日", "", "Asia/Shanghai", "2026-07-30T00:00:00+00:00 day", "cjk"),
        ("30-Jul-2026", "%d-%b-%Y", "", "2026-07-30T00:00:00+00:00 day", "date_format"),
        ("30-Jul", "%d-%b", "", "2026-07-30T00:00:00+00:00 day", "date_format, the year is not printed"),
        ("30-Dec", "%d-%b", "", "2025-12-30T00:00:00+00:00 day", "date_format, the year is not printed"),
        ("Jul 2026", "%b %Y", "", "2026-07-01T00:00:00+00:00 month", "date_format"),
        ("30.07.2026 18h00", "%d.%m.%Y %Hh%M", "Europe/Berlin", "2026-07-30T16:00:00+00:00 minute",
         "date_format, zone Europe/Berlin"),
        ("30.07.2226", "%d.%m.%Y", "", "", ""),
        ("soon", "%d.%m.%Y", "", "", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_as_the_options_say(
    raw: str, date_format: str, zone: str, expected: str, rule: str
) -> None:
    found = PrintedDate({"date_format": date_format, "zone": zone}, NOW)(raw)
    assert (f"{found.at.isoformat()} {found.precision}" if found else "") == expected
    assert (found.rule if found else "") == rule


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"zone": "Peking"}, "'zone' names no time zone: 'Peking'"),
        ({"zone": "../../etc"}, "'zone' names no time zone"),
        ({"zone": "\0"}, "'zone' names no time zone"),
        ({"date_format": "DD.MM.YYYY"}, "'date_format' cannot be used: 'DD.MM.YYYY' .write 'day first'"),
        ({"date_format": "%d %Q"}, "'date_format' cannot be used: '%d %Q'"),
        ({"date_format": "%"}, "'date_format' cannot be used"),
    ],
)
def test_an_option_that_cannot_be_used_says_which_and_why(options: dict[str, str], words: str) -> None:
    with pytest.raises(FeedError, match=words):
        PrintedDate(options, NOW)


@pytest.mark.parametrize(
    ("url", "pattern", "expected"),
    [
        ("https://a.example/202607/t20260730_11.html", r"t(?P<date>\d{8})_", "2026-07-30 day"),
        ("https://a.example/news/news260424", r"news(?P<date>\d{6})$", "2026-04-24 day"),
        ("https://a.example/news/news1226", r"news(?P<date>\d{6})$", ""),
        ("https://a.example/2026/7/x", r"/(?P<year>\d{4})/(?P<month>\d+)/", "2026-07-01 month"),
        ("https://a.example/2026/07/30/x", r"/(?P<year>\d{4})/(?P<month>\d+)/(?P<day>\d+)", "2026-07-30 day"),
        ("https://a.example/t20261399_11.html", r"t(?P<date>\d{8})_", ""),
        ("https://a.example/t20990101_11.html", r"t(?P<date>\d{8})_", ""),
    ],
)
def test_a_date_is_found_in_an_address(url: str, pattern: str, expected: str) -> None:
    found = date_in_address(url, address_date_pattern(pattern), NOW)
    assert (f"{found.at.date()} {found.precision}" if found else "") == expected


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("t(\\d{8}", "no regular expression .missing \\)"),
        ("t(\\d{8})_", "needs a group"),
        ("x" * 301, "longer than 300"),
        ("(?P<year>\\d+)", "needs a group"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        address_date_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\w+)*(?P<date>\d{8})",
        r"(?:[a-z]+/)+(?P<date>\d{8})",
        r"(?:\w|-){2,}(?P<date>\d{8})",
        r".*/.*/.*(?P<date>\d{8})",
        r"\w{1,250}\w{1,250}\w{1,250}(?P<date>\d{8})",
        r"(?x) (a+) * (?P<date>\d{8})",
        r"(a|a|b|b|c|c)+(?P<date>\d{8})",
    ],
)
def test_a_pattern_that_may_take_very_long_is_refused(pattern: str) -> None:
    with pytest.raises(FeedError, match="may take very long"):
        address_date_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"/(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:/|-|$)",
        r"/(?P<year>\d{4})/(?P<month>\d{1,2})(?:/(?P<day>\d{1,2}))?/",
        r"[/_-](?P<date>20\d{6})(?!\d)",
        r"(?i)/[a-z]+(?P<date>2\d{5})(?!\d)",
        r".*-.*-(?P<date>\d{8})",
        r"[+*{}]\+\*\{(?P<date>\d{8})\}+",
    ],
)
def test_a_pattern_that_is_quick_on_any_address_is_taken(pattern: str) -> None:
    compiled = address_date_pattern(pattern)
    for url in ("a" * 1_000_000, "/2026-11-" * 100_000, "-" * 1_000_000):
        began = time.perf_counter()
        date_in_address(url, compiled, NOW)
        assert time.perf_counter() - began < 1
