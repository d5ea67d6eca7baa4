"""An entry is called by its oldest headline and stands in the lane its words name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.clustering.title import LANES, entry_title, lane_of


def test_title_is_the_founders_own_headline() -> None:
    assert entry_title(["Lumora  accuses\nrival", "Rival denies"]) == "Lumora accuses rival"
    assert entry_title(["", "Rival denies"]) == "Rival denies"
    assert entry_title([]) == ""


def test_outlet_at_the_end_is_cut_only_when_it_is_one() -> None:
    assert entry_title(["Lumora accuses a rival lab | Eastmere Post"]) == "Lumora accuses a rival lab"
    assert (
        entry_title(["Lumora accuses a rival - Eastmere Post"], ["Eastmere Post"]) == "Lumora accuses a rival"
    )
    kept = "Lumora accuses a rival lab - and names nobody"
    assert entry_title([kept], ["Eastmere Post"]) == kept


@pytest.mark.parametrize(
    ("title", "lane"),
    [
        ("Lumora accuses Northwind of copying its model", "allegations"),
        ("Northwind denies claims that it copied Lumora's model", "responses"),
        ("Lumora sues Northwind, alleging theft", "litigation"),
        ("Former engineer convicted of stealing AI secrets", "litigation"),
        ("Agency adds Northwind to entity list", "official_actions"),
        ("Lawmakers introduce bill against model theft", "official_actions"),
        ("What distillation means for open models", "reporting"),
        ("星岚科技否认抄袭指控", "responses"),
        ("检方起诉前工程师", "litigation"),
    ],
)
def test_lane_follows_the_headline(title: str, lane: str) -> None:
    assert lane_of(title) == lane


def test_lane_falls_back_to_the_first_sentences() -> None:
    assert lane_of("A quiet letter", "Lumora accused Northwind on Tuesday.") == "allegations"


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_a_lane(title: str, text: str) -> None:
    assert lane_of(title, text) in LANES
