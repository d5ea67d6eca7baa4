"""The page of an endpoint: what readers and staff see, its numbers, and what staff may do there."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup
from tracker import models
from tracker.records import Outcome
from tracker.text import when
from tracker.web.endpoint import every_words
from tracker.web.outcomes import ADVICE, advice_on
from tracker.web.strip import N_DAYS, build_strip, build_weeks

pytestmark = pytest.mark.django_db
SECRET = "Reason only staff should read"
ADDRESS = "https://feeds.harbour.example/all.xml?key=abc"
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def endpoint(db: None) -> models.Endpoint:
    """An endpoint to which everything happened that can happen."""
    now = timezone.now()
    made = make.EndpointFactory(
        source__slug="harbour",
        source__name="Harbour Dispatch",
        name="All news",
        url=ADDRESS,
        last_outcome="timeout",
        last_reason=SECRET,
        failure_streak=4,
        note=f"{SECRET} too",
        terms_note="Headlines may be listed.",
        options={"item": "li.news"},
        usual_gap_s=3 * 86_400,
        newest_item_at=now - 2 * DAY,
        last_attempt_at=now,
    )
    for n, row in enumerate([(9, 0, 2), (9, 0, 0), (5, 3, 0), (0, 4, 0)]):
        good, failed, new = row
        make.EndpointDayFactory(
            endpoint=made,
            day=now.date() - (3 - n) * DAY,
            n_good=good,
            n_failed=failed,
            n_new=new,
            failure="timeout" if failed else "",
        )
    for n in range(24):
        make.FetchAttemptFactory(
            endpoint=made,
            at=now - n * dt.timedelta(minutes=30),
            outcome="ok" if n % 2 else "timeout",
            reason=SECRET,
            refusals=[{"position": 3, "title": "No link", "reason": "it has no link"}],
            n_refused=1,
            warnings=["an odd date"],
        )
    for n in range(70):
        make.ArticleFactory(
            endpoint=made, source=made.source, first_seen_at=now - n * DAY, is_on_subject=n % 2 == 0
        )
    hold = make.HoldFactory(endpoint=made)
    make.ArticleFactory(endpoint=made, hold=hold, title="Held headline", is_on_subject=True)
    make.NoticeFactory(endpoint=made, kind="held", text=SECRET)
    make.NoticeFactory(endpoint=made, kind="silent", text=SECRET, closed_at=now)
    return made


def pages_of(client: Client, url: str) -> int:
    n, link = 0, url
    while link:
        page = soup(client, link)
        n += len(page.select("#results [data-row]"))
        older = page.select_one('#results a[rel="next"]')
        link = str(older["href"]) if older else ""
    return n


def test_readers_see_health_without_reasons_addresses_and_actions(
    endpoint: models.Endpoint, client: Client, staff_client: Client
) -> None:
    path = endpoint.get_absolute_url()
    public = client.get(path).content.decode()
    for words in (
        "Did not answer in time",
        "feeds.harbour.example",
        "Headlines may be listed",
        "Held for a look",
    ):
        assert words in public
    for hidden in (
        SECRET,
        "key=abc",
        "li.news",
        '<button class="c-btn"',
        "Held headline",
        "no link",
        "Poll now",
    ):
        assert hidden not in public
    full = staff_client.get(path).content.decode()
    for words in (
        SECRET,
        "key=abc",
        "li.news",
        "Poll now",
        "Switch off",
        "it has no link",
        "an odd date",
        "What to do",
    ):
        assert words in full


@pytest.mark.parametrize("is_staff", [True, False])
def test_each_week_is_as_long_as_its_list(
    is_staff: bool, endpoint: models.Endpoint, client: Client, staff_client: Client
) -> None:
    who = staff_client if is_staff else client
    links = soup(who, endpoint.get_absolute_url()).select(".c-weeks a")
    assert len(links) >= 10
    for link in links:
        n = int(re.findall(r": (\d+) item", str(link["aria-label"]))[0])
        page = soup(who, str(link["href"]))
        assert pages_of(who, str(link["href"])) == n
        assert page.select(".t-sub")[0].get_text().split()[0] == str(n)


def test_all_items_can_be_paged_through(
    endpoint: models.Endpoint, client: Client, staff_client: Client
) -> None:
    path = endpoint.get_absolute_url() + "items/"
    assert pages_of(staff_client, path) == 71
    assert pages_of(client, path) == 35
    assert "Held headline" not in client.get(path).content.decode()


def test_the_strip_says_each_day_and_the_table_the_same(endpoint: models.Endpoint, client: Client) -> None:
    page = soup(client, endpoint.get_absolute_url())
    days = [str(day["aria-label"]) for day in page.select(".c-days .day")]
    assert len(days) == N_DAYS
    said = [words.split(": ", 1)[1] for words in days[-4:]]
    assert said == [
        "2 new",
        "worked, nothing new",
        "3 of 8 tries failed, did not answer in time",
        "failed all day, did not answer in time",
    ]
    assert days[0].endswith("not collected")
    rows = [row.get_text("|", strip=True).split("|")[:2] for row in page.select(".c-days ~ details tbody tr")]
    assert [": ".join(row) for row in reversed(rows)] == days


def test_only_the_start_of_trouble_is_a_stop_for_the_keyboard() -> None:
    rows = [
        models.EndpointDay(day=TODAY - n * DAY, n_good=int(n > 3), n_failed=int(n <= 3), failure="dns")
        for n in range(20)
    ]
    strip = build_strip(rows, TODAY)
    assert [bar.day for bar in strip.days if bar.is_stop] == [TODAY - 3 * DAY]
    assert strip.summary == "Of 60 days: 16 worked, nothing new, 4 failed all day, 40 not collected."


def test_twelve_weeks_end_with_this_one() -> None:
    weeks = build_weeks({TODAY: 3, TODAY - 7 * DAY: 1, TODAY - 400 * DAY: 9}, TODAY, "/x/")
    assert [bar.counted.n for bar in weeks.bars] == [0] * 10 + [1, 3]
    assert weeks.bars[-1].counted.url == "/x/?from=2026-11-16&to=2026-11-22"


def test_an_endpoint_never_tried_says_so(client: Client, staff_client: Client) -> None:
    fresh = make.EndpointFactory()
    for who in (client, staff_client):
        page = who.get(fresh.get_absolute_url()).content.decode()
        for words in (
            "Not tried yet",
            "It has not been tried yet",
            "None that is remembered",
            "Not known yet",
        ):
            assert words in page


def test_an_unchanged_answer_after_a_failure_is_not_called_working(client: Client) -> None:
    endpoint = make.EndpointFactory(last_outcome="not modified", failure_streak=2)
    assert "Unchanged since it could not be read" in client.get(endpoint.get_absolute_url()).content.decode()


def test_what_is_off_says_why_to_staff(client: Client, staff_client: Client) -> None:
    off = make.EndpointFactory(is_enabled=False, off_reason="Gone for good (410).", last_outcome="http 4xx")
    assert "Gone for good" in staff_client.get(off.get_absolute_url()).content.decode()
    page = client.get(off.get_absolute_url()).content.decode()
    assert "Not collected" in page
    assert "Gone for good" not in page


def test_the_page_costs_few_queries(
    endpoint: models.Endpoint,
    client: Client,
    staff_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who, path, most in (
        (client, "", 6),
        (staff_client, "", 10),
        (client, "items/", 3),
        (staff_client, "items/", 6),
    ):
        with django_assert_max_num_queries(most):
            who.get(endpoint.get_absolute_url() + path)


@pytest.mark.parametrize("action", ["poll", "switch"])
def test_only_staff_who_may_change_endpoints_act_and_only_by_post(
    action: str, endpoint: models.Endpoint, client: Client
) -> None:
    before = models.Endpoint.objects.values().get(pk=endpoint.pk)
    path = f"{endpoint.get_absolute_url()}{action}/"
    assert client.post(path).status_code == 302
    reader = User.objects.create_user("reader")
    client.force_login(reader)
    assert client.post(path).status_code == 302
    reader.is_staff = True
    reader.save()
    assert client.post(path).status_code == 403
    assert (
        '<button class="c-btn" type="submit">Poll now'
        not in client.get(endpoint.get_absolute_url()).content.decode()
    )
    assert models.Endpoint.objects.values().get(pk=endpoint.pk) == before
    reader.user_permissions.add(Permission.objects.get(codename="change_endpoint"))
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    assert models.Endpoint.objects.values().get(pk=endpoint.pk) != before


def test_polling_and_switching(endpoint: models.Endpoint, staff_client: Client) -> None:
    path = endpoint.get_absolute_url()
    models.Endpoint.objects.update(next_poll_at=timezone.now() + DAY)
    staff_client.post(path + "poll/")
    endpoint.refresh_from_db()
    assert endpoint.next_poll_at <= timezone.now()
    for _ in range(2):
        page = staff_client.post(path + "switch/", {"on": "0"}, follow=True).content.decode()
    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    assert "is switched off" in page
    assert "Switch it on first" in staff_client.post(path + "poll/", follow=True).content.decode()
    models.Endpoint.objects.update(off_reason="Gone.")
    make.NoticeFactory(endpoint=endpoint, kind="gone")
    staff_client.post(path + "switch/", {"on": "1"})
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.off_reason) == (True, "")
    assert not endpoint.notices.open().filter(kind="gone").exists()


def test_another_source_has_no_such_endpoint(endpoint: models.Endpoint, staff_client: Client) -> None:
    other = make.SourceFactory()
    assert staff_client.get(f"/sources/{other.slug}/endpoints/{endpoint.pk}/").status_code == 404
    assert staff_client.get(f"/sources/harbour/endpoints/{'9' * 30}/").status_code == 404


def test_source_pages_lead_to_the_endpoint(endpoint: models.Endpoint, client: Client) -> None:
    for path in ("/sources/", "/sources/harbour/"):
        page = soup(client, path)
        assert page.select(f'a[href="{endpoint.get_absolute_url()}"]')
        assert "wait for a person" in page.get_text()
        assert ADDRESS not in page.decode()


def test_every_outcome_has_its_advice() -> None:
    assert set(ADVICE) == set(Outcome)
    for advice in ADVICE.values():
        assert advice.means.endswith(".")
        assert advice.do.endswith(".")
    assert advice_on("something older") == advice_on("")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "every 30 seconds"),
        (60, "every minute"),
        (1800, "every 30 minutes"),
        (7200, "every 2 hours"),
        (86_400, "every day"),
        (259_200, "every 3 days"),
    ],
)
def test_a_pace_in_words(seconds: int, words: str) -> None:
    assert every_words(seconds) == words


def test_bad_dates_in_an_items_address_are_left_out(endpoint: models.Endpoint, staff_client: Client) -> None:
    for bad in ("\x00", "2026-13", "x" * 9000, "²"):
        query = {"from": bad, "to": bad, "older": bad}
        assert staff_client.get(endpoint.get_absolute_url() + "items/", query).status_code == 200
    assert (
        "in these days"
        in staff_client.get(endpoint.get_absolute_url() + "items/?from=1999&to=1999").content.decode()
    )


def test_the_last_error_outlives_its_tries(client: Client) -> None:
    endpoint = make.EndpointFactory(last_outcome="ok")
    day = when.utc_day(timezone.now()) - 30 * DAY
    make.EndpointDayFactory(endpoint=endpoint, day=day, n_failed=2, failure="tls")
    page = BeautifulSoup(client.get(endpoint.get_absolute_url()).content.decode(), "lxml")
    assert "No secure connection" in page.select("[aria-labelledby=error-t]")[0].get_text()
