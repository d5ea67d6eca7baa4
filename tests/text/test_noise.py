"""What changes by itself is not a change of the text; words and numbers of sentences are."""

from __future__ import annotations

import pytest

from tests.quick import cpu_below
from tracker.text.noise import noise_free

BODY = "The council approved the plan on Monday.\nIt will cost 16 million, the mayor said."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Updated 3 minutes ago", "Updated 2 hours ago"),
        ("Last updated: 3 March 2026, 14:05 GMT", "Last updated: 4 March 2026, 09:17 GMT"),
        (
            "Published 2026-03-03 | Updated 2026-03-04 10:00",
            "Published 2026-03-03 | Updated 2026-03-09 11:30",
        ),
        ("1,204 views", "98.3k views"),
        ("12 comments", "1 comment"),
        ("Comments (12)", "Comments (340)"),
        ("1,204 people have read this", "1,377 people have read this"),
        ("4 min read", "5 min read"),
        ("Advertisement", ""),
        ("Story continues below advertisement", ""),
        ("Share this article", "Subscribe now"),
        ("更新时间:2026年3月3日 14:05", "更新时间:2026年3月4日 09:17"),
        ("阅读量:1204", "阅读量:3万"),
        ("3小时前", "1天前"),
    ],
)
def test_a_line_that_changes_by_itself_is_noise(before: str, after: str) -> None:
    assert noise_free(f"{BODY}\n{before}") == noise_free(f"{after}\n{BODY}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("He said \u201cno\u201d \u2014 twice.", 'He said "no" - twice.'),
        ("It\u2019s late\u2026", "It's late..."),
        ("A  b\n\nc d", "A b\nc d"),
        ("soft\u00adened words", "softened words"),
        ("Updated 3 minutes ago - The port closed.", "Updated 9 minutes ago - The port closed."),
        ("The port closed. (Updated 2 hours ago)", "The port closed. (Updated 3 hours ago)"),
    ],
)
def test_typography_and_age_do_not_count(before: str, after: str) -> None:
    assert noise_free(before) == noise_free(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It used 24,000 accounts.", "It used 25,000 accounts."),
        (
            "It was published on 3 March 2026 by the ministry.",
            "It was published on 4 March 2026 by the ministry.",
        ),
        ("Quillon did not comment.", "Quillon denied it."),
        (
            "The page had 1,204 views when it was taken down.",
            "The page had 9,204 views when it was taken down.",
        ),
        ("He called it theft.", 'He called it "theft".'),
        ("twenty-four", "twenty four"),
        ("Correction: the sum was wrong.", ""),
    ],
)
def test_what_a_sentence_says_counts(before: str, after: str) -> None:
    assert noise_free(before) != noise_free(after)


def test_it_is_settled_after_one_pass_and_quick_on_hostile_lines() -> None:
    once = noise_free(BODY + "\nUpdated 1 minute ago")
    assert noise_free(once) == once
    with cpu_below(2):
        noise_free(
            "updated 1 " * 50_000
            + "\n"
            + "1 view | " * 12
            + "\n"
            + "updated 3 march " * 8
            + "\n"
            + "9" * 200_000
        )
