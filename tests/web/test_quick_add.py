"""One article by hand: by its address or with its text, never twice, and on the subject because a person says so."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tracker import jobs
from tracker.curation.add import ArticleDraft, file_article
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Job, article_key
from tracker.pipeline import door
from tracker.text.hashing import text_hash

pytestmark = pytest.mark.django_db
URL = "https://harbour.example/a/1"
TEXT = "Quillmark said that Fernlight had copied its answers.\nFernlight said nothing about it on that day, or later."


def test_an_address_is_added_and_its_reading_owed(staff_client: Client, staff: User) -> None:
    source = make.SourceFactory(name="Harbour", domain="harbour.example")
    answer = staff_client.post(
        "/add/", {"url": f"{URL}?utm_source=x", "title": "Tab | Harbour", "kind": "news"}
    )
    article = Article.objects.get()
    assert answer["Location"] == article.get_absolute_url()
    assert (article.url, article.key, article.source) == (URL, article_key(URL), source)
    assert (article.added_by, article.is_on_subject, article.is_relevance_decided) == (staff, True, True)
    assert not article.is_whole
    assert article.title == ""
    assert Job.objects.filter(kind="read", subject_id=article.pk).count() == 1
    assert article.history.count() == 1


def test_a_pasted_text_is_taken_as_it_is(staff_client: Client) -> None:
    data = {"title": "A memo", "text": TEXT, "outlet": "Office", "published": "2026-04", "kind": "letter"}
    staff_client.post("/add/", data)
    article = Article.objects.get()
    assert (article.title, article.feed_text, article.outlet, article.kind) == (
        "A memo",
        TEXT,
        "Office",
        "letter",
    )
    assert article.is_whole
    assert (str(article.published_at), article.published_precision) == ("2026-04-01 00:00:00+00:00", "month")
    assert article.published_rule == "added by hand"


def test_a_pasted_text_becomes_a_revision_without_a_fetch(
    staff_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = MemoryFetcher()
    monkeypatch.setattr(door, "_chosen", [web])
    staff_client.post("/add/", {"url": URL, "title": "A memo", "text": TEXT, "kind": "news"})
    jobs.drain(kinds=["read"])
    article = Article.objects.get()
    assert web.requests == []
    assert article.latest
    assert article.latest.text == TEXT
    assert article.text_from == "feed"


def test_an_address_that_is_here_is_shown_instead(staff_client: Client) -> None:
    known = make.ArticleFactory(url=URL, key=article_key(URL), title="Known story")
    page = staff_client.post("/add/", {"url": f"{URL}#top", "kind": "news"}).content.decode()
    assert "here already, known by its address" in page
    assert known.get_absolute_url() in page
    assert Article.objects.count() == 1
    assert "Known story" in staff_client.get("/add/", {"url": URL}).content.decode()


def test_the_same_words_are_here_already(staff_client: Client) -> None:
    known = make.ArticleFactory(title="A memo")
    make.RevisionFactory(article=known, text=TEXT, text_sha256=text_hash(f"A memo\n{TEXT}"))
    page = staff_client.post("/add/", {"title": "A memo", "text": TEXT, "kind": "news"}).content.decode()
    assert "known by its words" in page
    assert Article.objects.count() == 1


def test_the_same_paste_twice_is_one_article(staff_client: Client) -> None:
    for title in ("A memo", "The memo again"):
        staff_client.post("/add/", {"title": title, "text": f"  {TEXT} ", "kind": "news"})
    assert Article.objects.count() == 1


def test_what_the_machine_took_for_off_the_subject_can_be_put_on(staff_client: Client) -> None:
    known = make.ArticleFactory(url=URL, key=article_key(URL), is_on_subject=False, text_from="page")
    page = BeautifulSoup(staff_client.get("/add/", {"url": URL}).content.decode(), "lxml")
    form = page.select_one(".p-known form")
    assert form
    staff_client.post(str(form["action"]))
    known.refresh_from_db()
    assert known.is_on_subject
    assert known.is_relevance_decided
    assert [job.kind for job in Job.objects.all()] == ["place"]


def test_a_cited_address_is_read_when_somebody_asks(staff_client: Client) -> None:
    known = make.ArticleFactory(url=URL, key=article_key(URL), text_from="cited")
    staff_client.post(f"/articles/{known.public_id}/on-subject/")
    known.refresh_from_db()
    assert known.text_from == "none"
    assert set(Job.objects.values_list("kind", flat=True)) == {"read", "place"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, "Give the address"),
        ({"url": "mailto:a@b.example"}, "begins with https"),
        ({"text": TEXT}, "needs its headline"),
        ({"text": "Too short", "title": "A"}, "too short"),
        ({"url": URL, "published": "yesterday"}, "is no date"),
        ({"url": URL, "published": "2026-13"}, "is no date"),
        ({"url": URL, "published": "0000"}, "is no date"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    staff_client: Client, data: dict[str, str], expected: str
) -> None:
    answer = staff_client.post("/add/", {"kind": "news"} | data)
    assert answer.status_code == 400
    assert expected in answer.content.decode()
    assert not Article.objects.exists()


def test_the_bookmarklet_leads_to_this_form_and_get_adds_nothing(staff_client: Client) -> None:
    page = BeautifulSoup(staff_client.get("/add/", {"url": URL, "title": "A tab"}).content.decode(), "lxml")
    link = page.select_one("a[href^='javascript:']")
    assert link
    assert "http://testserver/add/?url='+encodeURIComponent(location.href)" in str(link["href"])
    field = page.select_one("#id_url")
    assert field
    assert field["value"] == URL
    assert not Article.objects.exists()


def test_several_sources_of_one_domain_are_not_guessed_among() -> None:
    make.SourceFactory(domain="harbour.example")
    make.SourceFactory(domain="harbour.example")
    filed = file_article(ArticleDraft(url=URL), None)
    assert (filed.article.source, filed.article.outlet) == (None, "harbour.example")


def test_an_outlet_of_its_own_name_is_kept() -> None:
    make.SourceFactory(name="Harbour", domain="harbour.example")
    filed = file_article(ArticleDraft(url=URL, outlet="Ledger Wire"), None)
    assert filed.article.outlet_name == "Ledger Wire"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"status": "rejected"}, "Rejected when it was held"), ({"status": "withheld"}, "withheld")],
)
def test_what_a_person_kept_out_is_not_put_on_the_timeline_here(
    staff_client: Client, fields: dict[str, str], words: str
) -> None:
    article = make.ArticleFactory(key=article_key(URL), url=URL, is_on_subject=False, **fields)
    page = BeautifulSoup(staff_client.post("/add/", {"url": URL, "kind": "news"}).content.decode(), "lxml")
    known = page.select_one(".p-known")
    assert known
    assert words.lower() in known.get_text().lower()
    assert known.select_one("form") is None
    answer = staff_client.post(f"/articles/{article.public_id}/on-subject/", follow=True)
    assert "kept out by somebody; nothing was changed" in answer.content.decode()
    article.refresh_from_db()
    assert not article.is_on_subject
