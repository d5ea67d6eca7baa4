"""Whether two articles tell of one event: a value in, a value out, and the reason with it.

Promises an answer that depends on the two articles only, not on the archive or on who came first, so that it
is the same in any order of arrival. Names that both share lower the bar a little but never clear it: content
words must agree in the lead and in the body.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tracker.clustering.words import common_words
from tracker.records import Decision, GroupCandidate

Rule = Callable[["Pair"], Decision | None]

LONGEST_DISTANCE = dt.timedelta(days=5)
SUBJECT_WEIGHT = 0.35
NUMBER_WEIGHT = 1.5
LEAD_BAR_SHORT = 0.48  # both a headline
LEAD_BAR_LONG = 0.30  # both a headline with its first paragraphs
BODY_BAR = 0.20
BAR_PER_DAY = 0.02
NAMES_EASE = 0.03
FEWEST_OWN_WORDS_SHORT = 3
FEWEST_OWN_WORDS_LONG = 5
_FEWEST_OF_A_TEXT = 8
_MANY_DIGITS = 3
_SHORT_LEAD = 12  # content words
_LONG_LEAD = 28


@dataclass(frozen=True, slots=True)
class Pair:
    """What two articles have in common, measured once."""

    is_same_text: bool
    distance: dt.timedelta
    lead: float
    body: float
    n_own_words: int
    names: float
    is_both_named: bool
    length: float  # of the shorter lead: 0 for a headline, 1 for a headline with its first paragraphs


def same_event(a: GroupCandidate, b: GroupCandidate) -> Decision:
    """Decide whether two articles tell of one event.

    Args:
        a: one article.
        b: the other; the order of the two does not matter.

    Returns:
        The ruling with its reason; the score is the mean agreement of lead and body, 0 to 1.
    """
    pair = _compared(a, b)
    score = round((pair.lead + pair.body) / 2, 4)
    for rule in _RULES:
        ruling = rule(pair)
        if ruling is not None:
            return Decision(ruling.is_same, ruling.reason, max(score, ruling.score))
    return Decision(is_same=True, reason=_agreement(pair), score=score)


def is_same_text(a: GroupCandidate, b: GroupCandidate) -> bool:
    """Return whether both carry one text, long enough that it is not a notice such as 'subscribe to read'."""
    return bool(a.text_hash) and a.text_hash == b.text_hash and len(a.words | b.words) >= _FEWEST_OF_A_TEXT


def _same_text(pair: Pair) -> Decision | None:
    return Decision(is_same=True, reason="the same text", score=1.0) if pair.is_same_text else None


def _too_far_apart(pair: Pair) -> Decision | None:
    if pair.distance <= LONGEST_DISTANCE:
        return None
    return Decision(is_same=False, reason=f"{pair.distance.days} days apart")


def _no_own_words(pair: Pair) -> Decision | None:
    fewest = _between(FEWEST_OWN_WORDS_SHORT, FEWEST_OWN_WORDS_LONG, pair)
    if pair.n_own_words >= int(fewest):
        return None
    reason = f"only {pair.n_own_words} content words shared besides names and words of the whole subject"
    return Decision(is_same=False, reason=reason)


def _other_names(pair: Pair) -> Decision | None:
    if not pair.is_both_named or pair.names > 0:
        return None
    return Decision(is_same=False, reason="no name in common")


def _leads_differ(pair: Pair) -> Decision | None:
    bar = _bar(_between(LEAD_BAR_SHORT, LEAD_BAR_LONG, pair), pair)
    if pair.lead >= bar:
        return None
    return Decision(is_same=False, reason=f"leads agree by {pair.lead:.2f}, {bar:.2f} is needed")


def _bodies_differ(pair: Pair) -> Decision | None:
    bar = _bar(BODY_BAR, pair)
    if pair.body >= bar:
        return None
    return Decision(is_same=False, reason=f"texts agree by {pair.body:.2f}, {bar:.2f} is needed")


_RULES: tuple[Rule, ...] = (
    _same_text,
    _too_far_apart,
    _no_own_words,
    _other_names,
    _leads_differ,
    _bodies_differ,
)


def _bar(lowest: float, pair: Pair) -> float:
    """Return the bar for this pair: higher by the day, a little lower when most names are shared."""
    days = pair.distance / dt.timedelta(days=1)
    ease = NAMES_EASE if pair.names >= 0.5 else 0.0  # noqa: PLR2004 - half of the names
    return lowest + BAR_PER_DAY * days - ease


def _between(short: float, long: float, pair: Pair) -> float:
    return short + (long - short) * pair.length


def _agreement(pair: Pair) -> str:
    hours = pair.distance / dt.timedelta(hours=1)
    return (
        f"leads agree by {pair.lead:.2f} and texts by {pair.body:.2f}, "
        f"{pair.n_own_words} content words shared, {hours:.0f} h apart"
    )


def _compared(a: GroupCandidate, b: GroupCandidate) -> Pair:
    lead_a, lead_b = a.lead or a.words, b.lead or b.words
    names = a.entity_ids | b.entity_ids
    return Pair(
        is_same_text=is_same_text(a, b),
        distance=abs(a.happened_at - b.happened_at),
        lead=_overlap(lead_a, lead_b),
        body=_overlap(a.words, b.words),
        n_own_words=len((lead_a & lead_b) - common_words("subject")),
        names=len(a.entity_ids & b.entity_ids) / len(names) if names else 0.0,
        is_both_named=bool(a.entity_ids and b.entity_ids),
        length=min(1.0, max(0.0, (min(len(lead_a), len(lead_b)) - _SHORT_LEAD) / (_LONG_LEAD - _SHORT_LEAD))),
    )


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Return twice the shared weight over the total weight (Dice), 0 to 1."""
    parts_a, parts_b = _parts(a), _parts(b)
    total = _weight(*map(len, parts_a)) + _weight(*map(len, parts_b))
    shared = _weight(*(len(one & other) for one, other in zip(parts_a, parts_b, strict=True)))
    return 2 * shared / total if total else 0.0


def _weight(n_own: int, n_numbers: int, n_subject: int) -> float:
    """Return the weight of a set by how many words of each kind it holds; counts have no order."""
    return n_own + NUMBER_WEIGHT * n_numbers + SUBJECT_WEIGHT * n_subject


@lru_cache(maxsize=2048)
def _parts(words: frozenset[str]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return words of the story, telling numbers, and words of the whole subject."""
    subject = words & common_words("subject")
    numbers = frozenset(w for w in words - subject if w[0].isdigit() and len(w) >= _MANY_DIGITS)
    return words - subject - numbers, numbers, subject
