"""A small invented world and texts about it, with the mentions and roles that a language stage would find."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tracker.linking.knowledge import Facts, Knowledge, Post
from tracker.linking.link import link
from tracker.records import AliasEntry, FoundMention, FoundRole

LUMORA, TESSEL, BUREAU, COMMITTEE, VELD, CHINA, BEACON = range(1, 8)
REED_OFFICIAL, REED_CHIEF, PANEL = 11, 12, 13
ALIASES = (
    AliasEntry(LUMORA, "organisation", "Lumora"),
    AliasEntry(LUMORA, "organisation", "Lumora Labs"),
    AliasEntry(TESSEL, "organisation", "Tessel"),
    AliasEntry(BUREAU, "public_body", "Trade Bureau"),
    AliasEntry(COMMITTEE, "public_body", "Harbour Committee"),
    AliasEntry(PANEL, "public_body", "River Committee"),
    AliasEntry(VELD, "person", "Mara Veld"),
    AliasEntry(VELD, "person", "Veld", never_alone=True),
    AliasEntry(CHINA, "place", "China"),
    AliasEntry(BEACON, "model", "Beacon", needs_context=True, context_words=("chatbot",)),
    AliasEntry(REED_OFFICIAL, "person", "Jonas Reed"),
    AliasEntry(REED_CHIEF, "person", "Jonas Reed"),
)
KNOWN = Knowledge(
    ALIASES,
    [
        Facts(LUMORA, "organisation", "Lumora", "ai-lab", "US"),
        Facts(TESSEL, "organisation", "Tessel", "company", "CN"),
        Facts(BUREAU, "public_body", "Trade Bureau", "government-body", "US"),
        Facts(COMMITTEE, "public_body", "Harbour Committee", "legislature", "US"),
        Facts(PANEL, "public_body", "River Committee", "legislature", "US"),
        Facts(VELD, "person", "Mara Veld", posts=(Post("Secretary", BUREAU, "Trade Bureau", "2025"),)),
        Facts(CHINA, "place", "China", country="CN"),
        Facts(BEACON, "model", "Beacon"),
        Facts(
            REED_OFFICIAL, "person", "Jonas Reed", posts=(Post("Director", BUREAU, "Trade Bureau", "2024"),)
        ),
        Facts(
            REED_CHIEF,
            "person",
            "Jonas Reed",
            country="CN",
            posts=(Post("Chief executive", TESSEL, "Tessel"),),
        ),
    ],
    [(BEACON, LUMORA)],
)
Names = Mapping[str, tuple[str, int | None] | tuple[str, int | None, str]]
USUAL: Names = {
    "Lumora Labs": ("ORG", LUMORA),
    "Lumora": ("ORG", LUMORA),
    "Tessel": ("ORG", TESSEL),
    "Trade Bureau": ("PUBLIC_BODY", BUREAU),
    "Harbour Committee": ("PUBLIC_BODY", COMMITTEE),
    "River Committee": ("PUBLIC_BODY", PANEL),
    "Mara Veld": ("PERSON", VELD),
    "Jonas Reed": ("PERSON", None, "shared alias"),
    "China": ("GPE", CHINA),
    "Orsolo Cloud": ("ORG", None),
    "Kettle Robotics": ("ORG", None),
    "Morning Ledger": ("ORG", None),
    "Bo Ling": ("PERSON", None),
    "Ada Lind": ("PERSON", None),
    "Per Lind": ("PERSON", None),
}


def mentions(text: str, more: Names | None = None) -> list[FoundMention]:
    """Return every place of the usual names, and of `more`, the longest first."""
    names = {**USUAL, **(more or {})}
    found: dict[int, FoundMention] = {}
    taken: list[tuple[int, int]] = []
    for name in sorted(names, key=len, reverse=True):
        label, entity, *rule = names[name]
        for match in re.finditer(rf"\b{re.escape(name)}\b", text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            taken.append(match.span())
            said = rule[0] if rule else ("exact alias" if entity is not None else "model")
            score = 1.0 if entity is not None else 0.5
            found[match.start()] = FoundMention(*match.span(), name, label, score, "m", entity, said)
    return [found[start] for start in sorted(found)]


def role(text: str, words: str, person: str, body: str = "") -> FoundRole:
    """Return a printed role at the first place of its words; `person` is at the place nearest to them."""
    start = text.index(words)
    places = [match.span() for match in re.finditer(re.escape(person), text)]
    who = min(places, key=lambda span: abs(span[0] - start))
    of = (text.index(body), text.index(body) + len(body)) if body else None
    return FoundRole(start, start + len(words), words, who, of, "roles", "test")


def linked(text: str, *, roles: Sequence[FoundRole] = (), more: Names | None = None) -> list[FoundMention]:
    """Return the mentions of a text, linked; asserts that linking again changes nothing."""
    once = link(text, mentions(text, more), KNOWN, roles=roles)
    assert link(text, once, KNOWN, roles=roles) == once
    for mention in once:
        assert text[mention.start : mention.end] == mention.surface
    return once


def at(text: str, words: str, found: Sequence[FoundMention], *, last: bool = True) -> FoundMention | None:
    """Return the mention at the last, or the first, place of some words."""
    start = text.rindex(words) if last else text.index(words)
    return next((m for m in found if m.start == start), None)
