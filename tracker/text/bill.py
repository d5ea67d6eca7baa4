"""One version of a bill or resolution of the US Congress as data: what it is called, who acted when, its text.

Two vocabularies: introduced, reported and engrossed texts use the Bill DTD (`legis-num`, `legis-body`, `enum`,
`header`), enrolled ones USLM (`docNumber`, `main`, `num`, `heading`). Text that a report strikes out is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tracker.text.bill_text import body_text
from tracker.text.clean import one_line
from tracker.text.xml_tree import local_name, text_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BILL_ROOTS = frozenset({"bill", "resolution", "amendment-doc", "engrossedAmendment"})
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


class Bill:
    """What a bill says: its names by its form, its metadata and, where these are silent, the address of the file.

    Args:
        root: the first element of the document.
        url: where it was found.
        warnings: gets a line for what was left out of the text.
    """

    def __init__(self, root: Any, url: str, warnings: list[str]) -> None:  # noqa: ANN401 - lxml publishes no types
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
        heading = self.short_title or self.official_title
        self.title = f"{self.number}: {heading}" if self.number and heading else self.number or heading
        body = body_text(root, warnings)
        self.is_empty = not body and not self.number
        self.text = "\n".join(part for part in (self.official_title, body) if part)
        self.sponsors = tuple(name for name, _ in _people(root, "sponsor"))
        self.facts = _facts(root, self)


def is_bill(root: Any) -> bool:  # noqa: ANN401 - lxml publishes no types
    """Whether this is the first element of a bill in one of the two vocabularies."""
    return local_name(root) in BILL_ROOTS


def action_days(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - lxml publishes no types
    """Yield each day on which the text says that something was done: as printed, and the name of its element."""
    for name in ("action-date", "attestation-date", "date"):
        for node in _all(root, name):
            if name != "date" or local_name(node.getparent()) == "action":
                yield node.get("date") or text_in(node), name


def metadata_day(root: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    """Return the day in the metadata, for a text that states no action."""
    return _first(root, "date", "http://purl.org/dc/elements/1.1/")


def _facts(root: Any, named: Bill) -> dict[str, str]:  # noqa: ANN401 - lxml publishes no types
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
