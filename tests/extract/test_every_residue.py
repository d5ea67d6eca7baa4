"""The article of the sample newsroom that holds every kind of residue, as its page and as pasted text."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.extract.article import extract_article
from tracker.extract.residue import clean_residue
from tracker.records import Page
from tracker.starter.newsroom.content import OUTLETS, Story, read_stories
from tracker.starter.newsroom.pages import article_page, pasted_text

BASE = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
KINDS = {
    "ad", "read-also", "widget", "repeat", "glued", "machine", "pitch", "related", "headline", "credit", "source",
}  # fmt: skip
RESIDUE = (
    "adslot", "push(", "READ ALSO", "Nine million questions", "function(", "poll.js", "Follow The Circuit Post",
    "next Lena", "Certainly", "rewritten version", "newsletter", "morning letter", "inbox", "RELATED",
    "goes to a vote", "banned from three", "first published", "members' letter", "SOURCE", "Circuit Wire",
)  # fmt: skip


@pytest.fixture(scope="module")
def story() -> Story:
    return next(each for each in read_stories(BASE) if each.slug == "quillon-early-labels")


@pytest.fixture(scope="module")
def texts(story: Story) -> dict[str, str]:
    outlet = next(each for each in OUTLETS if each.slug == story.outlet)
    address = f"https://circuit.example{story.path}"
    body = article_page(story, outlet, origin="https://circuit.example", related=[])
    page = Page(address, address, 200, {"content-type": "text/html"}, body, NOW, 0.1)
    return {
        "page": extract_article(page, NOW).text,
        "pasted": clean_residue(pasted_text(story), story.title).text,
    }


def test_the_article_holds_every_kind(story: Story) -> None:
    assert {kind for kind in KINDS if f"[[{kind}" in story.body} == KINDS
    pasted = pasted_text(story)
    assert [words for words in RESIDUE if words not in pasted] == []


@pytest.mark.parametrize("form", ["page", "pasted"])
def test_nothing_of_it_is_left_in_the_text(texts: dict[str, str], form: str) -> None:
    left = [
        words for words in RESIDUE if words in texts[form] and words != "next Lena"
    ]  # parted in the page only
    assert left == []


@pytest.mark.parametrize("form", ["page", "pasted"])
def test_every_word_of_the_article_is_there(texts: dict[str, str], story: Story, form: str) -> None:
    assert texts[form].split() == story.clean_text.split()


def test_a_heading_in_bold_is_parted_from_its_sentence(texts: dict[str, str]) -> None:
    lines = texts["page"].split("\n")
    assert "What happens next" in lines
    assert any(line.startswith("Lena Marchetti-Holt, who leads") for line in lines)


def test_the_headline_stays_where_it_is_no_link(story: Story) -> None:
    assert clean_residue(f"“{story.title}”, it wrote.", story.title).text == f"“{story.title}”, it wrote."
