"""What is on file about entities, as values: names, types, posts and families."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.linking.family import Pair, children_of, parents_of, reached
from tracker.linking.plain import plain_name
from tracker.records import AliasEntry

_OF_YEAR = re.compile(r" of (?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Post:
    """A post on file: dates as precise as known (2025, 2025-01, 2025-01-20), or empty."""

    title: str
    body_id: int | None
    body_name: str
    start: str = ""
    end: str = ""
    is_shown: bool = False  # seen in a document


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on file about one entity beside its names."""

    entity_id: int
    type: str
    name: str = ""
    subtype: str = ""
    country: str = ""
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """An entity that has a name, and whether the name counts by itself."""

    entity_id: int
    type: str
    is_certain: bool


class Knowledge:
    """Entities by number, who has which name, and who belongs to whom.

    Args:
        aliases: every name of every entity.
        facts: what else is on file about them.
        affiliations: pairs (child, parent).
    """

    def __init__(
        self, aliases: Iterable[AliasEntry], facts: Iterable[Facts] = (), affiliations: Iterable[Pair] = ()
    ) -> None:
        self._facts = {one.entity_id: one for one in facts}
        owners: dict[str, dict[int, Owner]] = defaultdict(dict)
        for alias in aliases:
            is_certain = not (alias.needs_context or alias.never_alone)
            name = plain_name(alias.text)
            shorter = _OF_YEAR.sub("", name) if alias.entity_type == "instrument" else name
            for one in {name, shorter}:
                if is_certain or alias.entity_id not in owners[one]:
                    owner = Owner(alias.entity_id, alias.entity_type, is_certain=is_certain)
                    owners[one][alias.entity_id] = owner
        self._owners = {name: [found[pk] for pk in sorted(found)] for name, found in owners.items()}
        pairs = list(affiliations)
        self._parents, self._children = parents_of(pairs), children_of(pairs)
        self._families: dict[int, frozenset[int]] = {}

    def owners(self, surface: str) -> list[Owner]:
        """Return the entities that have this name, in any dress, by number."""
        return self._owners.get(plain_name(surface), [])

    def facts(self, entity_id: int | None) -> Facts:
        """Return what is on file about an entity; empty facts for one that is not known."""
        return self._facts.get(entity_id or 0, _NOTHING)

    def family(self, entity_id: int) -> frozenset[int]:
        """Return an entity with all it belongs to and all that belongs to it."""
        if entity_id not in self._families:
            found = reached(entity_id, self._parents) | reached(entity_id, self._children) | {entity_id}
            self._families[entity_id] = found
        return self._families[entity_id]

    def bodies(self, entity_id: int) -> frozenset[int]:
        """Return the bodies in which a person holds or held a post, with what the person belongs to."""
        posts = {post.body_id for post in self.facts(entity_id).posts if post.body_id is not None}
        return frozenset(posts | reached(entity_id, self._parents))

    def are_related(self, one: int, other: int) -> bool:
        """Return whether two entities are the same or of one line of descent."""
        return other in self.family(one)


_NOTHING = Facts(0, "")
