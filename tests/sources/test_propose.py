"""What is proposed for a page that lists articles: invented pages in the shapes that newsrooms have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Page
from tracker.sources.kind import KINDS
from tracker.sources.propose import Proposal, propose

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://lab.example.org/news"
TITLES = (
    "Sample lab opens an office in an invented town",
    "How we look for copies of sample models",
    "A letter to the sample committee about extraction",
    "Introducing Sample Model Nine, which does not exist",
    "What the invented rules mean for small laboratories",
    "Sample lab and Sample Institute agree on a test",
)
FRAME = """<!doctype html><html lang="en"><head><title>News | Sample Lab</title></head><body>
<header><nav><ul class="menu"><li><a href="/">Home</a></li><li><a href="/research">Research</a></li>
<li><a href="/careers">Careers</a></li><li><a href="/about">About us</a></li></ul></nav></header>
{}
<footer><ul><li><a href="/legal">Legal</a></li><li><a href="/privacy">Privacy policy of the lab</a></li>
<li><a href="https://social.example/sample">Follow us</a></li><li><a href="/contact">Contact</a></li></ul></footer>
</body></html>"""


def day(n: int) -> dt.date:
    return dt.date(2026, 7, 30) - dt.timedelta(days=9 * n)


def words(n: int) -> str:
    return f"{day(n):%B} {day(n).day}, {day(n).year}"


def each(make: Callable[[int, str], str]) -> str:
    return "".join(make(n, title) for n, title in enumerate(TITLES))


CARDS = (
    '<main><div class="grid">'
    + each(
        lambda n, title: (
            f'<a class="card{" card--featured" if not n else ""}" href="/news/item-{n}"><img src="/{n}.png">'
            f'<div class="card-body"><h3 class="card-title">{title}</h3><p>Read on.</p>'
            f'<span class="card-date">{words(n)}</span></div></a>'
        )
    )
    + "</div></main>"
)
TABLE = (
    "<main><table><thead><tr><th>Date</th><th>Release</th></tr></thead><tbody>"
    + each(
        lambda n, title: f'<tr><td>{day(n):%m/%d/%Y}</td><td><a href="/releases/{n}">{title}</a></td></tr>'
    )
    + "</tbody></table></main>"
)
DEFINITIONS = (
    '<div id="content"><dl class="news">'
    + each(lambda n, title: f'<dt>{day(n):%Y年%m月%d日}</dt><dd><a href="/n/{n}.html">{title}</a></dd>')
    + "</dl></div>"
)
NESTED = (
    '<div class="view-content">'
    + each(
        lambda n, title: (
            f'<div class="views-row"><div class="cat"><a href="/category/letters">Letters</a></div>'
            f'<h2 class="t"><a href="/news/item-{n}">{title}</a></h2>'
            f'<time datetime="{day(n)}T09:00:00Z">{words(n)}</time>'
            f'<a href="/news/item-{n}">Read more</a></div>'
        )
    )
    + "</div>"
)
HASHED = (
    '<main><section class="List_wrapper__a8Xk2"><ul>'
    + each(
        lambda n, title: (
            f'<li class="css-1x8f0a"><a class="PostCard_link__Zq3Wk" href="/news/item-{n}">'
            f'<span class="PostCard_date__9xKp1">{words(n)}</span>'
            f'<span class="PostCard_title__Bb71z">{title}</span></a></li>'
        )
    )
    + "</ul></section></main>"
)
UTILITY = (
    '<main><div class="mt-4 grid md:grid-cols-3 gap-6">'
    + each(
        lambda n, title: (
            f'<div class="flex flex-col p-4"><a class="text-lg hover:underline" href="/news/item-{n}">{title}'
            f'</a><div class="text-sm text-gray-500">{day(n):%d %b %Y}</div></div>'
        )
    )
    + "</div></main>"
)
MINISTRY = (
    '<div class="newsBd"><ul>'
    + each(lambda n, title: f'<li><a href="./2026{n:02}/t{day(n):%Y%m%d}_1199{n}.html">{title}</a></li>')
    + "</ul></div>"
)
BARE = "<div>" + each(lambda n, title: f'<p><a href="/{day(n):%Y/%m/%d}/item-{n}">{title}</a></p>') + "</div>"
ARTICLES = (
    '<div id="main">'
    + each(
        lambda n, title: (
            f'<article class="post post-{n}1"><header><h2><a href="/news/item-{n}">{title}</a></h2></header>'
            f'<p class="meta">By A. Sample | {words(n)} | Letters</p></article>'
        )
    )
    + '</div><div class="pagination"><a class="next" href="?page=2">Next</a></div>'
)
GROUPED = "<main>" + "".join(
    f'<h2>{year}</h2><ul class="archive">'
    + "".join(
        f"<li><span>{day(n):%b} {day(n).day}, {year}</span> "
        f'<a href="/news/{year}/item-{n}">{TITLES[n]} ({year})</a></li>'
        for n in range(3)
    )
    + "</ul>"
    for year in (2026, 2025)
) + "</main>"  # fmt: skip


def page(body: str | bytes, url: str = URL) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url, url, 200, {"content-type": "text/html; charset=utf-8"}, raw, NOW, 0.1)


def best(body: str) -> Proposal:
    return propose(page(FRAME.format(body)))[0]


@pytest.mark.parametrize(
    ("body", "options"),
    [
        (CARDS, {"link": "a.card", "date": "span.card-date"}),
        (TABLE, {"item": "tbody tr", "date": "td", "date_format": "month first"}),
        (DEFINITIONS, {"item": "dl.news dd", "date": "prev dt"}),
        (NESTED, {"item": "div.views-row", "date": "time"}),
        (HASHED, {"item": 'section[class*="List_wrapper__"] li', "title": '[class*="title" i]',
                  "date": 'span[class*="PostCard_date__"]'}),
        (UTILITY, {"item": "div.flex", "date": "div.text-sm"}),
        (MINISTRY, {"item": "div.newsBd li", "date_from_url": r"/t(?P<date>20\d{6})_"}),
        (BARE, {"date_from_url": r"/(?P<year>20\d\d)/(?P<month>\d\d)/(?P<day>\d\d)(?:/|-|$)"}),
        (ARTICLES, {"item": "article.post", "date": "p.meta", "next": "a.next"}),
        (GROUPED, {"item": "ul.archive li", "date": "span"}),
    ],
    ids=["cards", "table", "definitions", "nested", "hashed", "utility", "ministry", "bare", "articles", "grouped"],
)  # fmt: skip
def test_the_list_of_articles_is_proposed_first(body: str, options: dict[str, str]) -> None:
    found = best(body)
    assert {name: found.options.get(name, "") for name in options} == options
    assert found.kind == "html_list"
    assert found.n_items == found.n_dated == 6
    assert [sample.title for sample in found.samples][:2] in (
        list(TITLES[:2]),
        [f"{t} (2026)" for t in TITLES[:2]],
    )
    assert [sample.date.date() if sample.date else None for sample in found.samples][:3] == [
        day(0),
        day(1),
        day(2),
    ]
    assert found.words == "6 items on the page, 6 with a date"


@pytest.mark.parametrize("body", [CARDS, TABLE, DEFINITIONS, NESTED, HASHED, UTILITY, ARTICLES])
def test_what_is_proposed_is_what_comes_in(body: str) -> None:
    for proposal in propose(page(FRAME.format(body))):
        listing = KINDS.get(proposal.kind).parse(page(FRAME.format(body)), proposal.options, NOW)
        assert len(listing.items) == proposal.n_items
        assert listing.warnings == ()


def test_the_frame_of_the_page_is_not_proposed() -> None:
    for body in (CARDS, TABLE, NESTED):
        urls = [sample.url for found in propose(page(FRAME.format(body))) for sample in found.samples]
        assert not [url for url in urls if "legal" in url or "careers" in url]


def test_feeds_that_the_page_names_come_first() -> None:
    head = """<html><head>
    <link rel="alternate" type="application/rss+xml" title="Sample Lab: comments" href="/comments/feed/">
    <link rel="alternate" type="application/rss+xml" title="Sample Lab" href="/feed/">
    <link rel="alternate" type="application/feed+json" href="https://lab.example.org/feed.json">
    <link rel="alternate" type="text/html" hreflang="fr" href="/fr/">
    </head><body>"""
    found = propose(page(head + CARDS))
    assert [(one.kind, one.url, one.n_items) for one in found] == [
        ("feed", "https://lab.example.org/feed/", None),
        ("json_feed", "https://lab.example.org/feed.json", None),
        ("feed", "https://lab.example.org/comments/feed/", None),
        ("html_list", URL, 6),
    ]
    assert found[0].words == "feed that the page names: Sample Lab"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<html><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{"props":{}}</script>',
         "no feed is named, and the page has no links and is made by a script in the browser"),
        ('<div id="root"></div><a href="/">Home</a><noscript>Please enable JavaScript</noscript>',
         "the page has 1 link and is made by a script"),
        (FRAME.format("<main><p>Nothing here yet.</p></main>"), "nothing in this page can be collected as a list"),
        ("<html><body><p>Words.</p></body></html>", "the page has no links"),
        ("", "the answer is empty"),
        ("{}", "this is JSON"),
        ("<rss version='2.0'/>", "this is a feed"),
    ],
    ids=["next", "root", "frame", "words", "empty", "json", "feed"],
)  # fmt: skip
def test_where_nothing_is_usable_it_says_so(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        propose(page(body))


def test_a_page_of_many_links_takes_no_time() -> None:
    rows = "".join(
        f'<li class="r"><a href="/x/{n}">{TITLES[n % 6]} {n}</a> <b>{words(n % 6)}</b></li>'
        for n in range(600)
    )
    with cpu_below(15.0):
        found = propose(page(f"<ul>{rows}</ul>"))
    assert found[0].n_items == 600


@pytest.mark.parametrize(
    "body",
    [
        "<a href=/x>" * 20_000,
        "<div>" * 40_000 + CARDS,
        "".join(f"<div><a href=/{n}>t{n}</a>" for n in range(3000)),
    ],
    ids=["links", "depth", "staircase"],
)
def test_hostile_pages_end(body: str) -> None:
    with cpu_below(15.0):
        assert outcome(body) >= 0


def outcome(body: str) -> int:
    """Return how many ways are proposed."""
    try:
        return len(propose(page(body)))
    except FeedError:
        return 0


@given(st.text(alphabet="<>/adivul ='\"lihref#.:0123", max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_page_breaks_it(body: str) -> None:
    assert outcome(f"<ul>{body}") >= 0
