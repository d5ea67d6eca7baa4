"""The kind 'govinfo_bill': names, days, text, and documents that mean harm."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.quick import cpu_below
from tracker.errors import FeedError
from tracker.records import Listing, Page
from tracker.sources.kind import KINDS

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://www.govinfo.gov/content/pkg/BILLS-119hr99901ih/xml/BILLS-119hr99901ih.xml"
kind = KINDS.get("govinfo_bill")
FORM = "<form><congress>119th CONGRESS</congress><legis-num>H. J. RES. 7</legis-num></form>"


def read(body: str | bytes, url: str = URL) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    return kind.parse(Page(url, url, 200, {"content-type": "application/xml"}, raw, NOW, 0.1), {}, NOW)


def bill(inside: str, form: str = FORM, head: str = "") -> str:
    return f"{head}<bill bill-stage='Introduced-in-House'>{form}<legis-body>{inside}</legis-body></bill>"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!doctype html><html><body>Checking your browser", "this is a web page, not a bill in XML"),
        ('{"error": 1}', "this is JSON, not a bill in XML"),
        ("", "the answer is empty"),
        ("just words", "cannot be read as XML; it begins 'just words'"),
        ("<billStatus/>", "its first element is 'billStatus'"),
        ("<bill/>", "neither a number nor a text"),
    ],
)
def test_what_is_no_bill_says_what_it_is(body: str, words: str) -> None:
    with pytest.raises(FeedError, match=words):
        read(body, "https://www.govinfo.gov/some.xml")


def test_the_address_names_a_bill_that_does_not_name_itself() -> None:
    (item,) = read("<bill><legis-body><section><text>Words.</text></section></legis-body></bill>").items
    assert (item.title, item.source_item_id, item.published) == ("H.R. 99901", "BILLS-119hr99901ih", None)


def test_without_metadata_the_number_and_the_stage_are_the_id() -> None:
    (item,) = read(bill("<section><text>x</text></section>"), "https://www.govinfo.gov/some.xml").items
    assert item.source_item_id == "119 H.J.RES. 7 Introduced-in-House"


@pytest.mark.parametrize("printed", ["", "99999999", "00000000", "20990101", "in due time"])
def test_a_day_that_cannot_be_is_no_day(printed: str) -> None:
    form = f"<form><legis-num>S. 1</legis-num><action><action-date date='{printed}'/></action></form>"
    (item,) = read(bill("<section><text>x</text></section>", form)).items
    assert item.published is None


def test_a_cut_file_keeps_what_can_be_read_and_says_so() -> None:
    listing = read(bill("<section><enum>1.</enum><text>Kept words.</text></section>")[:-20])
    assert "Kept words." in listing.items[0].text
    assert any("not well-formed" in warning for warning in listing.warnings)


BOMB = (
    '<!DOCTYPE bill [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
)


def test_entities_are_never_resolved() -> None:
    (item,) = read(bill("<section><text>&d;&e;&ldquo;seen&rdquo;</text></section>", head=BOMB)).items
    assert "root:" not in item.text
    assert "aaaa" not in item.text
    assert "seen" in item.text


def test_deep_nesting_and_long_text_take_no_time() -> None:
    deep = "<subsection>" * 200 + "<text>bottom</text>" + "</subsection>" * 200
    wide = "<section><enum>1.</enum><text>words</text></section>" * 20_000
    with cpu_below(10.0):
        assert "bottom" in read(bill(deep)).items[0].text
        assert read(bill(wide)).items[0].text.count("words") == 20_000
        assert len(read(bill("<subsection>" * 100_000)).items) == 1


def test_quotations_and_struck_text_read_as_printed() -> None:
    inside = (
        "<section><enum>1.</enum><text>Add:<quoted-block><paragraph><enum>(2)</enum><text>new.</text></paragraph>"
        "<after-quoted-block>.</after-quoted-block></quoted-block></text></section>"
        "<section changed='deleted'><text>old words</text></section><!-- a remark -->tail"
    )
    (item,) = read(bill(inside)).items
    assert item.text == "SEC. 1. Add:\n\u201c(2) new.\u201d.\ntail"
