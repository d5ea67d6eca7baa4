"""What Chinese and Japanese say of time, piece by piece, in the same form as the English pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.nlp.times.english import Piece
from tracker.text.numbers import han_value

_N = "\\d{1,3}|[\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,3}"
_DAY_MARK = "[\u65e5\u53f7\u865f]"
_DAYS = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u65e5"
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SEASONS = {"\u6625": "spring", "\u590f": "summer", "\u79cb": "autumn", "\u51ac": "winter"}
_YEARS = {
    "\u4eca\u5e74": "this",
    "\u672c\u5e74": "this",
    "\u53bb\u5e74": "last",
    "\u660e\u5e74": "next",
}
_WHICH = {
    "\u4e0a": "last",
    "\u672c": "this",
    "\u8fd9": "this",
    "\u9019": "this",
    "\u4eca": "this",
    "\u4e0b": "next",
}
_UNITS = {
    "\u5929": "day",
    "\u65e5": "day",
    "\u5468": "week",
    "\u9031": "week",
    "\u661f\u671f": "week",
    "\u4e2a\u6708": "month",
    "\u500b\u6708": "month",
    "\u5e74": "year",
}
_YEAR_WORDS = "|".join(_YEARS)
_FULL = re.compile(
    rf"(?:(?P<y>(?:19|20)\d\d) ?\u5e74|(?P<yw>{_YEAR_WORDS}))(?:\u7684)?"
    rf"(?:(?P<season>[{''.join(_SEASONS)}])[\u5929\u5b63]|(?P<m>1[0-2]|0?[1-9]) ?\u6708(?:\u4efd|"
    r"\u521d|\u5e95|\u672b|\u4e2d\u65ec)?"
    rf"(?:(?P<d>[12]\d|3[01]|0?[1-9]) ?{_DAY_MARK})?|[\u521d\u5e95\u672b])?"
)
_MONTH_DAY = re.compile(
    rf"(?<!\d)(?P<m>1[0-2]|0?[1-9]) ?\u6708(?:(?P<d>[12]\d|3[01]|0?[1-9]) ?{_DAY_MARK}"
    rf"(?:[\u548c\u81f3\u5230-](?P<d2>[12]\d|3[01]|0?[1-9]) ?{_DAY_MARK})?|[\u548c\u81f3\u5230-](?P"
    r"<m2>1[0-2]|0?[1-9])\u6708"
    rf"|(?:\u4efd|\u521d|\u5e95|\u672b|\u4e2d\u65ec)?(?![\u4e00-\u9fff]{{0,1}}\u524d))"
)
_NAMED_MONTH = re.compile(
    rf"(?P<which>[\u4e0a\u672c\u8fd9\u9019\u4e0b])[\u4e2a\u500b]?\u6708(?:(?P<d>[12]\d|3[01]|0?[1-9]) ?{_DAY_MARK})?"
)
_WEEK = re.compile(
    rf"(?P<which>[\u4e0a\u672c\u8fd9\u9019\u4e0b])?[\u4e2a\u500b]?(?:\u5468|\u9031|\u661f\u671f|\u793c\u62dc)"
    rf"(?P<wd>[{_DAYS}\u5929])?(?![\u4e00-\u9fff]?\u524d)"
)
_RELATIVE_DAY = re.compile(
    "(?P<day>\u6628\u5929|\u6628\u65e5|\u6628\u665a|\u4eca\u5929|\u4eca\u65e5|\u4eca\u665a|\u660e\u5929|\u660e\u65e5)"
)
_AGO = re.compile(rf"(?<![\d\u7684\u7b2c])(?P<n>{_N}) ?(?P<unit>{'|'.join(_UNITS)})(?:\u4e4b|\u4ee5)?\u524d")


def pieces(text: str) -> Iterator[Piece]:
    """Yield what a text in Han script says of time, in no order; pieces may overlap."""
    for match in _FULL.finditer(text):
        yield _full(match)
    for match in _MONTH_DAY.finditer(text):
        yield Piece(
            match.start(),
            match.start(),
            match.end(),
            "days" if match["d2"] else "month day" if match["d"] else "months" if match["m2"] else "month",
            month=int(match["m"]),
            day=int(match["d"]) if match["d"] else None,
            day_to=int(match["d2"]) if match["d2"] else None,
            month_to=int(match["m2"]) if match["m2"] else None,
        )
    for match in _NAMED_MONTH.finditer(text):
        yield Piece(
            match.start(),
            match.start(),
            match.end(),
            "day of named month" if match["d"] else "named",
            day=int(match["d"]) if match["d"] else None,
            name="month",
            which=_WHICH[match["which"]],
        )
    for match in _WEEK.finditer(text):
        which = _WHICH.get(match["which"] or "", "")
        if match["wd"]:
            name = _NAMES[_DAYS.index("\u65e5" if match["wd"] == "\u5929" else match["wd"])]
            yield Piece(match.start(), match.start(), match.end(), "weekday", name=name, which=which)
        elif which:
            yield Piece(match.start(), match.start(), match.end(), "named", name="week", which=which)
    for match in _RELATIVE_DAY.finditer(text):
        rule = {"\u6628": "yesterday", "\u4eca": "today", "\u660e": "tomorrow"}[match["day"][0]]
        yield Piece(match.start(), match.start(), match.end(), rule)
    for match in _AGO.finditer(text):
        n = int(match["n"]) if match["n"].isdecimal() else int(han_value(match["n"]) or 0)
        yield Piece(match.start(), match.start(), match.end(), "ago", n=n, name=_UNITS[match["unit"]])


def _full(match: re.Match[str]) -> Piece:
    month = int(match["m"]) if match["m"] else None
    day = int(match["d"]) if match["d"] else None
    season = _SEASONS.get(match["season"] or "", "")
    at = (match.start(), match.start(), match.end())
    if match["y"]:
        year = int(match["y"])
        rule = "season year" if season else "month day" if day else "month year" if month else "year"
        return Piece(*at, rule, year=year, month=month, day=day, name=season)
    which = _YEARS[match["yw"]]
    if season:
        return Piece(*at, "season", name=season, which=which)
    if month:
        return Piece(*at, "day of month of" if day else "month of", month=month, day=day, which=which)
    return Piece(*at, "named", name="year", which=which)
