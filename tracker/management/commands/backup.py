"""`manage.py backup [FILE]`: database and archive into one file, while the product may run on."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from tracker.management.backup import state
from tracker.management.backup.manifest import BackupError
from tracker.management.backup.pack import write_backup
from tracker.management.ticker import Ticker


class Command(BaseCommand):
    """Write a backup."""

    help = "Write database and archive into one file. The product may run meanwhile."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="The file to write; by default backups/retort-DAY-TIME.tar in the data folder.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it and say what is in it, and what is not."""
        began = time.monotonic()
        file: Path = options["file"] or _default_file()
        ticker = Ticker(self.stderr, "rows and files written")
        try:
            if not state.has_tables():
                msg = "There is no database to back up yet. Start the product once: make run"
                raise CommandError(msg)
            manifest = write_backup(file, settings.ENV.archive_dir, tell=self.tell, step=ticker.tick)
        except BackupError as error:
            raise CommandError(str(error)) from error
        finally:
            ticker.clear()
        n_rows = sum(table.n_rows for table in manifest.tables)
        self.stdout.write(
            f"{file}: {filesizeformat(file.stat().st_size)}, {n_rows:,} rows of {len(manifest.tables)} tables, "
            f"{manifest.archive.n_files:,} archived files, in {time.monotonic() - began:.1f} s."
        )
        self.stdout.write(
            "Users with their password hashes are in it: keep it as you keep the database. The secret key, sessions "
            "and one-time links are not."
        )
        if manifest.archive.n_missing:
            self.tell(
                f"{manifest.archive.n_missing:,} files that rows name are not in it, because the archive does not "
                "hold them in order. `manage.py archive verify` names them."
            )

    def tell(self, sentence: str) -> None:
        """Say what a person should know."""
        self.stderr.write(sentence)


def _default_file() -> Path:
    folder: Path = settings.ENV.data_dir / "backups"
    return folder / f"retort-{timezone.now():%Y%m%d-%H%M%S}.tar"
