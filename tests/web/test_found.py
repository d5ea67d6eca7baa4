"""An article page marks quotes, numbers, times and roles, each with its rule; readers get those of the excerpt only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import soup
from tracker.models import PrintedRole, QuantityMention, Quote, Revision, TimeMention

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
