"""Measures: how much of a text was found, which names, which day.

Body is measured as article-extraction benchmarks do: runs of four words that text and gold share, each page
weighing the same whatever its length.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RUN = 4
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|\w+?(?=[\u3040-\u30ff\u3400-\u9fff]|\b)"
)


def body_counts(found: str, gold: str) -> tuple[float, float, float]:
    """Return shared, surplus and missing runs of four words, as shares of all three."""
    mine, truth = _runs(found), _runs(gold)
    shared = (mine & truth).total()
    surplus, missing = mine.total() - shared, truth.total() - shared
    whole = shared + surplus + missing
    return (shared / whole, surplus / whole, missing / whole) if whole else (1.0, 0.0, 0.0)


def body_f1(counts: Sequence[tuple[float, float, float]]) -> float:
    """Return F1 over pages from their counts."""
    shared, surplus, missing = (sum(column) for column in zip(*counts, strict=True))
    return 2 * shared / (2 * shared + surplus + missing) if shared else 0.0


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) < _RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[start:] for start in range(_RUN)), strict=False))


def fold(text: str) -> str:
    """Return `text` as it is compared: no case, no punctuation, single spaces."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def names_f1(found: Iterable[str], gold: Iterable[str]) -> float:
    """Return F1 of two sets of names; two empty sets agree."""
    mine, truth = ({name for raw in names if (name := fold(raw))} for names in (found, gold))
    if not mine and not truth:
        return 1.0
    return 2 * len(mine & truth) / (len(mine) + len(truth))


def is_day(found: dt.date | None, gold: dt.datetime) -> bool:
    """Whether a day is the day of `gold`, in the zone in which it is printed or in UTC."""
    return found in days_of(gold)


def days_of(moment: dt.datetime) -> set[dt.date]:
    """Return the day of a moment as printed and in UTC."""
    return {moment.date()} | ({moment.astimezone(dt.UTC).date()} if moment.tzinfo else set())
