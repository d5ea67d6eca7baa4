"""What an answer means."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.misbehaving_server import ARTICLE, CHALLENGE
from tests.quick import cpu_below
from tracker.fetch.answer import Answer, is_challenge, judge, retry_after_s
from tracker.records import Outcome

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
HTML = {"content-type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Sun, 22 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sunday, 22-Nov-26 12:01:00 GMT", 60),
        ("9" * 400, 604_800),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
    ],
)
def test_retry_after_in_seconds_and_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_s({"retry-after": value}, NOW) == seconds


@given(st.text())
def test_retry_after_never_raises(value: str) -> None:
    seconds = retry_after_s({"retry-after": value}, NOW)
    assert seconds is None or 0 <= seconds <= 604_800


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, HTML | {"cf-mitigated": "challenge"}, b""),
        (202, HTML | {"x-amzn-waf-action": "challenge"}, b""),
        (200, HTML, CHALLENGE),
        (200, {"content-type": "application/rss+xml"}, b"\n<!DOCTYPE html>" + CHALLENGE),
        (200, HTML, b"<title>Bot Verification</title><p>Checking</p>"),
        (403, HTML, b"<TITLE>Access Denied</TITLE><p>Reference errors.edgesuite.net</p>"),
        (200, HTML, b"<html><script src='/_Incapsula_Resource?x'></script></html>"),
        (403, HTML, b"<script src='https://ct.captcha-delivery.com/c.js'></script><p>Please enable JS</p>"),
    ],
)
def test_checks_for_robots_are_seen(status: int, headers: dict[str, str], body: bytes) -> None:
    assert (
        judge(Answer(status, headers, body), "news.example", is_conditional=False).outcome is Outcome.BLOCKED
    )


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (HTML, ARTICLE),
        (HTML, b"<title>Why captcha-delivery.com matters</title>" + b"<p>many words here</p>" * 100),
        (
            HTML,
            b"<title>Sample</title><div class='g-recaptcha'></div>"
            + b"<p>a real article with words</p>" * 60,
        ),
        ({"content-type": "application/rss+xml"}, b"<rss><title>Just a moment...</title></rss>"),
        (HTML, b"<?xml version='1.0'?><rss><channel><title>Just a moment</title></channel></rss>"),
        ({"content-type": "application/json"}, b'{"title": "Are you a robot?"}'),
    ],
)
def test_documents_are_not_taken_for_checks(headers: dict[str, str], body: bytes) -> None:
    assert not is_challenge(Answer(200, headers, body))


@pytest.mark.parametrize("piece", [b"<script>", b"<", b"<title", b"<title>", b"<script></style>", b" "])
def test_a_hostile_page_is_judged_quickly(piece: bytes) -> None:
    with cpu_below(1):
        is_challenge(Answer(200, HTML, b"<title>captcha</title>" + piece * (60_000 // len(piece))))


@given(st.integers(100, 999), st.binary(max_size=300), st.booleans())
def test_every_status_has_an_outcome(status: int, body: bytes, is_conditional: bool) -> None:
    verdict = judge(Answer(status, {}, body), "news.example", is_conditional=is_conditional)
    assert verdict.outcome is Outcome.OK or verdict.reason.endswith(".")
