"""A text is on the subject when AI, a technique and an accusation meet in one passage."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.nlp.relevance import assess, rule_version, sentences_of

ON_SUBJECT = {
    "distillation": "Lumora accused a rival of distilling its chatbot. The AI firm named nobody.",
    "accounts": "The AI firm says fraudulent accounts were used to extract its model's reasoning.",
    "secrets": "A jury convicted a former engineer of stealing trade secrets about artificial intelligence.",
    "weights": "Prosecutors allege that the model weights were stolen from the AI lab.",
    "outputs": "Lumora suspended the account: a rival trained its language model on outputs of the API.",
    "bill": "The bill lists firms behind adversarial distillation of American AI models.",
    "zh": "这家人工智能公司指控对手通过蒸馏窃取其大模型的能力。",
    "zh-hant": "檢方指控前工程師竊取人工智慧公司的營業秘密。",
}
OFF_SUBJECT = {
    "whisky": "The AI pavilion opened beside a distillery accused of distilling whisky without a licence.",
    "figure of speech": "An AI editor claims it distills the news into five lines. Critics alleged bias.",
    "licensed": "The chatbot maker released a distilled version of its language model under the MIT licence.",
    "chips": "Prosecutors charged two men with smuggling AI chips to another country.",
    "copyright": "Writers sued the AI company, alleging that their books were used without a licence.",
    "other secrets": "A watchmaker accused a former engineer of stealing trade secrets about its gears.",
    "launch": "Lumora released a new chatbot today. The AI model is faster and cheaper.",
    "zh": "这家人工智能公司今天发布了新的大模型，速度更快。",
}


@pytest.mark.parametrize("text", ON_SUBJECT.values(), ids=ON_SUBJECT)
def test_accusation_of_taking_ai_is_on_subject(text: str) -> None:
    assert assess("", text).is_on_subject


@pytest.mark.parametrize("text", OFF_SUBJECT.values(), ids=OFF_SUBJECT)
def test_other_texts_are_off_subject(text: str) -> None:
    assert not assess("", text).is_on_subject


def test_families_pages_apart_do_not_add_up() -> None:
    filler = "The weather stayed mild in the valley. " * 40
    parts = ("Lumora builds an AI model.", "Distillation is an old craft.", "He was accused of lying.")
    text = f"\n{filler}\n".join(parts)
    assert not assess("", text).is_on_subject
    assert assess("", f"{filler}\n{ON_SUBJECT['distillation']}\n{filler}").is_on_subject


def test_answer_lists_the_words_and_the_rule() -> None:
    ruling = assess("", ON_SUBJECT["distillation"], language="en")
    assert set(ruling.hits) == {"ai", "technique", "kind", "accusation"}
    assert "accused" in ruling.hits["accusation"]
    assert ruling.rule == rule_version()


def test_more_passages_score_higher() -> None:
    once = assess("", ON_SUBJECT["secrets"])
    gap = "\n" + "The weather stayed mild. " * 10 + "\n"
    twice = assess("", gap.join([ON_SUBJECT["secrets"]] * 2))
    assert 0 < once.score < twice.score < 1


@settings(max_examples=50)
@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_gets_an_answer(text: str, title: str) -> None:
    ruling = assess(title, text)
    assert 0 <= ruling.score < 1
    assert ruling.is_on_subject == (ruling.score > 0)


def test_long_text_without_breaks_is_read_in_pieces() -> None:
    assert max(len(sentence) for sentence in sentences_of("word " * 100_000)) <= 600
