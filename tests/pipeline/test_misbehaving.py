"""Whatever a server does, the endpoint says what it was, its neighbours are read, and nothing is stored wrongly."""

from __future__ import annotations

import pytest

from tests.fetch.conftest import quick_settings
from tests.fetch.misbehaving_server import MisbehavingServer, gzip_bomb
from tests.pipeline.conftest import poll
from tracker.fetch.client import Fetcher
from tracker.models import Article, Endpoint, FetchAttempt, Job, Source
from tracker.pipeline import door

pytestmark = pytest.mark.django_db

EXPECTED = {
    "/error-page-as-feed": "parse",
    "/empty": "empty",
    "/article": "parse",
    "/endless-body": "too large",
    "/announced-large": "too large",
    "/gzip-bomb": "too large",
    "/silent": "timeout",
    "/slow-headers": "timeout",
    "/half-second-body": "timeout",
    "/redirect-metadata": "refused",
    "/redirect-other-port": "refused",
    "/redirect-loop": "refused",
    "/brotli": "refused",
    "/403-challenge": "blocked",
    "/200-challenge": "blocked",
    "/410": "http 4xx",
    "/500": "http 5xx",
    "/no-http": "connection",
    "/hang-up": "connection",
    "/feed": "empty",
}


def test_each_way_to_misbehave_is_named_on_its_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    gzip_bomb()  # built before anybody waits for it
    with MisbehavingServer() as server:
        # the neighbours' deadlines: long enough for a good answer while eight others keep the processor busy
        patient = quick_settings(
            server.authority, read_timeout_s=2.0, total_deadline_s=2.5, connect_timeout_s=2.0
        )
        monkeypatch.setattr(door, "_chosen", [Fetcher(patient)])
        source = Source.objects.create(slug="bad", name="Bad server")
        for path in EXPECTED:
            Endpoint.objects.create(source=source, url=server.url(path))
        poll()
    found = {
        endpoint.url.removeprefix(server.url("")): endpoint
        for endpoint in Endpoint.objects.filter(source=source)
    }
    outcomes = {f"/{path.lstrip('/')}": endpoint.last_outcome for path, endpoint in found.items()}
    assert outcomes == EXPECTED
    assert all(endpoint.last_reason for endpoint in found.values())
    assert [path for path, endpoint in found.items() if not endpoint.is_enabled] == [
        server.url("/410").removeprefix(server.url(""))
    ]
    assert FetchAttempt.objects.count() == len(EXPECTED)
    assert not Job.objects.exclude(state="done").exists()
    assert not Article.objects.exists()


def test_a_private_address_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_chosen", [Fetcher(quick_settings())])
    source = Source.objects.create(slug="inside", name="Inside")
    for host in ("127.0.0.1:1", "10.0.0.1", "169.254.169.254", "[::1]", "0x7f000001", "[::ffff:127.0.0.1]"):
        Endpoint.objects.create(source=source, url=f"http://{host}/feed")
    poll()
    assert set(Endpoint.objects.values_list("last_outcome", flat=True)) == {"refused"}
