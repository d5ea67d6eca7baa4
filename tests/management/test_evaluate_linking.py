"""`evaluate linking`: what counts as right, and the floors of the invented texts."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import call_command

from tracker.management.evaluate.gold import GoldMention, GoldText, Register
from tracker.management.evaluate.linking import Count, _count_descriptions, _count_links, _count_roles
from tracker.management.evaluate.reading import knowledge
from tracker.records import AliasEntry, Analysis, FoundMention, FoundRole, Relevance, TextToRead
from tracker.starter.pack import PackEntity, PackPosition

WORDS = "Lumora and Tessel met. The company left, Bo Ling, its head, said."
NAMES = Register((AliasEntry(1, "organisation", "Lumora"),), {1: "lumora", 2: "tessel"}, {}, {})
GOLD = GoldText(
    id="sample",
    half="tune",
    event="sample",
    label="on_subject",
    is_own=True,
    source=TextToRead("", WORDS),
    mentions=(
        GoldMention(0, 6, "organisation", "lumora"),
        GoldMention(11, 17, "organisation", "tessel"),
        GoldMention(41, 48, "person", None),
    ),
    anaphora=({"start": 23, "end": 34, "entity": "lumora"},),
    roles=({"start": 50, "end": 58, "person": "Bo Ling"},),
    quotes=(),
    quantities=(),
    dates=(),
    claims=(),
)


def mention(start: int, end: int, entity: int | None, form: str = "name") -> FoundMention:
    return FoundMention(start, end, WORDS[start:end], "ORG", 1, "m", entity, "r", form)


@pytest.mark.parametrize(
    ("found", "right", "false", "unmarked"),
    [
        ([(0, 6, 1), (11, 17, 2)], 2, 0, 0),
        ([(0, 6, 2)], 0, 1, 0),
        ([(41, 48, 1)], 0, 1, 0),
        ([(18, 21, 1)], 0, 0, 1),
        ([(0, 17, 1)], 1, 0, 0),
        ([(27, 34, 1)], 0, 0, 0),
    ],
)
def test_a_link_is_right_false_or_of_no_marked_name(
    found: list[tuple[int, int, int]], right: int, false: int, unmarked: int
) -> None:
    count = Count()
    _count_links(count, GOLD, [mention(*one) for one in found], NAMES)
    assert (count.n_marked, count.n_right, count.n_false, count.n_unmarked) == (2, right, false, unmarked)


def analysis(*mentions: FoundMention, roles: tuple[FoundRole, ...] = ()) -> Analysis:
    return Analysis(mentions, Relevance(is_on_subject=True, score=1), "m", roles=roles)


@pytest.mark.parametrize(
    ("found", "right", "false"),
    [
        (mention(23, 34, 1, "description"), 1, 0),
        (mention(23, 34, 2, "description"), 0, 1),
        (mention(36, 40, 1, "description"), 0, 1),
        (mention(27, 34, 1), 1, 0),
        (mention(0, 6, 1), 0, 0),
    ],
)
def test_a_description_is_right_when_it_means_the_marked_one(
    found: FoundMention, right: int, false: int
) -> None:
    count = Count()
    _count_descriptions(count, GOLD, analysis(found), NAMES)
    assert (count.n_marked, count.n_right, count.n_false) == (1, right, false)


@pytest.mark.parametrize(
    ("start", "end", "person", "right"),
    [(50, 58, (41, 48), 1), (50, 53, (41, 48), 0), (50, 58, (0, 6), 0), (54, 58, (41, 48), 0)],
)
def test_a_role_is_right_by_its_words_and_its_person(
    start: int, end: int, person: tuple[int, int], right: int
) -> None:
    count = Count()
    role = FoundRole(start, end, WORDS[start:end], person, None, "m", "r")
    _count_roles(count, GOLD, analysis(roles=(role,)), NAMES)
    assert (count.n_right, count.n_false) == (right, 1 - right)


def test_an_article_before_a_role_does_not_count() -> None:
    count = Count()
    words = WORDS.replace("its head", "the head")
    gold = replace(GOLD, source=TextToRead("", words))
    role = FoundRole(54, 58, "head", (41, 48), None, "m", "r")
    _count_roles(count, gold, analysis(roles=(role,)), NAMES)
    assert count.n_right == 1


def test_what_the_register_holds_is_on_file() -> None:
    post = PackPosition("Director", "lumora", "", "2025", "", is_former=False, confidence="seen")
    parts = {"type": "organisation", "subtype": "ai-lab", "country": "US", "confidence": "seen", "ids": {}}
    lab = PackEntity(slug="lumora", name="Lumora", parent="", aliases=(), positions=(post,), **parts)  # type: ignore[arg-type]
    own = {"tessel": {"slug": "tessel", "type": "organisation", "name": "Tessel", "parent": "lumora"}}
    known = knowledge(Register((), {1: "lumora", 2: "tessel"}, {"lumora": lab}, own))
    assert known.facts(1).posts[0].body_id == 1
    assert known.family(2) == {1, 2}


@pytest.mark.slow
def test_the_invented_texts_stay_above_their_floors() -> None:
    out = StringIO()
    sets = [f"--set=invented, {half}" for half in ("tune", "test")]
    call_command("evaluate", "linking", "--floors", *sets, stdout=out)
    assert "invented, tune: roles" in out.getvalue()
    assert "at or above its floor" in out.getvalue()
