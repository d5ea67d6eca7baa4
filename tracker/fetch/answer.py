"""What an answer means: pure decisions about status, headers and body, without a connection."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from tracker.fetch.stream import FetchFailedError
from tracker.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_RETRY_AFTER_S = 7 * 86_400.0
PEEK_BYTES = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
VALIDATORS = frozenset({"etag", "last-modified"})
MAY_CHALLENGE = frozenset({401, 403, 405, 429, 503})
_CLIENT_ERRORS: dict[int, str] = {
    401: "wants a login for this address (401). Look for a public one.",
    404: "has nothing at this address (404). Look for its new place.",
    410: "says this address is gone for good (410). Look for its new place.",
    429: "says it is asked too often (429). It is left alone for a while.",
}
_NO_CONTENT = frozenset({204, 205})

_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html)\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^<>]*>([^<]{0,200})</title", re.DOTALL | re.IGNORECASE)
_HIDING = re.compile(rb"<(/?)(script|style|noscript|head)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_SPACES = re.compile(rb"\s+")
_CHALLENGE_TITLES = (
    b"just a moment", b"attention required! | cloudflare", b"access denied", b"are you a robot",
    b"robot check",
    b"bot verification", b"human verification", b"verify you are human", b"security check", b"ddos-guard",
    b"one moment, please", b"pardon our interruption", b"please wait... | cloudflare",
    b"checking your browser",
    b"access to this page has been denied", b"sucuri website firewall", b"vercel security checkpoint",
    b"captcha",
    b"request rejected", b"you have been blocked",
)  # fmt: skip
_CHALLENGE_MARKS = (
    b"_cf_chl_opt", b"cf-chl-", b"cf-browser-verification", b"/cdn-cgi/challenge-platform/h/",
    b"_incapsula_resource",
    b"captcha-delivery.com", b"px-captcha", b"errors.edgesuite.net", b"awswafcookiedomainlist",
    b"challenge.js",
    b"verify you are human", b"verify you are a human", b"are you a robot", b"ddos-guard", b"sgcaptcha",
    b"checking your browser before accessing", b"please enable js and disable any ad blocker", b"h-captcha",
    b"g-recaptcha", b"cf-turnstile",
)  # fmt: skip
_MAX_CHALLENGE_WORDS = 150


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (lower-case names) and unpacked body of one answer; `note` says what of it is missing."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome with the reason a reader sees."""

    outcome: Outcome
    reason: str


def judge(answer: Answer, host: str, *, is_conditional: bool) -> Verdict:
    """Return what `answer` means.

    Args:
        answer: the last answer, redirects already followed.
        host: who gave it.
        is_conditional: whether an earlier copy was named in the request.
    """
    status = answer.status
    if status == HTTPStatus.NOT_MODIFIED:
        return _unchanged(host, is_conditional=is_conditional)
    if (status in MAY_CHALLENGE or _is_success(status)) and is_challenge(answer):
        reason = f"{host} shows a check for robots instead of the page (status {status})."
        return Verdict(Outcome.BLOCKED, f"{reason} Ask the site for access, or use its feed.")
    if _is_success(status):
        return _success(answer, host)
    if status < HTTPStatus.BAD_REQUEST:
        return Verdict(Outcome.REFUSED, f"{host} points elsewhere (status {status}) without saying where.")
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        known = _CLIENT_ERRORS.get(status, f"refuses this address (status {status}). Check it in a browser.")
        return Verdict(Outcome.HTTP_CLIENT, f"{host} {known}")
    return Verdict(
        Outcome.HTTP_SERVER, f"{host} has a fault of its own (status {status}). It is tried again later."
    )


def is_challenge(answer: Answer) -> bool:
    """Whether the answer is a check for robots rather than a document.

    A challenge is a short page; an article that merely embeds a captcha or writes about one has too many
    words.
    """
    headers = answer.headers
    if headers.get("cf-mitigated") == "challenge" or headers.get("x-amzn-waf-action") in {
        "challenge",
        "captcha",
    }:
        return True
    body = answer.body[:PEEK_BYTES]
    # a challenge in place of a feed is often sent with the content type of the feed
    is_html = "html" in headers.get("content-type", "html").lower() or _HTML_START.match(body) is not None
    if not is_html or b"<" not in body or len(answer.body) > 2 * PEEK_BYTES:
        return False
    if body.lstrip()[:5] == b"<?xml" and b"<html" not in body.lower():
        return False
    title = _TITLE.search(body)
    name = _SPACES.sub(b" ", title.group(1)).strip().lower() if title else b""
    is_marked = any(mark in body.lower() for mark in _CHALLENGE_MARKS)
    is_named = name.startswith(_CHALLENGE_TITLES)
    if not (is_marked or is_named):
        return False
    return _n_visible_words(body) <= _MAX_CHALLENGE_WORDS


def _n_visible_words(body: bytes) -> int:
    """Count words outside tags, scripts and styles, in time linear in the body whatever it holds."""
    pieces = iter(_HIDING.split(body))
    n_words = len(_TAG.sub(b" ", next(pieces)).split())
    hidden_by = b""
    for slash, name, text in zip(pieces, pieces, pieces, strict=True):
        if not slash and not hidden_by:
            hidden_by = name.lower()
        elif slash and name.lower() == hidden_by:
            hidden_by = b""
        if not hidden_by:
            n_words += len(_TAG.sub(b" ", text).split())
    return n_words


def retry_after_s(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Return Retry-After in seconds from `now` (0 to one week), or None when absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), MAX_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)
    return min(max((aware - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def is_packed(headers: Mapping[str, str], host: str) -> bool:
    """Whether the body is gzip; raises FetchFailedError for any other packing, which was not asked for."""
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    packings = [name for name in names if name not in {"", "identity", "none"}]
    if not packings:
        return False
    if len(packings) == 1 and packings[0] in {"gzip", "x-gzip"}:
        return True
    shown = ", ".join(re.sub(r"[^a-z0-9-]", "?", name)[:20] for name in packings[:3])
    reason = f"{host} packed the answer as '{shown}' though only gzip was asked for; it was not unpacked."
    raise FetchFailedError(Outcome.REFUSED, reason)


def kept_headers(answer: Answer) -> Mapping[str, str]:
    """Return the headers that belong to the page.

    An answer that is empty or lacks a part keeps no validators: sent back to the server they would say that the
    document is known, and what was missing would never be seen.
    """
    if answer.body.strip() and not answer.note:
        return answer.headers
    return {name: value for name, value in answer.headers.items() if name not in VALIDATORS}


def announced_length(headers: Mapping[str, str]) -> int | None:
    """Return Content-Length, or None when absent or no number."""
    value = headers.get("content-length", "").strip()
    return int(value[:18]) if value.isascii() and value.isdigit() else None


def has_body(status: int) -> bool:
    """Whether the body of such an answer is wanted whole."""
    return _is_success(status) and status not in _NO_CONTENT


def _is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _unchanged(host: str, *, is_conditional: bool) -> Verdict:
    if is_conditional:
        return Verdict(Outcome.NOT_MODIFIED, "Nothing has changed since the last answer.")
    reason = f"{host} says 'not modified' although no earlier copy was named. It is tried again later."
    return Verdict(Outcome.HTTP_SERVER, reason)


def _success(answer: Answer, host: str) -> Verdict:
    if answer.status == HTTPStatus.PARTIAL_CONTENT:
        reason = (
            f"{host} sent a part of the document though all of it was asked for. It is tried again later."
        )
        return Verdict(Outcome.HTTP_SERVER, reason)
    if not answer.body.strip():
        return Verdict(Outcome.EMPTY, f"{host} answered with nothing in it (status {answer.status}).")
    return Verdict(Outcome.OK, answer.note)
