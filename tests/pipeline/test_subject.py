"""Rulings of persons hold and teach; thresholds are tried before they are put in force; articles then follow."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tracker import jobs
from tracker.curation import subject as ruling
from tracker.models import Article, Job, SubjectModel, SubjectRuling, SubjectSetting, WhatIf, owe
from tracker.nlp.linear import LinearModel
from tracker.nlp.training import Figures, Training
from tracker.pipeline import gazetteer, subject
from tracker.pipeline.subject import judge_in_force

pytestmark = pytest.mark.django_db
# in Chinese, so that no language model has to be loaded
ON = "这家人工智能公司指控对手通过蒸馏窃取其大模型的能力。{}"
NEAR = "检方起诉两名男子走私芯片。这些芯片受出口管制。{}"
OFF = "这家人工智能公司今天发布了新的大模型，速度更快。{}"
DECIDED = ["judge", "analyse", "train", "what_if"]


@pytest.fixture(autouse=True)
def fresh_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    gazetteer.forget_analyser()
    monkeypatch.setattr(subject, "JUDGE_AFTER_S", 0.0)
    monkeypatch.setattr(ruling, "JUDGE_AFTER_S", 0.0)


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("editor")


def an_article(text: str, n: int = 0) -> Article:
    """Return an article that was analysed."""
    revision = make.RevisionFactory(
        text=text.format(n), title="消息", language="zh", fetched_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    )
    owe("analyse", [revision.pk], version="first")
    jobs.drain(kinds=["analyse"])
    return Article.objects.get(pk=revision.article_id)


def label(article: Article) -> str:
    article.refresh_from_db()
    return "on" if article.is_on_subject else "near" if article.is_adjacent else "off"


def test_articles_are_on_near_or_off_the_subject() -> None:
    assert [label(an_article(text)) for text in (ON, NEAR, OFF)] == ["on", "near", "off"]


def test_a_persons_word_holds_through_every_analysis(editor: User) -> None:
    article = an_article(OFF)
    ruling.rule([article], "on_subject", editor, "It is about us.")
    jobs.drain(kinds=DECIDED)
    owe("analyse", [article.latest_id or 0], version="again")
    jobs.drain(kinds=DECIDED)
    assert label(article) == "on"
    ruling.rule([article], "adjacent", editor)
    assert label(article) == "near"
    assert list(SubjectRuling.objects.order_by("pk").values_list("label", "is_current")) == [
        ("on_subject", False), ("adjacent", True),
    ]  # fmt: skip
    assert ruling.take_back([article]) == 1
    jobs.drain(kinds=DECIDED)
    assert label(article) == "off"


def test_what_would_change_is_worked_out_and_changes_nothing(editor: User) -> None:
    articles = [an_article(ON, n) for n in range(3)]
    ruling.rule(articles[:1], "on_subject", editor)
    asked = ruling.ask_what_if(editor, on_subject_from=0.99, adjacent_from=0.6, uses_model=True)
    jobs.drain(kinds=["what_if"])
    asked.refresh_from_db()
    assert asked.result["n"] == 3
    assert asked.result["n_ruled"] == 1
    assert asked.result["moves"] == {
        "on_subject>off_subject": {"n": 2, "ids": [a.pk for a in reversed(articles[1:])]}
    }
    assert [label(article) for article in articles] == ["on"] * 3


def test_thresholds_in_force_are_followed_by_old_articles_but_not_by_ruled_ones(editor: User) -> None:
    articles = [an_article(ON, n) for n in range(3)]
    ruling.rule(articles[:1], "on_subject", editor)
    asked = ruling.ask_what_if(editor, on_subject_from=0.99, adjacent_from=0.6, uses_model=True)
    jobs.drain(kinds=["what_if"])
    ruling.put_in_force(asked)
    jobs.drain(kinds=DECIDED)
    assert [label(article) for article in articles] == ["on", "off", "off"]
    assert SubjectSetting.objects.get().on_subject_from == 0.99


def test_judging_again_reaches_every_article_in_small_steps(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.pipeline.subject.JUDGED_AT_ONCE", 2)
    articles = [an_article(ON, n) for n in range(5)]
    asked = WhatIf.objects.create(
        proposal={"on_subject_from": 0.99, "adjacent_from": 0.6, "uses_model": True}
    )
    ruling.put_in_force(asked)
    jobs.drain(kinds=DECIDED)
    assert {label(article) for article in articles} == {"off"}
    assert Job.objects.filter(kind="judge", state="done").count() == 3


def test_enough_rulings_train_a_model_that_is_used_only_if_it_is_better(editor: User) -> None:
    kinds = (ON, "on_subject"), (OFF, "off_subject")
    for n in range(20):
        for text, what in kinds:
            revision = make.RevisionFactory(text=text.format(n), title="消息", language="zh")
            ruling.note_ruling([revision.article_id], what, editor)
    jobs.drain(kinds=["train"])
    model = SubjectModel.objects.get()
    assert model.n_labels == 40
    assert not model.is_used  # the rules were right every time
    assert "does not beat" in model.why
    assert judge_in_force().model is None


def test_thresholds_are_changed_by_way_of_a_preview_in_the_admin(editor: User, client: Client) -> None:
    client.force_login(editor)
    add = reverse("admin:tracker_whatif_add")
    assert b"0.5 is one passage" in client.get(add).content
    refused = client.post(add, {"on_subject_from": "7", "adjacent_from": "x"})
    assert refused.status_code == 200
    assert not WhatIf.objects.exists()
    article = an_article(ON)
    page = client.post(add, {"on_subject_from": "0.99", "adjacent_from": "0.6", "uses_model": "on"})[
        "Location"
    ]
    assert b"being worked out" in client.get(page).content
    assert client.post(page, follow=True).context["messages"]  # not before it is worked out
    assert not SubjectSetting.objects.exists()
    jobs.drain(kinds=["what_if"])
    shown = client.get(page).content.decode()
    assert "On the subject → Off the subject: 1" in shown
    client.post(page)
    jobs.drain(kinds=DECIDED)
    assert label(article) == "off"


WAIT_S = (subject.JUDGE_AFTER_S, ruling.JUDGE_AFTER_S)


def test_articles_are_judged_anew_when_no_process_keeps_the_old_judge(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WAIT_S == (2 * gazetteer.LOOK_AGAIN_S,) * 2
    for module, wait_s in zip((subject, ruling), WAIT_S, strict=True):
        monkeypatch.setattr(module, "JUDGE_AFTER_S", wait_s)
    an_article(ON)
    ruling.put_in_force(WhatIf.objects.create(proposal={"on_subject_from": 0.99, "adjacent_from": 0.6}))
    subject.owe_judging("a model")
    for job in Job.objects.filter(kind="judge"):
        assert job.not_before - job.created_at > dt.timedelta(seconds=2 * gazetteer.LOOK_AGAIN_S - 5)


def test_what_came_in_during_the_wait_is_judged_anew_too(editor: User) -> None:
    an_article(ON)
    ruling.put_in_force(WhatIf.objects.create(proposal={"on_subject_from": 0.99, "adjacent_from": 0.6}))
    later = make.RevisionFactory(text=ON, title="消息", language="zh").article
    Article.objects.filter(pk=later.pk).update(
        is_on_subject=True
    )  # as a process with the old judge stored it
    jobs.drain(kinds=DECIDED)
    assert label(later) == "off"


def test_corrections_train_as_new_rulings_do(editor: User) -> None:
    ids = [make.RevisionFactory(text=ON.format(n), language="zh").article_id for n in range(40)]
    ruling.note_ruling(ids, "on_subject", editor)
    ruling.note_ruling(ids[:9], "off_subject", editor)
    assert Job.objects.filter(kind="train").count() == 1
    ruling.note_ruling(ids[9:10], "off_subject", editor)
    assert Job.objects.filter(kind="train").count() == 2


def test_a_model_that_no_longer_beats_the_rules_is_not_used_any_more() -> None:
    article = an_article(ON)
    SubjectModel.objects.create(version="subject.1", n_labels=40, is_used=True)
    subject._store_model(
        Training(
            model=LinearModel("subject.2", 0.0, {}),
            n_labels=50,
            n_events=20,
            ours=Figures(0.5, 0.5, 0.5),
            rules=Figures(0.9, 0.9, 0.9),
        )
    )
    assert judge_in_force().model is None
    assert Job.objects.filter(kind="judge", subject_id=article.pk).exists()
