"""Names without an entity gather in candidates, counted truly, and a person's word about them holds."""

from __future__ import annotations

import random
import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from tests import factories as make
from tracker.curation import candidates as ruling
from tracker.models import Alias, Article, Candidate, Entity, Mention, Revision
from tracker.pipeline import analyse, candidates
from tracker.records import Analysis, FoundMention, Relevance

pytestmark = pytest.mark.django_db
TEXT = "Quill Works and Orrin Vale met. Vale left Quill Works."
SPANS = (("Quill Works", 0, "ORG", "", "name"), ("Orrin Vale", 16, "PERSON", "", "name"),
         ("Vale", 32, "PERSON", "Orrin Vale", "short"), ("Quill Works", 42, "ORG", "", "name"))  # fmt: skip


def analysis(
    *, is_on_subject: bool = True, spans: tuple[tuple[str, int, str, str, str], ...] = SPANS
) -> Analysis:
    found = [
        FoundMention(start, start + len(words), words, label, 0.5, "test 1", None, "test", form, full)
        for words, start, label, full, form in spans
    ]
    return Analysis(found, Relevance(is_on_subject, 0.9), "test 1")


def a_text(*, is_on_subject: bool = True) -> Revision:
    revision = make.RevisionFactory(text=TEXT)
    with transaction.atomic():
        analyse.store(revision, analysis(is_on_subject=is_on_subject))
    return revision


def count_all() -> None:
    while candidates.count():
        pass


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def test_short_forms_count_with_their_full_name() -> None:
    a_text()
    count_all()
    assert {c.name: (c.n_articles, c.n_mentions) for c in Candidate.objects.all()} == {
        "Quill Works": (1, 2), "Orrin Vale": (1, 2),
    }  # fmt: skip
    assert Candidate.objects.get(name="Orrin Vale").forms == {"Orrin Vale": 1, "Vale": 1}


def test_counts_are_true_after_any_number_of_readings_in_any_order() -> None:
    revisions = [a_text() for _ in range(4)]
    rng = random.Random(5)  # noqa: S311 - the order of a test
    for _ in range(6):
        with transaction.atomic():
            analyse.store(rng.choice(revisions), analysis())
        if rng.random() < 0.5:
            candidates.count()
    count_all()
    assert Candidate.objects.get(name="Quill Works").n_articles == 4
    assert Candidate.objects.get(name="Quill Works").n_mentions == 8


def test_a_name_that_is_found_no_longer_is_counted_no_longer() -> None:
    revision = a_text()
    count_all()
    with transaction.atomic():
        analyse.store(revision, analysis(spans=SPANS[:1]))
    count_all()
    assert Candidate.objects.get(name="Orrin Vale").n_articles == 0
    assert Candidate.objects.get(name="Quill Works").n_mentions == 1


def test_a_new_text_without_a_name_is_not_counted_for_it() -> None:
    revision = a_text()
    count_all()
    new = make.RevisionFactory(article=revision.article, text="Nobody met.")
    with transaction.atomic():
        analyse.store(new, analysis(spans=()))
    count_all()
    assert set(Candidate.objects.values_list("n_articles", flat=True)) == {0}


def test_an_article_that_leaves_the_subject_is_not_counted() -> None:
    revision = a_text()
    count_all()
    with transaction.atomic():
        analyse.store(revision, analysis(is_on_subject=False))
    count_all()
    assert set(Candidate.objects.values_list("n_articles", flat=True)) == {0}


def test_counting_takes_a_bounded_time_and_every_name_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    a_text()
    monkeypatch.setattr(candidates, "MOST_S", 0)
    seen = []
    for _ in range(4):
        Candidate.objects.update(counted_at=None)  # names that change all the time
        assert candidates.count() == 1
        seen.append(Candidate.objects.exclude(counted_at=None).get().name)
    assert sorted(seen[:2]) == ["Orrin Vale", "Quill Works"]
    assert seen[2:] == seen[:2]


@pytest.mark.django_db(transaction=True)
def test_what_another_process_counts_is_left_to_it() -> None:
    works = Candidate.objects.create(key="quill works", name="Quill Works", label="ORG")
    counted = []

    def count_too() -> None:
        counted.append(candidates.count())
        connection.close()

    other = threading.Thread(target=count_too)
    with transaction.atomic():
        Candidate.objects.select_for_update().get(pk=works.pk)
        Candidate.objects.filter(pk=works.pk).update(counted_at=timezone.now())
        other.start()
        other.join(0.3)
    other.join(10)
    assert counted == [0]


def test_names_in_articles_off_the_subject_do_not_gather() -> None:
    a_text(is_on_subject=False)
    count_all()
    assert not Candidate.objects.exists()


def test_an_alias_or_an_entity_comes_only_from_a_persons_word(editor: User) -> None:
    a_text()
    count_all()
    lab = Entity.objects.create(slug="quill", name="Quillworks", type="organisation")
    assert Entity.objects.count() == 1
    assert not Alias.objects.exists()
    works = Candidate.objects.get(name="Quill Works")
    (suggested,) = ruling.suggestions([works])[works.pk]
    assert suggested.entity == lab
    assert ruling.make_alias(works, lab, editor)
    assert not ruling.make_alias(works, lab, editor)  # decided already
    assert Alias.objects.get().text == "Quill Works"
    vale = Candidate.objects.get(name="Orrin Vale")
    assert ruling.make_entity(vale, editor, kind="person")
    assert Entity.objects.get(name="Orrin Vale").slug == "orrin-vale"


def test_a_decision_can_be_taken_back(editor: User) -> None:
    a_text()
    lab = Entity.objects.create(slug="quill", name="Quillworks", type="organisation")
    works, vale = Candidate.objects.order_by("-name")
    ruling.make_alias(works, lab, editor)
    ruling.make_entity(vale, editor, kind="person")
    assert ruling.take_back(works, editor)
    assert ruling.take_back(vale, editor)
    assert not ruling.take_back(vale, editor)
    assert not Alias.objects.exists()
    assert not Entity.objects.get(name="Orrin Vale").is_public
    assert set(Candidate.objects.values_list("state", flat=True)) == {"open"}


def test_an_alias_goes_though_its_name_is_written_otherwise_since(editor: User) -> None:
    revision = a_text()
    lab = Entity.objects.create(slug="quill", name="Quillworks", type="organisation")
    works = Candidate.objects.get(key="quill works")
    ruling.make_alias(works, lab, editor)
    kept = Alias.objects.create(entity=lab, text="Quill")
    Mention.objects.filter(revision=revision, name_key="quill works").update(surface="QUILL WORKS")
    Candidate.objects.update(counted_at=None)
    count_all()
    works.refresh_from_db()
    assert (works.name, works.forms) == ("Quill Works", {"QUILL WORKS": 2})
    Alias.objects.filter(text="Quill Works").update(text="Quill Works Ltd")  # as a person corrected it
    assert ruling.take_back(works, editor)
    assert list(Alias.objects.all()) == [kept]


def test_a_decision_survives_new_readings(editor: User) -> None:
    revision = a_text()
    ruling.ignore(Candidate.objects.all(), editor, "A meeting place.")
    with transaction.atomic():
        analyse.store(revision, analysis())
    count_all()
    assert set(Candidate.objects.values_list("state", flat=True)) == {"ignored"}


def test_two_entities_of_one_name_get_addresses_of_their_own(editor: User) -> None:
    a_text()
    Entity.objects.create(slug="orrin-vale", name="Orrin Vale", type="person")
    ruling.make_entity(Candidate.objects.get(name="Orrin Vale"), editor, kind="person")
    assert set(Entity.objects.values_list("slug", flat=True)) == {"orrin-vale", "orrin-vale-2"}
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Quill Works", "Quillworks"),
        ("Vale Institute", "Institute of Orrin Vale"),
        ("星河研究院", "北京星河研究院"),
    ],
)
def test_a_name_that_shares_a_letter_or_a_word_is_suggested(name: str, known: str) -> None:
    for n in range(3):
        make.EntityFactory(name=f"Zither {n}")
    lab = make.EntityFactory(name=known)
    row = Candidate.objects.create(key=name.lower(), name=name, label="ORG")
    assert lab in {one.entity for one in ruling.suggestions([row])[row.pk]}
