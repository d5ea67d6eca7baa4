"""What a kind of evaluation takes and gives, and the table in which each files itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tracker.registry import Registry


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure on."""

    corpus: Path | None  # None when there is none: the project's own material is measured all the same
    half: str = ""  # one half of each set; empty is both
    sets: tuple[str, ...] = ()  # names of the sets; empty is all of them
    has_errors: bool = (
        False  # print errors of the frozen half too; those of the other half are always printed
    )

    def shows_errors_of(self, half: str) -> bool:
        """Return whether the errors on texts of this half are printed: the frozen half keeps its own unless asked."""
        return self.has_errors or half != "test"


@dataclass(slots=True)
class Report:
    """What was measured: one table a set, figures by set, system and column, and what a reader must know."""

    columns: tuple[str, ...]
    floored: tuple[str, ...]  # columns that have floors
    figures: dict[str, dict[str, dict[str, float | None]]] = field(default_factory=dict)
    shares: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)  # by set: a line each, with its sentence

    def text(self) -> str:
        """Return the tables as they are printed."""
        lines = [*self.notes, ""] if self.notes else []
        for name, systems in self.figures.items():
            lines.append(f"{name:34}" + "".join(f"{column:>12}" for column in self.columns))
            for system, figures in systems.items():
                lines.append(
                    f"  {system:32}" + "".join(_cell(column, figures.get(column)) for column in self.columns)
                )
        for name, fields in self.shares.items():
            lines.append(f"\n{name}: share of pages decided by each rule")
            for field_name, rules in fields.items():
                said = ", ".join(f"{rule} {share:.0%}" for rule, share in rules.items())
                lines.append(f"  {field_name:10} {said}")
        for name, errors in self.errors.items():
            lines.append(f"\n{name}: {len(errors)} errors")
            lines.extend(f"  {error}" for error in errors)
        return "\n".join(lines)


def _cell(column: str, value: float | None) -> str:
    if value is None:
        return f"{'-':>12}"
    is_count = column == "pages" or isinstance(value, int)
    return f"{value:>12.0f}" if is_count else f"{value:>12.3f}"


Kind = Callable[[Asked], Report]
"""Measures and reports; raises nothing for a corpus that is not there."""
KINDS: Registry[Kind] = Registry("tracker.management.evaluate")
OURS = "retort"
"""The system whose figures have floors."""
