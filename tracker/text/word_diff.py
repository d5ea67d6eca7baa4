"""The difference of two texts in words: paragraphs are aligned first, then the words of those that changed.

Promises that joining what is kept and inserted gives the new text, and what is kept and deleted the old one, but for
white space; and that the cost stays bounded: where a comparison would cost too much, the passage counts as replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PARAGRAPH_PAIRS = 1_000_000
MOST_WORD_PAIRS = 250_000
MOST_WORK = 6_000_000
"""Pairs of words compared in all; what lies beyond is shown as replaced."""

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"\n|[{_WIDE}]|[^\s{_WIDE}]+|[^\S\n]+")
KEPT, INSERTED, DELETED = "", "ins", "del"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that was kept (''), inserted ('ins') or deleted ('del')."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that are the same in both texts, or differ."""

    is_same: bool
    runs: tuple[Run, ...]
    n_paragraphs: int


def compare(before: str, after: str) -> list[Passage]:
    """Return both texts as one sequence of passages."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    passages: list[Passage] = []
    work = 0
    for is_same, ours, theirs in _aligned(old, new):
        if is_same:
            passages.append(Passage(is_same=True, runs=(Run(KEPT, "\n".join(ours)),), n_paragraphs=len(ours)))
            continue
        a, b = _TOKEN.findall("\n".join(ours)), _TOKEN.findall("\n".join(theirs))
        work += len(a) * len(b)
        runs = _words(a, b, is_cheap=work <= MOST_WORK)
        n = max(len(ours), len(theirs))
        passages.append(Passage(is_same=False, runs=tuple(runs), n_paragraphs=n))
    return passages


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield stretches of paragraphs: whether they are the same, the old ones, the new ones."""
    head = _n_alike(old, new)
    tail = _n_alike(old[head:][::-1], new[head:][::-1])
    if head:
        yield True, old[:head], new[:head]
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(a) * len(b) > MOST_PARAGRAPH_PAIRS:
        yield False, a, b
    elif a or b:
        for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            yield op == "equal", a[i:j], b[k:m]
    if tail:
        yield True, old[len(old) - tail :], new[len(new) - tail :]


def _n_alike(a: Sequence[str], b: Sequence[str]) -> int:
    return next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _words(a: Sequence[str], b: Sequence[str], *, is_cheap: bool) -> list[Run]:
    head = _n_alike(a, b)
    tail = _n_alike(a[head:][::-1], b[head:][::-1])
    x, y = a[head : len(a) - tail], b[head : len(b) - tail]
    runs = [Run(KEPT, "".join(a[:head]))]
    if is_cheap and len(x) * len(y) <= MOST_WORD_PAIRS:
        for op, i, j, k, m in SequenceMatcher(None, x, y, autojunk=False).get_opcodes():
            if op == "equal":
                runs.append(Run(KEPT, "".join(x[i:j])))
            else:
                runs += [Run(DELETED, "".join(x[i:j])), Run(INSERTED, "".join(y[k:m]))]
    else:
        runs += [Run(DELETED, "".join(x)), Run(INSERTED, "".join(y))]
    runs.append(Run(KEPT, "".join(a[len(a) - tail :])))
    return _readable([run for run in runs if run.text])


def _readable(runs: Sequence[Run]) -> list[Run]:
    """Join changes that only white space parts, so that a rewritten phrase is struck out as a whole."""
    merged: list[Run] = []
    deleted = inserted = ""
    for n, run in enumerate(runs):
        is_gap = run.op == KEPT and run.text.isspace() and "\n" not in run.text and 0 < n < len(runs) - 1
        if run.op == KEPT and not is_gap:
            merged += [Run(DELETED, deleted), Run(INSERTED, inserted), run]
            deleted = inserted = ""
            continue
        deleted += run.text if run.op != INSERTED else ""
        inserted += run.text if run.op != DELETED else ""
    merged += [Run(DELETED, deleted), Run(INSERTED, inserted)]
    return [run for run in merged if run.text]


def only_changes(
    passages: Sequence[Passage], *, n_context: int, most_words: int
) -> tuple[list[tuple[Run, ...]], bool]:
    """Return each change with at most `n_context` words around it, and whether that is all that changed.

    Args:
        passages: what `compare` returned.
        n_context: words of kept text shown on either side of a change.
        most_words: words shown in all; the rest is left out.
    """
    shown: list[tuple[Run, ...]] = []
    left = most_words
    for passage in passages:
        if passage.is_same:
            continue
        runs: list[Run] = []
        for n, run in enumerate(passage.runs):
            is_first, is_last = n == 0, n == len(passage.runs) - 1
            text = (
                _clipped(run.text, n_context, is_first=is_first, is_last=is_last)
                if run.op == KEPT
                else run.text
            )
            n_words = len(_TOKEN.findall(text)) // 2 + 1
            if n_words > left:
                return [*shown, *([tuple(runs)] if any(r.op for r in runs) else [])], False
            left -= n_words
            runs.append(Run(run.op, text))
        shown.append(tuple(runs))
    return shown, True


def _clipped(text: str, n_words: int, *, is_first: bool, is_last: bool) -> str:
    """Return what stands beside the changes of a kept stretch, with an ellipsis for the rest."""
    tokens = _TOKEN.findall(text)
    most = 2 * n_words
    if is_first:
        return text if len(tokens) <= most else "… " + "".join(tokens[-most:]).lstrip()
    if is_last:
        return text if len(tokens) <= most else "".join(tokens[:most]).rstrip() + " …"
    if len(tokens) <= 2 * most:
        return text
    return "".join(tokens[:most]).rstrip() + " … " + "".join(tokens[-most:]).lstrip()
