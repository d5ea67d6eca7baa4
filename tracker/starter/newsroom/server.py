"""Serves the sample newsroom on loopback: eight feeds, their pages, one page that is gone.

A page that was edited says its later words to whoever names the first ones as known (If-None-Match): so a first
reading and the re-check after it see what they would see over days, and nothing here counts or waits.

Nothing here opens a connection; it only answers on 127.0.0.1. What it says depends on the base date alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from tracker.starter.newsroom.content import OUTLETS, Outlet, Story, read_stories
from tracker.starter.newsroom.feeds import make_feed
from tracker.starter.newsroom.pages import article_page, front_page, index_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOST = "127.0.0.1"
HTML = "text/html; charset=utf-8"
GONE = b"<!DOCTYPE html><title>Not found</title><p>This page is gone. Sample newsroom, invented.</p>"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one path answers with."""

    content_type: str
    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    later: Answer | None = None  # for whoever has read this one and asks whether it changed

    @property
    def etag(self) -> str:
        """Validator made from the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def answers(base: dt.date, *, origin: str) -> dict[str, Answer]:
    """Return every path of the newsroom with its answer; a page that is gone is not among them.

    Args:
        base: the day the articles' dates count back from.
        origin: scheme, host and port under which the newsroom is reached.
    """
    stories = read_stories(base)
    table = {
        "/": Answer(HTML, index_page(OUTLETS)),
        "/robots.txt": Answer("text/plain; charset=utf-8", b"User-agent: *\nAllow: /\n"),
    }
    for outlet in OUTLETS:
        own = [story for story in stories if story.outlet == outlet.slug]
        table[f"/{outlet.slug}/"] = Answer(HTML, front_page(outlet, own))
        table[f"/{outlet.slug}/feed.xml"] = Answer(*make_feed(outlet, own, origin))
        for story in own:
            if story.has_link and not story.is_gone:
                related = [each for each in own if each.has_link and each != story]
                page = article_page(story, outlet, origin=origin, related=related)
                later = _later(story, outlet, origin=origin, related=related)
                table[story.path] = Answer(HTML, page, later=later)
    return table


def _later(story: Story, outlet: Outlet, *, origin: str, related: Sequence[Story]) -> Answer | None:
    if story.later is None:
        return None
    if story.later.is_gone:
        return Answer(HTML, GONE, HTTPStatus.GONE)
    return Answer(HTML, article_page(story.later, outlet, origin=origin, related=related))


class _Server(ThreadingHTTPServer):
    """A threading server that holds the table of answers."""

    daemon_threads = True
    table: Mapping[str, Answer] = MappingProxyType({})


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from a table; honours If-None-Match."""

    protocol_version = "HTTP/1.1"
    server_version = "SampleNewsroom"

    def do_GET(self) -> None:
        """Answer with a page, 304 or 404."""
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers alone."""
        self._answer(has_body=False)

    def _answer(self, *, has_body: bool) -> None:
        table = self.server.table if isinstance(self.server, _Server) else {}
        found = table.get(urlsplit(self.path).path)
        known = self.headers.get("If-None-Match")
        if found is not None and found.later is not None and known in {found.etag, found.later.etag}:
            found = found.later
        if found is None:
            self._send(Answer(HTML, GONE, HTTPStatus.NOT_FOUND), has_body=has_body)
        elif known == found.etag and found.status is HTTPStatus.OK:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", found.etag)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(found, has_body=has_body)

    def _send(self, answer: Answer, *, has_body: bool) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.status is HTTPStatus.OK:
            self.send_header("ETag", answer.etag)
        self.end_headers()
        if has_body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing; the tracker's own log tells what was fetched."""


class Newsroom:
    """A running sample newsroom; use it as a context manager, or call `close`.

    Args:
        port: loopback port, 0 for any free one.
        base: the day the articles' dates count back from.
    """

    def __init__(self, port: int, base: dt.date) -> None:
        self._server = _Server((HOST, port), _Handler)
        self.port: int = self._server.server_address[1]
        self.base = base
        self._server.table = answers(base, origin=self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, name="newsroom", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    @property
    def host(self) -> str:
        """Host and port, as the loopback setting wants them."""
        return f"{HOST}:{self.port}"

    def close(self) -> None:
        """Stop answering and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        """Return the running newsroom."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.close()


def serve(port: int = 0, base: dt.date | None = None) -> Newsroom:
    """Start the newsroom on loopback and return it running.

    Args:
        port: loopback port, 0 for any free one.
        base: the day the articles' dates count back from; today (UTC) when not given.
    """
    return Newsroom(port, base or dt.datetime.now(dt.UTC).date())
