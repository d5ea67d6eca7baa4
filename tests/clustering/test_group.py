"""One event is one group, whatever the order of arrival; shared names never fuse two."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tracker.clustering.decide import same_event
from tracker.clustering.group import components, event_order, founder, why_in
from tracker.clustering.words import grouping_words
from tracker.records import GroupCandidate

DAY = dt.datetime(2031, 3, 1, 9, tzinfo=dt.UTC)
MEMO_A_TEXT = """Lumora sent a memo to the trade committee on Tuesday, saying that engineers at Northwind
wrote scripts to pull answers from its chatbot through hidden routers.
The memo counts 24,000 accounts opened with stolen cards."""
MEMO_A = ("Lumora tells committee that rival copied its chatbot", MEMO_A_TEXT)
MEMO_B_TEXT = """Engineers at Northwind wrote scripts that pull answers from the Lumora chatbot through hidden
routers, a memo to the trade committee says. It counts 24,000 accounts that were opened with stolen cards."""
MEMO_B = ("Northwind copied chatbot through hidden routers, Lumora memo says", MEMO_B_TEXT)
SHARES_TEXT = """Shares of Northwind lost nine percent after the port of Eastmere gave Lumora a contract for
cranes. Analysts expect the harbour to open another tender in spring."""
SHARES = ("Northwind shares fall after Lumora wins harbour contract", SHARES_TEXT)
NAMES = ("Lumora", "Northwind", "Eastmere")


def candidate(
    story: tuple[str, str],
    number: int = 1,
    *,
    hours: float = 0,
    entities: tuple[int, ...] = (1, 2),
    text_hash: str = "",
) -> GroupCandidate:
    words, lead = grouping_words(*story, NAMES)
    return GroupCandidate(
        article_id=number,
        key=f"https://paper.example/{number}",
        happened_at=DAY + dt.timedelta(hours=hours),
        words=words,
        entity_ids=frozenset(entities),
        text_hash=text_hash or f"hash-{number}",
        lead=lead,
    )


def test_two_reports_of_one_event_are_one() -> None:
    ruling = same_event(candidate(MEMO_A), candidate(MEMO_B, 2, hours=6))
    assert ruling.is_same, ruling.reason
    assert "content words shared" in ruling.reason


def test_shared_names_alone_never_fuse() -> None:
    ruling = same_event(candidate(MEMO_A), candidate(SHARES, 2))
    assert not ruling.is_same
    empty = replace(candidate(MEMO_A), words=frozenset(), lead=frozenset())
    assert not same_event(empty, replace(empty, article_id=2, key="b", text_hash="other")).is_same


def test_words_of_the_whole_subject_alone_never_fuse() -> None:
    words = frozenset(
        {"ai", "model", "distillation", "accuse", "theft", "lab", "chinese", "trade", "secret", "train"}
    )
    a = replace(candidate(MEMO_A), words=words, lead=words)
    ruling = same_event(a, replace(a, article_id=2, key="b", text_hash="other"))
    assert not ruling.is_same
    assert "words of the whole subject" in ruling.reason


def test_same_words_a_week_apart_are_two_events() -> None:
    ruling = same_event(candidate(MEMO_A), candidate(MEMO_B, 2, hours=24 * 7))
    assert not ruling.is_same
    assert ruling.reason == "7 days apart"


def test_same_text_is_one_event_whenever_it_is_printed() -> None:
    a, b = candidate(MEMO_A, text_hash="x"), candidate(MEMO_A, 2, hours=24 * 30, text_hash="x")
    assert same_event(a, b).reason == "the same text"
    assert len(components([a, b])) == 1


def test_equal_notices_are_not_the_same_text() -> None:
    notice = ("Subscribe", "Subscribe to continue.")
    assert not same_event(candidate(notice, text_hash="x"), candidate(notice, 2, text_hash="x")).is_same


def test_other_names_keep_like_stories_apart() -> None:
    assert not same_event(candidate(MEMO_A), candidate(MEMO_B, 2, entities=(8, 9))).is_same


def test_founder_is_the_oldest_and_the_address_breaks_ties() -> None:
    late, first, second = candidate(MEMO_A, 1, hours=5), candidate(MEMO_B, 2), candidate(MEMO_A, 3)
    (group,) = components([late, second, first])
    assert founder(group) == group[0] == first


def test_unrelated_stories_stay_apart_in_a_crowd() -> None:
    groups = components([candidate(MEMO_A, 1), candidate(SHARES, 2, hours=1), candidate(MEMO_B, 3, hours=2)])
    assert [[c.article_id for c in group] for group in groups] == [[1, 3], [2]]


def test_a_chain_does_not_pull_two_events_together() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    chain = []
    for i in range(6):
        words = frozenset(f"word{letters[i * 3 + j]}" for j in range(8))
        chain.append(
            GroupCandidate(i, str(i), DAY + dt.timedelta(hours=i), words, frozenset({1}), f"h{i}", lead=words)
        )
    assert all(same_event(a, b).is_same for a, b in pairwise(chain))
    assert len(components(chain)) > 1


def test_every_member_has_a_reason() -> None:
    (group,) = components([candidate(MEMO_A, 1), candidate(MEMO_B, 2, hours=2)])
    assert all("agree" in why_in(member, group).reason for member in group)
    assert why_in(group[0], [group[0]]).reason == "alone in its entry"


WORDS = st.frozensets(st.sampled_from([f"word{c}" for c in "abcdefghijkl"] + ["model", "24000"]), max_size=9)
CANDIDATES = st.lists(
    st.builds(
        GroupCandidate,
        article_id=st.integers(1, 30),
        key=st.sampled_from("abcdefghijklmnopqrst"),
        happened_at=st.integers(0, 200).map(lambda hours: DAY + dt.timedelta(hours=hours)),
        words=WORDS,
        entity_ids=st.frozensets(st.integers(1, 3), max_size=2),
        text_hash=st.sampled_from(["", "h1", "h2", "h3", "h4"]),
        lead=WORDS,
    ),
    max_size=12,
    unique_by=lambda c: c.key,
)


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(candidates: list[GroupCandidate], random: Random) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert components(shuffled) == components(candidates)


@given(CANDIDATES)
def test_decisions_are_symmetric(candidates: list[GroupCandidate]) -> None:
    for a in candidates:
        for b in candidates:
            assert same_event(a, b) == same_event(b, a)


@given(CANDIDATES)
def test_grouping_again_changes_nothing(candidates: list[GroupCandidate]) -> None:
    groups = components(candidates)
    assert components([member for group in groups for member in group]) == groups
    assert sorted((m for g in groups for m in g), key=event_order) == sorted(candidates, key=event_order)


@given(CANDIDATES)
def test_a_neighbourhood_alone_gives_the_groups_of_the_whole(candidates: list[GroupCandidate]) -> None:
    whole = components(candidates)
    reached = candidates[:1]
    for current in reached:
        reached.extend(c for c in candidates if c not in reached and same_event(current, c).is_same)
    assert all(group in whole for group in components(reached))
