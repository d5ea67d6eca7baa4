"""A press release of an authority: its number, office or district, components, and the cases it names.

Known by a line of its own that says that it is for immediate release, or by a labelled release number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.extract.official.document import READERS, Document, Facts, PageRead, Reader, labelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

RULE = "press release"
SIGNS = ("mmediate Rel", "MMEDIATE REL", "mmediate rel", "Release N")

_RELEASE = re.compile(r"for immediate release\W*(?P<rest>.{0,60})", re.IGNORECASE)
_NUMBER_LABEL = r"(?:Press |News )?Release (?:Number|No\.?|#)"
_NUMBER = r"(?:No\. ?)?[A-Z]{0,6}[ -]?\d{2,4}[-–/]\d{1,5}(?:[-–]\d{1,4})?"
_ALONE = re.compile(r"(?:No\.? ?)?(?P<number>\d{2,4}[-–]\d{1,5})")
_OFFICE = re.compile(
    r"(?P<office>(?:U\.?S\.?|United States) Attorney[’']s? Office|(?:Office|Bureau) of [A-Z][\w &,.-]{3,60}|"
    r"[A-Z][\w .-]{2,40} (?:Division|Bureau|Administration|Commission|Agency))"
    r"(?:[,\s–-]+(?P<district>[A-Z][\w .]*District.*))?"
)
_DISTRICT = re.compile(
    r"\b(?P<district>(?:(?:Northern|Southern|Eastern|Western|Central|Middle) )?District of (?:the )?"
    r"[A-Z][a-z]+(?: (?:of )?[A-Z][a-z]+){0,2})"
)
_CASE_NUMBER = re.compile(
    r"\b\d:\d{2}-?(?:cr|cv|mj|mc|md|bk|ap)-\d{3,6}(?:-[A-Z]{2,4}){0,3}\b", re.IGNORECASE
)
_PARTY = r"(?:[A-Z][\w.&'’-]{0,30}|of|the|and|de|&)"
_CASE = re.compile(
    rf"\b(?P<case>(?:United States(?: of America)?|U\.S\.|[A-Z][\w.&'’-]{{0,30}}(?:,? {_PARTY}){{0,7}}) v(?:s)?\. "
    rf"[A-Z][\w.&'’-]{{0,30}}(?:,? {_PARTY}){{0,7}})"
)
_SMALL_END = re.compile(r"[\s,]+(?:of|the|and|de|&|In|On|The|A|Nos?\.?|Case)$")
_HEAD_LINES, _OFFICE_LINES, _MAX_OFFICE = 80, 3, 120
_LISTS = (("component", r"Components?"), ("topic", r"Topics?"))
_ENDS_LIST = re.compile(
    r"(?:Components?|Topics?|Contact|Updated|Related|Press Release|Share|Attachments?|Download)\b.*",
    re.IGNORECASE,
)
_MAX_LIST, _MAX_ITEM = 12, 90


def read(page: PageRead) -> Document | None:
    """Return the release; None for a page that says nowhere that it is one."""
    lines = page.lines
    place = next((n for n, line in enumerate(lines) if _is_release_line(line)), None)
    number = next(iter(labelled(lines, _NUMBER_LABEL)), "")
    if place is None and not re.fullmatch(_NUMBER, number.strip()):
        return None
    facts = Facts("press release")
    facts.take("number", number, "label Press Release Number", shape=_NUMBER)
    if place is not None:
        _beside(lines, place, facts)
    for name, label in _LISTS:
        facts.take(name, ", ".join(_list(lines, label)), f"label {label.rstrip('?')}")
    _district(page.text, facts)
    facts.take("case_numbers", "; ".join(_once(_CASE_NUMBER.findall(page.text))), "case numbers in the text")
    facts.take("case_names", "; ".join(_once(_cases(page.text))), "'v.' in the text")
    return Document("press_release", RULE, facts.found, notes=facts.notes)


def _is_release_line(line: str) -> bool:
    """Whether a line says so and little else: 'FOR IMMEDIATE RELEASE', with a date, a number or a name beside it."""
    return _RELEASE.match(line) is not None and len(line) < 100  # noqa: PLR2004 - a line, not a sentence


def _beside(lines: Sequence[str], place: int, facts: Facts) -> None:
    """Take number and office from the lines around 'For Immediate Release'."""
    rest = _RELEASE.match(lines[place])
    near = [
        rest["rest"] if rest else "",
        *lines[place + 1 : place + 1 + _OFFICE_LINES],
        *lines[max(0, place - 3) : place],
    ]
    for line in near:
        if alone := _ALONE.fullmatch(line.strip()):
            facts.take("number", alone["number"], "line beside 'For Immediate Release'")
        office = _OFFICE.fullmatch(line.strip())
        if office and len(line) <= _MAX_OFFICE:
            facts.take("office", office["office"], "line beside 'For Immediate Release'")
            facts.take("district", office["district"] or "", "line beside 'For Immediate Release'")


def _list(lines: Sequence[str], label: str) -> Iterator[str]:
    """Yield the names that stand under a label of its own line, as justice.gov prints topics and components."""
    places = [n for n, line in enumerate(lines) if re.fullmatch(rf"(?:{label}):?", line)]
    for line in lines[places[-1] + 1 :][:_MAX_LIST] if places else []:
        if _ENDS_LIST.fullmatch(line) or len(line) > _MAX_ITEM:
            return
        yield line


def _district(text: str, facts: Facts) -> None:
    """Take the district that the text names; where it names several none is taken."""
    if "district" in facts.found:
        return
    named = _once(found["district"] for found in _DISTRICT.finditer(text))
    if len(named) == 1:
        facts.take("district", named[0], "the only district in the text")
    elif named:
        facts.notes.append(f"press release: the text names {len(named)} districts; none was taken")


def _cases(text: str) -> Iterator[str]:
    for match in _CASE.finditer(text):
        case = match["case"]
        while (shorter := _SMALL_END.sub("", case)) != case:
            case = shorter
        yield case.rstrip(".,") if not case.endswith(("Inc.", "Corp.", "Ltd.", "Co.", "al.")) else case


def _once(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))


READERS.register(RULE)(Reader(SIGNS, read))
