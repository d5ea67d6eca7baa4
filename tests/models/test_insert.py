"""Rows inserted in bulk are the rows that saving each would have made."""

from __future__ import annotations

import datetime as dt

import pytest
from django.forms.models import model_to_dict

from tests.factories import EndpointFactory
from tracker.models import Article, Endpoint, Job, owe
from tracker.models.insert import insert_columns, insert_rows

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 4, 23, 9, 30, 1, 250_000, tzinfo=dt.UTC)


def rows(endpoint: Endpoint, prefix: str) -> list[Article]:
    """Return unsaved articles that differ in every kind of field."""
    return [
        Article(
            key=f"{prefix}-{n}",
            public_id=f"{prefix}{n}",
            url=f"https://news.example/{n}" if n else "",
            source=endpoint.source if n % 2 else None,
            endpoint=endpoint,
            title=f"Zoë's “{n}” % of 100% — 模型\n",
            first_seen_at=AT,
            published_at=AT - dt.timedelta(days=n) if n else None,
            facts={"number": str(n)} if n else {},
            is_whole=bool(n % 2),
            relevance_score=n / 3,
        )
        for n in range(70)
    ]


def told(prefix: str) -> list[dict[str, object]]:
    found = Article.objects.filter(key__startswith=f"{prefix}-").order_by("pk")
    return [model_to_dict(row, exclude=["id", "key", "public_id"]) for row in found]


def test_the_rows_are_those_that_django_would_have_made() -> None:
    endpoint = EndpointFactory()
    Article.objects.bulk_create(rows(endpoint, "slow"))
    insert_rows(rows(endpoint, "fast"))
    assert told("fast") == told("slow")
    assert len(told("fast")) == 70


def test_a_row_that_is_there_already_is_left_as_it_is() -> None:
    endpoint = EndpointFactory()
    insert_rows(rows(endpoint, "a")[:3])
    Article.objects.update(title="Kept")
    insert_rows(rows(endpoint, "a")[:5])
    assert list(Article.objects.order_by("pk").values_list("title", flat=True))[:3] == ["Kept"] * 3
    assert Article.objects.count() == 5


def test_columns_that_are_not_given_hold_their_default() -> None:
    insert_columns(Job, {"kind": ["read", "read"], "subject_id": [1, 2], "key": ["a", "b"]}, 2)
    owe("poll", [3], version="x")
    found = Job.objects.order_by("pk")
    assert [(job.kind, job.subject_id, job.state, job.attempts) for job in found] == [
        ("read", 1, "ready", 0),
        ("read", 2, "ready", 0),
        ("poll", 3, "ready", 0),
    ]
    assert {job.lease_token for job in found} == {None}
    assert not Job.objects.filter(created_at__isnull=True).exists()


def test_nothing_is_inserted_of_nothing() -> None:
    insert_rows([])
    owe("read", [])
    assert not Job.objects.exists()
