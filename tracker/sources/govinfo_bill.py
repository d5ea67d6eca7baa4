"""The kind 'govinfo_bill': one bill or resolution of the US Congress as XML, in either of its two vocabularies.

Introduced, reported and engrossed texts use the Bill DTD (`legis-num`, `legis-body`, `enum`, `header`), enrolled
ones USLM (`docNumber`, `main`, `num`, `heading`). The listing is its own only item: the whole text, and what the
document says of itself as facts. Text that a report strikes out is left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.errors import FeedError
from tracker.sources.bill_text import body_text
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, SourceKind
from tracker.sources.safe_xml import local_name, parsed_xml, text_in
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import FoundDate, Listing, Page

_ROOTS = frozenset({"bill", "resolution", "amendment-doc", "engrossedAmendment"})
_PACKAGE = re.compile(r"\bBILLS-(\d{2,3})([a-z]+)(\d+)([a-z]+)\b", re.IGNORECASE)
_DC_TITLE = re.compile(r"(\d{2,3})\s+([A-Z]+)\s*(\d+)\s+([A-Z]+)\b\s*:?\s*(.*)", re.IGNORECASE)
_SPACED = re.compile(r"\.\s+(?=[A-Za-z])")
_PRINTED = {
    "hr": "H.R.",
    "s": "S.",
    "hres": "H.Res.",
    "sres": "S.Res.",
    "hjres": "H.J.Res.",
    "sjres": "S.J.Res.",
    "hconres": "H.Con.Res.",
    "sconres": "S.Con.Res.",
}


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
        if local_name(root) not in _ROOTS:
            msg = f"this is not a bill in XML; its first element is '{one_line(local_name(root), 40)}'"
            raise FeedError(msg)
        named = _Named(root, page.final_url)
        text = body_text(root, gathering.warnings)
        if not text and not named.number:
            msg = "this bill has neither a number nor a text; the file may be cut off"
            raise FeedError(msg)
        heading = named.short_title or named.official_title
        gathering.add(
            link=page.final_url,
            title=f"{named.number}: {heading}" if named.number and heading else named.number or heading,
            item_id=named.version_id,
            byline=", ".join(name for name, _ in _people(root, "sponsor")),
            text="\n".join(part for part in (named.official_title, text) if part),
            published=_latest_action(root, gathering),
            language="en",
            document_kind="bill",
            is_whole=True,
            facts=_facts(root, named),
            is_listing_itself=True,
        )
        return gathering.listing(named.number)


class _Named:
    """What a bill is called: by its form, its metadata and, where these are silent, the address of the file."""

    def __init__(self, root: Any, url: str) -> None:  # noqa: ANN401 - lxml publishes no types
        dc_title = _first(root, "title", "http://purl.org/dc/elements/1.1/")
        stated = _DC_TITLE.match(dc_title) or _PACKAGE.search(url)
        congress, kind, digits, version = (
            (part.lower() for part in stated.groups()[:4]) if stated else [""] * 4
        )
        number = _SPACED.sub(".", _first(root, "legis-num"))
        self.number = number or (f"{_PRINTED.get(kind, kind.upper())} {digits}" if digits else "")
        self.congress = _digits(_first(root, "congress")) or congress
        self.version = version
        self.official_title = _first(root, "official-title") or _first(root, "officialTitle")
        in_dc = stated.group(5).strip() if stated and stated.re is _DC_TITLE else ""
        self.short_title = _first(root, "short-title") or _first(root, "shortTitle") or in_dc
        self.version_id = (
            f"BILLS-{congress}{kind}{digits}{version}"
            if stated
            else " ".join(part for part in (self.congress, self.number, root.get("bill-stage", "")) if part)
        )


def _facts(root: Any, named: _Named) -> dict[str, str]:  # noqa: ANN401 - lxml publishes no types
    cosponsors, committees = _people(root, "cosponsor"), _committees(root)
    actions = [_action(node) for node in _all(root, "action")]
    return {
        "number": named.number,
        "congress": named.congress,
        "session": _first(root, "session"),
        "version": named.version,
        "stage": root.get("bill-stage") or root.get("resolution-stage") or _first(root, "docStage"),
        "chamber": _first(root, "current-chamber") or _first(root, "currentChamber"),
        "short_title": named.short_title,
        "official_title": named.official_title,
        "sponsor": _shown(_people(root, "sponsor")),
        "cosponsors": _shown(cosponsors),
        "n_cosponsors": str(len(cosponsors)) if cosponsors else "",
        "committees": _shown(committees),
        "actions": " / ".join(action for action in actions if action),
    }


def _action(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    date = _first(node, "action-date") or _first(node, "date")
    words = _first(node, "action-desc") or _first(node, "actionDescription")
    return f"{date}: {words}" if date and words else date or words


def _latest_action(root: Any, gathering: Gathering) -> FoundDate | None:  # noqa: ANN401 - lxml publishes no types
    """Return the latest day that an action states; the metadata's day where none does."""
    found = []
    for name in ("action-date", "attestation-date", "date"):
        for node in _all(root, name):
            if name == "date" and local_name(node.getparent()) != "action":
                continue
            printed = node.get("date") or text_in(node)
            date = gathering.date(printed, partial(parse_feed_date, now=gathering.now), f"bill {name}")
            found += [date] if date else []
    if not found:
        printed = _first(root, "date", "http://purl.org/dc/elements/1.1/")
        return gathering.date(printed, partial(parse_feed_date, now=gathering.now), "bill dc:date")
    latest = max(found, key=lambda date: date.at)
    return replace(latest, rule=f"{latest.rule}, latest of {len(found)}") if len(found) > 1 else latest


def _people(root: Any, name: str) -> list[tuple[str, str]]:  # noqa: ANN401 - lxml publishes no types
    ids = ("name-id", "bioGuideId", "senateId", "houseId")
    nodes = _all(root, name)
    return _once((text_in(node), next((node.get(key) for key in ids if node.get(key)), "")) for node in nodes)


def _committees(root: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - lxml publishes no types
    nodes = [*_all(root, "committee-name"), *_all(root, "committee")]
    return _once((text_in(node), node.get("committee-id") or node.get("committeeId") or "") for node in nodes)


def _once(pairs: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - lxml publishes no types
    return list(dict.fromkeys((name, one_line(key, 40)) for name, key in pairs if name))


def _shown(pairs: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{name} ({key})" if key else name for name, key in pairs)


def _all(root: Any, name: str) -> list[Any]:  # noqa: ANN401 - lxml publishes no types
    return list(root.iter("{*}" + name))


def _first(root: Any, name: str, namespace: str = "*") -> str:  # noqa: ANN401 - lxml publishes no types
    nodes = root.iter(f"{{{namespace}}}{name}")
    return next((found for node in nodes if (found := text_in(node))), "")


def _digits(printed: str) -> str:
    found = re.match(r"\d+", printed)
    return found[0] if found else ""


KINDS.register(GovinfoBillKind.name)(GovinfoBillKind())
