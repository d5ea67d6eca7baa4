"""The place of a dateline is a place, in capitals though it stands, and other words in capitals are left alone."""

from __future__ import annotations

import pytest

from tracker.nlp.component import Reading
from tracker.nlp.components.dateline import places_of_datelines
from tracker.nlp.datelines import datelines
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import AliasEntry, FoundMention

NAMES = Gazetteer(
    [
        AliasEntry(1, "place", "Karsholm", is_case_sensitive=True),
        AliasEntry(2, "person", "Verrin", is_case_sensitive=True),
    ]
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("KARSHOLM (Ledger Wire) - The court met.", "KARSHOLM"),
        ("PORT VERRIN, March 12 (Ledger Wire) - It met.", "PORT VERRIN"),
        ("KARSHOLM, Estmark \u2014 It met.", "KARSHOLM"),
        ("A heading\nST. ODO \u2013 It met.", "ST. ODO"),
        ("THE COURT MET ON MONDAY", None),
        ("Karsholm - It met.", None),
        ("", None),
    ],
)
def test_places_of_datelines(text: str, place: str | None) -> None:
    assert [text[a:b] for a, b in datelines(text)] == ([place] if place else [])


def test_a_place_on_file_is_known_in_its_dateline_only() -> None:
    text = "KARSHOLM (Ledger Wire) - In KARSHOLM the court met.\nVERRIN (Ledger Wire) - It met."
    assert [(m.start, m.entity_id) for m in NAMES.find(text)] == [(0, 1)]


def test_an_unknown_name_in_a_dateline_becomes_a_place() -> None:
    text = "OSTERVIK (Ledger Wire) - Ostervik Works met."
    mentions = [
        FoundMention(0, 8, "OSTERVIK", "PERSON", 0.5, "m", None, "model"),
        FoundMention(25, 39, "Ostervik Works", "ORG", 0.5, "m", None, "model"),
    ]
    found = places_of_datelines(Reading(title="", text=text, gazetteer=NAMES, mentions=mentions))
    assert [(m.label, m.rule) for m in found.mentions] == [("GPE", "dateline"), ("ORG", "model")]
