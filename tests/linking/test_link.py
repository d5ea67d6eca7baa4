"""A name is linked only when nothing about it is a guess."""

from __future__ import annotations

import pytest

from tracker.linking.link import decide, known_names, link, plain_name
from tracker.records import AliasEntry, FoundMention

NAMES = known_names(
    [
        AliasEntry(1, "organisation", "Lumora"),
        AliasEntry(2, "organisation", "Corvid"),
        AliasEntry(3, "place", "Corvid"),
        AliasEntry(4, "model", "Beacon", needs_context=True, context_words=("chatbot",)),
        AliasEntry(5, "person", "Veld", never_alone=True),
    ]
)


def mention(
    surface: str, label: str = "ORG", *, entity_id: int | None = None, rule: str = "model"
) -> FoundMention:
    return FoundMention(0, len(surface), surface, label, 0.5, "m", entity_id, rule)


@pytest.mark.parametrize("surface", ["Lumora Inc.", "the Lumora Company", "LUMORA, Ltd", "Lumora\u2019s"])
def test_name_in_another_dress_is_linked(surface: str) -> None:
    (linked,) = link([mention(surface)], NAMES)
    assert (linked.entity_id, linked.rule) == (1, "name without its legal form")


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (mention("Lumoria"), "no such name"),
        (mention("Corvid Ltd"), "name of several entities"),
        (mention("Lumora", "PERSON"), "name of another kind of entity"),
        (mention("Beacon", "PRODUCT"), "no such name"),
        (mention("Veld", "PERSON"), "no such name"),
        (mention("Lumora", rule="shared alias"), "shared alias"),
    ],
)
def test_everything_else_stays_open_with_a_reason(found: FoundMention, rule: str) -> None:
    assert decide(found, NAMES).entity_id is None
    assert decide(found, NAMES).rule == rule
    assert link([found], NAMES) == [found]


def test_decided_mentions_are_left_alone() -> None:
    known = mention("Lumora Inc.", entity_id=7, rule="exact alias")
    assert link([known], NAMES) == [known]


def test_linking_twice_changes_nothing() -> None:
    once = link([mention("Lumora Inc."), mention("Eastmere")], NAMES)
    assert link(once, NAMES) == once


def test_a_legal_form_alone_is_a_name() -> None:
    assert plain_name("Company") == "company"
