"""A bill or resolution of the US Congress, met as XML where a page was asked for; `text.bill` reads it.

Promises what the kind `govinfo_bill` says of the same file, so that it does not matter how a bill was found.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.extract.version import EXTRACTOR_VERSION
from tracker.records import Field, FoundDate, ParsedArticle
from tracker.text.bill import Bill, action_days, is_bill, metadata_day
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.xml_tree import xml_root

if TYPE_CHECKING:
    import datetime as dt

    from tracker.records import Page

RULE = "bill XML"
EXTRACTOR = f"bill-xml {EXTRACTOR_VERSION}"
"""Name and version stored with every revision."""

_FIRST = re.compile(rb"<(?:\w{1,20}:)?(?:bill|resolution|amendment-doc|engrossedAmendment)[\s>]")
_HEAD = 4096


def read_bill(page: Page, now: dt.datetime) -> ParsedArticle | None:
    """Return the article that a bill in XML is; None for everything else."""
    if not _FIRST.search(page.body[:_HEAD]):
        return None
    notes: list[str] = []
    root = xml_root(page.body, notes)
    if root is None or not is_bill(root):
        return None
    bill = Bill(root, page.final_url, notes)
    if bill.is_empty:
        return None
    byline = ", ".join(bill.sponsors)
    return ParsedArticle(
        title=Field(bill.title, RULE),
        byline=Field(byline, RULE if byline else "none"),
        text=bill.text,
        language="en",
        canonical_url="",
        published=_latest_action(root, now, notes),
        modified=None,
        site_name="",
        extractor=EXTRACTOR,
        notes=tuple(notes),
        text_rule=RULE,
        kind="bill",
        kind_rule=RULE,
        facts={name: Field(value, RULE) for name, value in bill.facts.items() if value},
    )


def _latest_action(root: Any, now: dt.datetime, notes: list[str]) -> FoundDate | None:  # noqa: ANN401 - lxml publishes no types
    """Return the latest day that an action states; the metadata's day where none does."""
    found: list[FoundDate] = []
    stated = list(action_days(root)) or [(metadata_day(root), "dc:date")]
    for printed, name in stated:
        day = parse_feed_date(printed, now) if printed else None
        if day is not None:
            found.append(replace(day, rule=f"bill {name} ({day.rule})", printed=one_line(printed, 60)))
        elif printed:
            notes.append(f"bill: the day '{one_line(printed, 60)}' cannot be read")
    return max(found, key=lambda day: day.at, default=None)
