"""Web addresses made comparable and safe to ask for; nothing here raises, an unusable address is "".

Two strengths: `clean_url` makes an address well-formed without changing which document it names (for
fetching); `canonical_url` also drops tracking parameters (the key of an article). Percent escapes of
reserved characters, double slashes and the order of parameters are kept, because servers tell them apart:
archive addresses contain `//`, `%2F` is not `/`, and escapes need not be UTF-8.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

import idna
import tldextract

from tracker.text.tracking import is_tracking

MAX_LENGTH = 2000
_MAX_INPUT = 10_000
_MAX_REMEMBERED = 500
"""Characters of an address that is kept in memory."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_WHOLE = re.compile(r"https?://[^/?#\\\s]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_ASCII_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# what most addresses are: nothing in them has to be changed
_PLAIN = re.compile(
    r"https?://(?=[^/]{1,253}/)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*+"
    r"(?:/(?!\.\.?(?:/|\Z))[A-Za-z0-9._~!$&'()*+,;=:@-]*+)++"
)
_PIECE = re.compile(r"%[0-9A-Fa-f]{2}|[^%]+|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "!$&'()*+,;=:@/~"
_QUERY_SAFE = _PATH_SAFE + "?"

# The list of public suffixes that ships with the package; never fetched, never cached on disk.
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def clean_url(url: str, base: str = "") -> str:
    """Return `url` as a well-formed http(s) address without fragment and credentials, or "".

    Args:
        url: the address as found; relative when `base` is given.
        base: the address of the page or feed it was found in.
    """
    try:
        cleaned = _clean(url, base)
    except (ValueError, UnicodeError):  # urllib and idna tell of malformed hosts and ports this way
        return ""
    return cleaned if len(cleaned) <= MAX_LENGTH else ""


def canonical_url(url: str, base: str = "") -> str:
    """Return the one form under which a document is known, or "" for anything unusable.

    http and https only; resolved against `base`; lower-case host, no default port, no credentials, no
    fragment, no tracking parameters; at most 2000 characters. Applying it twice changes nothing.
    """
    if base and _WHOLE.match(url):
        base = ""  # nothing of it would be used; one address is then remembered once
    if len(url) + len(base) > _MAX_REMEMBERED:
        return _canonical(url, base)
    return _remembered(url, base)


def _canonical(url: str, base: str) -> str:
    try:
        cleaned = _clean(url, base)
    except (ValueError, UnicodeError):
        return ""
    address, mark, query = cleaned.partition("?")
    if mark:
        registrable = registrable_domain(address)
        kept = [part for part in map(_without_double_escape, query.split("&")) if _is_kept(part, registrable)]
        cleaned = f"{address}?{'&'.join(kept)}" if kept else address
    return cleaned if len(cleaned) <= MAX_LENGTH else ""


# one listing asks for each of its addresses several times
_remembered = lru_cache(maxsize=4096)(_canonical)


def host_of(url: str) -> str:
    """Return the lower-case host of an address without port or brackets, or ""."""
    return (urlsplit(clean_url(url)).hostname or "") if url else ""


def origin_of(url: str) -> str:
    """Return scheme, host and port ("https://example.org") of an address, or ""."""
    parts = urlsplit(clean_url(url))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def registrable_domain(url: str) -> str:
    """Return the domain somebody registered ("example.co.uk"), by the bundled public suffix list.

    Private suffixes count, so `a.github.io` and `b.github.io` differ. A host without one (a numeric address,
    localhost, a bare suffix) stands for itself; an unusable address gives "".
    """
    host = host_of(url)
    return _registrable(host) if host else ""


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str:
    found = _suffixes.extract_str(host)
    if not found.suffix and found.domain and not found.ipv4 and not found.ipv6:
        # the list's own last rule: an ending it does not know is a suffix of one label
        return ".".join(host.rsplit(".", 2)[-2:])
    return found.top_domain_under_public_suffix or host


def _clean(url: str, base: str) -> str:
    text = url.strip()
    if not text or len(text) > _MAX_INPUT or len(base) > _MAX_INPUT or _CONTROL.search(text):
        return ""
    if _PLAIN.fullmatch(text):
        return text
    parts = urlsplit(urljoin(base.strip(), text) if base else text)
    if parts.scheme not in _DEFAULT_PORTS or not parts.netloc or "\\" in parts.netloc:
        return ""
    host = _host(parts.hostname or "")
    if not host or parts.port == 0:
        return ""
    port = "" if parts.port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{parts.port}"
    path = _without_dots(_escape(parts.path, _PATH_SAFE))
    query = "&".join(part for part in _escape(parts.query, _QUERY_SAFE).split("&") if part)
    return f"{parts.scheme}://{host}{port}{path}{'?' if query else ''}{query}"


def _host(name: str) -> str:
    if ":" in name:
        return "" if "%" in name else f"[{ipaddress.IPv6Address(name).compressed}]"
    name = name.lower()
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode("ascii").lower()
    name = name.removesuffix(".")
    return name if _ASCII_HOST.fullmatch(name) else ""


def _escape(text: str, safe: str) -> str:
    return "".join(_escape_piece(piece, safe) for piece in _PIECE.findall(text))


def _escape_piece(piece: str, safe: str) -> str:
    if piece == "%":
        return "%25"
    if piece[0] != "%":
        return quote(piece, safe=safe)
    char = chr(int(piece[1:], 16))
    return char if char in _UNRESERVED else piece.upper()


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _without_double_escape(part: str) -> str:
    while part.startswith("amp;"):  # feeds that escape an already escaped address
        part = part[4:]
    return part


def _is_kept(part: str, registrable: str) -> bool:
    name, _, value = part.partition("=")
    return bool(part) and not is_tracking(unquote(name).lower(), unquote(value).lower(), registrable)
