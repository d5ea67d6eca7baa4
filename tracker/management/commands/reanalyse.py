"""`manage.py reanalyse`: owe the analysis of texts that an earlier version of the language stage read."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import F
from django.db.models.query import QuerySet
from django.utils import timezone

from tracker.models import Job, Revision, owe
from tracker.pipeline.gazetteer import analyser

MOST = 2_000
AT_ONCE = 500


class Command(BaseCommand):
    """Owe analyses, the newest texts first and so many at most, so that new articles do not wait behind old ones."""

    help = (
        "Have texts analysed again that an earlier version of the language stage read, the newest first. "
        "The workers do it; asked again, it goes on with what is left."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--most", type=int, default=MOST, help=f"Texts at most, {MOST} by default.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Owe the analyses and print how many texts are left."""
        waiting = outdated(analyser().version)
        ids = list(waiting.order_by("-pk").values_list("pk", flat=True)[: max(0, options["most"])])
        n_left = waiting.count() - len(ids)
        version = f"again {timezone.now().isoformat()}"
        for first in range(0, len(ids), AT_ONCE):
            owe("analyse", ids[first : first + AT_ONCE], version=version)
        self.stdout.write(
            f"{len(ids)} texts will be analysed again; {n_left} more are older than this version."
        )


def outdated(version: str) -> QuerySet[Revision]:
    """Return the latest revisions that another language stage read than the one of `version`.

    Changed names and thresholds, which are in a version too, are followed by jobs of their own and do not count here.
    Texts that were hidden, or whose analysis is owed already, are left out.
    """
    model, _names, steps, *_ = version.split(" ")
    is_open = Job.objects.filter(kind="analyse", state__in=[Job.State.READY, Job.State.LEASED])
    latest = Revision.objects.filter(article__latest=F("pk"), redacted_at=None).exclude(analysed_by="")
    return latest.exclude(analysed_by__startswith=f"{model} ", analysed_by__contains=f" {steps} ").exclude(
        pk__in=is_open.values("subject_id")
    )
