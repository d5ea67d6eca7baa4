"""The names on file, as values for the language stage."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.models import Alias, Entity
from tracker.records import AliasEntry

_RULES = ("is_case_sensitive", "needs_context", "context_words", "never_alone")
_Rules = tuple[bool, bool, Sequence[object], bool]
AI_SUBTYPES = frozenset({"ai-lab", "ai-company"})


def is_ai(kind: str, subtype: str) -> bool:
    """Return whether an entity of this type makes a text one about AI: a model, a product, or who makes them."""
    return kind == Entity.Type.MODEL or subtype in AI_SUBTYPES


def alias_entries() -> list[AliasEntry]:
    """Return every name of every public entity: its own name and its aliases, in a fixed order."""
    kinds: dict[int, tuple[str, str]] = {}
    names: dict[tuple[int, str], _Rules] = {}
    entities = Entity.objects.filter(is_public=True)
    for pk, name, kind, subtype in entities.values_list("pk", "name", "type", "subtype"):
        kinds[pk] = (kind, subtype)
        names[pk, name] = (False, False, [], False)
    # plain rows, as every process asks for all names every few seconds
    for pk, text, *rules in Alias.objects.values_list("entity_id", "text", *_RULES):
        if pk in kinds:
            names[pk, text] = (rules[0], rules[1], rules[2], rules[3])
    return [
        AliasEntry(
            entity_id=pk,
            entity_type=kinds[pk][0],
            text=text,
            is_case_sensitive=rule[0],
            needs_context=rule[1],
            context_words=tuple(str(word) for word in rule[2]),
            never_alone=rule[3],
            is_ai=is_ai(*kinds[pk]),
        )
        for (pk, text), rule in sorted(names.items(), key=lambda pair: pair[0])
    ]
