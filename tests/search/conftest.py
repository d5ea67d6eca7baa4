"""Rows to search: a few public ones of each kind, and what must not be found beside them."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import pytest

from tracker.models import Article, Entity, Entry, Revision

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = itertools.count(1)
MONDAY = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def article(db: None) -> Callable[..., Article]:
    """Return a maker of public articles with a text."""

    def make(title: str, text: str = "", *, at: dt.datetime | None = MONDAY, **fields: object) -> Article:
        number = next(_NUMBERS)
        values: dict[str, object] = {"is_on_subject": True, "outlet": "Sample Gazette"} | fields
        made = Article.objects.create(
            public_id=f"a{number}", key=f"key-{number}", title=title, published_at=at, **values
        )
        if text:
            made.latest = Revision.objects.create(
                article=made,
                text_sha256=f"{number:064}",
                text=text,
                text_from="page",
                extractor="test 1",
                fetched_at=MONDAY,
            )
            made.save()
        return made

    return make


@pytest.fixture
def entry(db: None) -> Callable[..., Entry]:
    """Return a maker of public entries."""

    def make(title: str, summary: str = "", *, at: dt.datetime = MONDAY, **fields: object) -> Entry:
        values: dict[str, object] = {"n_articles": 1} | fields
        return Entry.objects.create(
            public_id=f"e{next(_NUMBERS)}", title=title, summary=summary, happened_at=at, **values
        )

    return make


@pytest.fixture
def entity(db: None) -> Callable[..., Entity]:
    """Return a maker of public entities with aliases."""

    def make(name: str, *aliases: str, **fields: object) -> Entity:
        values: dict[str, object] = {"type": "organisation"} | fields
        made = Entity.objects.create(slug=f"sample-{next(_NUMBERS)}", name=name, **values)
        for alias in aliases:
            made.aliases.create(text=alias)
        return made

    return make
