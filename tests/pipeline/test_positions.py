"""Roles are held against the posts on file for the day of the article; a difference is a flag and changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import AffiliationFactory, EntityFactory, PositionFactory, RevisionFactory
from tracker.models import Article, Entity, Position, PrintedRole, Revision
from tracker.pipeline import analyse
from tracker.pipeline.positions import check_roles
from tracker.records import Analysis, FoundMention, FoundRole, Relevance

pytestmark = pytest.mark.django_db
TEXT = "Mara Veld, the under secretary of the Harbour Office, said no."
WORDS = "under secretary of the Harbour Office"


@pytest.fixture
def veld() -> Entity:
    """Return an official with one post that began in June 2025."""
    person = EntityFactory(name="Mara Veld", type="person")
    body = EntityFactory(name="Harbour Office", type="public_body")
    PositionFactory(person=person, title="Assistant Secretary", body=body, start="2025-06")
    return person


def stored(
    person: Entity, published: dt.datetime | None = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
) -> PrintedRole:
    """Store the role of the text as the pipeline does."""
    revision = RevisionFactory(text=TEXT)
    Article.objects.filter(pk=revision.article_id).update(published_at=published)
    revision = Revision.objects.select_related("article").get(pk=revision.pk)
    analyse.store(revision, analysis(person))
    return PrintedRole.objects.get(revision=revision)


def analysis(person: Entity) -> Analysis:
    body = Position.objects.filter(person=person).first()
    mentions = [
        FoundMention(0, 9, "Mara Veld", "PERSON", 1, "m", person.pk, "exact alias"),
        FoundMention(
            38, 52, "Harbour Office", "PUBLIC_BODY", 1, "m", body.body_id if body else None, "exact alias"
        ),
    ]
    start = TEXT.index(WORDS)
    role = FoundRole(start, start + len(WORDS), WORDS, (0, 9), (38, 52), "roles.v1", "title after name")
    return Analysis(mentions, Relevance(is_on_subject=True, score=1.0), "m", roles=[role])


def test_a_wrong_title_is_flagged_with_the_post_on_file_and_stays_as_printed(veld: Entity) -> None:
    role = stored(veld)
    assert (role.verdict, role.held) == ("differs", "Assistant Secretary, Harbour Office (from 2025-06)")
    assert (role.words, role.person, role.person_name) == (WORDS, veld, "Mara Veld")
    assert role.body is not None


def test_the_right_title_agrees(veld: Entity) -> None:
    Position.objects.update(title="Under Secretary")
    assert stored(veld).verdict == "agrees"


@pytest.mark.parametrize("start", ["2026-04", ""])
def test_a_post_not_known_to_be_held_that_day_contradicts_nobody(veld: Entity, start: str) -> None:
    Position.objects.update(start=start)
    assert stored(veld).verdict == "unknown"


def test_an_article_without_a_date_has_no_verdict(veld: Entity) -> None:
    assert stored(veld, published=None).verdict == "unknown"


def test_a_part_of_a_body_counts_as_that_body(veld: Entity) -> None:
    post = Position.objects.get()
    assert post.body is not None
    whole = EntityFactory(name="Department of Seas", type="public_body")
    AffiliationFactory(child=post.body, parent=whole)
    Position.objects.update(body=whole, title="Under Secretary")
    revision = stored(veld).revision
    found = analysis(veld)
    mentions = [found.mentions[0], FoundMention(38, 52, "Harbour Office", "ORG", 1, "m", post.body_id, "")]
    analyse.store(revision, Analysis(mentions, found.relevance, "m", roles=found.roles))
    assert PrintedRole.objects.get(revision=revision).verdict == "agrees"


def test_a_corrected_post_counts_with_the_next_analysis(veld: Entity) -> None:
    role = stored(veld)
    Position.objects.update(title="Under Secretary")
    analyse.store(role.revision, analysis(veld))
    assert PrintedRole.objects.get(revision=role.revision).verdict == "agrees"


def test_what_a_person_decided_is_not_judged_again(veld: Entity) -> None:
    role = stored(veld)
    PrintedRole.objects.filter(pk=role.pk).update(decided_by="person", verdict="agrees")
    check_roles(role.revision)
    role.refresh_from_db()
    assert role.verdict == "agrees"


def test_it_takes_few_queries_and_none_more_for_more_roles(
    veld: Entity, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    role = stored(veld)
    for n in range(30):
        role.pk, role.start, role.end = None, 100 + n, 110 + n
        role.save(force_insert=True)
    with django_assert_max_num_queries(6):
        check_roles(role.revision)


def test_readers_are_told_only_of_posts_that_are_shown(veld: Entity) -> None:
    PositionFactory(person=veld, title="Envoy", body=None, start="2025-01", is_shown=False)
    assert stored(veld).held == "Assistant Secretary, Harbour Office (from 2025-06)"


def test_a_post_that_is_not_shown_raises_no_flag_and_still_silences_one(veld: Entity) -> None:
    Position.objects.update(is_shown=False)
    role = stored(veld)
    assert (role.verdict, role.held) == ("unknown", "")
    Position.objects.update(title="Under Secretary")
    analyse.store(role.revision, analysis(veld))
    assert PrintedRole.objects.get(revision=role.revision).verdict == "agrees"
