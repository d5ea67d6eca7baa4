"""Floors under measured figures: a file of numbers that only go up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.management.evaluate.kinds import OURS

if TYPE_CHECKING:
    from tracker.management.evaluate.kinds import Report

Floors = dict[str, dict[str, float]]
_STEP = 1000


def read_floors(path: Path, kind: str) -> Floors:
    """Return the floors of a kind by set and column; none when the file has none.

    Raises:
        ValueError: the file is no JSON of that form.
    """
    if not path.exists():
        return {}
    return {name: dict(floors) for name, floors in json.loads(path.read_text("utf-8")).get(kind, {}).items()}


def below(report: Report, floors: Floors) -> list[str]:
    """Return a sentence for each figure that lies under its floor; sets that were not measured are left out."""
    found = []
    for name, columns in floors.items():
        figures = report.figures.get(name, {}).get(OURS)
        if figures is None:
            continue
        for column, floor in columns.items():
            figure = figures.get(column)
            if figure is None or figure < floor:
                found.append(
                    f"{name}: {column} is {figure if figure is None else round(figure, 4)}, floor {floor}"
                )
    return found


def raised(report: Report, floors: Floors, columns: tuple[str, ...]) -> Floors:
    """Return the floors with every figure that is higher now, cut to three digits; none is ever lowered."""
    new = {name: dict(old) for name, old in floors.items()}
    for name, systems in report.figures.items():
        for column in columns:
            figure = systems.get(OURS, {}).get(column)
            if figure is not None:
                known = new.setdefault(name, {})
                known[column] = max(known.get(column, 0.0), int(figure * _STEP) / _STEP)
    return new


def write_floors(path: Path, kind: str, floors: Floors) -> None:
    """Put the floors of a kind into the file; other kinds stay."""
    whole = json.loads(path.read_text("utf-8")) if path.exists() else {}
    whole[kind] = floors
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", "utf-8")
