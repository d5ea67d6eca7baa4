"""What English says of time, piece by piece: each piece with what it states and what it leaves open.

dateparser would read most of these too, but it is eager (it takes 'may', 'sat' and any small figure for a date), knows
no precision coarser than a day and takes longer than the language model for one article; these rules are one pass of
bounded patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH_FULL = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
_CAPITALS = _MONTH_FULL.upper()
_M = rf"(?:{_MONTH_FULL}|{_CAPITALS}|{_MONTH_SHORT})"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_PART = r"(?:early|mid|late|Early|Mid|Late)"
_YEAR = r"(?:19|20)\d\d"
_D = r"(?:[12]\d|3[01]|0?[1-9])"
_S = r"[ \n]"
_ALONE = rf"(?:{_MONTH_FULL}|{_MONTH_SHORT})"
_HOUR = rf"(?:{_S}(?:morning|afternoon|evening|night))?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_COUNTS = {
    word: n
    for n, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
} | {"a": 1, "an": 1}
_UNIT = r"(?:day|week|month|year)"

_PATTERNS = {
    "iso day": rf"(?<![\d/.-])(?P<y>{_YEAR})[-/](?P<m>0[1-9]|1[0-2])[-/](?P<d>0[1-9]|[12]\d|3[01])(?![\d/-])",
    "iso month": rf"(?<![\d/.-])(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?![\d/-])",
    "days": (
        rf"(?P<mn>\b{_M}){_S}(?P<d>{_D})(?:{_S}?-{_S}?|{_S}(?:to|and|through){_S})(?:(?P<mn2>{_M}){_S})"
        rf"?(?P<d2>{_D})(?![\d%:]|{_S}(?:million|percent))(?:,?{_S}(?P<y>{_YEAR})\b)?"
    ),
    "month day": (
        rf"(?:\b{_WEEKDAY},?{_S})?(?P<mn>\b{_M}){_S}(?:the{_S})?(?P<d>{_D})(?:st|nd|rd|th)?(?![\w%]|"
        rf":\d)(?:,?{_S}(?P<y>{_YEAR})\b)?"
    ),
    "day month": (
        rf"(?<![\w.,$-])(?P<d>{_D})(?:st|nd|rd|th)?{_S}(?:of{_S})?(?P<mn>{_M})(?![\w-])(?:,?{_S}(?P<y>{_YEAR}"
        r")\b)?"
    ),
    "months": rf"(?P<mn>\b{_M}){_S}?-{_S}?(?P<mn2>{_M}),?{_S}(?P<y>{_YEAR})\b",
    "month year": rf"(?:\b|(?<=[a-z])(?=[A-Z]))(?:{_PART}[ -])?(?P<mn>{_M})(?:,|{_S}of)?{_S}(?P<y>{_YEAR})\b(?!-\d)",
    "month of": rf"\b(?:{_PART}[ -])?(?P<mn>{_ALONE}){_S}(?:of{_S})?(?P<rel>last|this|next){_S}year\b",
    "named month": rf"\b(?P<rel>last|this|next|Last|This|Next){_S}(?P<mn>{_ALONE})\b",
    "month": rf"\b(?P<part>{_PART}[ -])?(?P<mn>{_ALONE})(?![\w-]|{_S}\d)",
    "season year": (
        rf"\b(?:{_PART}[ -])?(?P<season>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter)(?:{_S}of)?{_S}"
        rf"(?P<y>{_YEAR})\b"
    ),
    "season": r"\b(?P<rel>[Ll]ast|[Tt]his|[Nn]ext)[ \n](?P<season>spring|summer|autumn|fall|winter)\b",
    "quarter": rf"\bQ(?P<q>[1-4])(?:{_S}of)?{_S}?(?P<y>{_YEAR})\b|\b(?P<y2>{_YEAR}){_S}?Q(?P<q2>[1-4])\b",
    "quarter words": (
        rf"\b(?P<nth>first|second|third|fourth){_S}(?P<what>quarter|half){_S}of{_S}(?:(?P<y>{_YEAR})|"
        rf"(?P<rel>this|last|next){_S}year)\b"
    ),
    "years": rf"(?<![\w.,$/-])(?P<y>{_YEAR}){_S}?-{_S}?(?P<y2>{_YEAR}|\d\d(?!\d))(?![\d-]|{_S}?%)",
    "part of year": rf"\b{_PART}[ -](?P<y>{_YEAR})\b",
    "before year": rf"\b[Pp]re-(?P<y>{_YEAR})\b",
    "year": rf"(?<![A-Z\d_.,$/#:+-])(?P<y>{_YEAR})(?![\w/%]|-[\w]|[.,:]\d)",
    "part of named": (
        rf"\b(?:{_PART}|[Ee]arlier|[Ll]ater|[Ss]ometime){_S}(?P<rel>last|this|next){_S}(?P<unit>week|"
        r"month|year)\b"
    ),
    "named": (
        r"\b(?<!the )(?P<rel>[Ll]ast|[Tt]his|[Nn]ext|LAST|THIS|NEXT|(?:the )?(?:past|coming))[ \n](?P<u"
        r"nit>week|month|year|Week|Month|Year|WEEK|MONTH|YEAR)(?![\w-]|[ \n](?:ago|end))"
    ),
    "weekday": rf"\b(?:(?P<rel>last|this|next|Last|This|Next){_S})?(?P<wd>{_WEEKDAY}){_HOUR}\b",
    "today": (
        rf"\b(?:(?:[Ee]arlier|[Ll]ater){_S})?(?:[Tt]oday|TODAY|[Tt]onight|[Tt]his{_S}(?:morning|"
        r"afternoon|evening))\b"
    ),
    "yesterday": rf"\b(?:[Yy]esterday|YESTERDAY)\b{_HOUR}|\b[Ll]ast{_S}night\b",
    "tomorrow": rf"\b(?:[Tt]omorrow|TOMORROW)\b{_HOUR}",
    "ago": rf"(?<![\w.,-])(?P<n>(?i:{_COUNT})){_S}(?P<unit>{_UNIT})s?{_S}ago\b",
    "later": rf"(?<![\w.,-])(?P<n>(?i:{_COUNT})){_S}(?P<unit>{_UNIT})s?{_S}(?P<way>later|earlier|after|before)\b",
    "next day": (
        rf"\b[Tt]he{_S}(?:(?P<way>next|following|previous){_S}(?P<unit>day|week|month)|(?P<way2>same){_S}"
        r"(?P<unit2>day))\b"
    ),
}
_COMPILED = {rule: re.compile(pattern) for rule, pattern in _PATTERNS.items()}
_BEFORE = re.compile(
    r"\b(?:at|in|on|since|by|until|till|before|after|from|during|through|throughout|around|"
    r"between|starting|beginning|"
    rf"effective|as{_S}(?:of|early{_S}as|late{_S}as|soon{_S}as))"
    rf"{_S}(?:(?:in|on|about|around){_S})?(?:the{_S})?(?:(?:beginning|start|middle|end|"
    rf"summer|spring|fall|autumn|winter){_S}of{_S})?~?$",
    re.IGNORECASE,
)
_LINK = re.compile(rf"{_S}?(?:-|\bto\b|\band\b|\bthrough\b|\buntil\b){_S}?")
_WINDOW = 40
_NAMES_TOO = frozenset({"april", "june", "may", "march", "august", "mar", "jan", "dec", "sep", "jun"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Words about time with what they state; `start` is that of the preposition before, `core` that of the words."""

    start: int
    core: int
    end: int
    rule: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    month_to: int | None = None
    day_to: int | None = None
    year_to: int | None = None
    name: str = ""  # season, unit or weekday, lower case
    which: str = ""  # last, this, next; later, earlier
    n: int = 0
    opening: str = ""  # the preposition, lower case


def pieces(text: str) -> list[Piece]:
    """Return what a text made plain says of time, by start and without overlaps, the longest first at each place."""
    found = [piece for rule in _COMPILED for piece in _pieces_of(rule, text)]
    kept: list[Piece] = []
    for piece in sorted(found, key=lambda one: (one.core, -one.end)):
        if not kept or piece.core >= kept[-1].end:
            kept.append(piece)
        elif piece.end - piece.core > kept[-1].end - kept[-1].core:
            kept[-1] = piece
    return kept


def is_linked(text: str, first: Piece, second: Piece) -> bool:
    """Return whether two pieces are the ends of one range: 'between A and B', 'from A to B', 'A - B'."""
    link = text[first.end : second.core]
    if len(link) > _WINDOW or not (said := _LINK.fullmatch(link)):
        return False
    words = said.group().strip().lower()
    return words != "and" or first.opening.startswith("between")


def _pieces_of(rule: str, text: str) -> Iterator[Piece]:
    for match in _COMPILED[rule].finditer(text):
        before = _BEFORE.search(text, max(0, match.start() - _WINDOW), match.start())
        start = before.start() if before else match.start()
        opening = before.group().lower() if before else ""
        if rule == "month" and not _is_month(text, match, opening):
            continue
        if rule == "year" and not (opening or _stands_as_year(text, match)):
            continue
        if not before and text[max(0, match.start() - 1) : match.start()] == "~":
            start = match.start() - 1
        yield _piece(rule, match, start, opening)


def _is_month(text: str, match: re.Match[str], opening: str) -> bool:
    word = match["mn"].lower().rstrip(".")
    if opening or match["part"]:
        return True
    after = text[match.end() : match.end() + 2]
    return word not in _NAMES_TOO and len(word) > 3 and not after[1:].isupper()  # noqa: PLR2004 - 'Feb' alone is too short


def _stands_as_year(text: str, match: re.Match[str]) -> bool:
    """Return whether a bare figure stands where a year stands: after 'of', a label or bracket, in a cell of its own."""
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 2]
    if re.search(r"\b(?:of|for|and|or|to|year)[ \n]$", before) and re.match(r"[.,;:)\n'\u2019]|$", after):
        return True
    if before.endswith("(") and after.startswith(")"):
        return True
    if re.search(r"[a-z]$", before):  # the head of a table glued to its first row
        return after == " |"
    is_cell = re.search(r"(?:^|\n|\| ?|[a-z]: )$", before) is not None
    return is_cell and (not after or after[0] in "|\n)" or after == " |")


def _piece(rule: str, match: re.Match[str], start: int, opening: str) -> Piece:
    got = {name: value for name, value in match.groupdict().items() if value}
    year = int(got.get("y") or got.get("y2") or 0) or None
    year_to = None
    if rule == "years":
        tail = got["y2"]
        year_to = int(tail) if len(tail) > 2 else int(got["y"][:2] + tail)  # noqa: PLR2004 - '2023-26'
    unit = got.get("season") or got.get("unit") or got.get("unit2") or got.get("what") or ""
    number = int(got.get("q") or got.get("q2") or 0)
    if "nth" in got:
        number = ("first", "second", "third", "fourth").index(got["nth"]) + 1
    if "n" in got:
        number = _COUNTS.get(got["n"].lower()) or int(got["n"])
    if "wd" in got:
        unit = got["wd"]
    return Piece(
        start=start,
        core=match.start(),
        end=match.end(),
        rule=rule,
        year=year,
        month=_month(got, "mn") or (int(got["m"]) if "m" in got else None),
        day=int(got["d"]) if "d" in got else None,
        month_to=_month(got, "mn2"),
        day_to=int(got["d2"]) if "d2" in got else None,
        year_to=year_to,
        name=unit.lower(),
        which=(got.get("rel") or got.get("way") or got.get("way2") or "").lower().removeprefix("the "),
        n=number,
        opening=opening,
    )


def _month(got: dict[str, str], name: str) -> int | None:
    return _MONTHS[got[name].lower().rstrip(".")] if name in got else None


def weekday_number(name: str) -> int:
    """Return the number of an English weekday, Monday being 0."""
    return _DAYS.index(name)
