"""Every page: it answers, within its queries, without drafts, and nothing typed into an address breaks it."""

from __future__ import annotations

import itertools
import json

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests import factories as make
from tests.web.conftest import DRAFT, Newsroom
from tracker import models, search

MOST_QUERIES = 12
MOST_QUERIES_STAFF = (
    MOST_QUERIES + 2
)  # session and account; three with the numbers of the masthead, at most 11 else
LONG = "x" * 10_000
BAD = ["", "\x00", "a\x00b", LONG, "-1", "9" * 40, "../../etc", "💥" * 50, "%", "'; --", "²", "0-0"]
PARAMETERS = [
    "entity",
    "source",
    "kind",
    "lane",
    "review",
    "from",
    "to",
    "older",
    "newer",
    "q",
    "type",
    "after",
    "cursor",
    "state",
]
pytestmark = pytest.mark.django_db


def test_each_page_answers(newsroom: Newsroom, client: Client) -> None:
    search.rebuild()
    for name, path in newsroom.paths.items():
        response = client.get(path)
        assert response.status_code == (404 if name == "not found" else 200), name
        assert response.content.count(b"<h1") == 1, name
        assert b"style=" not in response.content, name
        assert b"<style" not in response.content, name


@pytest.mark.slow
def test_no_page_makes_more_than_12_queries_for_a_reader_and_14_for_staff(
    newsroom: Newsroom,
    client: Client,
    staff_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    search.rebuild()
    paths = [*newsroom.paths.values(), "/jobs/", "/healthz", "/holds/", "/sources/notices/"]
    for (who, most), path in itertools.product(
        [(client, MOST_QUERIES), (staff_client, MOST_QUERIES_STAFF)], paths
    ):
        with django_assert_max_num_queries(most) as found:
            who.get(path)
        assert len(found) <= most, path


@pytest.mark.slow
def test_drafts_and_rejected_claims_stand_on_no_page(
    newsroom: Newsroom, client: Client, staff_client: Client
) -> None:
    search.rebuild()
    for who, path in itertools.product([client, staff_client], newsroom.paths.values()):
        assert DRAFT not in who.get(path).content.decode(), path
    assert DRAFT not in client.get("/search/?q=whispered").content.decode()


def test_what_is_not_public_is_not_shown_to_readers(newsroom: Newsroom, client: Client) -> None:
    for path in newsroom.paths.values():
        page = client.get(path).content.decode()
        for hidden in ("Entry that is not public", "Unlisted Person", "Unseen post", "Reason for staff"):
            assert hidden not in page, path
    entry = models.Entry.objects.get(is_public=False)
    assert client.get(entry.get_absolute_url()).status_code == 404
    assert client.get("/entities/secret/").status_code == 404


@pytest.mark.slow
def test_bad_parameters_never_break_a_page(newsroom: Newsroom, client: Client, staff_client: Client) -> None:
    paths = ["/", "/entities/", "/entities/fernlight/articles/", "/search/", "/sources/", "/sources/harbour/"]
    paths += [newsroom.article.get_absolute_url()]
    for path, value in itertools.product(paths, BAD):
        every = {name: [value, "fernlight", value] for name in PARAMETERS}
        assert client.get(path, every).status_code == 200, (path, value[:20])
    for name, value in itertools.product(PARAMETERS, BAD[1:4]):
        assert client.get("/", {name: value}).status_code == 200, (name, value[:20])
    for raw in ("entity=%ED%A0%80", "q=%FF%FE", "from=%00", "older=%E2%82%AC-1", "entity[]=x&&=&"):
        assert client.get("/?" + raw).status_code == 200, raw
        assert client.get("/search/?" + raw).status_code == 200, raw
    for name, value in itertools.product(["state", "kind", "before", "live"], BAD):
        assert staff_client.get("/jobs/", {name: value}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/entries/{}/", "/articles/{}/", "/entities/{}/", "/sources/{}/", "/jobs/{}/retry/"]
)
def test_bad_paths_are_not_found(path: str, client: Client, staff_client: Client, db: None) -> None:
    for value in ["nothing", LONG, "9" * 40, "a\x00b", "蕨光"]:
        assert client.get(path.format(value)).status_code in {302, 404}
        assert staff_client.post(path.format(value)).status_code in {302, 404, 405}


@pytest.mark.parametrize("date", ["2026-13", "2026-02-30", "yesterday", "0000", "9999-99-99", "２０２６"])
def test_a_bad_date_gets_a_plain_sentence(date: str, newsroom: Newsroom, client: Client) -> None:
    page = client.get("/", {"from": date}).content.decode()
    assert "is not a date" in page
    assert client.get("/").context["t"].total.n == client.get("/", {"from": date}).context["t"].total.n


def test_dates_that_run_backwards_are_left_out_and_said(newsroom: Newsroom, client: Client) -> None:
    assert "run backwards" in client.get("/?from=2026&to=2025").content.decode()


def test_the_sample_is_named_on_every_page(newsroom: Newsroom, client: Client, settings: Settings) -> None:
    settings.TRACKER_SAMPLE = True
    for path in newsroom.paths.values():
        assert "everything here is invented" in client.get(path).content.decode(), path
    settings.TRACKER_SAMPLE = False
    assert "everything here is invented" not in client.get("/").content.decode()


@pytest.mark.slow
def test_the_policy_allows_nothing_inline_and_no_other_host(newsroom: Newsroom, client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for path in newsroom.paths.values():
        page = client.get(path).content.decode()
        assert "<script>" not in page
        for mark in ('src="http', 'stylesheet" href="http', "url(http"):
            assert mark not in page, path


def test_error_pages_have_the_look_and_say_nothing_about_the_insides(client: Client, db: None) -> None:
    client.raise_request_exception = False
    page = client.get("/nothing/").content.decode()
    assert "There is nothing at this address" in page
    assert "Traceback" not in page


def test_server_error_gives_a_number_to_quote(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("tracker.web.health.Job.objects.ready", lambda **_kwargs: 1 / 0)
    response = client.get("/healthz")
    assert response.status_code == 500
    assert "quote the number" in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_health_tells_database_queue_and_worker_apart(client: Client, db: None) -> None:
    make.JobFactory(state="ready")
    answer = json.loads(client.get("/healthz").content)
    assert answer["database"] == "ok"
    assert answer["oldest_ready_job_s"] >= 0
    assert answer["last_finished_job_s"] is None
    assert client.get("/robots.txt").content.startswith(b"User-agent")
