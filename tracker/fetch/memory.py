"""Stand-ins without network or disk: a fetcher you can tell what to answer, and an archive in memory."""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.fetch.answer import Answer, judge, kept_headers
from tracker.fetch.archive import NotArchivedError
from tracker.records import FetchRequest, FetchResult, Outcome, Page
from tracker.text.hashing import sha256_hex
from tracker.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer, and where it came from when the address leads elsewhere."""

    answer: Answer
    final_url: str
    moved_to: str = ""


class MemoryFetcher:
    """Answers from what it was told; an address it does not know answers 404.

    Every request is kept in `requests`. Answers told for one address are given in turn; the last one stays.

    Args:
        now: the moment written on every page.
    """

    def __init__(self, now: dt.datetime | None = None) -> None:
        self.requests: list[FetchRequest] = []
        self._now = now
        self._told: dict[str, deque[FetchResult | _Told]] = {}

    def answer(
        self,
        url: str,
        body: bytes = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        final_url: str = "",
        moved_to: str = "",
    ) -> None:
        """Answer `url` with this; judged as the real door would (empty, blocked, http 4xx ...).

        When `headers` hold an etag or last-modified and the request names the same, the answer is 304.

        Args:
            url: the address as asked.
            body: of the answer.
            status: of the answer.
            headers: of the answer.
            final_url: where redirects led; the address itself by default.
            moved_to: the same, where every redirect was a permanent one; implies `final_url`.
        """
        table = {name.lower(): value for name, value in (headers or {}).items()}
        told = _Told(Answer(status, table, body), final_url or moved_to or url, moved_to)
        self._told.setdefault(url, deque()).append(told)

    def fail(self, url: str, outcome: Outcome, reason: str = "") -> None:
        """End every try at `url` with `outcome`."""
        self._told.setdefault(url, deque()).append(
            FetchResult(outcome, reason or f"told to end as '{outcome}'")
        )

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Return the next told result for the address."""
        self.requests.append(request)
        told = self._told.get(request.url)
        if not told:
            return self._result(request, _Told(Answer(404, {}, b""), request.url))
        current = told.popleft() if len(told) > 1 else told[0]
        return self._result(request, current) if isinstance(current, _Told) else current

    def _result(self, request: FetchRequest, told: _Told) -> FetchResult:
        answer = told.answer
        is_known = (request.etag and request.etag == answer.headers.get("etag")) or (
            request.last_modified and request.last_modified == answer.headers.get("last-modified")
        )
        if is_known:
            answer = Answer(_NOT_MODIFIED, answer.headers, b"")
        verdict = judge(
            answer, host_of(told.final_url), is_conditional=bool(request.etag or request.last_modified)
        )
        page = None
        if verdict.outcome in {Outcome.OK, Outcome.EMPTY}:
            now = self._now or dt.datetime.now(dt.UTC)
            page = Page(
                request.url, told.final_url, answer.status, kept_headers(answer), answer.body, now, 0.0
            )
        return FetchResult(
            verdict.outcome,
            verdict.reason,
            page,
            answer.status,
            n_bytes=len(answer.body),
            moved_to="" if verdict.outcome.is_failure else told.moved_to,
        )


class MemoryArchive:
    """An archive that forgets everything with its process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """See `ArchiveStore.put`."""
        sha = sha256_hex(data)
        self._kept[sha] = data
        return sha

    def get(self, sha: str) -> bytes:
        """See `ArchiveStore.get`."""
        try:
            return self._kept[sha]
        except KeyError:
            msg = f"Nothing is archived under {sha}."
            raise NotArchivedError(msg) from None

    def has(self, sha: str) -> bool:
        """See `ArchiveStore.has`."""
        return sha in self._kept

    def __iter__(self) -> Iterator[str]:
        """See `ArchiveStore.__iter__`."""
        return iter(sorted(self._kept))
