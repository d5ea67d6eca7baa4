"""Every list and every form of the admin: few queries, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

MAX_QUERIES = 25
MAX_QUERIES_FORM = 50
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)


def _names() -> list[str]:
    return sorted(f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry)


def _get(desk: Client, url: str) -> tuple[str, int]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = desk.get(url)
    assert response.status_code == 200, url
    assert not INLINE.search(response.content.decode()), url
    return response.content.decode(), len(queries)


@pytest.mark.slow
@pytest.mark.usefixtures("full")
def test_every_list_takes_few_queries_and_is_safe(desk: Client) -> None:
    for name in _names():
        html, n_queries = _get(desk, reverse(f"admin:{name}_changelist"))
        assert n_queries <= MAX_QUERIES, (name, n_queries)
        assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//(?!example\.com)", html), name
        assert html.count("action-select") >= 30 or html.count('<th class="field-') >= 30, name


@pytest.mark.slow
@pytest.mark.usefixtures("full")
def test_every_list_can_be_searched(desk: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if model_admin.search_fields:
            _, n_queries = _get(desk, reverse(f"admin:{name}_changelist") + "?q=sample")
            assert n_queries <= MAX_QUERIES, (name, n_queries)


@pytest.mark.slow
@pytest.mark.usefixtures("full")
def test_every_form_opens(desk: Client) -> None:
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pk = model._default_manager.order_by("pk").values_list("pk", flat=True)[0]
        _, n_queries = _get(desk, reverse(f"admin:{name}_change", args=[pk]))
        assert n_queries <= MAX_QUERIES_FORM, (name, n_queries)


@pytest.mark.slow
@pytest.mark.usefixtures("full")
def test_every_history_opens(desk: Client) -> None:
    for model, model_admin in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        pk = model._default_manager.order_by("pk").values_list("pk", flat=True)[0]
        html, _ = _get(desk, reverse(f"admin:{name}_history", args=[pk]))
        if hasattr(model, "history") and hasattr(model_admin, "history_form_view"):
            version = re.search(rf"/{pk}/history/(\d+)/", html)
            assert version, name
            _get(desk, reverse(f"admin:{name}_simple_history", args=[pk, version[1]]))


def test_front_page_says_whose_it_is(desk: Client) -> None:
    html, _ = _get(desk, reverse("admin:index"))
    assert "Retort" in html
    assert "Django" not in html


def test_sign_in_page_is_safe(client: Client, db: None) -> None:
    html, _ = _get(client, reverse("admin:login"))
    assert "Retort" in html
