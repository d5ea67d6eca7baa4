"""Finds where the blocks of a list state their dates: a time element, an element with a date's words, the address."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from bs4.element import Tag

from tracker.sources.block_shape import Shape, relative_selector
from tracker.sources.html_list import printed_dates
from tracker.sources.printed_date import PrintedDate, address_date_pattern, date_in_address
from tracker.sources.web_page import Selector, attribute, inside, words

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BLOCKS = 25
"""Blocks looked at."""
MAX_PARTS = 60
"""Elements of a block looked at."""
MAX_WORDS = 80

_ENOUGH = 0.6
_ORDERS = ("", "month first", "day first")
_DIGIT = re.compile(r"\d")
_SLASHED = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})\b")
_MONTHS = 12
_ADDRESS_FORMS = (
    r"/t(?P<date>20\d{6})_",
    r"/(?P<year>20\d\d)/(?P<month>\d\d)/(?P<day>\d\d)(?:/|-|$)",
    r"/(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?:/|-|$)",
    r"[/_-](?P<date>20\d{6})(?!\d)",
    r"/(?P<year>20\d\d)-(?P<month>\d\d)/(?P<day>\d\d)/",
    r"/[a-z]+(?P<date>2\d{5})(?!\d)",
    r"/(?P<year>20\d\d)/(?P<month>\d\d)/",
)


def date_options(shape: Shape, now: dt.datetime) -> dict[str, str]:
    """Return the options that say where dates stand and how they are printed; none where nothing was found."""
    blocks = shape.blocks[:MAX_BLOCKS]
    if _share([inside(block, "time") is not None or block.name == "time" for block in blocks]) >= _ENOUGH:
        times = [tag for block in blocks if (tag := inside(block, "time")) and not tag.get("datetime")]
        return {"date": "time"} | _order([words(tag) for tag in times])
    found = {name: _place_and_dates(blocks, name, now) for name in _ORDERS}
    n_read = {name: len(dates) for name, (_, dates) in found.items()}
    order = max(_ORDERS, key=lambda name: n_read[name])
    selector, dates = found[order]
    if not selector:
        return _in_address([attribute(link, "href") for link in shape.links], now)
    if not order:
        return {"date": selector}
    # 04/03 and 03/04 in turn: only the order of a list can tell, which has the newest first
    other = next(name for name in _ORDERS if name not in {"", order})
    if n_read[other] == n_read[order] and _is_falling(dates) == _is_falling(found[other][1]):
        return {"date": selector}
    is_other = n_read[other] == n_read[order] and _is_falling(found[other][1])
    return {"date": selector, "date_format": other if is_other else order}


def _place_and_dates(
    blocks: Sequence[Tag], order: str, now: dt.datetime
) -> tuple[str, Sequence[dt.datetime]]:
    """Return where dates in this order of their numbers stand, and those that are read there."""
    read = PrintedDate({"date_format": order}, now)
    selector = _printed_place(blocks, read) or _beside(blocks, read)
    if not selector:
        return "", ()
    compiled = Selector("date", selector)
    parts = (compiled.first_in(block) for block in blocks)
    first = (next((day for raw in printed_dates(part) if (day := read(raw))), None) for part in parts)
    return selector, [day.at for day in first if day is not None]


def _is_falling(dates: Sequence[dt.datetime]) -> bool:
    return list(dates) == sorted(dates, reverse=True)


def _printed_place(blocks: Sequence[Tag], read: PrintedDate) -> str:
    """Return the selector of the smallest elements whose words are a date."""
    dated = [_dated_part(block, read) for block in blocks]
    found = [tag for tag in dated if tag is not None]
    if len(found) < _ENOUGH * len(blocks):
        return ""
    whole = [tag for tag in found if not any(tag is block for block in blocks)]
    for parts in (whole, found):
        selector = relative_selector(parts) if parts and len(parts) == len(found) else ""
        if selector and _fits(selector, blocks, read):
            return selector
    return ""


def _dated_part(block: Tag, read: PrintedDate) -> Tag | None:
    best = None
    for tag in [block, *block.find_all(True, limit=MAX_PARTS)]:
        if not isinstance(tag, Tag) or (tag.name == "a" and tag is not block):
            continue
        text = words(tag)
        is_short = len(text) <= MAX_WORDS
        if is_short and _DIGIT.search(text) and any(read(raw) for raw in printed_dates(tag)):
            best = tag  # a later one is inside an earlier one, or beside it
    return best


def _fits(selector: str, blocks: Sequence[Tag], read: PrintedDate) -> bool:
    compiled = Selector("date", selector)
    parts = [compiled.first_in(block) for block in blocks]
    return (
        _share([part is not None and any(read(raw) for raw in printed_dates(part)) for part in parts])
        >= _ENOUGH
    )


def _beside(blocks: Sequence[Tag], read: PrintedDate) -> str:
    """Return 'prev dt' or the like, where the date stands in the element before or after each block."""
    for side in ("prev", "next"):
        beside = [
            block.find_previous_sibling(True) if side == "prev" else block.find_next_sibling(True)
            for block in blocks
        ]
        tags = [tag for tag in beside if isinstance(tag, Tag)]
        if not tags or any(tag.name in {"ul", "ol", "table"} for tag in tags):
            continue
        form = relative_selector(tags)
        if form and form != "*" and not any(Selector("date", form).compiled.match(block) for block in blocks):
            selector = f"{side} {form}"
            if _fits(selector, blocks, read):
                return selector
    return ""


def _order(printed: Sequence[str]) -> dict[str, str]:
    """Return which number is the month, where one of the dates can only be read in one way."""
    firsts, seconds = [], []
    for text in printed:
        match = _SLASHED.search(text)
        if match:
            firsts.append(int(match[1]))
            seconds.append(int(match[2]))
    if not firsts:
        return {}
    if max(seconds) > _MONTHS >= max(firsts):
        return {"date_format": "month first"}
    if max(firsts) > _MONTHS >= max(seconds):
        return {"date_format": "day first"}
    return {}


def _in_address(hrefs: Sequence[str], now: dt.datetime) -> dict[str, str]:
    for form in _ADDRESS_FORMS:
        pattern = address_date_pattern(form)
        if _share([date_in_address(href, pattern, now) is not None for href in hrefs]) >= _ENOUGH:
            return {"date_from_url": form}
    return {}


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
