"""`manage.py evaluate KIND`: quality against known answers, and whether it stays above its floors."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from tracker.management.evaluate import floors as floors_of
from tracker.management.evaluate.kinds import KINDS, Asked


class Command(BaseCommand):
    """Measure one kind and print its tables."""

    help = "Measure quality against known answers; prints tables. Exit 1 when --floors finds a figure below its floor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        baseline = Path(settings.BASE_DIR) / "benchmarks" / "quality" / "baseline.json"
        parser.add_argument("kind", help=f"What to measure: {', '.join(KINDS.names())}.")
        parser.add_argument("--corpus", type=Path, help="Folder with a manifest.json of captured material.")
        parser.add_argument(
            "--half", choices=("a", "b", "tune", "test"), default="", help="One half of the material."
        )
        parser.add_argument(
            "--set", action="append", default=[], help="Only the set of this name; may be repeated."
        )
        parser.add_argument("--errors", action="store_true", help="Print the errors of the frozen half too.")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Write the figures into this file too.")
        parser.add_argument("--floors", action="store_true", help="Fail when a figure is below its floor.")
        parser.add_argument("--raise-floors", action="store_true", help="Lift the floors to these figures.")
        parser.add_argument("--baseline", type=Path, default=baseline, help="File of the floors.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Measure, print, and check or raise the floors."""
        kind, baseline = options["kind"], options["baseline"]
        if kind not in KINDS.names():
            msg = f"There is no kind '{kind}'. There are: {', '.join(KINDS.names())}."
            raise CommandError(msg)
        report = KINDS.get(kind)(
            Asked(options["corpus"], options["half"], tuple(options["set"]), options["errors"])
        )
        self.stdout.write(report.text())
        if options["json"]:
            figures = {
                "kind": kind,
                "figures": report.figures,
                "shares": report.shares,
                "notes": report.notes,
                "errors": report.errors,
            }
            options["json"].write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", "utf-8")
        known = floors_of.read_floors(baseline, kind)
        if options["floors"]:
            self._check(floors_of.below(report, known), known, baseline)
        if options["raise_floors"]:
            floors_of.write_floors(baseline, kind, floors_of.raised(report, known, report.floored))
            self.stdout.write(f"The floors in {baseline} are at these figures now where these are higher.")

    def _check(self, found: list[str], known: floors_of.Floors, baseline: Path) -> None:
        if not known:
            msg = f"There are no floors in {baseline}. Run with --raise-floors first."
            raise CommandError(msg)
        if found:
            msg = "Below the floor:\n  " + "\n  ".join(found)
            raise CommandError(msg)
        self.stdout.write("\nEvery figure measured is at or above its floor.")
