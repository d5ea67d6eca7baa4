"""Texts to what the language stage says about them: names, roles, quotes, quantities, dates, and relevance.

Promises one answer per text in the order given, bounded memory however long a text is, and offsets in code
points of the text (never of the title). A text in a language the model does not read gets the gazetteer's
mentions only and does not load the model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.nlp.component import Component, Reading, bounded, in_order
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.model import DEFAULT_MODEL, NamedSpan, installed_version, language_of, load_model
from tracker.nlp.parse import Sentence
from tracker.nlp.phrases import CJK
from tracker.nlp.subject import Judge
from tracker.nlp.wrap import soft_breaks, unwrapped
from tracker.records import AliasEntry, Analysis, FoundMention, Relevance, TextToRead

MODEL_SCORE = 0.5  # the small model gives no score; half of what it finds on this subject is right
_CHUNK = 10_000  # code points read at once by the model
_CHUNKS_AT_ONCE = 16
_BATCH = 150_000  # code points of short texts read together
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_SAMPLE = 4_000


@dataclass(slots=True)
class _Found:
    """What the model said of one text."""

    mentions: list[FoundMention] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)


class Analyser:
    """Reads texts with one gazetteer and one model.

    Args:
        aliases: every name of every entity.
        model_name: installed package name of the spaCy pipeline.
        judge: says what is about the subject; the rules at the usual thresholds by default.
        without: versioned names of components to leave out.

    Raises:
        LanguageModelError: the pipeline is not installed.
    """

    def __init__(
        self,
        aliases: Iterable[AliasEntry],
        model_name: str = DEFAULT_MODEL,
        *,
        judge: Judge | None = None,
        without: frozenset[str] = frozenset(),
    ) -> None:
        self.gazetteer = Gazetteer(aliases)
        self.judge = judge or Judge()
        self._model_name = model_name
        self._model = f"{model_name}-{installed_version(model_name)}"
        self._components: list[Component] = in_order(without=without)

    @property
    def version(self) -> str:
        """What made the answers: model, gazetteer, a mark of the steps, relevance rules; at most 200 characters."""
        names = ",".join(found.name for found in self._components)
        steps = f"{len(self._components)}steps+{hashlib.sha256(names.encode()).hexdigest()[:8]}"
        return f"{self._model} {self.gazetteer.version} {steps} {self.judge.version}"[:200]

    def analyse(self, texts: Iterable[TextToRead]) -> Iterator[Analysis]:
        """Yield the analysis of each text, in order.

        A text off the subject is read for names only; one on it, or near it, is parsed too.

        Raises:
            LanguageModelError: the model is missing, altered or unreadable and a text needs it.
        """
        batch: list[TextToRead] = []
        n_characters = 0
        for text in texts:
            batch.append(text)
            n_characters += len(text.text)
            if n_characters >= _BATCH:
                yield from self._read(batch)
                batch, n_characters = [], 0
        yield from self._read(batch)

    def _read(self, batch: Sequence[TextToRead]) -> Iterator[Analysis]:
        judged = [self.judge.judge(text.title, text.text, language=text.language) for text in batch]
        found = [_Found() for _ in batch]
        for is_parsed in (False, True):
            chosen = [
                i
                for i, text in enumerate(batch)
                if self._is_read(text.text, text.language) and _is_wanted(text, judged[i]) == is_parsed
            ]
            self._ask_model([(i, batch[i].text) for i in chosen], found, is_parsed=is_parsed)
        for text, relevance, seen in zip(batch, judged, found, strict=True):
            yield self._analysis(text, relevance, seen)

    def _analysis(self, text: TextToRead, relevance: Relevance, seen: _Found) -> Analysis:
        reading = Reading(
            title=text.title,
            text=text.text,
            gazetteer=self.gazetteer,
            language=text.language,
            is_read=self._is_read(text.text, text.language),
            published=text.published,
            sentences=seen.sentences,
            mentions=seen.mentions,
        )
        for step in self._components:
            reading = step.apply(reading)
        return Analysis(
            mentions=tuple(reading.mentions),
            relevance=relevance,
            model=self.version,
            roles=tuple(bounded("roles", reading.roles)),
            quotes=tuple(bounded("quotes", reading.quotes)),
            quantities=tuple(bounded("quantities", reading.quantities)),
            times=tuple(bounded("times", reading.times)),
        )

    def _is_read(self, text: str, language: str) -> bool:
        """Return whether the model reads this text: its language, or an unknown one without Han."""
        if language:
            return re.split("[-_]", language.lower())[0] == language_of(self._model_name)
        sample = text[:_SAMPLE]
        return len(_CJK_CHARACTER.findall(sample)) * 10 < len(sample)

    def _ask_model(
        self, texts: Sequence[tuple[int, str]], found: Sequence[_Found], *, is_parsed: bool
    ) -> None:
        """Put what the model says of each numbered text into its place of `found`."""
        whole = [(i, unwrapped(text, soft_breaks(text))) for i, text in texts]
        pieces = [(i, text, *piece) for i, text in whole for piece in chunks(text, _CHUNK)]
        for first in range(0, len(pieces), _CHUNKS_AT_ONCE):
            group = pieces[first : first + _CHUNKS_AT_ONCE]
            asked = [(text[start:end], start) for _, text, start, end in group]
            answers = load_model(self._model_name).read(asked, is_parsed=is_parsed)
            for (i, text, offset, _), answer in zip(group, answers, strict=True):
                found[i].sentences.extend(answer.sentences)
                found[i].mentions.extend(self._mention(text, name, offset) for name in answer.names)

    def _mention(self, text: str, name: NamedSpan, offset: int) -> FoundMention:
        start, end = offset + name.start, offset + name.end
        return FoundMention(
            start=start,
            end=end,
            surface=text[start:end],
            label=name.label,
            score=MODEL_SCORE,
            model=self._model,
            entity_id=None,
            rule="model",
        )


def _is_wanted(text: TextToRead, relevance: Relevance) -> bool:
    """Return whether a text is read whole: a person's word before the judge's."""
    if text.is_wanted is not None:
        return text.is_wanted
    return relevance.is_on_subject or relevance.is_adjacent


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
