"""`evaluate extraction`: text, title, names and date of pages with known answers, and trafilatura alone beside.

Both read the same raw bytes, one page after the other in the same process, so that the speeds compare.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trafilatura
from django.conf import settings

from tracker.errors import ExtractError
from tracker.extract.article import extract_article
from tracker.management.evaluate.extraction_gold import GoldPage, corpus_pages, newsroom_pages, own_pages
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.management.evaluate.scores import body_counts, body_f1, fold, is_day, names_f1
from tracker.records import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tracker.records import ParsedArticle

THEIRS = "trafilatura alone"
COLUMNS = ("pages", "body", "title", "authors", "date", "moment", "pages/s")
FLOORED = ("body", "title", "authors", "date")
"""Columns that have floors; speed depends on the machine."""
_PARTS = {"": "", "a": ", half a", "b": ", half b"}

_SHORT = GoldPage(
    "short", "https://example.com/", b"<html><body><p>A page of one short line.</p></body></html>", ""
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one system made of one page."""

    text: str
    title: str
    authors: tuple[str, ...]
    day: dt.date | None
    at: dt.datetime | None
    seconds: float
    parsed: ParsedArticle | None = None


@KINDS.register("extraction")
def evaluate_extraction(asked: Asked) -> Report:
    """Measure the project's own pages always, and those of the corpus when it is there."""
    report = Report(COLUMNS, FLOORED)
    own = Path(settings.BASE_DIR) / "tests" / "data" / "extract"
    sets = {"own": list(own_pages(own)), "newsroom": list(newsroom_pages())}
    if not sets["own"]:
        report.notes.append(f"There are no pages in {own}; the set 'own' is left out.")
    if asked.corpus is None or not (asked.corpus / "manifest.json").is_file():
        where = asked.corpus or "no folder was named"
        report.notes.append(f"The corpus is not there ({where}): only the project's own pages are measured.")
    else:
        sets |= corpus_pages(asked.corpus)
    report.notes.append(
        "body: F1 over runs of four words; title: the same words; authors: F1 of the names; date: the day, as\n"
        "printed or in UTC; moment: the minute, where the answer has a zone; pages/s: of processor time."
    )
    _silence()
    for page in (*sets["newsroom"][:1], _SHORT):  # word lists and models are loaded before the clock runs
        _both(page, is_first=True)
    for name, pages in sets.items():
        if not pages or (asked.sets and name not in asked.sets):
            continue
        asked_for = [page for page in pages if asked.half in {"", page.half}]
        read = [(page, *_both(page, is_first=n % 2 == 0)) for n, page in enumerate(asked_for)]
        halves = ("", "a", "b") if not asked.half and name not in {"own", "newsroom"} else (asked.half,)
        for half in halves:
            part = [row for row in read if not half or row[0].half == half]
            if part:
                report.figures[f"{name}{_PARTS[half]}"] = {
                    OURS: _figures([(page, ours) for page, ours, _ in part]),
                    THEIRS: _figures([(page, theirs) for page, _, theirs in part], has_moment=False),
                }
        report.shares[name] = _shares([ours for _, ours, _ in read])
    return report


def _silence() -> None:
    for name in ("trafilatura", "htmldate", "readability", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _both(page: GoldPage, *, is_first: bool) -> tuple[Answer, Answer]:
    """Let both read one page; who begins changes from page to page, as the second finds warm caches."""
    if is_first:
        ours = _timed(_ours, page)
        return ours, _timed(_theirs, page)
    theirs = _timed(_theirs, page)
    return _timed(_ours, page), theirs


def _timed(read: Callable[[GoldPage], Answer], page: GoldPage) -> Answer:
    started = time.process_time()
    answer = read(page)
    return replace(answer, seconds=time.process_time() - started)


def _ours(gold: GoldPage) -> Answer:
    now = dt.datetime.now(dt.UTC)
    page = Page(gold.url, gold.url, 200, {"content-type": "text/html"}, gold.body, now, 0.0)
    try:
        parsed = extract_article(page, now)
    except ExtractError:
        return Answer("", "", (), None, None, 0.0)
    at = parsed.published.at if parsed.published else None
    return Answer(
        parsed.text,
        parsed.title.value,
        tuple(parsed.byline.value.split(", ")),
        at.date() if at else None,
        at if parsed.published and parsed.published.precision == "minute" else None,
        0.0,
        parsed,
    )


def _theirs(gold: GoldPage) -> Answer:
    found: Any = trafilatura.bare_extraction(gold.body, url=gold.url, with_metadata=True)
    if found is None:
        return Answer("", "", (), None, None, 0.0)
    day = dt.date.fromisoformat(found.date) if found.date else None
    return Answer(
        found.text or "", found.title or "", tuple((found.author or "").split("; ")), day, None, 0.0
    )


def _figures(rows: Sequence[tuple[GoldPage, Answer]], *, has_moment: bool = True) -> dict[str, float | None]:
    titles = [fold(answer.title) == fold(page.title) for page, answer in rows if page.title is not None]
    names = [names_f1(answer.authors, page.authors) for page, answer in rows if page.authors is not None]
    days = [is_day(answer.day, page.published) for page, answer in rows if page.published]
    moments = [
        answer.at is not None and abs(answer.at - page.published) < dt.timedelta(minutes=1)
        for page, answer in rows
        if page.published and page.published.tzinfo
    ]
    spent = sum(answer.seconds for _, answer in rows)
    return {
        "pages": len(rows),
        "body": body_f1([body_counts(answer.text, page.text) for page, answer in rows]),
        "title": _mean(titles),
        "authors": _mean(names),
        "date": _mean(days),
        "moment": _mean(moments) if has_moment else None,
        "pages/s": len(rows) / spent if spent else None,
    }


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _shares(answers: Sequence[Answer]) -> dict[str, dict[str, float]]:
    """Return for each field how often each rule won; how the date was printed does not count."""
    won: dict[str, Counter[str]] = {"title": Counter(), "byline": Counter(), "published": Counter()}
    for answer in answers:
        parsed = answer.parsed
        won["title"][parsed.title.rule if parsed else "no article"] += 1
        won["byline"][parsed.byline.rule if parsed else "no article"] += 1
        date_rule = (
            parsed.published.rule if parsed and parsed.published else "none" if parsed else "no article"
        )
        won["published"][re.sub(r" \(.*\)$", "", date_rule)] += 1
    return {
        field: {rule: n / len(answers) for rule, n in counts.most_common()} for field, counts in won.items()
    }
