"""'The company' is linked where the text leaves one organisation, and nowhere else."""

from __future__ import annotations

import pytest

from tests.linking.scene import BUREAU, COMMITTEE, LUMORA, TESSEL, Names, linked, role


def described(text: str, **roles: tuple[str, str]) -> list[tuple[str, int | None]]:
    printed = [role(text, words, name.replace("_", " "), body) for name, (words, body) in roles.items()]
    found = linked(text, roles=printed)
    return [(m.surface, m.entity_id) for m in found if m.form == "description"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lumora released it. The company said so.", [("The company", LUMORA)]),
        ("Lumora released it.\nThe lab said so.", [("The lab", LUMORA)]),
        ("The Trade Bureau and Lumora met. The bureau agreed.", [("The bureau", BUREAU)]),
        ("Lumora and Tessel met. The Chinese company agreed.", [("The Chinese company", TESSEL)]),
        ("Lumora and Tessel met. The AI company agreed.", [("The AI company", LUMORA)]),
        ("Lumora met the Harbour Committee. The committee asked why.", [("The committee", COMMITTEE)]),
        ("Lumora made it. Later Tessel came.\nTessel spoke. The firm left.", [("The firm", TESSEL)]),
        (
            "Lumora answered Tessel\u2019s letter. Shares of Tessel fell. The company did not answer.",
            [("The company", TESSEL)],
        ),
    ],
)
def test_the_only_one_that_fits_is_meant(text: str, said: list[tuple[str, int | None]]) -> None:
    assert described(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "Lumora and Tessel met. The company agreed.",
        "Lumora sued Tessel. The company denied it.",
        "Lumora sued Tessel. The company declined to comment.",
        "The Trade Bureau answered. The company agreed.",
        "The Harbour Committee and the River Committee met. The committee agreed.",
        "The company said so. Lumora agreed.",
        "Lumora came. Tessel said it watched the company for years.",
        "Lumora spoke. The company that made it did not.",
        "Lumora spoke. The company behind it did not.",
        "Lumora spoke. The company Tessel bought did not.",
        "Lumora spoke. \u201cThe company is a thief,\u201d a rival said.",
        'Lumora spoke. "The company is a thief," a rival said.',
        "Tessel spoke. The lab is small.",
        "Mara Veld spoke. The company is small.",
    ],
)
def test_where_two_fit_or_none_or_another_speaks_nothing_is_linked(text: str) -> None:
    assert described(text) == []


def test_the_subject_goes_on_speaking() -> None:
    text = "Lumora published a report about Tessel. The company said it would go on."
    assert described(text) == [("The company", LUMORA)]


def test_a_spokesperson_means_their_own_company() -> None:
    text = (
        "Lumora accused Tessel. Bo Ling, a spokesman for Tessel, told the Morning Ledger that the company "
        "\u201cdenies it\u201d."
    )
    assert described(text, Bo_Ling=("a spokesman for Tessel", "Tessel")) == [("the company", TESSEL)]


def test_a_former_employee_speaks_of_nobody_in_particular() -> None:
    text = (
        "Lumora and Tessel met. Bo Ling, a former engineer at Tessel, and Lumora disagreed. "
        "Ling said the company slept."
    )
    assert described(text, Bo_Ling=("a former engineer at Tessel", "Tessel")) == []


def test_the_title_of_a_known_person_tells_the_body() -> None:
    text = "Lumora and the Trade Bureau spoke. So did the River Bureau. Mara Veld, the bureau\u2019s secretary, agreed."
    assert described(text)[-1:] == [("the bureau", BUREAU)]


def test_what_the_text_calls_a_start_up_is_the_start_up() -> None:
    text = "Orsolo Cloud, a Viennese start-up, met Lumora. They agreed. The start-up pays."
    found = [m for m in linked(text) if m.form == "description"]
    assert [(m.entity_id, m.full_name) for m in found] == [(None, "Orsolo Cloud")]


def test_a_newspaper_that_is_told_something_is_not_the_company() -> None:
    text = "Orsolo Cloud met Lumora.\nAda Lind of Tessel told Morning Ledger so. The company said more."
    assert described(text) == [("The company", TESSEL)]


def test_wrapped_lines_are_one_paragraph() -> None:
    text = "Lumora published a long report on Thursday in which the words were\nwrapped by hand. The company\nagreed."
    assert described(text) == [("The company", LUMORA)]


def test_a_name_that_may_be_anything_is_not_the_company() -> None:
    text = "Lumora met Tessel.\nThey showed Gold Lens to all. The company left."
    more: Names = {"Gold Lens": ("ORG", None)}
    assert [m.full_name for m in linked(text, more=more) if m.form == "description"] == []
    text = text.replace("to all", "to all, and Gold Lens, a start-up, is proud")
    assert [m.full_name for m in linked(text, more=more) if m.form == "description"] == ["Gold Lens"]
