"""Celery tasks: three lines around `jobs`. A message says only 'there is work of this kind'."""

from __future__ import annotations

from collections.abc import Iterable

from tracker import jobs
from tracker.celery import app
from tracker.pipeline.road import STEPS


@app.task(name="work", ignore_result=True)
def work(kind: str) -> dict[str, int]:
    """Do what is owed of `kind` for a while, and ring for what is owed then."""
    counts = jobs.work_on(kind)
    if counts["leased"]:
        ring(jobs.waiting())
    return counts


@app.task(name="sweep", ignore_result=True)
def sweep() -> list[str]:
    """Look for owed work and ring for it; return the kinds that were waiting."""
    waiting = jobs.sweep()
    ring(waiting)
    return waiting


def ring(kinds: Iterable[str]) -> None:
    """Send the message that there is work of these kinds; it is worth nothing after a few seconds."""
    for kind in kinds:
        work.apply_async((kind,), queue=STEPS[kind].queue, expires=10)
