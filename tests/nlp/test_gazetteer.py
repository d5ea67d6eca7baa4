"""The curators' names are found where they stand, and nowhere else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.nlp.gazetteer import Gazetteer
from tracker.records import AliasEntry, FoundMention

LAB = AliasEntry(1, "organisation", "Lumora")
LAB_LONG = AliasEntry(1, "organisation", "Lumora Labs")
LAB_HAN = AliasEntry(1, "organisation", "星岚科技")
MODEL = AliasEntry(
    2,
    "model",
    "Beacon",
    is_case_sensitive=True,
    needs_context=True,
    context_words=("chatbot", "language model"),
)
MODEL_FULL = AliasEntry(2, "model", "Lumora Beacon")
PERSON = AliasEntry(3, "person", "Mara Veld")
SURNAME = AliasEntry(3, "person", "Veld", is_case_sensitive=True, never_alone=True)
SHARED_A = AliasEntry(5, "organisation", "Corvid")
SHARED_B = AliasEntry(6, "place", "Corvid")
ALL = (LAB, LAB_LONG, LAB_HAN, MODEL, MODEL_FULL, PERSON, SURNAME, SHARED_A, SHARED_B)


def found(text: str, *aliases: AliasEntry, title: str = "") -> list[tuple[str, int | None, str]]:
    return [(m.surface, m.entity_id, m.rule) for m in Gazetteer(aliases or ALL).find(text, title)]


def surfaces(text: str, *aliases: AliasEntry) -> list[str]:
    return [surface for surface, _, _ in found(text, *aliases)]


def test_longest_name_wins() -> None:
    assert surfaces("Lumora Labs spoke.") == ["Lumora Labs"]


def test_words_that_only_contain_a_name_do_not_count() -> None:
    assert surfaces("Lumoras and Xlumora and Lumora1 are others.") == []


@pytest.mark.parametrize(
    "text", ["Lumora's letter", "Lumora\u2019s letter", "the Lumora-led group", "(Lumora)"]
)
def test_possessive_and_punctuation_stay_outside(text: str) -> None:
    assert surfaces(text) == ["Lumora"]


def test_name_may_break_at_a_line_end() -> None:
    assert surfaces("a note from Lumora\nLabs today") == ["Lumora\nLabs"]


def test_addresses_hold_no_names() -> None:
    assert surfaces("see https://lumora.example/news and press@lumora.com or lumora.com") == []


def test_longer_number_is_another_model() -> None:
    alias = AliasEntry(9, "model", "Beacon 4")
    assert surfaces("Beacon 4.5 is out, Beacon 4 is not.", alias) == ["Beacon 4"]
    assert Gazetteer([alias]).find("Beacon 4.5 is out, Beacon 4 is not.")[0].start == 19


def test_case_sensitive_name_needs_its_capitals() -> None:
    alias = AliasEntry(9, "organisation", "Tide", is_case_sensitive=True)
    assert surfaces("the tide, the TIDE and Tide", alias) == ["Tide"]


def test_acronym_is_not_found_in_small_letters() -> None:
    assert surfaces("ot and OT", AliasEntry(9, "public_body", "OT")) == ["OT"]


def test_ambiguous_name_without_context_does_not_count() -> None:
    assert found("A beacon. The Beacon stood on the hill.") == []


@pytest.mark.parametrize("text", ["Beacon, a chatbot, answers.", "Two language models: Beacon and another."])
def test_context_word_makes_an_ambiguous_name_count(text: str) -> None:
    assert found(text) == [("Beacon", 2, "alias with context")]


def test_full_name_makes_an_ambiguous_name_count() -> None:
    assert found("Beacon is new. Lumora Beacon costs more.")[0] == ("Beacon", 2, "alias with full name")


def test_context_in_the_title_counts_however_long_the_text() -> None:
    text = "word " * 5_000 + "Beacon rose."
    assert found(text) == []
    assert found(text, title="A chatbot rises") == [("Beacon", 2, "alias with context")]


def test_context_far_away_does_not_count() -> None:
    assert found("A chatbot. " + "word " * 5_000 + "Beacon rose.") == []


def test_surname_counts_only_after_the_full_name() -> None:
    assert found("Veld spoke.") == []
    assert found("Veld spoke. Then Mara Veld left.")[0][0] == "Mara Veld"
    assert found("Mara Veld spoke. Veld left.")[1] == ("Veld", 3, "surname after full name")


def test_full_name_in_the_title_is_earlier() -> None:
    assert found("Veld left.", title="Mara Veld leaves") == [("Veld", 3, "surname after full name")]


def test_surname_inside_another_persons_name_is_refused() -> None:
    text = "Mara Veld spoke. Tom Veld did not. Mr Veld left."
    people = [(0, 9), (17, 25), (35, 42)]
    assert [m.start for m in Gazetteer(ALL).find(text, people=people)] == [0, 38]


def test_shared_name_is_forced_on_nobody() -> None:
    assert found("Corvid grew.") == [("Corvid", None, "shared alias")]


def test_shared_name_goes_to_the_one_with_context() -> None:
    robots = AliasEntry(5, "organisation", "Corvid", needs_context=True, context_words=("robots",))
    ships = AliasEntry(6, "organisation", "Corvid", needs_context=True, context_words=("shipping",))
    assert found("Corvid builds robots.", robots, ships) == [("Corvid", 5, "alias with context")]
    assert found("Corvid ships robots by shipping.", robots, ships) == [("Corvid", None, "shared alias")]
    assert found("Corvid grew.", robots, ships) == []


def test_shared_name_with_a_full_name_of_one_goes_to_that_one() -> None:
    full = AliasEntry(5, "organisation", "Corvid Robotics")
    text = "Corvid Robotics grew. Corvid shrank."
    assert found(text, SHARED_A, SHARED_B, full)[1] == ("Corvid", 5, "shared alias, context")


def test_one_letter_and_bare_numbers_are_refused_with_a_reason() -> None:
    refused = Gazetteer([AliasEntry(1, "organisation", "X"), AliasEntry(2, "model", "42")]).refused
    assert [r.reason for r in refused] == [
        "a name of one letter would match everywhere",
        "a number is not a name",
    ]


def test_han_name_is_found_without_spaces() -> None:
    text = "记者获悉，星岚科技否认了Lumora的指控。"
    assert surfaces(text) == ["星岚科技", "Lumora"]


def test_offsets_count_code_points() -> None:
    text = "\U0001f600\U0001f600 İ Lumora"
    mention = Gazetteer(ALL).find(text)[0]
    assert text[mention.start : mention.end] == mention.surface == "Lumora"


def test_order_of_aliases_does_not_matter() -> None:
    shuffled = list(ALL)
    shuffled.reverse()
    assert Gazetteer(shuffled).fingerprint == Gazetteer(ALL).fingerprint


def test_a_changed_alias_changes_the_version() -> None:
    assert Gazetteer([LAB]).version != Gazetteer([LAB, LAB_LONG]).version


PIECES = st.sampled_from(
    [
        "Lumora",
        "Labs",
        "Beacon",
        "chatbot",
        "Mara",
        "Veld",
        "Corvid",
        "星岚科技",
        "the",
        " ",
        "\n",
        ".",
        "'s",
        "İ",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=4).map(" ".join))
def test_mentions_are_true_spans_and_never_overlap(text: str, title: str) -> None:
    mentions: list[FoundMention] = Gazetteer(ALL).find(text, title)
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
