"""Texts to what the language stage says about them: mentions with offsets, and relevance.

Promises one answer per text in the order given, bounded memory however long a text is, and offsets in code
points of the text (never of the title). A text in a language the model does not read gets the gazetteer's
mentions only and does not load the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tracker.nlp.component import Component, Reading, in_order
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.model import DEFAULT_MODEL, installed_version, language_of, load_model
from tracker.nlp.phrases import CJK
from tracker.nlp.relevance import assess, rule_version
from tracker.records import AliasEntry, Analysis, FoundMention

MODEL_SCORE = 0.5  # the small model gives no score; half of what it finds on this subject is right
_CHUNK = 10_000  # code points read at once by the model
_CHUNKS_AT_ONCE = 16
_BATCH = 150_000  # code points of short texts read together
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_SAMPLE = 4_000

TitledText = tuple[str, str, str]  # title, text, language


class Analyser:
    """Reads texts with one gazetteer and one model.

    Args:
        aliases: every name of every entity.
        model_name: installed package name of the spaCy pipeline.
        without: versioned names of components to leave out.

    Raises:
        LanguageModelError: the pipeline is not installed.
    """

    def __init__(
        self,
        aliases: Iterable[AliasEntry],
        model_name: str = DEFAULT_MODEL,
        *,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self.gazetteer = Gazetteer(aliases)
        self._model_name = model_name
        self._model = f"{model_name}-{installed_version(model_name)}"
        self._components: list[Component] = in_order(without=without)

    @property
    def version(self) -> str:
        """What made the answers: model, gazetteer, components and relevance rules; at most 200 characters."""
        steps = ",".join(found.name for found in self._components)
        return f"{self._model} {self.gazetteer.version} {steps} {rule_version()}"[:200]

    def analyse(self, texts: Iterable[TitledText]) -> Iterator[Analysis]:
        """Yield the analysis of each (title, text, language), in order.

        Raises:
            LanguageModelError: the model is missing, altered or unreadable and a text needs it.
        """
        batch: list[TitledText] = []
        n_characters = 0
        for titled in texts:
            batch.append(titled)
            n_characters += len(titled[1])
            if n_characters >= _BATCH:
                yield from self._read(batch)
                batch, n_characters = [], 0
        yield from self._read(batch)

    def _read(self, batch: Sequence[TitledText]) -> Iterator[Analysis]:
        named = self._names_of([text if self._is_read(text, language) else "" for _, text, language in batch])
        for (title, text, language), mentions in zip(batch, named, strict=True):
            for step in self._components:
                reading = Reading(title=title, text=text, mentions=mentions, gazetteer=self.gazetteer)
                mentions = list(step.apply(reading))  # noqa: PLW2901 - each step takes what the last one left
            yield Analysis(
                mentions=tuple(mentions), relevance=assess(title, text, language=language), model=self.version
            )

    def _is_read(self, text: str, language: str) -> bool:
        """Return whether the model reads this text: its language, or an unknown one without Han."""
        if language:
            return re.split("[-_]", language.lower())[0] == language_of(self._model_name)
        sample = text[:_SAMPLE]
        return len(_CJK_CHARACTER.findall(sample)) * 10 < len(sample)

    def _names_of(self, texts: Sequence[str]) -> list[list[FoundMention]]:
        found: list[list[FoundMention]] = [[] for _ in texts]
        pieces = [(i, *piece) for i, text in enumerate(texts) for piece in chunks(text, _CHUNK)]
        for first in range(0, len(pieces), _CHUNKS_AT_ONCE):
            group = pieces[first : first + _CHUNKS_AT_ONCE]
            spans = load_model(self._model_name).names_in([texts[i][start:end] for i, start, end in group])
            for (i, offset, _), names in zip(group, spans, strict=True):
                for name in names:
                    start, end = offset + name.start, offset + name.end
                    found[i].append(
                        FoundMention(
                            start=start,
                            end=end,
                            surface=texts[i][start:end],
                            label=name.label,
                            score=MODEL_SCORE,
                            model=self._model,
                            entity_id=None,
                            rule="model",
                        )
                    )
        return found


def chunks(text: str, limit: int) -> Iterator[tuple[int, int]]:
    """Yield spans that cover `text`, each at most `limit` long, cut at a paragraph, sentence or space."""
    start = 0
    while start < len(text):
        end = min(start + limit, len(text))
        if end < len(text):
            for mark in ("\n", ". ", "\u3002", " "):
                cut = text.rfind(mark, start + 1, end)
                if cut > start:
                    end = cut + len(mark)
                    break
        yield start, end
        start = end
