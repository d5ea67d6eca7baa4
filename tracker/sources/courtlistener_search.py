"""Answers of CourtListener's search API (REST v4): cases with their filings, filings, opinions, oral arguments."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, member, members, rows, rows_or_refusals, text, texts
from tracker.sources.query import next_address
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.records import FoundDate, Page
    from tracker.sources.gather import Gathering

_MAX_SHOWN = 160


def add_rows(gathering: Gathering, page: Page) -> list[str]:
    """Take the results of one page and return the address of the next one, if there is one.

    Raises:
        FeedError: JSON without results; what the API says of it is quoted.
    """
    found = decoded(page)
    results = member(found, "results")
    if not isinstance(results, list):
        told = one_line(text(member(found, "detail")) or ", ".join(members(found)), 120) or "nothing"
        msg = f"there are no results in this answer of the API; it says '{told}'"
        raise FeedError(msg)
    for row in rows_or_refusals(results, gathering):
        if row.get("docket_absolute_url") or (row.get("recap_documents") and not row.get("absolute_url")):
            _add_case(gathering, row)
            for document in rows(row.get("recap_documents")):
                _add_document(gathering, document, row)
        elif row.get("entry_date_filed") or row.get("docket_entry_id") or row.get("document_number"):
            _add_document(gathering, row, row)
        else:
            _add_opinion(gathering, row)
    return next_address(member(found, "next"), page, gathering.warnings)


def _add_case(gathering: Gathering, row: Mapping[str, object]) -> None:
    told = (
        ("Cause", text(row.get("cause"))),
        ("Nature of suit", text(row.get("suitNature"))),
        ("Parties", ", ".join(texts(row.get("party")))),
        ("Attorneys", ", ".join(texts(row.get("attorney")))),
        ("Assigned to", text(row.get("assignedTo"))),
    )
    gathering.add(
        link=text(row.get("docket_absolute_url")),
        title=_case_title(row),
        item_id=f"docket/{number}" if (number := text(row.get("docket_id"))) else "",
        text="\n".join(f"{name}: {plain_text(value)}" for name, value in told if value),
        published=_day(gathering, row, "dateFiled"),
        language="en",
        document_kind="filing",
        is_whole=True,
        facts=_case_facts(gathering, row) | {"date_terminated": text(row.get("dateTerminated"))},
    )


def _add_document(gathering: Gathering, row: Mapping[str, object], case: Mapping[str, object]) -> None:
    """Take one filing; `case` is the row that names its case, which a filing inside a case does not repeat."""
    description = plain_text(text(row.get("description")))
    short = plain_text(text(row.get("short_description"))) or description
    entry, attachment = text(row.get("entry_number")), text(row.get("attachment_number"))
    number = entry or text(row.get("document_number"))
    place = f"Entry #{number}" if number else "Minute entry"
    place = f"{place}, attachment {attachment}" if attachment else place
    of_case = f"{place} in {name}" if (name := _case_title(case)) else place
    shown = one_line(short, _MAX_SHOWN)
    key = text(row.get("id"))
    gathering.add(
        link=text(row.get("absolute_url")),
        title=f"{of_case}: {shown}" if shown else of_case,
        item_id=f"document/{key}" if key else "",
        text="\n".join(
            dict.fromkeys(part for part in (description, plain_text(text(row.get("snippet")))) if part)
        ),
        published=_day(gathering, row, "entry_date_filed"),
        language="en",
        document_kind="filing",
        is_whole=True,
        facts=_case_facts(gathering, case)
        | {
            "docket": _docket_of(gathering, text(row.get("absolute_url"))),
            "document": number,
            "attachment": attachment,
            "description": description or short,
        },
    )


def _add_opinion(gathering: Gathering, row: Mapping[str, object]) -> None:
    snippets = [text(one.get("snippet")) for one in rows(row.get("opinions"))]
    key = text(row.get("cluster_id")) or text(row.get("id"))
    gathering.add(
        link=text(row.get("absolute_url")),
        title=_case_title(row),
        item_id=f"opinion/{key}" if key else "",
        byline=text(row.get("judge")),
        text="\n".join(
            plain for part in [*snippets, text(row.get("snippet"))] if (plain := plain_text(part))
        ),
        published=_day(gathering, row, "dateFiled") or _day(gathering, row, "dateArgued"),
        language="en",
        document_kind="filing",
        facts=_case_facts(gathering, row)
        | {"status": text(row.get("status")), "citation": ", ".join(texts(row.get("citation")))},
    )


def _case_title(row: Mapping[str, object]) -> str:
    name = plain_text(
        text(row.get("caseName")) or text(row.get("case_name_full")) or text(row.get("caseNameFull"))
    )
    number = text(row.get("docketNumber"))
    return ", ".join(part for part in (name, number) if part)


def _case_facts(gathering: Gathering, row: Mapping[str, object]) -> dict[str, str]:
    docket = text(row.get("docket_absolute_url"))
    return {
        "docket": clean_url(docket, gathering.base) if docket else "",
        "docket_number": text(row.get("docketNumber")),
        "case": plain_text(text(row.get("caseName"))),
        "court": text(row.get("court")),
        "court_id": text(row.get("court_id")),
        "cause": text(row.get("cause")),
    }


def _docket_of(gathering: Gathering, address: str) -> str:
    """Return the address of the case that a filing's address (/docket/CASE/ENTRY/NAME/) belongs to."""
    found = re.search(r"/docket/(\d+)/(?:[^/?#]+/)+?([^/?#]+)/?\Z", address)
    return clean_url(f"/docket/{found[1]}/{found[2]}/", gathering.base) if found else ""


def _day(gathering: Gathering, row: Mapping[str, object], name: str) -> FoundDate | None:
    return gathering.date(
        text(row.get(name)), partial(parse_feed_date, now=gathering.now), f"courtlistener {name}"
    )
