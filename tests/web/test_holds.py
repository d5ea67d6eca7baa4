"""Held items: staff decide on them, and nobody else sees them anywhere."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories as make
from tests.web.conftest import Newsroom, soup
from tracker import models, search
from tracker.curation.holds import accept

pytestmark = pytest.mark.django_db
HELD, REJECTED = "Unsettled flood headline", "Discarded flood headline"


@pytest.fixture
def hold(db: None) -> models.Hold:
    made = make.HoldFactory(endpoint__source__name="Harbour Dispatch")
    for n in range(61):
        make.ArticleFactory(hold=made, source=made.endpoint.source, title=f"Flood {n}", is_on_subject=False)
    return made


def test_holds_are_for_staff(hold: models.Hold, client: Client) -> None:
    paths = ["/holds/", f"/holds/{hold.pk}/"]
    for _ in range(2):
        for path in paths:
            assert client.get(path)["Location"].startswith("/admin/login/")
        assert client.post(f"/holds/{hold.pk}/accept/").status_code == 302
        client.force_login(User.objects.get_or_create(username="reader")[0])
    reader = User.objects.get(username="reader")
    reader.is_staff = True
    reader.save()
    assert client.get("/holds/").status_code == 200
    assert client.post(f"/holds/{hold.pk}/reject/").status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="change_endpoint"))
    assert client.get(f"/holds/{hold.pk}/reject/").status_code == 405
    assert client.post("/holds/999999/reject/").status_code == 404
    hold.refresh_from_db()
    assert hold.state == "waiting"


def test_the_number_of_items_is_the_length_of_their_list(hold: models.Hold, staff_client: Client) -> None:
    page = soup(staff_client, "/holds/")
    assert len(page.select("#waiting [data-row] ol > li")) == 10
    link = page.select(f'.h-of a[href="/holds/{hold.pk}/"]')[0]
    n, url = 0, str(link["href"])
    while url:
        listed = soup(staff_client, url)
        n += len(listed.select("#results [data-row]"))
        older = listed.select_one('#results a[rel="next"]')
        url = str(older["href"]) if older else ""
    assert link.get_text() == f"{n} items" == "61 items"


def test_accepting_and_deciding_again(hold: models.Hold, staff_client: Client) -> None:
    page = staff_client.post(f"/holds/{hold.pk}/accept/", follow=True).content.decode()
    assert "Accepted: 61 items will be read." in page
    assert "Nothing waits" in page
    assert models.Job.objects.filter(kind="read").count() == 61
    page = staff_client.post(f"/holds/{hold.pk}/reject/", {"why": "x"}, follow=True).content.decode()
    assert "decided already: Accepted by editor" in page
    assert not models.Article.objects.filter(status="rejected").exists()
    assert "It holds none any more" in staff_client.get(f"/holds/{hold.pk}/").content.decode()


def test_late_items_of_an_accepted_hold_can_be_let_go(
    hold: models.Hold, staff: User, staff_client: Client
) -> None:
    accept(hold, staff)
    make.ArticleFactory(hold=hold, is_on_subject=False)
    assert "Let the items below go" in staff_client.get(f"/holds/{hold.pk}/").content.decode()
    page = staff_client.post(f"/holds/{hold.pk}/accept/", follow=True).content.decode()
    assert "1 item that came late will be read too." in page


def test_a_rejection_says_why(hold: models.Hold, staff_client: Client) -> None:
    page = staff_client.post(
        f"/holds/{hold.pk}/reject/", {"why": "Betting\x00 adverts " + "x" * 900}, follow=True
    )
    assert "Rejected: 61 items will not be read." in page.content.decode()
    detail = soup(staff_client, f"/holds/{hold.pk}/")
    assert "Rejected: Betting adverts" in detail.get_text()
    assert "Rejected by editor" in detail.get_text()


def test_the_lists_cost_few_queries(
    hold: models.Hold, staff_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        other = make.HoldFactory()
        make.ArticleFactory.create_batch(3, hold=other)
    for path in ("/holds/", f"/holds/{hold.pk}/"):
        with django_assert_max_num_queries(6):
            staff_client.get(path)


def test_held_and_rejected_items_stand_on_no_public_page(newsroom: Newsroom, client: Client) -> None:
    """Even items that somebody marked as on the subject and put into an entry by mistake."""
    endpoint = newsroom.source.endpoints.get()
    hold = make.HoldFactory(endpoint=endpoint)
    for title, status in ((HELD, "usable"), (REJECTED, "rejected")):
        article = make.ArticleFactory(
            title=title, hold=hold, status=status, endpoint=endpoint, source=newsroom.source
        )
        revision = make.RevisionFactory(article=article, text=f"{title}. Quillmark Systems said so.")
        make.MentionFactory(revision=revision, entity=newsroom.quillmark)
        make.EntryArticleFactory(entry=newsroom.entry, article=article, is_first_report=True)
        claim = models.Claim.objects.published().filter(entry=newsroom.entry)[0]
        make.EvidenceFactory(claim=claim, revision=revision, article=article, start=0, end=9, quoted=title)
    n_before = models.Article.objects.public().count()
    make.count_articles(newsroom.entry)
    search.rebuild()
    paths = [*newsroom.paths.values(), endpoint.get_absolute_url(), endpoint.get_absolute_url() + "items/"]
    paths += ["/search/?q=flood", "/search/?q=headline&kind=article", "/coverage/"]
    for path in paths:
        page = client.get(path).content.decode()
        assert HELD not in page, path
        assert REJECTED not in page, path
    for article in models.Article.objects.filter(hold=hold):
        assert client.get(article.get_absolute_url()).status_code == 404
    assert models.Article.objects.public().count() == n_before
    assert not models.Article.objects.public().filter(hold=hold).exists()
    assert not search.search("flood").hits
