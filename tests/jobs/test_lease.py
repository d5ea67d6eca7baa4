"""The job table keeps its promises: one holder at a time, nothing lost, nothing stored twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import EndpointDayFactory, EndpointFactory, FetchAttemptFactory
from tracker import jobs
from tracker.errors import LeaseLostError, SettingError
from tracker.models import Endpoint, EndpointDay, FetchAttempt, Job, Source, owe
from tracker.models.preview import Preview
from tracker.pipeline.road import STEPS
from tracker.pipeline.step import Done, DoneTogether, Failed, Later, Result, Step

pytestmark = pytest.mark.django_db


def expire(job_ids: list[int]) -> None:
    Job.objects.filter(pk__in=job_ids).update(leased_until=timezone.now() - dt.timedelta(seconds=1))


def test_the_same_work_is_owed_once() -> None:
    owe("read", [1, 2], version="a")
    owe("read", [2, 3], version="a")
    owe("read", [2], version="b")
    assert Job.objects.count() == 4


def test_a_leased_job_is_leased_to_nobody_else() -> None:
    owe("read", range(5))
    _token, mine = Job.objects.lease("read", limit=3, seconds=30)
    _token, theirs = Job.objects.lease("read", limit=5, seconds=30)
    assert len(mine) == 3
    assert len(theirs) == 2
    assert not {job.pk for job in mine} & {job.pk for job in theirs}


def test_a_job_is_not_leased_before_its_time() -> None:
    owe("read", [1], not_before=timezone.now() + dt.timedelta(hours=1))
    assert Job.objects.lease("read", limit=3, seconds=30)[1] == []


def test_an_expired_lease_comes_back_and_the_first_worker_can_store_nothing() -> None:
    owe("read", [1])
    first_token, [job] = Job.objects.lease("read", limit=1, seconds=30)
    expire([job.pk])
    assert Job.objects.release_expired() == 1
    second_token, [again] = Job.objects.lease("read", limit=1, seconds=30)

    def store_late() -> None:
        with transaction.atomic():
            Source.objects.create(slug="lost", name="Lost")
            job.complete(first_token)

    with pytest.raises(LeaseLostError):
        store_late()
    assert not Source.objects.filter(slug="lost").exists()
    again.complete(second_token)
    assert Job.objects.get().state == Job.State.DONE


def test_a_job_whose_worker_always_dies_fails_with_a_sentence() -> None:
    owe("read", [1])
    for _ in range(6):
        _token, [job] = Job.objects.lease("read", limit=1, seconds=30)
        expire([job.pk])
        Job.objects.release_expired()
    found = Job.objects.get()
    assert found.state == Job.State.FAILED
    assert "Retry it" in found.error


def test_a_failed_job_waits_longer_each_time_and_gives_up_after_six() -> None:
    owe("read", [1])
    waits = []
    for _ in range(6):
        Job.objects.update(not_before=timezone.now())
        token, [job] = Job.objects.lease("read", limit=1, seconds=30)
        job.fail(token, error_class="ValueError", error="no")
        found = Job.objects.get()
        waits.append(found.not_before - timezone.now())
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert found.state == Job.State.FAILED


def test_a_job_tried_twice_in_vain_is_taken_alone_after_the_others() -> None:
    owe("read", range(4))
    Job.objects.filter(subject_id__in=[0, 1]).update(attempts=2)
    _token, first = Job.objects.lease("read", limit=10, seconds=30)
    _token, second = Job.objects.lease("read", limit=10, seconds=30)
    assert [job.subject_id for job in first] == [2, 3]
    assert [job.subject_id for job in second] == [0]


def test_renewal_prolongs_only_what_is_still_ours() -> None:
    owe("read", [1, 2])
    token, found = Job.objects.lease("read", limit=2, seconds=30)
    found[0].complete(token)
    assert Job.objects.renew(token, seconds=60) == 1


def a_step(monkeypatch: pytest.MonkeyPatch, run: Callable[[Sequence[Job]], Iterator[Result]]) -> None:
    monkeypatch.setitem(STEPS, "tried", Step(kind="tried", queue="read", batch=10, run=run))


def test_one_bad_job_does_not_spoil_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []

    def run(batch: Sequence[Job]) -> Iterator[Result]:
        if any(job.subject_id == 3 for job in batch):
            raise SettingError("three is not possible")  # noqa: EM101, TRY003
        for job in batch:
            yield Done(job, partial(stored.append, job.subject_id))

    a_step(monkeypatch, run)
    owe("tried", [1, 2, 3, 4])
    counts = jobs.work("tried")
    assert counts["done"] == 3
    assert counts["failed"] == 1
    assert sorted(stored) == [1, 2, 4]
    bad = Job.objects.get(subject_id=3)
    assert (bad.error_class, bad.error) == ("SettingError", "three is not possible")


def test_what_cannot_be_stored_is_rolled_back_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def store() -> None:
        Source.objects.create(slug="half", name="Half")
        raise ValueError

    a_step(monkeypatch, lambda batch: (Done(job, store) for job in batch))
    owe("tried", [1])
    assert jobs.work("tried")["failed"] == 1
    assert not Source.objects.exists()
    assert Job.objects.get().state == Job.State.READY


def test_a_job_that_is_put_off_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + dt.timedelta(minutes=5)
    a_step(monkeypatch, lambda batch: (Later(job, later) for job in batch))
    owe("tried", [1])
    assert jobs.work("tried")["later"] == 1
    found = Job.objects.get()
    assert (found.state, found.attempts, found.not_before) == (Job.State.READY, 0, later)


def test_a_step_that_answers_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    a_step(monkeypatch, lambda _batch: iter(()))
    owe("tried", [1])
    assert jobs.work("tried")["failed"] == 1
    assert Job.objects.get().error_class == "no answer"


def test_a_final_failure_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(batch: Sequence[Job]) -> Iterator[Result]:
        return (Failed(job, error_class="gone", error="It is gone.", is_final=True) for job in batch)

    a_step(monkeypatch, run)
    owe("tried", [1])
    jobs.work("tried")
    assert Job.objects.get().state == Job.State.FAILED


def test_the_sweep_owes_each_due_poll_once() -> None:
    source = Source.objects.create(slug="a", name="A")
    for number in range(3):
        Endpoint.objects.create(source=source, url=f"https://a.example/{number}")
    Endpoint.objects.create(source=source, url="https://a.example/off", is_enabled=False)
    assert jobs.sweep() == ["poll"]
    jobs.sweep()
    assert Job.objects.filter(kind="poll").count() == 3


def test_a_poll_that_waits_is_not_owed_again() -> None:
    source = Source.objects.create(slug="a", name="A")
    Endpoint.objects.create(source=source, url="https://a.example/1")
    jobs.sweep()
    Job.objects.update(not_before=timezone.now() + dt.timedelta(days=1))
    Endpoint.objects.update(next_poll_at=timezone.now())
    jobs.sweep()
    assert Job.objects.count() == 1


def test_the_sweep_forgets_only_old_finished_jobs() -> None:
    owe("read", [1, 2])
    Job.objects.filter(subject_id=1).update(
        state=Job.State.DONE, finished_at=timezone.now() - dt.timedelta(days=400)
    )
    jobs.sweep()
    assert list(Job.objects.values_list("subject_id", flat=True)) == [2]


def test_the_sweep_forgets_old_tries_and_previews_and_keeps_their_days() -> None:
    now = timezone.now()
    endpoint = EndpointFactory()
    day = EndpointDayFactory(endpoint=endpoint, day=(now - dt.timedelta(days=200)).date())
    for age in (200, 91, 89, 0):
        FetchAttemptFactory(endpoint=endpoint, reason=str(age), at=now - dt.timedelta(days=age))
    for age in (8, 6):
        Preview.objects.create(url=f"https://news.example/{age}", created_at=now - dt.timedelta(days=age))
    jobs.sweep()
    assert list(FetchAttempt.objects.order_by("pk").values_list("reason", flat=True)) == ["89", "0"]
    assert list(Preview.objects.values_list("url", flat=True)) == ["https://news.example/6"]
    assert EndpointDay.objects.get() == day


def test_one_sweep_forgets_a_bounded_number_of_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FORGOTTEN_AT_ONCE", 2)
    endpoint = EndpointFactory()
    FetchAttemptFactory.create_batch(3, endpoint=endpoint, at=timezone.now() - dt.timedelta(days=200))
    jobs.sweep()
    assert FetchAttempt.objects.count() == 1
    jobs.sweep()
    assert not FetchAttempt.objects.exists()


def together(batch: Sequence[Job], stored: list[int], *, bad: int = -1) -> Iterator[Result]:
    """Yield one result for all; storing subject `bad` is not possible."""

    def store(*subjects: int) -> None:
        for subject in subjects:
            if subject == bad:
                raise ValueError
            Source.objects.create(slug=f"stored-{subject}", name="Stored")
        stored.extend(subjects)

    subjects = [job.subject_id for job in batch]
    each = [Done(job, partial(store, job.subject_id)) for job in batch]
    yield DoneTogether(each, partial(store, *subjects))


def test_results_are_stored_together_and_complete_their_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []
    a_step(monkeypatch, lambda batch: together(batch, stored))
    owe("tried", [1, 2, 3])
    assert jobs.work("tried")["done"] == 3
    assert stored == [1, 2, 3]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_one_that_cannot_be_stored_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []
    a_step(monkeypatch, lambda batch: together(batch, stored, bad=2))
    owe("tried", [1, 2, 3])
    counts = jobs.work("tried")
    assert (counts["done"], counts["failed"]) == (2, 1)
    assert stored == [1, 3]
    assert sorted(Source.objects.values_list("slug", flat=True)) == ["stored-1", "stored-3"]
    assert Job.objects.get(subject_id=2).state == Job.State.READY


def test_one_lost_to_another_worker_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[int] = []

    def run(batch: Sequence[Job]) -> Iterator[Result]:
        Job.objects.filter(subject_id=2).update(lease_token=uuid.uuid4())
        yield from together(batch, stored)

    a_step(monkeypatch, run)
    owe("tried", [1, 2, 3])
    counts = jobs.work("tried")
    assert (counts["done"], counts["lost"]) == (2, 1)
    assert stored == [1, 3]
    assert not Source.objects.filter(slug="stored-2").exists()
