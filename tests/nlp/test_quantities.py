"""Numbers keep what they count, whose they are and on whose word, in texts that nobody parsed."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest

from tracker.nlp.component import Reading
from tracker.nlp.components.quantities import find_quantities
from tracker.nlp.components.times import find_times
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import FoundMention, FoundQuantity

NOBODY = Gazetteer([])
LABELS = {
    "Lumora": "ORG",
    "Northwind": "ORG",
    "Tessel AI": "ORG",
    "Brightfen": "ORG",
    "Beacon": "PRODUCT",
    "Mara Veld": "PERSON",
    "Veld": "PERSON",
    "Kelpline": "ORG",
    "Department of Justice": "PUBLIC_BODY",
    "\u661f\u5c9a\u79d1\u6280": "ORG",
}
_NAMES = re.compile("|".join(sorted(LABELS, key=len, reverse=True)))


def read(text: str, language: str = "en") -> list[FoundQuantity]:
    mentions = [
        FoundMention(m.start(), m.end(), m.group(), LABELS[m.group()], 1.0, "x", None, "exact alias")
        for m in _NAMES.finditer(text)
    ]
    reading = find_times(Reading("", text, NOBODY, language=language, mentions=mentions))
    return list(find_quantities(reading).quantities)


def parties(text: str) -> list[tuple[int, str]]:
    """Return value and party of each number."""
    return [
        (int(one.value or 0), one.scope or (text[slice(*one.party)] if one.party else ""))
        for one in read(text)
    ]


def sources(text: str, language: str = "en") -> list[str]:
    return [text[slice(*one.stated_by)] if one.stated_by else "" for one in read(text, language)]


@pytest.mark.parametrize(
    ("text", "words", "metric", "comparator", "value", "unit"),
    [
        (
            "used roughly 24,000 fake accounts",
            "roughly 24,000 fake accounts",
            "accounts",
            "~",
            "24000",
            "account",
        ),
        (
            "made over 16 million exchanges",
            "over 16 million exchanges",
            "exchanges",
            ">",
            "16000000",
            "exchange",
        ),
        ("16M+ exchanges", "16M+ exchanges", "exchanges", ">=", "16000000", "exchange"),
        ("16+ million exchanges", "16+ million exchanges", "exchanges", ">=", "16000000", "exchange"),
        ("nearly 28.8m prompts", "nearly 28.8m prompts", "prompts", "~", "28800000", "prompt"),
        ("from fewer than 900 accounts", "fewer than 900 accounts", "accounts", "<", "900", "account"),
        ("as many as two dozen firms", "as many as two dozen firms", "organisations", "<=", "24", "firm"),
        ("at least 1,500 pages", "at least 1,500 pages", "documents", ">=", "1500", "page"),
        ("a 53-page complaint", "53-page", "documents", "=", "53", "page"),
        ("some 73,000 servers", "some 73,000 servers", "servers", "~", "73000", "server"),
        ("convicted on fourteen counts", "fourteen counts", "counts_charged", "=", "14", "count"),
        ("about $14 billion", "about $14 billion", "money", "~", "14000000000", "USD"),
        ("US$2.3bn", "US$2.3bn", "money", "=", "2300000000", "USD"),
        ("\u20ac500 million", "\u20ac500 million", "money", "=", "500000000", "EUR"),
        ("RMB 300 million", "RMB 300 million", "money", "=", "300000000", "CNY"),
        ("2 million yuan", "2 million yuan", "money", "=", "2000000", "CNY"),
        ("fell 7.5 percent", "7.5 percent", "share", "=", "7.5", "percent"),
        ("nearly a third of the servers", "nearly a third", "share", "~", "33.3", "percent"),
        ("faces 175 years in prison", "175 years in prison", "prison", "=", "175", "year"),
        ("within 24 hours of release", "within 24 hours", "time", "<=", "24", "hour"),
        (
            "\uff11\uff16 million exchanges",
            "\uff11\uff16 million exchanges",
            "exchanges",
            "=",
            "16000000",
            "exchange",
        ),
        ("used 2,000\naccounts", "2,000\naccounts", "accounts", "=", "2000", "account"),
    ],
)
def test_a_number_is_read_from_its_comparator_to_its_unit(
    text: str, words: str, metric: str, comparator: str, value: str, unit: str
) -> None:
    (one,) = read(text)
    found = (one.words, one.metric, one.comparator, one.value, one.unit)
    assert found == (words, metric, comparator, Decimal(value), unit)


def test_a_range_has_two_ends() -> None:
    (years,) = read("faces 10 to 15 years in prison")
    assert (years.value, years.high, years.metric) == (Decimal(10), Decimal(15), "prison")
    (share,) = read("a target of 4.5\u20135.0%")
    assert (share.value, share.high) == (Decimal("4.5"), Decimal("5.0"))
    (money,) = read("between $10 million and $15 million")
    assert (money.value, money.high) == (Decimal(10_000_000), Decimal(15_000_000))
    (scaled,) = read("worth $100-500 million")
    assert (scaled.value, scaled.high) == (Decimal(100_000_000), Decimal(500_000_000))


@pytest.mark.parametrize(
    "text", ["tens of thousands of accounts", "millions of dollars", "hundreds of fake users"]
)
def test_words_of_size_have_no_value(text: str) -> None:
    (one,) = read(text)
    assert one.value is None


@pytest.mark.parametrize(
    "text",
    [
        "On May 14, 2026, at 10:30 a.m., H.R. 2024 and Section 5 were read.",
        "Veld, 38, is a 38-year-old who came third and 15th.",
        "Beacon 4.5, version 2.0 and a 70B model",
        "There is one reason, and two ways to see it.",
        "Call 555-0100 or see https://example.org/2026/16000000/accounts",
        "1. Accounts\n2. Firms",
        "They won 3-2 in case 3:25-cv-07292.",
        "It was two weeks ago, a five-year plan.",
        "the 2023 estimates, at 16:9",
        "",
    ],
)
def test_what_counts_nothing_is_left_alone(text: str) -> None:
    assert read(text) == []


LOOK_ALIKES = {
    "while": (
        "Lumora said Northwind used 24,000 accounts for 16 million exchanges, while Tessel AI used 25,000 accounts "
        "for 28.8 million exchanges."
    ),
    "two sentences": (
        "In February, Lumora accused Northwind of running 24,000 accounts and making 16 million exchanges. In June, it "
        "accused Tessel AI of running 25,000 accounts and making 28.8 million exchanges."
    ),
    "labels": (
        "Lumora\u2019s tally:\n- Northwind: 24,000 accounts, 16 million exchanges\n"
        "- Tessel AI: 25,000 accounts, 28.8 million exchanges"
    ),
    "brackets": "Northwind (24,000 accounts, 16M exchanges) and Tessel AI (25,000 accounts, 28.8M exchanges) did.",
    "table": (
        "| Lab | Accounts | Exchanges |\n| Northwind | 24,000 | 16 million |\n"
        "| Tessel AI | 25,000 | 28.8 million |"
    ),
    "headings": (
        "Northwind\n- Accounts: 24,000\n- Scale: 16 million exchanges\n"
        "Tessel AI\n- Accounts: 25,000\n- Scale: 28.8 million exchanges"
    ),
}


@pytest.mark.parametrize("text", LOOK_ALIKES.values(), ids=list(LOOK_ALIKES))
def test_look_alike_campaigns_never_swap_their_numbers(text: str) -> None:
    assert parties(text) == [
        (24_000, "Northwind"),
        (16_000_000, "Northwind"),
        (25_000, "Tessel AI"),
        (28_800_000, "Tessel AI"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Northwind: 150,000 exchanges; Tessel AI: 3.4 million; Brightfen: 13 million.",
            [(150_000, "Northwind"), (3_400_000, "Tessel AI"), (13_000_000, "Brightfen")],
        ),
        (
            "Northwind: 150,000; Tessel AI: 3.4 million; Brightfen: 13 million exchanges.",
            [(150_000, "Northwind"), (3_400_000, "Tessel AI"), (13_000_000, "Brightfen")],
        ),
        (
            "Northwind, Tessel AI and Brightfen sent 150,000, 3.4 million and 13 million prompts, respectively.",
            [(150_000, "Northwind"), (3_400_000, "Tessel AI"), (13_000_000, "Brightfen")],
        ),
        ("Lumora attributes 3.4 million exchanges to Tessel AI.", [(3_400_000, "Tessel AI")]),
        ("There were 13 million exchanges by Brightfen.", [(13_000_000, "Brightfen")]),
        ("In the case of Northwind, researchers counted 150,000 exchanges.", [(150_000, "Northwind")]),
        ("Northwind, Tessel AI and Brightfen used 24,000 accounts.", [(24_000, "total")]),
        ("Lumora named Northwind and Brightfen (24,000 accounts).", [(24_000, "total")]),
        ("Combined, they made 44.8 million exchanges.", [(44_800_000, "total")]),
        ("Somebody, somewhere, had 24,000 accounts.", [(24_000, "")]),
        ("Lumora said it had banned 24,000 accounts.", [(24_000, "")]),
    ],
    ids=range(11),
)
def test_a_number_goes_to_whom_its_sentence_gives_it(text: str, expected: list[tuple[int, str]]) -> None:
    assert parties(text) == expected


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Lumora said the operators used 24,000 accounts.", "Lumora"),
        ("The operators used 24,000 accounts, Lumora said.", "Lumora"),
        ("According to Lumora, the operators used 24,000 accounts.", "Lumora"),
        ("The operators used 24,000 accounts, according to a report by Lumora.", "Lumora"),
        ("Lumora\u2019s report says the operators used 24,000 accounts.", "Lumora"),
        ("Mara Veld, the head of Kelpline, said it had 300 employees.", "Mara Veld"),
        ("\u201cWe saw 24,000 accounts,\u201d said Mara Veld.", "Mara Veld"),
        ("Brightfen runs 24,000 servers tracked by Kelpline.", "Kelpline"),
        ("Shares of Brightfen, which according to Lumora cheated, fell 7 percent.", ""),
        ("Brightfen has 300 employees.", ""),
        ("Veld faces up to 10 years in prison.", ""),
    ],
    ids=range(11),
)
def test_who_states_a_number_is_who_says_the_sentence(text: str, source: str) -> None:
    assert sources(text) == [source]


def test_an_accuser_goes_on_to_state_the_numbers_of_the_accusation() -> None:
    text = (
        "Lumora accused Northwind of a distillation campaign. Northwind ran 24,000 accounts.\n"
        "It fraudulently made 16 million exchanges. Brightfen raised $3 million."
    )
    assert sources(text) == ["Lumora", "Lumora", ""]


def test_what_a_text_says_as_we_is_said_by_its_author() -> None:
    text = (
        "At Lumora, we build models. Our users trust our work, and Lumora answers for it. We have found campaigns by "
        "Northwind, Tessel AI and Brightfen. We detected 24,000 accounts."
    )
    assert sources(text)[-1] == "Lumora"


def test_a_number_in_a_long_quotation_is_the_speakers() -> None:
    text = "\u201cIt was theft,\u201d said Mara Veld. \u201cThey took 24,000 files from us.\u201d"
    assert sources(text) == ["Mara Veld"]


def test_a_maximum_holds_for_both_terms() -> None:
    text = (
        "Veld faces a maximum penalty of 10 years in prison for one count and 15 years in prison for another."
    )
    assert [one.comparator for one in read(text)][-1] == "<="


def test_an_indictment_is_the_word_of_the_prosecutors() -> None:
    text = "According to the indictment, Veld copied 4,300 files. The Department of Justice announced it."
    assert sources(text) == ["Department of Justice"]


@pytest.mark.parametrize(
    ("text", "metric", "comparator", "value"),
    [
        ("\u4f7f\u7528\u4e86\u7ea62.4\u4e07\u4e2a\u865a\u5047\u8d26\u6237", "accounts", "~", 24_000),
        ("\u8fdb\u884c\u4e86\u8d85\u8fc71600\u4e07\u6b21\u4ea4\u4e92", "exchanges", ">", 16_000_000),
        ("\u8d85\u8fc7470\u4e07\u7f8e\u5143", "money", ">", 4_700_000),
        ("\u4e09\u5bb6\u4e2d\u56fd\u516c\u53f8", "organisations", "=", 3),
        ("\u88ab\u5224\u592410\u5e74\u76d1\u7981", "prison", "=", 10),
        ("\u6da8\u4e8674.3%", "share", "=", Decimal("74.3")),
        ("\uff12\uff14\uff10\uff10\uff10\u4e2a\u8d26\u6237", "accounts", "=", 24_000),
    ],
    ids=range(7),
)
def test_chinese_is_read_without_a_parse(text: str, metric: str, comparator: str, value: int) -> None:
    (one,) = read(text, "zh")
    assert (one.metric, one.comparator, one.value) == (metric, comparator, Decimal(value))


def test_chinese_names_who_states_it() -> None:
    text = (
        "\u661f\u5c9a\u79d1\u6280\u79f0\uff0c\u5bf9\u65b9\u4f7f\u7528\u4e862.4\u4e07\u4e2a\u8d26\u6237\u3002"
    )
    assert sources(text, "zh") == ["\u661f\u5c9a\u79d1\u6280"]


def test_spans_are_of_the_text_as_given() -> None:
    text = (
        "\U0001f600 \u201cLumora\u201d said\u00a0that over\n24,000 accounts, \u05d0\u05d1 "
        "and \uff13\uff0c\uff15\uff10\uff10 pages"
    )
    found = read(text)
    assert [text[one.start : one.end] for one in found] == [one.words for one in found]
    assert [one.value for one in found] == [24_000, 3500]


PIECES = {
    "prose": "Lumora said Northwind used about 24,000 accounts. ",
    "no stops": "Lumora said 24,000 accounts ",
    "cells": "| Lumora | 24,000 ",
    "rows": "| Lumora | 24,000 accounts |\n",
    "labels": "- Scale: 2,000\n",
    "bare": "1,000 of ",
    "words": "a million more than ",
    "brackets": "((Lumora (",
    "han": "2.4\u4e07\u4e2a\u8d26\u6237\uff0c",
    "lines": "\n\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES.values(), ids=list(PIECES))
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    def seconds(n: int) -> float:
        text = piece * n
        started = time.process_time()
        read(text)
        return time.process_time() - started

    seconds(20)
    small, large = seconds(500), seconds(2_000)
    assert large < max(small * 10, 1.0)
