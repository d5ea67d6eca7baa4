"""Leases jobs, runs their step and stores the results, each in one transaction with the job's completion.

A worker may die at any line of this file. What it had stored is complete; what it had not is leased until the
lease runs out, and is then done again by whoever comes first.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tracker.errors import LeaseLostError, RetortError
from tracker.models import Endpoint, FetchAttempt, Job, owe
from tracker.models.preview import forget_old_previews
from tracker.pipeline import candidates
from tracker.pipeline.carry import owe_judging
from tracker.pipeline.names import look_for_changed_names
from tracker.pipeline.recheck import owe_due_rechecks
from tracker.pipeline.road import ROAD, STEPS
from tracker.pipeline.step import Done, DoneTogether, Failed, Later, Result, Step

log = structlog.get_logger(__name__)

BUDGET_S = 15.0
MOST_S = 900.0
FORGOTTEN_AT_ONCE = 500
"""Rows of one kind that one sweep deletes at most."""
_at_work: dict[str, threading.Lock] = {}


class Heartbeat:
    """Keeps a lease alive from a thread of its own while its jobs are worked on, but not for ever.

    Work that takes longer than `MOST_S` hangs; its lease then runs out, so that another worker tries.
    """

    def __init__(self, token: uuid.UUID, *, lease_s: float) -> None:
        self.token = token
        self.lease_s = lease_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name=f"lease-{token}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=self.lease_s)

    def _beat(self) -> None:
        had_renewal = False
        end = time.monotonic() + MOST_S
        while not self._stop.wait(self.lease_s / 3) and time.monotonic() < end:
            had_renewal = True
            try:
                Job.objects.renew(self.token, seconds=self.lease_s)
            except DatabaseError as error:
                # The lease may run out; then the results are refused and the jobs done again.
                log.warning("lease_not_renewed", token=str(self.token), error=type(error).__name__)
        if had_renewal:
            connection.close()


def work(kind: str) -> dict[str, int]:
    """Lease one batch of `kind`, do it and store it.

    Returns:
        How many jobs were leased, done, failed, put off, and lost to another worker.
    """
    step = STEPS[kind]
    lease_s = settings.ENV.lease_s
    counts = {"leased": 0, "done": 0, "failed": 0, "later": 0, "lost": 0}
    token, jobs = Job.objects.lease(kind, limit=step.batch, seconds=lease_s)
    counts["leased"] = len(jobs)
    if jobs:
        with Heartbeat(token, lease_s=lease_s):
            for result in _results(step, jobs):
                for what in _settle_all(result, token):
                    counts[what] += 1
        log.info("worked", kind=kind, **counts)
    return counts


def work_on(kind: str, *, for_s: float = BUDGET_S) -> dict[str, int]:
    """Do batches of `kind` until none is ready or the time is over; one thread per process at each kind.

    Returns:
        The sums of what `work` counts; all zero when another thread of this process is already at it.
    """
    total = dict.fromkeys(("leased", "done", "failed", "later", "lost"), 0)
    lock = _at_work.setdefault(kind, threading.Lock())
    if not lock.acquire(blocking=False):
        return total
    try:
        end = time.monotonic() + for_s
        while time.monotonic() < end:
            counts = work(kind)
            for name in total:
                total[name] += counts[name]
            if not counts["leased"]:
                break
    finally:
        lock.release()
    return total


def _results(step: Step, jobs: Sequence[Job]) -> Iterator[Result]:
    """Yield one result per job; if a batch breaks, its jobs are tried one by one so that one cannot spoil many."""
    open_jobs = {job.pk: job for job in jobs}
    try:
        for result in step.run(jobs):
            settled = [each.job for each in result.each] if isinstance(result, DoneTogether) else [result.job]
            for job in settled:
                open_jobs.pop(job.pk, None)
            yield result
    except Exception as error:  # noqa: BLE001 - the worker must outlive any job
        if len(open_jobs) > 1:
            for job in list(open_jobs.values()):
                yield from _results(step, [job])
            return
        for job in open_jobs.values():
            yield Failed(job, error_class=type(error).__name__, error=_plain(error, job))
        return
    for job in open_jobs.values():
        yield Failed(
            job, error_class="no answer", error=f"The step '{step.kind}' gave no answer for this job."
        )


def _settle_all(result: Result, token: uuid.UUID) -> list[str]:
    """Store one result of one or several jobs; return what happened to each."""
    if not isinstance(result, DoneTogether):
        return [_settle(result, token)]
    try:
        with transaction.atomic():
            Job.objects.complete([done.job for done in result.each], token)
            result.store()
    except Exception as error:  # noqa: BLE001 - what cannot be stored at once is stored one by one
        log.warning("not_stored_together", n=len(result.each), error=type(error).__name__)
        return [_settle(done, token) for done in result.each]
    return ["done"] * len(result.each)


def _settle(result: Done | Later | Failed, token: uuid.UUID) -> str:
    """Store one result; return the name of what happened to its job."""
    try:
        match result:
            case Done(job=job, store=store):
                with transaction.atomic():
                    job.complete(token)
                    store()
                return "done"
            case Later(job=job, not_before=not_before):
                job.put_off(token, not_before=not_before)
                return "later"
            case Failed(job=job, error_class=error_class, error=error, is_final=is_final):
                job.fail(token, error_class=error_class, error=error, is_final=is_final)
                return "failed"
    except LeaseLostError:
        log.warning("lease_lost", job=result.job.pk, kind=result.job.kind)
        return "lost"
    except Exception as error:  # noqa: BLE001 - one result that cannot be stored must not lose the others
        return _note_failure(result.job, token, error)


def _note_failure(job: Job, token: uuid.UUID, error: Exception) -> str:
    try:
        job.fail(token, error_class=type(error).__name__, error=_plain(error, job))
    except (LeaseLostError, DatabaseError):
        return "lost"
    return "failed"


def _plain(error: Exception, job: Job) -> str:
    """Say for a reader what went wrong; what only a developer understands goes to the log."""
    if isinstance(error, RetortError):
        return str(error)
    log.error("job_broke", job=job.pk, kind=job.kind, subject=job.subject_id, exc_info=error)
    return f"An unexpected {type(error).__name__}; the worker's log has the details under this job's number."


def sweep() -> list[str]:
    """Find what is owed: expired leases, endpoints that are due, jobs that are ready; return the kinds to ring for."""
    Job.objects.release_expired()
    _owe_due_polls()
    owe_due_rechecks()
    owe_judging()
    _go_on_after("names", look_for_changed_names)
    _go_on_after("candidates", candidates.count)
    _forget_old_jobs()
    _forget_old_attempts()
    forget_old_previews()
    return waiting()


def _go_on_after(what: str, look: Callable[[], object]) -> None:
    """Do a part of the sweep; one that breaks must not keep the others, and the work that waits, from going on."""
    try:
        look()
    except Exception:  # whatever it is, the next sweep tries it again
        log.exception("sweep_part_broke", part=what)


def waiting() -> list[str]:
    """Return the kinds of which a job is ready, in the order of the road."""
    return [step.kind for step in ROAD if Job.objects.ready().filter(kind=step.kind).exists()]


def _owe_due_polls() -> None:
    # a poll that is put off or waits for a worker is owed already: a second one would only ask twice
    open_polls = Job.objects.filter(kind="poll", state__in=[Job.State.READY, Job.State.LEASED])
    due = Endpoint.objects.due().exclude(pk__in=open_polls.values("subject_id"))
    for endpoint in due.only("pk", "next_poll_at")[:200]:
        moment = endpoint.next_poll_at
        with transaction.atomic():
            # Moving the schedule and owing the poll are one act, so that neither happens alone or twice.
            later = timezone.now() + dt.timedelta(seconds=settings.ENV.poll_interval_s)
            if Endpoint.objects.filter(pk=endpoint.pk, next_poll_at=moment).update(next_poll_at=later):
                owe("poll", [endpoint.pk], version=moment.isoformat())


def _forget_old_jobs() -> None:
    """Delete the oldest jobs that were finished long ago."""
    limit = timezone.now() - dt.timedelta(days=settings.ENV.job_keep_days)
    done = Job.objects.filter(state=Job.State.DONE)
    oldest = done.order_by("id").values("pk")[:FORGOTTEN_AT_ONCE]
    if old := list(done.filter(pk__in=oldest, finished_at__lt=limit).values_list("pk", flat=True)):
        Job.objects.filter(pk__in=old).delete()


def _forget_old_attempts() -> None:
    """Delete the oldest tries at endpoints; what each day came to stays in `EndpointDay`."""
    limit = timezone.now() - dt.timedelta(days=settings.ENV.attempt_keep_days)
    # the lowest keys are the oldest: a sweep comes every other second and must not search the whole table
    oldest = FetchAttempt.objects.order_by("pk").values("pk")[:FORGOTTEN_AT_ONCE]
    old = list(FetchAttempt.objects.filter(pk__in=oldest, at__lt=limit).values_list("pk", flat=True))
    if old:
        FetchAttempt.objects.filter(pk__in=old).delete()


def drain(*, kinds: Sequence[str] | None = None) -> int:
    """Work until nothing is ready, in this process and without Celery; return how many jobs were done.

    Args:
        kinds: steps to work on, all by default.
    """
    n_done = 0
    while True:
        Job.objects.release_expired()
        found = [work(step.kind) for step in ROAD if kinds is None or step.kind in kinds]
        n_done += sum(counts["done"] for counts in found)
        if not any(counts["leased"] for counts in found):
            return n_done
