"""What a step over the mentions of one text looks like, and the table of those that exist.

A step takes a `Reading` and returns the mentions that go on; it opens nothing and changes nothing else. Its
versioned name never changes meaning: a better rule is a new file with the next version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.nlp.gazetteer import Gazetteer
from tracker.records import FoundMention
from tracker.registry import Registry


@dataclass(frozen=True, slots=True)
class Reading:
    """One text with the mentions found so far, sorted by start."""

    title: str
    text: str
    mentions: Sequence[FoundMention]
    gazetteer: Gazetteer


Step = Callable[[Reading], Sequence[FoundMention]]


@dataclass(frozen=True, slots=True)
class Component:
    """A step, its versioned name and its place: lower orders run first."""

    name: str
    order: int
    apply: Step


components: Registry[Component] = Registry("tracker.nlp.components")


def component(name: str, order: int) -> Callable[[Step], Step]:
    """Return a decorator that files a step under `name`; it runs at `order`, then by name."""

    def add(step: Step) -> Step:
        components.register(name)(Component(name, order, step))
        return step

    return add


def in_order(*, without: frozenset[str] = frozenset()) -> list[Component]:
    """Return the components that run, in their order; KeyError when `without` names an unknown one."""
    for name in without:
        components.get(name)
    running = [found for name, found in components if name not in without]
    return sorted(running, key=lambda found: (found.order, found.name))
