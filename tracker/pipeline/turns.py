"""Turns at hosts, shared by every worker through the database."""

from __future__ import annotations

from tracker.models import Host


class DatabaseSlots:
    """The database-backed form of `tracker.fetch.throttle.HostSlots`."""

    def reserve(self, host: str, delay_s: float) -> float:
        """Take the turn at `host` if it is free; return 0.0 when taken, else the seconds until it is free."""
        return Host.reserve(host[:253], delay_s)

    def postpone(self, host: str, seconds: float) -> None:
        """Keep `host` busy for at least `seconds` from now."""
        Host.postpone(host[:253], seconds)
