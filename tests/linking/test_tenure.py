"""A printed role is held against the posts of its day: agrees, differs, or nothing; never more than dates allow."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.linking.knowledge import Facts, Knowledge, Post
from tracker.linking.tenure import Held, Printed, Verdict, held_on, judged

COMMERCE, HARBOUR, LUMORA = 1, 2, 3
KNOWN = Knowledge(
    (),
    [Facts(COMMERCE, "public_body"), Facts(HARBOUR, "public_body"), Facts(LUMORA, "organisation")],
    [(HARBOUR, COMMERCE)],
)
DAY = dt.date(2026, 3, 12)
ASSISTANT = Post("Assistant Secretary", COMMERCE, "Department of Commerce", "2025-06")
CHIEF = Post("Chief executive", LUMORA, "Lumora", "2022-04", "2025-10")
FOUNDER = Post("Founder", LUMORA, "Lumora", "2022-04")


def verdict(
    words: str, *posts: Post, body: str = "", body_id: int | None = None, day: dt.date = DAY
) -> Verdict:
    return judged(Printed(words, body_id, body), posts, day, KNOWN)[0]


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        ("2025-06", "", Held.YES),
        ("2025", "2026", Held.MAYBE),
        ("2026", "", Held.MAYBE),
        ("2026-03", "", Held.MAYBE),
        ("2026-03-12", "", Held.YES),
        ("2026-03-13", "", Held.LATER),
        ("2024", "2026-02", Held.BEFORE),
        ("", "", Held.MAYBE),
        ("", "2025", Held.BEFORE),
        ("soon", "2026-99", Held.MAYBE),
    ],
)
def test_an_imprecise_date_is_not_taken_for_a_precise_one(start: str, end: str, held: Held) -> None:
    assert held_on(Post("Director", None, "Harbour Office", start, end), DAY) is held


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Assistant Secretary of Commerce", Verdict.AGREES),
        ("assistant secretary", Verdict.AGREES),
        ("under secretary of commerce", Verdict.DIFFERS),
        ("economist", Verdict.UNKNOWN),
        ("senior official", Verdict.UNKNOWN),
    ],
)
def test_a_wrong_title_of_an_official_differs_and_a_trade_says_nothing(words: str, said: Verdict) -> None:
    assert verdict(words, ASSISTANT) is said


def test_a_post_that_had_ended_differs_unless_the_text_says_former() -> None:
    assert verdict("chief executive", CHIEF, FOUNDER, body="Lumora", body_id=LUMORA) is Verdict.DIFFERS
    assert verdict("former chief executive", CHIEF, FOUNDER) is Verdict.AGREES
    assert verdict("chief executive", CHIEF, day=dt.date(2024, 1, 1)) is Verdict.AGREES
    assert verdict("former founder", FOUNDER) is Verdict.DIFFERS


def test_the_month_of_a_change_contradicts_nobody() -> None:
    assert verdict("chief executive", CHIEF, day=dt.date(2025, 10, 20)) is Verdict.AGREES
    assert verdict("former chief executive", CHIEF, day=dt.date(2025, 10, 20)) is Verdict.AGREES


def test_a_post_without_dates_or_body_contradicts_nobody() -> None:
    assert verdict("chairman", Post("Ranking Member", COMMERCE, "Harbour Committee")) is Verdict.UNKNOWN
    assert verdict("senator", Post("Representative", None, "", "2025-01-03")) is Verdict.UNKNOWN
    assert verdict("senator", Post("Representative", None, "House", "2025-01-03")) is Verdict.DIFFERS


def test_a_part_of_the_body_on_file_is_that_body() -> None:
    post = Post("Director", COMMERCE, "Department of Commerce", "2025-06")
    assert (
        verdict("director of the Harbour Office", post, body="Harbour Office", body_id=HARBOUR)
        is Verdict.AGREES
    )


def test_what_is_held_is_told_as_it_reads() -> None:
    said, held = judged(Printed("under secretary of commerce", None, ""), [ASSISTANT, CHIEF], DAY, KNOWN)
    assert (said, held) == (Verdict.DIFFERS, "Assistant Secretary, Department of Commerce (from 2025-06)")
    said, held = judged(Printed("chief executive", LUMORA, "Lumora"), [CHIEF], DAY, KNOWN)
    assert (said, held) == (Verdict.DIFFERS, "Chief executive, Lumora (2022-04 to 2025-10)")


def test_without_a_day_or_a_post_nothing_is_said() -> None:
    assert judged(Printed("senator", None, ""), [], DAY, KNOWN) == (Verdict.UNKNOWN, "")
    assert judged(Printed("senator", None, ""), [ASSISTANT], None, KNOWN) == (Verdict.UNKNOWN, "")
