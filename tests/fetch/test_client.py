"""The door against a server that misbehaves: every answer is a value with an outcome and a plain reason."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from tests.fetch.conftest import quick_settings
from tests.fetch.misbehaving_server import (
    ARTICLE,
    EXPIRED_CERTIFICATE,
    LAST_MODIFIED,
    PATHS,
    TEST_CERTIFICATE,
    MisbehavingServer,
    gzip_bomb,
)
from tracker.fetch.client import Fetcher
from tracker.fetch.guard import Rewrite
from tracker.fetch.robots import MemoryRobots
from tracker.fetch.throttle import MemorySlots
from tracker.records import FetchRequest, Outcome

Door = Callable[..., Fetcher]
MAX_BYTES = 5 * 2**20
SLACK_BYTES = 512 * 1024


def test_a_page_comes_with_everything_that_was_said(misbehaving: MisbehavingServer, door: Door) -> None:
    url = misbehaving.url("/article")
    result = door(misbehaving).fetch(FetchRequest(url))
    assert result.outcome is Outcome.OK
    assert result.page is not None
    assert result.page.body == ARTICLE
    assert (result.page.url, result.page.final_url, result.page.status) == (url, url, 200)
    assert result.page.headers["etag"] == '"v1"'
    assert result.page.content_type == "text/html"
    assert result.n_bytes > len(ARTICLE)
    assert 0 < result.duration_s < 0.5


def test_the_crawler_says_who_it_is_and_asks_for_gzip_only(misbehaving: MisbehavingServer) -> None:
    settings = quick_settings(misbehaving.authority, contact="https://tracker.example/about")
    Fetcher(settings).fetch(FetchRequest(misbehaving.url("/article"), accept="text/html"))
    headers = misbehaving.requests[0][1]
    assert headers["user-agent"] == "RetortTest/1 (+https://tracker.example/about)"
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept"] == "text/html"
    assert headers["host"] == misbehaving.authority
    assert "cookie" not in headers


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/gzip", Outcome.OK, 200),
        ("/gzip-not-really", Outcome.OK, 200),
        ("/feed", Outcome.OK, 200),
        ("/error-page-as-feed", Outcome.OK, 200),
        ("/length-too-long", Outcome.OK, 200),
        ("/length-too-short", Outcome.OK, 200),
        ("/empty", Outcome.EMPTY, 200),
        ("/blank", Outcome.EMPTY, 200),
        ("/204", Outcome.EMPTY, 204),
        ("/403-challenge", Outcome.BLOCKED, 403),
        ("/503-challenge", Outcome.BLOCKED, 503),
        ("/200-challenge", Outcome.BLOCKED, 200),
        ("/403", Outcome.HTTP_CLIENT, 403),
        ("/410", Outcome.HTTP_CLIENT, 410),
        ("/nowhere", Outcome.HTTP_CLIENT, 404),
        ("/429", Outcome.HTTP_CLIENT, 429),
        ("/500", Outcome.HTTP_SERVER, 500),
        ("/304-with-body", Outcome.HTTP_SERVER, 304),
        ("/brotli", Outcome.REFUSED, None),
        ("/unknown-encoding", Outcome.REFUSED, None),
        ("/nested-gzip-bomb", Outcome.REFUSED, None),
        ("/gzip-bomb", Outcome.TOO_LARGE, None),
        ("/endless-body", Outcome.TOO_LARGE, None),
        ("/announced-large", Outcome.TOO_LARGE, None),
        ("/gzip-damaged", Outcome.PARSE, None),
        ("/gzip-members", Outcome.PARSE, None),
        ("/gzip-cut", Outcome.CONNECTION, None),
        ("/chunked-cut", Outcome.CONNECTION, None),
        ("/endless-headers", Outcome.TOO_LARGE, None),
        ("/endless-100", Outcome.TOO_LARGE, None),
        ("/length-nonsense", Outcome.CONNECTION, None),
        ("/no-http", Outcome.CONNECTION, None),
        ("/hang-up", Outcome.CONNECTION, None),
        ("/slow-headers", Outcome.TIMEOUT, None),
        ("/slow-body", Outcome.TIMEOUT, None),
        ("/half-second-body", Outcome.TIMEOUT, None),
        ("/silent", Outcome.TIMEOUT, None),
        ("/redirect-bare", Outcome.REFUSED, 302),
        ("/redirect-self", Outcome.REFUSED, None),
        ("/redirect-loop", Outcome.REFUSED, None),
        ("/redirect-metadata", Outcome.REFUSED, None),
        ("/redirect-other-port", Outcome.REFUSED, None),
        ("/redirect-file", Outcome.REFUSED, None),
        ("/redirect?javascript:alert(1)", Outcome.REFUSED, None),
        ("/redirect?//[::1]:1/", Outcome.REFUSED, None),
        ("/redirect?http://0x7f.1/", Outcome.REFUSED, None),
        ("/redirect?/article", Outcome.OK, 200),
        ("/redirect-chain?4", Outcome.OK, 200),
        ("/redirect-chain?5", Outcome.REFUSED, None),
    ],
)
def test_every_misbehaviour_has_a_named_outcome(
    misbehaving: MisbehavingServer, door: Door, path: str, outcome: Outcome, status: int | None
) -> None:
    is_bomb = "gzip" in path or "endless" in path
    fetcher = door(misbehaving, total_deadline_s=5.0) if is_bomb else door(misbehaving)
    if is_bomb:
        gzip_bomb()  # built once, outside the deadline
    started = time.monotonic()
    result = fetcher.fetch(FetchRequest(misbehaving.url(path)))
    assert (result.outcome, result.status) == (outcome, status)
    assert (result.page is not None) == (outcome in {Outcome.OK, Outcome.EMPTY})
    if outcome is not Outcome.OK:
        assert result.reason.endswith(".")
        assert not any(word in result.reason for word in ("Error", "Traceback", "Errno", "<b>", "httpcore"))
    if not is_bomb:
        assert time.monotonic() - started < 4


def test_a_body_of_one_byte_per_half_second_ends_at_the_deadline(
    misbehaving: MisbehavingServer, door: Door
) -> None:
    fetcher = door(misbehaving, total_deadline_s=0.7, read_timeout_s=10.0)
    started = time.monotonic()
    assert fetcher.fetch(FetchRequest(misbehaving.url("/half-second-body"))).outcome is Outcome.TIMEOUT
    assert 0.6 < time.monotonic() - started < 4


def test_redirects_share_one_deadline(misbehaving: MisbehavingServer, door: Door) -> None:
    started = time.monotonic()
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/redirect?/slow-headers")))
    assert result.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 4


def test_a_gzip_bomb_is_never_unpacked_in_memory(misbehaving: MisbehavingServer, door: Door) -> None:
    fetcher = door(misbehaving, total_deadline_s=10.0)
    assert len(gzip_bomb()) < 2**18
    fetcher.fetch(FetchRequest(misbehaving.url("/article")))
    tracemalloc.start()
    result = fetcher.fetch(FetchRequest(misbehaving.url("/gzip-bomb")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.outcome is Outcome.TOO_LARGE
    assert result.n_bytes <= len(gzip_bomb()) + 1024
    assert peak < 4 * MAX_BYTES


@pytest.mark.parametrize("path", ["/endless-body", "/endless-headers", "/endless-100"])
def test_no_more_is_read_than_the_limit(misbehaving: MisbehavingServer, door: Door, path: str) -> None:
    result = door(misbehaving, total_deadline_s=0.8).fetch(FetchRequest(misbehaving.url(path)))
    assert result.outcome.is_failure
    assert result.n_bytes <= MAX_BYTES + SLACK_BYTES


def test_an_announced_size_is_believed_before_reading(misbehaving: MisbehavingServer, door: Door) -> None:
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/announced-large")))
    assert result.outcome is Outcome.TOO_LARGE
    assert result.n_bytes < 1024


def test_a_short_body_is_kept_with_a_note(misbehaving: MisbehavingServer, door: Door) -> None:
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/length-too-long")))
    assert result.page is not None
    assert result.page.body == ARTICLE
    assert "fewer" in result.reason


@pytest.mark.parametrize("path", ["/length-too-long", "/empty", "/blank"])
def test_an_answer_without_its_whole_leaves_no_validators(
    misbehaving: MisbehavingServer, door: Door, path: str
) -> None:
    page = door(misbehaving).fetch(FetchRequest(misbehaving.url(path))).page
    assert page is not None
    assert not {"etag", "last-modified"} & page.headers.keys()


def test_a_packed_answer_may_lack_its_checksum_but_no_data(
    misbehaving: MisbehavingServer, door: Door
) -> None:
    whole = door(misbehaving).fetch(FetchRequest(misbehaving.url("/gzip-short?8")))
    assert whole.page is not None
    assert whole.page.body == ARTICLE * 50
    assert whole.page.headers["etag"] == '"v1"'
    cut = door(misbehaving).fetch(FetchRequest(misbehaving.url("/gzip-short?20")))
    assert cut.outcome is Outcome.CONNECTION


def test_large_headers_are_named_and_ordinary_ones_are_read(
    misbehaving: MisbehavingServer, door: Door
) -> None:
    assert door(misbehaving).fetch(FetchRequest(misbehaving.url("/header?50000"))).outcome is Outcome.OK
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/header?1000000")))
    assert result.outcome is Outcome.TOO_LARGE
    assert "headers" in result.reason
    assert result.n_bytes < 100_000


def test_a_slow_robots_txt_takes_from_the_time_of_the_fetch() -> None:
    with MisbehavingServer(PATHS["/slow-body"]) as server:
        fetcher = Fetcher(quick_settings(server.authority, respect_robots=True, total_deadline_s=0.6))
        started = time.monotonic()
        result = fetcher.fetch(FetchRequest(server.url("/article")))
        assert result.outcome is Outcome.TIMEOUT
        assert time.monotonic() - started < 4
        assert server.n_requests("/article") == 0


def test_all_turns_of_one_fetch_share_one_allowance(misbehaving: MisbehavingServer) -> None:
    class EachHostOnce:
        """Makes every host wait a fifth of a second before its first turn."""

        def __init__(self) -> None:
            self.met: set[str] = set()

        def reserve(self, host: str, delay_s: float) -> float:
            del delay_s
            is_new = host not in self.met
            self.met.add(host)
            return 0.2 if is_new else 0.0

        def postpone(self, host: str, seconds: float) -> None:
            raise AssertionError((host, seconds))

    with MisbehavingServer() as other:
        settings = quick_settings(misbehaving.authority, other.authority, max_slot_wait_s=0.3)
        request = FetchRequest(misbehaving.url(f"/redirect?{other.url('/article')}"))
        assert Fetcher(settings, EachHostOnce()).fetch(request).outcome is Outcome.DEFERRED
        assert other.requests == []


@pytest.mark.parametrize("validators", [{"etag": '"v1"'}, {"last_modified": LAST_MODIFIED}])
def test_an_unchanged_page_is_not_sent_again(
    misbehaving: MisbehavingServer, door: Door, validators: dict[str, Any]
) -> None:
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/conditional"), **validators))
    assert result.outcome is Outcome.NOT_MODIFIED
    assert result.page is None
    assert not result.outcome.is_failure


def test_a_304_with_a_body_is_still_unchanged(misbehaving: MisbehavingServer, door: Door) -> None:
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url("/304-with-body"), etag='"v1"'))
    assert result.outcome is Outcome.NOT_MODIFIED


def test_a_stored_validator_cannot_add_header_lines(misbehaving: MisbehavingServer, door: Door) -> None:
    request = FetchRequest(misbehaving.url("/article"), etag='"a"\r\nX-Evil: 1', accept="a\nb")
    assert door(misbehaving).fetch(request).outcome is Outcome.OK
    assert not {"x-evil", "if-none-match", "accept"} & misbehaving.requests[0][1].keys()


def test_retry_after_is_read_in_both_forms(misbehaving: MisbehavingServer, door: Door) -> None:
    assert door(misbehaving).fetch(FetchRequest(misbehaving.url("/429"))).retry_after_s == 120
    dated = door(misbehaving).fetch(FetchRequest(misbehaving.url("/429-date"))).retry_after_s
    assert dated == pytest.approx(3600, abs=5)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://",
        "\ud800",
        "http://a\x00b/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://localhost/",
        "http://2130706433/",
        "http://169.254.169.254/",
    ],
)
def test_unusable_and_local_addresses_are_refused_without_a_connection(door: Door, url: str) -> None:
    assert door().fetch(FetchRequest(url)).outcome is Outcome.REFUSED


def test_only_the_listed_port_of_this_machine_is_reached(misbehaving: MisbehavingServer, door: Door) -> None:
    with MisbehavingServer() as other:
        fetcher = door(misbehaving)
        assert fetcher.fetch(FetchRequest(other.url("/article"))).outcome is Outcome.REFUSED
        redirected = fetcher.fetch(FetchRequest(misbehaving.url(f"/redirect?{other.url('/article')}")))
        assert redirected.outcome is Outcome.REFUSED
        assert other.requests == []


def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError

    closed = Fetcher(quick_settings("127.0.0.1:1")).fetch(FetchRequest("http://127.0.0.1:1/"))
    assert closed.outcome is Outcome.CONNECTION
    nowhere = Fetcher(quick_settings(), resolve=unknown).fetch(FetchRequest("https://nowhere.example/"))
    assert nowhere.outcome is Outcome.DNS
    assert "nowhere.example" in nowhere.reason


def test_proxies_of_the_environment_are_ignored(
    misbehaving: MisbehavingServer, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert door(misbehaving).fetch(FetchRequest(misbehaving.url("/article"))).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("certificate", "words"), [(TEST_CERTIFICATE, "signed by itself"), (EXPIRED_CERTIFICATE, "has expired")]
)
def test_a_bad_certificate_is_never_accepted(door: Door, certificate: object, words: str) -> None:
    with MisbehavingServer(certificate=certificate) as server:  # type: ignore[arg-type]
        trust = {"ca_file": str(EXPIRED_CERTIFICATE)} if certificate is EXPIRED_CERTIFICATE else {}
        result = door(server, **trust).fetch(FetchRequest(server.url("/article")))
        assert result.outcome is Outcome.TLS
        assert words in result.reason
        assert server.requests == []


def test_a_trusted_certificate_is_accepted_for_its_own_name_only(door: Door) -> None:
    with MisbehavingServer(certificate=TEST_CERTIFICATE) as server:
        fetcher = door(server, ca_file=str(TEST_CERTIFICATE))
        assert fetcher.fetch(FetchRequest(server.url("/article"))).outcome is Outcome.OK
        settings = quick_settings("localhost", ca_file=str(TEST_CERTIFICATE))
        other = Fetcher(settings, resolve=lambda *_: ["127.0.0.1"])
        result = other.fetch(FetchRequest(f"https://localhost:{server.port}/article"))
        assert result.outcome is Outcome.TLS
        assert "another name" in result.reason


def test_https_asked_of_a_plain_server_is_a_tls_error(misbehaving: MisbehavingServer, door: Door) -> None:
    result = door(misbehaving).fetch(FetchRequest(f"https://{misbehaving.authority}/article"))
    assert result.outcome is Outcome.TLS


def test_a_replay_sends_every_host_to_the_loopback_server(misbehaving: MisbehavingServer) -> None:
    rewrite = Rewrite(lambda _: ("127.0.0.1", misbehaving.port))
    fetcher = Fetcher(quick_settings(respect_robots=True), MemorySlots(), MemoryRobots(), rewrite=rewrite)
    for url in (
        "https://news.example/article",
        "http://other.example:8080/article",
        "https://10.0.0.1/article",
    ):
        result = fetcher.fetch(FetchRequest(url))
        assert result.outcome is Outcome.OK
        assert result.page is not None
        assert result.page.final_url == url
    hosts = [headers["host"] for path, headers in misbehaving.requests if path == "/article"]
    assert hosts == ["news.example", "other.example:8080", "10.0.0.1"]


def test_a_replayed_redirect_keeps_https(misbehaving: MisbehavingServer) -> None:
    fetcher = Fetcher(quick_settings(), rewrite=Rewrite(lambda _: ("127.0.0.1", misbehaving.port)))
    result = fetcher.fetch(FetchRequest("https://news.example/redirect?/article"))
    assert result.page is not None
    assert result.page.final_url == "https://news.example/article"


def test_turns_are_kept_and_a_long_wait_is_put_off(misbehaving: MisbehavingServer) -> None:
    now = [0.0]
    slots = MemorySlots(lambda: now[0])
    fetcher = Fetcher(quick_settings(misbehaving.authority), slots)
    assert fetcher.fetch(FetchRequest(misbehaving.url("/429"))).status == 429
    result = fetcher.fetch(FetchRequest(misbehaving.url("/article")))
    assert result.outcome is Outcome.DEFERRED
    assert result.retry_after_s == 120
    assert not result.outcome.is_failure
    assert misbehaving.n_requests("/article") == 0
    now[0] = 121
    assert fetcher.fetch(FetchRequest(misbehaving.url("/article"))).outcome is Outcome.OK


def test_a_short_wait_is_slept_through(misbehaving: MisbehavingServer) -> None:
    slots = MemorySlots()
    slots.postpone(misbehaving.authority, 0.2)
    started = time.monotonic()
    result = Fetcher(quick_settings(misbehaving.authority), slots).fetch(
        FetchRequest(misbehaving.url("/article"))
    )
    assert result.outcome is Outcome.OK
    assert time.monotonic() - started > 0.19


def test_robots_are_respected_without_a_shared_cache() -> None:
    with MisbehavingServer("User-agent: *\nDisallow: /") as server:
        fetcher = Fetcher(quick_settings(server.authority, respect_robots=True))
        assert fetcher.fetch(FetchRequest(server.url("/article"))).outcome is Outcome.ROBOTS


@pytest.mark.parametrize(
    ("path", "moved_to"),
    [
        ("/article", ""),
        ("/moved?301:/article", "/article"),
        ("/moved?308:/moved?301:/article", "/article"),
        ("/moved?302:/article", ""),
        ("/moved?301:/moved?307:/article", ""),
        ("/moved?303:/moved?301:/article", ""),
        ("/moved?301:/conditional", "/conditional"),
        ("/moved?301:/nowhere", ""),
        ("/moved?301:/200-challenge", ""),
    ],
)
def test_a_new_address_is_told_only_where_every_redirect_is_for_good(
    misbehaving: MisbehavingServer, door: Door, path: str, moved_to: str
) -> None:
    result = door(misbehaving).fetch(FetchRequest(misbehaving.url(path), etag='"v1"'))
    assert result.moved_to == (misbehaving.url(moved_to) if moved_to else "")


class NotedSlots:
    """Gives every turn at once and keeps what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []

    def reserve(self, host: str, delay_s: float) -> float:
        self.asked.append((host, delay_s))
        return 0.0

    def postpone(self, host: str, seconds: float) -> None:
        raise AssertionError((host, seconds))


@pytest.mark.parametrize(("of_request", "expected"), [(0.0, 1.0), (0.5, 1.0), (5.0, 5.0)])
def test_a_request_may_ask_for_a_longer_pause_than_the_settings(of_request: float, expected: float) -> None:
    slots = NotedSlots()
    fetcher = Fetcher(quick_settings(min_delay_s=1.0), slots, resolve=lambda *_: [])
    fetcher.fetch(FetchRequest("https://api.example/", min_delay_s=of_request))
    assert slots.asked == [("api.example", expected)]


def test_this_machine_is_asked_without_a_pause(misbehaving: MisbehavingServer) -> None:
    slots = NotedSlots()
    fetcher = Fetcher(quick_settings(misbehaving.authority, min_delay_s=1.0), slots)
    fetcher.fetch(FetchRequest(misbehaving.url("/article"), min_delay_s=5.0))
    assert slots.asked == [(misbehaving.authority, 0.0)]


def test_a_redirect_on_the_same_host_belongs_to_the_turn_that_was_taken() -> None:
    with MisbehavingServer("User-agent: *\nCrawl-delay: 60") as server:
        settings = quick_settings(server.authority, respect_robots=True)
        fetcher = Fetcher(settings, MemorySlots())
        assert fetcher.fetch(FetchRequest(server.url("/moved?301:/article"))).outcome is Outcome.OK
        assert fetcher.fetch(FetchRequest(server.url("/article"))).outcome is Outcome.DEFERRED
