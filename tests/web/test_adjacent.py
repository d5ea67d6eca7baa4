"""What lies near the subject has a page of its own and is nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make
from tests.web.conftest import soup
from tracker import search
from tracker.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def near(db: None) -> Article:
    revision = make.RevisionFactory(
        article__title="Chips smuggled past the harbour", article__is_on_subject=False
    )
    Article.objects.filter(pk=revision.article_id).update(is_adjacent=True)
    search.put("article", [revision.article_id])
    return Article.objects.get(pk=revision.article_id)


def test_an_article_near_the_subject_is_listed_with_a_true_count(near: Article, client: Client) -> None:
    page = soup(client, "/adjacent/")
    assert page.select_one(".t-sub a").get_text() == "1 article"  # type: ignore[union-attr]
    assert len(page.select("[data-row]")) == 1
    assert "Near the subject" in soup(client, near.get_absolute_url()).get_text()


def test_it_is_off_the_timeline_and_not_in_the_search(near: Article, client: Client) -> None:
    assert near.title not in soup(client, "/").get_text()
    assert near.title not in soup(client, "/search/?q=harbour&kind=article").select_one("main").get_text()  # type: ignore[union-attr]
    assert soup(client, "/").select('a[href="/adjacent/"]')


def test_withheld_or_off_the_subject_stays_hidden(near: Article, client: Client) -> None:
    Article.objects.update(status="withheld")
    assert client.get(near.get_absolute_url()).status_code == 404
    assert "None so far" in soup(client, "/adjacent/").get_text()
    Article.objects.update(status="usable", is_adjacent=False)
    assert client.get(near.get_absolute_url()).status_code == 404
