"""The strip under the chart and the list behind it: what was not read, on which days, and why."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup
from tracker import models
from tracker.text import when
from tracker.web import gaps

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 22)
FAST, DAILY, RARE = 1800, 86_400, 3 * 86_400
Row = tuple[dt.date, str, int, int]


def on(*days: int) -> list[dt.date]:
    """Return days of November 2026."""
    return [dt.date(2026, 11, day) for day in days]


def rows(category: str, up: list[dt.date], down: list[dt.date], pace_s: int = FAST) -> list[Row]:
    return [(day, category, int(day in up), pace_s) for day in (*up, *down)]


def why(covered: gaps.Covered, category: str) -> dict[int, str]:
    group = next(group for group in covered.groups if group.category == category)
    return {day.day: group.why[day] for day in group.days}


def test_a_group_is_down_when_every_endpoint_failed_all_day() -> None:
    covered = gaps.cover(
        rows("news", on(*range(1, 22)), []) + rows("court", on(*range(1, 15)), on(*range(15, 22))), TODAY
    )
    assert why(covered, "news") == {}
    assert why(covered, "court") == dict.fromkeys(range(15, 22), "down")
    assert (covered.first, covered.last) == (on(1)[0], on(21)[0])


def test_days_before_its_first_and_days_without_a_try_are_not_collected() -> None:
    covered = gaps.cover(rows("news", on(1, 2, 5, 21), []) + rows("law", on(*range(4, 22)), []), TODAY)
    assert why(covered, "news") == dict.fromkeys([3, 4, *range(6, 21)], "off")
    assert why(covered, "law") == {1: "early", 2: "early", 3: "early"}


def test_a_rare_endpoint_is_not_missing_between_its_turns() -> None:
    assert why(gaps.cover(rows("law", on(1, 4, 7, 10, 13, 16, 19), [], RARE), TODAY), "law") == {}
    assert why(gaps.cover(rows("law", on(1, 3, 20, 21), [], DAILY), TODAY), "law") == dict.fromkeys(
        range(5, 20), "off"
    )


def test_after_a_failure_the_next_try_may_be_a_day_off() -> None:
    covered = gaps.cover(rows("law", on(20, 21), on(1, 3)), TODAY)
    assert why(covered, "law") == {1: "down", 2: "down", 3: "down", 4: "down"} | dict.fromkeys(
        range(5, 20), "off"
    )


def test_nothing_collected_is_nothing_missing() -> None:
    covered = gaps.cover([], TODAY)
    assert (covered.first, covered.groups) == (None, [])
    assert gaps.stretches([(TODAY, TODAY)], covered, column=24) == []


def test_neighbours_of_one_kind_are_one_stretch() -> None:
    covered = gaps.cover(
        rows("news", on(*range(1, 15), 21), []) + rows("court", on(1, 2, 6, 7, 8, 21), on(*range(9, 15))),
        TODAY,
    )
    days = [(day, day) for day in on(*range(1, 22))]
    found = gaps.stretches(days, covered, column=10)
    assert [(one.words, one.n, one.level) for one in found] == [
        ("3 November 2026 to 5 November 2026", 1, 2),
        ("9 November 2026 to 14 November 2026", 1, 2),
        ("15 November 2026 to 20 November 2026", 2, 3),
    ]
    assert (found[0].x, found[0].width) == ("20.0", "30.0")
    month = gaps.stretches([(dt.date(2026, 11, 1), dt.date(2026, 11, 30))], covered, column=10)
    assert [(one.words, one.n) for one in month] == [("1 November 2026 to 21 November 2026", 2)]
    assert gaps.stretches(days, covered, column=10, categories=["news"])[0].n == 1


def test_ranges_tell_reasons_apart() -> None:
    covered = gaps.cover(rows("law", on(1, 8, 21), on(2, 3)), TODAY)
    group = covered.groups[0]
    assert [(a.day, b.day, why) for a, b, why in group.ranges(*on(1, 9))] == [
        (2, 4, "down"),
        (5, 7, "off"),
        (9, 9, "off"),
    ]


@pytest.fixture
def outage(db: None) -> list[models.Endpoint]:
    """Thirty days of two groups; courts failed for five of them, and nothing ran for two."""
    today = when.utc_day(timezone.now())
    court = make.SourceFactory(category="court", name="Upper Court")
    news = make.SourceFactory(category="news")
    made = [
        make.EndpointFactory(source=court),
        make.EndpointFactory(source=court),
        make.EndpointFactory(source=news),
    ]
    for n in range(1, 31):
        if n in {20, 21}:
            continue
        for endpoint in made:
            is_down = endpoint.source_id == court.pk and 4 <= n <= 8
            make.EndpointDayFactory(
                endpoint=endpoint, day=today - n * DAY, n_good=int(not is_down), n_failed=int(is_down)
            )
    make.EndpointDayFactory(endpoint=made[0], day=today, n_good=0, n_failed=9)
    make.EndpointFactory(source=court, is_enabled=False)
    for n in range(0, 31, 2):
        make.EntryFactory(happened_at=timezone.now() - n * DAY)
    return made


@pytest.mark.slow
@pytest.mark.django_db
def test_each_stretch_is_as_long_as_its_list(outage: list[models.Endpoint], client: Client) -> None:
    page = soup(client, "/")
    links = page.select(".c-chart-wide .gap")
    assert links
    found = {}
    for gap in links:
        link = gap.parent
        assert link is not None
        found[str(link["href"])] = int(re.findall(r": (\d+) group", str(link["aria-label"]))[0])
    table = {str(link["href"]): int(link.get_text()) for link in page.select("a[data-gap]")}
    assert table == found
    for url, n in found.items():
        listed = soup(client, url)
        assert len(listed.select("[data-group]")) == n
        for group in listed.select("[data-group]"):
            number = group.select(".l-spread a")[0]
            n_rows = len(group.select("[data-row]"))
            assert number.get_text().split()[0] == str(n_rows)
            assert len(soup(client, str(number["href"])).select("[data-row]")) == n_rows


@pytest.mark.django_db
def test_the_list_says_which_days_and_why(outage: list[models.Endpoint], client: Client) -> None:
    page = soup(client, "/coverage/")
    court, news = page.select("[data-group=court]")[0], page.select("[data-group=news]")[0]
    assert "7 days without an answer" in court.get_text()
    assert "every try failed" in court.get_text()
    assert [row.get_text(" ", strip=True).split()[-2:] for row in court.select("[data-row]")] == [
        ["5", "2"]
    ] * 2
    assert "2 days without an answer" in news.get_text()
    assert "nothing was tried" in news.get_text()
    assert "Collected since" in page.get_text()
    only = soup(client, "/coverage/?group=court")
    assert len(only.select("[data-group]")) == 1
    today = when.utc_day(timezone.now())
    calm = soup(client, f"/coverage/?from={today - 3 * DAY}&to={today}")
    assert "Every group of sources was read" in calm.get_text()


@pytest.mark.django_db
def test_days_outside_are_said_to_be_unknown(outage: list[models.Endpoint], client: Client) -> None:
    assert "Nothing is known of these days" in client.get("/coverage/?from=1999&to=2001").content.decode()
    assert "run backwards" in client.get("/coverage/?from=2026&to=2025").content.decode()
    for bad in ("\x00", "2026-13", "x" * 9000, "²"):
        answer = client.get("/coverage/", {"from": bad, "to": bad, "group": bad})
        assert answer.status_code == 200
        assert "is not a date" in answer.content.decode()


@pytest.mark.django_db
def test_a_fresh_install_is_calm(client: Client) -> None:
    make.EntryFactory.create_batch(3)
    page = soup(client, "/")
    assert not page.select(".gap, .c-cover, .sw.is-gap")
    assert "Nothing has been collected for a whole day yet" in page.get_text()
    assert "Nothing has been collected yet" in client.get("/coverage/").content.decode()


@pytest.mark.django_db
def test_years_before_collecting_are_not_shaded(outage: list[models.Endpoint], client: Client) -> None:
    make.EntryFactory(happened_at=dt.datetime(2019, 3, 1, tzinfo=dt.UTC))
    page = soup(client, "/")
    assert "Collected since" in page.select(".c-key")[0].get_text()
    assert len(page.select(".c-chart-wide .gap")) <= 2
    past = soup(client, "/?from=2019&to=2019")
    assert not past.select(".gap, .c-cover")


@pytest.mark.django_db
def test_the_strip_costs_the_timeline_one_query_a_minute(
    outage: list[models.Endpoint], client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        gaps.read_covered()
    with django_assert_num_queries(0):
        gaps.read_covered()
    with django_assert_num_queries(1):
        client.get("/coverage/")


@pytest.mark.django_db
def test_a_minute_later_only_the_last_days_are_read_again(
    outage: list[models.Endpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = when.utc_day(timezone.now())
    whole = gaps.read_covered()
    monkeypatch.setattr(gaps, "KEPT_S", 0.0)
    models.EndpointDay.objects.filter(day=today - DAY).update(n_good=0, n_failed=1)
    models.EndpointDay.objects.filter(day=today - 12 * DAY).delete()
    again = gaps.read_covered()
    assert [group.days[:-1] for group in again.groups] == [group.days for group in whole.groups]
    assert {group.days[-1] for group in again.groups} == {today - DAY}
    monkeypatch.setattr(gaps, "WHOLE_KEPT_S", 0.0)
    assert all(today - 12 * DAY in group.days for group in gaps.read_covered().groups)
