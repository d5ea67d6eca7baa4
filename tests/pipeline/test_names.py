"""A changed name changes what is marked in texts read long ago, and nothing is sent out twice or for nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import factories as make
from tracker import jobs, search
from tracker.models import Alias, Article, Entity, Job, Mention, Revision, owe
from tracker.pipeline import gazetteer, names
from tracker.pipeline.aliases import alias_entries
from tracker.pipeline.names import owe_changed_names

pytestmark = pytest.mark.django_db

# a text in a language without a spaCy model: names come from the list alone, so nothing heavy is loaded
TEXT = "星岚科技与深度求索在一份声明中回应了关于人工智能模型蒸馏的指控，北风实验室指控其窃取。"
ROAD = ["analyse", "place", "names"]


@pytest.fixture(autouse=True)
def fresh_names(monkeypatch: pytest.MonkeyPatch) -> None:
    gazetteer.forget_analyser()
    monkeypatch.setattr(names, "SEARCH_AFTER_S", 0.0)


@pytest.fixture
def lab() -> Entity:
    return Entity.objects.create(slug="lab", name="Deep Lab", type="organisation")


def an_article(*, is_public: bool = True) -> Revision:
    revision = make.RevisionFactory(text=TEXT, title="声明", language="zh", article__language="zh")
    Article.objects.filter(pk=revision.article_id).update(is_on_subject=is_public, is_relevance_decided=True)
    search.put("article", [revision.article_id])
    return revision


def sweep_and_work() -> None:
    owe_changed_names()
    jobs.drain(kinds=ROAD)


def surfaces(revision: Revision) -> set[str]:
    return set(Mention.objects.filter(revision=revision).values_list("surface", flat=True))


def test_a_new_alias_is_marked_in_an_old_article(lab: Entity) -> None:
    revision = an_article()
    sweep_and_work()
    Alias.objects.create(entity=lab, text="深度求索")
    sweep_and_work()
    assert surfaces(revision) == {"深度求索"}


def test_a_removed_alias_is_marked_no_longer(lab: Entity) -> None:
    alias = Alias.objects.create(entity=lab, text="深度求索")
    revision = an_article()
    owe("analyse", [revision.pk], version="1")
    sweep_and_work()
    assert surfaces(revision) == {"深度求索"}
    alias.delete()
    sweep_and_work()
    assert surfaces(revision) == set()


def test_a_name_changed_there_and_back_and_there_again_is_followed_each_time(lab: Entity) -> None:
    revision = an_article()
    sweep_and_work()
    for _ in range(2):
        alias = Alias.objects.create(entity=lab, text="深度求索")
        sweep_and_work()
        assert surfaces(revision) == {"深度求索"}
        alias.delete()
        sweep_and_work()
        assert surfaces(revision) == set()


def test_what_a_person_marked_stays(lab: Entity) -> None:
    revision = an_article()
    other = Entity.objects.create(slug="other", name="Other", type="organisation")
    start = TEXT.index("深度求索")
    Mention.objects.create(
        revision=revision,
        start=start,
        end=start + 4,
        surface="深度求索",
        label="ORG",
        entity=other,
        model="person",
        decided_by="person",
    )
    sweep_and_work()
    Alias.objects.create(entity=lab, text="深度求索")
    sweep_and_work()
    assert Mention.objects.get(revision=revision, start=start).entity == other


def test_the_first_look_and_a_look_without_change_owe_nothing(lab: Entity) -> None:
    Alias.objects.create(entity=lab, text="深度求索")
    an_article()
    assert owe_changed_names() == 0
    assert owe_changed_names() == 0
    assert not Job.objects.filter(kind="names").exists()


def test_an_article_without_the_name_is_left_alone(lab: Entity) -> None:
    an_article()
    owe_changed_names()
    Alias.objects.create(entity=lab, text="完全不同的名字")
    sweep_and_work()
    assert not Job.objects.filter(kind="analyse").exists()


def test_an_article_off_the_subject_follows_where_the_name_was_marked(lab: Entity) -> None:
    alias = Alias.objects.create(entity=lab, text="深度求索")
    revision = an_article(is_public=False)
    owe("analyse", [revision.pk], version="1")
    sweep_and_work()
    alias.delete()
    sweep_and_work()
    assert surfaces(revision) == set()


def test_the_search_waits_until_no_process_reads_with_the_old_names(
    lab: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "SEARCH_AFTER_S", 2 * gazetteer.LOOK_AGAIN_S)
    owe_changed_names()
    Alias.objects.create(entity=lab, text="深度求索")
    owe_changed_names()
    wait = Job.objects.get(kind="names").not_before - timezone.now()
    assert wait > dt.timedelta(seconds=2 * gazetteer.LOOK_AGAIN_S - 5)


def test_a_text_with_several_names_changed_at_once_is_analysed_once(lab: Entity) -> None:
    revision = an_article()
    owe_changed_names()
    for text in ("深度求索", "星岚科技", "北风实验室"):
        Alias.objects.create(entity=lab, text=text)
    sweep_and_work()
    assert Job.objects.filter(kind="names").count() == 3
    assert Job.objects.filter(kind="analyse", subject_id=revision.pk).count() == 1
    assert surfaces(revision) == {"深度求索", "星岚科技", "北风实验室"}


def test_the_first_entity_of_all_is_marked_in_old_articles_too() -> None:
    revision = an_article()
    assert owe_changed_names() == 0
    Entity.objects.create(slug="lab", name="深度求索", type="organisation")
    sweep_and_work()
    assert surfaces(revision) == {"深度求索"}


def test_an_edit_of_any_rule_of_a_name_is_seen(lab: Entity) -> None:
    alias = Alias.objects.create(entity=lab, text="深度求索")
    owe_changed_names()
    for change in (
        {"is_case_sensitive": True},
        {"needs_context": True},
        {"context_words": ["模型"]},
        {"never_alone": True},
        {"text": "星岚科技"},
    ):
        Alias.objects.filter(pk=alias.pk).update(**change)
        assert owe_changed_names() > 0
    Entity.objects.update(is_public=False)
    assert owe_changed_names() > 0
    assert alias_entries() == []
