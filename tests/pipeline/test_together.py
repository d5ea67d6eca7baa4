"""Looks are stored together, exactly as each would be alone, and cost few queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import feed, item
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, Job, Notice, Source, open_notice
from tracker.pipeline.health import Look
from tracker.pipeline.poll import look_at, store, store_looks
from tracker.sources import rhythm

pytestmark = pytest.mark.django_db

N_FEEDS = 20
MOST_QUERIES_UNCHANGED = 3
"""Per poll; the lease, the host's turn and what is noted, all told."""
MOST_QUERIES_COLD = 6


def many(web: MemoryFetcher, n: int = N_FEEDS, n_items: int = 6) -> list[Endpoint]:
    """Return endpoints whose servers know an unchanged copy; without items nothing is answered yet."""
    source = Source.objects.create(slug="press", name="The Press", domain="press.example")
    found = []
    for k in range(n):
        url = f"https://press.example/{k}.xml"
        body = feed(*[item(f"https://press.example/{k}/{i}", date=date(i)) for i in range(n_items)])
        if n_items:
            web.answer(url, body, headers={"etag": f'"{k}"'})
        found.append(Endpoint.objects.create(source=source, url=url))
    return found


def date(days: float) -> str:
    return f"{timezone.now() - dt.timedelta(days=days):%a, %d %b %Y %H:%M:%S} GMT"


def n_queries_of_a_poll() -> float:
    Endpoint.objects.update(next_poll_at=timezone.now())
    jobs.sweep()
    n_polls = Job.objects.filter(kind="poll", state="ready").count()
    with CaptureQueriesContext(connection) as queries:
        assert jobs.drain(kinds=["poll"]) == n_polls
    return len(queries) / n_polls


def test_a_poll_costs_a_bounded_number_of_queries(web: MemoryFetcher) -> None:
    many(web)
    cold, first_of_its_day, unchanged = (n_queries_of_a_poll() for _ in range(3))
    assert cold <= MOST_QUERIES_COLD
    assert first_of_its_day <= MOST_QUERIES_UNCHANGED
    assert unchanged <= MOST_QUERIES_UNCHANGED
    outcomes = FetchAttempt.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["ok"] * N_FEEDS + ["not modified"] * N_FEEDS * 2
    assert EndpointDay.objects.filter(n_good=3, outcome="not modified").count() == N_FEEDS


def told(endpoint: Endpoint) -> tuple[object, ...]:
    """Return all that is known of an endpoint, without what differs by chance."""
    endpoint.refresh_from_db()
    fields = model_to_dict(endpoint, exclude=["id", "url", "next_poll_at", "etag", "body_sha256"])
    moments = {name: value for name, value in fields.items() if isinstance(value, dt.datetime)}
    plain = {name: value for name, value in fields.items() if name not in moments}
    attempts = endpoint.attempts.order_by("pk").values_list(
        "outcome", "reason", "http_status", "n_items", "n_new"
    )
    days = endpoint.days.values_list("day", "n_good", "n_failed", "n_new", "outcome", "failure")
    notices = [(row.kind, row.text, row.closed_at is None) for row in endpoint.notices.order_by("pk")]
    return plain, sorted(moments), list(attempts), list(days), notices


def looks_at(*endpoints: Endpoint) -> list[Look]:
    """Return a look at each endpoint as it is stored now, with a job of its own."""
    looks = []
    for endpoint in endpoints:
        endpoint.refresh_from_db()
        job = Job.objects.create(kind="poll", subject_id=endpoint.pk, key=f"poll:{endpoint.pk}:again")
        looks.append(Look(job, endpoint, look_at(endpoint)))
    return looks


@pytest.mark.parametrize("case", ["usual", "silent", "was failing", "first of its day"])
def test_together_is_noted_what_is_noted_alone(web: MemoryFetcher, case: str) -> None:
    alone, together, neighbour = many(web, 3)
    poll()
    if case == "silent":
        then = timezone.now() - dt.timedelta(days=60)
        Endpoint.objects.update(usual_gap_s=86_400, newest_item_at=then, last_new_at=then)
    if case == "was failing":
        for endpoint in (alone, together):
            open_notice(endpoint.pk, Notice.Kind.FAILING, "It failed.")
    if case == "first of its day":
        EndpointDay.objects.all().delete()
    looks = looks_at(alone, together, neighbour)
    store(looks[0].job, looks[0].endpoint, looks[0].seen)
    store_looks(looks[1:], [{}, {}])
    assert told(alone) == told(together)
    assert together.next_poll_at > timezone.now()


def test_what_a_person_changed_meanwhile_is_left_as_it_is(web: MemoryFetcher) -> None:
    kept, changed = many(web, 2)
    poll()
    looks = looks_at(kept, changed)
    Endpoint.objects.filter(pk=changed.pk).update(url="https://press.example/other.xml", last_outcome="")
    store_looks(looks, [{}, {}])
    outcomes = Endpoint.objects.order_by("pk").values_list("last_outcome", flat=True)
    assert list(outcomes) == ["not modified", ""]


def test_listings_that_share_an_item_store_it_once(web: MemoryFetcher) -> None:
    first, second = many(web, 2, n_items=0)
    shared = item("https://press.example/shared", date=date(1))
    web.answer(first.url, feed(shared, item("https://press.example/own", date=date(1))))
    web.answer(second.url, feed(shared))
    poll()
    assert Article.objects.count() == 2
    assert Article.objects.get(url="https://press.example/shared").endpoint == first
    brought = FetchAttempt.objects.order_by("endpoint").values_list("n_items", "n_new")
    assert list(brought) == [(2, 2), (1, 0)]
    assert Job.objects.filter(kind="read").count() == 2


def test_one_look_that_cannot_be_stored_costs_its_neighbours_nothing(
    web: MemoryFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = many(web, 2)
    failing = Endpoint.objects.create(source=good.source, url="https://press.example/broken.xml")
    web.answer(failing.url, b"", status=500)
    real = rhythm.usual_gap_s
    calls = []

    def breaks(moments: list[dt.datetime]) -> float | None:
        calls.append(moments)
        if len(calls) in {2, 4}:  # the second feed, together with the others and alone
            raise ValueError
        return real(moments)

    monkeypatch.setattr("tracker.pipeline.health.usual_gap_s", breaks)
    poll()
    states = dict(Job.objects.filter(kind="poll").values_list("subject_id", "state"))
    assert states == {good.pk: "done", bad.pk: "ready", failing.pk: "done"}
    assert set(Article.objects.values_list("endpoint", flat=True)) == {good.pk}
    failing.refresh_from_db()
    assert failing.failure_streak == 1  # what was stored in vain is not counted
    assert sorted(FetchAttempt.objects.values_list("endpoint", "outcome")) == [
        (good.pk, "ok"),
        (failing.pk, "http 5xx"),
    ]
