"""A difference is told in words, gives back both texts, and costs little whatever the texts are."""

from __future__ import annotations

import pytest

from tests.quick import cpu_below
from tracker.text.word_diff import Passage, compare, only_changes

OLD = "The plan was approved on Monday.\nIt used about 24,000 accounts, the firm said.\nNobody answered."
NEW = "The plan was approved on Monday.\nIt used about 25,000 accounts, the firm said.\nNobody answered.\nA note."


def told(passages: list[Passage], without: str) -> str:
    """Return one of the two texts, its white space made plain."""
    return " ".join(" ".join(run.text for run in p.runs if run.op != without) for p in passages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_one_changed_number_is_one_changed_word() -> None:
    passages = compare(OLD, NEW)
    assert [p.is_same for p in passages] == [True, False, True, False]
    assert [(run.op, run.text) for run in passages[1].runs] == [
        ("", "It used about "),
        ("del", "24,000"),
        ("ins", "25,000"),
        ("", " accounts, the firm said."),
    ]
    assert [(run.op, run.text) for run in passages[3].runs] == [("ins", "A note.")]


def test_a_rewritten_phrase_is_struck_out_as_a_whole() -> None:
    (passage,) = compare("The firm did not comment today.", "The firm flatly denied it today.")
    assert [run.text for run in passage.runs] == [
        "The firm ",
        "did not comment",
        "flatly denied it",
        " today.",
    ]


def test_chinese_is_compared_sign_by_sign() -> None:
    (passage,) = compare("该公司使用了两万个账户。", "该公司使用了三万个账户。")
    assert [(r.op, r.text) for r in passage.runs if r.op] == [("del", "两"), ("ins", "三")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", NEW),
        (OLD, ""),
        (OLD, NEW),
        (NEW, OLD),
        ("a b c", "c b a"),
        ("a\n\nb", "a\nb"),
        ("x " * 40, "y x " * 30),
    ],
)
def test_both_texts_can_be_told_from_it(before: str, after: str) -> None:
    passages = compare(before, after)
    assert squeezed(told(passages, "ins")) == squeezed(before)
    assert squeezed(told(passages, "del")) == squeezed(after)


def test_huge_and_hostile_texts_cost_little() -> None:
    lines = "\n".join(f"Line {n} of it all." for n in range(20_000))
    with cpu_below(5):
        compare(lines, lines.replace("Line 1", "Row 1"))
        compare("a b " * 100_000, "b a " * 100_000)
        compare("\n".join(["same"] * 5_000), "\n".join(["same", "other"] * 2_500))
        compare("\n".join("a b a b" for _ in range(900)), "\n".join("b a b c" for _ in range(900)))


def test_a_reader_sees_the_changes_and_little_else() -> None:
    long = "word " * 200
    passages = compare(f"{long}four {long}end", f"{long}five {long}end")
    shown, is_all = only_changes(passages, n_context=6, most_words=100)
    text = "".join(run.text for run in shown[0])
    assert is_all
    assert "four" in text
    assert "five" in text
    assert len(text.split()) < 20


def test_a_text_that_was_replaced_is_not_republished() -> None:
    shown, is_all = only_changes(compare("old " * 500, "new " * 500), n_context=6, most_words=100)
    assert not is_all
    assert sum(len(run.text.split()) for runs in shown for run in runs) <= 100
