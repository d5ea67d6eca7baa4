"""The web of the simulated month: answers by address and clock, fails as planned, and writes down what it showed."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils import timezone

from tests.month.plan import FAULTS, SHARED_HOST, SINGLE_SHARE, Outage
from tests.month.publishers import Publisher, share
from tracker.fetch.answer import Answer, judge, retry_after_s
from tracker.records import FetchRequest, FetchResult, Outcome, Page
from tracker.text.hashing import sha256_hex
from tracker.text.urls import host_of

SHARED_PAUSE_S = 20.0
PAGE_SHARE, HICCUP_SHARE = 0.15, 0.05
"""Of the articles: pages that can be read, and pages that cannot be reached the first time."""
DIRECT = {
    "dns": Outcome.DNS,
    "tls": Outcome.TLS,
    "connection": Outcome.CONNECTION,
    "timeout": Outcome.TIMEOUT,
    "too large": Outcome.TOO_LARGE,
    "refused": Outcome.REFUSED,
    "robots": Outcome.ROBOTS,
}
ANSWERED = {
    "404": Answer(404, {}, b""),
    "403": Answer(403, {}, b"no"),
    "429": Answer(429, {"retry-after": "10800"}, b""),
    "500": Answer(500, {}, b""),
    "503": Answer(503, {}, b""),
    "blocked": Answer(
        200, {"content-type": "text/html"}, b"<html><title>Just a moment...</title><p>Checking</p></html>"
    ),
    "parse": Answer(
        200,
        {"content-type": "text/html"},
        b"<!doctype html><html><body><p>We have a new site.</p></body></html>",
    ),
}
assert set(FAULTS) == {*DIRECT, *ANSWERED}


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of one listing, as the diary keeps it."""

    at: dt.datetime
    number: int
    url: str
    fault: str
    is_unchanged: bool
    shown: Sequence[int]


class SimulatedWeb:
    """Answers for every publisher; safe between threads.

    Args:
        publishers: who publishes.
        outages: planned outage by publisher number.
        diary: file that the answers are written to, so that they take no memory.
    """

    def __init__(self, publishers: Sequence[Publisher], outages: Mapping[int, Outage], diary: Path) -> None:
        self._outages = outages
        self._by_url = {
            url: publisher for publisher in publishers for url in (publisher.url, publisher.new_url)
        }
        self._lock = threading.Lock()
        self._n_asked = [0] * len(publishers)
        self._failed_last = [False] * len(publishers)
        self._not_before: dict[int, dt.datetime] = {}
        self._shared_free_at = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._tried_pages: set[str] = set()
        self.impolite: list[str] = []
        self._path = diary
        self._diary: TextIO = diary.open("w", encoding="utf-8")

    def fetch(self, request: FetchRequest) -> FetchResult:
        """See `tracker.fetch.contract.Fetches`."""
        now = timezone.now()
        publisher = self._by_url.get(request.url)
        if publisher is None:
            return self._article(request, now)
        with self._lock:
            if host_of(request.url) == SHARED_HOST and (wait := self._shared_wait(now)):
                reason = f"{SHARED_HOST} was asked a moment ago; the next turn is in {wait:.0f} seconds."
                return FetchResult(Outcome.DEFERRED, reason, retry_after_s=wait)
            fault = self._fault(publisher, now)
            return self._answer(publisher, request, now, fault)

    def lines(self) -> Iterator[Line]:
        """Read the diary from its beginning."""
        self._diary.flush()
        with self._path.open(encoding="utf-8") as file:
            for row in file:
                at, *rest = json.loads(row)
                yield Line(dt.datetime.fromtimestamp(at, tz=dt.UTC), *rest)

    def close(self) -> None:
        """Close the diary."""
        self._diary.close()

    def _shared_wait(self, now: dt.datetime) -> float:
        wait = (self._shared_free_at - now).total_seconds()
        if wait <= 0:
            self._shared_free_at = now + dt.timedelta(seconds=SHARED_PAUSE_S)
        return max(wait, 0.0)

    def _fault(self, publisher: Publisher, now: dt.datetime) -> str:
        """Return the fault of this answer: the outage's, or now and then a single one between two good answers."""
        n = publisher.number
        self._n_asked[n] += 1
        fault = ""
        outage = self._outages.get(n)
        if outage and outage.start <= now < outage.end:
            fault = outage.fault
        elif not self._failed_last[n] and share("single", n, self._n_asked[n]) < SINGLE_SHARE:
            fault = FAULTS[int(share("class", n, self._n_asked[n]) * len(FAULTS))]
        self._failed_last[n] = bool(fault)
        return fault

    def _answer(
        self, publisher: Publisher, request: FetchRequest, now: dt.datetime, fault: str
    ) -> FetchResult:
        if publisher.gone_at and now >= publisher.gone_at:
            return self._told(publisher, request, now, Answer(410, {}, b""), fault="410")
        if now < self._not_before.get(publisher.number, now):
            self.impolite.append(f"{request.url} at {now:%d %H:%M}, before its Retry-After was over")
        if fault in DIRECT:
            self._write(now, publisher, request, fault)
            wait_s = 600.0 if fault == "robots" else None
            return FetchResult(DIRECT[fault], f"It ended as '{fault}' (simulated).", retry_after_s=wait_s)
        if fault:
            return self._told(publisher, request, now, ANSWERED[fault], fault=fault)
        body, ids = publisher.listing(now)
        headers = {"content-type": "text/html" if publisher.kind == "html_list" else "application/xml"}
        if publisher.has_etag:
            headers["etag"] = f'"{sha256_hex(body)[:16]}"'
            if request.etag == headers["etag"]:
                return self._told(publisher, request, now, Answer(304, headers, b""), shown=ids)
        return self._told(publisher, request, now, Answer(200, headers, body), shown=ids)

    def _told(
        self,
        publisher: Publisher,
        request: FetchRequest,
        now: dt.datetime,
        answer: Answer,
        *,
        fault: str = "",
        shown: Sequence[int] = (),
    ) -> FetchResult:
        final = request.url
        if publisher.moves_at and now >= publisher.moves_at:
            final = publisher.new_url
        if publisher.lost_at and now >= publisher.lost_at:
            final = publisher.parked_url
        verdict = judge(answer, host_of(final), is_conditional=bool(request.etag))
        wait_s = retry_after_s(answer.headers, now) if verdict.outcome.is_failure else None
        if wait_s:
            self._not_before[publisher.number] = now + dt.timedelta(seconds=wait_s)
        self._write(now, publisher, request, fault, is_unchanged=answer.status == 304, shown=shown)
        page = None
        if verdict.outcome in {Outcome.OK, Outcome.EMPTY}:
            page = Page(request.url, final, answer.status, answer.headers, answer.body, now, 0.0)
        is_moved = final != request.url and not verdict.outcome.is_failure
        return FetchResult(
            verdict.outcome,
            verdict.reason,
            page,
            answer.status,
            retry_after_s=wait_s,
            n_bytes=len(answer.body),
            moved_to=final if is_moved else "",
        )

    def _write(
        self,
        now: dt.datetime,
        publisher: Publisher,
        request: FetchRequest,
        fault: str,
        *,
        is_unchanged: bool = False,
        shown: Sequence[int] = (),
    ) -> None:
        row = [now.timestamp(), publisher.number, request.url, fault, is_unchanged, list(shown)]
        self._diary.write(json.dumps(row) + "\n")

    def _article(self, request: FetchRequest, now: dt.datetime) -> FetchResult:
        """Answer for an article's page: most are not there, some are, some only at the second try."""
        chance = share("page", request.url)
        if chance < HICCUP_SHARE:
            with self._lock:
                is_first = request.url not in self._tried_pages
                self._tried_pages.symmetric_difference_update({request.url})
            if is_first:
                return FetchResult(Outcome.TIMEOUT, "It did not answer in time (simulated).")
        if chance < HICCUP_SHARE + PAGE_SHARE:
            body = _article_page(request.url)
            headers = {"content-type": "text/html; charset=utf-8"}
            page = Page(request.url, request.url, 200, headers, body, now, 0.0)
            return FetchResult(Outcome.OK, "", page, 200, n_bytes=len(body))
        return FetchResult(Outcome.HTTP_CLIENT, "It has nothing at this address (404).", status=404)


def _article_page(url: str) -> bytes:
    paragraphs = "".join(
        f"<p>Paragraph {n} of {url}: the committee asked whether the weights had been copied, and the "
        "laboratory said that it had trained its model on its own machines.</p>"
        for n in range(3)
    )
    return f"<html><body><article><h1>Report at {url}</h1>{paragraphs}</article></body></html>".encode()
