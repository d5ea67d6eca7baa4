"""`evaluate relevance`: what is called on the subject, by gold labels and on heaps of texts nearly all off it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.management.evaluate.gold import GoldText, gold_set, register
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.nlp.subject import Judge, ai_names_of

WORDS = "the words alone"
COLUMNS = (
    "texts",
    "on",
    "said on",
    "right",
    "precision",
    "recall",
    "f1",
    "false alarms",
    "near",
    "near right",
)
FLOORED = ("precision", "recall", "f1")
HEAPS = (
    ("tricky negatives", "topic/tricky_negatives.jsonl", False),
    ("unlabelled", "topic/unlabelled.jsonl", False),
    ("on-subject texts", "topic/on_subject.jsonl", True),
)
_MAIN_WORDS = re.compile(r"distill|trade secret|model extraction|蒸馏|商业秘密", re.IGNORECASE)


_EXPLAINED = """on: labelled on the subject; near: labelled adjacent. The words alone: distillation, trade secrets or
model extraction named anywhere. Labels of the heaps are those of whole files, so a few are wrong; a text of the
heaps that is in the gold set has the label of the gold set."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it is about; `label` is what a person said, or what its heap is said to hold."""

    id: str
    title: str
    text: str
    language: str
    label: str
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a system says of a text."""

    is_on: bool
    is_near: bool
    why: str


@cache
def _judge() -> Judge:
    return Judge(ai_names=ai_names_of(register().aliases))


def _judged(text: Labelled) -> Said:
    ruling = _judge().judge(text.title, text.text, language=text.language)
    words = ", ".join(
        word for family in ("technique", "accusation") for word in ruling.hits.get(family, ())[:3]
    )
    return Said(ruling.is_on_subject, ruling.is_adjacent, f"score {ruling.score}: {words}")


def _by_words(text: Labelled) -> Said:
    found = _MAIN_WORDS.search(f"{text.title}\n{text.text}")
    return Said(found is not None, is_near=False, why=found.group() if found else "")


@KINDS.register("relevance")
def evaluate_relevance(asked: Asked) -> Report:
    """Measure the rules on the gold texts, and count false alarms on heaps of a corpus."""
    report = Report(COLUMNS, FLOORED)
    gold = gold_set(asked.corpus, asked.half)
    report.notes = [
        *gold.notes,
        _EXPLAINED,
    ]
    sets = {name: [_of_gold(text) for text in texts] for name, texts in gold.halves().items()}
    if asked.corpus and not asked.half:
        labels = {text.id: (text.label, text.half == "test") for text in gold.texts}
        for name, file, is_on in HEAPS:
            if (asked.corpus / file).is_file():
                sets[name] = list(_heap(asked.corpus / file, labels, is_on=is_on))
    for name, texts in sets.items():
        if not texts or (asked.sets and name not in asked.sets):
            continue
        report.figures[name] = {OURS: _figures(texts, _judged), WORDS: _figures(texts, _by_words)}
        errors = list(_errors([t for t in texts if not t.is_frozen or asked.has_errors]))
        if errors:
            report.errors[name] = errors
    return report


def _of_gold(text: GoldText) -> Labelled:
    source = text.source
    return Labelled(text.id, source.title, source.text, source.language, text.label, text.half == "test")


def _heap(path: Path, labels: dict[str, tuple[str, bool]], *, is_on: bool) -> Iterable[Labelled]:
    usual = "on_subject" if is_on else "off_subject"
    for n, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        row = json.loads(line)
        key = str(row.get("id") or f"line {n}")
        label, is_frozen = labels.get(key, (usual, False))
        yield Labelled(key, row["title"], row["text"], row.get("lang") or "", label, is_frozen)


def _figures(texts: Sequence[Labelled], system: Callable[[Labelled], Said]) -> dict[str, float | None]:
    said = [(text.label, system(text)) for text in texts]
    n_on = sum(label == "on_subject" for label, _ in said)
    n_said = sum(one.is_on for _, one in said)
    n_right = sum(one.is_on and label == "on_subject" for label, one in said)
    n_off = len(said) - n_on
    precision, recall = (n_right / n_said if n_said else None), (n_right / n_on if n_on else None)
    return {
        "texts": len(said),
        "on": n_on,
        "said on": n_said,
        "right": n_right,
        "precision": precision,
        "recall": recall,
        "f1": 2 * n_right / (n_on + n_said) if n_on and n_said else None,
        "false alarms": (n_said - n_right) / n_off if n_off else None,
        "near": sum(label == "adjacent" for label, _ in said),
        "near right": sum(label == "adjacent" and one.is_near for label, one in said),
    }


def _errors(texts: Iterable[Labelled]) -> Iterable[str]:
    for text in texts:
        said = _judged(text)
        if said.is_on != (text.label == "on_subject"):
            verb = "said on the subject" if said.is_on else "not said on the subject"
            yield f"{text.id}, labelled {text.label}, {verb} ({said.why}): {text.title[:90]}"
