"""Amounts of an English text: every number that counts something, from its comparator to its unit.

Left out are dates, ages, ordinals, versions, numbers of bills and sections, clock times, list marks and figures inside
names and web addresses.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from tracker.nlp.quantities import comparator as comparators
from tracker.nlp.quantities.amount import Amount
from tracker.nlp.quantities.table import Tables
from tracker.nlp.quantities.unit_after import Counted, counted
from tracker.nlp.spans import Spans
from tracker.text.numbers import FoundNumber, numbers_in

_CURRENCY = re.compile(
    r"(?:(?<![A-Za-z])(?P<code>US|U\.S\.|HK|NT|CA|C|AU|A|S|R|CN|USD|EUR|GBP|RMB|CNY|HKD|"
    r"JPY|SGD|TWD|KRW|INR) ?)?(?P<sign>[$\u20ac\u00a3\u00a5\u20a9\u20b9])[ ]?$"
    r"|(?<![A-Za-z])(?P<alone>USD|US|EUR|GBP|RMB|CNY|HKD|JPY|SGD|TWD|KRW|INR) ?$"
)
_SIGNS = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "CNY", "\u20a9": "KRW", "\u20b9": "INR"}
_CODES = {
    "US": "USD", "U.S.": "USD", "HK": "HKD", "NT": "TWD", "CA": "CAD", "C": "CAD", "AU": "AUD", "A": "AUD", "S": "SGD",
    "R": "BRL", "CN": "CNY", "RMB": "CNY",
}  # fmt: skip
_LINK = re.compile(
    r"(?: ?%| percent)?(?: ?- ?|[ \n]to[ \n]| ?/ ?)(?:(?:US|HK|RMB )?[$\u20ac\u00a3\u00a5])?|"
    r"[ \n]and[ \n](?:[$\u20ac\u00a3\u00a5])?"
)
_BETWEEN = re.compile(r"\bbetween[ \n](?:[$\u20ac\u00a3\u00a5])?$", re.IGNORECASE)
_NOT_COUNTED = re.compile(
    r"(?:\b(?:nos?\.|number|sec(?:tion|tions|s?\.)|articles?|art\.|title|chapter|part|"
    r"h\.? ?r\.|s\.|pub\. l\.|version|ver\.|"
    r"v\.?|line|pages?|pp?\.|figure|fig\.|table|step|day|appendix|order|docket|case|u\.s\.c\.|c\.?f\.?r\.?|rule|form|"
    r"level|phase|tier|round|series|exhibit|(?-i:Counts?)|fortune|top|per|aged?|ages|act of|"
    r"suite|room|area|type|class|grade|"
    r"week|episode|volume|vol\.|issue|item|question|footnote|note|ranked|chapter|building|route|highway|group of|g|"
    r"first|last|past|next|previous)|[#\u00a7@])[ \n]?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"(?:[a-z,\u2019']|[A-Z]\w*)[ \n]([A-Z][\w.-]*)[ ]$")
_OF_MORE = re.compile(
    r"[ \n](?:out[ \n])?of[ \n](?:(?:the|its|more|than|some|about|nearly|over|a|total|of)[ \n]){0,4}(?=[\d$])",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"\b(?:(?P<n>an?|one|two|three|four)[ \n-](?P<d>third|quarter|fifth|tenth)s?|(?P<half>half))\b("
    r"?=[ \n](?:of|the|its|their)\b)",
    re.IGNORECASE,
)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_ONES = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}
_BARE_FROM = 1000
_HYPHENS = "-"
_SAME_LIST = 260
_LISTED = frozenset(
    {
        "accounts",
        "exchanges",
        "prompts",
        "requests",
        "tokens",
        "documents",
        "chips",
        "servers",
        "users",
        "downloads",
        "money",
    }
)


def amounts_in(text: str, blocked: Spans) -> list[Amount]:
    """Return the amounts of a text made plain, by start and without overlaps.

    Args:
        text: as `tracker.text.numbers.level` returns it.
        blocked: spans whose figures are not read: dates, names, web addresses.
    """
    numbers = [
        n for n in numbers_in(text) if not blocked.touched_by(n.start, n.end) and not _is_excluded(text, n)
    ]
    found = [*_fractions(text)]
    bare: list[tuple[FoundNumber, Amount]] = []
    at = 0
    while at < len(numbers):
        number = numbers[at]
        following = numbers[at + 1] if at + 1 < len(numbers) else None
        amount, is_whole, taken = _amount(text, number, following)
        if is_whole and amount.metric:
            found.append(amount)
        elif number.value is not None and (
            number.value >= _BARE_FROM or number.has_scale or amount.rule == "of them"
        ):
            bare.append((number, amount))
        at += taken
    found.sort(key=lambda one: one.start)
    found.extend(_bare_ones(text, bare, found))
    return _shared_maximum(text, _apart(found))


def _apart(found: list[Amount]) -> list[Amount]:
    kept: list[Amount] = []
    for amount in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
    return kept


def _amount(text: str, number: FoundNumber, following: FoundNumber | None) -> tuple[Amount, bool, int]:
    """Return what stands at a number, whether its unit is known, and how many numbers it took."""
    value, high, end, taken, start = number.value, None, number.end, 1, number.start
    if following is not None and _is_range(text, number, following):
        low = number.value or Decimal(0)
        scale = following.scale if number.scale == 1 and following.scale > 1 and low < 1000 else Decimal(1)  # noqa: PLR2004
        if following.value is not None and low * scale < following.value:
            value, high, end, taken = low * scale, following.value, following.end, 2
    money = ""
    currency = _CURRENCY.search(text, max(0, start - 8), start)
    if currency:
        start = currency.start()
        code = currency["alone"] or currency["code"] or ""
        money = _CODES.get(code, code) or _SIGNS[currency["sign"]]
    comparator, begin = comparators.before(text, start)
    if taken > 1 and (between := _BETWEEN.search(text, max(0, start - 12), start)):
        comparator, begin = "=", between.start()
    mark, end = comparators.after(text, end)
    if "+" in text[number.start : number.end]:  # '16+ million'
        mark = ">="
    comparator = comparator if comparator == "~" else mark or comparator
    what = Counted(end, "money", money) if money else counted(text, number, start, end, comparator=comparator)
    if what is not None and what.metric == "time":
        comparator, begin = _lasting(text, start, comparator, begin)
    if what is not None and not mark and not money:
        mark, stop = comparators.after(text, what.end)
        what, comparator = replace(what, end=stop), mark or comparator
    rule = "of them" if what is not None and what.is_same else "unit after the number"
    amount = Amount(
        start=begin,
        end=what.end if what else end,
        number=number.start,
        metric=what.metric if what else "",
        comparator=comparator or "=",
        value=value,
        high=high,
        unit=what.unit if what else "",
        rule=rule,
    )
    return amount, bool(amount.metric), taken


def _lasting(text: str, start: int, comparator: str, begin: int) -> tuple[str, int]:
    """Return the comparator of a duration, where 'within' counts as one."""
    within = re.search(r"\bwithin[ \n](?:a[ \n])?$", text[max(0, start - 12) : start], re.IGNORECASE)
    return ("<=", start - len(within.group())) if within else (comparator, begin)


def _shared_maximum(text: str, found: list[Amount]) -> list[Amount]:
    """Let 'a maximum of 10 years in prison for ... and 15 years for ...' hold for both terms."""
    shared: list[Amount] = []
    for amount in found:
        before = next((one for one in reversed(shared[-4:]) if one.metric == "prison"), None)
        is_second = (
            before is not None
            and amount.metric == "prison"
            and (before.comparator, amount.comparator) == ("<=", "=")
            and re.search(r"[.;\n]", text[before.end : amount.start]) is None
            and re.search(r"\band[ \n]$", text[before.end : amount.start]) is not None
        )
        shared.append(replace(amount, comparator="<=") if is_second else amount)
    return shared


def _is_range(text: str, first: FoundNumber, second: FoundNumber) -> bool:
    link = text[first.end : second.start]
    if len(link) > 16 or first.value is None or second.value is None:  # noqa: PLR2004
        return False
    said = _LINK.fullmatch(link)
    if said is None:
        return False
    if "and" in said.group():
        return _BETWEEN.search(text, max(0, first.start - 12), first.start) is not None
    if "/" in said.group():
        return "$" in said.group()
    return True


def _is_excluded(text: str, number: FoundNumber) -> bool:
    start, end = number.start, number.end
    before = text[max(0, start - 24) : start]
    if _NOT_COUNTED.search(before) or before.endswith(("^", "$/")):
        return True
    if before.endswith(_HYPHENS) and len(before) > 1 and (before[-2].isalpha() or before[-2] == "-"):
        return True
    if re.match(
        r":\d|[ \n]?[ap]\.?m\b|-(?:year|month|day|week)s?-old|[ \n]years?[ \n]old|/\d{1,2}/|\.\d",
        text[end : end + 12],
    ):
        return True
    if re.search(r"\d[:/.]$", before) and "$" not in before[-4:]:
        return True
    is_plain = not number.is_word and not number.has_scale and (number.value or 0) < _BARE_FROM
    return is_plain and _NAME_BEFORE.search(before) is not None and text[end : end + 1] != "%"


def _fractions(text: str) -> list[Amount]:
    found = []
    for match in _FRACTION.finditer(text):
        if match["half"]:
            value = Decimal(50)
        else:
            value = (Decimal(100) * _ONES[match["n"].lower()] / _PARTS[match["d"].lower()]).quantize(
                Decimal("0.1")
            )
        comparator, begin = comparators.before(text, match.start())
        found.append(
            Amount(
                begin,
                match.end(),
                match.start(),
                "share",
                comparator or "=",
                value,
                None,
                "percent",
                "fraction",
            )
        )
    return found


def _bare_ones(text: str, bare: list[tuple[FoundNumber, Amount]], found: list[Amount]) -> list[Amount]:
    """Return the numbers without a noun whose noun stands elsewhere: in a list, before 'of them', in the head."""
    got: list[Amount] = []
    tables = Tables(text)
    at = 0
    for number, amount in bare:
        while at < len(found) and found[at].start < amount.start:
            at += 1
        before, after = found[at - 1] if at else None, found[at] if at < len(found) else None
        if before and got and got[-1].start > before.start:
            before = got[-1]
        if amount.rule == "of them":
            if before and _is_near(text, before.end, amount.start, is_same_line=False):
                got.append(replace(amount, metric=before.metric, unit=before.unit))
            continue
        if after and _OF_MORE.match(text, amount.end) and after.start - amount.end < 40:  # noqa: PLR2004
            got.append(replace(amount, metric=after.metric, unit=after.unit, rule="of a larger number"))
            continue
        cell = tables.unit_at(amount.start, amount.end)
        if cell:
            got.append(
                replace(amount, metric=cell.metric, unit=cell.noun, rule="label or head of the column")
            )
            continue
        same = _listed_with(text, number, amount, before, after)
        if same:
            got.append(replace(amount, metric=same.metric, unit=same.unit, rule="same list"))
    return got


def _listed_with(
    text: str, number: FoundNumber, amount: Amount, before: Amount | None, after: Amount | None
) -> Amount | None:
    """Return the amount whose noun this number shares, as in 'A: 150,000; B: 3.4 million; C: 13 million exchanges'."""
    if not number.has_scale and "," not in text[number.start : number.end]:
        return None
    if not re.match(
        r"[,;.)\]|\n]|[ \n](?:to|from|by|at|for|and|in|with|on|against|were|was|came|of[ \n][A-Z])|$",
        text[amount.end : amount.end + 8],
    ):
        return None
    for other, ends in (
        (before, (before.end if before else 0, amount.start)),
        (after, (amount.end, after.start if after else 0)),
    ):
        if other and other.metric in _LISTED - {"money"} and _is_near(text, *ends, is_same_line=True):
            return other
    return None


def _is_near(text: str, start: int, end: int, *, is_same_line: bool) -> bool:
    between = text[start:end]
    return 0 <= end - start < _SAME_LIST and not (is_same_line and re.search(r"\n|[.!?][ ]+[A-Z]", between))
