"""`manage.py up`: everything in one terminal - database, starter pack, web, worker, scheduler, progress."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from tracker.management import processes
from tracker.management.progress import Progress
from tracker.models import Endpoint, Source
from tracker.models.first_admin import first_admin_token, has_admin

LOOK_EVERY_S = 1.0


class Command(BaseCommand):
    """Run the whole product on this machine."""

    help = "Migrate, load the starter pack, and run web, worker and scheduler with readable progress."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--address", default="127.0.0.1", help="Address to listen on.")
        parser.add_argument("--port", type=int, default=8000, help="Port of the web pages.")
        parser.add_argument("--demo", action="store_true", help="Read the invented sample newsroom instead.")
        parser.add_argument(
            "--until-idle",
            action="store_true",
            help="Stop when nothing is owed any more (for tests and measuring).",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prepare, start, show progress until interrupted."""
        began = time.monotonic()
        _refuse_taken_port(options["address"], options["port"])
        self.prepare()
        newsroom = self.open_newsroom() if options["demo"] else None
        if newsroom is None:
            self.load_starter_pack()
        supervisor = processes.Supervisor(
            [
                processes.web_program(options["address"], options["port"]),
                processes.worker_program(),
                processes.beat_program(),
            ]
        )
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            supervisor.start()
            _wait_for_port(options["address"], options["port"])
            self.greet(options["port"], seconds=time.monotonic() - began)
            self.watch(supervisor, is_until_idle=options["until_idle"])
        except KeyboardInterrupt:
            self.stdout.write("\nStopping.")
        finally:
            supervisor.stop()
            if newsroom is not None:
                newsroom.close()

    def prepare(self) -> None:
        """Bring database and static files up to date; quick when they are."""
        settings.ENV.data_dir.mkdir(parents=True, exist_ok=True)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database.")
            call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        processes.make_bell_folder()

    def load_starter_pack(self) -> None:
        """Load the starter pack into a database that has no source yet."""
        if not Source.objects.exists():
            self.stdout.write("Loading the starter pack: sources, names, techniques and landmark entries.")
            call_command("starter", "--install", verbosity=0)

    def open_newsroom(self) -> Any:
        """Serve the sample newsroom on loopback and load its sources and names."""
        from tracker.starter.newsroom.server import serve  # noqa: PLC0415 - only the demo needs it

        if not settings.TRACKER_SAMPLE or not settings.ENV.fetch_loopback:
            msg = (
                "The demo needs TRACKER_SAMPLE=true and TRACKER_FETCH_LOOPBACK=127.0.0.1:PORT, "
                "so that nothing invented mixes with real data. Start it with: make demo"
            )
            raise CommandError(msg)
        host, _, port = settings.ENV.fetch_loopback[0].rpartition(":")
        _refuse_taken_port(host, int(port), hint="Set TRACKER_FETCH_LOOPBACK=127.0.0.1:PORT to another one.")
        newsroom = serve(int(port))
        self.stdout.write(
            f"The sample newsroom answers at http://{host}:{port}/ (everything in it is invented)."
        )
        call_command("starter", "--sample", f"http://{host}:{port}", verbosity=0)
        return newsroom

    def greet(self, port: int, *, seconds: float) -> None:
        """Say where the product is and how to become its admin."""
        self.stdout.write(self.style.SUCCESS(f"\n{settings.TRACKER_SITE_NAME} is at http://localhost:{port}"))
        self.stdout.write(f"Started in {seconds:.1f} s. Stop with Ctrl-C.")
        if not has_admin():
            link = f"http://localhost:{port}{reverse('web:first_admin', args=[first_admin_token()])}"
            self.stdout.write(f"Make the first admin with this one-time link: {link}")
        self.stdout.write("")

    def watch(self, supervisor: processes.Supervisor, *, is_until_idle: bool) -> None:
        """Show progress and keep the programs alive until interrupted, or until nothing is owed."""
        progress = Progress(self.stdout, is_terminal=sys.stdout.isatty())
        while True:
            time.sleep(LOOK_EVERY_S)
            for name in supervisor.revive():
                self.stdout.write(f"The {name} had stopped and was started again; nothing is lost.")
            try:
                is_idle = progress.show()
            except DatabaseError:
                # a database that restarts takes nothing down: web and worker recover, and so does this display
                connection.close()
                continue
            if (
                is_until_idle
                and is_idle
                and not Endpoint.objects.enabled().filter(last_attempt_at=None).exists()
            ):
                return


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _refuse_taken_port(address: str, port: int, *, hint: str = "Choose another: up --port 8010") -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            msg = f"Port {port} on {address} cannot be used ({error.strerror}). {hint}"
            raise CommandError(msg) from error


def _wait_for_port(address: str, port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    msg = "The web server did not start within a minute; its messages stand above."
    raise CommandError(msg)
