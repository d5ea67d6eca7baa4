"""Nothing that a page can hold stops the whole analyser, and no text takes it more than its length."""

from __future__ import annotations

import os
import time
from itertools import pairwise

import pytest

from tests.quick import cpu_below
from tracker.nlp.analyse import Analyser
from tracker.nlp.component import MOST_FOUND, Reading
from tracker.nlp.components.names import find_names
from tracker.nlp.components.quantities import find_quantities
from tracker.nlp.gazetteer import Gazetteer
from tracker.records import AliasEntry, Analysis, FoundMention, TextToRead

pytestmark = pytest.mark.slow

SENTENCE = (
    "Lumora Labs, an AI firm in San Francisco, accused Northwind Systems of distillation, said Mara Veld, 38, its "
    "chief executive, in a letter of March 3 about 24,000 accounts. "
)
TABLE = "\n".join(f"Odo Prell{n} | Zorvane{n} Inc | {n}" for n in range(5_000))
BAD = {
    "empty": "",
    "blank": " \n\t\u3000\n",
    "capitals": SENTENCE.upper() * 20,
    "no punctuation": SENTENCE.replace(",", "").replace(".", "") * 20,
    "one word of many letters": "A" * 100_000,
    "mixed scripts": (
        "Lumora \u661f\u5c9a\u79d1\u6280 \u041b\u0443\u043c\u043e\u0440\u0430 \u05dc\u05d5\u05de\u05d5\u05e8 "
        "\ub8e8\ubaa8\ub77c \u30eb\u30e2\u30e9 said so. "
    )
    * 50,
    "right to left": "\u202e\u0627\u062a\u0647\u0645\u062a Lumora \u0634\u0631\u0643\u0629 Northwind\u202c. "
    * 50,
    "emoji": "\U0001f600\U0001f1fa\U0001f1f8 Lumora \U0001f9d1\u200d\U0001f4bb said \u201cno\u201d. " * 50,
    "beyond the basic plane": "\U00020000\U0002a6d6 Lumora \U0001d400\U0001d401 spoke. " * 50,
    "combining marks": "Lu\u0301mora and Lumora\u0301 and L\u0334u\u0334m\u0334ora " * 50,
    "only newlines": "\n" * 50_000,
    "only quotes": "\u201c\u201d\"'" * 10_000,
    "only brackets": "([{<" * 10_000,
    "numbers": "24,000 1.5 million 16m $3.5 billion 12% " * 500,
    "markdown": "# **Lumora** said\n- [Lumora](https://lumora.example/x) `Lumora`\n> *Lumora*\n\n| a | b |\n"
    * 100,
    "lone surrogates": "\ud800 Lumora \udfff said so.",
    "zeros": "Lumora\x00Labs\x00 said.",
}


def check(text: str, analysis: Analysis) -> None:
    mentions = list(analysis.mentions)
    assert all(text[m.start : m.end] == m.surface for m in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))
    spans = [(quote.start, quote.end) for quote in analysis.quotes]
    spans += [(role.start, role.end) for role in analysis.roles]
    spans += [(number.start, number.end) for number in analysis.quantities]
    spans += [(date.start, date.end) for date in analysis.times]
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_text_is_read_with_true_offsets(analyser: Analyser, name: str) -> None:
    (analysis,) = analyser.analyse([TextToRead("", BAD[name], "en")])
    check(BAD[name], analysis)


def test_a_table_of_5000_names_is_read(analyser: Analyser) -> None:
    (analysis,) = analyser.analyse([TextToRead("", TABLE, "en")])
    check(TABLE, analysis)
    assert sum(m.label == "ORG" for m in analysis.mentions) > 4_500


def test_a_very_long_text_is_read_to_the_end(analyser: Analyser) -> None:
    # 200,000 words take half a minute; the suite reads a quarter of that, `make faults` all of it
    n_sentences = 20_000 if os.environ.get("FAULTS") == "full" else 5_000
    text = "The long text goes on about nothing that matters here. " * n_sentences + "Lumora spoke."
    (analysis,) = analyser.analyse([TextToRead("", text, "en")])
    assert [m.surface for m in analysis.mentions][-1] == "Lumora"


@pytest.mark.parametrize(
    "unit",
    [
        SENTENCE,
        "Department of Trade and ",
        "Bureau of Tidal Safety (BTS) ",
        "A-",
        "A.",
        "X ",
        "GPT 4 ",
        "a/",
        "a@",
        "Ka\n",
    ],
)
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    gazetteer = Gazetteer([AliasEntry(1, "organisation", "Lumora")])

    def seconds(text: str) -> float:
        known: list[FoundMention] = gazetteer.find(text)
        began = time.process_time()
        find_names(Reading("", text, gazetteer, is_read=True, mentions=known))
        return time.process_time() - began

    length = 60_000
    seconds(unit)
    short, long = (seconds(unit * (n * length // len(unit))) for n in (1, 4))
    assert long < 12 * short + 0.5


@pytest.mark.parametrize(
    ("alias", "text", "language"),
    [
        (
            "\u041b\u0443\u043c\u043e\u0440\u0430",
            "\u00ab\u041b\u0443\u043c\u043e\u0440\u0430\u00bb \u043e\u0442\u0440\u0438\u0446\u0430\u0435\u0442.",
            "ru",
        ),
        (
            "\u0644\u0648\u0645\u0648\u0631\u0627",
            "\u0646\u0641\u062a \u0644\u0648\u0645\u0648\u0631\u0627 \u0630\u0644\u0643.",
            "ar",
        ),
        ("\ub8e8\ubaa8\ub77c", "\ub8e8\ubaa8\ub77c\ub294 \ubd80\uc778\ud588\ub2e4.", "ko"),
        ("\u30eb\u30e2\u30e9", "\u30eb\u30e2\u30e9\u306f\u5426\u5b9a\u3057\u305f\u3002", "ja"),
        ("\u661f\u5c9a\u79d1\u6280", "\u661f\u5c9a\u79d1\u6280\u5426\u8ba4\u3002", "zh"),
        (
            "\u05dc\u05d5\u05de\u05d5\u05e8\u05d4",
            "\u05dc\u05d5\u05de\u05d5\u05e8\u05d4 \u05d4\u05db\u05d7\u05d9\u05e9\u05d4.",
            "he",
        ),
    ],
)
def test_an_alias_is_found_in_any_script_without_a_model(alias: str, text: str, language: str) -> None:
    (analysis,) = Analyser([AliasEntry(7, "organisation", alias)]).analyse([TextToRead("", text, language)])
    assert [(m.surface, m.entity_id) for m in analysis.mentions] == [(alias, 7)]


def test_more_numbers_than_anybody_reads_are_cut_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with cpu_below(6):
        found = find_quantities(Reading("", "$1 " * 20_000, Gazetteer([]), is_read=True)).quantities
    assert len(found) == MOST_FOUND
    assert (found[0].start, found[-1].start) == (0, 3 * (MOST_FOUND - 1))
    assert "too_many_found" in caplog.text


def test_what_else_is_found_in_one_text_is_bounded_too() -> None:
    text = "2026\u5e745\u67081\u65e5\uff0c" * (MOST_FOUND + 100)
    (analysis,) = Analyser([]).analyse([TextToRead("", text, "zh")])
    assert len(analysis.times) == MOST_FOUND
