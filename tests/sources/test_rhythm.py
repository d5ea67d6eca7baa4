"""What is usual for an endpoint, and what is not."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.sources.rhythm import (
    patience_s,
    usual_gap_s,
    why_other_subject,
    why_silent,
    why_stale,
    why_storm,
)

DAY = 86_400.0
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def days_ago(*days: float) -> list[dt.datetime]:
    return [NOW - dt.timedelta(days=n) for n in days]


def test_the_usual_pause_is_the_one_nine_of_ten_stay_below() -> None:
    assert usual_gap_s(days_ago(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30)) == 1 * DAY
    assert usual_gap_s(days_ago(0, 1, 2, 12, 13)) == 10 * DAY


@pytest.mark.parametrize(
    "moments",
    [
        [],
        days_ago(1),
        days_ago(1, 1, 1, 1, 1, 1),
        days_ago(1, 2, 3),
        days_ago(*[1 + n / 10_000_000 for n in range(9)]),
    ],
)
def test_a_few_items_or_one_moment_are_no_rhythm(moments: list[dt.datetime]) -> None:
    assert usual_gap_s(moments) is None
    assert patience_s(None) is None


def test_patience_is_never_under_a_week_nor_without_end() -> None:
    assert patience_s(60) == 7 * DAY
    assert patience_s(10 * DAY) == 30 * DAY
    assert patience_s(900 * DAY) == 400 * DAY


def test_old_is_measured_against_the_own_rhythm() -> None:
    (newest,) = days_ago(20)
    assert "20 days old" in why_stale(newest, 1 * DAY, NOW)
    assert why_stale(newest, 10 * DAY, NOW) == ""
    assert why_stale(None, 1 * DAY, NOW) == ""
    assert why_stale(newest, None, NOW) == ""


def test_quiet_is_measured_against_the_own_rhythm() -> None:
    (last,) = days_ago(31)
    assert "nothing new for" in why_silent(last, 10 * DAY, NOW)
    assert why_silent(last, 11 * DAY, NOW) == ""


@pytest.mark.parametrize(
    ("n_new", "usual", "days", "per_day", "is_storm"),
    [
        (20, [1, 1, 1], 1, 1, False),  # never too many
        (21, [1, 1, 1], 1, 1, True),
        (300, [], 1, 0, False),  # nothing is known yet
        (150, [30], 1, 0, False),  # five times the first listing
        (151, [30], 1, 0, True),
        (100, [2, 2, 2], 30, 4, False),  # a month's outage
        (700, [2, 2, 2], 30, 4, True),
    ],
)
def test_a_storm_is_five_times_what_would_be_many(
    n_new: int, usual: list[int], days: float, per_day: float, is_storm: bool
) -> None:
    assert bool(why_storm(n_new, usual, days, per_day=per_day)) == is_storm


LAB = [f"The committee hears witness number {n} about copied models" for n in range(30)]
SHOP = [f"Cheap watches, bargain {n}: handbags shipped worldwide" for n in range(10)]


def test_headlines_of_another_world_are_noticed() -> None:
    assert "Only 0 of 10" in why_other_subject(SHOP, LAB)
    assert why_other_subject(LAB[:10], LAB) == ""
    assert why_other_subject(SHOP[:3], LAB) == ""  # too few to say
    assert why_other_subject(SHOP, LAB[:5]) == ""


def test_headlines_in_han_characters_are_compared_too() -> None:
    known = [f"外交部发言人就人工智能问题答记者问第{n}场" for n in range(25)]
    assert why_other_subject([f"外交部发言人主持例行会见{n}" for n in range(9)], known) == ""
    assert why_other_subject([f"限时抢购手表皮包{n}" for n in range(9)], known)
