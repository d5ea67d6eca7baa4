"""The table a replay prints: per group of captures what came in, what was kept, and what was refused and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.management.replay.capture import Captures
from tracker.management.replay.run import Run
from tracker.models import Article, FetchAttempt, Job
from tracker.records import Outcome


@dataclass(slots=True)
class Row:
    """The counts of one group."""

    n_files: int = 0
    n_items: int = 0
    n_stored: int = 0
    n_unchanged: int = 0
    n_changed: int = 0
    n_refused: int = 0


def rows(run: Run, captures: Captures) -> dict[str, Row]:
    """Count what this run did, by group of captures."""
    found: dict[str, Row] = defaultdict(Row)
    for feed in captures.feeds:
        found[feed.group].n_files += len(feed.files)
    found["captured pages"].n_files += len(captures.pages)
    for unplayed in captures.unplayed:
        found[unplayed.group].n_files += 1
    changed = _changed(run)
    for attempt in FetchAttempt.objects.filter(at__gte=run.started_at, endpoint_id__in=list(run.groups)):
        row = found[run.groups[attempt.endpoint_id]]
        row.n_items += attempt.n_items + attempt.n_refused
        row.n_stored += attempt.n_new
        row.n_refused += attempt.n_refused
        row.n_unchanged += attempt.n_items - attempt.n_new
    for endpoint_id, n_changed in changed.items():
        if endpoint_id in run.groups:
            found[run.groups[endpoint_id]].n_changed += n_changed
            found[run.groups[endpoint_id]].n_unchanged -= n_changed
    return dict(sorted(found.items()))


def _changed(run: Run) -> Mapping[int, int]:
    """Return per endpoint how many known items said something new."""
    again = Job.objects.filter(kind="read", key__contains=":feed:", created_at__gte=run.started_at)
    endpoints = dict(
        Article.objects.filter(pk__in=again.values("subject_id")).values_list("pk", "endpoint_id")
    )
    return Counter(endpoints.get(pk) or 0 for pk in again.values_list("subject_id", flat=True))


def refusals(run: Run, captures: Captures) -> Counter[str]:
    """Count reasons: items refused, listings that cannot be read, files that are neither feed nor page."""
    reasons: Counter[str] = Counter(unplayed.reason for unplayed in captures.unplayed)
    for attempt in FetchAttempt.objects.filter(at__gte=run.started_at, endpoint_id__in=list(run.groups)):
        for refusal in attempt.refusals:
            reasons[f"item: {refusal['reason']}"] += 1
        if Outcome(attempt.outcome).is_failure or attempt.outcome == Outcome.EMPTY:
            reasons[f"listing: {attempt.outcome}: {attempt.reason}"] += 1
    pages = Article.objects.filter(endpoint_id__in=list(run.groups), first_seen_at__gte=run.started_at)
    for outcome in pages.exclude(read_outcome="ok").values_list("read_outcome", flat=True):
        reasons[f"page: {outcome or 'not read'} (kept from feed text)"] += 1
    return reasons


def exceptions(run: Run) -> list[str]:
    """Return one line per job that broke in this run."""
    broken = (
        Job.objects.filter(started_at__gte=run.started_at)
        .exclude(error_class="")
        .exclude(state=Job.State.DONE)
    )
    return [f"{job.kind} {job.subject_id}: {job.error_class}: {job.error}" for job in broken[:50]]


def text(run: Run, captures: Captures) -> str:
    """Return the whole table as text."""
    lines = [
        f"{'captures':<44}{'files':>7}{'items':>8}{'stored':>8}{'unchanged':>11}{'changed':>9}{'refused':>9}"
    ]
    total = Row()
    for name, row in rows(run, captures).items():
        lines.append(_line(name, row))
        for field in Row.__slots__:
            setattr(total, field, getattr(total, field) + getattr(row, field))
    lines += [_line("total", total), ""]
    for reason, count in refusals(run, captures).most_common():
        lines.append(f"{count:>7}  {reason}")
    return "\n".join(lines)


def _line(name: str, row: Row) -> str:
    return (
        f"{name[:43]:<44}{row.n_files:>7}{row.n_items:>8}{row.n_stored:>8}{row.n_unchanged:>11}"
        f"{row.n_changed:>9}{row.n_refused:>9}"
    )
