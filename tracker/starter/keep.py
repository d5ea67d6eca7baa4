"""Adds the rows that are missing and touches none that is there, so that what people did is never undone.

A row counts as there when its natural key is in the table, and as decided against when the key only stands in
the table's history: somebody renamed or deleted it. Neither is written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)
BATCH = 400


@dataclass(slots=True)
class Count:
    """What became of the pack's rows of one kind."""

    n_added: int = 0
    n_unchanged: int = 0
    n_differing: int = 0  # there, but not as the pack says; kept as they are
    n_decided: int = 0  # renamed or deleted by a person; not brought back
    left_out: list[str] = field(default_factory=list)  # what cannot be stored, with the reason


@dataclass(slots=True)
class Keeper:
    """Adds rows kind by kind and keeps count.

    Args:
        reason: what the history gives as the reason of each new row.
    """

    reason: str
    counts: dict[str, Count] = field(default_factory=dict)

    def count(self, noun: str) -> Count:
        """Return the count of `noun`, begun when first asked for."""
        return self.counts.setdefault(noun, Count())

    def add(
        self, noun: str, rows: Sequence[M], *, key: Sequence[str], compare: Sequence[str] = ()
    ) -> list[M]:
        """Store those of `rows` that are neither there nor decided against; return them with their ids.

        Args:
            noun: what the preview calls them.
            rows: unsaved rows, all of one model.
            key: the fields of the natural key (foreign keys as `entity_id`).
            compare: further fields in which a stored row may differ from the pack.
        """
        count = self.count(noun)
        if not rows:
            return []
        model: Any = type(rows[0])
        stored = {
            values[: len(key)]: values[len(key) :] for values in model.objects.values_list(*key, *compare)
        }
        history = getattr(model, "history", None)
        decided = set(history.values_list(*key)) if history is not None else set()
        fresh: dict[tuple[object, ...], M] = {}
        for row in rows:
            own = tuple(getattr(row, name) for name in key)
            if own in stored:
                is_same = stored[own] == tuple(getattr(row, name) for name in compare)
                count.n_unchanged += is_same
                count.n_differing += not is_same
            elif own in decided:
                count.n_decided += 1
            else:
                fresh.setdefault(own, row)
        created: list[M] = model.objects.bulk_create(fresh.values(), batch_size=BATCH)
        self.note(created)
        count.n_added += len(created)
        return created

    def note(self, rows: Sequence[Model]) -> None:
        """Write the first line of the history of new rows, which bulk creation leaves out."""
        history = getattr(type(rows[0]), "history", None) if rows else None
        if history is not None:
            history.bulk_history_create(rows, batch_size=BATCH, default_change_reason=self.reason)
