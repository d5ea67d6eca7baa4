"""A loopback server that does what servers should not; each path is one way to misbehave.

Other tests may use it too: the fixture `misbehaving` (tests/fetch/conftest.py) or the class as a context
manager. Requests are kept in `server.requests` as (path, headers with lower-case names).
"""

from __future__ import annotations

import gzip
import http.server
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

ARTICLE = b"<html><head><title>Sample</title></head><body><p>Lorem sample text.</p></body></html>"
CHALLENGE = b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script></html>"
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Sample</title></channel></rss>'
LAST_MODIFIED = "Sat, 21 Nov 2026 10:00:00 GMT"
TEST_CERTIFICATE = Path(__file__).parent.parent / "data" / "fetch" / "test-only-localhost.pem"
EXPIRED_CERTIFICATE = Path(__file__).parent.parent / "data" / "fetch" / "test-only-expired.pem"

Act = Callable[["Handler"], None]
PATHS: dict[str, Act] = {}


def path(name: str) -> Callable[[Act], Act]:
    """File the function as what happens at `name`."""

    def add(act: Act) -> Act:
        PATHS[name] = act
        return act

    return add


@lru_cache(maxsize=2)
def gzip_bomb(n_mebibytes: int = 200) -> bytes:
    """Zeros, packed piece by piece so that this process never holds them unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(2**20)
    return b"".join([packer.compress(zeros) for _ in range(n_mebibytes)] + [packer.flush()])


class MisbehavingServer:
    """Serves on a free loopback port until closed.

    Args:
        robots: body of /robots.txt; None answers 404, a number answers with that status, a function acts.
        certificate: PEM with key and certificate; serves https.
    """

    def __init__(self, robots: str | int | Act | None = None, certificate: Path | None = None) -> None:
        self.robots = robots
        self.always: Act | None = None  # from when it is set, what happens at every path
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.is_closing = threading.Event()
        self.n_sent = 0
        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.owner = self
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, name: str = "/") -> str:
        """Address of a path on this server."""
        return f"{self.scheme}://{self.authority}{name}"

    def n_requests(self, name: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, _ in self.requests if asked == name)

    def close(self) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _QuietServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: MisbehavingServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up here on purpose."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _QuietServer

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(10)

    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.server.owner.requests.append((self.path, headers))
        self.close_connection = True
        if name == "/robots.txt":
            self._robots()
        elif self.server.owner.always is not None:
            self.server.owner.always(self)
        elif name in PATHS:
            PATHS[name](self)
        else:
            self.reply(404, b"<html><body>no such page</body></html>")

    def _robots(self) -> None:
        robots = self.server.owner.robots
        if callable(robots):
            robots(self)
        elif isinstance(robots, str):
            self.reply(200, robots.encode(), {"Content-Type": "text/plain"})
        else:
            self.reply(robots or 404, b"")

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Send a well-formed answer."""
        self.head(status, {"Content-Type": "text/html", "Content-Length": str(len(body))} | (headers or {}))
        self.send(body)

    def head(self, status: int, headers: dict[str, str]) -> None:
        """Send status line and headers."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, data: bytes) -> None:
        """Send bytes as they are, and count them."""
        self.wfile.write(data)
        self.wfile.flush()
        self.server.owner.n_sent += len(data)

    def drip(self, data: Iterator[bytes], pause_s: float) -> None:
        """Send pieces with pauses until the client or the server goes."""
        for piece in data:
            self.send(piece)
            if self.server.owner.is_closing.wait(pause_s):
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name set by http.server
        """Say nothing."""


def _endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


@path("/article")
def _article(handler: Handler) -> None:
    handler.reply(200, ARTICLE, {"ETag": '"v1"', "Last-Modified": LAST_MODIFIED})


@path("/gzip")
def _gzip(handler: Handler) -> None:
    handler.reply(200, gzip.compress(ARTICLE), {"Content-Encoding": "gzip"})


@path("/conditional")
def _conditional(handler: Handler) -> None:
    if (
        handler.headers.get("If-None-Match") == '"v1"'
        or handler.headers.get("If-Modified-Since") == LAST_MODIFIED
    ):
        handler.reply(304, b"", {"ETag": '"v1"'})
    else:
        _article(handler)


@path("/304-with-body")
def _not_modified_with_body(handler: Handler) -> None:
    handler.reply(304, ARTICLE)


@path("/slow-headers")
def _slow_headers(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    handler.drip(_endless(b"a"), 0.1)


@path("/silent")
def _silent(handler: Handler) -> None:
    handler.server.owner.is_closing.wait(10)


@path("/slow-body")
def _slow_body(handler: Handler) -> None:
    handler.head(200, {"Content-Type": "text/html"})
    handler.drip(_endless(b"a"), 0.1)


@path("/half-second-body")
def _half_second_body(handler: Handler) -> None:
    handler.head(200, {"Content-Type": "text/html"})
    handler.drip(_endless(b"a"), 0.5)


@path("/endless-body")
def _endless_body(handler: Handler) -> None:
    handler.head(200, {"Content-Type": "text/html"})
    handler.drip(_endless(b"a" * 65536), 0)


@path("/endless-headers")
def _endless_headers(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\n")
    handler.drip(_endless(b"X-More: " + b"a" * 1000 + b"\r\n"), 0)


@path("/endless-100")
def _endless_continue(handler: Handler) -> None:
    handler.drip(_endless(b"HTTP/1.1 102 Processing\r\n\r\n" * 100), 0)


@path("/announced-large")
def _announced_large(handler: Handler) -> None:
    handler.head(200, {"Content-Length": str(2**40)})


@path("/gzip-bomb")
def _gzip_bomb(handler: Handler) -> None:
    handler.reply(200, gzip_bomb(), {"Content-Encoding": "gzip"})


@path("/nested-gzip-bomb")
def _nested_gzip_bomb(handler: Handler) -> None:
    handler.reply(200, gzip.compress(gzip_bomb()), {"Content-Encoding": "gzip, gzip"})


@path("/gzip-members")
def _gzip_members(handler: Handler) -> None:
    handler.reply(200, gzip.compress(b"", mtime=0) * 50_000, {"Content-Encoding": "gzip"})


@path("/gzip-damaged")
def _gzip_damaged(handler: Handler) -> None:
    packed = bytearray(gzip.compress(ARTICLE * 50))
    packed[20:40] = b"\xff" * 20
    handler.reply(200, bytes(packed), {"Content-Encoding": "gzip"})


@path("/gzip-cut")
def _gzip_cut(handler: Handler) -> None:
    packed = gzip.compress(ARTICLE * 50)
    handler.reply(200, packed[:-20], {"Content-Encoding": "gzip", "Content-Length": str(len(packed))})


@path("/gzip-short")
def _gzip_short(handler: Handler) -> None:
    """Leave out as many bytes at the end as the query says, and announce the rest rightly."""
    n_missing = int(handler.path.partition("?")[2])
    packed = gzip.compress(ARTICLE * 50)
    handler.reply(200, packed[:-n_missing], {"Content-Encoding": "gzip", "ETag": '"v1"'})


@path("/header")
def _header(handler: Handler) -> None:
    """Send a header as long as the query says."""
    handler.reply(200, ARTICLE, {"X-Long": "a" * int(handler.path.partition("?")[2])})


@path("/gzip-not-really")
def _gzip_not_really(handler: Handler) -> None:
    handler.reply(200, ARTICLE, {"Content-Encoding": "gzip"})


@path("/brotli")
def _brotli(handler: Handler) -> None:
    handler.reply(200, b"\x8b\x03\x80sample\x03", {"Content-Encoding": "br"})


@path("/unknown-encoding")
def _unknown_encoding(handler: Handler) -> None:
    handler.reply(200, b"sample", {"Content-Encoding": "x-sample<b>"})


@path("/length-too-long")
def _length_too_long(handler: Handler) -> None:
    handler.reply(200, ARTICLE, {"Content-Length": str(len(ARTICLE) + 500), "ETag": '"v1"'})


@path("/length-too-short")
def _length_too_short(handler: Handler) -> None:
    handler.reply(200, ARTICLE, {"Content-Length": str(len(ARTICLE) - 7)})


@path("/length-nonsense")
def _length_nonsense(handler: Handler) -> None:
    handler.reply(200, ARTICLE, {"Content-Length": "many"})


@path("/chunked-cut")
def _chunked_cut(handler: Handler) -> None:
    handler.head(200, {"Transfer-Encoding": "chunked"})
    handler.send(b"40\r\n<html>only the beginning")


@path("/no-http")
def _no_http(handler: Handler) -> None:
    handler.send(b"\x00\x01\x02 this is no http\r\n\r\n")


@path("/hang-up")
def _hang_up(handler: Handler) -> None:
    handler.close_connection = True


@path("/empty")
def _empty(handler: Handler) -> None:
    handler.reply(200, b"", {"ETag": '"v1"'})


@path("/blank")
def _blank(handler: Handler) -> None:
    handler.reply(200, b" \r\n\t\n", {"Last-Modified": LAST_MODIFIED})


@path("/204")
def _no_content(handler: Handler) -> None:
    handler.head(204, {})


@path("/error-page-as-feed")
def _error_page(handler: Handler) -> None:
    handler.reply(200, b"<html><head><title>Error</title></head><body>Something went wrong</body></html>")


@path("/feed")
def _feed(handler: Handler) -> None:
    handler.reply(200, FEED, {"Content-Type": "application/rss+xml"})


@path("/403-challenge")
def _challenge_403(handler: Handler) -> None:
    handler.reply(403, CHALLENGE)


@path("/503-challenge")
def _challenge_503(handler: Handler) -> None:
    handler.reply(503, CHALLENGE)


@path("/200-challenge")
def _challenge_200(handler: Handler) -> None:
    handler.reply(200, CHALLENGE)


@path("/403")
def _forbidden(handler: Handler) -> None:
    handler.reply(403, b"<html><body>members only</body></html>")


@path("/410")
def _gone(handler: Handler) -> None:
    handler.reply(410, b"gone")


@path("/429")
def _too_many(handler: Handler) -> None:
    handler.reply(429, b"slow down", {"Retry-After": "120"})


@path("/429-date")
def _too_many_date(handler: Handler) -> None:
    at = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 3600))
    handler.reply(503, b"slow down", {"Retry-After": at})


@path("/500")
def _broken(handler: Handler) -> None:
    handler.reply(500, b"oops")


@path("/redirect")
def _redirect(handler: Handler) -> None:
    """Redirect to whatever stands in the query, percent-decoded by the client's own reading of it."""
    handler.reply(302, b"", {"Location": handler.path.partition("?")[2]})


@path("/moved")
def _moved(handler: Handler) -> None:
    """Redirect for good to whatever stands in the query after the status and a colon."""
    status, _, target = handler.path.partition("?")[2].partition(":")
    handler.reply(int(status), b"", {"Location": target})


@path("/redirect-bare")
def _redirect_bare(handler: Handler) -> None:
    handler.reply(302, b"")


@path("/redirect-self")
def _redirect_self(handler: Handler) -> None:
    handler.reply(302, b"", {"Location": "/redirect-self"})


@path("/redirect-loop")
def _redirect_loop(handler: Handler) -> None:
    handler.reply(301, b"", {"Location": "/redirect-loop-back"})


@path("/redirect-loop-back")
def _redirect_loop_back(handler: Handler) -> None:
    handler.reply(307, b"", {"Location": "/redirect-loop"})


@path("/redirect-chain")
def _redirect_chain(handler: Handler) -> None:
    n_left = int(handler.path.partition("?")[2] or 0)
    handler.reply(302, b"", {"Location": f"/redirect-chain?{n_left - 1}" if n_left else "/article"})


@path("/redirect-metadata")
def _redirect_metadata(handler: Handler) -> None:
    handler.reply(302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"})


@path("/redirect-other-port")
def _redirect_other_port(handler: Handler) -> None:
    handler.reply(302, b"", {"Location": "http://127.0.0.1:1/"})


@path("/redirect-file")
def _redirect_file(handler: Handler) -> None:
    handler.reply(302, b"", {"Location": "file:///etc/passwd"})
