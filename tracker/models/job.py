"""Jobs: what is owed. This table is the queue of record; messages only ring the bell."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tracker.errors import LeaseLostError
from tracker.models.insert import insert_columns

MAX_ATTEMPTS = 6
SUSPECT_ATTEMPTS = 2
RETRY_BASE_S = 5
RETRY_CEILING_S = 3600


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by state. Leasing is one conditional UPDATE, so the same code serves SQLite and PostgreSQL."""

    def ready(self, *, at: dt.datetime | None = None) -> JobQuerySet:
        """Return jobs that may be leased at `at` (default now)."""
        return self.filter(state=Job.State.READY, not_before__lte=at or timezone.now())

    def lease(self, kind: str, *, limit: int, seconds: float) -> tuple[uuid.UUID, list[Job]]:
        """Take up to `limit` ready jobs of `kind`, oldest first, and return the lease token with them.

        A job that was tried twice in vain is taken alone, after the others: if it kills its worker, it kills no
        neighbour's chances.
        """
        token = uuid.uuid4()
        now = timezone.now()
        waiting = self.ready(at=now).filter(kind=kind).order_by("id")
        fresh = waiting.filter(attempts__lt=SUSPECT_ATTEMPTS)
        suspect = waiting.filter(attempts__gte=SUSPECT_ATTEMPTS)
        chosen = list(fresh.values_list("pk", flat=True)[:limit]) or list(
            suspect.values_list("pk", flat=True)[:1]
        )
        if not chosen:
            return token, []
        self.filter(pk__in=chosen, state=Job.State.READY).update(
            state=Job.State.LEASED,
            lease_token=token,
            leased_until=now + dt.timedelta(seconds=seconds),
            attempts=F("attempts") + 1,
            started_at=now,
        )
        return token, list(self.filter(lease_token=token, state=Job.State.LEASED).order_by("id"))

    def renew(self, token: uuid.UUID, *, seconds: float) -> int:
        """Prolong every job under `token`; return how many are still ours."""
        until = timezone.now() + dt.timedelta(seconds=seconds)
        return self.filter(lease_token=token, state=Job.State.LEASED).update(leased_until=until)

    def complete(self, jobs: Sequence[Job], token: uuid.UUID) -> None:
        """Mark all of `jobs` as done; call it in the transaction that stores their results.

        Raises:
            LeaseLostError: another worker holds one of them now, so that transaction must roll back.
        """
        mine = self.filter(pk__in=[job.pk for job in jobs], lease_token=token, state=Job.State.LEASED)
        n_done = mine.update(
            state=Job.State.DONE,
            lease_token=None,
            leased_until=None,
            finished_at=timezone.now(),
            error_class="",
            error="",
        )
        if n_done != len(jobs):
            msg = f"{len(jobs) - n_done} of {len(jobs)} jobs were taken over by another worker"
            raise LeaseLostError(msg)

    def release_expired(self) -> int:
        """Give jobs whose worker fell silent back to the queue; return how many."""
        expired = self.filter(state=Job.State.LEASED, leased_until__lt=timezone.now())
        worn = expired.filter(attempts__gte=MAX_ATTEMPTS).update(
            state=Job.State.FAILED,
            lease_token=None,
            leased_until=None,
            error_class="worker lost",
            error="The worker stopped each time this job was tried. Retry it, or look at the worker's log.",
        )
        return worn + expired.update(state=Job.State.READY, lease_token=None, leased_until=None)


class Job(models.Model):
    """One piece of work that is owed, finished or failed."""

    class State(models.TextChoices):
        """Where a job stands."""

        READY = "ready"
        LEASED = "leased"
        DONE = "done"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    key = models.CharField(
        max_length=200, unique=True, help_text="Idempotency key: one piece of work, one row."
    )
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease_token = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    error_class = models.CharField(max_length=80, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "id"], condition=Q(state="ready"), name="job_ready"),
            models.Index(fields=["leased_until"], condition=Q(state="leased"), name="job_leased"),
            models.Index(fields=["lease_token"], condition=Q(state="leased"), name="job_token"),
            models.Index(fields=["state", "-id"], name="job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} ({self.state})"

    def complete(self, token: uuid.UUID) -> None:
        """Mark as done; call it in the transaction that stores the result.

        Raises:
            LeaseLostError: another worker holds the job now, so that transaction must roll back.
        """
        self._close(token, state=Job.State.DONE, finished_at=timezone.now(), error_class="", error="")

    def fail(self, token: uuid.UUID, *, error_class: str, error: str, is_final: bool = False) -> None:
        """Note what went wrong and try again later, at growing distances, or give up after six attempts."""
        if is_final or self.attempts >= MAX_ATTEMPTS:
            self._close(
                token,
                state=Job.State.FAILED,
                finished_at=timezone.now(),
                error_class=error_class,
                error=error,
            )
            return
        wait_s = min(RETRY_BASE_S * 4 ** (self.attempts - 1), RETRY_CEILING_S)
        not_before = timezone.now() + dt.timedelta(seconds=wait_s)
        self._close(token, state=Job.State.READY, not_before=not_before, error_class=error_class, error=error)

    def put_off(self, token: uuid.UUID, *, not_before: dt.datetime) -> None:
        """Give the job back until its turn comes; this does not count as an attempt."""
        self._close(token, state=Job.State.READY, not_before=not_before, attempts=max(self.attempts - 1, 0))

    def _close(self, token: uuid.UUID, **changes: object) -> None:
        mine = Job.objects.filter(pk=self.pk, lease_token=token, state=Job.State.LEASED)
        if mine.update(lease_token=None, leased_until=None, **changes) != 1:
            msg = f"job {self.pk} ({self.kind}) was taken over by another worker"
            raise LeaseLostError(msg)


def owe(
    kind: str, subject_ids: Iterable[int], *, version: str = "", not_before: dt.datetime | None = None
) -> None:
    """Write down that work of `kind` is owed for each subject; the same piece of work is written once.

    Call it in the transaction that stores the data which causes the work.

    Args:
        kind: name of a step.
        subject_ids: primary keys of what the step works on.
        version: tells two pieces of work on the same subject apart.
        not_before: earliest start, now by default.
    """
    when = not_before or timezone.now()
    subjects = list(subject_ids)
    if not subjects:
        return
    keys = [f"{kind}:{pk}:{version}"[:200] for pk in subjects]
    n = len(subjects)
    columns: dict[str, Sequence[object]] = {
        "kind": [kind] * n,
        "subject_id": subjects,
        "key": keys,
        "not_before": [when] * n,
    }
    insert_columns(Job, columns, n)
