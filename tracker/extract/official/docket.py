"""A page of a court's docket: one entry, as a notice of electronic filing or an archive prints it, or a whole docket.

Known by a labelled case number in the form of the federal courts beside the label of an entry or of its day. Facts
have the names that the kind `courtlistener` gives them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tracker.extract.official.document import READERS, Document, Facts, PageRead, Reader, labelled
from tracker.text.clean import one_line, tidy_paragraphs
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE = "court docket"
MAX_TEXT = 1_000_000

_CASE_NUMBER = r"(?:\d+:)?(?:19|20)?\d{2}-?[a-z]{2,4}-\d{3,6}(?:-[A-Za-z]{2,5}){0,4}|\d{2}-\d{3,6}"
_HEADLINE = re.compile(
    r"(?P<case>.{2,200}? v\.? .{2,200}?|In re:? .{2,200}?)(?:,| \(|\s{1,8}[–—|-])\s{0,8}"
    rf"(?P<number>{_CASE_NUMBER})\)?",
    re.IGNORECASE,
)
_COURT = re.compile(
    r"(?:(?:United States|U\.S\.) )?(?:District|Bankruptcy|Circuit) Court(?:,? (?:for the )?.{3,60})?"
    r"|(?:United States )?Court of Appeals.{0,60}|Court of (?:Federal Claims|International Trade)|Supreme Court.{0,40}"
)
_PLACE = re.compile(r"(?:(?:Northern|Southern|Eastern|Western|Central|Middle) )?District of [A-Z].{2,40}")
_DOCUMENT = re.compile(r"Document #?(?P<number>\d+)(?:, Attachment #(?P<attachment>\d+))?")
_ENTRY = r"\d{1,5}(?:\.\d{1,3})?"
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_MOST_ENTRIES, _HEAD, _MAX_HEADLINE = 2000, 60, 300


def read(page: PageRead) -> Document | None:
    """Return the entry or the docket; None for a page without a labelled case number and an entry."""
    lines = page.lines
    rows = _rows(page.tree)
    numbers = [
        *labelled(lines, "Docket (?:Number|No\\.?)|Case (?:Number|No\\.?)|Civil (?:Action|Case) No\\.?")
    ]
    number = next(
        (each.strip() for each in numbers if re.fullmatch(_CASE_NUMBER, each.strip(), re.IGNORECASE)), ""
    )
    heads = (line for line in (*lines[:_HEAD], page.title) if len(line) <= _MAX_HEADLINE)
    named = next((found for line in heads if (found := _HEADLINE.fullmatch(line))), None)
    text = next(labelled(lines, "Docket Text"), "")
    document = next((found for line in lines if (found := _DOCUMENT.search(line))), None)
    filed = [*labelled(lines, "Date Filed|Filed(?: on)?|Entered")]
    if not (number or (named and rows)) or not (rows or text or (document and filed)):
        return None
    facts = Facts("court docket")
    _case(lines, number, named, facts)
    _court(lines, facts)
    if not rows:
        _entry(lines, document, facts)
    facts.take("description", text, "label Docket Text")
    for printed in filed[:1]:
        day = _ORDINAL.sub("", printed)
        facts.take_day("filed", parse_feed_date(day, page.now), printed, "label Date Filed")
    if rows:
        facts.take("n_entries", str(len(rows)), "rows of the docket")
    shown = "\n".join(rows) or (text if len(text) > len(page.text) else "")
    kind = "docket" if rows else "entry"
    return Document(
        "filing", f"{RULE}: {kind}", facts.found, notes=facts.notes, text=tidy_paragraphs(shown, MAX_TEXT)
    )


def _case(lines: Sequence[str], number: str, named: re.Match[str] | None, facts: Facts) -> None:
    facts.take("docket_number", number, "label Docket Number")
    facts.take("case", next(labelled(lines, "Case Name"), ""), "label Case Name")
    if named and (not number or named["number"].casefold() == number.casefold()):
        facts.take("docket_number", named["number"], "headline")
        facts.take("case", named["case"], "headline")
    for label, name in (
        ("Assigned To", "assigned_to"),
        ("Cause", "cause"),
        ("Nature of Suit", "nature_of_suit"),
    ):
        facts.take(name, next(labelled(lines, label), ""), f"label {label}")


def _court(lines: Sequence[str], facts: Facts) -> None:
    facts.take("court", next(labelled(lines, "Court"), ""), "label Court")
    for place, line in enumerate(lines):
        if _COURT.fullmatch(line):
            following = lines[place + 1] if place + 1 < len(lines) else ""
            where = f", {following}" if _PLACE.fullmatch(following) and "istrict of" not in line else ""
            facts.take("court", line + where, "line that names a court")
            return


def _entry(lines: Sequence[str], document: re.Match[str] | None, facts: Facts) -> None:
    printed = re.sub(r"\s*\(.*\)$", "", next(labelled(lines, "Document Number"), ""))
    facts.take("document", printed, "label Document Number", shape=_ENTRY)
    if document:
        facts.take("document", document["number"], "headline of the document")
        facts.take("attachment", document["attachment"] or "", "headline of the document")


def _rows(tree: Any) -> list[str]:  # noqa: ANN401 - lxml publishes no types
    """Return the entries of a docket as lines: number, day and words; by the ids that dockets give their rows."""
    if tree is None:
        return []
    nodes = tree.xpath("//*[starts-with(@id,'entry-') or starts-with(@id,'minute-entry-')]")[:_MOST_ENTRIES]
    return [line for node in nodes if (line := ". ".join(_cells(node)))]


def _cells(row: Any) -> Iterator[str]:  # noqa: ANN401 - lxml publishes no types
    for cell in row.xpath("./*")[:3]:
        first = cell.xpath("./p")[:1] or [cell]
        if words := one_line("".join(first[0].itertext()), 5000):
            yield words


READERS.register(RULE)(Reader(("Docket ", "Case N", "docket-entry"), read))
