"""What a terminal shows while the product works: sources asked, articles, entries, and what failed and why."""

from __future__ import annotations

from django.core.management.base import OutputWrapper
from django.db.models import Q

from tracker.models import Article, Endpoint, Entry, Job
from tracker.records import Outcome

FAILURES = [outcome.value for outcome in Outcome if outcome.is_failure]


class Progress:
    """Prints one line when something changed, and each failing source once."""

    def __init__(self, out: OutputWrapper, *, is_terminal: bool) -> None:
        self._out = out
        self._is_terminal = is_terminal
        self._last = ""
        self._told: dict[int, str] = {}

    def show(self) -> bool:
        """Print what changed since the last look; return whether nothing is owed now."""
        self._show_failures()
        owed = Job.objects.filter(Q(state=Job.State.READY) | Q(state=Job.State.LEASED))
        n_owed = owed.count()
        enabled = Endpoint.objects.enabled()
        line = (
            f"{enabled.exclude(last_attempt_at=None).count()} of {enabled.count()} feeds asked, "
            f"{Article.objects.exclude(text_from=Article.Text.CITED).count()} articles "
            f"({Article.objects.public().exclude(text_from=Article.Text.CITED).count()} on the subject), "
            f"{Entry.objects.public().count()} entries on the timeline, {n_owed} jobs to do"
        )
        if line != self._last:
            self._out.write(
                f"\r\033[K{line}" if self._is_terminal else line, ending="" if self._is_terminal else "\n"
            )
            self._out.flush()
            self._last = line
        return n_owed == 0

    def _show_failures(self) -> None:
        failing = Endpoint.objects.enabled().filter(last_outcome__in=FAILURES).select_related("source")
        for endpoint in failing:
            if self._told.get(endpoint.pk) != endpoint.last_outcome:
                self._told[endpoint.pk] = endpoint.last_outcome
                start = "\r\033[K" if self._is_terminal else ""
                self._out.write(
                    f"{start}Not reached: {endpoint.source.name} ({endpoint.last_outcome}). {endpoint.last_reason}"
                )
