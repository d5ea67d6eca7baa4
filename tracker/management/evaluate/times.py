"""How well times are read: those marked in the gold set beside those found, by span, meaning and outlook."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.management.evaluate.gold import GoldText, Row
from tracker.records import Analysis, FoundTime


@dataclass(slots=True)
class TimeCounts:
    """Counts over texts; `errors` holds a line for each time that was missed, invented or read otherwise."""

    marked: int = 0
    found: int = 0
    met: int = 0  # marked ones that a found one overlaps
    used: int = 0  # found ones that overlap a marked one
    meant: int = 0  # of those met, with the same meaning
    outlooks: int = 0  # of those met, rightly expected or not
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        """Return the columns."""
        precision = self.used / self.found if self.found else None
        recall = self.met / self.marked if self.marked else None
        both = (precision or 0) + (recall or 0)
        return {
            "marked": self.marked,
            "found": self.found,
            "met": self.met,
            "precision": precision,
            "recall": recall,
            "f1": 2 * (precision or 0) * (recall or 0) / both if both else None,
            "meaning": self.meant / self.met if self.met else None,
            "expected": self.outlooks / self.met if self.met else None,
        }


def count_times(counts: TimeCounts, gold: GoldText, analysis: Analysis) -> None:
    """Add one text to the counts."""
    found = list(analysis.times)
    used: set[int] = set()
    for row in gold.dates:
        counts.marked += 1
        hits = [n for n, time in enumerate(found) if time.start < row["end"] and row["start"] < time.end]
        used.update(hits)
        if not hits:
            counts.errors.append(
                f"{gold.id} missed {row['from']}: {_around(gold.text, row['start'], row['end'])}"
            )
            continue
        best = next((found[n] for n in hits if is_same_time(found[n].on, row["from"])), found[hits[0]])
        counts.met += 1
        _compare(counts, gold, row, best)
    counts.found += len(found)
    counts.used += len(used)
    for n, time in enumerate(found):
        if n not in used:
            counts.errors.append(
                f"{gold.id} not marked {time.on}: {_around(gold.text, time.start, time.end)}"
            )


def _compare(counts: TimeCounts, gold: GoldText, row: Row, best: FoundTime) -> None:
    around = _around(gold.text, row["start"], row["end"])
    if is_same_time(best.on, row["from"]):
        counts.meant += 1
    else:
        counts.errors.append(f"{gold.id} means {row['from']}, read as {best.on} ({best.rule}): {around}")
    if best.is_expected == bool(row["expected"]):
        counts.outlooks += 1
    else:
        counts.errors.append(f"{gold.id} expected is {row['expected']}: {around}")


def is_same_time(found: str, marked: str) -> bool:
    """Return whether two EDTF values agree; where the gold gives only the start of a range, that decides."""
    if found == marked:
        return True
    return ("/" in found) != ("/" in marked) and found.partition("/")[0] == marked.partition("/")[0]


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 60) : start], text[end : end + 40]
    return " ".join(f"{before}[[{text[start:end]}]]{after}".split())
