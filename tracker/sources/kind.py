"""What a kind of endpoint is, and the table of all kinds.

A new kind is one file in this package that ends with `KINDS.register("name")(ItsKind())`, and its recordings
under `tests/data/sources/<name>/`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tracker.registry import Registry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

UNVERIFIED = "shape unverified"
"""What `SourceKind.shape` says where nobody has seen a real answer; such kinds ship disabled."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an endpoint of a kind, as the form and the reference page explain it."""

    name: str
    what: str  # one sentence for a curator
    example: str = ""
    is_required: bool = False


class SourceKind(ABC):
    """Reads one kind of listing; stateless, and safe to share between threads."""

    name: ClassVar[str]
    """Stable name stored with endpoints."""
    title: ClassVar[str]
    """Name that a curator reads."""
    accept: ClassVar[str] = "*/*"
    """Accept header to ask with."""
    about: ClassVar[str]
    """What it reads and what is odd about it, in a few sentences for the reference page."""
    shape: ClassVar[str]
    """Where the shape of the answers is documented, or `UNVERIFIED`."""
    options: ClassVar[tuple[Option, ...]] = ()
    """Settings that an endpoint of this kind understands."""
    pause_s: ClassVar[float] = 0.0
    """Seconds between two requests to the host that its publisher asks for."""
    max_pages: ClassVar[int] = 1
    """The most addresses asked in one poll. More than one: `Listing.more` is followed, and no validators are sent."""

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return what to ask in one poll, in order: the endpoint's address, or what is made of it and its options.

        Raises:
            FeedError: the options make no address; the sentence says which and what to write.
        """
        del options, now
        return (url,)

    @abstractmethod
    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return what the listing says.

        Args:
            page: the answer as fetched, raw bytes.
            options: settings of the endpoint; unknown ones are reported in the warnings.
            now: the moment of reading, aware.

        Raises:
            FeedError: the answer cannot be read as this kind at all (outcome 'parse'); starts in lower case
                and says what came instead and what to do.
        """

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return the addresses that list the days from `start` to `end`, both included, in slices the publisher allows.

        An empty sequence: this kind cannot look into the past.
        """
        del url, options, start, end
        return ()

    def unknown_options(self, options: Mapping[str, str]) -> list[str]:
        """Return a warning for every setting that this kind does not understand."""
        known = {option.name for option in self.options}
        return [f"unknown setting '{name}'" for name in sorted(set(options) - known)]


KINDS: Registry[SourceKind] = Registry("tracker.sources")
"""Every kind by its name."""
