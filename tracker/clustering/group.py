"""Articles to groups, each the coverage of one event, independent of the order of arrival.

Articles are taken in the order of their events. Each joins the group with which it agrees best, if it agrees
with that group's founder or with at least half of its members: a chain of look-alikes does not pull two
events together. The same set of articles always gives the same groups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from tracker.clustering.decide import LONGEST_DISTANCE, is_same_text, same_event
from tracker.records import Decision, GroupCandidate


def components(candidates: Iterable[GroupCandidate]) -> list[list[GroupCandidate]]:
    """Return the groups, oldest founder first; in each, the founder first and the rest by event time.

    Args:
        candidates: the articles of one bounded neighbourhood, at most a few hundred; repeats count once.
    """
    groups: list[list[GroupCandidate]] = []
    for candidate in sorted(set(candidates), key=event_order):
        near = [group for group in groups if _is_near(candidate, group)]
        fits = [(fit, at) for at, group in enumerate(near) if (fit := _fit(candidate, group)) is not None]
        if fits:
            best = max(fits, key=lambda pair: (pair[0], -pair[1]))
            near[best[1]].append(candidate)
        else:
            groups.append([candidate])
    return groups


def founder(group: Sequence[GroupCandidate]) -> GroupCandidate:
    """Return the member whose event is oldest; the address breaks ties."""
    return min(group, key=event_order)


def event_order(candidate: GroupCandidate) -> tuple[dt.datetime, str, int]:
    """Return the key by which articles are taken: event time, address, row."""
    return candidate.happened_at, candidate.key, candidate.article_id


def why_in(candidate: GroupCandidate, group: Sequence[GroupCandidate]) -> Decision:
    """Return the strongest agreement of `candidate` with another member: the reason an entry page shows."""
    others = sorted((m for m in group if m != candidate), key=event_order)
    rulings = [same_event(candidate, other) for other in others]
    if not rulings:
        return Decision(is_same=True, reason="alone in its entry", score=1.0)
    return max(rulings, key=lambda ruling: (ruling.is_same, ruling.score))


def _is_near(candidate: GroupCandidate, group: Sequence[GroupCandidate]) -> bool:
    if candidate.happened_at - group[-1].happened_at <= LONGEST_DISTANCE:
        return True
    return any(is_same_text(candidate, member) for member in group)


def _fit(candidate: GroupCandidate, group: Sequence[GroupCandidate]) -> float | None:
    """Return how well the candidate agrees with the group, or None when it does not belong."""
    rulings = [same_event(candidate, member) for member in group]
    n_same = sum(ruling.is_same for ruling in rulings)
    is_copy = any(is_same_text(candidate, member) for member in group)
    if not (is_copy or rulings[0].is_same or 2 * n_same >= len(rulings)):
        return None
    return max(ruling.score for ruling in rulings if ruling.is_same)
