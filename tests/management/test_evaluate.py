"""`manage.py evaluate`: what it prints, what it says when there is no corpus, and the floors it holds."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tracker.management.evaluate import floors
from tracker.management.evaluate.extraction_gold import corpus_pages
from tracker.management.evaluate.kinds import KINDS, OURS, Report
from tracker.management.evaluate.scores import body_counts, body_f1, fold, is_day, names_f1

TEXT = "The sample laboratory closed four thousand accounts that had asked one question for three weeks. " * 4


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a corpus of one page with answers by version and one with the text alone."""
    html = (
        "<html><head><title>Accounts closed by the lab</title>"
        '<meta property="article:published_time" content="2026-03-01T10:00:00+01:00"></head>'
        f"<body><article><h1>Accounts closed by the lab</h1><p>{TEXT}</p></article></body></html>"
    )
    for name in ("one_2026_03_01.html.gz", "abc.html.gz"):
        (tmp_path / name).write_bytes(gzip.compress(html.encode()))
    body = {"summary": [], "sections": [{"headline": [], "paragraphs": [TEXT]}]}
    answer = {
        "title": "Accounts closed by the lab",
        "publishing_date": "2026-03-01 10:00:00+01:00",
        "body": body,
    }
    (tmp_path / "one.expected.json").write_text(json.dumps({"V1": answer}))
    (tmp_path / "gold.json").write_text(
        json.dumps({"abc": {"url": "https://b.example", "articleBody": TEXT}})
    )
    pages = [
        ("first:One", "one_2026_03_01.html.gz", "one.expected.json"),
        ("second:b.example", "abc.html.gz", "gold.json"),
    ]
    manifest = [
        {"kind": "page", "source": source, "path": path, "expected": gold, "url": "https://a.example/1"}
        for source, path, gold in pages
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def evaluate(*args: object) -> str:
    out = StringIO()
    call_command("evaluate", *args, stdout=out)
    return out.getvalue()


def test_own_pages_stay_above_their_floors() -> None:
    said = evaluate("extraction", "--floors")
    assert "The corpus is not there" in said
    assert "at or above its floor" in said


def test_a_corpus_is_measured_by_set_with_trafilatura_beside(corpus: Path, tmp_path: Path) -> None:
    said = evaluate(
        "extraction", "--corpus", corpus, "--json", tmp_path / "figures.json", "--set=first", "--set=second"
    )
    figures = json.loads((tmp_path / "figures.json").read_text())["figures"]
    assert {"first", "second"} <= set(figures)
    assert "own" not in figures
    assert figures["first"]["retort"]["date"] == 1.0
    assert figures["second"]["retort"]["title"] is None
    assert set(figures["first"]) == {"retort", "trafilatura alone"}
    assert "share of pages decided by each rule" in said
    assert "meta article:published_time 100%" in said


def test_a_figure_below_its_floor_fails_and_is_named(tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"extraction": {"own": {"title": 1.1}, "not measured": {"title": 2}}}))
    with pytest.raises(CommandError, match=r"own: title is 1\.0, floor 1\.1"):
        evaluate("extraction", "--floors", "--set=own", "--baseline", baseline)


def test_floors_are_raised_and_never_lowered() -> None:
    report = Report(("body", "title"), ("body", "title"), {"own": {OURS: {"body": 0.91239, "title": 0.5}}})
    assert floors.raised(report, {"own": {"title": 0.75}, "else": {"body": 1.0}}, report.floored) == {
        "own": {"body": 0.912, "title": 0.75},
        "else": {"body": 1.0},
    }


def test_the_file_of_floors_names_kinds_and_columns_that_exist() -> None:
    whole = json.loads((Path(settings.BASE_DIR) / "benchmarks" / "quality" / "baseline.json").read_text())
    assert set(whole) <= set(KINDS.names())
    assert {column for columns in whole["extraction"].values() for column in columns} <= {
        "body", "title", "authors", "date",
    }  # fmt: skip


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(CommandError, match="There are: entities, extraction"):
        evaluate("smell")


def test_missing_floors_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--raise-floors"):
        evaluate("extraction", "--floors", "--set=second", "--baseline", tmp_path / "none.json")


def test_halves_go_by_publisher(corpus: Path) -> None:
    pages = [page for pages in corpus_pages(corpus).values() for page in pages]
    assert {page.half for page in pages} <= {"a", "b"}
    assert next(page for page in pages if page.title).published == dt.datetime.fromisoformat(
        "2026-03-01T10:00:00+01:00"
    )


@pytest.mark.parametrize(
    ("found", "gold", "f1"),
    [
        ("one two three four five", "one two three four five", 1.0),
        ("ONE, two three\nfour five!", "one two three four five", 1.0),
        ("one two three four", "one two three four five", 2 / 3),
        ("", "one two three four", 0.0),
        ("样例实验室关闭", "样例实验室关闭", 1.0),
    ],
)
def test_body_is_measured_by_runs_of_four_words(found: str, gold: str, f1: float) -> None:
    assert body_f1([body_counts(found, gold)]) == pytest.approx(f1)


def test_names_titles_and_days_compare_as_a_reader_would() -> None:
    assert names_f1(["ADA  Writer", ""], ["Ada Writer"]) == 1.0
    assert names_f1([""], []) == 1.0
    assert names_f1(["Ada Writer", "Staff"], ["Ada Writer"]) == pytest.approx(2 / 3)
    assert fold("“A–B”  says") == fold("a b says")
    late = dt.datetime.fromisoformat("2026-03-10T23:30:00-05:00")
    assert is_day(dt.date(2026, 3, 10), late)
    assert is_day(dt.date(2026, 3, 11), late)
    assert not is_day(dt.date(2026, 3, 12), late)
    assert not is_day(None, late)
