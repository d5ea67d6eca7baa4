"""Mention to entity, where the language stage left a name open: within one text, on what is on file.

Promises no guess: a name without an entity stays so unless one rule leaves exactly one entity, and each link says
which rule that was. Linking twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.linking.describe import with_descriptions
from tracker.linking.knowledge import Knowledge
from tracker.linking.namesake import SHARED, settle
from tracker.linking.plain import plain_name
from tracker.linking.short import with_short_forms
from tracker.records import Analysis, FoundMention, FoundRole

__all__ = ["LinkDecision", "decide", "link", "linked", "plain_name"]

_KINDS = {
    "PERSON": frozenset({"person"}),
    "ORG": frozenset({"organisation", "public_body"}),
    "PUBLIC_BODY": frozenset({"organisation", "public_body"}),
    "GPE": frozenset({"place"}),
    "LOC": frozenset({"place"}),
    "LAW": frozenset({"instrument"}),
    "PRODUCT": frozenset({"model"}),
}
_GROUP = re.compile(r"[,\s]+(?:group|holdings?)$")
_SCORE = 0.85
_DRESS = "name without its legal form"
_OTHER_KIND = "name of another kind of entity"
_UNSURE = 0.5
_DECIDED = frozenset({SHARED, "namesake, role of another", "short form of two names"})


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """The entity a name stands for, or none, with the rule that said so."""

    entity_id: int | None
    rule: str


def linked(analysis: Analysis, text: str, known: Knowledge) -> Analysis:
    """Return an analysis whose mentions are linked within their text."""
    return replace(analysis, mentions=tuple(link(text, analysis.mentions, known, roles=analysis.roles)))


def link(
    text: str, mentions: Sequence[FoundMention], known: Knowledge, *, roles: Sequence[FoundRole] = ()
) -> list[FoundMention]:
    """Return the mentions by start, linked where the rules allow it, with short forms and descriptions added.

    Args:
        text: what offsets count in.
        mentions: what the language stage found.
        known: what is on file.
        roles: printed roles; their spans are those of mentions, or of words beside a title.
    """
    dressed = [_in_another_dress(mention, known) for mention in mentions]
    settled = settle(text, dressed, roles, known)
    short = with_short_forms(text, settled)
    return with_descriptions(text, short, roles, known)


def decide(mention: FoundMention, known: Knowledge) -> LinkDecision:
    """Decide which entity one name stands for by itself: the same name in another dress."""
    if mention.entity_id is not None or mention.rule in _DECIDED or mention.form == "description":
        return LinkDecision(mention.entity_id, mention.rule)
    owners = known.owners(mention.surface) or known.owners(_GROUP.sub("", plain_name(mention.surface)))
    if not any(owner.is_certain for owner in owners):
        return LinkDecision(None, "no such name")
    if len(owners) > 1:
        return LinkDecision(None, "name of several entities")
    fitting = [owner for owner in owners if owner.type in _KINDS.get(mention.label, frozenset())]
    if not fitting:
        return LinkDecision(None, _OTHER_KIND)
    return LinkDecision(fitting[0].entity_id, _DRESS)


def _in_another_dress(mention: FoundMention, known: Knowledge) -> FoundMention:
    kind = known.facts(mention.entity_id).type
    if kind and kind not in _KINDS.get(mention.label, frozenset({kind})):
        return replace(mention, entity_id=None, rule=_OTHER_KIND, score=min(mention.score, _UNSURE))
    decision = decide(mention, known)
    if mention.entity_id is not None or decision.entity_id is None:
        return mention
    return replace(mention, entity_id=decision.entity_id, rule=decision.rule, score=_SCORE)
