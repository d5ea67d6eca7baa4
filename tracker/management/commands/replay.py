"""`manage.py replay FOLDER`: captured feeds and pages through the real road."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from tracker.management import processes
from tracker.management.replay import run as replay
from tracker.management.replay import table
from tracker.management.replay.capture import find_captures
from tracker.management.replay.server import ReplayServer


class Command(BaseCommand):
    """Play captures with a real worker and say what became of them."""

    help = "Play captured feeds and pages through the whole pipeline; prints a table. Exit 1 only after an exception."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "folder", nargs="?", type=Path, help="Folder of captures; a manifest.json is optional."
        )
        parser.add_argument(
            "--kills", type=int, default=0, help="Kill the worker this many times at random moments."
        )
        parser.add_argument(
            "--workers", type=int, default=1, help="How many workers; more than one needs a real broker."
        )
        parser.add_argument("--worker-for-port", type=int, help=argparse.SUPPRESS)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play the folder, or serve as its worker."""
        if options["worker_for_port"]:
            replay.serve_worker(options["worker_for_port"])
            return
        folder = options["folder"]
        if folder is None or not folder.is_dir():
            msg = f"There is no folder {folder}. Name the folder that holds the captures."
            raise CommandError(msg)
        settings.ENV.data_dir.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        processes.make_bell_folder()
        captures = find_captures(folder)
        n_files = sum(len(feed.files) for feed in captures.feeds)
        self.stdout.write(
            f"{len(captures.feeds)} feeds with {n_files} captures, {len(captures.pages)} pages, "
            f"{len(captures.unplayed)} other files."
        )
        server = ReplayServer(captures.feeds, captures.pages)
        try:
            run = replay.register(captures, server)
            replay.play(
                run,
                captures,
                server,
                n_workers=options["workers"],
                n_kills=options["kills"],
                tell=self.stdout.write,
            )
        finally:
            server.close()
        self.report(run, captures)

    def report(self, run: replay.Run, captures: Any) -> None:
        """Print the table and fail if anything broke."""
        self.stdout.write(table.text(run, captures))
        broken = table.exceptions(run)
        n_crashes = run.n_restarts - run.n_kills
        self.stdout.write(
            f"\n{len(broken)} exceptions, {run.n_kills} kills, {max(n_crashes, 0)} crashes of the worker"
        )
        for line in broken:
            self.stderr.write(line)
        if broken or n_crashes > 0:
            msg = "Something broke; the lines above say where."
            raise CommandError(msg)
