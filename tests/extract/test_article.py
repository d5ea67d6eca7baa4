"""Page to article."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.errors import ExtractError
from tracker.extract.article import EXTRACTOR, extract_article
from tracker.extract.feed_text import parsed_from_item
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import FoundItem, Page, ParsedArticle

DATA = Path(__file__).parent.parent / "data" / "extract"
NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://ledger.example.org/2026/04/copied?utm_source=feed"
PROSE = (
    "<p>The sample lab wrote that a rival had trained a model on its answers, which it denied on Monday.</p>"
)
BODY = PROSE + PROSE.replace(
    "Monday", "Tuesday, and again on Friday in a long letter to the sample committee"
)


def read(body: bytes | str, content_type: str = "text/html", url: str = URL) -> ParsedArticle:
    raw = body.encode() if isinstance(body, str) else body
    return extract_article(Page(url, url, 200, {"content-type": content_type}, raw, NOW, 0.1), NOW)


@pytest.fixture(scope="module")
def news() -> ParsedArticle:
    return read((DATA / "news.html").read_bytes())


def test_each_field_names_the_rule_that_won(news: ParsedArticle) -> None:
    assert (news.title.value, news.title.rule) == (
        "Sample lab says rival copied its model",
        "og:title and JSON-LD agree",
    )
    assert (news.byline.value, news.byline.rule) == ("A. Sample", "JSON-LD author")
    assert news.published is not None
    assert (news.published.at, news.published.precision) == (
        dt.datetime(2026, 4, 23, 14, 15, tzinfo=dt.UTC),
        "minute",
    )
    assert news.published.rule == "JSON-LD datePublished (iso)"
    assert news.modified is not None
    assert news.modified.rule == "meta article:modified_time (iso)"


def test_address_publisher_and_language_are_read(news: ParsedArticle) -> None:
    assert news.canonical_url == "https://ledger.example.org/2026/04/copied"
    assert news.site_name == "The Sample Ledger"
    assert news.language == "en"
    assert news.extractor == EXTRACTOR
    assert EXTRACTOR.endswith(EXTRACTOR_VERSION)


def test_the_text_holds_the_article_and_nothing_else(news: ParsedArticle) -> None:
    lines = news.text.split("\n")
    assert lines[0].startswith("The sample lab told a committee on Thursday that a rival")
    assert "What the rival says" in lines
    assert lines[-1].startswith("The committee will hear both sides")
    for residue in (
        "googletag",
        "READ ALSO",
        "Advertisement",
        "newsletter",
        "SOURCE",
        "Home",
        "©",
        "By A. Sample",
    ):
        assert residue not in news.text
    assert "said the letter was wrong in every point" in news.text
    assert "credit line: SOURCE: Sample Wire" in news.notes


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        ("", "text/html", "empty"),
        (b"%PDF-1.7 stream", "text/html", "the PDF is broken"),
        (b"\x89PNG\r\n", "image/png", "an image"),
        ('{"a": "b"}', "application/json", "JSON"),
        ("just words", "text/plain", "no HTML"),
        ("<html><body><p>Too short.</p></body></html>", "text/html", "no article"),
        ("<html><body>" + "<p>alpha beta gamma delta</p>" + "".join(f"<p>word list {n} of many</p>" for n in range(40)),
         "text/html", "list of words"),
    ],
)  # fmt: skip
def test_what_is_no_article_says_why(body: bytes | str, content_type: str, words: str) -> None:
    with pytest.raises(ExtractError, match=words):
        read(body, content_type)


def dated_list(line: str) -> str:
    head = "<title>Hearings of the sample committee</title><meta property='og:type' content='article'>"
    lines = "".join(f"<li>{line.format(n)}</li>" for n in range(1, 13))
    body = f"<h1>Hearings of the sample committee</h1><article><ul>{lines}</ul></article>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


def test_a_list_that_says_it_is_an_article_is_one() -> None:
    assert (
        "hearing 7 of the sample committee"
        in read(dated_list("May {0}: hearing {0} of the sample committee")).text
    )


def test_a_list_of_links_is_none_whatever_it_says() -> None:
    with pytest.raises(ExtractError, match="list of words or links"):
        read(dated_list("<a href='/{0}'>Hearing {0} of the sample committee begins today</a>"))


@pytest.mark.parametrize(
    "start",
    ["<div>" * 100_000, "<b>" * 400, "<h6>" * 3_000, "<form>" * 3_000, "<x-y>" * 3_000],
    ids=["div", "b", "h6", "form", "custom"],
)
def test_deep_nesting_loses_no_text(start: str) -> None:
    article = read(f"<html><head><title>Deep</title></head><body>{start}{BODY}")
    assert "trained a model" in article.text
    assert article.title.value == "Deep"
    assert start.startswith("<form>") or "deep" in article.notes[0]  # forms never stand inside one another


def test_broken_json_ld_does_no_harm() -> None:
    for block in (
        "[" * 50_000,
        '{"@type": "NewsArticle", "headline": 7, "author": [[3]]}',
        "{oops",
        '{"@type": null}',
    ):
        article = read(
            f"<html><head><title>T</title><script type='application/ld+json'>{block}</script></head>{BODY}"
        )
        assert article.title.value == "T"


def test_the_body_in_json_ld_is_used_when_the_page_shows_none() -> None:
    text = BODY.replace("<p>", "").replace("</p>", " ") * 2
    block = f'{{"@type": "NewsArticle", "headline": "Hidden", "articleBody": "{text}"}}'
    article = read(
        f"<html><head><script type='application/ld+json'>{block}</script></head><body><p>Loading</p></body>"
    )
    assert "trained a model" in article.text


def test_an_address_of_another_site_is_noted_and_not_believed() -> None:
    article = read(f"<html><head><link rel='canonical' href='https://elsewhere.example.com/x'></head>{BODY}")
    assert article.canonical_url == ""
    assert any("another site" in note for note in article.notes)


def test_the_front_page_is_no_address_of_an_article() -> None:
    assert (
        read(
            f"<html><head><link rel='canonical' href='https://ledger.example.org/'></head>{BODY}"
        ).canonical_url
        == ""
    )


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", "text/html", ""),
        ("cp1252", "text/html; charset=iso-8859-1", ""),
        ("cp1252", "text/html", "<meta charset=windows-1252>"),
        ("cp1252", "text/html; charset=utf-8", ""),
        ("utf-16", "text/html", ""),
    ],
)
def test_encodings_are_seen_through(encoding: str, content_type: str, meta: str) -> None:
    html = f"<html><head>{meta}<title>Café – Zoë</title></head><body>{BODY}</body></html>"
    assert read(html.encode(encoding), content_type).title.value == "Café – Zoë"


def test_a_chinese_page_is_an_article() -> None:
    sentence = "<p>该公司周一向委员会提交备忘录，称竞争对手使用其模型的回答进行训练，对方否认了这一说法。</p>"
    other = "<p>委员会主席周二表示，将在五月份听取双方的意见，并要求公布相关账户的名单。</p>"
    article = read(
        f"<html lang=zh><head><title>备忘录</title></head><body><article>{sentence}{other}</article></body></html>"
    )
    assert article.language == "zh"
    assert "否认" in article.text


def test_nothing_unstorable_gets_through() -> None:
    article = read(
        f"<html><head><title>A\x00B&#xD800;\u202e</title></head><body>{BODY}\x00&#0;&#xDFFF;</body></html>"
    )
    for value in (article.title.value, article.text):
        value.encode()
        assert not set(value) & set("\x00\u202e")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</div>", "<table>", "word. ", "<h1>", "<!--", "<a href=", "&#x0;", "<title>"]
        ),
        max_size=40,
    )
)
def test_no_page_raises_anything_else(pieces: list[str]) -> None:
    with contextlib.suppress(ExtractError):
        read("<html>" + "".join(pieces) + BODY)


def test_feed_text_becomes_an_article_of_its_own_kind() -> None:
    item = FoundItem(
        url="https://ledger.example.org/a",
        source_item_id="1",
        title="A sample headline",
        byline="A. Sample",
        text="The lab wrote a letter.\nREAD ALSO: More news\nSource: Sample Wire",
        published=None,
        language="en",
    )
    article = parsed_from_item(item)
    assert article.text == "The lab wrote a letter."
    assert article.extractor == f"feed-text {EXTRACTOR_VERSION}"
    assert article.notes == ("feed text only", "credit line: Source: Sample Wire")
    assert (article.title.rule, article.byline.rule) == ("feed title", "feed author")


def test_an_item_without_text_is_kept_too() -> None:
    assert parsed_from_item(FoundItem("", "id", "", "", "", None)).text == ""


@pytest.mark.parametrize("piece", ["<script ", "<!", "<script></script ", "<style><"])
def test_a_heavy_hostile_page_takes_time_in_proportion(piece: str) -> None:
    body = "<html>" + BODY + piece * (1_200_000 // len(piece))
    with cpu_below(15), contextlib.suppress(ExtractError):
        read(body)


def test_a_heavy_page_loses_its_scripts_but_not_its_json_ld() -> None:
    ld = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A sample"}</script>'
    heavy = f"<html><head>{ld}<script>{'x' * 2_100_000}</script></head><body>{BODY}</body></html>"
    article = read(heavy)
    assert "letter to the sample committee" in article.text
    assert not any("very long page" in note for note in article.notes)
