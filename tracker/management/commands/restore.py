"""`manage.py restore FILE`: a backup into an empty install, or over one."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import OperationalError

from tracker.management.backup.manifest import BackupError
from tracker.management.backup.restore import restore_backup
from tracker.management.ticker import Ticker


class Command(BaseCommand):
    """Restore a backup."""

    help = (
        "Restore a backup into the database and the archive of the settings. Stop the product first. "
        "A damaged backup changes nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the file and the consent."""
        parser.add_argument("file", type=Path, help="The file that `manage.py backup` wrote.")
        parser.add_argument(
            "--replace", action="store_true", help="Delete every row that is in the database now."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, restore, index, and say what came back."""
        began = time.monotonic()
        settings.ENV.data_dir.mkdir(parents=True, exist_ok=True)
        ticker = Ticker(self.stderr, "members and rows done")

        def tell(sentence: str) -> None:
            ticker.clear()
            self.stdout.write(sentence)

        try:
            manifest = restore_backup(
                options["file"],
                settings.ENV.archive_dir,
                is_replace=options["replace"],
                tell=tell,
                step=ticker.tick,
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            msg = f"The database cannot be reached or is in use ({error}). Stop the product and try again."
            raise CommandError(msg) from error
        finally:
            ticker.clear()
        n_rows = sum(table.n_rows for table in manifest.tables)
        self.stdout.write(
            f"Restored the backup of {manifest.made_at} ({manifest.product}, {manifest.database}): {n_rows:,} rows, "
            f"{manifest.archive.n_files:,} archived files, in {time.monotonic() - began:.1f} s. Everybody has to "
            "sign in again."
        )
        if manifest.archive.n_missing:
            self.stderr.write(
                f"{manifest.archive.n_missing:,} archived files that rows name were missing when the backup was made."
            )
