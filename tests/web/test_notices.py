"""Notices and the numbers of the masthead."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _told(db: None) -> None:
    for kind, n in (("failing", 3), ("silent", 2), ("held", 1)):
        for _ in range(n):
            make.NoticeFactory(kind=kind, text=f"Something is {kind}")
    now = timezone.now()
    make.NoticeFactory(kind="failing", closed_at=now, text="Ended lately")
    make.NoticeFactory(kind="failing", closed_at=now - dt.timedelta(days=61), text="Ended long ago")


def test_notices_are_for_staff(client: Client) -> None:
    assert client.get("/sources/notices/")["Location"].startswith("/admin/login/")
    assert "c-told" not in client.get("/about/").content.decode()
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/sources/notices/").status_code == 302
    assert "c-told" not in client.get("/about/").content.decode()


def test_the_numbers_of_the_masthead_and_the_tabs_are_the_lengths_of_their_lists(
    staff_client: Client,
) -> None:
    links = soup(staff_client, "/about/").select(".c-told")
    assert [link.get_text(" ", strip=True) for link in links] == ["3 failing", "2 silent", "1 held"]
    links += soup(staff_client, "/sources/notices/").select(".c-tabs a")
    assert len(links) == 3 + 6
    for link in links:
        n = next(int(word) for word in link.get_text(" ").split() if word.isdigit())
        assert len(soup(staff_client, str(link["href"])).select("#open [data-row]")) == n


def test_what_ended_lately_stands_below(staff_client: Client) -> None:
    page = soup(staff_client, "/sources/notices/")
    ended = page.select("#ended")[0].get_text()
    assert "Ended lately" in ended
    assert "Ended long ago" not in page.get_text()
    assert "Ended lately" not in soup(staff_client, "/sources/notices/?kind=silent").get_text()
    assert len(soup(staff_client, "/sources/notices/?kind=²").select("#open [data-row]")) == 6


def test_the_masthead_costs_staff_one_query_and_readers_none(
    client: Client, staff_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/search/")
    with django_assert_num_queries(3):  # session, account, notices
        staff_client.get("/search/")


def test_the_list_costs_few_queries(
    staff_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        staff_client.get("/sources/notices/")
