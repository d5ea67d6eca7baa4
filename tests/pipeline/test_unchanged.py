"""Looks that find nothing new are noted together, exactly as each would be alone, and cost few queries."""

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
from tracker.models import Endpoint, EndpointDay, FetchAttempt, Job, Notice, Source, open_notice
from tracker.pipeline.poll import look_at, store
from tracker.pipeline.unchanged import Look, is_unchanged, note_unchanged

pytestmark = pytest.mark.django_db

N_FEEDS = 20
MOST_QUERIES_UNCHANGED = 3
"""Per poll; the lease, the host's turn and what is noted, all told."""
MOST_QUERIES_COLD = 16


def many(web: MemoryFetcher, n: int = N_FEEDS) -> list[Endpoint]:
    """Return endpoints whose servers know an unchanged copy."""
    source = Source.objects.create(slug="press", name="The Press", domain="press.example")
    found = []
    for k in range(n):
        url = f"https://press.example/{k}.xml"
        body = feed(*[item(f"https://press.example/{k}/{i}", date=date(i)) for i in range(6)])
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


@pytest.mark.parametrize("case", ["usual", "silent", "was failing", "first of its day"])
def test_together_is_noted_what_is_noted_alone(web: MemoryFetcher, case: str) -> None:
    alone, together = many(web, 2)
    poll()
    if case == "silent":
        then = timezone.now() - dt.timedelta(days=60)
        Endpoint.objects.update(usual_gap_s=86_400, newest_item_at=then, last_new_at=then)
    if case == "was failing":
        open_notice(alone.pk, Notice.Kind.FAILING, "It failed.")
        open_notice(together.pk, Notice.Kind.FAILING, "It failed.")
    if case == "first of its day":
        EndpointDay.objects.all().delete()
    looks = []
    for endpoint in (alone, together):
        endpoint.refresh_from_db()
        job = Job.objects.create(kind="poll", subject_id=endpoint.pk, key=f"poll:{endpoint.pk}:again")
        looks.append(Look(job, endpoint, look_at(endpoint)))
        assert is_unchanged(endpoint, looks[-1].seen)
    store(looks[0].job, looks[0].endpoint, looks[0].seen)
    note_unchanged(looks[1:])
    assert told(alone) == told(together)
    assert together.next_poll_at > timezone.now()


def test_what_a_person_changed_meanwhile_is_left_as_it_is(web: MemoryFetcher) -> None:
    kept, changed = many(web, 2)
    poll()
    looks = []
    for endpoint in (kept, changed):
        endpoint.refresh_from_db()
        job = Job.objects.create(kind="poll", subject_id=endpoint.pk, key=f"poll:{endpoint.pk}:again")
        looks.append(Look(job, endpoint, look_at(endpoint)))
    Endpoint.objects.filter(pk=changed.pk).update(url="https://press.example/other.xml", last_outcome="")
    note_unchanged(looks)
    outcomes = Endpoint.objects.order_by("pk").values_list("last_outcome", flat=True)
    assert list(outcomes) == ["not modified", ""]


def test_an_answer_after_a_failure_or_a_move_is_not_taken_for_unchanged(web: MemoryFetcher) -> None:
    [endpoint] = many(web, 1)
    poll()
    endpoint.refresh_from_db()
    seen = look_at(endpoint)
    assert is_unchanged(endpoint, seen)
    for name, value in (("failure_streak", 1), ("moved_to", "https://press.example/new.xml")):
        setattr(endpoint, name, value)
        assert not is_unchanged(endpoint, seen)
        endpoint.refresh_from_db()
