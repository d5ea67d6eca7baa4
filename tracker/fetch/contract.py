"""What the rest of the project knows of fetching: the `Fetches` protocol and the settings of the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tracker.records import FetchRequest, FetchResult

MEBIBYTE = 2**20


class Fetches(Protocol):
    """Something that fetches one address; the real door and the fake one for tests."""

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Return how the try ended; never raises for anything the network does."""
        ...


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the door behaves; every deadline is a value so that tests use half a second.

    `total_deadline_s` covers one address with all its redirects and the robots.txt on the way: name look-up,
    connecting, headers and body.
    Waiting for a turn at a host comes before it and is limited by `max_slot_wait_s`; a longer wait is not
    slept through but answered with the outcome 'deferred'.
    """

    user_agent: str = "Retort/0.1"
    contact: str = ""  # address or mail of the operator, sent with the user agent
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 15.0
    total_deadline_s: float = 30.0
    max_bytes: int = 5 * MEBIBYTE  # of the body, as received and again after decompression
    max_redirects: int = 5
    allowed_loopback: tuple[str, ...] = ()  # "host" or "host:port", on this machine only
    respect_robots: bool = True
    min_delay_s: float = (
        1.0  # between two requests to one host, a request may ask for more; not on allowed loopback
    )
    max_crawl_delay_s: float = 300.0
    max_slot_wait_s: float = 5.0
    robots_good_for_s: float = 86_400.0
    robots_retry_s: float = 600.0
    ca_file: str = ""  # one more certificate authority to trust; verification is never off

    @property
    def user_agent_header(self) -> str:
        """User-Agent as sent: product and contact."""
        text = f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent
        return "".join(char for char in text if " " <= char <= "~")

    @property
    def robots_name(self) -> str:
        """Product token that robots.txt files are asked for."""
        return self.user_agent.partition("/")[0].strip() or "Retort"
