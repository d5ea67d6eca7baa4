"""Dates as feeds and pages print them, read strictly.

Promises a moment inside a sane window with its precision and the rule that read it, or None: what is
ambiguous (04/03/2026) or not wholly understood is never guessed. A time printed without a zone is kept
as UTC and its rule says so. Midnight to the second is taken for a day without a time.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING

from tracker.records import FoundDate

if TYPE_CHECKING:
    from collections.abc import Callable

EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
"""Nothing before this is believed."""
AHEAD = dt.timedelta(days=2)
"""How far after now a date may lie."""
MAX_CHARS = 120

_MONTH_WORDS = (
    "jan january januar janvier enero ene janeiro gennaio gen januari jänner",
    "feb february februar février fevrier févr febrero fevereiro fev febbraio februari",
    "mar march märz maerz mär mars marzo março maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maio mag maggio mei",
    "jun june juni juin junio junho giu giugno",
    "jul july juli juillet juil julio julho lug luglio",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre setembro set settembre",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre decembre déc diciembre dic dezembro dicembre",
)
_MONTHS = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}
_FILLER_WORDS = (
    "mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi "
    "dimanche lunes martes miércoles jueves viernes sábado domingo mo di mi do fr sa so "
    "at on the of um uhr de del à le am den posted published updated date created last modified"
)
_FILLER = frozenset(_FILLER_WORDS.split())
_ZONE_MINUTES = (
    ("z ut utc gmt wet", 0),
    ("hst", -600),
    ("akst", -540),
    ("pst akdt", -480),
    ("mst pdt", -420),
    ("cst mdt", -360),
    ("est cdt", -300),
    ("edt", -240),
    ("bst west cet met", 60),
    ("cest mest eet", 120),
    ("eest msk", 180),
    ("ist", 330),
    ("hkt sgt awst", 480),
    ("kst jst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
)
_ZONES = {name: minutes for names, minutes in _ZONE_MINUTES for name in names.split()}
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒", "초"), "second"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘", "분"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "小時", "時間", "시간"), "hour"),
    **dict.fromkeys(("d", "day", "days", "天", "日", "일"), "day"),
    **dict.fromkeys(("w", "wk", "week", "weeks", "周", "週", "週間", "주"), "week"),
    **dict.fromkeys(("month", "months", "个月", "個月", "か月", "ヶ月", "개월"), "month"),
    **dict.fromkeys(("year", "years", "年", "년"), "year"),
}
_NAMED_DAYS = {
    **dict.fromkeys(("just now", "now", "刚刚", "剛剛", "방금"), ("minute", 0)),
    **dict.fromkeys(("today", "今天", "今日", "오늘"), ("day", 0)),
    **dict.fromkeys(("yesterday", "昨天", "昨日", "어제"), ("day", 1)),
}
_PRECISION = {"second": "minute", "minute": "minute", "hour": "minute", "day": "day", "week": "day"}

_EPOCH = re.compile(r"-?(\d{10})(?:\.\d+)?|(\d{13})|(\d{16})")
_COMPACT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_ISO = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?"
    r"(?:(?:[Tt]|,?\s+(?:-\s+)?)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,:]\d+)?)?\s*([A-Za-z]{1,5}|[+-]\d{2}:?(?:\d{2})?)?)?"
)
_CJK = re.compile(
    r"(\d{4})\s*[年년]\s*(?:(\d{1,2})\s*[月월]\s*(?:(\d{1,2})\s*[日号일])?)?\s*"
    r"(?:\(?(?:星期|周|週)?[一二三四五六日天月火水木金土월화수목금토]\)?(?:曜日|요일)?)?\s*"
    r"(?:(上午|下午|晚上|午前|午後|오전|오후)?\s*(\d{1,2})\s*[:時时点點시]\s*(?:(\d{1,2})\s*分?분?)?(?::?(\d{2})秒?초?)?)?"
    r"\s*(北京时间|GMT|UTC|JST|KST|[+-]\d{2}:?\d{2})?"
)
_NUMERIC = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:,?\s*(?:-\s*|at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?)?"
    r"\s*([A-Za-z]{1,5}|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"(?:about |约|約|약 )?(an?|one|\d{1,4})\s*(\D+?)\s*(?:ago|前|之前|以前|전)", re.IGNORECASE
)
_TIME = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?m\b\.?)?", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\d:])(\d{1,2})\s*([ap]\.?m\b\.?)", re.IGNORECASE)
_OFFSET = re.compile(r"(?:gmt|utc)?\s*(?<![\d-])([+-])(\d{2}):?(\d{2})(?!\d)", re.IGNORECASE)
# as nearly every feed prints it; `_worded` reads it too, with ten times the work
_RFC_822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) "
    r"(\d{2}):(\d{2}):(\d{2}) (GMT|UTC|[+-]\d{4})"
)
_LABEL = re.compile(
    r"(?:published|updated|posted|created|last modified|date|发布时间|发布)(?: on| at)?\s*[:：]\s*",
    re.IGNORECASE,
)


def parse_feed_date(raw: str, now: dt.datetime) -> FoundDate | None:
    """Read one printed date.

    Args:
        raw: the date as printed, in any of the known forms.
        now: the moment of reading, aware; relative dates count from it and the window ends after it.

    Returns:
        The moment in UTC with precision and rule, or None when it is unreadable, ambiguous or insane.
    """
    raw = raw[: MAX_CHARS * 2]
    text = " ".join((raw if raw.isascii() else unicodedata.normalize("NFKC", raw)).split())
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if not text or len(text) > MAX_CHARS:
        return None
    for rule in _RULES:
        try:
            found = rule(text, now)
        except (ValueError, OverflowError):
            return None
        if found is not None:
            return found if EARLIEST <= found.at <= now + AHEAD else None
    return None


def _epoch(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    seconds = next(int(g) / scale for g, scale in zip(match.groups(), (1, 1e3, 1e6), strict=True) if g)
    return FoundDate(dt.datetime.fromtimestamp(int(seconds), dt.UTC), "minute", "epoch")


def _rfc_822(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _RFC_822.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    clock = (int(hour), int(minute), int(second))
    return _moment((int(year), _MONTHS[month.lower()], int(day)), clock, zone=zone, rule="worded")


def _compact(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    # the form of GDELT and of file names: always UTC unless it says otherwise
    return _moment(
        (int(year), int(month), int(day)), clock, zone=zone or ("Z" if hour else ""), rule="compact"
    )


def _iso(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, _, month, day, hour, minute, second, zone = match.groups()
    if month is None or day is None:
        return None if hour else _coarse(int(year), int(month) if month else None, rule="iso")
    clock = (int(hour), int(minute), int(second or 0)) if hour else None
    return _moment((int(year), int(month), int(day)), clock, zone=zone or "", rule="iso")


def _cjk(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _CJK.fullmatch(text)
    if match is None:
        return None
    year, month, day, half, hour, minute, second, zone = match.groups()
    if month is None or day is None:
        return None if hour else _coarse(int(year), int(month) if month else None, rule="cjk")
    clock = None
    if hour:
        late = half in {"下午", "晚上", "午後", "오후"}
        clock = (
            _half_day(int(hour), is_pm=late, is_stated=half is not None),
            int(minute or 0),
            int(second or 0),
        )
    zone = "+0800" if zone == "北京时间" else zone or ""
    return _moment((int(year), int(month), int(day)), clock, zone=zone, rule="cjk")


def _numeric(text: str, _now: dt.datetime) -> FoundDate | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, mark, second, year = int(match[1]), match[2], int(match[3]), int(match[4])
    is_day_first = mark == "." or first > 12 or first == second  # noqa: PLR2004 - months in a year
    if not is_day_first and second <= 12:  # noqa: PLR2004 - 04/03: April or March, nobody can know
        return None
    day, month = (first, second) if is_day_first else (second, first)
    clock = None
    if match[5]:
        is_pm = (match[8] or "").lower().startswith("p")
        hour = _half_day(int(match[5]), is_pm=is_pm, is_stated=bool(match[8]))
        clock = (hour, int(match[6]), int(match[7] or 0))
    return _moment((year, month, day), clock, zone=match[9] or "", rule="numeric")


def _relative(text: str, now: dt.datetime) -> FoundDate | None:
    lowered = text.lower()
    if lowered in _NAMED_DAYS:
        unit, count = _NAMED_DAYS[lowered]
    else:
        match = _RELATIVE.fullmatch(lowered)
        named = _UNITS.get(match[2].strip()) if match else None
        if match is None or named is None:
            return None
        unit, count = named, int(match[1]) if match[1].isdigit() else 1
    now = now.astimezone(dt.UTC)
    if unit in {"month", "year"}:
        months = now.year * 12 + now.month - 1 - count * (12 if unit == "year" else 1)
        return _coarse(months // 12, months % 12 + 1 if unit == "month" else None, rule="relative")
    at = now - count * dt.timedelta(**{f"{unit}s": 1})
    if _PRECISION[unit] == "day":
        return FoundDate(at.replace(hour=0, minute=0, second=0, microsecond=0), "day", "relative")
    return FoundDate(at.replace(second=0, microsecond=0), "minute", "relative")


def _worded(text: str, _now: dt.datetime) -> FoundDate | None:
    """Read a date with a month name: RFC 822, asctime, Drupal and prose, in any order of its parts."""
    clock, rest = _take_clock(text)
    zone, rest = _take_zone(rest, has_clock=clock is not None)
    month = day = year = None
    for token in re.findall(r"[^\W_]+", rest.lower()):
        if token in _MONTHS and month is None:
            month = _MONTHS[token]
        elif (digits := re.fullmatch(r"(\d+)(?:st|nd|rd|th|er)?", token)) is not None:
            number = int(digits[1])
            if len(digits[1]) == 4 and year is None:  # noqa: PLR2004 - digits of a year
                year = number
            elif len(digits[1]) <= 2 and day is None:  # noqa: PLR2004 - digits of a day
                day = number
            elif len(digits[1]) == 2 and year is None:  # noqa: PLR2004 - RFC 822 prints two digits
                year = 2000 + number if number < 70 else 1900 + number  # noqa: PLR2004 - as RFC 2822 reads them
            else:
                return None
        elif token not in _FILLER:
            return None
    if month is None or year is None:
        return None
    if day is None:
        return None if clock else _coarse(year, month, rule="worded")
    return _moment((year, month, day), clock, zone=zone, rule="worded")


def _take_clock(text: str) -> tuple[tuple[int, int, int] | None, str]:
    match = _TIME.search(text)
    if match:
        is_pm = (match[4] or "").lower().startswith("p")
        hour = _half_day(int(match[1]), is_pm=is_pm, is_stated=bool(match[4]))
        clock = (hour, int(match[2]), int(match[3] or 0))
        return clock, f"{text[: match.start()]} {text[match.end() :]}"
    match = _HOUR.search(text)
    if match is None:
        return None, text
    hour = _half_day(int(match[1]), is_pm=match[2].lower().startswith("p"), is_stated=True)
    return (hour, 0, 0), f"{text[: match.start()]} {text[match.end() :]}"


def _take_zone(text: str, *, has_clock: bool) -> tuple[str, str]:
    if not has_clock:
        return "", text
    match = _OFFSET.search(text)
    if match:
        rest = re.sub(r"\((?:[^()]*)\)", " ", text[: match.start()] + " " + text[match.end() :])
        return f"{match[1]}{match[2]}{match[3]}", rest
    for word in re.findall(r"[A-Za-z]+", text):
        if word.lower() in _ZONES and (word.isupper() or word.lower() in {"utc", "gmt"}):
            return word, text.replace(word, " ", 1)
    return "", text


def _half_day(hour: int, *, is_pm: bool, is_stated: bool) -> int:
    noon = 12
    if not is_stated or hour > noon:
        return hour
    return hour % noon + (noon if is_pm else 0)


def _coarse(year: int, month: int | None, *, rule: str) -> FoundDate:
    return FoundDate(dt.datetime(year, month or 1, 1, tzinfo=dt.UTC), "month" if month else "year", rule)


def _zone_minutes(zone: str) -> int | None:
    """Return the offset of a zone in minutes, 0 for none; None when the zone is unknown."""
    if not zone:
        return 0
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return -minutes if zone[0] == "-" else minutes
    return _ZONES.get(zone.lower())


def _moment(
    day: tuple[int, int, int], clock: tuple[int, int, int] | None, *, zone: str, rule: str
) -> FoundDate | None:
    start = dt.datetime(*day, tzinfo=dt.UTC)
    if clock is None or clock == (0, 0, 0):
        return FoundDate(start, "day", rule)
    hour, minute, second = clock
    at = start.replace(hour=hour, minute=minute, second=min(second, 59))
    offset = _zone_minutes(zone)
    if offset is None:
        return FoundDate(at, "minute", f"{rule}, unknown zone read as UTC")
    rule = rule if zone else f"{rule}, no zone, read as UTC"
    return FoundDate(at - dt.timedelta(minutes=offset), "minute", rule)


_RULES: tuple[Callable[[str, dt.datetime], FoundDate | None], ...] = (
    _rfc_822,
    _compact,
    _epoch,
    _iso,
    _cjk,
    _numeric,
    _relative,
    _worded,
)
