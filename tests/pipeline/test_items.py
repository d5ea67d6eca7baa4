"""What a listing says anew of an item that is known."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, Job

pytestmark = pytest.mark.django_db
LINK = "https://gazette.example/1"


@pytest.mark.parametrize(
    ("edited", "expected"), [("", "Committee hears more"), ("An editor's words", "An editor's words")]
)
def test_a_listings_new_headline_never_replaces_an_editors(
    web: MemoryFetcher, endpoint: Endpoint, edited: str, expected: str
) -> None:
    web.answer(FEED, feed(item(LINK, title="Committee hears", text="It sat on Monday.")))
    web.answer(FEED, feed(item(LINK, title="Committee hears more", text="It sat on Monday and Tuesday.")))
    poll()
    jobs.drain(kinds=["read"])
    if edited:
        article = Article.objects.get()
        article.title = edited
        article._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
        article.save(update_fields=["title"])
    n_reads = []
    for _ in range(3):
        poll()
        jobs.drain(kinds=["read"])
        Endpoint.objects.update(body_sha256="")
        n_reads.append(Job.objects.filter(kind="read", key__contains=":feed:").count())
    article = Article.objects.get()
    assert (article.title, article.feed_text) == (expected, "It sat on Monday and Tuesday.")
    assert n_reads == [1, 1, 1]
