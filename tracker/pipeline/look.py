"""Look: fetch an endpoint's addresses and read what they list; stores nothing, so it may run in a thread."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog
from django.utils import timezone

from tracker.errors import FeedError
from tracker.pipeline.door import archive, door
from tracker.records import FetchRequest, FetchResult, FoundItem, Listing, Outcome
from tracker.sources.gather import MAX_ITEMS
from tracker.sources.kind import KINDS, SourceKind
from tracker.text.hashing import sha256_hex
from tracker.text.urls import host_of, registrable_domain

log = structlog.get_logger(__name__)

MOST_ITEMS = 2 * MAX_ITEMS
"""Items kept of all pages of one listing; those listed first."""
MOST_WAIT_S = 30.0
"""How long one poll waits, in all, for its host's next turns."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What the last answer said of itself, so that an unchanged one need not be sent or read again."""

    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look brought: how it ended, what was listed, and the hash of the (first) answer."""

    result: FetchResult
    listing: Listing | None = None
    body_sha256: str = ""
    is_one_page: bool = True  # only then do its validators speak for the whole listing

    def ended(self, outcome: Outcome, reason: str) -> Seen:
        """Return the same look under another outcome."""
        return replace(self, result=replace(self.result, outcome=outcome, reason=reason))

    def without_body(self) -> Seen:
        """Return the same look without the raw bytes: a batch of large answers is not kept in memory for its hash."""
        if self.result.page is None:
            return self
        return replace(self, result=replace(self.result, page=replace(self.result.page, body=b"")))


def look(
    kind_name: str,
    url: str,
    options: Mapping[str, str],
    *,
    known: Validators = Validators(),
    addresses: Sequence[str] = (),
    keep: bool = True,
) -> Seen:
    """Fetch what an endpoint lists, its further pages included.

    Args:
        kind_name: kind of endpoint.
        url: its address.
        options: its settings.
        known: validators of the last answer, where it was all there is; used when just `url` is asked.
        addresses: what to ask instead of what a poll asks, as for a range in the past.
        keep: whether raw answers go to the archive.

    Returns:
        The outcome of the first page with all that could be read. A later page that fails costs its items only,
        and a warning says so.
    """
    now = timezone.now()
    if kind_name not in KINDS.names():
        known_kinds = ", ".join(KINDS.names())
        reason = f"There is no kind of endpoint called '{kind_name}'. Choose one of: {known_kinds}."
        return Seen(FetchResult(Outcome.PARSE, reason))
    kind = KINDS.get(kind_name)
    try:
        asked = list(addresses or kind.addresses(url, options, now))
    except FeedError as error:
        return Seen(FetchResult(Outcome.PARSE, _sentence(error)))
    is_plain = asked == [url]
    request = _request(asked[0], kind)
    if is_plain:
        request = replace(request, etag=known.etag, last_modified=known.last_modified)
    seen = _read_page(
        kind, request, options, now=now, same_as=known.body_sha256 if is_plain else "", keep=keep
    )
    if seen.listing is None:
        return seen
    listing = _with_more(seen, kind, options, asked=asked, now=now, keep=keep)
    seen = replace(seen, listing=listing, is_one_page=is_plain and not seen.listing.more)
    if not listing.items and not listing.refused:
        seen = seen.ended(Outcome.EMPTY, "The listing was read and holds no items.")
    return seen


def _read_page(
    kind: SourceKind,
    request: FetchRequest,
    options: Mapping[str, str],
    *,
    now: dt.datetime,
    same_as: str,
    keep: bool,
) -> Seen:
    result = door().fetch(request)
    if result.page is None or result.outcome is not Outcome.OK:
        return Seen(result)
    body_sha256 = sha256_hex(result.page.body)
    if body_sha256 == same_as:
        same = replace(result, outcome=Outcome.NOT_MODIFIED, reason="The answer is the same, byte for byte.")
        return Seen(same, None, body_sha256)
    if keep:
        archive().put(result.page.body)
    try:
        return Seen(result, kind.parse(result.page, options, now), body_sha256)
    except FeedError as error:
        reason = _sentence(error)
    except Exception:  # a kind that breaks must be seen at its endpoint, not only among the jobs
        log.exception("kind_broke", kind=kind.name, url=request.url)
        reason = (
            f"Reading it as '{kind.title}' broke in a way nobody foresaw; the worker's log has the details."
        )
    return Seen(replace(result, outcome=Outcome.PARSE, reason=reason), None, body_sha256)


def _with_more(
    first_page: Seen,
    kind: SourceKind,
    options: Mapping[str, str],
    *,
    asked: Sequence[str],
    now: dt.datetime,
    keep: bool,
) -> Listing:
    """Read the other pages of a listing and put all into one; `first_page` has a listing."""
    first = first_page.listing or Listing("", ())
    first_at = first_page.result.page.final_url if first_page.result.page else asked[0]
    listings, warnings = [first], list[str]()
    done, waiting = {asked[0]}, deque([*asked[1:], *first.more])
    end = time.monotonic() + MOST_WAIT_S
    while waiting and len(done) < kind.max_pages:
        address = waiting.popleft()
        if address in done:
            continue
        done.add(address)
        seen = _read_patiently(kind, address, options, now=now, keep=keep, end=end)
        if elsewhere := _other_domain(seen, first_at):
            warnings.append(
                f"page {len(done)} leads to {elsewhere}, another domain, and was left out; "
                "if the publisher moved there, change the address of this endpoint"
            )
            continue
        if seen.listing is None:
            warnings.append(
                f"page {len(done)} was not read, and is asked for at the next poll: {seen.result.reason}"
            )
            if seen.result.outcome is Outcome.DEFERRED:
                break
            continue
        listings.append(seen.listing)
        waiting.extend(seen.listing.more)
    left = [address for address in waiting if address not in done]
    if left and len(done) >= kind.max_pages:
        warnings.append(f"there are more than {kind.max_pages} pages; {len(left)} were left for later")
    return _joined(listings, warnings)


def _other_domain(seen: Seen, first_at: str) -> str:
    """Return the domain to which a further page was redirected, or "" where it is its own or the first page's.

    The first page's is looked at by `unusual`, which holds what came from elsewhere.
    """
    page = seen.result.page
    if page is None or host_of(page.final_url) == host_of(page.url):
        return ""
    led_to = registrable_domain(page.final_url)
    return "" if led_to in {registrable_domain(page.url), registrable_domain(first_at)} else led_to


def _read_patiently(
    kind: SourceKind, address: str, options: Mapping[str, str], *, now: dt.datetime, keep: bool, end: float
) -> Seen:
    """Read a further page, waiting for the host's turn for a while."""
    while True:
        seen = _read_page(kind, _request(address, kind), options, now=now, same_as="", keep=keep)
        wait_s = seen.result.retry_after_s or 1.0
        if seen.result.outcome is not Outcome.DEFERRED or time.monotonic() + wait_s > end:
            return seen
        time.sleep(wait_s)


def _joined(listings: Sequence[Listing], warnings: Sequence[str]) -> Listing:
    if len(listings) == 1 and not warnings:
        return listings[0]
    items: dict[tuple[str, str], FoundItem] = {}
    for item in (item for listing in listings for item in listing.items):
        items.setdefault((item.url, "" if item.url else item.source_item_id), item)
    told = [warning for listing in listings for warning in listing.warnings]
    if n_cut := max(len(items) - MOST_ITEMS, 0):
        told.append(f"the pages have more than {MOST_ITEMS} items; {n_cut} were left for later")
    return Listing(
        title=next((listing.title for listing in listings if listing.title), ""),
        items=tuple(items.values())[:MOST_ITEMS],
        refused=tuple(refused for listing in listings for refused in listing.refused),
        warnings=tuple(dict.fromkeys([*told, *warnings])),
    )


def _request(address: str, kind: SourceKind) -> FetchRequest:
    return FetchRequest(url=address, accept=kind.accept, min_delay_s=kind.pause_s)


def _sentence(error: Exception) -> str:
    """Return an error's words as a whole sentence."""
    words = str(error.args[0]) if error.args else "It cannot be read"
    return f"{words[:1].upper()}{words[1:]}" + ("" if words.endswith((".", "!", "?")) else ".")
