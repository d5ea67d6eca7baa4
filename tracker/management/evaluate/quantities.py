"""`evaluate quantities`: numbers with what they count and on whose word, whose they are, and times beside them.

Spans that overlap are compared. `exact` is the share of marked numbers met whose metric, comparator, value and source
are all right; the plain model beside it is what spaCy calls a quantity, a share, money or a count, without meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from tracker.management.evaluate.gold import GoldText, Register, Row, gold_set, register
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.management.evaluate.reading import analysed, said_at, same_party
from tracker.management.evaluate.times import TimeCounts, count_times
from tracker.nlp.model import load_model
from tracker.records import Analysis, FoundQuantity

THEIRS = "plain spaCy"
TIMES = "times"
COLUMNS = (
    "marked", "found", "precision", "recall", "f1", "met", "exact", "metric", "comparator", "value", "stated by",
    "party", "meaning", "expected",
)  # fmt: skip
FLOORED = ("precision", "recall", "exact", "party", "meaning")
_PLAIN = frozenset({"CARDINAL", "MONEY", "PERCENT", "QUANTITY"})
_PLAIN_TIMES = frozenset({"DATE", "TIME"})
_CHUNK = 10_000


@dataclass(slots=True)
class Counts:
    """Counts over texts; `errors` holds a line for each number missed, not marked or read otherwise."""

    marked: int = 0
    found: int = 0
    met: int = 0
    used: int = 0
    right: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        """Return the columns."""
        precision = self.used / self.found if self.found else None
        recall = self.met / self.marked if self.marked else None
        both = (precision or 0) + (recall or 0)
        found: dict[str, float | None] = {
            "marked": self.marked,
            "found": self.found,
            "met": self.met,
            "precision": precision,
            "recall": recall,
            "f1": 2 * (precision or 0) * (recall or 0) / both if both else None,
        }
        for column, right in self.right.items():
            found[column] = right / self.met if self.met else None
        return found


@KINDS.register("quantities")
def evaluate_quantities(asked: Asked) -> Report:
    """Measure quantities and times on the gold set; texts of others only where the corpus is there."""
    report = Report(COLUMNS, FLOORED)
    gold, names = gold_set(asked.corpus, asked.half), register()
    report.notes.extend(gold.notes)
    report.notes.append(
        "Spans that overlap are compared. exact: metric, comparator, value and who states it are all right; party: to\n"
        "whom the number is given. Both are shares of the marked numbers met. meaning: the same day, month or year."
    )
    answers = {id(text): answer for text, answer in analysed(gold.texts, names)}
    for name, texts in gold.halves().items():
        if asked.sets and name not in asked.sets:
            continue
        read = [(text, answers[id(text)]) for text in texts]
        numbers, times = _numbers(read, names), TimeCounts()
        for text, analysis in read:
            count_times(times, text, analysis)
        plain, plain_times = _plain(texts)
        report.figures[name] = {OURS: numbers.figures(), THEIRS: plain.figures()}
        report.figures[f"{name}, {TIMES}"] = {
            OURS: times.figures(),
            THEIRS: {**plain_times.figures(), "meaning": None, "expected": None},
        }
        if asked.shows_errors_of(texts[0].half):
            report.errors[name] = numbers.errors
            report.errors[f"{name}, {TIMES}"] = times.errors
    return report


def _numbers(read: Sequence[tuple[GoldText, Analysis]], names: Register) -> Counts:
    counts = Counts(right=dict.fromkeys(("exact", "metric", "comparator", "value", "stated by", "party"), 0))
    for text, analysis in read:
        used: set[int] = set()
        found = list(analysis.quantities)
        for row in text.quantities:
            counts.marked += 1
            hits = [n for n, one in enumerate(found) if one.start < row["end"] and row["start"] < one.end]
            used.update(hits)
            if not hits:
                counts.errors.append(f"{text.id} missed: {_around(text.text, row['start'], row['end'])}")
                continue
            counts.met += 1
            same = [n for n in hits if _is_value(found[n].value, row["value"])]
            _compare(counts, text, analysis, row, one=found[(same or hits)[0]], names=names)
        counts.found += len(found)
        counts.used += len(used)
        counts.errors.extend(
            f"{text.id} not marked ({one.metric}): {_around(text.text, one.start, one.end)}"
            for n, one in enumerate(found)
            if n not in used
        )
    return counts


def _compare(
    counts: Counts, text: GoldText, analysis: Analysis, row: Row, *, one: FoundQuantity, names: Register
) -> None:
    stated_by = said_at(analysis, one.stated_by, text.text, names)
    party = one.scope or said_at(analysis, one.party, text.text, names)
    right = {
        "metric": one.metric == row["metric"],
        "comparator": one.comparator == row["comparator"],
        "value": _is_value(one.value, row["value"]),
        "stated by": same_party(stated_by, _known(row["stated_by"])),
    }
    right["exact"] = all(right.values())
    right["party"] = same_party(party, _known(row["party"]))
    for column, is_right in right.items():
        counts.right[column] += is_right
    wrong = [column for column, is_right in right.items() if not is_right and column != "exact"]
    if wrong:
        got = f"{one.metric} {one.comparator} {one.value} by '{stated_by}' of '{party}'"
        wanted = (
            f"{row['metric']} {row['comparator']} {row['value']} by '{row['stated_by']}' of '{row['party']}'"
        )
        around = _around(text.text, row["start"], row["end"])
        counts.errors.append(f"{text.id} {', '.join(wrong)}: {got}, not {wanted} ({one.rule}): {around}")


def _known(name: str) -> str:
    """Return a party as the product can say it: one without a name is nobody."""
    return "" if name == "unnamed" else name


def _is_value(found: Decimal | None, marked: float | str | None) -> bool:
    if found is None or marked is None:
        return found is None and marked is None
    try:
        return found == Decimal(str(marked))
    except InvalidOperation:
        return False


def _plain(texts: Sequence[GoldText]) -> tuple[Counts, Counts]:
    """Return how many marked numbers and times the model alone meets; texts in Han script it does not read."""
    numbers, times = Counts(), Counts()
    model = load_model()
    for text in texts:
        spans: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
        pieces = [(text.text[at : at + _CHUNK], at) for at in range(0, len(text.text), _CHUNK)]
        is_read = not text.source.language.startswith("zh")
        for (_, at), read in zip(
            pieces, model.read(pieces, is_parsed=False) if is_read else [], strict=False
        ):
            for name in read.names:
                if name.label in _PLAIN | _PLAIN_TIMES:
                    spans[name.label in _PLAIN_TIMES].append((at + name.start, at + name.end))
        _meet(numbers, text.quantities, spans[False])
        _meet(times, text.dates, spans[True])
    return numbers, times


def _meet(counts: Counts, rows: Sequence[Row], spans: Sequence[tuple[int, int]]) -> None:
    hits = [
        [n for n, (start, end) in enumerate(spans) if start < row["end"] and row["start"] < end]
        for row in rows
    ]
    counts.marked += len(rows)
    counts.met += sum(1 for hit in hits if hit)
    counts.found += len(spans)
    counts.used += len({n for hit in hits for n in hit})


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 100) : start], text[end : end + 60]
    return " ".join(f"{before}[[{text[start:end]}]]{after}".split())
