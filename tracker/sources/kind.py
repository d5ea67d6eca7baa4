"""What a kind of endpoint is, and the table of all kinds.

A new kind is one file in this package that ends with `KINDS.register("name")(ItsKind())`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tracker.registry import Registry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from tracker.records import Listing, Page


class SourceKind(Protocol):
    """Reads one kind of listing."""

    @property
    def name(self) -> str:
        """Stable name stored with endpoints."""
        ...

    @property
    def title(self) -> str:
        """Name that a curator reads."""
        ...

    @property
    def accept(self) -> str:
        """Accept header to ask with."""
        ...

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return what the listing says.

        Args:
            page: the answer as fetched, raw bytes.
            options: settings of the endpoint; unknown ones are reported in the warnings.
            now: the moment of reading, aware.

        Raises:
            FeedError: the answer cannot be read as this kind at all (outcome 'parse').
        """
        ...


KINDS: Registry[SourceKind] = Registry("tracker.sources")
"""Every kind by its name."""
