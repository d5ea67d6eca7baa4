"""What an official document states of itself is kept with its article, and shown there with the rule that won."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[1] / "data"
RELEASE = (DATA / "extract" / "official" / "press_release_doj.html").read_bytes()
BILL = (DATA / "sources" / "govinfo_bill" / "introduced.xml").read_bytes()
PAGE = "https://www.justice.gov/opa/pr/sample"


def read(web: MemoryFetcher, body: bytes) -> Article:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, body)
    poll()
    jobs.drain(kinds=["read"])
    return Article.objects.select_related("latest").get()


def test_facts_kind_and_rules_of_a_press_release_are_kept(web: MemoryFetcher, endpoint: Endpoint) -> None:
    article = read(web, RELEASE)
    assert article.kind == Article.Kind.PRESS_RELEASE
    assert article.facts["number"] == "26-9001"
    assert article.facts["district"] == "Northern District of Sample"
    assert article.latest is not None
    assert article.latest.rules["kind"] == "press release"
    assert article.latest.rules["fact: number"] == "label Press Release Number"
    assert article.latest.rules["text"] == "site rule justice.gov"


def test_a_bill_in_xml_is_read_as_a_page(web: MemoryFetcher, endpoint: Endpoint) -> None:
    article = read(web, BILL)
    assert (article.kind, article.text_from) == (Article.Kind.BILL, Article.Text.PAGE)
    assert article.facts["number"] == "H.R. 99901"
    assert article.latest is not None
    assert "each entity that copied a sample model" in article.latest.text


def test_the_kind_that_a_person_left_stays(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, RELEASE)
    poll()
    article = Article.objects.get()
    article._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    article.save()
    jobs.drain(kinds=["read"])
    article.refresh_from_db()
    assert article.kind == Article.Kind.NEWS
    assert article.facts["number"] == "26-9001"


def test_the_page_of_the_article_shows_facts_and_their_rules(
    web: MemoryFetcher, endpoint: Endpoint, client: Client
) -> None:
    article = read(web, RELEASE)
    Article.objects.update(is_on_subject=True)
    shown = client.get(article.get_absolute_url()).content.decode()
    assert "Northern District of Sample" in shown
    assert "label Press Release Number" in shown


def test_what_could_not_be_read_is_kept_and_shown_to_staff(
    web: MemoryFetcher, endpoint: Endpoint, client: Client
) -> None:
    article = read(web, RELEASE.replace(b"26-9001", b"soon"))
    assert "number" not in article.facts
    assert article.latest is not None
    assert "the number 'soon' cannot be read" in article.latest.rules["notes"]
    Article.objects.update(is_on_subject=True)
    assert "cannot be read" not in client.get(article.get_absolute_url()).content.decode()
    client.force_login(User.objects.create_superuser("editor"))
    assert "cannot be read" in client.get(article.get_absolute_url()).content.decode()
