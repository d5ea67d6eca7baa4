"""An article page marks quotes, numbers, times and roles, each with its rule; readers get those of the excerpt only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup
from tracker.models import Article, Entity, PrintedRole, QuantityMention, Quote, Revision, TimeMention

pytestmark = pytest.mark.django_db
FIRST = "Quillmark said on 4 May that “we counted more than 24,000 accounts” of Fernlight."
FILLER = "Nothing of note stands in this sentence, nor in the ones that follow it here. " * 12
LAST = "Ada Holm, the harbour master, saw 77 boats."
TEXT = f"{FIRST}\n{FILLER}\n{LAST}"


def span(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


@pytest.fixture
def revision(db: None) -> Revision:
    found = make.RevisionFactory(text=TEXT, article__published_at=dt.datetime(2026, 5, 5, tzinfo=dt.UTC))
    lab = make.EntityFactory(slug="quillmark", name="Quillmark Systems")
    make.MentionFactory(revision=found, entity=lab, surface="Quillmark", **span("Quillmark"))
    words = "we counted more than 24,000 accounts"
    Quote.objects.create(
        revision=found, words=words, kind="direct", speaker=lab, speaker_name="Quillmark", channel="report",
        model="quotes.v1", rule="subject before", score=0.9, **span(words),
    )  # fmt: skip
    for words, value, score in (("more than 24,000 accounts", 24000, 0.9), ("77 boats", 77, 0.4)):
        QuantityMention.objects.create(
            revision=found, words=words, metric="accounts", comparator=">", value=Decimal(value), unit="account",
            party_name="Fernlight", model="quantities.v1", rule="of party", score=score, **span(words),
        )  # fmt: skip
    TimeMention.objects.create(
        revision=found, words="on 4 May", on="2026-05-04", model="times.v1", rule="day", **span("on 4 May")
    )
    PrintedRole.objects.create(
        revision=found, words="the harbour master", person_name="Ada Holm", verdict="differs", held="Director, Office",
        model="roles.v1", rule="apposition", **span("the harbour master"),
    )  # fmt: skip
    return found


def test_staff_see_every_finding_with_its_rule_and_model(revision: Revision, staff_client: Client) -> None:
    page = soup(staff_client, revision.article.get_absolute_url())
    assert page.select("#text .m-quote .m-num, #text .m-num.m-quote") or page.select("#text .m-quote")
    notes = {item.select("b")[0].get_text(): item.get_text(" ") for item in page.select(".r-notes li")}
    assert set(notes) == {"Quotation", "Number", "Time", "Role"}
    assert "Quillmark Systems" in notes["Quotation"]
    assert "quotes.v1" in notes["Quotation"]
    assert "2026-05-04" in notes["Time"]
    assert "posts on file for that day: Director, Office" in notes["Role"]
    assert len(page.select(".r-notes li.is-low")) == 2  # the number of a low score, and the role that differs
    links = {str(link["href"]) for link in page.select("#text a.c-fn")}
    assert links == {f"#{item['id']}" for item in page.select(".r-notes li")}


def test_readers_get_the_notes_of_the_excerpt_only(revision: Revision, client: Client) -> None:
    page = soup(client, revision.article.get_absolute_url())
    assert "24,000" in page.select(".r-notes")[0].get_text()
    assert "harbour master" not in page.get_text()
    assert {str(a["href"]) for a in page.select("#text a.c-fn")} == {
        f"#{li['id']}" for li in page.select(".r-notes li")
    }


def test_the_page_stays_within_its_queries(
    revision: Revision, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        client.get(revision.article.get_absolute_url())


@pytest.mark.parametrize("may_see", ["public", "adjacent", "off the subject", "held", "withheld"])
def test_the_first_appearance_is_told_of_articles_that_readers_may_see(
    revision: Revision, client: Client, may_see: str
) -> None:
    ways: dict[str, dict[str, object]] = {
        "public": {"is_on_subject": True},
        "adjacent": {"is_on_subject": False, "is_adjacent": True},
        "off the subject": {"is_on_subject": False},
        "held": {"is_on_subject": True, "hold": make.HoldFactory()},
        "withheld": {"is_on_subject": True, "status": Article.Status.WITHHELD},
    }
    first = make.RevisionFactory()
    Article.objects.filter(pk=first.article_id).update(outlet="Tide Bulletin", source=None, **ways[may_see])
    root = Quote.objects.create(revision=first, start=0, end=5, words="words", kind="direct", model="test")
    Quote.objects.filter(revision=revision).update(first=root)
    said = soup(client, revision.article.get_absolute_url()).select(".r-notes")[0].get_text()
    assert ("first seen in Tide Bulletin" in said) is (may_see in {"public", "adjacent"})


def test_a_hidden_entity_is_named_as_the_text_prints_it(revision: Revision, staff_client: Client) -> None:
    Entity.objects.update(is_public=False)
    said = soup(staff_client, revision.article.get_absolute_url()).select(".r-notes")[0].get_text()
    assert "Quillmark Systems" not in said
    assert "Quillmark, channel" in said


def test_notes_of_the_reading_and_long_facts_are_for_staff(
    revision: Revision, client: Client, staff_client: Client
) -> None:
    Revision.objects.filter(pk=revision.pk).update(rules={"title": "h1", "notes": "left out: a line"})
    address = f"https://data.example/{'a' * 300}"
    Article.objects.filter(pk=revision.article_id).update(facts={"holding": "word " * 200, "page": address})
    path = revision.article.get_absolute_url()
    reader, staff = soup(client, path), soup(staff_client, path)
    assert "left out: a line" in staff.get_text()
    assert "left out: a line" not in reader.get_text()
    assert max(item.get_text().count("word") for item in staff.select(".c-facts dd")) == 200
    assert max(item.get_text().count("word") for item in reader.select(".c-facts dd")) == 40
    assert reader.select(f'a[href="{address}"]')


def test_no_text_of_another_article_is_loaded(revision: Revision, client: Client) -> None:
    first = make.RevisionFactory(text="Elsewhere.")
    Quote.objects.filter(revision=revision).update(
        first=Quote.objects.create(revision=first, start=0, end=5, words="words", kind="direct", model="test")
    )
    with CaptureQueriesContext(connection) as queries:
        client.get(revision.article.get_absolute_url())
    told = [query["sql"] for query in queries if "tracker_quote" in query["sql"]]
    assert told
    assert not [sql for sql in told if "feed_text" in sql or "turns" in sql]
