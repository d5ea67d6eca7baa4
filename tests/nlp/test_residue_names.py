"""No name comes out of an article's residue: what is found in the cleaned text stands in the article."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.extract.article import extract_article
from tracker.extract.residue import clean_residue
from tracker.nlp.analyse import Analyser
from tracker.records import Page, TextToRead
from tracker.starter.newsroom.content import OUTLETS, read_stories
from tracker.starter.newsroom.pages import article_page, pasted_text

BASE, NOW = dt.date(2026, 11, 20), dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def names_in(analyser: Analyser, title: str, text: str) -> set[str]:
    (analysis,) = analyser.analyse([TextToRead(title, text, "en")])
    return {mention.surface for mention in analysis.mentions}


@pytest.mark.slow
def test_residue_gives_no_names(analyser: Analyser) -> None:
    story = next(each for each in read_stories(BASE) if each.slug == "quillon-early-labels")
    outlet = next(each for each in OUTLETS if each.slug == story.outlet)
    address = f"https://circuit.example{story.path}"
    body = article_page(story, outlet, origin="https://circuit.example", related=[])
    page = extract_article(Page(address, address, 200, {"content-type": "text/html"}, body, NOW, 0.1), NOW)
    pasted = pasted_text(story)
    expected = names_in(analyser, story.title, page.text)
    assert expected <= {name for name in expected if name in story.clean_text}
    assert names_in(analyser, story.title, clean_residue(pasted, story.title).text) <= expected
    assert names_in(analyser, story.title, pasted) - expected  # without cleaning there would be some
