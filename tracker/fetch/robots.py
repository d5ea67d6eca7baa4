"""robots.txt as RFC 9309 has it, read with protego and kept in a cache.

- 2xx: its rules hold for a day (`robots_good_for_s`); only the first 512 KiB are read.
- 4xx (but 429): there are no rules, everything may be fetched.
- 429, 5xx: nothing may be fetched; asked again after `robots_retry_s`. Older rules are used instead while
  they are younger than 30 days.
- Host not reached at all (dns, tls, connection, timeout): the same, but the fetch reports that class of
  error rather than 'robots', since that is what has to be repaired.
- More than five redirects, or an address that is refused: no rules.

Crawl-delay and Request-rate become the spacing of requests (see `tracker.fetch.throttle`).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import structlog
from protego import Protego

from tracker.fetch.stream import FetchFailedError
from tracker.records import FetchResult, Outcome
from tracker.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.fetch.contract import FetchSettings

log = structlog.get_logger(__name__)

MAX_ROBOTS_BYTES = 512 * 1024
_KEEP_OLD = dt.timedelta(days=30)
_TOO_MANY_REQUESTS = 429
_SERVER_FAULT = 500
_NO_RULES = frozenset({Outcome.HTTP_CLIENT, Outcome.EMPTY, Outcome.REFUSED, Outcome.BLOCKED})


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """What is known of one origin's robots.txt; `problem` is None when `text` holds its rules."""

    origin: str  # "https://example.org"
    text: str  # empty: everything is allowed
    read_at: dt.datetime  # when `text` was read, or when reading it failed for the first time
    expires_at: dt.datetime
    problem: Outcome | None = None
    reason: str = ""


class RobotsCache(Protocol):
    """Where records are kept between fetches; several processes share one through the database."""

    def get(self, origin: str) -> RobotsRecord | None:
        """Return the record of `origin`, expired or not, or None."""
        ...

    def put(self, record: RobotsRecord) -> None:
        """Store `record`, replacing the one of the same origin."""
        ...


class MemoryRobots:
    """Records kept in this process."""

    def __init__(self) -> None:
        self._records: dict[str, RobotsRecord] = {}

    def get(self, origin: str) -> RobotsRecord | None:
        """See `RobotsCache.get`."""
        return self._records.get(origin)

    def put(self, record: RobotsRecord) -> None:
        """See `RobotsCache.put`."""
        self._records[record.origin] = record


class RobotsGate:
    """Says whether an address may be fetched, reading robots.txt when needed.

    Args:
        settings: how long records hold, and the crawler's name.
        cache: where records are kept.
    """

    def __init__(self, settings: FetchSettings, cache: RobotsCache) -> None:
        self._settings = settings
        self._cache = cache

    def delay_for(self, url: str, read: Callable[[str], FetchResult]) -> float:
        """Return the seconds the host wants between requests.

        Args:
            url: what is going to be fetched, well-formed.
            read: fetches the address of a robots.txt through the same door.

        Raises:
            FetchFailedError: the address may not be fetched, or robots.txt could not be read.
        """
        parts = urlsplit(url)
        record = self._record(f"{parts.scheme}://{parts.netloc}", read)
        if record.problem is not None:
            left = (record.expires_at - dt.datetime.now(dt.UTC)).total_seconds()
            raise FetchFailedError(record.problem, record.reason, retry_after_s=max(left, 0.0))
        if not record.text:
            return 0.0
        rules, name = _parsed(record.text), self._settings.robots_name
        if not rules.can_fetch(url, name):
            reason = f"robots.txt of {host_of(url)} forbids this address to {name}, so it is not fetched."
            raise FetchFailedError(Outcome.ROBOTS, reason)
        return min(_delay(rules, name), self._settings.max_crawl_delay_s)

    def _record(self, origin: str, read: Callable[[str], FetchResult]) -> RobotsRecord:
        known = self._cache.get(origin)
        now = dt.datetime.now(dt.UTC)
        if known is not None and known.expires_at > now:
            return known
        record = self._judge(origin, read(f"{origin}/robots.txt"), now)
        if (
            record.problem is not None
            and known is not None
            and known.problem is None
            and known.read_at > now - _KEEP_OLD
        ):
            record = replace(known, expires_at=record.expires_at)
        self._cache.put(record)
        log.info("robots_read", origin=origin, problem=record.problem, n_chars=len(record.text))
        return record

    def _judge(self, origin: str, result: FetchResult, now: dt.datetime) -> RobotsRecord:
        good_until = now + dt.timedelta(seconds=self._settings.robots_good_for_s)
        if result.outcome is Outcome.OK and result.page is not None:
            text = result.page.body.decode("utf-8", "replace").removeprefix("\ufeff")
            return RobotsRecord(origin, text, now, good_until)
        status = result.status or 0
        if result.outcome in _NO_RULES and status != _TOO_MANY_REQUESTS and status < _SERVER_FAULT:
            return RobotsRecord(origin, "", now, good_until)
        retry_s = max(self._settings.robots_retry_s, result.retry_after_s or 0.0)
        retry_at = now + dt.timedelta(seconds=min(retry_s, self._settings.robots_good_for_s))
        if result.status is None:
            return RobotsRecord(origin, "", now, retry_at, problem=result.outcome, reason=result.reason)
        reason = (
            f"robots.txt of {origin} could not be read (status {result.status}), so nothing may be fetched"
            f" there. It is asked again after {retry_s / 60:.0f} minutes."
        )
        return RobotsRecord(origin, "", now, retry_at, problem=Outcome.ROBOTS, reason=reason)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)


def _delay(rules: Protego, name: str) -> float:
    delays = [float(rules.crawl_delay(name) or 0.0)]
    rate = rules.request_rate(name)
    if rate is not None and rate.requests > 0:
        delays.append(rate.seconds / rate.requests)
    return max((delay for delay in delays if math.isfinite(delay)), default=0.0)
