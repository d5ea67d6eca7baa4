"""Jobs, sources and search pages."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.web.conftest import Newsroom
from tracker import models, search

pytestmark = pytest.mark.django_db


def test_jobs_are_for_staff(client: Client) -> None:
    assert client.get("/jobs/")["Location"].startswith("/admin/login/")
    client.force_login(User.objects.create_user("reader", password="reader-reader-1"))
    assert client.get("/jobs/").status_code == 302


def test_a_failed_job_can_be_tried_again_by_post_only(
    newsroom: Newsroom, client: Client, staff_client: Client
) -> None:
    path = f"/jobs/{newsroom.failed.pk}/retry/"
    assert staff_client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    newsroom.failed.refresh_from_db()
    assert newsroom.failed.state == "failed"
    assert Client(enforce_csrf_checks=True).post(path).status_code in {302, 403}
    assert staff_client.post(path, follow=True).status_code == 200
    newsroom.failed.refresh_from_db()
    assert (newsroom.failed.state, newsroom.failed.attempts) == ("ready", 0)


def test_a_leased_job_is_left_alone(staff_client: Client) -> None:
    job = make.JobFactory(state="leased")
    staff_client.post(f"/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == "leased"


def test_job_numbers_are_the_lengths_of_their_lists(staff_client: Client) -> None:
    make.JobFactory.create_batch(3, state="failed", kind="read")
    make.JobFactory.create_batch(2, state="done", kind="read", finished_at=timezone.now())
    make.JobFactory(state="done", kind="read", finished_at=timezone.now() - dt.timedelta(hours=3))
    page = BeautifulSoup(staff_client.get("/jobs/").content.decode(), "lxml")
    links = page.select(".c-tabs a, .j-kinds a")
    assert len(links) == 8
    for link in links:
        n = int(link.get_text().split()[-1])
        listed = BeautifulSoup(staff_client.get(str(link["href"])).content.decode(), "lxml")
        assert len(listed.select("[data-row]")) == n, link["href"]


def test_the_reason_of_a_failing_feed_is_for_staff(
    newsroom: Newsroom, client: Client, staff_client: Client
) -> None:
    assert "Did not answer in time" in client.get("/sources/").content.decode()
    assert "Reason for staff" in staff_client.get("/sources/").content.decode()


def test_source_numbers_are_the_lengths_of_their_lists(newsroom: Newsroom, client: Client) -> None:
    make.SourceFactory(is_enabled=False)
    page = BeautifulSoup(client.get("/sources/").content.decode(), "lxml")
    for link in page.select(".c-tabs a"):
        listed = BeautifulSoup(client.get(str(link["href"])).content.decode(), "lxml")
        assert len(listed.select("[data-row]")) == int(link.get_text().split()[-1])
    for link in page.select("td.num a"):
        listed = BeautifulSoup(client.get(str(link["href"])).content.decode(), "lxml")
        n_listed = len(listed.select("#articles [data-row]"))
        older = listed.select_one('#articles a[rel="next"]')
        if older:
            further = BeautifulSoup(client.get(str(older["href"])).content.decode(), "lxml")
            n_listed += len(further.select("#articles [data-row]"))
        assert n_listed == int(link.get_text())


def test_search_counts_are_exact_and_hits_keep_the_query(newsroom: Newsroom, client: Client) -> None:
    search.rebuild()
    page = BeautifulSoup(client.get("/search/?q=fernlight").content.decode(), "lxml")
    for tab in page.select(".c-tabs a"):
        n, link = 0, str(tab["href"])
        while link:
            listed = BeautifulSoup(client.get(link).content.decode(), "lxml")
            n += len(listed.select("[data-row]"))
            older = listed.select_one('#results a[rel="next"]')
            link = str(older["href"]) if older else ""
        assert n == int(tab.get_text().split()[-1])
    hit = BeautifulSoup(client.get("/search/?q=copied&kind=article").content.decode(), "lxml").select(
        "a[data-open]"
    )[0]
    assert "q=copied" in str(hit["href"])
    assert page.select("mark")


def test_an_unreadable_query_says_where(newsroom: Newsroom, client: Client) -> None:
    page = client.get("/search/", {"q": 'fernlight "free riding'}).content.decode()
    assert "At character" in page
    assert 'role="alert"' in page


def test_a_search_without_hits_says_what_to_do(newsroom: Newsroom, client: Client) -> None:
    search.rebuild()
    assert "Use fewer words" in client.get("/search/?q=zyzzyva").content.decode()


def test_about_names_what_made_the_rows(newsroom: Newsroom, client: Client) -> None:
    page = client.get("/about/").content.decode()
    for words in ("test-model 1.0", "test 1.0", "Not reviewed", "Ask for a correction"):
        assert words in page
    assert models.Entry.objects.public().count() == client.get("/about/").context["total"].n
