"""An archive of its own for each test."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def root(tmp_path: Path, settings: Settings) -> Path:
    """Return the folder of the archive, which is not made yet."""
    folder = tmp_path / "archive"
    settings.ENV = dataclasses.replace(settings.ENV, archive_dir=folder)
    return folder
