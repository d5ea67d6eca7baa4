"""What may be somebody else's waits for a person, and changes nothing that is known."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests import factories as make
from tests.pipeline.conftest import poll
from tests.pipeline.test_endurance import dated
from tests.pipeline.test_poll import FEED, feed, item
from tracker.curation.holds import accept
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, Hold, article_key, public_id_of

pytestmark = pytest.mark.django_db

LINK = "https://gazette.example/1"
PARKED = "https://parked.example.net/feed"
LOST = "https://lost.example.org/feed"


def poll_each(web: MemoryFetcher, *answers: tuple[bytes, str]) -> None:
    """Poll once for each answer, given with the address it comes from in the end."""
    for body, address in answers:
        web.answer(FEED, body, final_url=address)
    for _ in answers:
        poll()


def test_another_domain_changes_no_article_that_is_known(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(item(LINK, title="Committee hears about copied models")))
    web.answer(FEED, feed(item(LINK, title="Cheap pills", text="Buy them.")), final_url=PARKED)
    poll()
    Article.objects.update(text_from="feed")
    poll()
    article = Article.objects.get()
    assert (article.title, article.feed_text) == ("Committee hears about copied models", "Words.")
    assert Hold.objects.get().address == PARKED  # told, though nothing is new


def test_another_domain_attaches_no_cited_address(web: MemoryFetcher, endpoint: Endpoint) -> None:
    key = article_key(LINK)
    make.ArticleFactory(key=key, public_id=public_id_of(key), url=LINK, text_from="cited", source=None)
    poll_each(web, (feed(item(LINK, text="Buy pills.")), PARKED))
    article = Article.objects.get()
    assert (article.text_from, article.source, article.feed_text) == ("cited", None, "")


def test_whoever_decides_on_another_domain_sees_where_it_leads_now(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    first, second = feed(dated(1, 1)), feed(dated(2, 1))
    poll_each(web, (first, PARKED), (second, LOST), (first, LOST), (second, LOST))
    hold = Hold.objects.get()
    assert hold.address == LOST
    told = hold.explanation.splitlines()
    assert [domain in line for domain, line in zip(("example.net", "example.org"), told, strict=True)] == [
        True,
        True,
    ]


def test_an_accepted_domain_is_not_held_again_though_its_address_is_taken(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    make.EndpointFactory(url=PARKED, is_enabled=False)
    poll_each(web, (feed(dated(1, 1)), PARKED))
    accept(Hold.objects.get(), User.objects.create_user("editor"))
    web.answer(FEED, feed(dated(2, 1)), final_url=PARKED)
    poll()
    poll()
    assert Hold.objects.count() == 1
    assert set(Article.objects.values_list("hold", flat=True)) == {None}


def test_a_flood_that_waits_is_not_usual_for_the_next(web: MemoryFetcher, endpoint: Endpoint) -> None:
    def some(start: int, n: int) -> tuple[bytes, str]:
        return feed(*[dated(start + k, 0.1) for k in range(n)]), FEED

    poll_each(web, *(some(10 * n, 6) for n in range(12)), some(1000, 60))
    accept(Hold.objects.get(), User.objects.create_user("editor"))
    web.answer(FEED, some(2000, 320)[0])
    web.answer(FEED, some(3000, 310)[0])
    for _ in range(3):  # the answer before is given once more
        poll()
    assert Hold.objects.get(state="waiting").articles.count() == 630


LIST = "https://gazette.example/news"
PAGE_2 = "https://gazette.example/news?page=2"


def listing_page(*links: str, after: str = "") -> bytes:
    rows = "".join(f'<li><a href="{link}">Report {link[-2:]}</a></li>' for link in links)
    return f'<html><body><ul>{rows}</ul><a rel="next" href="{after}">More</a></body></html>'.encode()


def paged(endpoint: Endpoint) -> None:
    endpoint.kind, endpoint.url = "html_list", LIST
    endpoint.options = {"item": "li", "next": "a[rel=next]"}
    endpoint.save()


@pytest.mark.parametrize(
    ("address", "n_kept"),
    [(PARKED, 1), ("https://cdn.gazette.example/news/2", 2), (PAGE_2, 2)],
    ids=["another domain", "its own domain", "not redirected"],
)
def test_a_further_page_that_leads_to_another_domain_is_left_out_and_told(
    web: MemoryFetcher, endpoint: Endpoint, address: str, n_kept: int
) -> None:
    paged(endpoint)
    web.answer(LIST, listing_page("https://gazette.example/1", after=PAGE_2))
    web.answer(PAGE_2, listing_page("https://pills.example.net/2"), final_url=address)
    poll()
    assert Article.objects.count() == n_kept
    [attempt] = endpoint.attempts.all()
    assert attempt.outcome == "ok"
    assert any("leads to" in told and "another domain" in told for told in attempt.warnings) is (n_kept == 1)


def test_items_beyond_the_most_of_all_pages_are_told(
    web: MemoryFetcher, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.pipeline.look.MOST_ITEMS", 3)
    paged(endpoint)
    links = [f"https://gazette.example/{k}" for k in range(10, 15)]
    web.answer(LIST, listing_page(*links[:2], after=PAGE_2))
    web.answer(PAGE_2, listing_page(*links[2:]))
    poll()
    assert sorted(Article.objects.values_list("url", flat=True)) == links[:3]
    assert "the pages have more than 3 items; 2 were left for later" in endpoint.attempts.get().warnings
