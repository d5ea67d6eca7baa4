"""A date that moves at every fetch is the time of the fetch: the first is kept, and its rule says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tests.pipeline.test_read import BODY, PAGE, read
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Endpoint, Job, Recheck
from tracker.pipeline.moving_dates import SCRAPE_TIME, gives_way, judge_move
from tracker.records import FoundDate

KNOWN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
FIRST = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
RULE = "feed published (worded)"


def rules_of(*hours: float, rule: str = RULE) -> list[str]:
    """Return the rule after each look, at dates so many hours after the first."""
    found = [FoundDate(FIRST + dt.timedelta(hours=each), "minute", rule) for each in hours]
    rules = [rule[:80]]
    for date in found:
        rules.append(judge_move(rules[-1], FIRST, date, known_since=KNOWN))
    return rules[1:]


@pytest.mark.parametrize(
    ("hours", "is_of_fetch"),
    [
        ((0, 0, 0), False),
        ((5, 6), True),
        ((0, 5, 6), True),
        ((5, 5, 5), False),
        ((5, 5, 9, 9), False),
        ((5, 5, 9, 12), True),
        ((-5, -4), False),
        ((0.2, 0.5), False),
        ((5, 3), False),
        ((5, 6, 6, 0), True),
    ],
    ids=["still", "moves", "moves later", "edited once", "edited twice", "moves in the end",
         "before", "before it was known", "back", "for good"],
)  # fmt: skip
def test_a_date_is_of_the_fetch_when_it_moves_on_twice_in_a_row(
    hours: tuple[float, ...], is_of_fetch: bool
) -> None:
    assert rules_of(*hours)[-1].startswith(SCRAPE_TIME) is is_of_fetch


def test_a_long_rule_is_remembered_within_its_column() -> None:
    long = "meta article:published_time (iso, unknown zone read as UTC), and some more words of a rule"
    rules = rules_of(5, 5, 9, 12, rule=long)
    assert max(map(len, rules)) <= 80
    assert rules[-1].startswith(SCRAPE_TIME)


def test_a_date_of_another_rule_says_nothing_of_this_one() -> None:
    other = FoundDate(FIRST + dt.timedelta(hours=5), "minute", "JSON-LD datePublished (iso)")
    assert judge_move(RULE, FIRST, other, known_since=KNOWN) == RULE


def test_only_another_date_takes_the_place_of_one_that_moves() -> None:
    rule = rules_of(5, 6)[-1]
    assert not gives_way(rule, FoundDate(FIRST, "minute", RULE))
    assert gives_way(rule, FoundDate(FIRST, "minute", "JSON-LD datePublished (iso)"))
    assert not gives_way(RULE, FoundDate(FIRST, "minute", "JSON-LD datePublished (iso)"))


# --- through the pipeline ---


def dated(hours: int, body: bytes = BODY) -> bytes:
    at = (FIRST + dt.timedelta(hours=hours)).isoformat().encode()
    return body.replace(b"<head>", b'<head><meta property="article:published_time" content="' + at + b'">')


def says(web: MemoryFetcher, url: str, body: bytes) -> None:
    """Let an address answer this from now on."""
    web._told.pop(url, None)
    web.answer(url, body)


def poll_at(web: MemoryFetcher, hours: int, *, text: str = "Words.") -> Article:
    date = f"{FIRST + dt.timedelta(hours=hours):%a, %d %b %Y %H:%M:%S GMT}"
    says(web, FEED, feed(item(PAGE, date=date, text=text)))
    poll()
    Article.objects.update(first_seen_at=KNOWN)
    return Article.objects.get()


@pytest.mark.django_db
def test_a_listing_that_prints_the_time_of_the_poll_keeps_the_first_and_says_why(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    for hours in (0, 5, 6, 9):
        article = poll_at(web, hours)
    assert article.published_at == FIRST
    assert article.published_rule.startswith(SCRAPE_TIME)


@pytest.mark.django_db
def test_a_date_that_moves_with_the_text_is_no_time_of_fetch(web: MemoryFetcher, endpoint: Endpoint) -> None:
    for hours in (0, 5, 6, 9):
        article = poll_at(web, hours, text=f"Words of hour {hours}.")
    assert SCRAPE_TIME not in article.published_rule


@pytest.mark.django_db
def test_the_date_of_the_page_takes_the_place_of_a_moving_one_of_the_listing(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    says(web, PAGE, dated(-3))
    poll_at(web, 0)
    assert read().published_at == FIRST
    for hours in (5, 6):
        article = poll_at(web, hours)
    assert article.published_at == FIRST - dt.timedelta(hours=3)
    assert article.published_rule == "meta article:published_time (iso)"
    assert Job.objects.filter(kind="place", subject_id=article.pk).exists()
    assert poll_at(web, 9).published_at == article.published_at


@pytest.mark.django_db
def test_the_date_of_a_person_is_left_alone(web: MemoryFetcher, endpoint: Endpoint) -> None:
    article = poll_at(web, 0)
    article._history_user = User.objects.create(username="editor")  # type: ignore[attr-defined]
    article.save()
    for hours in (5, 6):
        article = poll_at(web, hours)
    assert article.published_rule == RULE


@pytest.mark.django_db
def test_a_page_that_prints_the_time_of_the_fetch_is_found_out_by_its_rechecks(
    web: MemoryFetcher, endpoint: Endpoint
) -> None:
    says(
        web, FEED, f"<rss><channel><item><title>A</title><link>{PAGE}</link></item></channel></rss>".encode()
    )
    says(web, PAGE, dated(0))
    poll()
    read()
    Article.objects.update(is_on_subject=True, first_seen_at=KNOWN)
    for page in (dated(5), dated(6), dated(9, BODY.replace(b"Two members", b"Three members"))):
        says(web, PAGE, page)
        Recheck.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
        jobs.sweep()
        jobs.drain(kinds=["recheck"])
    article = Article.objects.get()
    assert article.revisions.count() == 2
    assert article.published_at == FIRST
    assert article.published_rule == f"{SCRAPE_TIME} (meta article:published_time (iso))"
