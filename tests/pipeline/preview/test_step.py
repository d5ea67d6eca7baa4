"""A preview tells all that would come in, in plain words, and leaves nothing behind but its own row."""

from __future__ import annotations

import datetime as dt
from collections import deque

import pytest
from django.utils import timezone

from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import (
    Article,
    Endpoint,
    FetchAttempt,
    Job,
    Preview,
    Revision,
    article_key,
    owe,
    public_id_of,
)
from tracker.models.preview import forget_old_previews
from tracker.models.preview_result import PreviewResult
from tracker.records import FetchResult, Outcome

pytestmark = pytest.mark.django_db

FEED = "https://gazette.example/feed"
HTML = {"content-type": "text/html; charset=utf-8"}
PROSE = (
    "Quillmark said on Thursday that Fernlight had copied the answers of its model. The company showed a table "
    "of requests. Fernlight has not answered yet, and a spokesperson could not be reached before this was printed. "
) * 4


def feed(*numbers: int, date: str = "Mon, 02 Mar 2026 08:0{n}:00 GMT") -> bytes:
    """Return an RSS document of invented items."""
    items = "".join(
        f"<item><title>Story {n}</title><link>https://gazette.example/{n}</link>"
        f"<pubDate>{date.format(n=n)}</pubDate><description>Words.</description></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>The Gazette</title>{items}</channel></rss>'.encode()


def article(title: str, *, head: str = "") -> bytes:
    """Return a page with one invented article."""
    return (
        f"<html lang='en'><head><title>{title}</title>{head}<meta property='og:site_name' content='The Gazette'>"
        f"</head><body><article><h1>{title}</h1><p>{PROSE}</p></article>"
        "<footer><a href='/terms'>Terms of use</a></footer></body></html>"
    ).encode()


def look(url: str = FEED, **fields: object) -> PreviewResult:
    """Ask for a preview, let the worker do it, and return what it found."""
    preview = Preview.objects.create(url=url, **fields)
    owe("preview", [preview.pk])
    jobs.drain(kinds=["preview"])
    preview.refresh_from_db()
    assert preview.state == Preview.State.DONE, Job.objects.values_list("error", flat=True)
    return PreviewResult.read(preview.result)


def told(result: PreviewResult) -> str:
    return " ".join(f"{problem.what} {problem.do}" for problem in result.problems)


def test_a_feed_is_recognised_and_its_first_pages_are_read(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1, 2, 3, 4))
    for n in (1, 2, 3, 4):
        web.answer(f"https://gazette.example/{n}", article(f"Story {n}"), headers=HTML)
    found = look()
    assert (found.kind, found.url, found.n_items, found.n_new) == ("feed", FEED, 4, 4)
    assert found.items[0].title == "Story 1"
    assert found.items[0].published.startswith("2026-03-02T08:01")
    assert "feed published" in found.items[0].date_rule
    page = found.items[0].page
    assert page
    assert page.is_read
    assert page.language == "en"
    assert page.start.startswith("Quillmark said on Thursday")
    assert len(page.start) == 300
    assert page.n_chars > 300
    assert found.items[3].page is None
    assert found.site_name == "The Gazette"
    assert found.terms_url == "https://gazette.example/terms"
    assert found.n_fetched == 4
    assert found.is_usable


def test_a_preview_stores_nothing_but_itself(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1))
    look()
    assert not Article.objects.exists()
    assert not Endpoint.objects.exists()
    assert not FetchAttempt.objects.exists()
    assert not Revision.objects.exists()
    assert Job.objects.exclude(kind="preview").count() == 0


def test_what_we_hold_is_counted_and_marked(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(1, 2))
    key = article_key("https://gazette.example/2")
    Article.objects.create(key=key, public_id=public_id_of(key), url="https://gazette.example/2")
    found = look(endpoint=endpoint, kind="feed")
    assert (found.n_items, found.n_known, found.n_new) == (2, 1, 1)
    assert [item.known_as for item in found.items] == ["", public_id_of(key)]


def test_pages_that_cannot_be_read_are_told_with_what_happens_then(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1, 2))
    found = look()
    assert found.items[0].page
    assert "404" in found.items[0].page.reason
    assert "None of the 2 pages" in told(found)
    assert "words of the listing" in told(found)
    assert found.is_usable


@pytest.mark.parametrize(
    ("outcome", "reason", "advice"),
    [
        (Outcome.DNS, "gazette.example was not found.", "spelling"),
        (Outcome.BLOCKED, "gazette.example shows a check for robots.", "feed of this site"),
        (Outcome.ROBOTS, "robots.txt of gazette.example forbids this address.", "does not want"),
        (Outcome.REFUSED, "10.0.0.1 is refused: it is a private address.", "everybody can reach"),
        (Outcome.TIMEOUT, "gazette.example did not answer.", "again in a few minutes"),
        (Outcome.TLS, "The certificate has expired.", "without a warning"),
    ],
)
def test_what_went_wrong_comes_with_what_to_do(
    web: MemoryFetcher, outcome: Outcome, reason: str, advice: str
) -> None:
    web.fail(FEED, outcome, reason)
    found = look()
    assert found.problems[0].what == reason
    assert advice in found.problems[0].do
    assert not found.is_usable


def test_http_is_offered_where_https_finds_nobody_and_not_tried_by_itself(web: MemoryFetcher) -> None:
    web.fail("https://plain.example/news", Outcome.TLS, "No secure connection.")
    found = look("https://plain.example/news")
    assert [(choice.kind, choice.url) for choice in found.choices] == [("", "http://plain.example/news")]
    assert len(web.requests) == 1


def test_an_address_without_anything_says_so(web: MemoryFetcher) -> None:
    assert "404" in told(look("https://gazette.example/nowhere"))


def test_a_page_made_by_scripts_says_where_to_look(web: MemoryFetcher) -> None:
    web.answer(
        "https://app.example/",
        b"<html><body><div id=root></div><script src=a.js></script></body></html>",
        headers=HTML,
    )
    found = look("https://app.example/")
    assert "script" in told(found)
    assert "feed" in told(found)
    assert not found.is_usable
    assert [kind.name for kind in found.kinds if kind.name == "feed"]
    assert found.choices == ()


NEWSROOM = "https://office.example/news/"


def newsroom(*, head: str = "") -> bytes:
    """Return a listing page without a feed, of an invented office."""
    rows = "".join(
        f"<li class='card'><h3><a href='/news/{n}'>The Office of Model Safety publishes advisory number {n}</a></h3>"
        f"<time datetime='2026-03-0{n}'>{n} March 2026</time></li>"
        for n in range(6, 0, -1)
    )
    return (
        f"<html lang='en'><head><title>News | Office of Model Safety</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/about'>About</a></nav>"
        f"<main><h1>News</h1><ul class='list'>{rows}</ul></main></body></html>"
    ).encode()


def test_a_newsroom_without_a_feed_is_read_by_what_is_found_on_its_page(web: MemoryFetcher) -> None:
    web.answer(NEWSROOM, newsroom(), headers=HTML)
    for n in range(1, 7):
        web.answer(f"https://office.example/news/{n}", article(f"Advisory {n}"), headers=HTML)
    found = look(NEWSROOM)
    assert (found.kind, found.n_items, found.n_dated) == ("html_list", 6, 6)
    assert found.options["item"] or found.options["link"]
    assert found.items[0].page
    assert found.items[0].page.is_read
    taken = [choice for choice in found.choices if choice.is_taken]
    assert len(taken) == 1
    assert "advisory number 6" in taken[0].samples[0]
    assert "2026" in taken[0].samples[0]
    again = look(NEWSROOM, kind=found.kind, options=dict(found.options))
    assert again.n_items == 6


def test_a_feed_that_a_page_names_is_preferred_and_the_list_offered(web: MemoryFetcher) -> None:
    link = "<link rel=alternate type='application/rss+xml' title='News' href='/feed'>"
    web.answer(NEWSROOM, newsroom(head=link), headers=HTML)
    web.answer("https://office.example/feed", feed(1, 2, 3))
    found = look(NEWSROOM)
    assert (found.kind, found.url, found.n_items) == ("feed", "https://office.example/feed", 3)
    assert [choice.kind for choice in found.choices][:2] == ["feed", "html_list"]
    assert found.choices[1].n_items == 6


def test_a_named_feed_that_is_gone_gives_way_to_the_list(web: MemoryFetcher) -> None:
    link = "<link rel=alternate type='application/rss+xml' title='News' href='/feed'>"
    web.answer(NEWSROOM, newsroom(head=link), headers=HTML)
    found = look(NEWSROOM)
    assert found.kind == "html_list"
    assert "404" in found.choices[0].why


def test_the_ways_of_an_earlier_look_stay_to_choose_from(web: MemoryFetcher) -> None:
    web.answer(NEWSROOM, newsroom(), headers=HTML)
    first = look(NEWSROOM)
    taken = next(choice for choice in first.choices if choice.is_taken)
    again = look(taken.url, kind=taken.kind, options=dict(taken.options), result=first.as_json())
    assert [choice.kind for choice in again.choices] == [choice.kind for choice in first.choices]
    assert [choice.is_taken for choice in again.choices] == [choice.is_taken for choice in first.choices]


def test_data_of_an_unknown_shape_asks_for_a_kind(web: MemoryFetcher) -> None:
    web.answer("https://api.example/rows", b'{"rows": []}', headers={"content-type": "application/json"})
    assert "choose it below" in told(look("https://api.example/rows"))


def test_times_that_are_all_alike_are_told(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1, 2, 3, date="Mon, 02 Mar 2026 08:00:00 GMT"))
    assert "one and the same time" in told(look())


def test_missing_dates_are_told(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1, 2, date=""))
    web.answer("https://gazette.example/1", article("Story 1"), headers=HTML)
    found = look()
    assert found.n_dated == 0
    assert "No item has a date" in told(found)
    assert "neither in the listing nor on the page" in told(found)


def test_items_that_lead_elsewhere_suggest_an_aggregator(web: MemoryFetcher) -> None:
    web.answer("https://digest.example/feed", feed(1, 2, 3))
    assert "aggregator" in told(look("https://digest.example/feed"))


def test_reserved_rights_are_told(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1), headers={"tdm-reservation": "1", "tdm-policy": "https://gazette.example/tdm"})
    assert "https://gazette.example/tdm" in told(look())


def test_a_chosen_kind_that_cannot_read_the_answer_says_why(web: MemoryFetcher) -> None:
    web.answer(FEED, article("A page"), headers=HTML)
    found = look(kind="feed")
    assert "not a feed" in told(found)
    assert found.kind == "feed"
    assert not found.is_usable


def test_an_unknown_kind_is_a_sentence(web: MemoryFetcher) -> None:
    assert "no kind 'telegraph'" in told(look(kind="telegraph"))
    assert web.requests == []


def test_at_most_five_addresses_are_asked(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(*range(1, 9)))
    assert look().n_fetched <= 5
    assert len(web.requests) <= 5


def test_a_host_that_wants_a_pause_is_waited_for_and_the_page_can_say_so(web: MemoryFetcher) -> None:
    web._told[FEED] = deque([FetchResult(Outcome.DEFERRED, "It was asked a moment ago.", retry_after_s=120)])
    preview = Preview.objects.create(url=FEED)
    owe("preview", [preview.pk])
    jobs.work("preview")
    preview.refresh_from_db()
    job = Job.objects.get()
    assert preview.state == Preview.State.WAITING
    assert preview.result["reason"] == "It was asked a moment ago."
    assert (job.state, job.attempts) == ("ready", 0)
    assert job.not_before > timezone.now() + dt.timedelta(seconds=100)


def test_looking_twice_does_no_harm(web: MemoryFetcher) -> None:
    web.answer(FEED, feed(1))
    preview = Preview.objects.create(url=FEED)
    owe("preview", [preview.pk], version="1")
    owe("preview", [preview.pk], version="2")
    jobs.drain(kinds=["preview"])
    n = len(web.requests)
    owe("preview", [preview.pk], version="3")
    jobs.drain(kinds=["preview"])
    assert len(web.requests) == n
    preview.refresh_from_db()
    assert preview.result["n_items"] == 1


def test_a_preview_that_is_gone_is_no_failure(web: MemoryFetcher) -> None:
    owe("preview", [4711])
    jobs.drain(kinds=["preview"])
    assert Job.objects.get().state == "done"


def test_old_previews_are_forgotten() -> None:
    Preview.objects.create(url=FEED, created_at=timezone.now() - dt.timedelta(days=8))
    young = Preview.objects.create(url=FEED)
    assert forget_old_previews() == 1
    assert Preview.objects.get() == young


def test_a_result_is_read_whoever_wrote_it() -> None:
    found = PreviewResult.read({"n_items": 3, "items": [{"title": "A", "later": 1}, None], "mood": "fine"})
    assert found.n_items == 3
    assert found.items[0].title == "A"
    assert PreviewResult.read(found.as_json()) == found
