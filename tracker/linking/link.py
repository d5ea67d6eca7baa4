"""Mention to entity, for names that the gazetteer left open: the same name in another dress.

Promises no guess: a name is linked only when, without article, possessive and legal form, it is exactly one
unambiguous alias of one entity of a fitting kind. Everything else stays without an entity, and says why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.records import AliasEntry, FoundMention

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile("['\u2019]s?$")
_LEGAL_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|pbc|gmbh|ag|sa|nv|bv|holdings?)\.?$",
    re.IGNORECASE,
)
_KINDS = {
    "PERSON": frozenset({"person"}),
    "ORG": frozenset({"organisation", "public_body"}),
    "PUBLIC_BODY": frozenset({"organisation", "public_body"}),
    "GPE": frozenset({"place"}),
    "LOC": frozenset({"place"}),
    "LAW": frozenset({"instrument"}),
    "PRODUCT": frozenset({"model"}),
}
_SCORE = 0.85


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """The entity a name stands for, or none, with the rule that said so."""

    entity_id: int | None
    rule: str


Names = Mapping[str, frozenset[tuple[int, str]]]


def known_names(aliases: Iterable[AliasEntry]) -> Names:
    """Return the table `link` looks in: plain form of each unambiguous alias to (entity, type)."""
    table: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for alias in aliases:
        if not (alias.needs_context or alias.never_alone):
            table[plain_name(alias.text)].add((alias.entity_id, alias.entity_type))
    return {name: frozenset(owners) for name, owners in table.items()}


def plain_name(surface: str) -> str:
    """Return the name without article, possessive, legal form, case and extra space."""
    name = _ARTICLE.sub("", " ".join(surface.split()))
    name = _POSSESSIVE.sub("", name)
    shorter = _LEGAL_FORM.sub("", name)
    return (shorter or name).rstrip(",").casefold()


def decide(mention: FoundMention, names: Names) -> LinkDecision:
    """Decide which entity one mention stands for."""
    if mention.entity_id is not None:
        return LinkDecision(mention.entity_id, mention.rule)
    if mention.rule == "shared alias":
        return LinkDecision(None, mention.rule)
    owners = names.get(plain_name(mention.surface), frozenset())
    if not owners:
        return LinkDecision(None, "no such name")
    if len({entity for entity, _ in owners}) > 1:
        return LinkDecision(None, "name of several entities")
    fitting = [entity for entity, kind in owners if kind in _KINDS.get(mention.label, frozenset())]
    if not fitting:
        return LinkDecision(None, "name of another kind of entity")
    return LinkDecision(fitting[0], "name without its legal form")


def link(mentions: Sequence[FoundMention], names: Names) -> list[FoundMention]:
    """Return the mentions in order, linked where the rules allow it; linking twice changes nothing."""
    linked = []
    for mention in mentions:
        decision = decide(mention, names)
        if mention.entity_id is None and decision.entity_id is not None:
            linked.append(replace(mention, entity_id=decision.entity_id, rule=decision.rule, score=_SCORE))
        else:
            linked.append(mention)
    return linked
