"""One quotation in many articles: each row knows the earliest, whoever comes first, and what persons decided stays."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import EntityFactory, RevisionFactory
from tracker.models import Article, Entity, Mention, Quote, Revision
from tracker.pipeline import analyse, appearances
from tracker.records import Analysis, FoundMention, FoundQuote, Relevance

pytestmark = pytest.mark.django_db
WORDS = "The accounts asked the same thing ten thousand times"
DAY = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def a_revision(day: int | None, *, seen: int = 40) -> Revision:
    """Store a revision of an article published `day` days after the first of March, or without a date."""
    revision = RevisionFactory()
    published = None if day is None else DAY + dt.timedelta(days=day)
    Article.objects.filter(pk=revision.article_id).update(
        published_at=published, first_seen_at=DAY + dt.timedelta(days=seen)
    )
    revision.article.refresh_from_db()
    return revision


def a_quote(
    revision: Revision,
    words: str = WORDS,
    speaker: Entity | None = None,
    *,
    name: str = "Mara Veld",
    start: int = 0,
) -> Quote:
    """Store one quotation and hang it as the pipeline does."""
    quote = Quote.objects.create(
        revision=revision,
        start=start,
        end=start + len(words),
        words=words,
        kind="direct",
        speaker=speaker,
        speaker_name=name,
        model="test",
    )
    if speaker is None and name:
        Mention.objects.get_or_create(
            revision=revision,
            start=900 + start,
            end=910 + start,
            defaults={"surface": name, "label": "PERSON", "name_key": name.lower()},
        )
    appearances.hang(revision)
    return quote


def chain() -> dict[int, int | None]:
    return dict(Quote.objects.values_list("pk", "first_id"))


def test_the_earliest_appearance_is_the_first_one() -> None:
    speaker = EntityFactory()
    early, late = a_quote(a_revision(0), speaker=speaker), a_quote(a_revision(2), speaker=speaker)
    assert chain() == {early.pk: None, late.pk: early.pk}


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_arrival_does_not_matter(seed: int) -> None:
    speaker = EntityFactory()
    days = [0, 1, 5, 9, 150, 290, None]
    random.Random(seed).shuffle(days)  # noqa: S311 - an order, no secret
    for day in days:
        a_quote(a_revision(day), speaker=speaker)
    first = Quote.objects.get(first=None)
    assert first.revision.article.published_at == DAY
    assert set(Quote.objects.exclude(pk=first.pk).values_list("first_id", flat=True)) == {first.pk}


def test_every_order_of_a_piece_and_its_wholes_gives_one_chain() -> None:
    texts = [f"{WORDS}, and then once more", WORDS, f"Look: {WORDS.lower()}"]
    for order in itertools.permutations(range(3)):
        Quote.objects.all().delete()
        speaker = EntityFactory()
        for n in order:
            a_quote(a_revision(n), texts[n], speaker)
        first = Quote.objects.get(first=None)
        assert first.words == texts[0]
        assert first.appearances.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("We did not do that.", "we did NOT do that", True),
        ("It’s not what we do here", "It's not what we do here,", True),
        ("a pump on our model", "They ran a pump on our model, and we saw it", True),
        ("on our model", "They ran a pump on our model, and we saw it", False),
        ("No", "No.", False),
        ("cloning our work", "Cloning our work!", True),
        ("我们没有使用任何外部模型的输出", "我们没有使用任何外部模型的输出。", True),
        ("我们没有", "他们没有", False),
        ("one and two and three and four", "five and six and seven and eight", False),
        ("", "", False),
    ],
)
def test_words_are_the_same_whatever_their_marks(one: str, other: str, is_same: bool) -> None:
    assert appearances.same_words(one, other) is is_same
    assert appearances.same_words(other, one) is is_same


def test_another_speaker_has_a_chain_of_their_own() -> None:
    a_quote(a_revision(0), speaker=EntityFactory())
    a_quote(a_revision(1), speaker=EntityFactory())
    a_quote(a_revision(2), name="Ines Vor")
    assert set(chain().values()) == {None}


def test_somebody_without_an_entity_is_known_by_plain_name() -> None:
    early = a_quote(a_revision(0), name="Mara Veld")
    late = a_quote(a_revision(1), name="MARA VELD")
    assert chain() == {early.pk: None, late.pk: early.pk}


def test_nobody_named_hangs_on_nothing() -> None:
    a_quote(a_revision(0), name="")
    a_quote(a_revision(1), name="")
    assert set(chain().values()) == {None}


def test_long_ago_is_another_quotation() -> None:
    speaker = EntityFactory()
    a_quote(a_revision(0), speaker=speaker)
    a_quote(a_revision(400), speaker=speaker)
    assert set(chain().values()) == {None}


def test_a_row_that_a_person_decided_is_never_written_to() -> None:
    speaker = EntityFactory()
    mine = a_quote(a_revision(5), speaker=speaker)
    Quote.objects.filter(pk=mine.pk).update(decided_by="person")
    early, late = a_quote(a_revision(0), speaker=speaker), a_quote(a_revision(9), speaker=speaker)
    assert chain() == {mine.pk: None, early.pk: None, late.pk: early.pk}


def an_analysis(*words: str) -> Analysis:
    mention = FoundMention(500, 509, "Mara Veld", "PERSON", 0.9, "test", None, "test")
    quotes = [
        FoundQuote(
            start=n * 100,
            end=n * 100 + len(said),
            words=said,
            kind="direct",
            speaker=(500, 509),
            speaker_words="Mara Veld",
            role="",
            channel="unknown",
            score=0.9,
            model="test",
            rule="after",
        )
        for n, said in enumerate(words)
    ]
    return Analysis([mention], Relevance(is_on_subject=True, score=1.0), "test", quotes=quotes)


def test_a_new_reading_hangs_its_followers_again() -> None:
    revisions = [a_revision(n) for n in range(3)]
    for revision in reversed(revisions):
        analyse.store(revision, an_analysis(WORDS))
    analyse.store(revisions[0], an_analysis(WORDS))
    first = Quote.objects.get(revision=revisions[0])
    assert set(Quote.objects.exclude(pk=first.pk).values_list("first_id", flat=True)) == {first.pk}


def test_followers_find_each_other_when_the_first_is_gone() -> None:
    revisions = [a_revision(n) for n in range(3)]
    for revision in revisions:
        analyse.store(revision, an_analysis(WORDS))
    analyse.store(revisions[0], an_analysis("Nothing of the kind was said"))
    second, third = (Quote.objects.get(revision=revision) for revision in revisions[1:])
    assert (second.first_id, third.first_id) == (None, second.pk)


def test_the_cost_is_bounded(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    speaker = EntityFactory()
    for n in range(12):
        a_quote(a_revision(n), f"{WORDS} number {n}", speaker)
    revision = a_revision(20)
    Quote.objects.bulk_create(
        [
            Quote(
                revision=revision,
                start=n * 100,
                end=n * 100 + 50,
                words=f"{WORDS} number {n}",
                kind="direct",
                speaker=speaker,
                speaker_name="x",
                model="test",
            )
            for n in range(12)
        ]
    )
    with django_assert_max_num_queries(30):
        appearances.hang(revision)
    assert Quote.objects.filter(revision=revision, first=None).count() == 0
