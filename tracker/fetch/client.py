"""The one door: fetches an address under every limit, and answers with a value whatever the network does.

Built on the connection layer of httpx2 (httpcore2) without its client: redirects, cookies, proxies from the
environment and decompression of the client are exactly what must not happen here.
"""

from __future__ import annotations

import datetime as dt
import re
import ssl
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import certifi
import httpcore2
import structlog

from tracker.fetch.answer import (
    MAY_CHALLENGE,
    PEEK_BYTES,
    PERMANENT,
    REDIRECTS,
    Answer,
    announced_length,
    has_body,
    is_packed,
    judge,
    kept_headers,
    retry_after_s,
)
from tracker.fetch.contract import Fetches, FetchSettings
from tracker.fetch.guard import (
    AddressGuard,
    AddressRefusedError,
    NameNotFoundError,
    NameTimeoutError,
    Resolver,
    Rewrite,
    system_resolve,
)
from tracker.fetch.inflate import BoundedInflater, UnpackedTooLargeError, UnpackError
from tracker.fetch.robots import MAX_ROBOTS_BYTES, MemoryRobots, RobotsCache, RobotsGate
from tracker.fetch.stream import Budget, FetchFailedError, PinnedBackend, too_large
from tracker.records import FetchRequest, FetchResult, Outcome, Page
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.fetch.throttle import HostSlots

__all__ = ["FetchSettings", "Fetcher", "Fetches"]

log = structlog.get_logger(__name__)

_PORTS = {"http": 80, "https": 443}
_MAX_HEADER_VALUE = 1000
_SENDABLE = re.compile(r"[ -~\x80-\xff]+")
_MAX_POSTPONE_S = 86_400.0
_POLL_SLOT_S = 0.01


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one fetch may do: with robots.txt and turns or without, whole bodies or the beginning."""

    is_polite: bool = True
    max_bytes: int = 0
    is_cut_allowed: bool = False


class Fetcher:
    """Fetches addresses; safe to share between threads.

    Args:
        settings: limits and names.
        slots: turns at hosts; None asks at once.
        robots: cache of robots.txt records; None keeps them in this object.
        rewrite: replay only, see `tracker.fetch.guard.Rewrite`.
        resolve: how names are looked up.
    """

    def __init__(
        self,
        settings: FetchSettings,
        slots: HostSlots | None = None,
        robots: RobotsCache | None = None,
        *,
        rewrite: Rewrite | None = None,
        resolve: Resolver = system_resolve,
    ) -> None:
        self._settings = settings
        self._slots = slots
        self._guard = AddressGuard(settings.allowed_loopback, rewrite=rewrite, resolve=resolve)
        self._tls = _tls_context(settings.ca_file)
        self._gate: RobotsGate | None = None
        if settings.respect_robots:
            self._gate = RobotsGate(settings, MemoryRobots() if robots is None else robots)

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Return how the try ended; never raises for anything the network does."""
        plan = _Plan(max_bytes=self._settings.max_bytes)
        return self._run(request, plan, deadline_s=self._settings.total_deadline_s)

    def _read_robots(self, url: str, deadline_s: float) -> FetchResult:
        limit = min(MAX_ROBOTS_BYTES, self._settings.max_bytes)
        plan = _Plan(is_polite=False, max_bytes=limit, is_cut_allowed=True)
        return self._run(FetchRequest(url, accept="text/plain, */*;q=0.1"), plan, deadline_s=deadline_s)

    def _run(self, request: FetchRequest, plan: _Plan, *, deadline_s: float) -> FetchResult:
        started = time.monotonic()
        url = clean_url(request.url)
        budget = Budget(
            deadline_s=deadline_s,
            connect_s=self._settings.connect_timeout_s,
            read_s=self._settings.read_timeout_s,
            max_bytes=plan.max_bytes,
        )
        try:
            result = self._follow(url, request, plan, budget=budget, started=started)
        except FetchFailedError as failure:
            result = FetchResult(
                failure.outcome,
                failure.reason,
                retry_after_s=failure.retry_after_s,
                duration_s=time.monotonic() - started,
                n_bytes=budget.n_received,
            )
        parts = urlsplit(url)
        log.info(
            "fetched",
            host=parts.netloc,
            path=parts.path[:200],
            outcome=str(result.outcome),
            status=result.status,
            n_bytes=result.n_bytes,
            duration_ms=round(result.duration_s * 1000),
        )
        return result

    def _follow(
        self, url: str, request: FetchRequest, plan: _Plan, *, budget: Budget, started: float
    ) -> FetchResult:
        """Fetch, following redirects, each of which is checked like the first address."""
        if not url:
            reason = "This is no usable http or https address. Correct it, starting with https://."
            raise FetchFailedError(Outcome.REFUSED, reason)
        seen, is_moved = set[str](), True
        while True:
            is_first_here = urlsplit(url).netloc not in {urlsplit(known).netloc for known in seen}
            seen.add(url)
            if plan.is_polite:
                crawl_delay_s = self._ask_robots(url, budget)
                if is_first_here:
                    self._take_turn(url, request.min_delay_s, crawl_delay_s, budget=budget)
            answer = self._exchange(url, request, plan=plan, budget=budget)
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not location:
                result = self._conclude(request, url, answer=answer, budget=budget, started=started)
                is_moved = is_moved and len(seen) > 1 and not result.outcome.is_failure
                return replace(result, moved_to=url) if is_moved else result
            is_moved = is_moved and answer.status in PERMANENT
            url = self._next_url(url, location, seen)

    def _next_url(self, url: str, location: str, seen: set[str]) -> str:
        host = urlsplit(url).netloc
        target = clean_url(_as_utf8(location), base=url)
        if not target:
            reason = (
                f"{host} points to something that is no http or https address. Look for the right address."
            )
            raise FetchFailedError(Outcome.REFUSED, reason)
        if target in seen:
            reason = (
                f"{host} sends the reader round in a circle (it may want cookies). Look for another address."
            )
            raise FetchFailedError(Outcome.REFUSED, reason)
        if len(seen) > self._settings.max_redirects:
            n = self._settings.max_redirects
            reason = f"{host} points on and on, more than {n} times. Look for the final address."
            raise FetchFailedError(Outcome.REFUSED, reason)
        return target

    def _ask_robots(self, url: str, budget: Budget) -> float:
        """Return the host's Crawl-delay; reading robots.txt takes from the time of this fetch."""
        if self._gate is None:
            return 0.0
        deadline_s = self._settings.total_deadline_s
        return self._gate.delay_for(url, lambda robots: self._read_robots(robots, budget.left_s(deadline_s)))

    def _take_turn(self, url: str, asked_s: float, crawl_delay_s: float, *, budget: Budget) -> None:
        """Wait for the host's turn, outside the deadline but not longer than the settings allow in all.

        Taken once per host: a redirect on the host that was just asked belongs to its turn. Were it put off for a
        long Crawl-delay, the next try would begin with the redirect again and never come further.
        """
        if self._slots is None:
            return
        started = time.monotonic()
        parts = urlsplit(url)
        is_local = self._guard.is_rewriting or self._guard.is_allowed_loopback(
            parts.hostname or "", parts.port or _PORTS[parts.scheme]
        )
        delay_s = crawl_delay_s if is_local else max(crawl_delay_s, asked_s, self._settings.min_delay_s)
        give_up_at = started + self._settings.max_slot_wait_s - budget.waited_s
        while (wait_s := self._slots.reserve(parts.netloc, delay_s)) > 0:
            if time.monotonic() + wait_s > give_up_at:
                reason = f"{parts.netloc} was asked a moment ago; the next turn is in {wait_s:.0f} seconds."
                raise FetchFailedError(Outcome.DEFERRED, reason, retry_after_s=wait_s)
            time.sleep(max(wait_s, _POLL_SLOT_S))
        budget.extend(time.monotonic() - started)

    def _exchange(self, url: str, request: FetchRequest, *, plan: _Plan, budget: Budget) -> Answer:
        """Ask one address once; every way the network can fail becomes FetchFailedError."""
        host = urlsplit(url).hostname or ""
        try:
            return self._ask(url, request, plan=plan, budget=budget)
        except FetchFailedError:
            raise
        except AddressRefusedError as error:
            raise FetchFailedError(Outcome.REFUSED, str(error)) from None
        except (NameNotFoundError, NameTimeoutError) as error:
            raise FetchFailedError(Outcome.DNS, str(error)) from None
        except UnpackedTooLargeError:
            raise too_large(plan.max_bytes) from None
        except UnpackError as error:
            raise FetchFailedError(Outcome.PARSE, f"{error} It came from {host}.") from None
        except Exception as error:
            if not isinstance(error, (httpcore2.ProtocolError, httpcore2.NetworkError)):
                log.exception("fetch_surprise", host=host)
            reason = f"{host} gave no answer that follows the rules of HTTP. It is tried again later."
            raise FetchFailedError(Outcome.CONNECTION, reason) from None

    def _ask(self, url: str, request: FetchRequest, *, plan: _Plan, budget: Budget) -> Answer:
        parts = urlsplit(url)
        # A replay speaks plain http to the loopback server, whatever the address says.
        scheme = "http" if self._guard.is_rewriting else parts.scheme
        port = parts.port or _PORTS[parts.scheme]
        target = httpcore2.URL(
            scheme=scheme,
            host=parts.hostname or "",
            port=port,
            target=f"{parts.path}?{parts.query}" if parts.query else parts.path,
        )
        budget.start_hop()
        connection = httpcore2.HTTPConnection(
            target.origin, ssl_context=self._tls, network_backend=PinnedBackend(self._guard, budget)
        )
        try:
            headers = self._headers(parts.netloc, request)
            response = connection.handle_request(httpcore2.Request("GET", target, headers=headers))
            budget.start_body()
            try:
                return _read(response, parts.netloc, plan=plan)
            finally:
                response.close()
        finally:
            connection.close()

    def _headers(self, authority: str, request: FetchRequest) -> list[tuple[bytes, bytes]]:
        headers = {
            "Host": authority,
            "User-Agent": self._settings.user_agent_header,
            "Accept": request.accept or "*/*",
            "Accept-Encoding": "gzip",
            "If-None-Match": request.etag,
            "If-Modified-Since": request.last_modified,
            "Connection": "close",
        }
        return [
            (name.encode(), value.encode("latin-1")) for name, value in headers.items() if _is_sendable(value)
        ]

    def _conclude(
        self, request: FetchRequest, url: str, *, answer: Answer, budget: Budget, started: float
    ) -> FetchResult:
        host = urlsplit(url).netloc
        now = dt.datetime.now(dt.UTC)
        is_conditional = _is_sendable(request.etag) or _is_sendable(request.last_modified)
        verdict = judge(answer, host, is_conditional=is_conditional)
        duration_s = time.monotonic() - started
        retry_s = retry_after_s(answer.headers, now) if verdict.outcome.is_failure else None
        if retry_s and self._slots is not None:
            self._slots.postpone(host, min(retry_s, _MAX_POSTPONE_S))
        page = None
        if verdict.outcome in {Outcome.OK, Outcome.EMPTY}:
            page = Page(request.url, url, answer.status, kept_headers(answer), answer.body, now, duration_s)
        return FetchResult(
            verdict.outcome,
            verdict.reason,
            page=page,
            status=answer.status,
            retry_after_s=retry_s,
            duration_s=duration_s,
            n_bytes=budget.n_received,
        )


def _read(response: httpcore2.Response, host: str, *, plan: _Plan) -> Answer:
    """Read as much of the body as the status deserves."""
    headers = _header_table(response.headers)
    if has_body(response.status):
        length = announced_length(headers)
        if length is not None and length > plan.max_bytes and not plan.is_cut_allowed:
            raise too_large(plan.max_bytes)
        body, note = _read_body(
            response, headers, host=host, limit=plan.max_bytes, is_cut_allowed=plan.is_cut_allowed
        )
        return Answer(response.status, headers, body, note)
    if response.status not in MAY_CHALLENGE:
        return Answer(response.status, headers, b"")
    try:
        body, _ = _read_body(response, headers, host=host, limit=PEEK_BYTES, is_cut_allowed=True)
    except (FetchFailedError, UnpackError, httpcore2.ProtocolError):
        body = b""  # the status alone decides
    return Answer(response.status, headers, body)


def _read_body(
    response: httpcore2.Response, headers: Mapping[str, str], *, host: str, limit: int, is_cut_allowed: bool
) -> tuple[bytes, str]:
    """Return the unpacked body, at most `limit` bytes, with a note about what was odd."""
    inflater = BoundedInflater(limit) if is_packed(headers, host) else None
    pieces: list[bytes] = []
    n_bytes, is_short = 0, False
    try:
        for chunk in response.iter_stream():
            piece = inflater.feed(chunk) if inflater else chunk
            pieces.append(piece)
            n_bytes += len(piece)
            _check_size(n_bytes, limit)
    except UnpackedTooLargeError:
        if not is_cut_allowed:
            raise
        return b"".join(pieces)[:limit], "cut off"
    except httpcore2.RemoteProtocolError:
        # A server that announced more than it sent; without an announced length the end is missing for
        # certain.
        is_short = announced_length(headers) is not None and "transfer-encoding" not in headers
        if not is_short or not n_bytes:
            raise _cut_off(host) from None
    if inflater:
        pieces.append(inflater.finish())
        if not inflater.is_complete:
            raise _cut_off(host)
    note = f"{host} announced {headers['content-length']} bytes and sent fewer." if is_short else ""
    return b"".join(pieces), note


def _cut_off(host: str) -> FetchFailedError:
    reason = f"The connection to {host} broke off in the middle of the answer. It is tried again later."
    return FetchFailedError(Outcome.CONNECTION, reason)


def _check_size(n_bytes: int, limit: int) -> None:
    if n_bytes > limit:
        raise UnpackedTooLargeError(str(limit))


def _header_table(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    table: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").replace("\0", "").strip()
        is_single = key in {"location", "content-type", "retry-after", "etag", "last-modified"}
        if key not in table:
            table[key] = text
        elif not is_single:
            table[key] = f"{table[key]}, {text}"
    return table


def _as_utf8(location: str) -> str:
    """Undo the byte-wise reading of a header that holds raw UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _is_sendable(value: str) -> bool:
    """Whether a stored value can stand in a header line."""
    return 0 < len(value) <= _MAX_HEADER_VALUE and _SENDABLE.fullmatch(value) is not None


@lru_cache(maxsize=4)
def _tls_context(ca_file: str) -> ssl.SSLContext:
    """Return a context that verifies certificates and names, trusting the system's authorities.

    Where the system has none (a bare container), the list that ships with certifi is trusted.
    """
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    has_directory = bool(paths.capath) and any(Path(paths.capath).iterdir())
    if not paths.cafile and not has_directory:
        context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
