"""The words that give a role, the person and the body, as printed; with or without a parse."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.nlp.component import Reading
from tracker.nlp.components.roles import find_roles
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import FoundMention, FoundRole

NAMES = {
    "Dana Pell": "PERSON",
    "Jim Roe": "PERSON",
    "Ada Lind": "PERSON",
    "Tom Wu": "PERSON",
    "Roe": "PERSON",
    "White House": "PUBLIC_BODY",
    "Harbour Committee on Trade": "PUBLIC_BODY",
    "Treasury": "PUBLIC_BODY",
    "Lumora": "ORG",
    "Tessel": "ORG",
    "Ohio": "GPE",
}
NOTHING = Gazetteer(())


def mentions(text: str) -> list[FoundMention]:
    pattern = re.compile("|".join(sorted(map(re.escape, NAMES), key=len, reverse=True)))
    return [
        FoundMention(*m.span(), m.group(), NAMES[m.group()], 0.5, "m", None, "model")
        for m in pattern.finditer(text)
    ]


def roles(text: str) -> list[FoundRole]:
    found = find_roles(Reading(title="", text=text, gazetteer=NOTHING, mentions=mentions(text))).roles
    for role in found:
        assert " ".join(text[role.start : role.end].split()) == role.words
    return list(found)


def told(text: str) -> list[tuple[str, str, str]]:
    return [
        (role.words, text[slice(*role.person)], text[slice(*role.body)] if role.body else "")
        for role in roles(text)
    ]


@pytest.mark.parametrize(
    ("text", "words", "person", "body"),
    [
        (
            "White House national security adviser Dana Pell spoke.",
            "White House national security adviser",
            "Dana Pell",
            "White House",
        ),
        (
            "Dana Pell, a spokesperson for Lumora, said no.",
            "a spokesperson for Lumora",
            "Dana Pell",
            "Lumora",
        ),
        ("Sen. Jim Roe (R-Ohio) said no.", "Sen.", "Jim Roe", ""),
        (
            "Roe, who chairs the Harbour Committee on Trade, said no.",
            "chairs the Harbour Committee on Trade",
            "Roe",
            "Harbour Committee on Trade",
        ),
        (
            "Roe, who is chairman of the Harbour Committee on Trade, said no.",
            "chairman of the Harbour Committee on Trade",
            "Roe",
            "Harbour Committee on Trade",
        ),
        ("The company\u2019s chief executive, Ada Lind, said no.", "chief executive", "Ada Lind", ""),
        ("Lumora's chief executive, Ada Lind, said no.", "chief executive", "Ada Lind", "Lumora"),
        (
            "Ada Lind, Lumora\u2019s chief technology officer, said no.",
            "chief technology officer",
            "Ada Lind",
            "Lumora",
        ),
        ("A former Lumora engineer Tom Wu left.", "A former Lumora engineer", "Tom Wu", "Lumora"),
        ("Tom Wu, 38, a former Lumora engineer, left.", "a former Lumora engineer", "Tom Wu", "Lumora"),
        (
            "Foreign ministry spokesperson Dana Pell said no.",
            "Foreign ministry spokesperson",
            "Dana Pell",
            "",
        ),
        ("said Secretary of the Treasury Ada Lind.", "Secretary of the Treasury", "Ada Lind", "Treasury"),
        (
            "Ada Lind, co-founder and CEO of Lumora, said no.",
            "co-founder and CEO of Lumora",
            "Ada Lind",
            "Lumora",
        ),
        (
            "Jim Roe (R-Ohio), chairman of the Harbour Committee on Trade, said no.",
            "chairman of the Harbour Committee on Trade",
            "Jim Roe",
            "Harbour Committee on Trade",
        ),
        ("Trial Attorney Ada Lind of the Treasury spoke.", "Trial Attorney", "Ada Lind", "Treasury"),
        ("said Special Agent in Charge Tom Wu.", "Special Agent in Charge", "Tom Wu", ""),
        (
            "Tom Wu, an Austrian national and a former employee of Tessel, pleaded guilty.",
            "a former employee of Tessel",
            "Tom Wu",
            "Tessel",
        ),
        ("A second Lumora spokesperson, Dana Pell, said no.", "Lumora spokesperson", "Dana Pell", "Lumora"),
        ("Founder: Ada Lind\nType: lab", "Founder", "Ada Lind", ""),
        ("Ada Lind (\u6797\u8fbe) | CEO (Lumora) | since 2023", "CEO (Lumora)", "Ada Lind", "Lumora"),
        (
            "Ms. Ada Lind\nChief Executive Officer, Lumora\nOhio\n",
            "Chief Executive Officer, Lumora",
            "Ada Lind",
            "Lumora",
        ),
        (
            "The people who had read the whole of the report knew that a former\nLumora engineer Tom Wu left.",
            "a former Lumora engineer",
            "Tom Wu",
            "Lumora",
        ),
        (
            "Ada Lind, the under secretary of commerce, told a hearing.",
            "under secretary of commerce",
            "Ada Lind",
            "",
        ),
        ("Ada Lind is the chief executive of Lumora.", "chief executive of Lumora", "Ada Lind", "Lumora"),
        ("TREASURY SECRETARY Dana Pell SPOKE", "TREASURY SECRETARY", "Dana Pell", ""),
    ],
)
def test_a_role_is_read_as_printed(text: str, words: str, person: str, body: str) -> None:
    assert told(text) == [(words, person, body)]


@pytest.mark.parametrize(
    "text",
    [
        "According to Ada Lind, a company spokesperson said no.",
        "Dana Pell met the president.",
        "Before Roe, presidents \u2014 most of them \u2014 kept silent.",
        "Other changes lead Tom Wu to conclude it.",
        "Gen Z likes Lumora.",
        "Dana Pell is not a director.",
        "Dana Pell was president for a day.",
        "Dana Pell\nOther news\nThe director spoke.",
        "Lumora developer tools, Tessel engineers and others.",
        "She told a director, Dana Pell and Tom Wu of it.",
    ],
)
def test_a_title_of_nobody_named_is_no_role(text: str) -> None:
    assert roles(text) == []


def test_a_title_in_the_plural_is_of_all_its_names() -> None:
    text = "Senators Jim Roe and Dana Pell wrote a letter."
    assert [(words, person) for words, person, _ in told(text)] == [
        ("Senators", "Jim Roe"),
        ("Senators", "Dana Pell"),
    ]


def test_a_name_that_nothing_marked_is_taken_from_its_place() -> None:
    text = "said Treasury Secretary Olm on Monday. Then CEO Wim Castell left."
    assert [(words, person) for words, person, _ in told(text)] == [
        ("Treasury Secretary", "Olm"),
        ("CEO", "Wim Castell"),
    ]


def test_a_title_inside_a_persons_name_is_their_role() -> None:
    text = "President Roe spoke."
    whole = FoundMention(0, 13, "President Roe", "PERSON", 0.5, "m", None, "model")
    (role,) = find_roles(Reading(title="", text=text, gazetteer=NOTHING, mentions=[whole])).roles
    assert (role.words, text[slice(*role.person)]) == ("President", "Roe")


ODD = [
    "",
    "\n\n",
    "CEO",
    "CEO,",
    ", CEO",
    "(((( CEO ))))",
    "\U0001f4a1 CEO Dana Pell \U0001f4a1",
    "\u202e CEO Dana Pell",
]


@pytest.mark.parametrize(
    "text", [*ODD, "\u5916\u4ea4\u90e8\u53d1\u8a00\u4eba Dana Pell", "of of of CEO of of Dana Pell of"]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    roles(text)


PIECES = [
    *NAMES,
    "CEO",
    "chief executive",
    "of",
    "the",
    ",",
    "(",
    ")",
    "who",
    "chairs",
    "\n",
    "'s",
    "a",
    "and",
    ".",
    "|",
    "is",
    "\u2014",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_whatever_stands_beside_titles_the_spans_are_of_the_text(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for role in roles(text):
        assert 0 <= role.start < role.end <= len(text)
        assert text[slice(*role.person)].strip()


@pytest.mark.slow
def test_many_titles_take_linear_time() -> None:
    piece = "CEO and president of the of Lumora, Ada Lind, a head of a head of the chief of Tessel and chief, said.\n"
    n = 6_000
    many = [
        FoundMention(m.start + k, m.end + k, m.surface, m.label, m.score, m.model, m.entity_id, m.rule)
        for k in range(0, n * len(piece), len(piece))
        for m in mentions(piece)
    ]
    with cpu_below(30):
        find_roles(Reading(title="", text=piece * n, gazetteer=NOTHING, mentions=many))
