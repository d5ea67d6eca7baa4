"""Redaction in the admin: it says what will be gone, and does nothing without a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from tracker.models import Evidence, Revision

if TYPE_CHECKING:
    from django.test import Client

    from tests.admin.conftest import Row

TEXT = "A text."


def send(desk: Client, rows: list[int], kind: str = "article", **more: str) -> str:
    url = reverse(f"admin:tracker_{kind}_changelist")
    response = desk.post(url, {"action": "redact", "_selected_action": rows} | more, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_the_reason_is_asked_for_and_only_then_the_text_goes(desk: Client, row: Row) -> None:
    article = row.article()
    revision = article.latest
    assert revision is not None
    Evidence.objects.create(
        claim=row.claim(row.entry(article)),
        revision=revision,
        article=article,
        start=0,
        end=6,
        quoted="A text",
    )
    page = send(desk, [article.pk])
    assert "1 revision with 1 quotation in" in page
    assert "Redact for good" in page
    assert "This field is required" in send(desk, [article.pk], reason="  ")
    assert Revision.objects.get(pk=revision.pk).text == TEXT
    page = send(desk, [article.pk], reason="A private address.")
    assert "1 quotations are hidden" in page
    kept = Revision.objects.get(pk=revision.pk)
    assert (kept.text, kept.redaction_reason) == ("", "A private address.")
    assert kept.redacted_by is not None
    assert kept.redacted_by.username == "curator"
    assert "A private address." in LogEntry.objects.get().change_message


def test_a_single_revision_is_redacted_from_its_own_list(desk: Client, row: Row) -> None:
    revision = row.article().latest
    assert revision is not None
    other = row.article().latest
    assert other is not None
    send(desk, [revision.pk], "revision", reason="A private address.")
    assert Revision.objects.get(pk=revision.pk).text == ""
    assert Revision.objects.get(pk=other.pk).text == TEXT


@pytest.mark.parametrize("kind", ["article", "revision"])
def test_who_may_only_look_may_not_redact(desk: Client, row: Row, kind: str) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__in=["view_article", "view_revision"]))
    desk.force_login(reader)
    article = row.article()
    assert article.latest is not None
    page = send(desk, [article.pk if kind == "article" else article.latest.pk], kind, reason="Mine.")
    assert "Redact:" not in page
    assert Revision.objects.get(pk=article.latest.pk).text == TEXT
