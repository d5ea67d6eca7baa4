"""The names on file, as values for the language stage."""

from __future__ import annotations

from tracker.models import Alias, Entity
from tracker.records import AliasEntry

AI_SUBTYPES = frozenset({"ai-lab", "ai-company"})


def is_ai(kind: str, subtype: str) -> bool:
    """Return whether an entity of this type makes a text one about AI: a model, a product, or who makes them."""
    return kind == Entity.Type.MODEL or subtype in AI_SUBTYPES


def alias_entries() -> list[AliasEntry]:
    """Return every name of every public entity: its own name and its aliases, in a fixed order."""
    kinds = {
        pk: (kind, subtype)
        for pk, kind, subtype in Entity.objects.filter(is_public=True).values_list("pk", "type", "subtype")
    }
    names: dict[tuple[int, str], Alias] = {
        (alias.entity_id, alias.text): alias for alias in Alias.objects.filter(entity__is_public=True)
    }
    for pk, name in Entity.objects.filter(is_public=True).values_list("pk", "name"):
        names.setdefault((pk, name), Alias(entity_id=pk, text=name))
    return [
        AliasEntry(
            entity_id=pk,
            entity_type=kinds[pk][0],
            text=text,
            is_case_sensitive=alias.is_case_sensitive,
            needs_context=alias.needs_context,
            context_words=tuple(str(word) for word in alias.context_words),
            never_alone=alias.never_alone,
            is_ai=is_ai(*kinds[pk]),
        )
        for (pk, text), alias in sorted(names.items(), key=lambda pair: pair[0])
    ]
