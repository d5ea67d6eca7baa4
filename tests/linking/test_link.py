"""A name is linked only when nothing about it is a guess."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.linking.scene import KNOWN, LUMORA, linked, mentions
from tests.quick import cpu_below
from tracker.linking.knowledge import Knowledge
from tracker.linking.link import decide, link, plain_name
from tracker.records import AliasEntry, FoundMention, FoundRole

NAMES = Knowledge(
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


@pytest.mark.parametrize(
    "surface", ["Lumora Inc.", "the Lumora Company", "LUMORA, Ltd", "Lumora\u2019s", "Lumora Group Inc"]
)
def test_name_in_another_dress_is_linked(surface: str) -> None:
    (found,) = link(surface, [mention(surface)], NAMES)
    assert (found.entity_id, found.rule) == (1, "name without its legal form")


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
    assert link(found.surface, [found], NAMES) == [found]


def test_decided_mentions_are_left_alone() -> None:
    known = mention("Lumora Inc.", entity_id=7, rule="exact alias")
    assert link(known.surface, [known], NAMES) == [known]


def test_a_legal_form_alone_is_a_name() -> None:
    assert plain_name("Company") == "company"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "the company " * 50,
        "THE COMPANY SAID LUMORA",
        "\U0001f4a1 Lumora \U0001f4a1 said. The company \u202e\u05e9\u05dc\u05d5\u05dd did",
        "\u201cLumora \u201cTessel\u201d the company",
        "\u7814\u5ba4 Lumora\u8bf4 the company",
    ],
)
def test_any_text_is_linked_without_harm(text: str) -> None:
    found = linked(text)
    assert [m.start for m in found] == sorted(m.start for m in found)


PIECES = [
    "Lumora Labs",
    "Tessel",
    "Bo Ling",
    "Ling",
    "the company",
    "The lab",
    "said",
    ", a spokesman for ",
    ". ",
    "\n",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*PIECES, " ", "it", "\u201c", "\u201d", "Orsolo Cloud", "Orsolo", "(OC)"]),
        max_size=30,
    )
)
def test_linking_keeps_every_mention_and_never_overlaps(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = linked(text)
    spans = {(m.start, m.end) for m in found}
    assert {(m.start, m.end) for m in mentions(text)} <= spans
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.slow
def test_a_long_text_takes_linear_time() -> None:
    piece = "Lumora sued Orsolo Cloud. Orsolo denied it, Bo Ling said. The company will appeal, Ling told Tessel.\n"
    n = 4_000
    many = [
        FoundMention(m.start + k, m.end + k, m.surface, m.label, m.score, m.model, m.entity_id, m.rule)
        for k in range(0, n * len(piece), len(piece))
        for m in mentions(piece)
    ]
    roles = [FoundRole(k, k + 5, "chief", (k + 44, k + 51), None, "r", "t") for k in range(0, n, len(piece))]
    with cpu_below(30):
        link(piece * n, many, KNOWN, roles=roles)


def test_a_text_without_punctuation_takes_linear_time() -> None:
    piece = "Lumora said Tessel and Bo Ling know that the company it bought and the lab "
    n = 1_500
    many = [
        replace(m, start=m.start + k, end=m.end + k)
        for k in range(0, n * len(piece), len(piece))
        for m in mentions(piece)
    ]
    with cpu_below(20):
        link(piece * n, many, KNOWN)


def test_a_table_of_five_thousand_names_takes_linear_time() -> None:
    names = [f"{chr(65 + k % 26)}{'abcdefghij'[k // 500]}l Ling" for k in range(5_000)]
    text = "\n".join(names) + "\nLing said the company left."
    places = [0]
    for name in names[:-1]:
        places.append(places[-1] + len(name) + 1)
    found = [
        FoundMention(start, start + len(name), name, "PERSON", 0.5, "m", None, "model")
        for start, name in zip(places, names, strict=True)
    ]
    with cpu_below(10):
        linked_names = link(text, found, KNOWN)
    assert len(linked_names) == len(names)


def test_a_link_says_its_rule_and_what_made_it() -> None:
    text = "Lumora Labs published a report. The company said more would follow."
    found = linked(text)[-1]
    assert (found.entity_id, found.form, found.full_name) == (LUMORA, "description", "Lumora Labs")
    assert (found.model, found.rule) == ("linking.v2", "the only one named before")
