"""The page of sources in and out: downloads, a look at a file, and its taking over."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories as make
from tracker.models import Endpoint, Source
from tracker.starter.transfer.as_yaml import write_yaml
from tracker.starter.transfer.facts import stored_sources

pytestmark = pytest.mark.django_db
PATH = "/sources/transfer/"


def upload(client: Client, raw: bytes, name: str = "mine.yaml") -> BeautifulSoup:
    return BeautifulSoup(client.post(PATH, {"file": SimpleUploadedFile(name, raw)}).content.decode(), "lxml")


@pytest.mark.parametrize(("ending", "kind"), [("yaml", "application/yaml"), ("opml", "text/x-opml")])
def test_the_downloads_are_the_files(staff_client: Client, ending: str, kind: str) -> None:
    make.EndpointFactory(url="https://a.example/feed?a=1&b=2")
    answer = staff_client.get(f"{PATH}sources.{ending}")
    assert answer["Content-Type"].startswith(kind)
    assert f'filename="sources.{ending}"' in answer["Content-Disposition"]
    assert b"a.example" in answer.content
    assert staff_client.get(f"{PATH}sources.exe").status_code == 404


def test_a_file_is_looked_at_before_it_is_taken_over(staff_client: Client) -> None:
    source = make.SourceFactory(slug="gazette", name="Gazette", note="one\n\n  two \n")
    make.EndpointFactory(source=source, url="https://g.example/feed")
    raw = write_yaml(stored_sources()).encode()
    Source.objects.all().delete()
    make.SourceFactory(slug="gazette", name="The Gazette")
    page = upload(staff_client, raw)
    assert "1 new, 1 that differs from what is here" in page.get_text(" ", strip=True)
    assert not Endpoint.objects.exists()
    form = page.select_one(".p-take")
    assert form
    area = form.select_one("textarea")
    assert area
    data = {
        "do": "take",
        "name": "mine.yaml",
        "content": area.get_text().removeprefix("\n").replace("\n", "\r\n"),
    }
    staff_client.post(PATH, data)
    assert Endpoint.objects.get().url == "https://g.example/feed"
    assert Source.objects.get().name == "The Gazette"
    staff_client.post(PATH, data | {"update": "on"})
    assert (Source.objects.get().name, Source.objects.get().note) == ("Gazette", "one\n\n  two \n")


def test_a_bad_file_says_the_line(staff_client: Client) -> None:
    answer = staff_client.post(PATH, {"file": SimpleUploadedFile("bad.opml", b"<opml>\n<body>")})
    assert answer.status_code == 400
    assert "bad.opml: Line 2" in answer.content.decode()


def test_no_file_says_so(staff_client: Client) -> None:
    assert "No file was chosen" in staff_client.post(PATH, {}).content.decode()


def test_a_file_with_nothing_new_has_nothing_to_do(staff_client: Client) -> None:
    make.EndpointFactory()
    page = upload(staff_client, write_yaml(stored_sources()).encode())
    assert "There is nothing to do." in page.get_text()


def test_taking_over_needs_the_rights_for_what_it_does(client: Client) -> None:
    make.EndpointFactory(url="https://g.example/feed")
    content = write_yaml(stored_sources()).replace("feed\n", "feed\n        is_enabled: false\n")
    user = User.objects.create_user("adder", is_staff=True)
    client.force_login(user)
    data = {"do": "take", "name": "mine.yaml", "content": content}
    user.user_permissions.set(Permission.objects.filter(codename="add_source"))
    assert client.post(PATH, data).status_code == 403
    user.user_permissions.set(Permission.objects.filter(codename__in=["add_source", "add_endpoint"]))
    assert client.post(PATH, data | {"update": "on"}).status_code == 403
    assert Endpoint.objects.get().is_enabled
    assert client.post(PATH, data).status_code == 302
