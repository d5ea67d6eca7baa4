"""What a page says of its publisher, and how much a look may spend."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.quick import cpu_below
from tracker.fetch.memory import MemoryFetcher
from tracker.pipeline.preview.hints import name_of_site, read_hints
from tracker.pipeline.preview.visits import MOST_FETCHES, MOST_S, Visits
from tracker.records import FetchRequest, FetchResult, Outcome, Page

URL = "https://office.example/news"


def page(body: str, **headers: str) -> Page:
    return Page(
        URL, URL, 200, {"content-type": "text/html", **headers}, body.encode(), dt.datetime.now(dt.UTC), 0.0
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("News | Harbour Dispatch", "Harbour Dispatch"),
        ("Harbour Dispatch - Latest news", "Harbour Dispatch"),
        ("Harbour Dispatch", "Harbour Dispatch"),
        ("Fernlight denies it | Harbour Dispatch", "Fernlight denies it | Harbour Dispatch"),
        ("News", "News"),
        ("", ""),
    ],
)
def test_the_publishers_part_of_a_title(title: str, expected: str) -> None:
    assert name_of_site(title) == expected


def test_what_a_page_says_of_its_publisher() -> None:
    hints = read_hints(
        page(
            "<html lang=zh-CN><title>新闻 &amp; more</title><meta property=og:site_name content='安全办公室'>"
            "<a href='/login'>Log in</a><a class=x href='/legal/terms'> Terms of Use </a>"
        )
    )
    assert (hints.site_name, hints.title, hints.language) == ("安全办公室", "新闻 & more", "zh")
    assert hints.terms_url == "https://office.example/legal/terms"
    assert not hints.reserves_rights


def test_reserved_rights_in_the_page() -> None:
    hints = read_hints(
        page("<meta name=tdm-reservation content=1><meta name=tdm-policy content='/tdm.json'>")
    )
    assert hints.reserves_rights
    assert hints.policy_url == "https://office.example/tdm.json"


@pytest.mark.parametrize("piece", ["<a href='", "<meta ", "<title>", "<a>", "<script>", "<html lang=", "a='"])
def test_hostile_markup_costs_little(piece: str) -> None:
    with cpu_below(10):
        read_hints(page(piece * 150_000))


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_look_asks_a_few_addresses_only() -> None:
    web, clock = MemoryFetcher(), Clock()
    visits = Visits(web, clock, clock.sleep)
    results = [visits.fetch(FetchRequest(f"https://a.example/{n}")) for n in range(MOST_FETCHES + 2)]
    assert len(web.requests) == MOST_FETCHES
    assert results[-1].outcome is Outcome.DEFERRED
    assert "at most 5 addresses" in results[-1].reason


def test_a_short_pause_is_waited_for_and_a_long_one_is_not() -> None:
    clock = Clock()
    told = [
        FetchResult(Outcome.DEFERRED, "soon", retry_after_s=3),
        FetchResult(Outcome.DEFERRED, "late", retry_after_s=99),
    ]

    class Busy:
        def fetch(self, _request: FetchRequest) -> FetchResult:
            return told.pop(0)

    visits = Visits(Busy(), clock, clock.sleep)
    assert visits.fetch(FetchRequest(URL)).reason == "late"
    assert (clock.now, visits.n_done) == (3, 0)


def test_a_look_ends_after_a_minute() -> None:
    clock = Clock()
    visits = Visits(MemoryFetcher(), clock, clock.sleep)
    clock.now = MOST_S
    assert "60 s" in visits.fetch(FetchRequest(URL)).reason
