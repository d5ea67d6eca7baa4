"""Shows what the starter pack would add, or adds it; also loads the sample newsroom's names and feeds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from tracker.errors import StarterDataError
from tracker.starter import newsroom
from tracker.starter.load import install, plan
from tracker.starter.read import DATA, read_pack

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

SAMPLE = Path(newsroom.__file__).parent


class Command(BaseCommand):
    """`manage.py starter --preview | --install | --sample URL`."""

    help = "Preview or install the starter pack. Installing again changes nothing and undoes nobody's edits."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the three things to do."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--preview", action="store_true", help="say what would be added; change nothing")
        what.add_argument("--install", action="store_true", help="add what is missing")
        what.add_argument(
            "--sample", metavar="URL", help="add the sample newsroom that runs at URL (http://127.0.0.1:PORT)"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Read the files, then preview or load."""
        sample = options["sample"]
        try:
            pack = read_pack(SAMPLE if sample else DATA)
        except StarterDataError as error:
            raise CommandError(str(error)) from error
        if options["preview"]:
            preview, verb = plan(pack), "would be added"
        else:
            preview, verb = install(pack, base_url=(sample or "").rstrip("/")), "added"
        if options["verbosity"] > 0:
            for line in preview.lines():
                self.stdout.write(line)
            self.stdout.write(f"Starter pack {preview.version}: {preview.n_added} rows {verb}.")
