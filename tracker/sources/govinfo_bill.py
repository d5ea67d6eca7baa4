"""The kind 'govinfo_bill': one bill or resolution of the US Congress as XML.

The listing is its own only item: the whole text, and what the document says of itself as facts (`text.bill`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, SourceKind
from tracker.sources.safe_xml import parsed_xml
from tracker.text.bill import Bill, action_days, is_bill, metadata_day
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.xml_tree import local_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from tracker.records import FoundDate, Listing, Page


class GovinfoBillKind(SourceKind):
    """Reads the XML of one version of one bill."""

    name = "govinfo_bill"
    title = "Bill text of the US Congress (XML)"
    accept = "application/xml, text/xml;q=0.9, */*;q=0.1"
    about = (
        "The XML of one bill or resolution at govinfo.gov, such as BILLS-119hr1ih.xml. The address names one version "
        "(ih introduced, rh reported, eh engrossed, enr enrolled); a later version has an address of its own. The "
        "bill is published on the day of the latest action that its text states, which can lie days before the day "
        "on which it could be downloaded. Sponsor, cosponsors and committees are kept with their official ids."
    )
    shape = "Bill DTD of the US Congress and USLM 2 user guides"

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the bill as the only item; see `SourceKind.parse`.

        Raises:
            FeedError: no XML, or XML of something else.
        """
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        root = parsed_xml(page, "a bill in XML", gathering.warnings)
        if not is_bill(root):
            msg = f"this is not a bill in XML; its first element is '{one_line(local_name(root), 40)}'"
            raise FeedError(msg)
        bill = Bill(root, page.final_url, gathering.warnings)
        if bill.is_empty:
            msg = "this bill has neither a number nor a text; the file may be cut off"
            raise FeedError(msg)
        gathering.add(
            link=page.final_url,
            title=bill.title,
            item_id=bill.version_id,
            byline=", ".join(bill.sponsors),
            text=bill.text,
            published=_latest_action(root, gathering),
            language="en",
            document_kind="bill",
            is_whole=True,
            facts=bill.facts,
            is_listing_itself=True,
        )
        return gathering.listing(bill.number)


def _latest_action(root: Any, gathering: Gathering) -> FoundDate | None:  # noqa: ANN401 - lxml publishes no types
    """Return the latest day that an action states; the metadata's day where none does."""
    read = partial(parse_feed_date, now=gathering.now)
    days = [gathering.date(printed, read, f"bill {name}") for printed, name in action_days(root)]
    found = [day for day in days if day is not None]
    if not found:
        return gathering.date(metadata_day(root), read, "bill dc:date")
    latest = max(found, key=lambda date: date.at)
    return replace(latest, rule=f"{latest.rule}, latest of {len(found)}") if len(found) > 1 else latest


KINDS.register(GovinfoBillKind.name)(GovinfoBillKind())
