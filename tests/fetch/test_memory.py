"""The fake fetcher judges as the real door does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.fetch.memory import MemoryFetcher
from tracker.records import FetchRequest, Outcome

if TYPE_CHECKING:
    from tracker.fetch.contract import Fetches

URL = "https://news.example/feed"


def ask(fetcher: Fetches, url: str = URL, etag: str = "") -> Outcome:
    return fetcher.fetch(FetchRequest(url, etag=etag)).outcome


def test_it_answers_what_it_was_told_and_404_else() -> None:
    fetcher = MemoryFetcher()
    fetcher.answer(URL, b"<rss/>", headers={"ETag": '"v1"'})
    result = fetcher.fetch(FetchRequest(URL))
    assert result.page is not None
    assert (result.page.body, result.page.headers["etag"]) == (b"<rss/>", '"v1"')
    assert ask(fetcher, "https://news.example/other") is Outcome.HTTP_CLIENT
    assert [request.url for request in fetcher.requests] == [URL, "https://news.example/other"]


def test_known_validators_get_not_modified() -> None:
    fetcher = MemoryFetcher()
    fetcher.answer(URL, b"<rss/>", headers={"ETag": '"v1"'})
    assert ask(fetcher, etag='"v1"') is Outcome.NOT_MODIFIED
    assert ask(fetcher, etag='"v0"') is Outcome.OK


def test_answers_come_in_turn_and_the_last_one_stays() -> None:
    fetcher = MemoryFetcher()
    fetcher.answer(URL, b"")
    fetcher.answer(URL, status=503)
    fetcher.fail(URL, Outcome.DNS)
    assert [ask(fetcher) for _ in range(4)] == [Outcome.EMPTY, Outcome.HTTP_SERVER, Outcome.DNS, Outcome.DNS]


def test_a_redirect_can_be_told() -> None:
    fetcher = MemoryFetcher()
    fetcher.answer(URL, b"<rss/>", final_url="https://news.example/now")
    fetcher.answer(URL, b"<rss/>", moved_to="https://news.example/new")
    fetcher.answer(URL, status=500, moved_to="https://news.example/new")
    passing, moved, failed = (fetcher.fetch(FetchRequest(URL)) for _ in range(3))
    assert passing.page is not None
    assert moved.page is not None
    assert (passing.page.final_url, passing.moved_to) == ("https://news.example/now", "")
    assert (moved.page.final_url, moved.moved_to) == ("https://news.example/new",) * 2
    assert failed.moved_to == ""
