"""The kind 'courtlistener': no entry of a docket is lost, and one entry has one id at every poll."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.child import FeedChild
from tracker.sources.courtlistener import CourtListenerKind
from tracker.sources.query import value_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
DOCKET = "https://www.courtlistener.com/docket/99000001/feed/"
API = "https://www.courtlistener.com/api/rest/v4/search/"
CASE = "https://www.courtlistener.com/docket/99000001/united-states-v-sample/"
COURT = "https://ecf.nsxd.uscourts.gov/cgi-bin"


@pytest.fixture(scope="module")
def kind() -> Iterator[CourtListenerKind]:
    child = FeedChild(deadline_s=10)
    yield CourtListenerKind(child)
    child.close()


def read(kind: CourtListenerKind, body: str, url: str = DOCKET) -> Listing:
    page = Page(url, url, 200, {"content-type": "application/xml"}, body.encode(), NOW, 0.1)
    return kind.parse(page, {}, NOW)


def docket_feed(*entries: tuple[str, str]) -> str:
    inside = "".join(
        f"<entry><title>Entry #{number} in A v. B, 1:26-cv-1</title><link href='{CASE}?order_by=desc#entry-{number}'/>"
        f"<published>2026-11-20T00:00:00-08:00</published><id>tag:x,2026-11-20:/{number}</id>"
        f"<summary type='html'>{text}</summary></entry>"
        for number, text in entries
    )
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Docket updates for A v. B</title>{inside}</feed>"
    )


def court_feed(*items: tuple[str, str, str]) -> str:
    inside = "".join(
        f"<item><title>1:26-cv-1 A v. B</title><link>{COURT}/DktRpt.pl?1</link><guid>{guid}</guid>"
        f"<pubDate>{date}</pubDate><description><![CDATA[{text}]]></description></item>"
        for guid, date, text in items
    )
    return f"<rss version='2.0'><channel><title>Sample Court - Recent Entries</title>{inside}</channel></rss>"


def test_every_entry_of_a_docket_is_kept_and_can_be_opened(kind: CourtListenerKind) -> None:
    items = read(kind, docket_feed(*((str(n), "ORDER") for n in range(30)))).items
    assert len({item.source_item_id for item in items}) == 30
    assert {item.url for item in items} == {""}
    assert items[7].facts["link"] == f"{CASE}?order_by=desc#entry-7"
    assert {item.facts["docket"] for item in items} == {CASE}


def test_an_entry_keeps_its_id_when_its_words_or_the_name_of_the_case_change(kind: CourtListenerKind) -> None:
    before = read(kind, docket_feed(("7", "MOTION"))).items[0]
    renamed = docket_feed(("7", "MOTION (corrected)")).replace("united-states-v-sample", "sample-v-sample")
    after = read(kind, renamed).items[0]
    assert before.source_item_id == after.source_item_id == "docket/99000001#entry-7"


DAY, LATER = "Fri, 20 Nov 2026 17:33:53 GMT", "Fri, 20 Nov 2026 18:00:00 GMT"


@pytest.mark.parametrize(
    ("items", "n_kept"),
    [
        ([(f"{COURT}/DktRpt.pl?1-7", DAY, "[Order] (7)"), (f"{COURT}/DktRpt.pl?1-8", DAY, "[Order] (8)")], 2),
        (
            [
                (f"{COURT}/DktRpt.pl?1-7", DAY, "[Add Judge]"),
                (f"{COURT}/DktRpt.pl?1-7", DAY, "[Add Trustee]"),
            ],
            2,
        ),
        (
            [
                (f"{COURT}/DktRpt.pl?1", DAY, "[Order] A v. B"),
                (f"{COURT}/DktRpt.pl?1", LATER, "[Order] A v. B"),
            ],
            2,
        ),
        (
            [
                (f"{COURT}/DktRpt.pl?1", DAY, "[Order] A v. B"),
                (f"{COURT}/DktRpt.pl?1", DAY, "[Motion] A v. B"),
            ],
            2,
        ),
        (
            [
                (f"{COURT}/DktRpt.pl?1", DAY, "[Order] A v. B"),
                (f"{COURT}/DktRpt.pl?1", DAY, "[Order] A v. B"),
            ],
            1,
        ),
        ([("", DAY, "[Order]"), ("", LATER, "[Order]")], 2),
    ],
)
def test_entries_of_a_court_that_share_an_address_are_told_apart(
    kind: CourtListenerKind, items: list[tuple[str, str, str]], n_kept: int
) -> None:
    assert len(read(kind, court_feed(*items), f"{COURT}/rss_outside.pl").items) == n_kept


@pytest.mark.parametrize(
    ("text", "description", "document"),
    [
        (
            "[Motion to Dismiss] (<a href='https://ecf.nsxd.uscourts.gov/doc1/1'>13</a>)",
            "Motion to Dismiss",
            "13",
        ),
        ("[Termination] (<a href='https://ecf.nsxd.uscourts.gov/doc1/1'>Document</a>)", "Termination", ""),
        (
            "[Motion, Redact (Fee) (NOT for [old] papers)] (47)",
            "Motion, Redact (Fee) (NOT for [old] papers)",
            "47",
        ),
        ("[Order] A v. B", "Order", ""),
        ("no brackets at all", "no brackets at all", ""),
        ("", "", ""),
    ],
)
def test_the_words_of_a_court_are_taken_apart(
    kind: CourtListenerKind, text: str, description: str, document: str
) -> None:
    (item,) = read(kind, court_feed((f"{COURT}/DktRpt.pl?1-7", DAY, text)), f"{COURT}/rss_outside.pl").items
    assert (item.facts.get("description", ""), item.facts.get("document", "")) == (description, document)
    assert item.facts["link"]


def test_a_search_is_asked_with_its_settings() -> None:
    kind = CourtListenerKind()
    (url,) = kind.addresses(API, {"query": '"trade secret"', "court": "cand nysd", "days": "30"}, NOW)
    assert (value_asked(url, "type"), value_asked(url, "q")) == ("r", '"trade secret"')
    assert value_asked(url, "order_by") == "entry_date_filed desc"
    assert value_asked(url, "entry_date_filed_after") == "2026-10-23"
    (opinions,) = kind.addresses(API, {"type": "o", "days": "1"}, NOW)
    assert value_asked(opinions, "filed_after") == "2026-11-21"
    assert kind.addresses(DOCKET, {"query": "x"}, NOW) == (DOCKET,)
    with pytest.raises(FeedError, match="the setting 'type' is 'x'; write one of o, oa"):
        kind.addresses(API, {"type": "x"}, NOW)


def test_the_past_is_searched_month_by_month_through_the_api_only() -> None:
    kind = CourtListenerKind()
    urls = kind.past(API, {"query": "x"}, dt.date(2026, 1, 31), dt.date(2026, 2, 2))
    spans = [
        (value_asked(u, "entry_date_filed_after"), value_asked(u, "entry_date_filed_before")) for u in urls
    ]
    assert spans == [("2026-01-31", "2026-01-31"), ("2026-02-01", "2026-02-02")]
    assert kind.past(DOCKET, {}, dt.date(2026, 1, 31), dt.date(2026, 2, 2)) == ()


def test_the_next_page_must_be_of_the_same_site(kind: CourtListenerKind) -> None:
    listing = read(kind, json.dumps({"results": [], "next": "https://elsewhere.example.net/?cursor=1"}), API)
    assert listing.more == ()
    assert "on another site" in listing.warnings[0]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!doctype html><html>Checking",
        "<note/>",
        "words",
        "[]",
        "{}",
        '{"results": null}',
        '{"detail": "no"}',
    ],
)
def test_what_is_neither_feed_nor_answer_ends_in_one_sentence(kind: CourtListenerKind, body: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(kind, body, API)
    assert str(caught.value)[0].islower()


@pytest.mark.parametrize("odd", [None, 3, True, [], {}, [[1]], {"name": None}, "x", "9999-99-99"])
def test_odd_members_harm_nobody(kind: CourtListenerKind, odd: object) -> None:
    names = "caseName docketNumber dateFiled party attorney court cause recap_documents opinions snippet citation id"
    shapes = (
        {"docket_absolute_url": "/docket/1/a-v-b/"},
        {"absolute_url": "/docket/1/2/a-v-b/", "document_number": "2"},
        {"absolute_url": "/opinion/1/a-v-b/"},
    )
    rows = [
        {**dict.fromkeys(names.split(), odd), "entry_number": odd, "description": odd, **shape}
        for shape in shapes
    ]
    assert len(read(kind, json.dumps({"results": rows}), API).items) == 3
