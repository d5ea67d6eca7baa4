"""Every kind against its recordings: what a publisher's answer looks like, and what comes out of it.

A recording is two files under `tests/data/sources/<kind>/`, both invented in the real shape: the answer
(`<case>.json`, `.xml`, `.html`, `.pdf`, `.txt`) and `<case>.yaml` with

    url:          the endpoint's address
    options:      its settings (may be missing)
    content_type: as the server would send it
    now:          the moment of reading, as 2026-11-22T03:30:00Z
    page_url:     where the answer was found, when that is not `url` (may be missing)
    expect:       `error` (words of the FeedError), or any of title, more, warnings, refused (reasons) and
                  items, each with the fields that are asserted: url, id, title, byline, outlet, text,
                  published (ISO moment), precision, rule, language, document_kind, is_whole, facts, tags
    n_items:      how many items there are in all
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.errors import FeedError
from tracker.records import FoundItem, Page
from tracker.sources.kind import KINDS

DATA = Path(__file__).parent.parent / "data" / "sources"
CASES = sorted(DATA.glob("*/*.yaml"))


def shown(item: FoundItem) -> dict[str, Any]:
    """Return an item as a recording writes it."""
    return {
        "url": item.url,
        "id": item.source_item_id,
        "title": item.title,
        "byline": item.byline,
        "outlet": item.outlet,
        "text": item.text,
        "published": item.published.at.isoformat().replace("+00:00", "Z") if item.published else "",
        "precision": item.published.precision if item.published else "",
        "rule": item.published.rule if item.published else "",
        "language": item.language,
        "document_kind": item.document_kind,
        "is_whole": item.is_whole,
        "facts": dict(item.facts),
        "tags": list(item.tags),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recording_reads_as_expected(case: Path) -> None:
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    (answer,) = [path for path in case.parent.glob(f"{case.stem}.*") if path.suffix != ".yaml"]
    now = dt.datetime.fromisoformat(str(told["now"]))
    where = told.get("page_url", told["url"])
    headers = {"content-type": told["content_type"]}
    page = Page(where, where, 200, headers, answer.read_bytes(), now, 0.1)
    kind, options, expect = KINDS.get(case.parent.name), told.get("options", {}), told["expect"]
    if "error" in expect:
        with pytest.raises(FeedError, match=expect["error"]) as caught:
            kind.parse(page, options, now)
        assert str(caught.value)[0].islower()
        return
    listing = kind.parse(page, options, now)
    assert listing == kind.parse(page, options, now)
    if "title" in expect:
        assert listing.title == expect["title"]
    assert list(listing.more) == expect.get("more", [])
    assert list(listing.warnings) == expect.get("warnings", [])
    assert [item.reason for item in listing.refused] == expect.get("refused", [])
    assert len(listing.items) == told.get("n_items", len(expect.get("items", [])))
    for item, wanted in zip(listing.items, expect.get("items", []), strict=False):
        got = shown(item)
        assert {name: got[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", KINDS.names())
def test_every_kind_has_recordings_and_explains_itself(name: str) -> None:
    kind = KINDS.get(name)
    assert kind.name == name
    assert kind.title
    assert kind.about.endswith(".")
    assert kind.shape
    assert all(option.what.endswith(".") for option in kind.options)
    assert len({option.name for option in kind.options}) == len(kind.options)
    assert [case for case in CASES if case.parent.name == name], (
        f"no recording under tests/data/sources/{name}/"
    )


ODD = [
    b"",
    b"\0",
    b"<",
    b"{",
    b"[]",
    b"null",
    b"{}",
    b'{"results": 3}',
    b"<html>" * 300,
    b"\xff\xfe",
    b"0",
    b'"x"',
]


@pytest.mark.parametrize("name", KINDS.names())
@pytest.mark.parametrize("body", ODD, ids=repr)
def test_what_is_no_listing_ends_in_one_sentence(name: str, body: bytes) -> None:
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    page = Page(
        "https://a.example/x", "https://a.example/x", 200, {"content-type": "text/html"}, body, now, 0.1
    )
    said, n_items = "", 0
    try:
        n_items = len(KINDS.get(name).parse(page, {}, now).items)
    except FeedError as error:
        said = str(error)
    assert said[:1] == said[:1].lower()
    assert "Traceback" not in said
    assert n_items < 2
