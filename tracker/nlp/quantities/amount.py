"""Amounts: a number from its comparator to its unit, with what it counts; nothing of whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that counts something; offsets in code points of the text."""

    start: int
    end: int
    number: int  # where the figure itself begins
    metric: str
    comparator: str
    value: Decimal | None
    high: Decimal | None
    unit: str
    rule: str
