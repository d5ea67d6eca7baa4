"""How often an endpoint usually brings something, and what is unusual: too old, too quiet, too much, something else.

Plain decisions: values in, a sentence out, or None when all is as usual.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING

from tracker.text.when import age_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

DAY_S = 86_400.0
MIN_GAPS = 4
"""Pauses that must be known before an endpoint has a rhythm."""
PATIENCE = 3.0
"""How many usual pauses may pass before an endpoint counts as silent."""
LEAST_PATIENCE_S, MOST_PATIENCE_S = 7 * DAY_S, 400 * DAY_S
STORM_FACTOR = 5
STORM_FLOOR = 20
"""New items that are never too many."""
SUBJECT_MIN_NEW, SUBJECT_MIN_KNOWN = 8, 20
SUBJECT_LEAST_SHARE = 0.25

_WORD = re.compile(r"[^\W\d_]{4,}")
_PAIR = re.compile(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}))")
"""Scripts without spaces are compared by pairs of characters, as search does."""


def usual_gap_s(moments: Collection[dt.datetime]) -> float | None:
    """Return the pause (seconds) that nine of ten pauses between items stay below, or None without a rhythm.

    Args:
        moments: publication of the latest items, in any order; the same minute counts once.
    """
    ordered = sorted({moment.replace(second=0, microsecond=0) for moment in moments})
    gaps = sorted((later - earlier).total_seconds() for earlier, later in itertools.pairwise(ordered))
    if len(gaps) < MIN_GAPS:
        return None
    return gaps[min(len(gaps) * 9 // 10, len(gaps) - 1)]


def patience_s(gap_s: float | None) -> float | None:
    """Return after how many seconds without anything new an endpoint is too quiet; None without a rhythm."""
    if gap_s is None:
        return None
    return min(max(PATIENCE * gap_s, LEAST_PATIENCE_S), MOST_PATIENCE_S)


def why_stale(newest: dt.datetime | None, gap_s: float | None, now: dt.datetime) -> str:
    """Return why the newest item of an answer is too old for the endpoint's rhythm, or an empty string."""
    limit_s = patience_s(gap_s)
    if newest is None or limit_s is None or gap_s is None:
        return ""
    age_s = (now - newest).total_seconds()
    if age_s <= limit_s:
        return ""
    return (
        f"The newest item is {age_words(age_s)} old; pauses are usually shorter than {age_words(gap_s)}. "
        "Look whether the publisher uses another address now."
    )


def why_silent(last_new_at: dt.datetime | None, gap_s: float | None, now: dt.datetime) -> str:
    """Return why an endpoint that answers well is too quiet, or an empty string."""
    limit_s = patience_s(gap_s)
    if last_new_at is None or limit_s is None or gap_s is None:
        return ""
    quiet_s = (now - last_new_at).total_seconds()
    if quiet_s <= limit_s:
        return ""
    return (
        f"It answers, and has brought nothing new for {age_words(quiet_s)}; "
        f"pauses are usually shorter than {age_words(gap_s)}."
    )


def why_storm(n_new: int, usual: Sequence[int], days: float, *, per_day: float) -> str:
    """Return why so many new items are unusual, or an empty string.

    Args:
        n_new: new items of this poll.
        usual: how many items earlier polls brought that brought any; empty before the second such poll.
        days: since the last poll that went well; after a long outage more is usual.
        per_day: new items a day over the endpoint's known life.
    """
    if n_new <= STORM_FLOOR or not usual:
        return ""
    most_usual = sorted(usual)[min(len(usual) * 9 // 10, len(usual) - 1)]
    expected = max(float(most_usual), per_day * days, 1.0)
    if n_new <= STORM_FACTOR * expected:
        return ""
    return f"{n_new} new items at once; {expected:.0f} would be many for this endpoint."


def why_other_subject(new_titles: Sequence[str], known_titles: Sequence[str]) -> str:
    """Return why new headlines look like another publication's, or an empty string.

    Headlines of one publisher share words with its earlier ones; those of a hijacked or replaced feed do not.
    """
    if len(new_titles) < SUBJECT_MIN_NEW or len(known_titles) < SUBJECT_MIN_KNOWN:
        return ""
    known = set().union(*(_words(title) for title in known_titles))
    n_alike = sum(bool(_words(title) & known) for title in new_titles)
    if n_alike >= SUBJECT_LEAST_SHARE * len(new_titles):
        return ""
    return (
        f"Only {n_alike} of {len(new_titles)} new headlines share a word with the last "
        f"{len(known_titles)} from here; it may have become something else."
    )


def _words(title: str) -> set[str]:
    return {*_WORD.findall(title.casefold()), *_PAIR.findall(title)}
