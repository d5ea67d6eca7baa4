"""The judge of what is about the subject: the rules, the thresholds in force, and a trained model where one is used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tracker.nlp.linear import LinearModel, terms_of
from tracker.nlp.relevance import Thresholds, rule_version, score
from tracker.records import Relevance

_TOP_TERMS = 8


@dataclass(frozen=True, slots=True)
class Judge:
    """Rules on texts; equal judges rule alike."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    model: LinearModel | None = None

    @property
    def version(self) -> str:
        """Name of the rules, and of the model where one is asked."""
        return f"{rule_version()}+{self.model.version}" if self.model else rule_version()

    def judge(self, title: str, text: str, *, language: str = "") -> Relevance:
        """Rule on one text.

        A model is asked only where the rules found a technique: it tells accusations from other talk of techniques,
        and a text without any is off the subject whatever its words.
        """
        found = score(title, text, language=language)
        if self.model is None or not found.has_technique:
            return found.at(self.thresholds)
        terms = terms_of(title, text, found)
        asked = replace(found, on_subject=round(self.model.probability(terms), 3))
        ruling = asked.at(self.thresholds)
        hits = {**ruling.hits, "terms": self.model.top_terms(terms, _TOP_TERMS)}
        return replace(ruling, hits=hits, rule=self.version)
