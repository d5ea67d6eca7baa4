"""`manage.py backfill KIND --from DAY --to DAY`: collect a past range; `backfill cited`: read cited addresses."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db.models import Count as CountOf
from django.db.models import Sum
from django.utils import timezone

from tracker.management import cited
from tracker.management.watch import Count, Watch
from tracker.models import Backfill, BackfillSlice, Endpoint
from tracker.pipeline.backfill import BackfillError, has_past, owe_slices, plan_backfill
from tracker.pipeline.cite import cited_and_read, owe_checks, owe_reading
from tracker.sources.kind import KINDS

CITED = "cited"
MAX_YEARS = 20
MOST_TOLD = 50


class Command(BaseCommand):
    """Collect what was published before the endpoint was polled, or read what landmark entries cite."""

    help = (
        "Collect a past range of an endpoint (federal_register, courtlistener ...), or read the cited addresses "
        "of landmark entries (cited). Asked again, it goes on where it stopped and adds nothing twice."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("kind", nargs="?", help="Kind of endpoint, or 'cited'.")
        parser.add_argument("--from", dest="first_day", metavar="YYYY-MM-DD", help="First day.")
        parser.add_argument("--to", dest="last_day", metavar="YYYY-MM-DD", help="Last day.")
        parser.add_argument(
            "--endpoint", metavar="ID|URL", help="One endpoint; else all enabled ones of the kind."
        )
        parser.add_argument(
            "--here", action="store_true", help="Do the work in this process, beside any workers."
        )
        parser.add_argument(
            "--no-wait", action="store_true", help="Write the plan and leave it to the workers."
        )
        parser.add_argument("--again", action="store_true", help="Try again what failed for good.")
        parser.add_argument(
            "--status", action="store_true", help="Show how far each backfill is; do nothing."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Plan, then show the work until it is done."""
        kind = options["kind"]
        if options["status"]:
            self.show_status(kind)
            return
        if not kind:
            msg = f"Name what to collect: {', '.join(_kinds_with_past())}, or cited."
            raise CommandError(msg)
        if kind == CITED:
            self.read_cited(options)
            return
        backfills = self.plan(kind, options)
        if options["no_wait"]:
            self.stdout.write("The workers ask them; `backfill --status` shows how far they are.")
            return
        ids = [each.pk for each in backfills]
        watch = Watch(self.stdout, [BackfillSlice.JOB], lambda: _count(ids))
        if not watch.until_done(is_working=options["here"]):
            n_left = _count(ids).n_waiting
            self.stdout.write(f"{n_left} slices are still owed: the workers go on, and so does this command.")
        self.tell_failures(ids)

    def plan(self, kind: str, options: dict[str, Any]) -> list[Backfill]:
        """Write down what has to be asked of each endpoint."""
        _check_kind(kind)
        first, last = _days(options["first_day"], options["last_day"])
        backfills, refused = [], []
        for endpoint in _endpoints(kind, options["endpoint"]):
            try:
                backfills.append(plan_backfill(endpoint, first, last))
            except BackfillError as error:
                refused.append(str(error))
        if not backfills:
            raise CommandError("\n".join(refused))
        for line in refused:
            self.stderr.write(line)
        for each in backfills:
            n_again = owe_slices(each, again=options["again"])
            n_open = (
                each.slices.open().count() - BackfillSlice.objects.filter(backfill=each).given_up().count()
            )
            again = f", {n_again} of them again" if n_again else ""
            self.stdout.write(f"{_name(each)}: {each.slices.count()} slices, {n_open} to ask{again}.")
        return backfills

    def read_cited(self, options: dict[str, Any]) -> None:
        """Have cited addresses read, and their evidence looked up in what they say."""
        if options["first_day"] or options["last_day"] or options["endpoint"]:
            msg = "Cited addresses take no --from, --to or --endpoint: `backfill cited` reads all of them."
            raise CommandError(msg)
        n_new = owe_reading(again=options["again"])
        owe_checks(cited_and_read())
        self.stdout.write(f"{n_new} pages to read that were not asked for before.")
        if options["no_wait"]:
            self.stdout.write("The workers read them; `backfill cited --status` shows how far they are.")
            return
        watch = Watch(self.stdout, cited.KINDS, cited.count)
        if not watch.until_done(is_working=options["here"]):
            n_left = cited.count().n_waiting
            self.stdout.write(f"{n_left} pages are still owed: the workers go on, and so does this command.")
        self.tell_cited()

    def tell_cited(self) -> None:
        """Say which addresses could not be read, and what a person should look at."""
        for line in (*cited.unread(), *cited.to_look_at()):
            self.stdout.write(line)

    def tell_failures(self, ids: Sequence[int]) -> None:
        """Say which days could not be had, why, and what to do."""
        failed = BackfillSlice.objects.filter(backfill__in=ids).given_up()
        rows = list(failed.select_related("backfill__endpoint__source").order_by("backfill", "first_day"))
        for part in rows[:MOST_TOLD]:
            days = f"{part.first_day} to {part.last_day}"
            self.stdout.write(f"{part.backfill.endpoint}, {days}: {part.outcome}. {part.reason}")
        if len(rows) > MOST_TOLD:
            self.stdout.write(
                f"... and {len(rows) - MOST_TOLD} more; the admin lists them under Backfill slices."
            )
        if rows:
            self.stdout.write("Add --again to have them tried once more.")

    def show_status(self, kind: str | None) -> None:
        """Print one line per backfill."""
        if kind == CITED:
            self.stdout.write(cited.count().line)
            self.tell_cited()
            return
        backfills = Backfill.objects.select_related("endpoint__source").order_by("pk")
        if kind:
            backfills = backfills.filter(endpoint__kind=kind)
        if not backfills.exists():
            self.stdout.write("Nothing was backfilled yet.")
        for each in backfills:
            self.stdout.write(f"{_name(each)}: {_count([each.pk]).line}")
        self.tell_failures([each.pk for each in backfills])


def _name(backfill: Backfill) -> str:
    return f"{backfill.endpoint}, {backfill.start} to {backfill.end}"


def _count(ids: Sequence[int]) -> Count:
    slices = BackfillSlice.objects.filter(backfill__in=ids)
    n, n_open, n_failed = slices.count(), slices.open().count(), slices.given_up().count()
    n_items = slices.aggregate(n=Sum("n_items"))["n"] or 0
    n_new = slices.aggregate(n=CountOf("articles"))["n"]
    failed = f", {n_failed} failed" if n_failed else ""
    line = f"{n - n_open} of {n} slices asked, {n_items} items, {n_new} new{failed}"
    return Count(line, n_open - n_failed)


def _kinds_with_past() -> list[str]:
    return [name for name in KINDS.names() if has_past(name)]


def _check_kind(kind: str) -> None:
    kinds = ", ".join(_kinds_with_past())
    if kind not in KINDS.names():
        msg = f"There is no kind of endpoint called '{kind}'. Name one that has a past: {kinds}; or cited."
        raise CommandError(msg)
    if not has_past(kind):
        msg = f"Endpoints of the kind '{kind}' cannot be asked for the past. These can: {kinds}."
        raise CommandError(msg)


def _days(first: str | None, last: str | None) -> tuple[dt.date, dt.date]:
    start, end = _day(first, "--from"), _day(last, "--to")
    if start > end:
        msg = f"{start} is after {end}. Give the first day with --from and the last with --to."
        raise CommandError(msg)
    if end > timezone.now().date():
        msg = f"{end} is in the future. Give --to a day up to today (UTC)."
        raise CommandError(msg)
    if end.year - start.year > MAX_YEARS or (end - start).days > MAX_YEARS * 366:
        msg = f"{start} to {end} is more than {MAX_YEARS} years. Ask for a shorter range."
        raise CommandError(msg)
    return start, end


def _day(text: str | None, option: str) -> dt.date:
    if not text:
        msg = f"Give {option} a day, as {option} 2026-01-31."
        raise CommandError(msg)
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError as error:
        msg = f"'{text[:40]}' ({option}) is no day. Write it as YYYY-MM-DD."
        raise CommandError(msg) from error


def _endpoints(kind: str, chosen: str | None) -> list[Endpoint]:
    rows = Endpoint.objects.select_related("source").order_by("pk")
    if chosen:
        return [_chosen(rows.filter(**_condition(chosen)).first(), kind, chosen)]
    enabled = list(rows.enabled().filter(kind=kind))
    if enabled:
        return enabled
    off = rows.filter(kind=kind).first()
    if off is not None:
        msg = f"All endpoints of the kind '{kind}' are switched off. Name one, as --endpoint {off.pk}, or switch it on."
        raise CommandError(msg)
    msg = f"There is no endpoint of the kind '{kind}'. Add one in the admin first."
    raise CommandError(msg)


def _condition(chosen: str) -> dict[str, Any]:
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < len(str(2**63))
    return {"pk": int(chosen)} if is_number else {"url": chosen}


def _chosen(endpoint: Endpoint | None, kind: str, chosen: str) -> Endpoint:
    if endpoint is None:
        msg = f"There is no endpoint {chosen[:200]}. Give its number in the admin, or its address as stored."
        raise CommandError(msg)
    if endpoint.kind != kind:
        msg = f"Endpoint {endpoint.pk} is of the kind '{endpoint.kind}', not '{kind}'."
        raise CommandError(msg)
    return endpoint
