"""Endpoints in bulk: on, off and asked now, with what they were in the history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone

from tracker.models import Endpoint, Notice, Source

if TYPE_CHECKING:
    from django.test import Client

    from tests.admin.conftest import Row

LIST = "/admin/tracker/endpoint/"


def act(desk: Client, action: str, *endpoints: Endpoint) -> None:
    data = {"action": action, "_selected_action": [endpoint.pk for endpoint in endpoints]}
    assert desk.post(LIST, data).status_code == 302


def test_endpoints_are_turned_off_and_on_with_history(desk: Client, row: Row) -> None:
    row.source()
    endpoint = Endpoint.objects.get()
    Notice.objects.update(kind="failing")
    act(desk, "disable", endpoint)
    assert not Endpoint.objects.get().is_enabled
    assert not Notice.objects.open().exists()
    act(desk, "enable", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.is_enabled
    rows = list(endpoint.history.values_list("history_change_reason", "history_user__username")[:2])
    assert rows == [("switched on", "curator"), ("switched off", "curator")]


def test_poll_now_brings_forward_what_is_collected(desk: Client, row: Row) -> None:
    row.source()
    Endpoint.objects.update(next_poll_at=timezone.now() + dt.timedelta(hours=9))
    act(desk, "poll_now", Endpoint.objects.get())
    assert Endpoint.objects.get().next_poll_at <= timezone.now()


def test_a_source_that_is_turned_off_is_not_said_to_fail(desk: Client, row: Row) -> None:
    source = row.source()
    Notice.objects.update(kind="failing")
    data = {"action": "disable", "_selected_action": [source.pk]}
    assert desk.post("/admin/tracker/source/", data).status_code == 302
    assert not Source.objects.get().is_enabled
    assert not Notice.objects.open().exists()
