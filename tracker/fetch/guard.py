"""Address guard: decides to which numeric address a connection may go, and resolves each name once.

The caller connects to the addresses returned here and to nothing else, so a name that changes its answer
between check and use gains nothing. A name that answers with a public and a private address is refused whole.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import idna

from tracker.errors import RetortError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
MAX_ADDRESSES = 4
MAX_PARALLEL_LOOKUPS = 64


class AddressRefusedError(RetortError):
    """The address is none that may be asked; the message says which and why."""


class NameNotFoundError(RetortError):
    """The name of the host has no address, or the name server gave no answer."""


class NameTimeoutError(RetortError):
    """The name server did not answer before the deadline."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replay only: every host is answered by a loopback server over plain http.

    Args:
        host_map: host (lower-case, as in the address) to numeric loopback address and port; None refuses the
            host.
    """

    host_map: Callable[[str], tuple[str, int] | None]


@dataclass(frozen=True, slots=True)
class Destination:
    """Numeric addresses that were checked, in the order to try them."""

    addresses: tuple[str, ...]
    port: int


# IANA special-purpose registries, and ranges that must never be reached although `ipaddress` calls some
# global.
_NEVER_V4 = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_NEVER_V6 = tuple(
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, carries any IPv4 address
        "3fff::/20",  # documentation
        "2620:4f:8000::/48",  # AS112
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
_LOCAL_SUFFIXES = (
    ".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".corp", ".private",
    ".home.arpa", ".onion",
)  # fmt: skip
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")


def why_refused(address: IPAddress) -> str:
    """Return why `address` must not be asked, or "" when it is public."""
    if isinstance(address, ipaddress.IPv4Address):
        if any(address in network for network in _NEVER_V4) or not address.is_global or address.is_multicast:
            return f"{address} is a private or special address"
        return ""
    if address.scope_id is not None:
        return f"{address} belongs to one network card only"
    inner = _embedded(address)
    if inner is not None:
        reason = why_refused(inner)
        return f"{address} stands for {inner}: {reason}" if reason else ""
    is_public = address in _GLOBAL_V6 and not any(address in network for network in _NEVER_V6)
    if not is_public or not address.is_global or address.is_multicast or _hides_ipv4(address):
        return f"{address} is a private or special address"
    return ""


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """IPv4 address that a mapped or well-known NAT64 address really leads to."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _hides_ipv4(address: ipaddress.IPv6Address) -> bool:
    """Whether the interface part is ISATAP for an IPv4 address that would be refused."""
    if (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP:
        return False
    return bool(why_refused(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))


def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system for the numeric addresses of `host`; OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class AddressGuard:
    """Turns host and port into checked numeric addresses.

    Args:
        allowed_loopback: "host" or "host:port" that may lead to this machine (and to nothing else that is
            private).
        rewrite: replay only, see `Rewrite`.
        resolve: how names are looked up.
    """

    def __init__(
        self,
        allowed_loopback: Sequence[str] = (),
        *,
        rewrite: Rewrite | None = None,
        resolve: Resolver = system_resolve,
    ) -> None:
        self._allowed = frozenset(entry.strip().lower() for entry in allowed_loopback if entry.strip())
        self._rewrite = rewrite
        self._resolve = resolve
        self._lookups = threading.BoundedSemaphore(MAX_PARALLEL_LOOKUPS)

    @property
    def is_rewriting(self) -> bool:
        """Whether every host is answered by a loopback server."""
        return self._rewrite is not None

    def is_allowed_loopback(self, host: str, port: int) -> bool:
        """Whether the settings list this host, as written in the address, as one on this machine."""
        name = host.lower()
        shown = f"[{name}]" if ":" in name else name
        return bool(self._allowed & {name, shown, f"{shown}:{port}"})

    def check(self, host: str, port: int, timeout_s: float) -> Destination:
        """Return where to connect for `host`.

        Raises:
            AddressRefusedError: it leads to an address that is not public.
            NameNotFoundError: it has no address.
            NameTimeoutError: the look-up took longer than `timeout_s`.
        """
        if self._rewrite is not None:
            return _rewritten(self._rewrite, host)
        name = plain_host(host)
        is_loopback_allowed = self.is_allowed_loopback(name, port)
        literal = _literal(name)
        if literal is None and not is_loopback_allowed:
            _refuse_local_name(name)
        addresses = [literal] if literal is not None else self._look_up(name, port, timeout_s)
        for address in addresses:
            if is_loopback_allowed and address.is_loopback:
                continue
            reason = why_refused(address)
            if reason:
                msg = f"{host} is refused: {reason}. Only public addresses are fetched; correct the address."
                raise AddressRefusedError(msg)
        return Destination(tuple(_as_connected(address) for address in addresses[:MAX_ADDRESSES]), port)

    def _look_up(self, name: str, port: int, timeout_s: float) -> list[IPAddress]:
        """Resolve in a thread of its own, because the system's look-up knows no deadline."""
        msg = f"The name server did not answer for {name} in time. It is asked again at the next try."
        if not self._lookups.acquire(timeout=max(timeout_s, 0)):
            raise NameTimeoutError(msg)
        answers: queue.SimpleQueue[Sequence[str] | BaseException] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolve(name, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)
            finally:
                self._lookups.release()

        threading.Thread(target=ask, name="name-lookup", daemon=True).start()
        try:
            answer = answers.get(timeout=max(timeout_s, 0.001))
        except queue.Empty:
            raise NameTimeoutError(msg) from None
        try:
            addresses = [] if isinstance(answer, BaseException) else [ipaddress.ip_address(a) for a in answer]
        except ValueError:
            addresses = []
        if not addresses:
            msg = (
                f"The name {name} cannot be found. Check the spelling and this machine's network;"
                " the site may have moved."
            )
            raise NameNotFoundError(msg)
        return addresses


def plain_host(host: str) -> str:
    """Return `host` in lower-case ASCII without brackets and final dot.

    Raises:
        AddressRefusedError: it is no host, or a numeric address in a disguised spelling (octal, hexadecimal,
            one number, fewer than four parts).
    """
    name = unicodedata.normalize("NFKC", host).strip().lower().removesuffix(".")
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except UnicodeError:
            name = ""
    if ":" not in name:
        is_numeric = bool(_NUMBER.fullmatch(name.rpartition(".")[2]))
        if is_numeric and not _is_dotted_quad(name):
            msg = f"{host} is refused: a numeric address must be written as four plain decimal numbers."
            raise AddressRefusedError(msg)
    if not name or any(char in name for char in " %/\\@?#\0") or any(not char.isprintable() for char in name):
        msg = f"{host!r} is refused: it is not the name of a host. Correct the address."
        raise AddressRefusedError(msg)
    return name


def _is_dotted_quad(name: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(name)) == name
    except ValueError:
        return False


def _literal(name: str) -> IPAddress | None:
    if ":" not in name and not _is_dotted_quad(name):
        return None
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        msg = f"{name} is refused: it is not a numeric address. Correct the address."
        raise AddressRefusedError(msg) from None


def _refuse_local_name(name: str) -> None:
    if "." not in name or name.endswith(_LOCAL_SUFFIXES):
        msg = f"{name} is refused: the name belongs to a local network. Only public addresses are fetched."
        raise AddressRefusedError(msg)


def _as_connected(address: IPAddress) -> str:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _rewritten(rewrite: Rewrite, host: str) -> Destination:
    target = rewrite.host_map(host.lower())
    if target is None:
        msg = f"{host} is refused: it is not part of this replay."
        raise AddressRefusedError(msg)
    address, port = target
    if not ipaddress.ip_address(address).is_loopback:
        msg = f"{host} is refused: a replay may only lead to this machine."
        raise AddressRefusedError(msg)
    return Destination((address,), port)
