"""Two simulated days with every story in them hold; `make month` lives through thirty with 200 endpoints."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from tests.month.life import START, live, planned
from tests.month.report import report
from tests.month.verdict import problems
from tracker.pipeline import door

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_two_days_of_twenty_publishers_are_explained_and_lose_nothing(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.ENV = dataclasses.replace(settings.ENV, archive_dir=tmp_path / "archive")
    random.seed(2)  # the jitter of the schedule
    life = planned(20, 2, tmp_path / "diary")
    life.least_step = dt.timedelta(minutes=60)
    monkeypatch.setattr(door, "_chosen", [life.web])
    with time_machine.travel(START, tick=False) as clock:
        live(life, clock.move_to)
        assert list(problems(life)) == []
        assert any(line.startswith("polls ") for line in report(life))
    life.web.close()
