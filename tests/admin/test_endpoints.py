"""Endpoints in bulk: on, off and asked now, with what they were in the history."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
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


def form_of(desk: Client, path: str) -> dict[str, str]:
    """Return what a browser would send of the form that nobody touched."""
    page = BeautifulSoup(desk.get(path).content.decode(), "lxml")
    fields = page.select("#content-main form input[name]:not([type=submit]), #content-main form textarea")
    data = {
        str(f["name"]): f.get_text().removeprefix("\n") if f.name == "textarea" else str(f.get("value", "on"))
        for f in fields
        if f.get("type") != "checkbox" or f.has_attr("checked")
    }
    for choice in page.select("#content-main form select[name]"):
        chosen = choice.select_one("option[selected]")
        data[str(choice["name"])] = str(chosen.get("value", "")) if chosen else ""
    return data


def test_other_settings_are_asked_anew(desk: Client, row: Row) -> None:
    row.source()
    endpoint = Endpoint.objects.get()
    path = f"/admin/tracker/endpoint/{endpoint.pk}/change/"
    data = form_of(desk, path)
    Endpoint.objects.update(etag="v1", body_sha256="0" * 64)
    assert desk.post(path, data | {"note": "Quiet in August."}).status_code == 302
    assert Endpoint.objects.get().etag == "v1"
    assert desk.post(path, data | {"options": '{"language": "de"}'}).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.options, endpoint.etag, endpoint.body_sha256) == ({"language": "de"}, "", "")


def test_what_is_turned_off_in_the_form_of_its_source_is_not_said_to_fail(desk: Client, row: Row) -> None:
    source = row.source()
    path = f"/admin/tracker/source/{source.pk}/change/"
    for name in ("endpoints-0-is_enabled", "is_enabled"):
        Notice.objects.update(kind="failing", closed_at=None)
        data = form_of(desk, path)
        assert data.pop(name) == "on"
        assert desk.post(path, data | {"homepage": ""}).status_code == 302
        assert not Notice.objects.open().exists(), name
        Endpoint.objects.update(is_enabled=True)


def test_settings_and_paces_that_cannot_be_are_refused_with_a_sentence(desk: Client, row: Row) -> None:
    row.source()
    endpoint = Endpoint.objects.get()
    path = f"/admin/tracker/endpoint/{endpoint.pk}/change/"
    data = form_of(desk, path)
    for bad, words in (
        ({"options": '{"days": 3}'}, "names with texts"),
        ({"options": '["a"]'}, "names with texts"),
        ({"every_s": "0"}, "every 0 seconds"),
    ):
        assert words in desk.post(path, data | bad).content.decode()
    assert desk.post(path, data | {"options": ""}).status_code == 302
    assert Endpoint.objects.get().options == {}
