"""`evaluate entities`: which names were found in gold texts, of which kind, and plain spaCy on the same texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.management.evaluate.gold import GoldText, Register, gold_set, register
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.management.evaluate.reading import analysed
from tracker.nlp.component import in_order
from tracker.nlp.labels import LABELS, type_of
from tracker.nlp.model import load_model
from tracker.records import Span

THEIRS = "spaCy alone"
COLUMNS = (
    "texts",
    "marked",
    "found",
    "right",
    "precision",
    "recall",
    "f1",
    "f1 span",
    "f1 entity",
    "new",
    "new right",
    "new recall",
)
FLOORED = ("precision", "recall", "f1", "f1 span", "f1 entity", "new recall")
_MEANING = (
    "right: span and type exactly as marked; f1 span: the type does not count; f1 entity: the entity counts too;\n"
    "new: marked names that the gazetteer's register does not have. spaCy alone: the same model with all its\n"
    "components and nothing else, without article and possessive; it knows no public bodies (its ORG)."
)
_AFTER_NAMES = 70  # order from which steps find other things than names
_WIDE = 70  # code points of a text on either side of an error


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a system found."""

    type: str
    entity: str | None = None
    rule: str = ""


Names = dict[Span, Name]


@dataclass(slots=True)
class Count:
    """What one system made of some texts."""

    n_texts: int = 0
    n_marked: int = 0
    n_found: int = 0
    n_right: int = 0  # span and type
    n_right_spans: int = 0
    n_right_entities: int = 0  # span, type and entity, where 'no entity' is an answer too
    n_new: int = 0  # marked names that no register has
    n_new_right: int = 0
    by_type: Counter[tuple[str, str]] = field(default_factory=Counter)  # (type, marked|found|right)

    def add(self, marked: Names, found: Names) -> None:
        """Count one text."""
        self.n_texts += 1
        self.n_marked += len(marked)
        self.n_found += len(found)
        for span, name in found.items():
            self.by_type[name.type, "found"] += 1
            self.n_right_spans += span in marked
        for span, name in marked.items():
            said = found.get(span)
            is_right = said is not None and said.type == name.type
            self.by_type[name.type, "marked"] += 1
            self.by_type[name.type, "right"] += is_right
            self.n_right += is_right
            self.n_right_entities += said is not None and is_right and said.entity == name.entity
            self.n_new += name.entity is None
            self.n_new_right += is_right and name.entity is None

    def figures(self, *, has_entities: bool) -> dict[str, float | None]:
        """Return the columns of one row."""
        both = self.n_marked + self.n_found
        return {
            "texts": self.n_texts,
            "marked": self.n_marked,
            "found": self.n_found,
            "right": self.n_right,
            "precision": self.n_right / self.n_found if self.n_found else None,
            "recall": self.n_right / self.n_marked if self.n_marked else None,
            "f1": 2 * self.n_right / both if both else None,
            "f1 span": 2 * self.n_right_spans / both if both else None,
            "f1 entity": 2 * self.n_right_entities / both if both and has_entities else None,
            "new": self.n_new,
            "new right": self.n_new_right,
            "new recall": self.n_new_right / self.n_new if self.n_new else None,
        }


@KINDS.register("entities")
def evaluate_entities(asked: Asked) -> Report:
    """Measure the names in the gold texts that can be read."""
    report = Report(COLUMNS, FLOORED)
    gold, names = gold_set(asked.corpus, asked.half), register()
    report.notes = [*gold.notes, _MEANING]
    for name, texts in gold.halves().items():
        if not texts or (asked.sets and name not in asked.sets):
            continue
        ours, theirs = Count(), Count()
        errors: list[str] = []
        for text, marked, found in _ours(texts, names):
            ours.add(marked, found)
            if asked.shows_errors_of(text.half):
                errors.extend(_errors(text, marked, found))
        for text, found in _theirs(texts):
            theirs.add(_marked(text, names), found)
        report.figures[name] = {
            OURS: ours.figures(has_entities=True),
            THEIRS: theirs.figures(has_entities=False),
        }
        report.notes.append(f"{name}: {_types(ours)}")
        if errors:
            report.errors[name] = errors
    return report


def _marked(text: GoldText, names: Register) -> Names:
    known = set(names.slugs.values())
    return {(m.start, m.end): Name(m.type, m.entity if m.entity in known else None) for m in text.mentions}


def _ours(texts: Sequence[GoldText], names: Register) -> Iterator[tuple[GoldText, Names, Names]]:
    later = frozenset(step.name for step in in_order() if step.order >= _AFTER_NAMES)
    for text, analysis in analysed(texts, names, without=later):
        found = {
            (m.start, m.end): Name(
                type_of(m.label), names.slugs[m.entity_id] if m.entity_id is not None else None, m.rule
            )
            for m in analysis.mentions
            if m.form != "description"
        }
        yield text, _marked(text, names), found


def _theirs(texts: Sequence[GoldText]) -> Iterator[tuple[GoldText, Names]]:
    pipeline = load_model()
    for text in texts:
        (answer,) = pipeline.read([(text.text, 0)], is_parsed=True)
        found: Names = {}
        for name in answer.names:
            if type_of(name.label):
                found[_trimmed(text.text, name.start, name.end)] = Name(type_of(name.label))
        yield text, found


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    for article in ("the ", "The ", "a ", "an "):
        if words.startswith(article):
            start += len(article)
    for possessive in ("'s", "\u2019s"):
        if words.endswith(possessive):
            end -= len(possessive)
    return start, end


def _errors(text: GoldText, marked: Names, found: Names) -> Iterator[str]:
    for span in sorted({*marked, *found}):
        truth, said = marked.get(span), found.get(span)
        if truth is None and said is not None:
            what = f"surplus {said.type} by {said.rule}"
        elif said is None and truth is not None:
            what = f"missing {truth.type}{'' if truth.entity else ', new'}"
        elif said is not None and truth is not None and said.type != truth.type:
            what = f"{said.type} by {said.rule} is {truth.type}"
        elif said is not None and truth is not None and said.entity != truth.entity:
            what = f"entity {said.entity} by {said.rule} is {truth.entity}"
        else:
            continue
        before = text.text[max(0, span[0] - _WIDE) : span[0]]
        after = text.text[span[1] : span[1] + _WIDE]
        yield f"{text.id} {what}: " + " ".join(f"{before}[{text.text[slice(*span)]}]{after}".split())


def _types(count: Count) -> str:
    parts = []
    for kind in LABELS:
        right, n_marked, n_found = (count.by_type[kind, which] for which in ("right", "marked", "found"))
        if n_marked or n_found:
            parts.append(
                f"{kind} {2 * right / (n_marked + n_found):.3f} ({right} of {n_marked} marked, {n_found} found)"
            )
    return "f1 " + "; ".join(parts)
