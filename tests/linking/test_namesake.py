"""Where two share a name the context decides, or nobody; a role of somebody else tells a mere namesake."""

from __future__ import annotations

import pytest

from tests.linking.scene import REED_CHIEF, REED_OFFICIAL, VELD, Names, at, linked, role

VELD_ALONE: Names = {"Veld": ("PERSON", None)}


@pytest.mark.parametrize(
    ("text", "words", "body", "entity"),
    [
        (
            "Jonas Reed, director of the Trade Bureau, spoke.",
            "director of the Trade Bureau",
            "Trade Bureau",
            REED_OFFICIAL,
        ),
        ("Jonas Reed, chief executive of Tessel, spoke.", "chief executive of Tessel", "Tessel", REED_CHIEF),
        ("Jonas Reed, a director, spoke.", "a director", "", REED_OFFICIAL),
    ],
)
def test_title_and_body_decide_between_namesakes(text: str, words: str, body: str, entity: int) -> None:
    found = at(text, "Jonas Reed", linked(text, roles=[role(text, words, "Jonas Reed", body)]))
    assert found is not None
    assert (found.entity_id, found.rule) == (entity, "shared alias, context")


def test_an_entity_they_are_known_with_decides() -> None:
    text = "Jonas Reed spoke after Tessel had answered."
    found = at(text, "Jonas Reed", linked(text))
    assert found is not None
    assert found.entity_id == REED_CHIEF


def test_the_country_decides_where_nothing_else_does() -> None:
    text = "Jonas Reed flew home to China."
    found = at(text, "Jonas Reed", linked(text))
    assert found is not None
    assert found.entity_id == REED_CHIEF


@pytest.mark.parametrize(
    "text", ["Jonas Reed spoke.", "Jonas Reed spoke of the Trade Bureau and of Tessel, in general."]
)
def test_without_a_difference_nobody_is_meant(text: str) -> None:
    found = at(text, "Jonas Reed", linked(text))
    assert found is not None
    assert (found.entity_id, found.rule) == (None, "shared alias")


def test_a_surname_with_the_title_on_file_needs_no_full_name() -> None:
    text = "Trade Bureau secretary Veld answered."
    found = linked(
        text, roles=[role(text, "Trade Bureau secretary", "Veld", "Trade Bureau")], more=VELD_ALONE
    )
    assert [(m.surface, m.entity_id) for m in found if m.label == "PERSON"] == [("Veld", VELD)]


@pytest.mark.parametrize("words", ["former Trade Bureau secretary", "Trade Bureau engineer"])
def test_a_surname_with_another_title_stays_open(words: str) -> None:
    text = f"{words} Veld answered."
    found = at(text, "Veld", linked(text, roles=[role(text, words, "Veld", "Trade Bureau")], more=VELD_ALONE))
    assert found is not None
    assert found.entity_id is None


def test_a_name_beside_a_title_that_nothing_marked_is_marked() -> None:
    text = "Harbour Committee counsel Wen answered."
    found = linked(text, roles=[role(text, "Harbour Committee counsel", "Wen", "Harbour Committee")])
    assert [(m.surface, m.label, m.entity_id) for m in found][-1] == ("Wen", "PERSON", None)


def test_somebody_of_another_trade_and_company_is_not_the_official_of_that_name() -> None:
    text = "Mara Veld, a baker at Orsolo Cloud, said no. Veld laughed."
    more: Names = {"Veld": ("PERSON", VELD, "surname after full name")}
    found = linked(
        text, roles=[role(text, "a baker at Orsolo Cloud", "Mara Veld", "Orsolo Cloud")], more=more
    )
    people = [(m.surface, m.entity_id) for m in found if m.label == "PERSON"]
    assert people == [("Mara Veld", None), ("Veld", None)]


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("the under secretary of the Harbour Committee", "Harbour Committee"),
        ("a former engineer at the Trade Bureau", "Trade Bureau"),
        ("an economist", ""),
    ],
)
def test_a_wrong_title_of_an_official_is_no_other_person(words: str, body: str) -> None:
    text = f"Mara Veld, {words}, said no."
    found = at(text, "Mara Veld", linked(text, roles=[role(text, words, "Mara Veld", body)]))
    assert found is not None
    assert found.entity_id == VELD
