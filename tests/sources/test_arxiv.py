"""The kind 'arxiv': a new version is the same paper."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tracker.errors import FeedError
from tracker.records import Page
from tracker.sources.arxiv import ArxivKind
from tracker.sources.child import FeedChild
from tracker.sources.query import value_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://export.arxiv.org/api/query"


@pytest.fixture(scope="module")
def kind() -> Iterator[ArxivKind]:
    child = FeedChild(deadline_s=10)
    yield ArxivKind(child)
    child.close()


def test_a_poll_asks_for_the_latest() -> None:
    (url,) = ArxivKind().addresses(URL, {"query": 'cat:cs.CR AND all:"a b"', "results": "50"}, NOW)
    assert value_asked(url, "search_query") == 'cat:cs.CR AND all:"a b"'
    assert (value_asked(url, "sortBy"), value_asked(url, "max_results")) == ("submittedDate", "50")
    with pytest.raises(FeedError, match="'query' is missing"):
        ArxivKind().addresses(URL, {}, NOW)


def test_the_past_is_asked_month_by_month() -> None:
    urls = ArxivKind().past(URL, {"query": "a OR b"}, dt.date(2026, 1, 20), dt.date(2026, 2, 3))
    assert [value_asked(url, "search_query") for url in urls] == [
        "(a OR b) AND submittedDate:[202601200000 TO 202601312359]",
        "(a OR b) AND submittedDate:[202602010000 TO 202602032359]",
    ]


@pytest.mark.parametrize(
    ("printed", "url", "version"),
    [
        ("http://arxiv.org/abs/2611.99001v2", "https://arxiv.org/abs/2611.99001", "v2"),
        ("http://arxiv.org/abs/2611.99001", "https://arxiv.org/abs/2611.99001", ""),
        ("http://arxiv.org/abs/cs/0309136v11", "https://arxiv.org/abs/cs/0309136", "v11"),
        ("http://arxiv.org/abs/math.GT/0309136v1", "https://arxiv.org/abs/math.GT/0309136", "v1"),
        ("https://elsewhere.example.org/paper", "https://elsewhere.example.org/paper", ""),
    ],
)
def test_versions_of_a_paper_are_one_article(kind: ArxivKind, printed: str, url: str, version: str) -> None:
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>q</title><entry>"
        f"<id>{printed}</id><title>t</title><link href='{printed}' rel='alternate'/></entry></feed>"
    )
    page = Page(URL, URL, 200, {"content-type": "application/atom+xml"}, body.encode(), NOW, 0.1)
    (item,) = kind.parse(page, {}, NOW).items
    assert (item.url, item.facts.get("version", "")) == (url, version)
