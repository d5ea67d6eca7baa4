"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.fetch.conftest import quick_settings
from tests.fetch.misbehaving_server import MisbehavingServer
from tracker.fetch.client import Fetcher
from tracker.fetch.robots import MemoryRobots
from tracker.fetch.throttle import MemorySlots
from tracker.records import FetchRequest, Outcome


def polite(server: MisbehavingServer, cache: MemoryRobots, slots: MemorySlots | None = None) -> Fetcher:
    return Fetcher(quick_settings(server.authority, respect_robots=True), slots, cache)


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        ("User-agent: *\nDisallow: /article", Outcome.ROBOTS),
        ("User-agent: RetortTest\nDisallow: /\n\nUser-agent: *\nAllow: /", Outcome.ROBOTS),
        ("User-agent: Other\nDisallow: /", Outcome.OK),
        ("User-agent: *\nDisallow: /\nAllow: /article", Outcome.OK),
        ("<html>this is no robots.txt</html>", Outcome.OK),
        ("\ufeffUser-agent: *\nDisallow: /article", Outcome.ROBOTS),
        ("", Outcome.OK),
        (404, Outcome.OK),
        (403, Outcome.OK),
        (410, Outcome.OK),
        (429, Outcome.ROBOTS),
        (500, Outcome.ROBOTS),
        (503, Outcome.ROBOTS),
    ],
)
def test_rules_are_respected(robots: str | int, outcome: Outcome) -> None:
    with MisbehavingServer(robots) as server:
        result = polite(server, MemoryRobots()).fetch(FetchRequest(server.url("/article")))
        assert result.outcome is outcome
        assert server.n_requests("/article") == (1 if outcome is Outcome.OK else 0)


def test_robots_txt_is_asked_for_once_a_day(misbehaving: MisbehavingServer) -> None:
    misbehaving.robots = "User-agent: *\nDisallow: /private"
    cache = MemoryRobots()
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tick=True) as clock:
        for _ in range(3):
            polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article")))
        assert misbehaving.n_requests("/robots.txt") == 1
        clock.shift(dt.timedelta(days=1, seconds=1))
        polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article")))
        assert misbehaving.n_requests("/robots.txt") == 2


def test_a_broken_robots_txt_is_asked_for_again_soon(misbehaving: MisbehavingServer) -> None:
    misbehaving.robots = 503
    cache = MemoryRobots()
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tick=True) as clock:
        first = polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article")))
        assert first.outcome is Outcome.ROBOTS
        assert first.retry_after_s == pytest.approx(600, abs=2)
        misbehaving.robots = 404
        clock.shift(dt.timedelta(minutes=11))
        assert (
            polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article"))).outcome is Outcome.OK
        )


def test_older_rules_are_used_while_robots_txt_is_broken(misbehaving: MisbehavingServer) -> None:
    misbehaving.robots = "User-agent: *\nDisallow: /410"
    cache = MemoryRobots()
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC), tick=True) as clock:
        polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article")))
        misbehaving.robots = 500
        clock.shift(dt.timedelta(days=2))
        assert (
            polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article"))).outcome is Outcome.OK
        )
        assert (
            polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/410"))).outcome is Outcome.ROBOTS
        )
        clock.shift(dt.timedelta(days=40))
        forgotten = polite(misbehaving, cache).fetch(FetchRequest(misbehaving.url("/article")))
        assert forgotten.outcome is Outcome.ROBOTS


def test_a_host_that_is_down_is_not_blamed_on_robots() -> None:
    fetcher = Fetcher(quick_settings("127.0.0.1:1", respect_robots=True), None, MemoryRobots())
    assert fetcher.fetch(FetchRequest("http://127.0.0.1:1/a")).outcome is Outcome.CONNECTION


def test_a_refused_address_is_not_blamed_on_robots() -> None:
    fetcher = Fetcher(quick_settings(respect_robots=True), None, MemoryRobots())
    assert fetcher.fetch(FetchRequest("http://10.0.0.1/a")).outcome is Outcome.REFUSED


def test_redirect_targets_are_checked_too() -> None:
    with MisbehavingServer("User-agent: *\nDisallow: /article") as server:
        result = polite(server, MemoryRobots()).fetch(FetchRequest(server.url("/redirect?/article")))
        assert result.outcome is Outcome.ROBOTS


@pytest.mark.parametrize("rule", ["Crawl-delay: 20", "Request-rate: 3/60"])
def test_the_delay_a_site_asks_for_is_kept(rule: str) -> None:
    with MisbehavingServer(f"User-agent: *\n{rule}\nDisallow: /private") as server:
        fetcher = polite(server, MemoryRobots(), MemorySlots(lambda: 0.0))
        assert fetcher.fetch(FetchRequest(server.url("/article"))).outcome is Outcome.OK
        second = fetcher.fetch(FetchRequest(server.url("/article")))
        assert second.outcome is Outcome.DEFERRED
        assert second.retry_after_s == 20


def test_a_very_long_robots_txt_is_read_from_its_beginning() -> None:
    with MisbehavingServer("User-agent: *\nDisallow: /article\n" + "# filler\n" * 200_000) as server:
        result = polite(server, MemoryRobots()).fetch(FetchRequest(server.url("/article")))
        assert result.outcome is Outcome.ROBOTS
