"""A document of the US Federal Register: its page, its plain text edition, or a PDF of it.

Known by the number that closes or opens each document (`[FR Doc. 2026-19388 Filed ...]`) together with one of the
captions that every document has. Facts have the names that the kind `federal_register` gives them.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.extract.official.document import READERS, Document, Facts, PageRead, Reader, labelled
from tracker.text.clean import one_line, tidy_paragraphs
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.records import FoundDate

RULE = "federal register"
MAX_TEXT = 1_000_000
_MOST_AHEAD = dt.timedelta(days=3650)
"""How far ahead a document may take effect."""

_NUMBER = r"(?:[A-Z]\d-|\d{2,4}-|C\d-\d{4}-)\d{3,6}"
_DASH = str.maketrans("\u2010\u2011\u2012\u2013\u2014", "-----")
_FR_DOC = re.compile(
    r"\[?FR Doc\.?\s{0,8}(?:No[.:]{0,2})?\s{0,8}:?\s{0,8}(?P<number>[A-Z0-9-]{1,30})"
    r"(?:\s{1,8}Filed\s{1,8}(?P<filed>[\d-]{1,10}))?"
)
_HEADER = re.compile(
    r"\[?Federal Register,? (?:Volume|Vol\.) (?P<volume>\d+),? (?:Number|No\.|Issue) \d+ \((?P<day>[^()]+)\)"
)
_PAGES = re.compile(r"\[Pages? (?P<first>\d+)(?:-\d+)?\]")
_SECTION = re.compile(r"\[(?P<section>Rules and Regulations|Proposed Rules|Notices|Presidential Documents)\]")
_TYPES = {
    "Rules and Regulations": "Rule",
    "Proposed Rules": "Proposed Rule",
    "Notices": "Notice",
    "Presidential Documents": "Presidential Document",
}
_IN_BRACKETS = re.compile(
    r"\[(?P<inside>[^\[\]\n]*(?:Docket|File) N(?:o|os|umber)s?\b[^\[\]\n]*)\]", re.IGNORECASE
)
_RINS = re.compile(r"\bRINs?:? (?P<rins>[A-Z0-9][A-Z0-9, and-]{4,120})")
_DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}"
)
_EFFECTIVE = re.compile(r"\beffective\b", re.IGNORECASE)
_LISTED = (
    ("document_number", ("document number",), _NUMBER),
    ("citation", ("document citation",), r"\d+ FR \d+"),
    ("agencies", ("agency", "agencies"), ""),
    ("docket_ids", ("agency/docket number", "agency/docket numbers"), ""),
    ("rins", ("rin",), r"\d{4}-[A-Z]{2}\d{2}"),
    ("cfr", ("cfr",), ""),
    ("type", ("document type", "entry type"), ""),
    ("action", ("action",), ""),
    ("dates", ("dates",), ""),
    ("executive_order_number", ("eo citation", "e.o. citation"), ""),
)
_LISTED_DAYS = (
    ("publication_date", "publication date"),
    ("effective_on", "effective date"),
    ("comments_close_on", "comments close"),
)
_CAPTION_ENDS = re.compile(r"[A-Z][A-Z ]{3,40}:")


def read(page: PageRead) -> Document | None:
    """Return the document; None where no number of the Federal Register and no caption of it stands."""
    edition = _edition(page)
    lines = edition or page.lines
    numbered = next((found for line in lines if (found := _FR_DOC.search(line.translate(_DASH)))), None)
    if numbered is None or not _has_caption(page, lines):
        return None
    facts = Facts("Federal Register document")
    _from_list(page, facts)
    facts.take("document_number", numbered["number"], "FR Doc", shape=_NUMBER)
    _from_header(page, lines, facts)
    _from_captions(page, lines, facts)
    if numbered["filed"]:
        facts.take("filed", numbered["filed"], "FR Doc", shape=r"\d{1,2}-\d{1,2}-\d{2}")
    kind = (
        "rule"
        if "rule" in (facts.found["type"].value if "type" in facts.found else "").casefold()
        else "official"
    )
    return Document(
        kind,
        f"{RULE}: {'plain text edition' if edition else 'page'}",
        facts.found,
        notes=facts.notes,
        published=_published(page, facts),
        title=_title(edition) if edition else "",
        text=tidy_paragraphs("\n".join(edition), MAX_TEXT) if edition else "",
    )


def _edition(page: PageRead) -> list[str]:
    """Return the paragraphs of the plain text edition, which is set in lines of 72 characters; [] for a page."""
    blocks = page.tree.xpath("//pre") if page.tree is not None else []
    text = "".join(blocks[0].itertext()) if len(blocks) == 1 else ""
    if "[FR Doc" not in text or len(text) * 2 < len(page.text):
        return []
    paragraphs: list[str] = []
    begins = True
    for line in text.split("\n"):
        words = one_line(line, 400)
        # a rule of dashes or a blank line ends a paragraph, an indented line begins one
        if not words.strip("-=_ "):
            begins = True
        elif begins or line.startswith("    ") or words.startswith("["):
            paragraphs.append(words)
            begins = False
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {words}"
    return paragraphs


def _has_caption(page: PageRead, lines: Sequence[str]) -> bool:
    if "document number" in page.pairs:
        return True
    return any(_HEADER.match(line) for line in lines[:20]) or any(
        next(labelled(lines, label), "") for label in ("AGENCY", "ACTION")
    )


def _from_list(page: PageRead, facts: Facts) -> None:
    for fact, names, shape in _LISTED:
        values = [value for name in names for value in page.pairs.get(name, [])]
        values = [value for value in values if facts.fits(fact, value, shape)]
        facts.take(fact, "; ".join(values), "document details")
    for fact, name in _LISTED_DAYS:
        for printed in page.pairs.get(name, [])[:1]:
            until = page.now if fact == "publication_date" else page.now + _MOST_AHEAD
            facts.take_day(fact, parse_feed_date(printed, until), printed, "document details")


def _from_header(page: PageRead, lines: Sequence[str], facts: Facts) -> None:
    """Take what the first lines of the plain text edition say."""
    head = lines[:30]
    header = next((found for line in head if (found := _HEADER.search(line))), None)
    pages = next((found for line in head if (found := _PAGES.search(line))), None)
    section = next((found for line in head if (found := _SECTION.fullmatch(line))), None)
    if header:
        facts.take_day(
            "publication_date", parse_feed_date(header["day"], page.now), header["day"], "first lines"
        )
    if header and pages:
        facts.take("citation", f"{header['volume']} FR {pages['first']}", "first lines")
    if section:
        facts.take("type", _TYPES[section["section"]], "first lines")
    dockets = [found["inside"] for line in head if (found := _IN_BRACKETS.search(line))]
    facts.take("docket_ids", "; ".join(dockets), "line in brackets before the title")
    found_rins = [found["rins"] for line in head if (found := _RINS.search(line.translate(_DASH)))]
    rins = [rin for listed in found_rins for rin in re.split(r"[, ]+(?:and )?", listed) if rin]
    kept = [rin for rin in rins if facts.fits("rin", rin, r"\d{4}-[A-Z]{2}\d{2}")]
    facts.take("rins", "; ".join(kept), "line RIN")


def _from_captions(page: PageRead, lines: Sequence[str], facts: Facts) -> None:
    for fact, label in (
        ("agencies", "AGENCY|AGENCIES"),
        ("action", "ACTION"),
        ("dates", "DATES?|EFFECTIVE DATE"),
    ):
        value = next(labelled(lines, label), "")
        if not _CAPTION_ENDS.match(value):  # the next caption: this one is empty
            value = value if fact == "dates" else value.rstrip(".")
            facts.take(fact, value, f"caption {label.split('|')[0].rstrip('?')}")
    action = facts.found["action"].value if "action" in facts.found else ""
    if "type" not in facts.found and re.search(r"\brules?\b", action, re.IGNORECASE):
        proposed = "Proposed Rule" if "proposed" in action.casefold() else "Rule"
        facts.take("type", proposed, "caption ACTION")
    if "effective_on" not in facts.found and "dates" in facts.found:
        _effective(page, facts.found["dates"].value, facts)


def _effective(page: PageRead, dates: str, facts: Facts) -> None:
    """Take the effective day from the caption DATES; of several days none is taken for it."""
    stated = [part for part in re.split(r"(?<=[.;])\s+", dates) if _EFFECTIVE.search(part)]
    days = list(dict.fromkeys(day for part in stated for day in _DAY.findall(part)))
    if len(days) == 1:
        facts.take_day(
            "effective_on", parse_feed_date(days[0], page.now + _MOST_AHEAD), days[0], "caption DATES"
        )
    elif stated:
        facts.notes.append(
            f"{facts.what}: the caption DATES names {len(days) or 'no'} days for taking effect; none was taken"
        )


def _published(page: PageRead, facts: Facts) -> FoundDate | None:
    stated = facts.found.get("publication_date")
    found = parse_feed_date(stated.value, page.now) if stated else None
    return replace(found, rule=f"{RULE}: {stated.rule}") if found and stated else None


def _title(edition: Sequence[str]) -> str:
    """Return the line before the first caption: the title stands between docket and agency."""
    for place, line in enumerate(edition[:60]):
        if re.match(r"AGENCY\s*:", line) and place:
            return edition[place - 1]
    return ""


READERS.register(RULE)(Reader(("FR Doc",), read))
