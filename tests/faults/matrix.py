"""The table of faults: how a server misbehaves, what the endpoint must then say, and which items must be there.

What a server does at a path stands in `acts`; what is in a hostile feed in `feeds`. A fault is polled through the
real door and the real road by `trial`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults import acts, feeds
from tests.faults.spellings import spelled
from tests.fetch.misbehaving_server import EXPIRED_CERTIFICATE, TEST_CERTIFICATE, Act
from tracker.fetch.guard import Resolver

FETCH_S = 3.0
"""Deadline of a fetch in the full matrix."""
PARSE_S = 10.0
"""Deadline of the parsing process in the full matrix."""
MOST_MB = 30.0
"""Extra memory of the worker that a fault may cost, and of its parsing process."""
READ = frozenset({"ok", "stale"})
"""Outcomes of a listing that was read; odd dates may make it look old."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parties of one trial are."""

    bad: str  # "http://127.0.0.1:8001": the server that misbehaves
    canary: int  # port of this machine that nobody may ask
    silent: int  # port that takes connections and says nothing
    secret: Path  # a file that nobody may read

    def url(self, name: str) -> str:
        """Address of a fault on the server that misbehaves."""
        return f"{self.bad}{acts.PREFIX}{name}"

    @property
    def authority(self) -> str:
        """Host and port of the server that misbehaves."""
        return self.bad.partition("://")[2]

    @property
    def port(self) -> str:
        """Port of the server that misbehaves."""
        return self.authority.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to misbehave and what must come of it."""

    name: str
    outcomes: frozenset[str]  # any of these, of every endpoint of the fault
    n_items: int = 0  # articles stored afterwards
    words: str = ""  # stands in the reason
    warning: str = ""  # stands in a warning of the attempt
    n_polls: int = 1
    wait_s: float = 0  # the next try is not before
    is_in_sample: bool = False
    is_parse: bool = False  # the time goes into parsing
    most_mb: float = MOST_MB  # extra memory of the worker
    storing_s: float = 0  # what storing it may take after the deadline
    is_part: bool = False  # what is missing comes when the server is in order
    has_titles: bool = False  # the three titles come through unharmed
    addresses: Callable[[Place], Sequence[str]] | None = None
    allowed: Sequence[str] = ()  # further hosts that may lead to this machine; {port} is the server's
    resolve: Resolver | None = None
    door: Mapping[str, Any] = field(default_factory=dict)
    robots: str | Act | None = None
    certificate: Path | None = None

    def urls(self, place: Place) -> list[str]:
        """Addresses of the endpoints that meet this fault."""
        return list(self.addresses(place)) if self.addresses else [place.url(self.name)]

    @property
    def is_read(self) -> bool:
        """Whether the listing is read in spite of the fault."""
        return self.outcomes == READ

    @property
    def heals(self) -> bool:
        """Whether the same address can serve the sound feed later."""
        return self.is_part or not (
            self.is_read or self.is_parse or self.addresses or self.certificate or self.n_polls > 1
        )

    @property
    def deadline_s(self) -> float:
        """The deadline that holds for it in the full matrix."""
        return (PARSE_S if self.is_parse else FETCH_S) + self.storing_s


def _fails(name: str, outcome: str, **more: Any) -> Fault:  # noqa: ANN401 - the fields of Fault
    return Fault(name, frozenset({outcome}), **more)


def _reads(name: str, n_items: int = 3, **more: Any) -> Fault:  # noqa: ANN401 - the fields of Fault
    return Fault(name, READ, n_items, **({"has_titles": n_items >= len(feeds.TITLES)} | more))


def _parses(name: str, n_items: int = 3, **more: Any) -> Fault:  # noqa: ANN401 - the fields of Fault
    return _reads(name, n_items, is_parse=True, **more)


def _answers(*turns: Sequence[str]) -> Resolver:
    """Return a name server that gives these answers in turn, and the last one for ever."""
    left = list(turns)
    return lambda _host, _port: list(left.pop(0) if len(left) > 1 else left[0])


def _never(_host: str, _port: int) -> list[str]:
    import time  # noqa: PLC0415 - nothing else here waits

    time.sleep(20)
    return []


def _hex(address: str) -> str:
    return address.encode("utf-8", "surrogatepass").hex()


def _by_name(name: str) -> Callable[[Place], Sequence[str]]:
    return lambda place: [f"http://{name}:{place.port}{acts.PREFIX}sound"]


_THIS, _INSIDE, _OUTSIDE = ("127.0.0.1",), ("10.0.0.1",), ("93.184.215.14",)
_REBOUND: dict[str, Any] = {
    "addresses": _by_name("rebound.example"),
    "allowed": ("rebound.example:{port}",),
    "words": "rebound.example",
}

SLOW = (
    _fails("slow-status-line", "timeout", words="tried again"),
    _fails("slow-headers", "timeout", is_in_sample=True),
    _fails("slow-body", "timeout", is_in_sample=True),
    _fails("slow-chunks", "timeout"),
    _fails("slow-gzip", "timeout"),
    _fails("slow-hops", "timeout"),
    _fails("slow-robots", "timeout", robots=acts.drip_robots),
    _fails(
        "slow-handshake",
        "timeout",
        addresses=lambda place: [f"https://127.0.0.1:{place.silent}/"],
        allowed=("127.0.0.1",),
    ),
    _fails(
        "silent",
        "timeout",
        addresses=lambda place: [f"http://127.0.0.1:{place.silent}/"],
        allowed=("127.0.0.1",),
    ),
)
LARGE = (
    _fails("endless-body", "too large", words="5 MiB", is_in_sample=True),
    _fails("endless-chunks", "too large"),
    _fails("endless-chunk-name", "connection"),
    _fails("announced-large", "too large"),
    _fails("header-1mb", "too large", words="headers"),
    _fails("headers-endless", "too large", words="headers"),
    _fails("interim-endless", "too large", words="headers"),
    _reads("headers-100"),
    _fails("gzip-bomb", "too large", is_in_sample=True),
    _fails("gzip-bomb-nested", "parse"),
    _fails("gzip-bomb-named-twice", "refused", words="gzip, gzip"),
    _fails("gzip-members", "parse"),
    _fails("gzip-damaged", "parse"),
    _reads("gzip-not-really"),
    _fails("gzip-cut", "connection", words="broke off"),
    _reads("gzip-without-trailer"),
    _fails("brotli", "refused", words="'br'"),
    _fails("zstd", "refused"),
    _fails("deflate", "refused"),
)
ELSEWHERE = (
    _fails("redirect-self", "refused", words="circle"),
    _fails("redirect-loop", "refused", words="circle", is_in_sample=True),
    _fails(
        "redirect-growing",
        "refused",
        words="on and on",
        addresses=lambda place: [place.url("redirect-growing?x")],
    ),
    _fails("redirect-nowhere", "refused"),
    _fails("redirect-file", "refused"),
    _fails("redirect-script", "refused"),
    _reads("redirect-chain", addresses=lambda place: [place.url("redirect-chain?4")]),
    _fails("ssrf-direct", "refused", addresses=lambda place: spelled(place.canary), resolve=_answers(_THIS)),
    _fails(
        "ssrf-redirect",
        "refused",
        addresses=lambda place: [place.url(f"redirect-to?{_hex(url)}") for url in spelled(place.canary)],
        resolve=_answers(_THIS),
    ),
    _fails("dns-second-answer", "refused", resolve=_answers(_THIS, _INSIDE), **_REBOUND),
    _fails("dns-mixed-answer", "refused", resolve=_answers(_OUTSIDE + _INSIDE), **_REBOUND),
    _fails("dns-mixed-with-this", "refused", resolve=_answers(_THIS + _INSIDE), **_REBOUND),
    _fails("dns-mapped-answer", "refused", resolve=_answers(("::ffff:10.0.0.1",)), **_REBOUND),
    _fails("dns-nat64-answer", "refused", resolve=_answers(("64:ff9b::a9fe:a9fe",)), **_REBOUND),
    _fails("dns-odd-answer", "dns", resolve=_answers(("no address",)), **_REBOUND),
    _fails("dns-silent", "dns", resolve=_never, **_REBOUND),
)
TLS = (
    _fails(
        "tls-expired",
        "tls",
        words="expired",
        certificate=EXPIRED_CERTIFICATE,
        door={"ca_file": str(EXPIRED_CERTIFICATE)},
    ),
    _fails("tls-self-signed", "tls", words="signed by itself", certificate=TEST_CERTIFICATE),
    _fails(
        "tls-other-name",
        "tls",
        words="another name",
        certificate=TEST_CERTIFICATE,
        door={"ca_file": str(TEST_CERTIFICATE)},
        resolve=_answers(_THIS),
        addresses=lambda place: [f"https://other.example:{place.port}/"],
        allowed=("other.example:{port}",),
    ),
    _fails("tls-of-plain-server", "tls", addresses=lambda place: [f"https://{place.authority}/"]),
)
HTTP = (
    _fails("http-0.9", "connection"),
    _fails("no-http", "connection", is_in_sample=True),
    _fails("hang-up", "connection"),
    _fails("reset-in-the-middle", "connection", words="broke off", is_in_sample=True),
    _fails("chunked-garbage", "connection"),
    _fails("chunked-cut", "connection"),
    _reads("length-too-long", words="fewer", is_in_sample=True),
    _reads("length-too-short"),
    _fails("length-nonsense", "connection"),
    _fails("304-with-body", "not modified", n_items=3, n_polls=2, has_titles=True),
    _fails("304-unasked", "http 5xx"),
    _fails("403-challenge", "blocked"),
    _fails("200-challenge", "blocked", is_in_sample=True),
    _fails("200-challenge-as-feed", "blocked"),
    _fails("empty-200", "empty", is_in_sample=True),
    _fails("blank-200", "empty"),
    _fails("204", "empty"),
    _fails("206", "http 5xx"),
    _fails("404", "http 4xx"),
    _fails("410", "http 4xx", words="410"),
    _fails("429-seconds", "http 4xx", words="429", wait_s=7000, is_in_sample=True),
    _fails("429-date", "http 4xx", words="429", wait_s=7000),
    _fails("500", "http 5xx"),
    _fails("503-retry", "http 5xx", wait_s=7000),
)
OUTSIDE = (
    _parses(
        "entity-outside-file",
        4,
        addresses=lambda place: [place.url(f"entity-outside?{_hex(place.secret.as_uri())}")],
    ),
    _parses(
        "entity-outside-path",
        4,
        addresses=lambda place: [place.url(f"entity-outside?{_hex(str(place.secret))}")],
    ),
    _parses(
        "entity-outside-http",
        4,
        addresses=lambda place: [place.url(f"entity-outside?{_hex(f'http://127.0.0.1:{place.canary}/')}")],
    ),
    _parses(
        "type-outside-file",
        addresses=lambda place: [place.url(f"type-outside?{_hex(place.secret.as_uri())}")],
    ),
    _parses(
        "type-outside-http",
        addresses=lambda place: [place.url(f"type-outside?{_hex(f'http://127.0.0.1:{place.canary}/')}")],
    ),
)
BODY = (
    _parses("items-100000", 2000, has_titles=False, warning="were left out"),
    _parses("entities-laughs", 4, is_in_sample=True),
    _parses("entities-quadratic", 4),
    _parses("entities-short", 4),
    _parses("entities-parameter", 4),
    _parses("depth-in-text", 4),
    _parses("depth-in-item", 4),
    _parses("depth-in-xhtml", 4),
    _fails("depth-alone", "empty", is_parse=True),
    _parses("attributes-100000"),
    _parses("name-spaces-100000"),
    _parses("items-unclosed"),
    _parses("title-4mb", 4),
    _parses("text-4mb", 4),
    _parses("text-4mb-of-tags", 4),
    _parses("text-4mb-of-pictures", 4),
    # no fault but the largest feed there can be: its words are held as a body, as items and as rows
    _parses("texts-4mb", 43, most_mb=60, storing_s=20),
    _parses("texts-4mb-of-signs", 43, most_mb=60, storing_s=20),
    _parses("title-of-references", 4),
    _parses("authors-100000", 4),
    _parses("dates-odd", len(feeds.ODD_DATES), has_titles=False),
    _reads("type-image"),
    _reads("type-html"),
    _reads("type-json"),
    _reads("type-none"),
    _reads("charset-cp1252-as-utf8", is_in_sample=True),
    _reads("charset-nonsense"),
    _reads("charset-utf16-in-header"),
    _reads("charset-ascii-in-header"),
    _reads("nul-bytes"),
    _reads("utf16"),
    _reads("utf16-without-mark"),
    _reads("utf32"),
    _reads("cut-in-the-middle"),
    _fails("web-page", "parse", words="web page"),
    _fails("json", "parse", words="JSON"),
    _fails("random-bytes", "parse"),
    _reads("ids-one-for-all"),
    _reads("ids-changed", n_polls=2),
    _reads("ids-reused", 6, n_polls=2, is_in_sample=True),
)
# a part of the feed under the length of the whole: what came is kept, and the rest is asked for again
PART = (Fault("length-of-a-part", READ, 2, words="fewer", is_part=True),)
FAULTS = (*SLOW, *LARGE, *ELSEWHERE, *TLS, *HTTP, *PART, *OUTSIDE, *BODY)
BY_NAME = {fault.name: fault for fault in FAULTS}
SAMPLE = tuple(fault for fault in FAULTS if fault.is_in_sample)
