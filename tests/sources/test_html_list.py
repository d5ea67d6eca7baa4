"""Listing pages: settings that cannot be used, parts that are lost, and pages that mean harm."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://lab.example.org/news"
CARD = '<div class="card"><a href="/news/{n}"><h3>Sample {n}</h3></a><span class="day">July {n}, 2026</span></div>'
CARDS = "".join(CARD.format(n=n) for n in range(1, 6))


def read(body: bytes | str, content_type: str = "text/html", **options: str) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    page = Page(URL, URL, 200, {"content-type": content_type}, raw, NOW, 0.1)
    return KINDS.get("html_list").parse(page, options, NOW)


def outcome(body: str, **options: str) -> tuple[str, int]:
    """Return what the error says, or "" and the number of items."""
    try:
        return "", len(read(body, **options).items)
    except FeedError as error:
        return str(error), 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "'item' or 'link' is missing"),
        ({"title": "h3"}, "'item' or 'link' is missing"),
        ({"item": "ul..x"}, "'item' is no CSS selector: 'ul..x' .Malformed class selector at position 2"),
        ({"item": "div", "title": "a[href"}, "'title' is no CSS selector"),
        ({"item": "div", "date": "p::before"}, "'date' is no CSS selector"),
        ({"item": "div", "next": "a" * 600}, "'next' is longer than 500"),
        ({"item": "div", "zone": "Mars"}, "'zone' names no time zone"),
        ({"item": "div", "date_format": "YYYY"}, "'date_format' cannot be used"),
        ({"item": "div", "date_from_url": "("}, "'date_from_url' is no regular expression"),
        ({"item": "div", "date_from_url": r"(\w+/)*(?P<date>\d{8})"}, "'date_from_url' may take very long"),
        ({"item": "ul.news li"}, "no element matches the setting 'item' .ul.news li.; the page has 5 links$"),
        (
            {"item": ".card", "date": ".gone"},
            "no element in any of the 5 blocks matches the setting 'date' ..gone.",
        ),
        ({"item": ".card", "link": "h2 a"}, "matches the setting 'link'"),
        ({"item": ".day"}, "none of the 5 elements that were selected has a link; the page has 5 links"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(options: dict[str, str], words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(CARDS, **options)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "the answer is empty"),
        ("<rss version='2.0'><channel></channel></rss>", "this is a feed"),
        ('{"items": []}', "this is JSON"),
        ("just words", "no HTML in it; it begins 'just words'"),
        ('<div id="__next"></div><script id="__NEXT_DATA__">{}</script>', "no links and is made by a script"),
    ],
)
def test_what_is_no_listing_says_what_came(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body, item="li")


def test_blocks_are_read() -> None:
    listing = read(CARDS, item=".card", date=".day")
    assert [(item.url[-1], item.title) for item in listing.items] == [
        (str(n), f"Sample {n}") for n in range(1, 6)
    ]
    assert [item.published.at.day for item in listing.items if item.published] == [1, 2, 3, 4, 5]


def test_a_picture_and_a_headline_of_one_address_are_one_item() -> None:
    body = '<a href="/news/1"><img src="x.png"></a><a href="/news/1">Sample one</a>'
    body += '<a href="/news/2"><img alt="Two"></a>'
    assert [item.title for item in read(body, link="a").items] == ["Sample one", "Two"]


def test_the_date_is_no_part_of_the_title() -> None:
    body = '<a href="/news/1"><time datetime="2026-07-01">July 1</time> Sample one <i>News</i></a>'
    (item,) = read(body, link="a", summary="i").items
    assert (item.title, item.text) == ("Sample one", "News")
    assert item.published is not None
    assert item.published.at.date() == dt.date(2026, 7, 1)


def test_a_chosen_link_gives_the_title_before_a_heading_elsewhere() -> None:
    body = '<li><h4>Category</h4><a href="/c">All</a><a class="t" href="/news/1">Sample one</a></li>'
    assert [item.title for item in read(body, item="li", link="a.t").items] == ["Sample one"]
    assert [item.title for item in read(body, item="li").items] == ["Category"]


@pytest.mark.parametrize(
    "printed",
    ["Jul 30, 2026 | Press release", "Posted on July 30, 2026", "（2026-07-30）", "[30.07.2026]",
     "发布时间：2026年7月30日", "<b>Letters</b> <i>30 July 2026</i>", "Press — 30 July 2026 — Washington"],
)  # fmt: skip
def test_a_date_is_found_beside_other_words(printed: str) -> None:
    (item,) = read(f'<li><a href="/news/1">One</a><span>{printed}</span></li>', item="li", date="span").items
    assert item.published is not None
    assert (item.published.at.date(), item.published.precision) == (dt.date(2026, 7, 30), "day")


def test_a_page_in_another_encoding_is_read() -> None:
    body = '<meta charset="gb2312"><ul><li><a href="/1.html">样本公司回应</a></li></ul>'.encode("gb18030")
    assert [item.title for item in read(body, item="li").items] == ["样本公司回应"]
    body = '<ul><li><a href="/1.html">見本の発表</a></li></ul>'.encode("cp932")
    assert [item.title for item in read(body, "text/html; charset=Shift_JIS", item="li").items] == [
        "見本の発表"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 60_000,
        "<a href=/x>" * 30_000,
        "<table><tr><td>" * 20_000,
        "<b><i>" * 60_000 + CARDS,
        "<!--" * 90_000,
        "<script>" * 45_000,
        "<li class='" * 30_000,
        '<svg><a href="/1">' * 20_000,
        "<time>" * 50_000,
    ],
    ids=lambda body: body[:12],
)
def test_hostile_pages_cost_no_more_than_their_length(body: str) -> None:
    with cpu_below(6.0):
        said, n_items = outcome(body, item="div, a, li", link="a", date="time, span")
    assert said[:1] == said[:1].lower()
    assert n_items < 10


def test_blocks_in_blocks_in_blocks_end() -> None:
    body = "<div class=card>" * 140 + "<p>words</p>" * 4000
    with cpu_below(8.0):
        assert "has a link" in outcome(body, item=".card")[0]


@given(
    st.text(alphabet="<>/ab ='\"lihref#.:", max_size=300),
    st.sampled_from(["a", "li", "* > *", ":has(a)", "prev a"]),
)
@settings(max_examples=60, deadline=None)
def test_no_page_and_no_selector_breaks_the_reader(body: str, selector: str) -> None:
    assert "Traceback" not in outcome(f"<p>{body}", item=selector, date="b")[0]
