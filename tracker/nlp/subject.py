"""The judge of what is about the subject: the rules, the thresholds in force, and a trained model where one is used."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tracker.nlp.linear import LinearModel, terms_of
from tracker.nlp.phrases import Phrases
from tracker.nlp.relevance import Scores, Thresholds, rule_version, score
from tracker.records import AliasEntry, Relevance

_TOP_TERMS = 8


@dataclass(frozen=True, slots=True)
class Judge:
    """Rules on texts; equal judges rule alike."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    model: LinearModel | None = None
    ai_names: tuple[str, ...] = ()  # of models, products and laboratories on file

    @property
    def version(self) -> str:
        """Name of the rules, and of the model where one is asked."""
        return f"{rule_version()}+{self.model.version}" if self.model else rule_version()

    def scores(self, title: str, text: str, *, language: str = "") -> Scores:
        """Return what the rules find, before thresholds and model."""
        return score(title, text, language=language, ai_names=_phrases(self.ai_names))

    def judge(self, title: str, text: str, *, language: str = "") -> Relevance:
        """Rule on one text.

        A model is asked only where the rules found a technique: it tells accusations from other talk of techniques,
        and a text without any is off the subject whatever its words.
        """
        found = self.scores(title, text, language=language)
        if self.model is None or not found.has_technique:
            return found.at(self.thresholds)
        terms = terms_of(title, text, found)
        asked = replace(found, on_subject=round(self.model.probability(terms), 3))
        ruling = asked.at(self.thresholds)
        hits = {**ruling.hits, "terms": self.model.top_terms(terms, _TOP_TERMS)}
        return replace(ruling, hits=hits, rule=self.version)


def ai_names_of(aliases: Iterable[AliasEntry]) -> tuple[str, ...]:
    """Return the names that make a text one about AI: those of models and laboratories that are never anything else."""
    return tuple(sorted({a.text for a in aliases if a.is_ai and not a.needs_context and not a.never_alone}))


@lru_cache(maxsize=4)
def _phrases(names: tuple[str, ...]) -> Phrases:
    phrases = Phrases()
    for name in names:
        with suppress(
            ValueError
        ):  # it does not begin with a letter: the gazetteer refuses it with a sentence
            phrases.add(name)
    return phrases
