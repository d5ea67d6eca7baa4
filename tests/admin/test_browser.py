"""The admin in a browser: its own scripts run under the content security policy."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

    from tests.admin.conftest import Row

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.mark.django_db(transaction=True)
def test_lists_and_forms_break_no_policy(
    live_server: LiveServer, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
    )  # playwright runs a loop in this thread
    entry = row.entry(row.article())
    claim, lab = row.claim(entry), row.entity("Sample Lab", "样本")
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    paths = [reverse("admin:index"), reverse("admin:tracker_article_changelist")]
    paths += [reverse(f"admin:tracker_{r._meta.model_name}_change", args=[r.pk]) for r in (entry, lab, claim)]
    problems: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context()
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        for path in paths:
            page.goto(live_server.url + path)
        n_pickers = page.locator(".select2-container").count()
        browser.close()
    assert problems == []
    assert n_pickers > 0
