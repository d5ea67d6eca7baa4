"""An archived page opens for staff, shows its text, and can neither load nor run anything."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests import factories as make
from tracker.fetch.archive import FileArchive
from tracker.models import Revision
from tracker.web.archived import clean_page

pytestmark = pytest.mark.django_db
LOADING = re.compile(
    r"<(?:script|style|link|iframe|object|embed|base|meta http|svg|video|audio|form|input)\b|\son\w+\s*=|javascript:"
    r"|(?:src|srcset|background|poster|data|ping)\s*=\s*+[\"']?+(?!data:image/)|url\(|@import",
    re.IGNORECASE,
)
HOSTILE = """<!doctype html><html><head><title>t</title><base href="https://evil.example/"><meta http-equiv="refresh"
content="0;url=https://evil.example"><link rel="stylesheet" href="https://evil.example/a.css"><style>@import
"https://evil.example/b.css"; body{background:url(https://evil.example/c.png)}</style><script>alert(1)</script></head>
<body onload="alert(2)" background="https://evil.example/d.png" style="background:url(//evil.example/e)">
<h1>The <b>weights</b> were copied</h1><p onclick=alert(3)>First paragraph with <a href="https://news.example/x"
ping="https://evil.example">a link</a> and <a href="javascript:alert(4)">a trap</a>.</p>
<img src="https://evil.example/f.png" srcset="https://evil.example/g.png 2x" alt="a chart">
<img src="data:image/png;base64,iVBORw0KGgo="><img src="data:text/html,<script>alert(5)</script>">
<iframe src="https://evil.example/h"></iframe><svg><script>alert(6)</script><image href="https://evil.example/i"/></svg>
<video src="https://evil.example/j" poster="//evil.example/k"></video><form action="https://evil.example"><input
name=q><button>Go</button></form><noscript><img src="https://evil.example/l"></noscript><math><mtext><table><mglyph>
<style><img src=x onerror=alert(7)></style></table></mtext></math><p>Last paragraph.</p></body></html>"""


@pytest.fixture
def archive(tmp_path: Path, settings: Settings) -> FileArchive:
    settings.ENV = dataclasses.replace(settings.ENV, archive_dir=tmp_path)
    return FileArchive(tmp_path)


def page_of(archive: FileArchive, body: bytes) -> tuple[Revision, str]:
    """Archive a body as that of a revision; return the revision and the address of the archived page."""
    revision = make.RevisionFactory(raw_sha256=archive.put(body))
    return revision, reverse("web:archived", args=[revision.article.public_id, revision.raw_sha256])


def test_a_hostile_page_shows_its_text_and_loads_nothing(archive: FileArchive, staff_client: Client) -> None:
    revision, path = page_of(archive, HOSTILE.encode())
    response = staff_client.get(path)
    page = response.content.decode()
    body = page.partition("</p>")[2]
    assert "The <b>weights</b> were copied" in body
    assert "First paragraph" in body
    assert "Last paragraph." in body
    assert 'href="https://news.example/x"' in body
    assert 'src="data:image/png;base64' in body
    assert 'alt="a chart"' in body
    assert LOADING.findall(body) == []
    assert "evil.example" not in body
    assert "alert(" not in body
    assert revision.raw_sha256 in page
    policy = response["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "img-src data:", "sandbox", "form-action 'none'"} <= set(policy)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "content_type", "is_download"),
    [
        (b"%PDF-1.7 sample \x00\x01", "application/pdf", True),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "application/octet-stream", True),
        (b"A plain text with 1 < 2.", "text/plain; charset=utf-8", False),
        (b'{"documents": "<p>no page</p>"}', "text/html; charset=utf-8", False),
        (b'<?xml version="1.0"?><bill><section-1/></bill>', "text/plain; charset=utf-8", False),
        ("<p>Ünïcode 蕨光</p>".encode("utf-16"), "text/html; charset=utf-8", False),
        (b"", "text/plain; charset=utf-8", False),
    ],
)
def test_what_is_no_page_is_sent_as_what_it_is(
    archive: FileArchive, staff_client: Client, body: bytes, content_type: str, is_download: bool
) -> None:
    _, path = page_of(archive, body)
    response = staff_client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert ("attachment" in response.get("Content-Disposition", "")) == is_download
    assert "sandbox" in response["Content-Security-Policy"]
    if is_download:
        assert response.content == body


def test_only_staff_open_it(archive: FileArchive, client: Client, newsroom: object) -> None:
    revision, path = page_of(archive, b"<p>the whole text</p>")
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get(path).status_code == 302
    assert path not in client.get(revision.article.get_absolute_url()).content.decode()


def test_the_article_page_leads_there_for_staff(archive: FileArchive, staff_client: Client) -> None:
    revision, path = page_of(archive, b"<p>the whole text</p>")
    assert path in staff_client.get(revision.article.get_absolute_url()).content.decode()


def test_bytes_of_another_article_are_not_found_here(archive: FileArchive, staff_client: Client) -> None:
    revision, path = page_of(archive, b"<p>one</p>")
    other, _ = page_of(archive, b"<p>two</p>")
    assert staff_client.get(path.replace(revision.raw_sha256, other.raw_sha256)).status_code == 404
    assert staff_client.get(path.replace(revision.raw_sha256, "x")).status_code == 404


def test_what_cannot_be_shown_is_said(archive: FileArchive, staff_client: Client, staff: User) -> None:
    revision, path = page_of(archive, b"<p>one</p>")
    archive.path_of(revision.raw_sha256).write_bytes(b"damaged")
    answer = staff_client.get(path)
    assert (answer.status_code, "archive verify" in answer.content.decode()) == (404, True)
    archive.path_of(revision.raw_sha256).unlink()
    assert "not in the archive" in staff_client.get(path).content.decode()
    Revision.objects.filter(pk=revision.pk).update(
        text="", redacted_at=timezone.now(), redacted_by=staff, redaction_reason="A private address."
    )
    assert "A private address." in staff_client.get(path).content.decode()
    page = staff_client.get(revision.article.get_absolute_url()).content.decode()
    assert "was redacted on" in page
    assert path not in page


@pytest.mark.slow
def test_a_page_that_is_dear_to_clean_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.archived.CHILD_DEADLINE_S", 0.5)
    many = " ".join(f'a{n}="<"' for n in range(200_000))
    assert "still here" in clean_page(f"<p {many}>still here</p>")


def test_deep_nesting_is_cleaned() -> None:
    assert "deep" in clean_page("<div>" * 100_000 + "deep")
