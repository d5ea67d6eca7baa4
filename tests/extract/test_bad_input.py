"""Pages that are hostile, broken or no article: each has a named outcome, in bounded processor time."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.extract.hostile_pages import CHINESE, GREEK, JAPANESE, LARGE, MORE, PROSE, RUSSIAN, html
from tests.quick import cpu_below
from tracker.errors import ExtractError
from tracker.extract.article import extract_article
from tracker.extract.error_page import error_kind
from tracker.records import Page, ParsedArticle

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://ledger.example.org/2026/04/page"
MOST_CPU_S = 10.0


def read(body: bytes | str, content_type: str = "text/html") -> ParsedArticle:
    raw = body.encode() if isinstance(body, str) else body
    return extract_article(Page(URL, URL, 200, {"content-type": content_type}, raw, NOW, 0.1), NOW)


@pytest.mark.slow
@pytest.mark.parametrize("body", LARGE.values(), ids=list(LARGE))
def test_a_page_of_5_mb_or_100_000_levels_is_read_in_time(body: str) -> None:
    with cpu_below(MOST_CPU_S):
        assert "trained a model" in read(body).text


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (html(RUSSIAN).encode("windows-1251"), "text/html; charset=windows-1251", "Лаборатория"),
        (html(RUSSIAN).encode("windows-1251"), "text/html; charset=iso-8859-1", "the page"),
        (html(RUSSIAN, '<meta charset="windows-1251">').encode("windows-1251"), "text/html", "Лаборатория"),
        (html(RUSSIAN).encode(), "text/html; charset=windows-1251", "Лаборатория"),
        (html(CHINESE, '<meta charset="gb2312">').encode("gb2312"), "text/html", "样例实验室"),
        (html(CHINESE).encode("gb18030"), "text/html; charset=GB2312", "样例实验室"),
        (html(JAPANESE, '<meta charset="Shift_JIS">').encode("cp932"), "text/html", "見本研究所"),
        (html(CHINESE).encode("utf-16"), "text/html", "样例实验室"),
        (html(GREEK), "text/html; charset=no-such-charset", "εργαστήριο"),
    ],
    ids=["1251", "1251 as latin-1", "1251 meta", "utf-8 as 1251", "gb2312", "gb18030", "sjis", "utf-16", "unknown"],
)  # fmt: skip
def test_each_encoding_is_read_or_refused_in_words(body: bytes, content_type: str, word: str) -> None:
    if word == "the page":  # a wrong declaration that no valid reading contradicts is followed
        assert read(body, content_type).text
        return
    assert word in read(body, content_type).text


def test_nul_and_lone_surrogates_lose_only_themselves() -> None:
    body = html(PROSE.replace("rival", "ri\0val") * 3).encode() + b"\xed\xa0\x80\xed\xb0\x80"
    text = read(body).text
    assert "a rival had trained" in text
    assert text.encode()


def test_a_language_without_a_model_is_read_like_any_other() -> None:
    article = read(html(GREEK))
    assert article.language == "el"
    assert "λογαριασμούς" in article.text


def test_one_word_is_named_no_article() -> None:
    with pytest.raises(ExtractError, match="no article"):
        read(html("word"))


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        ("Page not found", "not there"),
        ("404 - Page Not Found | The Sample Ledger", "not there"),
        ("Seite nicht gefunden", "not there"),
        ("您访问的页面不存在", "not there"),
        ("Just a moment...", "gate against machines"),
        ("503 Service Unavailable", "failure of the site"),
    ],
)
def test_an_error_page_answered_with_200_is_named(headline: str, words: str) -> None:
    more = (
        "<p>The address may have changed, or the text was moved. Try the search, or go to the front page.</p>"
    )
    with pytest.raises(ExtractError, match=words):
        read(html(f"<h1>{headline}</h1>{more * 3}", f"<title>{headline}</title>"))


@pytest.mark.parametrize(
    "headline",
    ["404 accounts asked one question", "Evidence not found in model audit", "Court says access denied to records",
     "Lost page of the statute found", "Just a moment of silence, says the lab", "500 answers copied"],
)  # fmt: skip
def test_a_headline_that_only_sounds_so_is_no_error_page(headline: str) -> None:
    assert error_kind(headline) == "" or headline[0].isdigit()
    assert read(html(f"<h1>{headline}</h1>{MORE}", f"<title>{headline}</title>")).text


def test_the_second_reading_gives_a_confidence() -> None:
    article = read(html(f"<h1>One page of the sample</h1><article>{MORE}</article>"))
    assert article.confidence is not None
    assert article.confidence > 0.9
    assert article.rules["confidence"] == f"{article.confidence:.2f}"
    assert article.rules["text"] == "trafilatura, fast"


def test_a_reading_that_disagrees_lowers_it() -> None:
    other = "The ferry will run later in the summer, said the port, which does not exist at all. " * 8
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{other}"}}</script>'
    article = read(html(f"<article>{MORE}</article>", f"<title>One page</title>{data}"))
    assert article.confidence is not None
    assert article.confidence < 0.5


def test_a_date_keeps_the_zone_in_which_it_is_printed() -> None:
    meta = '<meta property="article:published_time" content="2026-03-10T23:30:00-05:00">'
    article = read(html(MORE, f"<title>One page</title>{meta}"))
    assert article.published is not None
    assert article.published.at == dt.datetime(2026, 3, 11, 4, 30, tzinfo=dt.UTC)
    assert article.rules["published_as_printed"] == "2026-03-10T23:30:00-05:00"


@pytest.mark.parametrize("printed", ["1970-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "0001-01-01", "soon"])
def test_a_date_out_of_the_window_is_not_used(printed: str) -> None:
    meta = f'<meta property="article:published_time" content="{printed}">'
    assert read(html(MORE, f"<title>One page</title>{meta}")).published is None


@pytest.mark.parametrize(
    "address", ["https://ledger.example.org.evil.test/p", "https://xledger-example.org/p"]
)
def test_a_look_alike_address_is_noted_and_not_believed(address: str) -> None:
    article = read(html(MORE, f'<title>One page</title><link rel="canonical" href="{address}">'))
    assert article.canonical_url == ""
    assert "another site" in article.notes[0]


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        (
            "This article was first published at Ledger of Examples and is used with permission.",
            "credit line: This",
        ),
        ("Originally published by Sample Notes under a free licence.", "credit line: Originally"),
        ("SOURCE: Sample Wire", "credit line: SOURCE"),
    ],
)
def test_credits_leave_the_text_and_stay_in_the_notes(line: str, credit: str) -> None:
    article = read(html(f"<article>{MORE}<p>{line}</p></article>"))
    assert line not in article.text
    assert any(note.startswith(credit) for note in article.notes)


def test_the_agency_of_a_dateline_is_noted_and_stays() -> None:
    article = read(html(f"<article><p>NORTHGATE (Reuters) - The lab closed accounts.</p>{MORE}</article>"))
    assert article.text.startswith("NORTHGATE (Reuters) - ")
    assert "wire credit: Reuters" in article.notes


@pytest.mark.parametrize(("late_s", "is_used"), [(3, False), (-5, False), (600, True)])
def test_the_moment_of_serving_is_no_publication_date(late_s: int, is_used: bool) -> None:
    printed = (NOW - dt.timedelta(seconds=late_s)).isoformat()
    meta = f'<meta property="article:published_time" content="{printed}">'
    assert (read(html(MORE, f"<title>One page</title>{meta}")).published is not None) == is_used
