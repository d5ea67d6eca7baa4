"""A misbehaving server and a door whose deadlines are half a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fetch.misbehaving_server import MisbehavingServer
from tracker.fetch.client import Fetcher, FetchSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def misbehaving() -> Iterator[MisbehavingServer]:
    with MisbehavingServer() as server:
        yield server


def quick_settings(*loopback: str, **changes: object) -> FetchSettings:
    values: dict[str, Any] = {
        "user_agent": "RetortTest/1",
        "connect_timeout_s": 0.5,
        "read_timeout_s": 0.5,
        "total_deadline_s": 0.5,
        "allowed_loopback": loopback,
        "respect_robots": False,
    }
    return FetchSettings(**(values | changes))


@pytest.fixture
def door() -> Callable[..., Fetcher]:
    """Make a door that may reach the given servers."""

    def make(*servers: MisbehavingServer, **changes: object) -> Fetcher:
        return Fetcher(quick_settings(*(server.authority for server in servers), **changes))

    return make
