"""The judge follows its thresholds, tells near from on, and a trained model is used only where it beats the rules."""

from __future__ import annotations

import random

import pytest

from tracker.nlp import training
from tracker.nlp.linear import LinearModel, terms_of
from tracker.nlp.relevance import Thresholds, score
from tracker.nlp.subject import Judge
from tracker.nlp.training import Label, train, why_not

NEAR = {
    "chips": "Prosecutors charged two men with smuggling AI chips. The processors were under export controls.",
    "secrets": "A watchmaker accused an engineer of stealing trade secrets. It sued him over the stolen gears.",
    "zh": "检方起诉两名男子走私芯片。这些芯片受出口管制。",
}
ON = "Lumora accused {} of distilling its AI chatbot. It says {} used fraudulent accounts."
TALK = "Lumora explains model distillation in its AI course; {} praised the lesson. Some alleged it was too long."
VERDICT = "{} says distillation of AI models is a craft, and a critic alleged that the weather was bad."


@pytest.mark.parametrize("text", NEAR.values(), ids=NEAR)
def test_what_lies_near_the_subject_is_near_and_not_on_it(text: str) -> None:
    ruling = Judge().judge("", text)
    assert (ruling.is_on_subject, ruling.is_adjacent) == (False, True)
    assert ruling.hits["near"]


def test_what_is_on_the_subject_is_not_near_it() -> None:
    text = ON.format("a rival", "it") + " " + NEAR["chips"]
    ruling = Judge().judge("", text)
    assert (ruling.is_on_subject, ruling.is_adjacent) == (True, False)


def test_a_higher_threshold_wants_more_passages() -> None:
    text = ON.format("a rival", "it")
    assert Judge(Thresholds(on_subject=0.5)).judge("", text).is_on_subject
    assert not Judge(Thresholds(on_subject=0.95)).judge("", text).is_on_subject


def test_the_deciding_passage_is_a_span_of_the_text() -> None:
    filler = "The weather stayed mild in the valley. " * 400
    text = f"{filler}\n{ON.format('a rival', 'it')}\n{filler}"
    passage = Judge().judge("A bill", text).passage
    assert passage is not None
    assert text[slice(*passage)] == "Lumora accused a rival of distilling its AI chatbot."


def labels() -> list[Label]:
    rng = random.Random(7)  # noqa: S311 - names of a test
    made = []
    for n in range(30):
        name = "".join(rng.choices("bcdfgklmnprst", k=6)).title()
        made.append(Label("", ON.format(name, name), "en", is_on_subject=True, event=f"on {n // 2}"))
        made.append(Label("", TALK.format(name), "en", is_on_subject=False, event=f"talk {n // 2}"))
        made.append(Label("", VERDICT.format(name), "en", is_on_subject=False, event=f"verdict {n // 2}"))
    return made


def test_a_model_learns_from_rulings_what_the_rules_get_wrong() -> None:
    trained = train(labels(), "subject.1")
    assert trained.rules.precision < 1  # talk of distillation beside an allegation misleads the rules
    assert trained.is_better
    judge = Judge(model=trained.model)
    ruling = judge.judge("", TALK.format("Brindle"))
    assert not ruling.is_on_subject
    assert ruling.hits["terms"]
    assert ruling.rule.endswith("subject.1")
    assert judge.judge("", ON.format("Brindle", "Brindle")).is_on_subject


def test_training_does_not_depend_on_the_order_of_rulings() -> None:
    some = labels()
    first = train(some, "a")
    random.Random(3).shuffle(some)  # noqa: S311 - as above
    again = train(some, "a")
    assert (again.ours, again.model.terms) == (first.ours, first.model.terms)


def test_a_model_that_learned_nothing_is_not_used() -> None:
    rng = random.Random(1)  # noqa: S311 - as above
    noise = [
        Label("", ON.format(n, n), "en", is_on_subject=rng.random() < 0.5, event=f"e{n}") for n in range(60)
    ]
    trained = train(noise, "noise")
    assert not trained.is_better
    assert "does not beat" in trained.why


def test_too_few_rulings_are_said() -> None:
    assert "a model is trained from 40" in why_not(labels()[:10])
    assert "as many off it" in why_not(
        [Label("", "x", "en", is_on_subject=True, event=str(n)) for n in range(50)]
    )
    with pytest.raises(ValueError, match="40"):
        train(labels()[:10], "few")


def test_a_text_without_a_technique_is_off_the_subject_whatever_its_words() -> None:
    model = LinearModel("eager", 9.0, {})
    assert not Judge(model=model).judge("", "The AI fair opened, and nobody was accused.").is_on_subject


def test_any_text_has_terms() -> None:
    for text in ("", "\ud800", "词" * 30, "\u202eword " * 50, "a" * 10_000):
        assert all(n > 0 for n in terms_of("", text, score("", text)).values())
    assert training.FEWEST_LABELS == 40
