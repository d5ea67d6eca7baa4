"""Families are walked however deep, and a circle neither hangs nor stays unseen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.linking.family import circle, parents_of, reached, with_affiliated

# a model of a lab of a company; a second lab beside it
PAIRS = [(3, 2), (2, 1), (4, 1)]
PAIR = st.tuples(st.integers(1, 6), st.integers(1, 6))


def test_all_that_belongs_to_an_entity_is_its_family_however_deep() -> None:
    assert with_affiliated(1, PAIRS) == {1, 2, 3, 4}
    assert with_affiliated(2, PAIRS) == {2, 3}
    assert with_affiliated(9, PAIRS) == {9}


def test_what_an_entity_belongs_to_is_walked_up() -> None:
    assert reached(3, parents_of(PAIRS)) == {2, 1}


@pytest.mark.parametrize(
    ("child", "parent", "way"),
    [(1, 3, [1, 3, 2, 1]), (1, 2, [1, 2, 1]), (5, 5, [5, 5]), (4, 2, []), (5, 1, [])],
)
def test_a_circle_is_found_with_its_way(child: int, parent: int, way: list[int]) -> None:
    assert circle(child, parent, PAIRS) == way


@given(st.lists(PAIR, max_size=20), st.integers(1, 6))
def test_circles_that_stand_already_hang_nothing(pairs: list[tuple[int, int]], entity: int) -> None:
    family = with_affiliated(entity, pairs)
    assert entity in family
    assert all(child in family for child, parent in pairs if parent in family)


@given(st.lists(PAIR, max_size=12), PAIR)
def test_a_pair_is_refused_exactly_when_the_child_would_reach_itself(
    pairs: list[tuple[int, int]], pair: tuple[int, int]
) -> None:
    child, parent = pair
    reaches = child == parent or child in reached(parent, parents_of(pairs))
    way = circle(child, parent, pairs)
    assert bool(way) == reaches
    if way:
        assert (way[0], way[1], way[-1]) == (child, parent, child)
        assert all(step in pairs for step in pairwise(way[1:]))
