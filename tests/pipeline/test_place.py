"""Placing makes the same entries whatever the order of arrival, and leaves alone what a person decided."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import transaction

from tracker.clustering.words import grouping_words
from tracker.models import (
    Article,
    Entity,
    Entry,
    EntryAddress,
    EntryArticle,
    Mention,
    Revision,
    Signature,
)
from tracker.pipeline.place import place
from tracker.text.hashing import sha256_hex, text_hash

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
HARBOUR = (
    "Halden accuses Meridian of copying its harbour model",
    (
        "Halden told a hearing that thousands of sham accounts asked its harbour model for reasoning traces "
        "and that the "
        "answers trained a competing assistant. The hearing heard engineers describe the pattern of the requests."
    ),
)
HARBOUR_AGAIN = (
    "Hearing told of sham accounts: Halden says Meridian copied harbour model",
    (
        "Thousands of sham accounts asked the harbour model for reasoning traces, Halden told the hearing, "
        "and the answers "
        "trained a competing assistant. Engineers described the pattern of the requests to the hearing."
    ),
)
BUDGET = (
    "Meridian and Halden quarrel over a tender for ferries",
    (
        "A tender for electric ferries set two suppliers against each other on Tuesday when the port "
        "authority published "
        "the scores of the bids. Lawyers asked for the minutes of the evaluation board."
    ),
)


def article(number: int, story: tuple[str, str], *, hours: int) -> Article:
    """Store one on-subject article with its signature."""
    happened_at = MONDAY + dt.timedelta(hours=hours)
    key = sha256_hex(str(number).encode())
    found = Article.objects.create(
        key=key, public_id=key[:16], url=f"https://a.example/{number}", title=story[0], is_on_subject=True,
        published_at=happened_at, published_precision="minute", text_from="page",
    )  # fmt: skip
    revision = Revision.objects.create(
        article=found, text_sha256=text_hash(story[1]), title=story[0], text=story[1], text_from="page",
        extractor="test", fetched_at=MONDAY,
    )  # fmt: skip
    Article.objects.filter(pk=found.pk).update(latest=revision)
    words, lead = grouping_words(story[0], story[1], ["Halden", "Meridian"])
    Signature.objects.create(
        article=found, happened_at=happened_at, words=sorted(words), lead=sorted(lead),
        text_sha256=text_hash(story[1]), entity_ids=[1, 2],
    )  # fmt: skip
    return found


def stories() -> list[Article]:
    """Store three reports of one event and one report of another with the same names."""
    return [
        article(1, HARBOUR, hours=0),
        article(2, HARBOUR_AGAIN, hours=5),
        article(3, HARBOUR, hours=9),
        article(4, BUDGET, hours=7),
    ]


def entries() -> list[tuple[str, str, list[str]]]:
    """Return what stands on the timeline."""
    return [
        (entry.public_id, entry.title, sorted(entry.articles.values_list("url", flat=True)))
        for entry in Entry.objects.order_by("public_id")
    ]


@pytest.mark.slow
def test_the_order_of_arrival_does_not_matter() -> None:
    found = stories()
    seen = []
    for order in itertools.permutations(found):
        with transaction.atomic():
            mark = transaction.savepoint()
            for one in order:
                place(one.pk)
            seen.append(entries())
            transaction.savepoint_rollback(mark)
    assert all(one == seen[0] for one in seen)
    assert sorted(len(members) for _id, _title, members in seen[0]) == [1, 3]


def test_placing_again_changes_nothing() -> None:
    found = stories()
    for one in found:
        place(one.pk)
    before, ids = entries(), sorted(Entry.objects.values_list("pk", flat=True))
    for one in reversed(found):
        place(one.pk)
    assert entries() == before
    assert sorted(Entry.objects.values_list("pk", flat=True)) == ids


def test_an_older_article_takes_the_name_and_the_old_name_still_leads_there() -> None:
    late = article(3, HARBOUR, hours=9)
    place(late.pk)
    old = Entry.objects.get().public_id
    first = article(1, HARBOUR, hours=0)
    place(first.pk)
    entry = Entry.objects.get()
    assert entry.public_id == f"e-{first.public_id}"
    assert EntryAddress.objects.get(public_id=old).entry == entry


def test_what_an_editor_wrote_is_not_overwritten() -> None:
    found = stories()
    place(found[2].pk)
    Entry.objects.update(title="An editor's title", is_decided=True)
    place(found[0].pk)
    assert Entry.objects.get().title == "An editor's title"


def test_an_article_an_editor_placed_stays_where_it_was_put() -> None:
    found = stories()
    place(found[0].pk)
    place(found[3].pk)
    other = Entry.objects.get(members__article=found[3])
    EntryArticle.objects.filter(article=found[0]).update(entry=other, decided_by="person")
    for one in found:
        place(one.pk)
    assert other.members.filter(article=found[0]).exists()
    assert EntryArticle.objects.filter(article=found[0]).count() == 1


def test_an_article_off_the_subject_leaves_the_timeline() -> None:
    found = stories()
    place(found[3].pk)
    assert Entry.objects.public().count() == 1
    Article.objects.filter(pk=found[3].pk).update(is_on_subject=False)
    place(found[3].pk)
    assert Entry.objects.public().count() == 0


def test_counts_are_those_of_the_members() -> None:
    found = stories()
    for one in found:
        place(one.pk)
    for entry in Entry.objects.all():
        assert entry.n_articles == entry.members.count()
        assert entry.members.filter(is_first_report=True).count() == 1


def test_an_article_shown_again_returns_to_its_entry() -> None:
    found = stories()
    place(found[3].pk)
    before = entries()
    Article.objects.filter(pk=found[3].pk).update(status=Article.Status.WITHHELD)
    place(found[3].pk)
    assert Entry.objects.public().count() == 0
    Article.objects.filter(pk=found[3].pk).update(status=Article.Status.USABLE)
    place(found[3].pk)
    assert entries() == before


def test_a_withheld_headline_leaves_the_entry_it_named() -> None:
    first, again, _late, _other = stories()
    for one in (first, again):
        place(one.pk)
    assert Entry.objects.get(members__article=again).title == HARBOUR[0]
    Article.objects.filter(pk=first.pk).update(status=Article.Status.WITHHELD)
    place(first.pk)
    entry = Entry.objects.get(members__article=again)
    assert entry.title == HARBOUR_AGAIN[0]
    assert entry.public_id == f"e-{again.public_id}"
    assert EntryAddress.objects.get(public_id=f"e-{first.public_id}").entry == entry
    Article.objects.filter(pk=first.pk).update(status=Article.Status.USABLE)
    place(first.pk)
    assert Entry.objects.get(members__article=first).public_id == f"e-{first.public_id}"


def test_an_editors_own_entry_gets_the_names_of_its_articles() -> None:
    found = stories()
    entity = Entity.objects.create(slug="halden", name="Halden", type="organisation")
    revision = Revision.objects.get(article=found[0])
    Mention.objects.create(
        revision=revision, start=0, end=6, surface="Halden", label="ORG", model="test", entity=entity
    )
    entry = Entry.objects.create(
        public_id="mine", title="Mine", happened_at=MONDAY, origin=Entry.Origin.PERSON
    )
    EntryArticle.objects.create(entry=entry, article=found[0], decided_by="person")
    place(found[0].pk)
    assert list(entry.entities.all()) == [entity]
