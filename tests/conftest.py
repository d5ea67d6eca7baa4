"""What every test shares: a copied database, nothing skipped where all is required, an index that is left empty."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests import migrated

REQUIRE_ALL = bool(os.environ.get("REQUIRE_ALL"))
ASKS_FOR_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}

# how long an example takes says how busy the machine is; tests.quick counts processor time where it matters
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark who asks for the database, so that only they are run again on another one."""
    for item in items:
        if item.get_closest_marker("django_db") or ASKS_FOR_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives until the end: modules and the tests themselves."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Generator[None]:
    """Give this process a copy of a migrated database, in place of pytest-django's that migrates each time."""
    from django.db import connection  # noqa: PLC0415 - the settings are read at the first such test

    own = str(connection.settings_dict["NAME"])
    name = str(connection.settings_dict["TEST"]["NAME"] or f"test_{own}")
    with django_db_blocker.unblock():
        connection.close()
        if connection.vendor == "sqlite":
            migrated.copy_file(Path(name))
        else:
            migrated.copy_database(os.environ["DATABASE_URL"], name)
        connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(own, verbosity=0)


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
