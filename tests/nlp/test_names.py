"""Names that no register has are found by what the text says of them, and of the right kind."""

from __future__ import annotations

import pytest

from tracker.nlp.component import Reading
from tracker.nlp.components.names import find_names
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.labels import LABELS, type_of
from tracker.records import AliasEntry, FoundMention

LAB = AliasEntry(1, "organisation", "Lumora")
MODEL = AliasEntry(2, "model", "Beacon")
PERSON = AliasEntry(3, "person", "Mara Veld")
PLACE = AliasEntry(4, "place", "U.S.")
BODY = AliasEntry(5, "public_body", "Senate")


def read(text: str, *aliases: AliasEntry, model: tuple[tuple[str, str], ...] = ()) -> list[FoundMention]:
    gazetteer = Gazetteer(aliases)
    guesses = [
        FoundMention(text.index(name), text.index(name) + len(name), name, label, 0.5, "m", None, "model")
        for name, label in model
    ]
    known = gazetteer.find(text)
    return list(
        find_names(
            Reading(
                "", text, gazetteer, is_read=True, mentions=sorted([*known, *guesses], key=lambda m: m.start)
            )
        ).mentions
    )


def found(text: str, *aliases: AliasEntry, model: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    return [(m.surface, type_of(m.label)) for m in read(text, *aliases, model=model)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("It was said by Sen. Odo Prell on Monday.", "Odo Prell", "person"),
        ("A lawyer, Quilla Ostrand, spoke for them.", "Quilla Ostrand", "person"),
        ("The papers name Tovik Ranne, 38, as the owner.", "Tovik Ranne", "person"),
        ("They met Zorvane, a small Dutch start-up, in May.", "Zorvane", "organisation"),
        ("He is the CEO of Closed Gate Security, which sells locks.", "Closed Gate Security", "organisation"),
        ("It was bought by Matrix Lane LLC last year.", "Matrix Lane LLC", "organisation"),
        (
            "She studied at the University of Farrow Coast for years.",
            "University of Farrow Coast",
            "organisation",
        ),
        ("He works for the Department of Tidal Affairs now.", "Department of Tidal Affairs", "public_body"),
        (
            "A letter to the Securities and Weather Commission was sent.",
            "Securities and Weather Commission",
            "public_body",
        ),
        ("The bill is called the Model Provenance Act by all.", "Model Provenance Act", "instrument"),
        ("It cites H.R. 99417 and others.", "H.R. 99417", "instrument"),
        ("It cites Executive Order 14999 and others.", "Executive Order 14999", "instrument"),
        ("The lab was founded in Ostvik, Norway, in 2020.", "Ostvik", "place"),
        ("A Tarnhelm-based firm sold it.", "Tarnhelm", "place"),
        ("Then they released Songyan 2 to the public.", "Songyan 2", "model"),
        ("The chatbot Vellum answered at once.", "Vellum", "model"),
    ],
)
def test_words_around_and_inside_tell_the_kind(text: str, name: str, kind: str) -> None:
    assert (name, kind) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Chinese and the Americans met.",
        "Prosecutors said so. Researchers agreed.",
        "A LARGE HEADING IN CAPITALS\nand a line below it.",
        "How To Keep Your Data Safe\nSome lines follow here.",
        "A temporary restraining order came. The Temporary Restraining Order was long.",
        "In January and on Monday the GPU and the LLM failed.",
        "See https://Zorvane.example/Quilla and docs/Zorvane/readme.md for it.",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert found(text) == []


def test_a_name_found_once_is_marked_at_its_other_places() -> None:
    text = "They met Zorvane, a start-up. Zorvane sells maps. ZORVANE SELLS MORE MAPS\nAnd Zorvane said no."
    assert [kind for name, kind in found(text) if name == "Zorvane"] == ["organisation"] * 3


def test_the_evidence_of_the_text_outvotes_the_model() -> None:
    text = "Quorrel Labs sued. Later Quorrel won, and Quorrel's chief executive laughed."
    assert found(text, model=(("Quorrel Labs", "PERSON"), ("Quorrel", "PERSON"))) == [
        ("Quorrel Labs", "organisation"),
        ("Quorrel", "organisation"),
        ("Quorrel", "organisation"),
    ]


def test_a_short_form_says_what_it_is_short_for() -> None:
    mentions = read("Mara Veld spoke. Then Veld left with Tom Ranne, and Ranne drove.", PERSON)
    assert [(m.surface, m.form, m.full_name, m.entity_id) for m in mentions] == [
        ("Mara Veld", "name", "", 3),
        ("Veld", "short", "Mara Veld", 3),
        ("Tom Ranne", "name", "", None),
        ("Ranne", "short", "Tom Ranne", None),
    ]


def test_a_version_belongs_to_the_model_and_its_entity_stays() -> None:
    mentions = read("They compared Beacon 3.5 Pro, Beacon-72B and Lumora V4.", LAB, MODEL)
    assert [(m.surface, type_of(m.label), m.entity_id) for m in mentions] == [
        ("Beacon 3.5 Pro", "model", 2),
        ("Beacon-72B", "model", 2),
        ("Lumora V4", "model", None),
    ]


def test_a_number_that_counts_is_no_version() -> None:
    assert found("Then Beacon 3 million times answered.", MODEL) == [("Beacon", "model")]


def test_a_curators_name_inside_a_longer_one_is_not_marked() -> None:
    assert found("The Lumora Foundation gave money, and Lumora did not.", LAB) == [
        ("Lumora Foundation", "organisation"),
        ("Lumora", "organisation"),
    ]


def test_an_acronym_is_what_it_stands_for() -> None:
    text = "The Bureau of Tidal Safety (BTS) and its chain of thought (CoT) met. Then BTS left."
    assert found(text) == [
        ("Bureau of Tidal Safety", "public_body"),
        ("BTS", "public_body"),
        ("BTS", "public_body"),
    ]


def test_a_place_in_a_title_is_no_place() -> None:
    assert ("U.S.", "place") not in found("said U.S. Attorney Quilla Ostrand.", PLACE)
    assert ("U.S.", "place") in found("said the U.S. government.", PLACE)


def test_a_wrapped_line_does_not_cut_a_name() -> None:
    lines = [
        "The long complaint that was filed on that day in the court names Quilla",
        "Ostrand as the person who took the papers home and says that she had no",
        "right to do so, that she knew it, and that nobody asked her to do it at",
        "all, which she denies.",
    ]
    assert ("Quilla\nOstrand", "person") in found("\n".join(lines) + "\nA lawyer, Quilla Ostrand, spoke.")


def test_every_type_has_a_label_and_back() -> None:
    assert {type_of(label) for label in LABELS.values()} == set(LABELS)
    assert type_of("CARDINAL") == ""
