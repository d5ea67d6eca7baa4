"""A road without network: a fetcher that answers what a test tells it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Endpoint, Source
from tracker.pipeline import door


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> MemoryFetcher:
    """Return the fetcher through which every fetch of the test goes."""
    fetcher = MemoryFetcher()
    monkeypatch.setattr(door, "_chosen", [fetcher])
    return fetcher


@pytest.fixture
def endpoint() -> Endpoint:
    """Return one feed of one source."""
    source = Source.objects.create(slug="gazette", name="The Gazette", domain="gazette.example")
    return Endpoint.objects.create(source=source, url="https://gazette.example/feed")


def poll() -> None:
    """Poll every endpoint now."""
    Endpoint.objects.update(next_poll_at=timezone.now())
    jobs.sweep()
    jobs.drain(kinds=["poll"])
