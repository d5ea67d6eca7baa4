"""Writes the sources to a file, or takes over those of one: our own YAML and OPML, and the OPML of other readers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from tracker.starter.transfer.as_opml import write_opml
from tracker.starter.transfer.as_yaml import write_yaml
from tracker.starter.transfer.facts import TransferError, stored_sources
from tracker.starter.transfer.take_over import compare, read_file, take_over

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

WRITERS = {"yaml": write_yaml, "opml": write_opml}
ENDINGS = {".opml": "opml", ".xml": "opml"}


class Command(BaseCommand):
    """`manage.py sources --export FILE | --import FILE`."""

    help = "Export the sources as YAML or OPML, or take over those of a file; --preview says first what would change."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the two things to do, and how."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--export", metavar="FILE", help="write every source to FILE; - is the terminal")
        what.add_argument(
            "--import", metavar="FILE", dest="take", help="take over the sources of FILE; - reads the input"
        )
        parser.add_argument(
            "--format", choices=sorted(WRITERS), help="of the export; by the file's ending by default"
        )
        parser.add_argument("--preview", action="store_true", help="only say what the import would change")
        parser.add_argument(
            "--update", action="store_true", help="also change what is here already and differs from the file"
        )

    def handle(self, *_args: object, **options: Any) -> None:
        """Write or read."""
        if options["export"] is not None:
            if options["preview"] or options["update"]:
                msg = "--preview and --update belong to --import. Leave them out of an export."
                raise CommandError(msg)
            self._export(options["export"], options["format"])
        else:
            self._import(options["take"], is_preview=options["preview"], update=options["update"])

    def _export(self, target: str, format_name: str | None) -> None:
        name = format_name or ENDINGS.get(Path(target).suffix.lower(), "yaml")
        sources = stored_sources()
        text = WRITERS[name](sources)
        if target == "-":
            self.stdout.write(text, ending="")
            return
        try:
            Path(target).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            msg = f"'{target}' cannot be written ({error.strerror}). Choose another file."
            raise CommandError(msg) from error
        n = sum(len(source.endpoints) for source in sources)
        self.stdout.write(f"{len(sources)} sources with {n} endpoints were written to {target}.")

    def _import(self, target: str, *, is_preview: bool, update: bool) -> None:
        try:
            raw = sys.stdin.buffer.read() if target == "-" else Path(target).read_bytes()
        except OSError as error:
            msg = f"'{target}' cannot be read ({error.strerror}). Give the path of a file."
            raise CommandError(msg) from error
        try:
            sources = read_file(raw)
        except TransferError as error:
            msg = f"{target}: {error}"
            raise CommandError(msg) from error
        report = (
            compare(sources)
            if is_preview
            else take_over(sources, update=update, reason=f"taken over from {target}")
        )
        for line in report.words():
            self.stdout.write(line)
        self.stdout.write("Nothing was changed: this was a preview." if is_preview else "Done.")
