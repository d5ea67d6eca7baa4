"""Training of the linear model from what persons ruled, and whether it beats the rules.

Promises that copies and reports of one event never stand on both sides: whole events are held out. scikit-learn is
imported here only, when a model is trained.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.nlp.linear import RULE, LinearModel, terms_of, weighted
from tracker.nlp.relevance import Scores, Thresholds
from tracker.nlp.subject import Judge

FEWEST_LABELS = 40
FEWEST_OF_EACH = 8
_FOLDS = 5
_MOST_TERMS = 3_000
_FEWEST_TEXTS = 2  # that a term must stand in
_CALM = 2.0  # inverse strength of regularisation


@dataclass(frozen=True, slots=True)
class Label:
    """One text with a person's ruling and the event it belongs to."""

    title: str
    text: str
    language: str
    is_on_subject: bool
    event: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall and F1 of one way to judge, on events that were held out."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Training:
    """A trained model with its figures and those of the rules; not better means not to be used."""

    model: LinearModel
    n_labels: int
    n_events: int
    ours: Figures
    rules: Figures

    @property
    def is_better(self) -> bool:
        """Whether the model beat the rules on held-out events."""
        return self.ours.f1 > self.rules.f1

    @property
    def why(self) -> str:
        """One sentence for the page."""
        verb = "beats" if self.is_better else "does not beat"
        return (
            f"F1 {self.ours.f1:.3f} on held-out events; {verb} the rules' {self.rules.f1:.3f} "
            f"({self.n_labels} labels, {self.n_events} events)."
        )


def why_not(labels: Sequence[Label]) -> str:
    """Return why these labels are too few to train on; empty where they suffice."""
    n_on = sum(label.is_on_subject for label in labels)
    if len(labels) < FEWEST_LABELS:
        return f"{len(labels)} rulings; a model is trained from {FEWEST_LABELS}."
    if min(n_on, len(labels) - n_on) < FEWEST_OF_EACH:
        return f"A model needs at least {FEWEST_OF_EACH} rulings on the subject and as many off it."
    if len({label.event for label in labels}) < _FOLDS:
        return f"The rulings are about fewer than {_FOLDS} events."
    return ""


def train(labels: Sequence[Label], version: str, judge: Judge | None = None) -> Training:
    """Train on all labels, and measure on events that were held out in turn.

    Args:
        labels: rulings; in any order.
        version: name of the model.
        judge: its thresholds and names are those the rules are measured with.

    Raises:
        ValueError: `why_not` says why.
    """
    reason = why_not(labels)
    if reason:
        raise ValueError(reason)
    judge = judge or Judge()
    at = judge.thresholds
    labels = sorted(labels, key=lambda label: (label.event, label.title, label.text))
    scores = [judge.scores(label.title, label.text, language=label.language) for label in labels]
    counts = [terms_of(label.title, label.text, found) for label, found in zip(labels, scores, strict=True)]
    wanted = [label.is_on_subject for label in labels]
    said = _held_out(counts, wanted, [label.event for label in labels])
    return Training(
        model=_fit(counts, wanted, version),
        n_labels=len(labels),
        n_events=len({label.event for label in labels}),
        ours=_figures(_asked(said, scores, at), wanted),
        rules=_figures([found.at(at).is_on_subject for found in scores], wanted),
    )


def _asked(said: Sequence[float], scores: Sequence[Scores], at: Thresholds) -> list[bool]:
    """Return what the judge would say, which asks a model only where there is a technique."""
    return [
        found.has_technique and probability >= at.on_subject
        for probability, found in zip(said, scores, strict=True)
    ]


def _held_out(counts: Sequence[Counter[str]], wanted: Sequence[bool], events: Sequence[str]) -> list[float]:
    """Return for each text what a model says that saw nothing of its event."""
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415 - a second and 60 MB that only training needs

    said = [0.0] * len(counts)
    for learn, held in GroupKFold(n_splits=_FOLDS).split(counts, wanted, events):
        if len({wanted[i] for i in learn}) == 1:  # nothing to tell apart
            probability = float(wanted[learn[0]])
            for i in held:
                said[i] = probability
            continue
        model = _fit([counts[i] for i in learn], [wanted[i] for i in learn], "held out")
        for i in held:
            said[i] = model.probability(counts[i])
    return said


def _fit(counts: Sequence[Counter[str]], wanted: Sequence[bool], version: str) -> LinearModel:
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415 - as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    rarity = _rarity(counts)
    table = DictVectorizer()
    rows = table.fit_transform([weighted(one, rarity) for one in counts])
    fitted = LogisticRegression(C=_CALM, class_weight="balanced", max_iter=1_000).fit(rows, wanted)
    weights = zip(table.get_feature_names_out(), fitted.coef_[0], strict=True)
    terms = {str(term): (rarity[str(term)], round(float(weight), 5)) for term, weight in weights}
    return LinearModel(version, float(fitted.intercept_[0]), terms)


def _rarity(counts: Sequence[Counter[str]]) -> dict[str, float]:
    """Return the terms worth weighing with their rarity: in at least two texts, the most frequent ones."""
    n_texts: Counter[str] = Counter()
    for one in counts:
        n_texts.update(one.keys())
    frequent = [(n, term) for term, n in n_texts.items() if n >= _FEWEST_TEXTS or term.startswith(RULE)]
    kept = sorted(frequent, key=lambda pair: (-pair[0], pair[1]))[:_MOST_TERMS]
    return {
        term: 1.0 if term.startswith(RULE) else round(math.log((1 + len(counts)) / (1 + n)) + 1, 5)
        for n, term in kept
    }


def _figures(said: Sequence[bool], wanted: Sequence[bool]) -> Figures:
    n_right = sum(a and b for a, b in zip(said, wanted, strict=True))
    precision = n_right / sum(said) if any(said) else 0.0
    recall = n_right / sum(wanted) if any(wanted) else 0.0
    f1 = 2 * precision * recall / (precision + recall) if n_right else 0.0
    return Figures(round(precision, 4), round(recall, 4), round(f1, 4))
