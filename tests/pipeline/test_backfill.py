"""A past range is collected slice by slice, once, and an endpoint's own polling does not notice."""

from __future__ import annotations

import datetime as dt
import json
from collections import deque

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from tests.factories import ArticleFactory, EndpointFactory
from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import (
    Article,
    Backfill,
    BackfillSlice,
    Endpoint,
    EndpointDay,
    FetchAttempt,
    Hold,
    Job,
    Notice,
    article_key,
)
from tracker.pipeline.backfill import BackfillError, owe_slices, plan_backfill, without_residue
from tracker.records import FetchResult, FoundItem, Outcome
from tracker.sources.kind import KINDS

pytestmark = pytest.mark.django_db

URL = "https://register.example/api/v1/documents.json"
DAY = dt.timedelta(days=1)
YEAR = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))
SPRING = (dt.date(2026, 3, 1), dt.date(2026, 5, 31))


@pytest.fixture
def register() -> Endpoint:
    """Return an endpoint that was polled before and whose kind looks into the past."""
    now = timezone.now()
    return EndpointFactory(
        kind="federal_register", url=URL, last_outcome="ok", last_new_at=now - DAY, usual_gap_s=86_400.0,
        newest_item_at=now - DAY, last_success_at=now, next_poll_at=now + DAY,
    )  # fmt: skip


def address(first: dt.date, last: dt.date) -> str:
    """Return what the kind asks for these days of one month."""
    (found,) = KINDS.get("federal_register").past(URL, {}, first, last)
    return found


def documents(*days: dt.date, more: str = "") -> bytes:
    """Return an answer with one invented document per day."""
    results = [
        {
            "document_number": f"{day:%Y-%m%d}",
            "title": f"Notice of {day}",
            "html_url": f"https://register.example/documents/{day}",
            "publication_date": day.isoformat(),
            "type": "Notice",
        }
        for day in days
    ]
    return json.dumps({"count": len(results), "results": results, "next_page_url": more or None}).encode()


def months() -> list[tuple[dt.date, dt.date]]:
    """Return the first and last day of each month of the spring."""
    return [
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31)),
        (dt.date(2026, 4, 1), dt.date(2026, 4, 30)),
        (dt.date(2026, 5, 1), dt.date(2026, 5, 31)),
    ]


def tell_spring(web: MemoryFetcher) -> None:
    """Let every month of the spring hold two documents."""
    for first, last in months():
        web.answer(address(first, last), documents(first, last))


def work() -> None:
    """Do what is owed, back-off and pauses over."""
    Job.objects.filter(kind="backfill").update(not_before=timezone.now())
    jobs.drain(kinds=["backfill"])


def state_of(endpoint: Endpoint) -> dict[str, object]:
    """Return every column of an endpoint."""
    return model_to_dict(Endpoint.objects.get(pk=endpoint.pk))


def test_a_range_is_asked_month_by_month_and_its_items_stored(web: MemoryFetcher, register: Endpoint) -> None:
    tell_spring(web)
    backfill = plan_backfill(register, *SPRING)
    work()
    assert [request.url for request in web.requests] == [address(*days) for days in months()]
    assert Article.objects.filter(source=register.source).count() == 6
    told = backfill.slices.values_list("first_day", "last_day", "outcome", "n_items")
    assert list(told) == [(first, last, "ok", 2) for first, last in months()]
    assert [each.articles.count() for each in backfill.slices.all()] == [2, 2, 2]
    assert not backfill.slices.open().exists()
    assert Job.objects.filter(kind="read").count() == 6


def test_the_same_range_twice_adds_nothing(web: MemoryFetcher, register: Endpoint) -> None:
    tell_spring(web)
    first = plan_backfill(register, *SPRING)
    work()
    Job.objects.filter(kind="backfill").delete()  # old jobs are forgotten
    assert plan_backfill(register, *SPRING) == first
    work()
    assert len(web.requests) == 3
    assert (Backfill.objects.count(), BackfillSlice.objects.count()) == (1, 3)
    assert not Job.objects.filter(kind="backfill").exists()


def test_what_is_known_is_not_counted_as_new(web: MemoryFetcher, register: Endpoint) -> None:
    tell_spring(web)
    known = "https://register.example/documents/2026-03-01"
    ArticleFactory(source=register.source, url=known, key=article_key(known))
    backfill = plan_backfill(register, *SPRING)
    work()
    march = backfill.slices.get(first_day=SPRING[0])
    assert (march.n_items, march.articles.count()) == (2, 1)


def test_polling_does_not_notice(web: MemoryFetcher, register: Endpoint) -> None:
    """Neither health nor schedule nor rhythm change, nothing is held, and the day has no news of it."""
    days = [YEAR[0] + n * DAY for n in range(31)]
    web.answer(address(days[0], days[-1]), documents(*days))
    for month in range(2, 13):
        first = dt.date(2025, month, 1)
        last = (first + 31 * DAY).replace(day=1) - DAY
        web.fail(address(first, last), Outcome.HTTP_CLIENT, "no")
    before = state_of(register)
    plan_backfill(register, *YEAR)
    work()
    assert Article.objects.count() == 31
    assert state_of(register) == before
    for model in (Hold, FetchAttempt, EndpointDay, Notice):
        assert not model.objects.exists()
    # the next poll counts its rhythm from what polls brought
    assert not register.articles.exists()


def test_the_rhythm_of_the_next_poll_is_its_own(web: MemoryFetcher, register: Endpoint) -> None:
    tell_spring(web)
    plan_backfill(register, *SPRING)
    work()
    today = timezone.now().date()
    weekly = [today - 7 * n * DAY for n in range(6)]
    (asked,) = KINDS.get("federal_register").addresses(URL, {}, timezone.now())
    web.answer(asked, documents(*weekly))
    poll()
    register.refresh_from_db()
    assert register.last_outcome == "ok"
    assert register.usual_gap_s == pytest.approx(7 * 86_400)


def test_a_pause_of_the_host_is_waited_for(web: MemoryFetcher, register: Endpoint) -> None:
    march = months()[0]
    web._told[address(*march)] = deque([FetchResult(Outcome.DEFERRED, "busy", retry_after_s=90)])
    backfill = plan_backfill(register, *march)
    jobs.drain(kinds=["backfill"])
    job = Job.objects.get(kind="backfill")
    assert (job.state, job.attempts) == ("ready", 0)
    assert job.not_before > timezone.now() + dt.timedelta(seconds=80)
    assert backfill.slices.get().outcome == ""


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.DNS, Outcome.HTTP_SERVER, Outcome.CONNECTION])
def test_a_passing_failure_is_tried_again(web: MemoryFetcher, register: Endpoint, outcome: Outcome) -> None:
    march = months()[0]
    web.fail(address(*march), outcome, "It did not work.")
    web.answer(address(*march), documents(march[0]))
    backfill = plan_backfill(register, *march)
    jobs.drain(kinds=["backfill"])
    job = Job.objects.get(kind="backfill")
    assert (job.state, job.error) == ("ready", "It did not work.")
    assert job.not_before > timezone.now()
    assert backfill.slices.get().outcome == outcome.value
    work()
    each = backfill.slices.get()
    assert (each.outcome, each.reason, each.n_items) == ("ok", "", 1)


def test_a_lasting_failure_is_told_and_tried_again_when_asked(web: MemoryFetcher, register: Endpoint) -> None:
    march = months()[0]
    web.answer(address(*march), b"<html>no</html>")
    web.answer(address(*march), documents(march[0]))
    backfill = plan_backfill(register, *march)
    work()
    assert Job.objects.get(kind="backfill").state == "failed"
    each = backfill.slices.given_up().get()
    assert each.outcome == "parse"
    assert each.reason
    plan_backfill(register, *march)
    work()
    assert len(web.requests) == 1
    assert owe_slices(backfill, again=True) == 1
    work()
    assert backfill.slices.get().outcome == "ok"
    assert owe_slices(backfill, again=True) == 0


def test_too_much_for_one_question_is_asked_in_halves(
    web: MemoryFetcher, register: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that one look leaves are not lost: the days are divided until each part is read to its end."""
    monkeypatch.setattr(type(KINDS.get("federal_register")), "max_pages", 2)
    first, last = months()[1]
    middle = dt.date(2026, 4, 15)
    page = "https://register.example/api/v1/documents.json?page="
    days = [first + n * DAY for n in range(30)]
    web.answer(address(first, last), documents(*days[:10], more=f"{page}2"))
    web.answer(f"{page}2", documents(*days[10:20], more=f"{page}3"))
    web.answer(address(first, middle), documents(*days[:15]))
    web.answer(address(middle + DAY, last), documents(*days[15:]))
    backfill = plan_backfill(register, first, last)
    work()
    assert Article.objects.count() == 30
    whole, *halves = backfill.slices.order_by("id")
    assert "halves" in whole.reason
    assert (whole.n_items, [half.n_items for half in halves]) == (0, [15, 15])
    assert sum(each.articles.count() for each in backfill.slices.all()) == 30
    assert not backfill.slices.open().exists()


def test_a_further_page_that_fails_keeps_what_came_and_goes_on_in_halves(
    web: MemoryFetcher, register: Endpoint
) -> None:
    first, last = dt.date(2026, 4, 1), dt.date(2026, 4, 2)
    missing = f"{URL}?page=2"
    web.answer(address(first, last), documents(first, more=missing))
    web.answer(address(first, first), documents(first))
    web.answer(address(last, last), documents(last, more=missing))
    backfill = plan_backfill(register, first, last)
    jobs.drain(kinds=["backfill"])
    assert Article.objects.count() == 2
    left = backfill.slices.open().get()
    assert (left.first_day, left.n_items) == (last, 1)
    assert left.reason.startswith("Page 2 was not read, and is asked for again: ")
    assert Job.objects.get(kind="backfill", subject_id=left.pk).state == "ready"
    web.answer(missing, documents(dt.date(2026, 4, 3)))
    work()
    assert Article.objects.count() == 3
    assert not backfill.slices.open().exists()


def test_a_single_day_with_more_than_can_be_listed_is_told(
    web: MemoryFetcher, register: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(KINDS.get("federal_register")), "max_pages", 1)
    day = dt.date(2026, 4, 1)
    web.answer(address(day, day), documents(day, more=f"{URL}?page=2"))
    backfill = plan_backfill(register, day, day)
    work()
    assert Article.objects.count() == 1
    each = backfill.slices.given_up().get()
    assert each.outcome == "too large"
    assert "narrow" in each.reason


def test_a_worker_that_dies_loses_nothing(web: MemoryFetcher, register: Endpoint) -> None:
    tell_spring(web)
    backfill = plan_backfill(register, *SPRING)
    Job.objects.lease("backfill", limit=2, seconds=30)
    Job.objects.filter(state="leased").update(leased_until=timezone.now() - DAY)
    work()
    assert not backfill.slices.open().exists()
    assert Article.objects.count() == 6


def test_a_slice_without_its_endpoint_is_nothing_to_do(web: MemoryFetcher, register: Endpoint) -> None:
    plan_backfill(register, *SPRING)
    register.delete()
    work()
    assert not Job.objects.filter(kind="backfill").exclude(state="done").exists()


def test_the_words_of_a_listing_are_cleaned_and_their_language_told() -> None:
    words = "The agency published a rule on model weights after a long debate about their export."
    found = FoundItem("https://register.example/1", "1", "A rule", "", f"{words}\nREAD ALSO: Ten cars", None)
    cleaned = without_residue(found)
    assert (cleaned.text, cleaned.language) == (words, "en")


def test_a_kind_that_asks_day_by_day_has_a_slice_per_day() -> None:
    daily = EndpointFactory(
        kind="gdelt", url="https://events.example/api/v2/doc/doc", options={"query": "weights"}
    )
    days = plan_backfill(daily, dt.date(2026, 2, 27), dt.date(2026, 3, 2)).slices.values_list(
        "first_day", "last_day"
    )
    assert list(days) == [(day, day) for day in (dt.date(2026, 2, 27) + n * DAY for n in range(4))]


def test_a_kind_without_a_past_is_refused(endpoint: Endpoint) -> None:
    with pytest.raises(BackfillError, match="cannot be asked for the past"):
        plan_backfill(endpoint, *SPRING)


def test_an_address_without_a_past_is_refused() -> None:
    inspection = EndpointFactory(
        kind="federal_register", url="https://register.example/api/v1/public-inspection-documents.json"
    )
    with pytest.raises(BackfillError, match="no past"):
        plan_backfill(inspection, *SPRING)


def test_settings_that_make_no_address_are_named() -> None:
    odd = EndpointFactory(kind="federal_register", url=URL, options={"types": "LAW"})
    with pytest.raises(BackfillError, match="LAW"):
        plan_backfill(odd, *SPRING)


def test_a_feed_is_polled_as_ever_beside_a_backfill(
    web: MemoryFetcher, register: Endpoint, endpoint: Endpoint
) -> None:
    tell_spring(web)
    web.answer(FEED, feed(item("https://gazette.example/1")))
    plan_backfill(register, *SPRING)
    poll()
    work()
    assert Article.objects.filter(endpoint=endpoint).count() == 1
