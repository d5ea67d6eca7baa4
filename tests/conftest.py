"""What every test shares: a required suite skips nothing, and no test leaves documents in the search index."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from pytest_django import DjangoDbBlocker

REQUIRE_ALL = bool(os.environ.get("REQUIRE_ALL"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_ALL=1 a skipped test is a failed one."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and everything was required: {call.excinfo}"
    return report


@pytest.fixture(autouse=True)
def _empty_index_after_a_committing_test(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Generator[None]:
    """Empty the search index after a test that commits: Django's flush knows only the tables of models."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection  # noqa: PLC0415 - the settings are read at the first such test

        from tracker.search import remove  # noqa: PLC0415
        from tracker.search.documents import KINDS  # noqa: PLC0415
        from tracker.search.store import store  # noqa: PLC0415

        with django_db_blocker.unblock():
            for kind in KINDS:
                while ids := store().object_ids(kind, after=0, limit=500):
                    remove(kind, ids)
            connection.close()
