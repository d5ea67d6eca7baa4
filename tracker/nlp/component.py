"""What a step over one text looks like, and the table of those that exist.

A step takes a `Reading` and returns the one that goes on: it adds or drops what it knows about and leaves the rest
as it is; it opens nothing. Its versioned name never changes meaning: a better rule is a new file with the next
version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog

from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.parse import Sentence
from tracker.records import FoundMention, FoundQuantity, FoundQuote, FoundRole, FoundTime
from tracker.registry import Registry

log = structlog.get_logger(__name__)

MOST_FOUND = 2_000
"""Roles, quotes, quantities or times of one text that are kept, the first; a longer list is a table or an attack."""
_Found = TypeVar("_Found")


def bounded(what: str, found: Sequence[_Found]) -> Sequence[_Found]:
    """Return what was found, without what goes beyond the most; the log says that something was left out.

    Args:
        what: the kind of finding, for the log.
        found: by start.
    """
    if len(found) <= MOST_FOUND:
        return found
    log.warning("too_many_found", what=what, n=len(found), n_kept=MOST_FOUND)
    return found[:MOST_FOUND]


@dataclass(frozen=True, slots=True)
class Reading:
    """One text with what was found so far; every list is sorted by start."""

    title: str
    text: str
    gazetteer: Gazetteer
    language: str = ""
    is_read: bool = False  # whether the model read it: English, as far as is known
    published: dt.date | None = None
    sentences: Sequence[
        Sentence
    ] = ()  # empty where the text is not parsed: off the subject, or no model reads it
    mentions: Sequence[FoundMention] = ()
    roles: Sequence[FoundRole] = ()
    quotes: Sequence[FoundQuote] = ()
    quantities: Sequence[FoundQuantity] = ()
    times: Sequence[FoundTime] = ()


Step = Callable[[Reading], Reading]


@dataclass(frozen=True, slots=True)
class Component:
    """A step, its versioned name and its place: lower orders run first.

    10 to 49 shape what the model found, 50 lays the gazetteer over it, 60 to 69 find names and roles by pattern, 70
    dates, 80 quotes, 90 quantities.
    """

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
