"""Analysing marks names by the database's own list, follows its changes, and survives a missing model."""

from __future__ import annotations

import dataclasses

import pytest
from pytest_django import DjangoAssertNumQueries

from tracker import jobs
from tracker.models import Alias, Article, Entity, Job, Mention, Revision, owe
from tracker.pipeline import aliases, gazetteer

pytestmark = pytest.mark.django_db

# a text in a language without a spaCy model: names come from the list alone, so nothing heavy is loaded
TEXT = "深度求索在一份声明中回应了关于模型蒸馏的指控。"


@pytest.fixture(autouse=True)
def fresh_names() -> None:
    """Let every test see its own names."""
    gazetteer.forget_analyser()


def a_revision() -> Revision:
    """Store an unanalysed revision whose analysis is owed."""
    article = Article.objects.create(
        key="k", public_id="k", url="https://a.example/1", title="声明", text_from="page"
    )
    revision = Revision.objects.create(
        article=article,
        text_sha256="t",
        title="声明",
        text=TEXT,
        language="zh",
        text_from="page",
        extractor="test",
        fetched_at="2026-03-02T08:00:00Z",
    )
    Article.objects.update(latest=revision)
    owe("analyse", [revision.pk], version="1")
    return revision


def test_a_name_of_the_database_is_marked_with_its_offsets() -> None:
    entity = Entity.objects.create(slug="lab", name="Deep Lab", type="organisation")
    Alias.objects.create(entity=entity, text="深度求索", language="zh")
    a_revision()
    jobs.drain(kinds=["analyse"])
    mention = Mention.objects.get(entity=entity)
    assert TEXT[mention.start : mention.end] == mention.surface == "深度求索"
    assert Job.objects.filter(kind="place", state="ready").count() == 1


def test_a_new_alias_is_used_without_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    entity = Entity.objects.create(slug="lab", name="Deep Lab", type="organisation")
    first = gazetteer.analyser()
    Alias.objects.create(entity=entity, text="深度求索", language="zh")
    assert gazetteer.analyser() is first
    monkeypatch.setattr(gazetteer, "LOOK_AGAIN_S", 0.0)
    assert gazetteer.analyser() is not first
    assert gazetteer.analyser() is gazetteer.analyser()


def test_names_are_read_in_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        entity = Entity.objects.create(slug=f"e{number}", name=f"Name {number}", type="organisation")
        Alias.objects.create(entity=entity, text=f"Alias {number}")
    with django_assert_max_num_queries(3):
        assert len(aliases.alias_entries()) == 40


def test_a_person_who_ruled_on_relevance_is_not_overruled() -> None:
    a_revision()
    Article.objects.update(is_on_subject=False, is_relevance_decided=True)
    jobs.drain(kinds=["analyse"])
    assert not Article.objects.get().is_on_subject


def test_a_missing_language_model_is_said_on_the_job_and_nothing_is_lost(settings: object) -> None:
    revision = a_revision()
    settings.ENV = dataclasses.replace(settings.ENV, spacy_model="no_such_model")  # type: ignore[attr-defined]
    jobs.drain(kinds=["analyse"])
    job = Job.objects.get(kind="analyse")
    assert job.state == "ready"
    assert job.error_class == "LanguageModelError"
    assert "no_such_model" in job.error
    assert Revision.objects.filter(pk=revision.pk).exists()
