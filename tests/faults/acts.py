"""What the misbehaving server does at the paths of the fault matrix; importing this files them all.

Bad answers carry the validators of the sound one wherever they can: a reader that remembers them from an answer
it could not use would be told 'not modified' ever after.
"""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from tests.faults import feeds
from tests.fetch.misbehaving_server import CHALLENGE, PATHS, Handler, path

PREFIX = "/f/"
ETAG = '"v1"'
XML = {"Content-Type": "application/rss+xml", "ETag": ETAG}
PAUSE_S = 0.5
_MEBIBYTE = 2**20


def sound(handler: Handler) -> None:
    """Serve the feed that is in order, and 304 to who has it."""
    if handler.headers.get("If-None-Match") == ETAG:
        handler.reply(304, b"", {"ETag": ETAG})
    else:
        handler.reply(200, feeds.sound(), XML)


def serve(
    name: str, body: Callable[[], bytes], *, status: int = 200, packing: str = "", **headers: str
) -> None:
    """File an answer that is well-formed HTTP; `headers` with underscores for dashes."""

    def act(handler: Handler) -> None:
        more = {key.replace("_", "-"): value for key, value in headers.items()}
        handler.reply(status, body(), XML | ({"Content-Encoding": packing} if packing else {}) | more)

    PATHS[PREFIX + name] = act


def at(name: str) -> Callable[[Callable[[Handler], None]], Callable[[Handler], None]]:
    """File the function as what happens at a path of the matrix."""
    return path(PREFIX + name)


def _bytewise(data: bytes) -> Iterator[bytes]:
    return (data[n : n + 1] for n in range(len(data)))


def _forever(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


# --- slow and endless ---


@at("slow-status-line")
def _slow_status_line(handler: Handler) -> None:
    handler.drip(_bytewise(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n"), PAUSE_S)


@at("slow-headers")
def _slow_headers(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    handler.drip(_forever(b"a"), PAUSE_S)


@at("slow-body")
def _slow_body(handler: Handler) -> None:
    handler.head(200, XML)
    handler.drip(_bytewise(feeds.sound()), PAUSE_S)


@at("slow-chunks")
def _slow_chunks(handler: Handler) -> None:
    handler.head(200, XML | {"Transfer-Encoding": "chunked"})
    handler.drip(_forever(b"1\r\n \r\n"), PAUSE_S)


@at("slow-gzip")
def _slow_gzip(handler: Handler) -> None:
    handler.head(200, XML | {"Content-Encoding": "gzip"})
    handler.drip(_bytewise(gzip.compress(feeds.sound())), PAUSE_S)


@at("slow-hops")
def _slow_hops(handler: Handler) -> None:
    number = int(handler.path.partition("?")[2] or 0)
    if not handler.server.owner.is_closing.wait(1.2):
        handler.reply(302, b"", {"Location": f"{PREFIX}slow-hops?{number + 1}"})


def drip_robots(handler: Handler) -> None:
    """Serve a robots.txt that never ends."""
    handler.head(200, {"Content-Type": "text/plain"})
    handler.drip(_forever(b"#"), PAUSE_S)


@at("endless-body")
def _endless_body(handler: Handler) -> None:
    handler.head(200, XML)
    handler.send(feeds.sound()[: -len("</channel></rss>")])
    handler.drip(_forever(b"<!-- more -->" * 5000), 0)


@at("endless-chunks")
def _endless_chunks(handler: Handler) -> None:
    handler.head(200, XML | {"Transfer-Encoding": "chunked"})
    handler.drip(_forever(b"10000\r\n" + b" " * 65536 + b"\r\n"), 0)


@at("endless-chunk-name")
def _endless_chunk_name(handler: Handler) -> None:
    handler.head(200, XML | {"Transfer-Encoding": "chunked"})
    handler.send(b"10;")
    handler.drip(_forever(b"x=1;" * 10_000), 0)


@at("announced-large")
def _announced_large(handler: Handler) -> None:
    handler.head(200, XML | {"Content-Length": str(2**40)})


# --- packing ---


@lru_cache(maxsize=1)
def _zeros() -> bytes:
    """Return one mebibyte of zeros packed so that it may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(_MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH)


def bomb(first: bytes = b"") -> Iterator[bytes]:
    """Yield one gibibyte in gzip, a mebibyte at a time, after `first`."""
    head = zlib.compressobj(9, zlib.DEFLATED, -15)
    yield b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + head.compress(first) + head.flush(zlib.Z_FULL_FLUSH)
    for _ in range(1024):
        yield _zeros()
    yield b"\x03\0" + struct.pack("<II", 0, 0)


@at("gzip-bomb")
def _gzip_bomb(handler: Handler) -> None:
    handler.head(200, XML | {"Content-Encoding": "gzip"})
    handler.drip(bomb(feeds.sound()), 0)


@lru_cache(maxsize=1)
def _nested_bomb() -> bytes:
    return gzip.compress(b"".join(bomb()))


serve("gzip-bomb-nested", _nested_bomb, packing="gzip")
serve("gzip-bomb-named-twice", _nested_bomb, packing="gzip, gzip")
serve("gzip-members", lambda: gzip.compress(b"", mtime=0) * 50_000, packing="gzip")
serve("gzip-damaged", lambda: gzip.compress(feeds.sound())[:60] + b"\xff" * 60, packing="gzip")
serve("gzip-not-really", feeds.sound, packing="gzip")
serve("gzip-cut", lambda: gzip.compress(feeds.sound())[:200], packing="gzip")
serve("gzip-without-trailer", lambda: gzip.compress(feeds.sound())[:-8], packing="gzip")
serve("brotli", lambda: b"\x8b\x03\x80sample\x03", packing="br")
serve("zstd", lambda: b"\x28\xb5\x2f\xfd\x04\x00", packing="zstd")
serve("deflate", lambda: zlib.compress(feeds.sound()), packing="deflate")


# --- redirects ---


def _leads(name: str, location: Callable[[Handler], str], status: int = 302) -> None:
    def act(handler: Handler) -> None:
        raw = location(handler).encode("utf-8", "surrogatepass").decode("latin-1")
        handler.reply(status, b"", {"Location": raw})

    PATHS[PREFIX + name] = act


def _down(handler: Handler, name: str) -> str:
    left = int(handler.path.partition("?")[2] or 0)
    return f"{PREFIX}{name}?{left - 1}" if left > 0 else f"{PREFIX}sound"


PATHS[PREFIX + "sound"] = sound
_leads("redirect-self", lambda _: f"{PREFIX}redirect-self")
_leads("redirect-loop", lambda _: f"{PREFIX}redirect-loop-back", 301)
_leads("redirect-loop-back", lambda _: f"{PREFIX}redirect-loop", 307)
_leads("redirect-growing", lambda handler: f"{handler.path}x", 308)
_leads("redirect-chain", partial(_down, name="redirect-chain"), 301)
_leads("redirect-nowhere", lambda _: "", 302)
_leads("redirect-file", lambda _: "file:///etc/passwd")
_leads("redirect-script", lambda _: "javascript:alert(1)")


@at("redirect-to")
def _redirect_to(handler: Handler) -> None:
    """Redirect to the address whose hexadecimal form stands in the query."""
    address = bytes.fromhex(handler.path.partition("?")[2]).decode("latin-1")
    handler.reply(302, b"", {"Location": address})


# --- HTTP that is none ---


@at("header-1mb")
def _header_1mb(handler: Handler) -> None:
    handler.head(200, XML | {"X-Large": "a" * _MEBIBYTE})
    handler.send(feeds.sound())


@at("headers-100")
def _headers_100(handler: Handler) -> None:
    more = {f"X-Sample-{number}": "a" * 100 for number in range(100)}
    handler.reply(200, feeds.sound(), XML | more)


@at("headers-endless")
def _headers_endless(handler: Handler) -> None:
    handler.send(b"HTTP/1.1 200 OK\r\n")
    handler.drip(_forever(b"X-More: " + b"a" * 1000 + b"\r\n"), 0)


@at("interim-endless")
def _interim_endless(handler: Handler) -> None:
    handler.drip(_forever(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100), 0)


@at("http-0.9")
def _http_09(handler: Handler) -> None:
    handler.send(feeds.sound())


@at("no-http")
def _no_http(handler: Handler) -> None:
    handler.send(b"SSH-2.0-Sample\r\n\0\x01\x02")


@at("hang-up")
def _hang_up(handler: Handler) -> None:
    handler.close_connection = True


@at("reset-in-the-middle")
def _reset(handler: Handler) -> None:
    handler.head(200, XML | {"Content-Length": str(len(feeds.sound()))})
    handler.send(feeds.sound()[:300])
    time.sleep(0.05)  # the reader takes what has come; a reset would throw it away
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


@at("chunked-garbage")
def _chunked_garbage(handler: Handler) -> None:
    handler.head(200, XML | {"Transfer-Encoding": "chunked"})
    handler.send(b"zz\r\n" + feeds.sound())


@at("chunked-cut")
def _chunked_cut(handler: Handler) -> None:
    handler.head(200, XML | {"Transfer-Encoding": "chunked"})
    handler.send(b"1000\r\n" + feeds.sound()[:400])


serve("length-too-long", feeds.sound, Content_Length=str(len(feeds.sound()) + 500))
serve("length-too-short", feeds.sound, Content_Length=str(len(feeds.sound()) - len("</rss>")))
serve("length-nonsense", feeds.sound, Content_Length="many")
serve("length-of-a-part", lambda: feeds.sound()[:400], Content_Length=str(len(feeds.sound())))


# --- statuses ---


@at("304-with-body")
def _unchanged_with_body(handler: Handler) -> None:
    if handler.headers.get("If-None-Match"):
        handler.reply(304, feeds.sound(), XML)
    else:
        sound(handler)


@at("429-date")
def _too_many_date(handler: Handler) -> None:
    moment = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 7200))
    handler.reply(429, b"slow down", {"Retry-After": moment})


serve("304-unasked", lambda: b"", status=304)
serve("403-challenge", lambda: CHALLENGE, status=403, Content_Type="text/html")
serve("200-challenge", lambda: CHALLENGE, Content_Type="text/html")
serve("200-challenge-as-feed", lambda: CHALLENGE)
serve("empty-200", lambda: b"")
serve("blank-200", lambda: b" \r\n\t")
serve("204", lambda: b"", status=204)
serve("206", lambda: feeds.sound()[:400], status=206)
serve("404", lambda: b"nothing here", status=404)
serve("410", lambda: b"gone", status=410)
serve("429-seconds", lambda: b"slow down", status=429, Retry_After="7200")
serve("500", feeds.sound, status=500)
serve("503-retry", lambda: b"busy", status=503, Retry_After="7200")

# --- what stands in the body ---

serve("items-100000", feeds.of_many_items)
serve("entities-laughs", feeds.of_laughs)
serve("entities-quadratic", feeds.of_quadratic_entities)
serve("entities-short", feeds.of_short_entities)
serve("entities-parameter", feeds.of_parameter_entities)
serve("depth-in-text", feeds.of_deep_markup)
serve("depth-in-item", feeds.of_deep_elements)
serve("depth-in-xhtml", feeds.of_deep_xhtml)
serve("depth-alone", feeds.of_only_depth)
serve("attributes-100000", feeds.of_attributes)
serve("name-spaces-100000", feeds.of_name_spaces)
serve("items-unclosed", feeds.of_unclosed_items)
serve("title-4mb", feeds.of_one_long_title)
serve("text-4mb", lambda: feeds.of_text("<p>Many plain words stand here.</p>" * 110_000))
serve("text-4mb-of-tags", lambda: feeds.of_text("<b>a</b>" * 500_000))
serve(
    "text-4mb-of-pictures",
    lambda: feeds.of_text(
        f"<p><img src='data:image/png;base64,{'A' * 4_000_000}'>Words after the picture.</p>"
    ),
)
serve("texts-4mb", lambda: feeds.of_texts("Many plain words stand here, and a <a href='/x'>link</a>."))
serve("texts-4mb-of-signs", lambda: feeds.of_texts("这里有许多普通的词语，还有一个链接。"))
serve("title-of-references", feeds.of_references)
serve("authors-100000", feeds.of_authors)
serve("dates-odd", feeds.of_odd_dates)
serve("type-image", feeds.sound, Content_Type="image/png")
serve("type-html", feeds.sound, Content_Type="text/html; charset=utf-8")
serve("type-json", feeds.sound, Content_Type="application/json")
serve("type-none", feeds.sound, Content_Type="")
serve("charset-cp1252-as-utf8", lambda: feeds.rss().encode("cp1252"), Content_Type="text/xml; charset=utf-8")
serve("charset-nonsense", feeds.sound, Content_Type="text/xml; charset=no-such")
serve("charset-utf16-in-header", feeds.sound, Content_Type="text/xml; charset=utf-16")
serve("charset-ascii-in-header", feeds.sound, Content_Type="text/xml; charset=us-ascii")
serve("nul-bytes", lambda: feeds.sound().replace(b"<item>", b"\0<item>\0").replace(b"Halden", b"Hal\0den"))
serve("utf16", lambda: feeds.rss(prolog="<?xml version='1.0' encoding='utf-16'?>").encode("utf-16"))
serve("utf16-without-mark", lambda: feeds.rss(prolog="").encode("utf-16-be"))
serve("utf32", lambda: feeds.rss(prolog="").encode("utf-32"))
serve(
    "cut-in-the-middle",
    lambda: feeds.rss(feeds.three() + "<item><title>cut sh").encode()[: -len("</channel></rss>")],
)
serve(
    "web-page",
    lambda: b"<!doctype html><html><body><p>We have moved.</p></body></html>",
    Content_Type="text/html",
)
serve("json", lambda: b'{"items": []}')
serve("random-bytes", lambda: bytes(range(256)) * 400)
serve("ids-one-for-all", lambda: feeds.with_ids("the-same"))


def _by_turn(name: str, *bodies: Callable[[], bytes]) -> None:
    def act(handler: Handler) -> None:
        turn = handler.server.owner.n_requests(handler.path) - 1
        handler.reply(200, bodies[min(turn, len(bodies) - 1)](), XML | {"ETag": f'"turn {turn}"'})

    PATHS[PREFIX + name] = act


_by_turn("ids-changed", lambda: feeds.with_ids("a-{}"), lambda: feeds.with_ids("b-{}"))
_by_turn("ids-reused", lambda: feeds.with_ids("a-{}"), lambda: feeds.with_ids("a-{}", first_link=10))


def _outside(name: str, body: Callable[[str], bytes], where: Callable[[Handler], str]) -> None:
    def act(handler: Handler) -> None:
        handler.reply(200, body(where(handler)), XML)

    PATHS[PREFIX + name] = act


def _asked_for(handler: Handler) -> str:
    return bytes.fromhex(handler.path.partition("?")[2]).decode()


_outside("entity-outside", feeds.of_outside, _asked_for)
_outside("type-outside", feeds.of_outside_type, _asked_for)
