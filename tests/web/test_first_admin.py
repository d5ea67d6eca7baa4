"""The one-time link makes one admin, once."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tracker.models.first_admin import first_admin_token

pytestmark = pytest.mark.django_db

GOOD = {"username": "desk", "password1": "a long unusual phrase", "password2": "a long unusual phrase"}


def link() -> str:
    """Return the address that `manage.py up` prints."""
    return reverse("web:first_admin", args=[first_admin_token()])


def test_the_link_makes_an_admin_and_signs_them_in(client: Client) -> None:
    assert client.get(link()).status_code == 200
    answer = client.post(link(), GOOD)
    assert answer.status_code == 302
    user = User.objects.get()
    assert user.is_superuser
    assert client.get(answer.headers["Location"]).status_code == 200


def test_the_link_is_dead_once_there_is_an_admin(client: Client) -> None:
    address = link()
    client.post(address, GOOD)
    assert client.get(address).status_code == 404
    assert client.post(address, GOOD | {"username": "second"}).status_code == 404
    assert User.objects.count() == 1


def test_a_forged_or_old_link_is_nothing(client: Client) -> None:
    assert client.get(reverse("web:first_admin", args=["forged"])).status_code == 404
    address = link()
    with time_machine.travel(4_000_000_000):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "bad", [{"password2": "another"}, {"password1": "short", "password2": "short"}, {"username": ""}]
)
def test_a_bad_form_says_what_is_wrong_and_makes_nobody(client: Client, bad: dict[str, str]) -> None:
    answer = client.post(link(), GOOD | bad)
    assert answer.status_code == 400
    assert "c-error" in answer.content.decode()
    assert not User.objects.exists()


def test_the_form_needs_its_token() -> None:
    assert Client(enforce_csrf_checks=True).post(link(), GOOD).status_code == 403
