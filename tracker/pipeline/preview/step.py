"""The step 'preview': look at what somebody thinks of adding, and store what was found in the Preview row alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from django.utils import timezone

from tracker.models import Article, Endpoint, Job, Preview, article_key
from tracker.models.preview_result import PreviewResult
from tracker.pipeline.door import door, side_by_side
from tracker.pipeline.preview.choices import GENERAL
from tracker.pipeline.preview.look import Look, Wait, Wanted, look_at
from tracker.pipeline.preview.visits import Visits
from tracker.pipeline.step import Done, Later, Result, Step, nothing
from tracker.text.urls import origin_of

BATCH = 2
MOST_WAIT_S = 900.0
_GENERAL = {name for names in GENERAL.values() for name in names} | {"html_list", "page_watch"}


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Look at the addresses side by side; a preview that has its result already is left as it is."""
    previews = Preview.objects.select_related("endpoint").in_bulk([job.subject_id for job in jobs])
    waiting = []
    for job in jobs:
        preview = previews.get(job.subject_id)
        if preview is None or preview.state == Preview.State.DONE:
            yield Done(job, nothing)
        else:
            waiting.append((job, preview, _wanted(preview)))
    for (job, preview, _), found in side_by_side(_look, waiting, most=BATCH):
        yield _settled(job, preview, found)


def _wanted(preview: Preview) -> Wanted:
    earlier = PreviewResult.read(preview.result)
    return Wanted(
        url=preview.url,
        kind=preview.kind,
        options=preview.options,
        host_kinds=_host_kinds(preview.url),
        choices=earlier.choices,
    )


def _host_kinds(url: str) -> tuple[str, ...]:
    """Return the special kinds with which other addresses of this host are read already."""
    same = Endpoint.objects.filter(url__startswith=f"{origin_of(url)}/").exclude(kind__in=_GENERAL)
    return tuple(same.order_by("kind").values_list("kind", flat=True).distinct()[:3])


def _look(waiting: tuple[Job, Preview, Wanted]) -> Look | Wait:
    return look_at(waiting[2], Visits(door()), timezone.now())


def _settled(job: Job, preview: Preview, found: Look | Wait) -> Result:
    if isinstance(found, Wait):
        until = timezone.now() + dt.timedelta(seconds=min(found.seconds, MOST_WAIT_S))
        # told at once, so that the page can say why it waits
        told = preview.result | {"reason": found.reason}
        Preview.objects.filter(pk=preview.pk, state=Preview.State.WAITING).update(result=told)
        return Later(job, until)
    return Done(job, partial(_store, preview, with_known(found, preview)))


def with_known(look: Look, preview: Preview) -> PreviewResult:
    """Return the result with the items that we hold already counted, and marked where they are shown."""
    source_id = preview.endpoint.source_id if preview.endpoint else None
    keys = [
        article_key(item.url, source_id=source_id, item_id=item.source_item_id)
        for item in look.items
        if item.url or source_id is not None
    ]
    held = dict(Article.objects.filter(key__in=keys).values_list("key", "public_id"))
    shown = tuple(
        replace(item, known_as=held.get(article_key(item.url), "")) if item.url else item
        for item in look.result.items
    )
    return replace(look.result, items=shown, n_known=len(held))


def _store(preview: Preview, found: PreviewResult) -> None:
    Preview.objects.filter(pk=preview.pk).update(state=Preview.State.DONE, result=found.as_json())


PREVIEW = Step(kind="preview", queue="fetch", batch=BATCH, run=run)
