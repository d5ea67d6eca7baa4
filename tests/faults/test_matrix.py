"""Every fault of the matrix has its outcome, its price and no victims.

The suite tries a sample in this process with short deadlines. FAULTS=full (`make faults`) tries all of them, each in
a fresh copy of a warm worker on the database that DATABASE_URL names, measures time and memory, and prints a table.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import psycopg
import pytest

from tests.faults import acts, feeds
from tests.faults.matrix import FAULTS, MOST_MB, SAMPLE, Fault, Place
from tests.faults.test_kill import IS_FULL, ROOT, environment
from tests.faults.trial import Trial, make_door, try_fault
from tests.fetch.misbehaving_server import Handler, MisbehavingServer
from tracker.fetch.throttle import MemorySlots
from tracker.pipeline import door

SECRET = "the-secret-of-this-machine"
SAMPLE_S = 1.0
"""Deadline of a fetch in the sample: silent servers make the tests wait so long, sound ones answer well within."""
GOOD = {"ok", "not modified", "stale"}
FORBIDDEN = (
    "Traceback",
    "Error",
    "Errno",
    "Exception",
    "httpcore",
    "h11",
    "urllib",
    "socket",
    "None",
    "<class",
)

Try = Callable[[Fault], Trial]


@contextmanager
def party(fault: Fault, secret: Path) -> Iterator[tuple[Place, str, MisbehavingServer, MisbehavingServer]]:
    """Start the server that misbehaves, a good one, one that nobody may ask and a port that says nothing."""
    with (
        MisbehavingServer(fault.robots, fault.certificate) as bad,
        MisbehavingServer() as good,
        MisbehavingServer() as canary,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):

        def help_out(handler: Handler) -> None:
            if handler.path == "/heal":
                bad.robots, bad.always = None, acts.sound
            handler.reply(200, feeds.sound() + b"<!-- %d -->" % len(good.requests), acts.XML | {"ETag": ""})

        good.always = help_out
        place = Place(bad.url(""), canary.port, silent.getsockname()[1], secret)
        yield place, good.authority, bad, canary


def check(fault: Fault, trial: Trial) -> None:
    """Fail when anything but time and memory is not as the table says."""
    assert set(trial.outcomes) <= fault.outcomes, trial.reasons
    for reason in trial.reasons:
        # a listing that was read without a remark needs no reason
        assert reason.endswith(".") or "parse" in trial.outcomes or (fault.is_read and not reason), reason
        assert not any(word in reason for word in FORBIDDEN), reason
        assert fault.words in reason
    assert not fault.warning or any(fault.warning in warning for warning in trial.warnings)
    assert len(trial.titles) == fault.n_items
    if fault.has_titles:
        assert set(feeds.TITLES) <= set(trial.titles)
    assert SECRET not in trial.texts + "".join(trial.titles)
    assert all("1990" <= date[:4] <= "2100" for date in trial.dates), trial.dates
    assert trial.wait_s > fault.wait_s
    assert trial.n_open_jobs == 0
    assert trial.neighbour in GOOD
    if fault.heals:
        assert (trial.healed, trial.n_healed) == ("ok", 3), (
            "what the bad answer left behind hides the good one"
        )


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.mark.django_db
@pytest.mark.parametrize("fault", SAMPLE, ids=lambda fault: fault.name)
def test_a_sample_of_the_faults(fault: Fault, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with party(fault, secret) as (place, good, bad, canary):
        fetcher = make_door(fault, place, good, MemorySlots(), deadline_s=SAMPLE_S)
        monkeypatch.setattr(door, "_chosen", [fetcher])

        def heal() -> None:
            bad.always = acts.sound
            healed = make_door(fault, place, good, MemorySlots(), deadline_s=SAMPLE_S)
            monkeypatch.setattr(door, "_chosen", [healed])

        check(fault, try_fault(fault, place, good, heal=heal))
        assert canary.requests == []


# --- the full matrix ---


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Yield the variables of a worker whose database is its own and empty."""
    data_dir = tmp_path_factory.mktemp("worker")
    base, _, _name = os.environ.get("DATABASE_URL", "").rpartition("/")
    name = f"retort_faults_{os.getpid()}"
    variables = environment(data_dir, **({"DATABASE_URL": f"{base}/{name}"} if base else {}))
    if base:
        with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name}")
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=variables, check=True)
        yield variables
    finally:
        if base:
            with psycopg.connect(f"{base}/postgres", autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def worker(database: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Yield the warm worker."""
    command = [sys.executable, "-m", "tests.faults.worker"]
    log = Path(database["TRACKER_DATA_DIR"]) / "worker.log"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=database,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        yield process
        cast("IO[str]", process.stdin).close()
        assert process.wait(20) == 0


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, str, float, float, float]]]:
    """Collect a row per fault and print them in the end."""
    rows: list[tuple[str, str, float, float, float]] = []
    yield rows
    lines = [f"\n{'fault':<26}{'outcome':<14}{'seconds':>8}{'worker MB':>11}{'parser MB':>11}"]
    lines += [f"{n:<26}{o:<14}{s:>8.2f}{w:>11.1f}{p:>11.1f}" for n, o, s, w, p in rows]
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("\n".join(lines))  # noqa: T201 - the figures are what the run is for


def every_fault(
    fault: Fault,
    secret: Path,
    worker: subprocess.Popen[str],
    table: list[tuple[str, str, float, float, float]],
) -> None:
    with party(fault, secret) as (place, good, _bad, canary):
        seat = {"bad": place.bad, "canary": place.canary, "silent": place.silent, "secret": str(place.secret)}
        order = {"fault": fault.name, "place": seat, "good": good}
        cast("IO[str]", worker.stdin).write(json.dumps(order) + "\n")
        cast("IO[str]", worker.stdin).flush()
        answer = json.loads(cast("IO[str]", worker.stdout).readline())
        assert "broke" not in answer, answer["broke"]
        trial = Trial(**answer)
        shown = ", ".join(sorted(set(trial.outcomes))) + (
            f" x{len(trial.outcomes)}" if len(trial.outcomes) > 1 else ""
        )
        table.append((fault.name, shown, trial.seconds, trial.worker_mb, trial.parser_mb))
        check(fault, trial)
        assert canary.requests == []
        assert trial.seconds <= fault.deadline_s + 1
        assert trial.worker_mb <= fault.most_mb
        assert trial.parser_mb <= MOST_MB


if IS_FULL:  # else there is no such test: a skipped one would say that something is missing
    test_every_fault = pytest.mark.slow(
        pytest.mark.faults(
            pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)(every_fault)
        )
    )
