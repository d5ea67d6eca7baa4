"""A surname, a first word or an acronym stands for the one full name before it, or for nobody."""

from __future__ import annotations

import pytest

from tests.linking.scene import VELD, Names, at, linked


def test_a_surname_of_an_unknown_person_carries_the_full_name() -> None:
    text = "Bo Ling spoke first. Later Ling denied it."
    found = at(text, "Ling", linked(text))
    assert found is not None
    assert (found.form, found.full_name, found.label, found.entity_id) == ("short", "Bo Ling", "PERSON", None)


def test_a_surname_of_a_known_person_has_the_entity() -> None:
    text = "Mara Veld spoke first. Then Veld left."
    found = at(text, "Veld", linked(text))
    assert found is not None
    assert (found.form, found.full_name, found.entity_id) == ("short", "Mara Veld", VELD)


def test_a_surname_before_the_full_name_is_nobodys() -> None:
    text = "Ling spoke first, people said. Later Bo Ling denied it."
    assert at(text, "Ling spoke", linked(text)) is None


@pytest.mark.parametrize(
    ("text", "words", "full"),
    [
        ("Orsolo Cloud sold them. Orsolo said nothing.", "Orsolo said", "Orsolo Cloud"),
        ("Kettle Robotics (KR) sold them. KR said nothing.", "KR said", "Kettle Robotics"),
    ],
)
def test_a_company_has_its_first_word_and_the_acronym_it_gives_itself(
    text: str, words: str, full: str
) -> None:
    found = at(text, words, linked(text))
    assert found is not None
    assert (found.form, found.full_name, found.label) == ("short", full, "ORG")


def test_a_first_word_that_the_text_also_writes_small_is_a_word() -> None:
    text = "Kettle Robotics puts the kettle on. Kettle prices rose."
    assert at(text, "Kettle prices", linked(text)) is None


def test_of_two_with_one_surname_nobody_is_meant() -> None:
    text = "Ada Lind and Per Lind disagree. Lind said so."
    more: Names = {"Lind": ("PERSON", None)}
    found = at(text, "Lind said", linked(text, more=more))
    assert found is not None
    assert (found.entity_id, found.full_name, found.rule) == (None, "", "short form of two names")


def test_a_surname_stays_with_the_one_for_whom_the_text_used_it_first() -> None:
    text = "Ada Lind spoke. Lind laughed. Her brother Per Lind came. Lind said so."
    more: Names = {"Lind": ("PERSON", None)}
    found = at(text, "Lind said", linked(text, more=more))
    assert found is not None
    assert found.full_name == "Ada Lind"


def test_somebody_of_whom_only_no_relation_is_told_takes_no_surname() -> None:
    text = "Ada Veld, who is no relation to Mara Veld, made it. Veld laughed."
    more: Names = {"Ada Veld": ("PERSON", None), "Veld": ("PERSON", VELD, "surname after full name")}
    found = at(text, "Veld laughed", linked(text, more=more))
    assert found is not None
    assert (found.entity_id, found.full_name) == (None, "Ada Veld")


def test_a_word_of_a_longer_name_is_no_short_form() -> None:
    text = "Bo Ling spoke in Ling Valley. Per Ling did not."
    found = linked(text)
    assert at(text, "Ling Valley", found) is None
    assert at(text, "Ling did", found) is None


def test_titles_and_suffixes_make_no_full_name() -> None:
    text = "Mr. Ling came. Ling left."
    more: Names = {"Mr. Ling": ("PERSON", None)}
    assert at(text, "Ling left", linked(text, more=more)) is None
