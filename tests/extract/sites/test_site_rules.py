"""Every site rule against its recordings, and what holds for all of them.

A recording is two files under `tests/data/extract/sites/<rule>/`, both invented in the real shape: `<case>.html` and
`<case>.yaml` with

    url:      where the page was found
    fetched:  when, as 2026-11-22T03:30:00Z
    expect:   text, and any of title, byline, published (ISO moment) with precision and date_rule

The folder is named after the rule, with `_` for what is no letter or digit. What is expected must come from the rule.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.quick import cpu_below
from tracker.errors import ExtractError
from tracker.extract.article import extract_article
from tracker.extract.sites import rule as site_rules
from tracker.extract.sites.rule import SITES, Period, SiteReading, SiteRule, read_by_rule
from tracker.records import FoundDate, Page, ParsedArticle

DATA = Path(__file__).parents[2] / "data" / "extract" / "sites"
CASES = sorted(DATA.glob("*/*.yaml"))
NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
TEXT = "The sample lab wrote that a rival had trained a model on its answers, which it denied on Monday. "
PAGE = (
    "<html><head><title>General title</title></head><body><article><h1>General title</h1><div class=t>Ruled title"
    "</div><div class=d>2026-04-23 10:00</div><p class=n>A. Sample</p>"
    f"<div class=b><p>{TEXT * 2}</p><p class=x>Removed words of a pitch.</p></div><p>{TEXT * 3}</p></article></body>"
)


def folder(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", name)


def read(told: dict[str, Any], body: bytes) -> ParsedArticle:
    fetched = dt.datetime.fromisoformat(str(told["fetched"]))
    url = told["url"]
    return extract_article(Page(url, url, 200, {"content-type": "text/html"}, body, fetched, 0.1), fetched)


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_recording_reads_as_expected_and_by_the_rule(case: Path) -> None:
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    article, expect = read(told, case.with_suffix(".html").read_bytes()), told["expect"]
    (rule,) = (f"site rule {name}" for name in SITES.names() if folder(name) == case.parent.name)
    assert (article.text, article.text_rule) == (expect["text"], rule)
    assert not [note for note in article.notes if "may have changed" in note]
    if "title" in expect:
        assert (article.title.value, article.title.rule) == (expect["title"], rule)
    if "byline" in expect:
        assert (article.byline.value, article.byline.rule) == (expect["byline"], rule)
    if "published" in expect:
        assert article.published is not None
        found = article.published
        assert found.at == dt.datetime.fromisoformat(expect["published"])
        assert (found.precision, found.rule) == (expect["precision"], expect["date_rule"])


def test_every_rule_has_a_recording() -> None:
    recorded = {case.parent.name for case in CASES if case.with_suffix(".html").exists()}
    assert {folder(name) for name in SITES.names()} - recorded == set()


def test_no_recording_is_left_of_a_rule_that_is_gone() -> None:
    assert {path.name for path in DATA.iterdir()} - {folder(name) for name in SITES.names()} == set()


def test_a_rule_stands_in_the_file_named_after_its_domain() -> None:
    files = {path.stem for path in Path(site_rules.__file__).parent.glob("*.py")} - {"__init__", "rule"}
    named = {folder(rule.domains[0].removeprefix("www.")) for _, rule in SITES}
    assert named == files


def test_every_rule_says_since_when_its_shape_is_known() -> None:
    assert [name for name, rule in SITES if rule.fetched.first is None] == []


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, SiteRule]]:
    """The table of rules, to be filled by a test."""
    table: list[tuple[str, SiteRule]] = []
    monkeypatch.setattr(site_rules, "SITES", table)
    return table


def reading(
    *, url: str = "https://news.paper.example/a", fetched: str = "2026-05-01", published: str = ""
) -> SiteReading | None:
    dated = (
        FoundDate(dt.datetime.fromisoformat(published + "T00:00:00Z"), "day", "meta") if published else None
    )
    at = dt.datetime.fromisoformat(fetched + "T12:00:00Z")
    return read_by_rule(PAGE, url=url, fetched_at=at, published=dated, now=NOW)


WHOLE = {"title": ".t", "byline": ".n", "date": ".d", "body": ".b", "remove": ".x"}


def test_a_rule_gives_title_names_date_and_text(ruled: list[tuple[str, SiteRule]]) -> None:
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), zone="Asia/Tokyo", **WHOLE)))  # type: ignore[arg-type]
    found = reading()
    assert found is not None
    assert (found.rule, found.title, found.names) == (
        "site rule paper.example",
        "Ruled title",
        ("A. Sample",),
    )
    assert found.text == (TEXT * 2).strip()
    assert found.published is not None
    assert found.published.at == dt.datetime(2026, 4, 23, 1, 0, tzinfo=dt.UTC)
    assert found.published.rule == "iso, clock of Asia/Tokyo"
    assert found.published.printed == "2026-04-23 10:00"


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        ("https://paper.example/a", True),
        ("https://deep.news.paper.example/a", True),
        ("https://paper.example.evil.test/a", False),
        ("https://notpaper.example/a", False),
        ("https://paper.example/other", False),
    ],
)
def test_a_site_is_known_by_its_registrable_domain_and_path(
    ruled: list[tuple[str, SiteRule]], url: str, *, is_read: bool
) -> None:
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), path="/a", body=".b")))
    assert (reading(url=url) is not None) == is_read


@pytest.mark.parametrize(
    ("fetched", "is_read"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_a_page_fetched_outside_of_the_period_is_not_touched(
    ruled: list[tuple[str, SiteRule]], fetched: str, *, is_read: bool
) -> None:
    period = Period(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), fetched=period, body=".b")))
    assert (reading(fetched=fetched) is not None) == is_read


@pytest.mark.parametrize(("published", "is_read"), [("2024-12-31", False), ("2025-01-01", True), ("", True)])
def test_a_page_published_outside_of_the_period_is_not_touched(
    ruled: list[tuple[str, SiteRule]], published: str, *, is_read: bool
) -> None:
    period = Period(dt.date(2025, 1, 1))
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), published=period, body=".b")))
    assert (reading(published=published) is not None) == is_read


def test_of_two_shapes_the_one_that_is_there_is_read(ruled: list[tuple[str, SiteRule]]) -> None:
    ruled.append(("a new", SiteRule(domains=("paper.example",), title=".gone", body=".gone")))
    ruled.append(("an old", SiteRule(domains=("paper.example",), title=".t", body=".b")))
    found = reading()
    assert found is not None
    assert found.rule == "site rule an old"


def test_what_a_rule_no_longer_finds_is_noted_and_read_in_general(ruled: list[tuple[str, SiteRule]]) -> None:
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), title=".t", body=".gone")))
    url = "https://paper.example/a"
    article = extract_article(Page(url, url, 200, {}, PAGE.encode(), NOW, 0.1), NOW)
    assert "site rule paper.example found no text: the site may have changed" in article.notes
    assert article.title.rule == "site rule paper.example"
    assert article.text_rule.startswith("trafilatura")
    assert "trained a model" in article.text


def test_a_rule_that_only_removes_leaves_the_rest_to_the_general_reading(
    ruled: list[tuple[str, SiteRule]],
) -> None:
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), remove=".b")))
    url = "https://paper.example/a"
    article = extract_article(Page(url, url, 200, {}, PAGE.encode(), NOW, 0.1), NOW)
    assert article.text_rule.endswith(", site rule paper.example")
    assert "Removed words" not in article.text
    assert article.title.value == "General title"


def test_nested_matches_are_taken_once(ruled: list[tuple[str, SiteRule]]) -> None:
    ruled.append(("paper.example", SiteRule(domains=("paper.example",), body=".b, .b p")))
    found = reading()
    assert found is not None
    assert found.text.count("Removed words") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<p>a</p>", "<div class=b><p>a", "<article><h1>a</h1>"], ids=["many", "deep", "nested"]
)
def test_a_hostile_page_of_a_ruled_site_takes_time_in_proportion(piece: str) -> None:
    body = f"<html><body><main id=main><article id=article-body><div class=article-body>{piece * 12_000}"
    for url in ("https://openai.com/index/a", "https://metro.co.uk/a", "https://www.techradar.com/a"):
        with cpu_below(12), contextlib.suppress(ExtractError):
            read({"url": url, "fetched": "2026-11-20T10:00:00Z"}, body.encode())
