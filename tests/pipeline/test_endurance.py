"""Sources keep working for years: moves are followed, ends are told, what is unusual waits for a person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, Hold, Job, Notice, Source
from tracker.pipeline.items import meet, store_items
from tracker.pipeline.poll import look_at, store
from tracker.records import FoundDate, FoundItem, Outcome

pytestmark = pytest.mark.django_db

NEW = "https://www.gazette.example/feed.xml"
NOW = dt.datetime.now(dt.UTC)


def dated(n: int, days: float, title: str = "") -> str:
    """Return an item published so many days ago."""
    at = NOW - dt.timedelta(days=days)
    words = title or f"Committee hears about copied models, part {n}"
    return item(f"https://gazette.example/{n}", title=words, date=f"{at:%a, %d %b %Y %H:%M:%S} GMT")


def weekly(n: int, *, newest: float = 0.5) -> list[str]:
    """Return `n` items of a weekly, the newest so many days old."""
    return [dated(k, newest + 7 * k) for k in range(n)]


def test_three_permanent_redirects_that_agree_change_the_address(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(*weekly(6)), final_url=NEW, moved_to=NEW)
    addresses = []
    for _ in range(3):
        poll()
        endpoint.refresh_from_db()
        addresses.append(endpoint.url)
        Endpoint.objects.update(body_sha256="")
    assert addresses == [FEED, FEED, NEW]
    newest = endpoint.history.latest()
    assert (newest.url, newest.history_change_reason) == (NEW, "redirected for good, three times alike")
    assert not Hold.objects.exists()


def test_redirects_that_disagree_or_pass_change_nothing(web: MemoryFetcher, endpoint: Endpoint) -> None:
    body = feed(*weekly(6))
    for target in (NEW, NEW, NEW + "?2", NEW, "", NEW, NEW):
        web.answer(FEED, body, final_url=target or FEED, moved_to=target)
    for _ in range(7):
        poll()
        Endpoint.objects.update(body_sha256="")
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.moved_to, endpoint.moved_count) == (FEED, NEW, 2)


def test_a_redirect_to_an_address_that_is_collected_already_is_told(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    Endpoint.objects.create(source=endpoint.source, url=NEW, is_enabled=False, name="The new feed")
    web.answer(FEED, feed(*weekly(6)), final_url=NEW, moved_to=NEW)
    for _ in range(4):
        poll()
        Endpoint.objects.update(body_sha256="")
    endpoint.refresh_from_db()
    assert endpoint.url == FEED
    assert "collected already as 'The new feed'" in Notice.objects.get(kind="moved").text


def test_another_domain_waits_for_a_person(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*weekly(3)), final_url="https://parked.example.net/feed", moved_to="")
    poll()
    hold = Hold.objects.get()
    assert (hold.reason, hold.state, hold.address) == ("domain", "waiting", "https://parked.example.net/feed")
    assert hold.articles.count() == 3
    assert not Job.objects.filter(kind="read").exists()
    attempt = FetchAttempt.objects.get()
    assert (attempt.n_new, attempt.n_held) == (3, 3)
    assert Notice.objects.get().kind == "held"


def test_gone_for_good_switches_off_and_says_so(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, b"", status=410)
    poll()
    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    assert "410" in endpoint.off_reason
    assert endpoint.history.latest().history_change_reason == "gone (410)"
    assert Notice.objects.get().kind == "gone"
    poll()
    assert FetchAttempt.objects.count() == 1


def test_an_outage_is_told_once_and_its_end_noted(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.fail(FEED, Outcome.TIMEOUT, "gazette.example did not answer in time.")
    for n in range(6):
        poll()
        assert Notice.objects.count() == (n >= 2)
    notice = Notice.objects.get()
    assert (notice.kind, notice.closed_at) == ("failing", None)
    assert "3 tries in a row failed. gazette.example did not answer in time." in notice.text
    web.answer(FEED, feed(*weekly(3)))
    poll()  # the last told failure comes first
    poll()
    notice.refresh_from_db()
    assert notice.closed_at is not None


def test_an_old_newest_item_is_stale_not_failed(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*weekly(8, newest=1)))
    web.answer(FEED, feed(*weekly(8, newest=40)))
    poll()
    assert Endpoint.objects.get().usual_gap_s == pytest.approx(7 * 86_400)
    poll()
    endpoint.refresh_from_db()
    assert (endpoint.last_outcome, endpoint.failure_streak) == ("stale", 0)
    assert "40 days old" in endpoint.last_reason
    assert Notice.objects.get().kind == "silent"


def test_silence_is_told_even_when_nothing_changes(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*weekly(8)), headers={"etag": '"v1"'})
    poll()
    Endpoint.objects.update(newest_item_at=NOW - dt.timedelta(days=30))
    poll()
    endpoint.refresh_from_db()
    assert endpoint.last_outcome == "not modified"
    notice = Notice.objects.get()
    assert (notice.kind, notice.closed_at) == ("silent", None)
    web.answer(FEED, feed(*[dated(90, 0.1), *weekly(8)]), headers={"etag": '"v2"'})
    poll()
    poll()
    notice.refresh_from_db()
    assert notice.closed_at is not None


def test_a_listing_without_dates_to_go_by_is_not_silent_while_it_brings_news(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    midnight = [
        dated(k, 0) for k in range(5)
    ]  # all made at one moment, which once was midnight: a day, it seemed
    web.answer(FEED, feed(*weekly(8)))
    web.answer(FEED, feed(*midnight))
    poll()
    Endpoint.objects.update(newest_item_at=NOW - dt.timedelta(days=60), usual_gap_s=86_400)
    poll()
    endpoint.refresh_from_db()
    assert endpoint.newest_item_at is None
    assert not Notice.objects.exists()


def test_a_storm_is_held_and_the_usual_goes_on(web: MemoryFetcher, endpoint: Endpoint) -> None:
    few = weekly(6)
    web.answer(FEED, feed(*few))
    for n in range(10):
        web.answer(FEED, feed(dated(100 + n, 0.4), *few))
    web.answer(FEED, feed(*[dated(1000 + n, 0.2) for n in range(60)]))
    web.answer(FEED, feed(dated(200, 0.1), *few))
    for _ in range(13):
        poll()
    hold = Hold.objects.get()
    assert hold.reason == "storm"
    assert hold.articles.count() == 60
    assert "60 new items at once" in hold.explanation
    assert Job.objects.filter(kind="read").count() == 6 + 10 + 1
    assert Article.objects.count() == 77


def test_a_young_endpoint_may_bring_as_much_as_its_first_listing(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    web.answer(FEED, feed(*[dated(n, 1) for n in range(30)]))
    web.answer(FEED, feed(dated(100, 0.4)))
    web.answer(FEED, feed(*[dated(200 + n, 0.2) for n in range(30)]))
    for _ in range(3):
        poll()
    assert not Hold.objects.exists()


def test_an_accepted_storm_is_usual_from_then_on(web: MemoryFetcher, endpoint: Endpoint) -> None:
    few = weekly(6)
    web.answer(FEED, feed(*few))
    for n in range(10):
        web.answer(FEED, feed(dated(100 + n, 0.4), *few))
    web.answer(FEED, feed(*[dated(1000 + n, 0.2) for n in range(60)]))
    web.answer(FEED, feed(*[dated(2000 + n, 0.1) for n in range(60)]))
    for _ in range(12):
        poll()
    Hold.objects.update(state="accepted")
    poll()
    assert Hold.objects.count() == 1
    assert Article.objects.filter(hold=None).count() == 16 + 60


def test_the_first_listing_is_never_a_storm(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*[dated(n, n / 10) for n in range(300)]))
    poll()
    assert not Hold.objects.exists()
    assert Job.objects.filter(kind="read").count() == 300


def test_another_subject_is_held(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*weekly(25)))
    web.answer(FEED, feed(*[dated(500 + n, 0.1, f"Bargain watches, lot {n}") for n in range(12)]))
    poll()
    poll()
    hold = Hold.objects.get()
    assert (hold.reason, hold.articles.count()) == ("subject", 12)


def test_every_day_keeps_what_came_of_it(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, feed(*weekly(3)))
    web.fail(FEED, Outcome.DNS)
    poll()
    poll()
    day = EndpointDay.objects.get()
    assert (day.n_good, day.n_failed, day.n_new) == (1, 1, 3)
    assert (day.outcome, day.failure) == ("dns", "dns")


def test_an_unknown_kind_is_named_and_the_worker_goes_on(web: MemoryFetcher, endpoint: Endpoint) -> None:
    Endpoint.objects.update(kind="telepathy")
    poll()
    endpoint.refresh_from_db()
    assert endpoint.last_outcome == "parse"
    assert "no kind of endpoint called 'telepathy'" in endpoint.last_reason
    assert endpoint.next_poll_at > timezone.now()


def test_what_a_person_changed_meanwhile_is_not_overwritten(web: MemoryFetcher, endpoint: Endpoint) -> None:
    web.answer(FEED, b"", status=410)
    jobs.sweep()
    stale = Endpoint.objects.select_related("source").get()
    Endpoint.objects.update(url=NEW)
    store(Job.objects.get(kind="poll"), stale, look_at(stale))
    endpoint.refresh_from_db()
    assert endpoint.is_enabled
    assert not Notice.objects.exists()


def test_an_aggregators_item_goes_to_the_source_it_names(web: MemoryFetcher, endpoint: Endpoint) -> None:
    ledger = Source.objects.create(slug="ledger", name="Ledger", domain="ledger.example")
    Endpoint.objects.update(kind="gdelt", url="https://api.gdelt.example/doc", options={"query": "x"})
    assert Endpoint.objects.get().kind == "gdelt"

    found = [
        FoundItem("https://www.ledger.example/a", "", "A", "", "", None, outlet="ledger.example"),
        FoundItem("https://unknown.example.org/b", "", "B", "", "", None, outlet="unknown.example.org"),
    ]
    store_items(endpoint, meet(endpoint, found))
    assert Article.objects.get(title="A").source == ledger
    other = Article.objects.get(title="B")
    assert (other.source, other.outlet) == (None, "unknown.example.org")


def test_a_whole_item_is_read_without_fetching_and_again_when_it_changes(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:

    def found(text: str) -> FoundItem:
        return FoundItem(
            "https://gazette.example/rule", "", "Rule", "", text, None, is_whole=True, facts={"n": "1"}
        )

    for text in ("First words of a rule.", "First words of a rule.", "Other words of a rule."):
        store_items(endpoint, meet(endpoint, [found(text)]))
        jobs.drain(kinds=["read"])
    article = Article.objects.get()
    assert web.requests == []
    assert article.text_from == "feed"
    assert article.facts == {"n": "1"}
    assert article.revisions.count() == 2


def test_a_document_on_inspection_and_published_is_one_article(endpoint: Endpoint) -> None:

    def listed(where: str, day: int, stage: str) -> FoundItem:
        at = dt.datetime(2026, 11, day, tzinfo=dt.UTC)
        return FoundItem(
            f"https://gazette.example/{where}/2026-90003",
            "2026-90003",
            "Additions to the sample list",
            "",
            f"Rule, {stage}.",
            FoundDate(at, "day", "test"),
            is_whole=True,
            facts={"stage": stage},
        )

    waiting, published = listed("inspection", 19, "on inspection"), listed("documents", 20, "published")
    for item_ in (waiting, waiting, published, waiting, published):
        store_items(endpoint, meet(endpoint, [item_]))
        jobs.drain(kinds=["read"])
    article = Article.objects.get()
    assert article.url == published.url
    assert (article.published_at, article.facts["stage"]) == (published.published.at, "published")  # type: ignore[union-attr]
    assert article.revisions.count() == 2


def test_validators_are_kept_only_where_one_page_is_all(web: MemoryFetcher, endpoint: Endpoint) -> None:
    page = b'{"version": "https://jsonfeed.org/version/1.1", "title": "Gazette", %s "items": []}'
    Endpoint.objects.update(kind="json_feed", url="https://gazette.example/feed.json")
    more = page % b'"next_url": "https://gazette.example/feed.json?page=2",'
    web.answer("https://gazette.example/feed.json", more, headers={"etag": '"v1"'})
    web.answer("https://gazette.example/feed.json", page % b"", headers={"etag": '"v2"'})
    web.answer("https://gazette.example/feed.json?page=2", page % b"")
    kept = []
    for _ in range(3):
        poll()
        kept.append(Endpoint.objects.get().etag)
    assert kept == ["", '"v2"', '"v2"']
    assert Endpoint.objects.get().last_outcome == "not modified"


@pytest.mark.parametrize("is_rejected", [False, True])
def test_a_hijacked_listing_does_not_bar_links_from_their_own_publisher(
    web: MemoryFetcher, endpoint: Endpoint, *, is_rejected: bool
) -> None:
    lost = Source.objects.create(slug="lost", name="Lost", domain="lost.example")
    Endpoint.objects.create(source=lost, url="https://lost.example/feed")
    web.answer(
        "https://lost.example/feed",
        feed(item("https://gazette.example/1", title="Bait")),
        final_url="https://spam.example.net/",
    )
    Endpoint.objects.filter(pk=endpoint.pk).update(is_enabled=False)
    poll()
    if is_rejected:
        Article.objects.update(status=Article.Status.REJECTED)
        Hold.objects.update(state="rejected")
    assert Article.objects.get().hold is not None
    Endpoint.objects.filter(pk=endpoint.pk).update(is_enabled=True)
    web.answer(FEED, feed(item("https://gazette.example/1", title="The publisher's own words")))
    poll()
    article = Article.objects.get()
    assert (article.hold, article.status, article.endpoint_id) == (None, "usable", endpoint.pk)
    assert article.title == "The publisher's own words"
    assert Job.objects.filter(kind="read", subject_id=article.pk).count() == 1
    poll()
    assert Job.objects.filter(kind="read").count() == 1
