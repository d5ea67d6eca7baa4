"""Connections that go only to checked addresses and end at a total deadline and a byte limit.

The limits sit below HTTP, in every read and write of the socket, so that slow headers, a slow handshake and
a body that drips one byte at a time all end at the same moment.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

import httpcore2

from tracker.errors import RetortError
from tracker.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tracker.fetch.guard import AddressGuard

HEADER_ALLOWANCE = 256 * 1024
MAX_HEAD_BYTES = 64 * 1024
_HEAD_READ = 16 * 1024


class FetchFailedError(RetortError):
    """A fetch ended early; carries the outcome, the message is the reason a reader sees."""

    def __init__(self, outcome: Outcome, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.retry_after_s = retry_after_s


class Budget:
    """Time and bytes that one fetch, with all its redirects, may still use."""

    def __init__(self, *, deadline_s: float, connect_s: float, read_s: float, max_bytes: int) -> None:
        self._deadline_s = deadline_s
        self._ends_at = time.monotonic() + deadline_s
        self.connect_s = connect_s
        self.read_s = read_s
        self.n_received = 0
        self.waited_s = 0.0
        self._hop_left = 0
        self._head_left = 0
        self._is_head = False
        self._max_bytes = max_bytes

    def start_hop(self) -> None:
        """Give the next answer its full allowance of bytes."""
        self._hop_left = self._max_bytes + HEADER_ALLOWANCE
        self._head_left = MAX_HEAD_BYTES
        self._is_head = True

    def start_body(self) -> None:
        """Note that the headers of the answer are complete."""
        self._is_head = False

    def read_size(self, asked: int) -> int:
        """Return how much to receive at once: little while the headers come, so that their size is seen."""
        return min(asked, _HEAD_READ) if self._is_head else asked

    def left_s(self, at_most: float) -> float:
        """Return the seconds left, limited to `at_most`; raises FetchFailedError when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise self.timed_out()
        return min(left, at_most)

    def extend(self, seconds: float) -> None:
        """Move the deadline by time that was spent waiting for a turn."""
        self.waited_s += seconds
        self._ends_at += seconds

    def is_over(self) -> bool:
        """Whether the total deadline has passed."""
        return time.monotonic() >= self._ends_at

    def timed_out(self) -> FetchFailedError:
        """Return the failure for a deadline or a silence that took too long."""
        if self.is_over():
            reason = (
                f"The answer was not complete after {round(self._deadline_s, 1):g} seconds."
                " It is tried again later."
            )
        else:
            reason = f"The server was silent for {self.read_s:g} seconds. It is tried again later."
        return FetchFailedError(Outcome.TIMEOUT, reason)

    def take(self, n_bytes: int) -> None:
        """Count bytes from the wire; raises FetchFailedError beyond the limit."""
        self.n_received += n_bytes
        self._hop_left -= n_bytes
        if self._is_head:
            self._head_left -= n_bytes
            if self._head_left < 0:
                reason = (
                    f"The headers of the answer are larger than {MAX_HEAD_BYTES // 1024} KiB and were not read"
                    " further. It is tried again later."
                )
                raise FetchFailedError(Outcome.TOO_LARGE, reason)
        if self._hop_left < 0:
            raise too_large(self._max_bytes)


def too_large(max_bytes: int) -> FetchFailedError:
    """Return the failure for an answer beyond the size limit."""
    size = f"{max_bytes / 2**20:g} MiB"
    reason = f"The answer is larger than {size} and was not read further. Check that the address is right."
    return FetchFailedError(Outcome.TOO_LARGE, reason)


class PinnedStream(httpcore2.NetworkStream):
    """One socket under a budget."""

    def __init__(self, sock: socket.socket, host: str, budget: Budget) -> None:
        self._sock = sock
        self._host = host
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Receive up to `max_bytes`; b"" at the end of the connection. `timeout` is the budget's affair."""
        del timeout
        self._sock.settimeout(self._budget.left_s(self._budget.read_s))
        try:
            data = self._sock.recv(self._budget.read_size(max_bytes))
        except TimeoutError:
            raise self._budget.timed_out() from None
        except OSError:
            raise _broke_off(self._host) from None
        self._budget.take(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of `buffer`."""
        del timeout
        view = memoryview(buffer)
        while view:
            self._sock.settimeout(self._budget.left_s(self._budget.read_s))
            try:
                view = view[self._sock.send(view) :]
            except TimeoutError:
                raise self._budget.timed_out() from None
            except OSError:
                # The server may have answered and closed already; reading tells.
                raise httpcore2.WriteError from None

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Return the same connection under TLS, with the certificate verified for `server_hostname`."""
        del timeout
        try:
            self._sock.settimeout(self._budget.left_s(self._budget.connect_s))
            sock = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise self._budget.timed_out() from None
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise FetchFailedError(Outcome.TLS, _certificate_reason(self._host, error)) from None
        except (ssl.SSLError, ValueError):
            self.close()
            reason = (
                f"No secure connection to {self._host} could be agreed. The site's TLS set-up may be broken."
            )
            raise FetchFailedError(Outcome.TLS, reason) from None
        except OSError:
            self.close()
            raise _broke_off(self._host) from None
        return PinnedStream(sock, self._host, self._budget)

    def get_extra_info(self, info: str) -> None:
        """Return nothing: connections are never reused and speak HTTP/1.1."""
        del info


class PinnedBackend(httpcore2.NetworkBackend):
    """Opens connections to what the guard allows, and to nothing else."""

    def __init__(self, guard: AddressGuard, budget: Budget) -> None:
        self._guard = guard
        self._budget = budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first checked address of `host` that answers.

        Raises:
            FetchFailedError: nothing answered in time.
            AddressRefusedError, NameNotFoundError, NameTimeoutError: see `AddressGuard.check`.
        """
        del timeout, local_address, socket_options
        destination = self._guard.check(host, port, self._budget.left_s(self._budget.connect_s))
        failure = _unreachable(host)
        for address in destination.addresses:
            try:
                sock = socket.create_connection(
                    (address, destination.port), self._budget.left_s(self._budget.connect_s)
                )
            except TimeoutError:
                failure = FetchFailedError(
                    Outcome.TIMEOUT, f"{host} did not accept a connection in time. It is tried again later."
                )
            except OSError:
                continue
            else:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return PinnedStream(sock, host, self._budget)
        raise failure


def _unreachable(host: str) -> FetchFailedError:
    reason = f"{host} does not accept connections. The site may be down; it is tried again later."
    return FetchFailedError(Outcome.CONNECTION, reason)


def _broke_off(host: str) -> FetchFailedError:
    reason = f"The connection to {host} broke off. It is tried again later."
    return FetchFailedError(Outcome.CONNECTION, reason)


def _certificate_reason(host: str, error: ssl.SSLCertVerificationError) -> str:
    known = {
        10: "has expired",
        9: "is not valid yet",
        18: "is signed by itself",
        19: "ends in an authority that is not trusted",
        20: "comes from an authority that is not trusted",
        62: "was made for another name",
        64: "was made for another address",
    }
    what = known.get(error.verify_code, "cannot be verified")
    return f"The certificate of {host} {what}. Nothing was read; the site has to repair it."
