"""Families of entities: what belongs to what, walked up and down, and never round in a circle.

An affiliation is a pair (child, parent): lab to company, model to maker, body to government.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]
Table = Mapping[int, frozenset[int]]


def parents_of(affiliations: Iterable[Pair]) -> Table:
    """Return the parents of each entity that has one."""
    return _table(affiliations)


def children_of(affiliations: Iterable[Pair]) -> Table:
    """Return the children of each entity that has one."""
    return _table((parent, child) for child, parent in affiliations)


def reached(start: int, table: Table) -> frozenset[int]:
    """Return all that is reached from an entity along a table, itself left out; a circle in it does no harm."""
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for further in table.get(waiting.pop(), frozenset()):
            if further not in seen:
                seen.add(further)
                waiting.append(further)
    return frozenset(seen - {start})


def with_affiliated(entity: int, affiliations: Iterable[Pair]) -> frozenset[int]:
    """Return an entity with all that belongs to it, however far below: what 'include affiliated' means."""
    return reached(entity, children_of(affiliations)) | {entity}


def circle(child: int, parent: int, affiliations: Iterable[Pair]) -> list[int]:
    """Return the way by which the parent already belongs to the child, or nothing where the pair makes no circle.

    Args:
        child: who would belong.
        parent: to whom.
        affiliations: those that stand.

    Returns:
        The entities of the circle from `child` back to `child`.
    """
    if child == parent:
        return [child, child]
    table = parents_of(affiliations)
    came_from: dict[int, int] = {parent: child}
    waiting = [parent]
    while waiting:
        here = waiting.pop(0)
        for further in sorted(table.get(here, ())):
            if further == child:
                return _way_back(here, child, came_from)
            if further not in came_from:
                came_from[further] = here
                waiting.append(further)
    return []


def _way_back(last: int, child: int, came_from: Mapping[int, int]) -> list[int]:
    way = [child, last]
    while way[-1] != child:
        way.append(came_from[way[-1]])
    return way[::-1]


def _table(pairs: Iterable[Pair]) -> dict[int, frozenset[int]]:
    table: dict[int, set[int]] = defaultdict(set)
    for below, above in pairs:
        table[below].add(above)
    return {below: frozenset(above) for below, above in table.items()}
