"""Editors' notices are recognised by what they say of their own text; news about corrections are not notices."""

from __future__ import annotations

import pytest

from tests.quick import cpu_below
from tracker.extract.notices import find_notices

BODY = "Halden accused Quillon of copying its model on Monday.\nQuillon denied it."


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("correction", "Correction: The number of accounts was 31,000, not 13,000."),
        ("correction", "CORRECTION (March 3, 2026): The name of the reseller was wrong."),
        ("correction", "Correction, 3 March: the reseller is in Verrin."),
        ("correction", "This article was amended on 3 March 2026 to correct the number of accounts."),
        ("correction", "This story has been updated to correct the spelling of Ms Osterlund's name."),
        ("correction", "An earlier version of this article misstated the date of the hearing."),
        ("correction", "A previous version of this story incorrectly said that Quillon had not answered."),
        ("correction", "Editor\u2019s note: An earlier version of this article gave a wrong number."),
        ("correction", "Editor's note: This post was corrected."),
        ("clarification", "Clarification: The memo names no company."),
        ("clarification", "This article has been updated to clarify who spoke."),
        ("editors_note", "Editor's Note: Quillon owns a share of this newspaper."),
        ("retraction", "This article has been retracted."),
        ("retraction", "RETRACTION: We no longer stand by this report."),
        ("retraction", "This story has been withdrawn because its source could not be confirmed."),
        ("retraction", "Editor's note: This report has been withdrawn by its author."),
        ("correction", "更正:账户数量应为三万一千个。"),
        ("correction", "本文此前版本有误,特此更正。"),
        ("retraction", "本文已撤回。"),
        ("retraction", "撤回声明:该报道的消息来源无法核实。"),
        ("editors_note", "编者按:本报与该公司有合作关系。"),
    ],
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_notice_is_found_with_its_kind_and_place(kind: str, line: str, place: str) -> None:
    text = f"{line}\n{BODY}" if place == "first" else f"{BODY}\n{line}"
    (found,) = find_notices(text)
    assert (found.kind, found.sentence) == (kind, line)
    assert text[found.start : found.end] == line


def test_a_notice_at_the_end_of_a_paragraph_is_its_sentence() -> None:
    notice = "An earlier version of this article named the wrong ministry."
    (found,) = find_notices(f"Quillon denied it. {notice}\nMore follows.")
    assert found.sentence == notice


def test_two_sentences_of_one_correction_are_one_notice() -> None:
    line = "Correction: An earlier version of this article misstated the sum. It was 9 million."
    assert [found.sentence for found in find_notices(f"{BODY}\n{line}")] == [line]


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "The company retracted its accusation on Tuesday.",
        "The senator said the report was corrected before the vote, and that nobody noticed.",
        "The bill has been withdrawn by its sponsor.",
        "Correction of the market is overdue, analysts said.",
        "Investors feared a correction. Shares fell.",
        "She updated the earlier version of the model in March.",
        "The study was withdrawn from the conference, he said.",
        "公司要求对方更正说法。",
        "该公司撤回了诉讼。",
        "The article was published on Monday.",
    ],
)
def test_news_about_corrections_is_no_notice(text: str) -> None:
    assert find_notices(text) == []


def test_hostile_text_is_quick() -> None:
    with cpu_below(2):
        find_notices("correction " * 20_000 + "\n" + "an earlier version of this " * 10_000)
        find_notices("本文" * 50_000)
        find_notices(" \n" * 100_000 + "We " * 30_000)
