"""Amounts of a text in Han script: `超过2.4万个账户`, `约20名工程师`, `数十亿美元`; found without a parse."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tracker.nlp.phrases import CJK
from tracker.nlp.quantities.amount import Amount
from tracker.nlp.spans import Spans
from tracker.text.numbers import FoundNumber, numbers_in

_FILE = Path(__file__).parent.parent / "patterns" / "quantities.zh.json"
_SIGN = re.compile("(?:US|HK|RMB)?[$\u20ac\u00a3\u00a5]$")
_CODES = {"$": "USD", "\u20ac": "EUR", "\u00a3": "GBP", "\u00a5": "CNY"}
_WINDOW = 24
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_NEAR = 12
_SENTENCED = re.compile(
    "(?:\u5f92\u5211|\u76d1\u7981|\u83b7\u5211|\u5224\u5211|\u5165\u72f1|\u5211\u671f)[^\u3002\uff0c]{0,3}$"
)


@cache
def _rows() -> Any:  # noqa: ANN401 - a tree of JSON; it ends in the functions below
    return json.loads(_FILE.read_text("utf-8"))


@cache
def _pattern() -> re.Pattern[str]:
    """Return what may follow a number: a suffix, then a currency, a span of time, or a measure with a noun."""
    rows = _rows()
    nouns = _any(noun for words in rows["metrics"].values() for noun in words)
    money = _any(word for words in rows["currencies"].values() for word in words)
    times = _any(word for words in rows["time"].values() for word in words)
    after = _any(word for words in rows["after"].values() for word in words)
    return re.compile(
        rf" ?(?P<after>{after})?(?:(?P<share>%|\u4e2a\u767e\u5206\u70b9)|(?P<money>{money})|"
        rf"(?P<time>{times})(?![\u524d\u540e\u5f8c])(?P<prison>\u7684?(?:{_any(rows['prison'])}))?"
        rf"|(?P<measure>[{rows['measures']}])?(?P<between>[^\s\d,.;:()\"\u201c\u201d\u300c\u300d\u300e"
        rf"\uff0c\u3002\uff1b\uff1a\u3001\uff08\uff09!?\uff01\uff1f]{{0,8}}?) ?(?P<noun>{nouns}))"
        rf"(?P<about>\u5de6\u53f3|\u4e0a\u4e0b|\u4ee5\u4e0a)?"
    )


def _any(words: Any) -> str:  # noqa: ANN401 - any iterable of words
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _before() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (mark, re.compile(f"(?:{_any(words)})(?:\u4e86|\u8fbe)?$"))
        for mark, words in _rows()["before"].items()
    )


def amounts_in(text: str, blocked: Spans) -> list[Amount]:
    """Return the amounts whose unit is written in Han script, by start and without overlaps."""
    found: list[Amount] = []
    for number in numbers_in(text):
        if blocked.touched_by(number.start, number.end) or not _is_counted(text, number):
            continue
        amount = _amount(text, number)
        if amount and (not found or amount.start >= found[-1].end):
            found.append(amount)
    return found


def _is_counted(text: str, number: FoundNumber) -> bool:
    """Return whether the number is not an ordinal, a date or a piece of a word: `第三`, `一样`."""
    if text[max(0, number.start - 1) : number.start] in set("\u7b2c\u5468\u671f"):
        return False
    return not (number.is_word and number.value is not None and number.value <= 1)


def _amount(text: str, number: FoundNumber) -> Amount | None:
    match = _pattern().match(text, number.end, min(len(text), number.end + _WINDOW))
    sign = _SIGN.search(text, max(0, number.start - 4), number.start)
    if sign and _CJK_CHARACTER.search(text[max(0, number.start - _NEAR) : number.end + _NEAR]):
        start = sign.start()
        return Amount(
            start,
            number.end,
            number.start,
            "money",
            "=",
            number.value,
            None,
            _CODES[sign.group()[-1]],
            "han: money",
        )
    if match is None:
        return None
    what = _counted(text, match, number)
    if what is None:
        return None
    metric, unit, end = what
    comparator, start = "", number.start
    for mark, pattern in _before():
        said = pattern.search(text, max(0, number.start - 6), number.start)
        if said and said.start() < start:
            comparator, start = mark, said.start()
    inside = re.search("[\u591a\u4f59\u9918]", text[number.start : number.end])
    after = match["after"] or match["about"] or (inside.group() if inside else "")
    comparator = comparator or _after(after) or "="
    return Amount(start, end, number.start, metric, comparator, number.value, None, unit, f"han: {metric}")


def _after(word: str) -> str:
    return next((mark for mark, words in _rows()["after"].items() if word in words), "")


def _counted(text: str, match: re.Match[str], number: FoundNumber) -> tuple[str, str, int] | None:
    """Return metric, unit and the end of the words, or None for what counts nothing."""
    rows, end = _rows(), match.end()
    if match["share"]:
        return "share", "percent", end
    if match["money"]:
        return "money", _key(rows["currencies"], match["money"]), end
    if match["time"]:
        return _duration(text, match, number)
    noun = match["noun"]
    is_plain = not number.has_scale and not match["measure"]
    if is_plain and (number.is_word or match["between"]):
        return None  # `三人` is a word of its own, and `一个` counts nothing
    # a measure of people only
    metric = "people" if match["measure"] == "\u540d" else _key(rows["metrics"], noun)
    return metric, noun, end


def _duration(text: str, match: re.Match[str], number: FoundNumber) -> tuple[str, str, int] | None:
    unit, end = _key(_rows()["time"], match["time"]), match.end()
    before = text[max(0, number.start - 10) : number.start]
    if match["prison"] or (unit != "day" and _SENTENCED.search(before)):
        return "prison", unit, end
    is_named = unit in {"day", "year"} and not number.is_word and not match["about"]  # `7天`, `2024年`
    is_stretch = before.endswith("\u8fd1")  # `近五年` is a stretch of time, not how long something took
    return None if is_named or is_stretch or number.value is None else ("time", unit, end)


def _key(table: dict[str, Sequence[str]], word: str) -> str:
    return next(name for name, words in table.items() if word in words)
