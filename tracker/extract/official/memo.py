"""A memorandum, from a PDF or a page: number, date, from, to, subject, as its first lines state them.

Known by the subject line together with who wrote it or whom it is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.extract.official.document import READERS, Document, Facts, PageRead, Reader
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = "memorandum"
HEAD_LINES = 40
"""Lines at the start in which the head of a memorandum stands."""

_CAPTION = re.compile(
    r"(?P<label>MEMORANDUM\s+FOR|M\s?E\s?M\s?O\s?R\s?A\s?N\s?D\s?U\s?M\s+F\s?O\s?R|TO|FROM|THROUGH|THRU|CC|SUBJECT|SUBJ|RE|DATE)"
    r"(?:\s*[:：]\s*|\s*\.\s+|\s+(?=[A-Z])|$)(?P<value>.*)",
    re.IGNORECASE,
)
_MEANING = {
    "memorandumfor": "to",
    "to": "to",
    "from": "from",
    "through": "through",
    "thru": "through",
    "cc": "copies",
    "subject": "subject",
    "subj": "subject",
    "re": "subject",
    "date": "date",
}
_NUMBER = re.compile(
    r"[A-Z]{1,6}-\d{2,4}(?:-\d{1,4})?|(?:NSM|NSPM|NSDM|PPD|DTM|OIP)[- ]?\d{1,3}(?:-\d{1,4})?"
)
_NUMBERED = re.compile(
    r"(?:Document|Memo(?:randum)?|Reference|Control|File) (?:Number|No\.?|#)\s*[:：]?\s*"
    r"(?P<number>[A-Z0-9][\w/.-]{2,40})"
    r"|MEMORANDUM N(?:O|o)\.? ?(?P<plain>[\w-]{1,20})",
)
_MOST_CONTINUED = 4
_MAX_CONTINUED = 90


def read(page: PageRead) -> Document | None:
    """Return the memorandum; None where its head is not."""
    lines = [line for line in page.text.split("\n") if line.strip()][:HEAD_LINES]
    head = _head(lines)
    if "subject" not in head or not {"to", "from"} & set(head):
        return None
    if not any(re.match(r"memorand|memo\b", line.strip(), re.IGNORECASE) for line in lines) and len(head) < 4:  # noqa: PLR2004
        return None  # a letter too may have a line that says what it is about
    facts = Facts("memorandum")
    for line in lines:
        if _NUMBER.fullmatch(line.strip()):
            facts.take("document_number", line, "line of its own")
        elif numbered := _NUMBERED.match(line.strip()):
            facts.take("document_number", numbered["number"] or numbered["plain"], "label")
    for name in ("from", "to", "through", "subject", "copies"):
        facts.take(name, head.get(name, ""), f"caption {name.upper()}")
    _date(page, lines, head, facts)
    return Document(
        "official",
        RULE,
        facts.found,
        notes=facts.notes,
        published=None,
        title=head["subject"] if not page.title else "",
    )


def _head(lines: Sequence[str]) -> dict[str, str]:
    """Return the captions of the head with their values; a value may go on until the next caption."""
    places = [
        (place, _MEANING[re.sub(r"\s", "", match["label"]).casefold()], match["value"].strip())
        for place, line in enumerate(lines)
        if (match := _CAPTION.match(line.strip())) and _is_caption(match)
    ]
    found: dict[str, str] = {}
    for number, (place, name, value) in enumerate(places):
        following = places[number + 1][0] if number + 1 < len(places) else None
        between = lines[place + 1 : following] if following is not None else []
        if len(between) > _MOST_CONTINUED or any(len(line) > _MAX_CONTINUED for line in between):
            between = []
        if not value and not between and place + 1 < len(lines) and following != place + 1:
            between = lines[place + 1 : place + 2]
        whole = "; ".join(part for part in (value, *(line.strip() for line in between)) if part)
        if whole:
            found.setdefault(name, whole)
    return found


def _is_caption(match: re.Match[str]) -> bool:
    """Whether a word at the start of a line is a caption, in capitals or before a colon, and no sentence."""
    label = match["label"]
    has_colon = re.match(rf"{re.escape(label)}\s*[:：]", match[0]) is not None
    return has_colon or (label.isupper() and (label not in {"TO", "RE", "CC"} or not match["value"]))


def _date(page: PageRead, lines: Sequence[str], head: dict[str, str], facts: Facts) -> None:
    if "date" in head:
        facts.take_day("date", parse_feed_date(head["date"], page.now), head["date"], "caption DATE")
        return
    for line in lines[:15]:
        found = parse_feed_date(line, page.now) if any(char.isdigit() for char in line) else None
        if found is not None and found.precision == "day":
            facts.take_day("date", found, line, "line of its own")
            return


READERS.register(RULE)(Reader(("SUBJECT", "Subject:", "RE:", "Re:", "SUBJ"), read, is_in_text=True))
