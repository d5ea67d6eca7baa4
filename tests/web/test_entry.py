"""Entry, article and entity pages: what they promise a reader."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests import factories as make
from tests.web.conftest import Newsroom
from tracker import models

pytestmark = pytest.mark.django_db
WHOLE = "The rest of the text, which only staff may read, stands here and goes on for a while. "


def text_of(client: Client, path: str) -> str:
    return BeautifulSoup(client.get(path).content.decode(), "lxml").get_text(" ", strip=True)


def test_an_older_address_redirects_for_ever(newsroom: Newsroom, client: Client) -> None:
    models.EntryAddress.objects.create(public_id="old-one", entry=newsroom.entry)
    response = client.get("/entries/old-one/")
    assert response.status_code == 301
    assert response["Location"] == newsroom.entry.get_absolute_url()


def test_an_older_address_of_a_hidden_entry_is_not_found(newsroom: Newsroom, client: Client) -> None:
    models.EntryAddress.objects.create(public_id="old-one", entry=models.Entry.objects.get(is_public=False))
    assert client.get("/entries/old-one/").status_code == 404


def test_an_entry_says_who_about_whom_when_and_who_answered(newsroom: Newsroom, client: Client) -> None:
    words = text_of(client, newsroom.entry.get_absolute_url())
    for part in (
        "Names nobody",
        "Thursday 23 April 2026",
        "date of publication",
        "1 answer",
        "1 denies",
        "1 silence on record",
        "Two numbers are mixed up",
        "about 24,000",
        "H.R.",
        "Sample Weights Act",
        "Compiled by the project",
        "searched on 24 Apr 2026",
        "named outright",
        "First reported Harbour Dispatch",
    ):
        assert part in words, part


def test_a_machine_made_entry_says_that_nobody_reviewed_it(newsroom: Newsroom, client: Client) -> None:
    assert "No person has reviewed this entry" in text_of(client, newsroom.machine.get_absolute_url())


def test_an_answer_in_another_entry_is_shown_with_the_claim_it_answers(
    newsroom: Newsroom, client: Client
) -> None:
    claim = models.Claim.objects.get(public_id="quillmark-fernlight/a1")
    make.ClaimFactory(
        entry=newsroom.machine,
        kind="response",
        stance="denies",
        leads_with=claim,
        stated_by_name="Fernlight abroad",
        gist="A second answer.",
        published=True,
    ).answers.add(claim)
    page = client.get(newsroom.entry.get_absolute_url()).content.decode()
    assert "A second answer." in page
    assert newsroom.machine.get_absolute_url() in page
    other = client.get(newsroom.machine.get_absolute_url()).content.decode()
    assert "/entries/quillmark-fernlight/#claim-quillmark-fernlight-a1" in other


def test_storyline_counts_days_from_this_entry(newsroom: Newsroom, client: Client) -> None:
    step = models.StorylineEntry.objects.select_related("entry").earliest("entry__happened_at")
    words = text_of(client, step.entry.get_absolute_url())
    assert "What happened before and next" in words
    assert "this entry" in words
    assert "days after" in words


def test_a_reader_never_gets_the_whole_text(newsroom: Newsroom, client: Client, staff_client: Client) -> None:
    article = make.ArticleFactory()
    revision = make.RevisionFactory(article=article, text="Quillmark Systems said no. " + WHOLE * 20)
    make.MentionFactory(revision=revision, entity=newsroom.quillmark)
    path = article.get_absolute_url() + "?q=staff+while+rest"
    shown = BeautifulSoup(client.get(path).content.decode(), "lxml").select("#text")[0].get_text(" ")
    assert len(shown.replace("[…]", "").split()) <= 95
    assert client.get(path).content.decode().count("only staff may") <= 3
    assert staff_client.get(path).content.decode().count("stands here") == 20


def test_article_text_is_escaped_and_marks_hold_their_offsets(
    newsroom: Newsroom, client: Client, staff_client: Client
) -> None:
    article = make.ArticleFactory()
    text = "𝔄 <script>alert(1)</script> Quillmark & Fernlight <b>met</b>"
    revision = make.RevisionFactory(article=article, text=text)
    start = text.index("Quillmark")
    make.MentionFactory(revision=revision, entity=newsroom.quillmark, start=start, end=start + 9)
    make.MentionFactory(revision=revision, entity=newsroom.fernlight, start=start, end=start + 21)
    make.MentionFactory(
        revision=revision,
        entity=newsroom.fernlight,
        start=len(text) - 1,
        end=len(text) + 50,
        surface="past the end",
    )
    for who in (client, staff_client):
        body = BeautifulSoup(who.get(article.get_absolute_url() + "?q=met").content.decode(), "lxml").select(
            "#text"
        )[0]
        assert " ".join(body.get_text().split()) == text
        assert [a.get_text() for a in body.select("a.m-name")] == ["Quillmark & Fernlight"]
        assert [m.get_text() for m in body.select("mark")] == ["met"]
        assert not body.select("script, b")


def test_off_subject_and_withheld_articles_are_for_staff(
    newsroom: Newsroom, client: Client, staff_client: Client
) -> None:
    withheld = make.ArticleFactory(status="withheld")
    for article in (newsroom.hidden, withheld):
        assert client.get(article.get_absolute_url()).status_code == 404
        assert staff_client.get(article.get_absolute_url()).status_code == 200


def test_an_article_says_where_its_fields_come_from(newsroom: Newsroom, client: Client) -> None:
    words = text_of(client, newsroom.article.get_absolute_url())
    assert "json-ld headline" in words
    assert "test-model 1.0" in words
    assert "Read the original" in words


def test_cited_and_feed_only_articles_are_marked(newsroom: Newsroom, client: Client) -> None:
    cited = make.ArticleFactory(text_from="cited")
    feed = make.ArticleFactory(text_from="feed", feed_text="Short text of the feed.")
    assert "Cited address, not archived" in text_of(client, cited.get_absolute_url())
    page = text_of(client, feed.get_absolute_url())
    assert "Feed text only" in page
    assert "Short text of the feed." in page


def test_an_entity_is_found_by_a_name_in_any_script(newsroom: Newsroom, client: Client) -> None:
    page = client.get("/entities/", {"q": "光科"}).content.decode()
    assert "/entities/fernlight/" in page
    assert "/entities/quillmark/" not in page


def test_an_entity_page_counts_what_it_lists(newsroom: Newsroom, client: Client) -> None:
    page = BeautifulSoup(client.get(newsroom.fernlight.get_absolute_url()).content.decode(), "lxml")
    for section in page.select("section:has(.n-lines)"):
        heading = section.select("h2")[0].get_text().split()[-1]
        assert int(heading) == len(section.select(".n-lines")[0].select("tbody tr"))
    assert page.select('span[lang="zh"]')
    stats = {link.select("span")[0].get_text(): link for link in page.select(".c-stat a")}
    entries = client.get(str(stats["entries"]["href"])).context["t"].total.n
    assert int(stats["entries"].select("b")[0].get_text()) == entries
    articles = BeautifulSoup(client.get(str(stats["articles"]["href"])).content.decode(), "lxml")
    assert int(stats["articles"].select("b")[0].get_text()) == len(articles.select("[data-row]")) == 1


def test_only_posts_seen_in_a_document_are_shown(newsroom: Newsroom, client: Client) -> None:
    words = text_of(client, "/entities/ada-holm/")
    assert "Director, Office of Model Safety" in words
    assert "Unseen post" not in words


def test_a_post_at_a_hidden_body_keeps_the_name_written_for_it_only(
    newsroom: Newsroom, client: Client
) -> None:
    hidden = models.Entity.objects.get(slug="secret")
    person = models.Entity.objects.get(slug="ada-holm")
    make.PositionFactory(person=person, body=hidden, body_name="a bureau", title="Adviser")
    page = client.get("/entities/ada-holm/").content.decode()
    assert "Adviser, a bureau" in page
    assert "/entities/secret/" not in page
    assert hidden.name not in page


@pytest.mark.parametrize("status", ["withheld", "rejected"])
def test_a_withheld_text_is_not_quoted_as_evidence(newsroom: Newsroom, client: Client, status: str) -> None:
    claim = models.Claim.objects.get(public_id="quillmark-fernlight/a1")
    revision = newsroom.article.latest
    assert revision is not None
    words = "accuses Fernlight of copying its model"
    start = revision.text.index(words)
    make.EvidenceFactory(
        claim=claim, revision=revision, start=start, end=start + len(words), quoted=words, cited_url=""
    )
    paths = [newsroom.entry.get_absolute_url(), newsroom.fernlight.get_absolute_url(), "/"]
    assert words in text_of(client, paths[0])
    models.Article.objects.filter(pk=newsroom.article.pk).update(status=status)
    for path in paths:
        assert words not in text_of(client, path)
    assert "withheld" in text_of(client, paths[0])
