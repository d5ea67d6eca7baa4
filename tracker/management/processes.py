"""Starts the programs the product is made of, restarts one that dies, and takes them all down together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings

# a container runs as root; the messages are JSON, so the warning about pickled ones does not apply
QUIET_AS_ROOT = "ignore:You're running the worker"
QUEUES = "fetch,read,analyse"
RESTART_PAUSE_S = 1.0
STOP_PATIENCE_S = 8.0
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Program:
    """One program to keep running."""

    name: str
    argv: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    n_restarts: int = 0

    def is_running(self) -> bool:
        """Whether the program lives."""
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Supervisor:
    """Keeps a set of programs alive."""

    programs: list[Program] = field(default_factory=list)

    def start(self) -> None:
        """Start every program."""
        for program in self.programs:
            _launch(program)

    def revive(self) -> list[str]:
        """Start the programs that died again; return their names."""
        dead = [program for program in self.programs if not program.is_running()]
        for program in dead:
            time.sleep(max(0.0, RESTART_PAUSE_S - (time.monotonic() - program.started_at)))
            program.n_restarts += 1
            _launch(program)
        return [program.name for program in dead]

    def stop(self) -> None:
        """Ask every program to end, and end those that do not."""
        running = [program.process for program in self.programs if program.process and program.is_running()]
        for process in running:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + STOP_PATIENCE_S
        for process in running:
            try:
                process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def web_program(address: str, port: int) -> Program:
    """Return the web server."""
    argv = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "tracker.wsgi:application",
    ]  # fmt: skip
    return Program("web", argv)


def worker_argv() -> list[str]:
    """Return the arguments of a worker that serves every queue with one thread per step."""
    return [
        "--quiet", "worker", "--pool", "threads", "--concurrency", "5", "--queues", QUEUES, "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip


def worker_program() -> Program:
    """Return the worker of the embedded mode."""
    return Program(
        "worker", [sys.executable, "-W", QUIET_AS_ROOT, "-m", "celery", "-A", "tracker", *worker_argv()]
    )


def beat_program() -> Program:
    """Return the scheduler: it only rings for the sweep."""
    schedule = str(settings.ENV.data_dir / "beat-schedule")
    argv = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "tracker",
        "--quiet",
        "beat",
        "--loglevel",
        "WARNING",
        "--schedule",
        schedule,
    ]
    return Program("scheduler", [*argv, "--pidfile", ""])


def make_bell_folder() -> None:
    """Make the folder in which the embedded broker keeps its messages, and forget what an earlier run left there."""
    folder = settings.BELL_DIR
    (folder / "control").mkdir(parents=True, exist_ok=True)
    for message in folder.iterdir():
        if message.is_file():
            message.unlink(missing_ok=True)


def _launch(program: Program) -> None:
    program.started_at = time.monotonic()
    program.process = subprocess.Popen(program.argv, preexec_fn=_end_with_parent)  # noqa: PLW1509, S603 - one call, own argv


def _end_with_parent() -> None:
    """Ask Linux to end this child when its parent is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
