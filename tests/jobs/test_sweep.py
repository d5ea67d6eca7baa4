"""A sweep finds the work that waits, whatever of its parts breaks."""

from __future__ import annotations

import pytest

from tests import factories as make
from tracker import jobs
from tracker.models import owe
from tracker.pipeline import candidates


@pytest.mark.django_db
def test_a_part_of_the_sweep_that_breaks_does_not_keep_the_others_from_going_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks() -> int:
        msg = "a name that nobody thought of"
        raise ValueError(msg)

    monkeypatch.setattr(jobs, "look_for_changed_names", breaks)
    monkeypatch.setattr(candidates, "count", breaks)
    owe("analyse", [make.RevisionFactory().pk])
    assert jobs.sweep() == ["analyse"]
    assert caplog.text.count("sweep_part_broke") == 2
