"""The loopback server of a replay: answers for every host from the captures, and 404 for what was not captured."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from tracker.management.replay.capture import CapturedPage, Feed, read_body
from tracker.text.urls import canonical_url

ANNOUNCER = "https://captured-pages.example/feed-{number}"
PAGES_PER_FEED = 500


class ReplayServer:
    """Serves captures; `turn(n)` moves every series to its n-th capture."""

    def __init__(self, feeds: Sequence[Feed], pages: Sequence[CapturedPage]) -> None:
        self._feeds = {canonical_url(feed.url): feed for feed in feeds}
        self._pages: dict[str, list[Path]] = {}
        for page in pages:
            self._pages.setdefault(page.url, []).append(page.file)
        urls = list(self._pages)
        self._announcements = {
            ANNOUNCER.format(number=at // PAGES_PER_FEED + 1): _announcement(urls[at : at + PAGES_PER_FEED])
            for at in range(0, len(urls), PAGES_PER_FEED)
        }
        self._round = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Answers one request."""

            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """Answer from the captures."""
                status, kind, body = outer.answer(self.headers.get("Host", ""), self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True, name="replay-server").start()

    @property
    def announcers(self) -> list[str]:
        """Addresses of the feeds that announce the captured pages."""
        return list(self._announcements)

    def turn(self, number: int) -> None:
        """Serve the captures of round `number`, the first being 0; a shorter series stays at its last."""
        self._round = number

    def answer(self, host: str, path: str) -> tuple[int, str, bytes]:
        """Return status, content type and body for an address; the scheme does not matter."""
        name = host.partition(":")[0]
        for scheme in ("https", "http"):
            url = canonical_url(f"{scheme}://{name}{path}")
            if announcement := self._announcements.get(url):
                return 200, "application/rss+xml", announcement
            if feed := self._feeds.get(url):
                return 200, "", read_body(feed.files[min(self._round, len(feed.files) - 1)])
            if files := self._pages.get(url):
                return 200, "text/html", read_body(files[min(self._round, len(files) - 1)])
        return 404, "text/plain", b"not captured"

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def _announcement(urls: Sequence[str]) -> bytes:
    items = "".join(f"<item><link>{escape(url)}</link><guid>{escape(url)}</guid></item>" for url in urls)
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Captured pages</title>{items}'
    return f"{text}</channel></rss>".encode()
