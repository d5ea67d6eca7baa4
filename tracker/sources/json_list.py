"""The kind 'json_list': a listing in JSON whose members are named by the endpoint's options.

Promises that a name which leads nowhere is reported with the names that exist there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, members, text, texts
from tracker.sources.gather import MAX_TEXT, Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.printed_date import DATE_FORMAT, ZONE, PrintedDate
from tracker.text.clean import one_line
from tracker.text.html import plain_text
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

_PLACE = re.compile(r"\{([^{}]*)\}")
_SHOWN_KEYS = 12
_PATHS = ("title", "date", "text", "id", "byline", "outlet", "language")
_WHOLE = frozenset({"", "."})


class JsonListKind(SourceKind):
    """Reads a JSON listing by the paths that its endpoint names."""

    name = "json_list"
    title = "JSON listing"
    accept = "application/json, */*;q=0.1"
    about = (
        "Any address that answers with a list in JSON: what a newsroom's own page asks for, or a search API. Each "
        "option names a member by its path, with dots between the names and numbers for places in a list: "
        "`_source.ciks.0`. Dates may be ISO, epoch seconds or milliseconds, also mixed in one member. HTML in titles "
        "and texts is read as text. A name that leads nowhere in every item is an error that lists the names there are."
    )
    shape = (
        "named by the options; recordings in the shapes of MiniMax, Qwen, GOV.UK, Hansard and EDGAR full text"
    )
    options = (
        Option(
            "items",
            "Path of the list; '.' where the answer itself is the list.",
            "data.articles",
            is_required=True,
        ),
        Option(
            "link",
            "Path of the address, or an address with paths in braces. A brace may end in |number (no leading zeros), "
            "|digits (digits only), |before_colon or |after_colon.",
            "https://qwen.ai/blog?id={path}",
        ),
        Option("title", "Path of the title.", "title"),
        Option("date", "Path of the publication date.", "extra.date"),
        DATE_FORMAT,
        ZONE,
        Option("text", "Path of the text or summary.", "content"),
        Option("id", "Path of the publisher's own id.", "_id"),
        Option("byline", "Path of the author's name, or of a list of names.", "extra.author"),
        Option("outlet", "Path of the publisher's name, where items come from several.", "source.name"),
        Option("language", "Path of the language code.", "lang"),
        Option("next", "Path of the address of the next page, from the top of the answer.", "links.next"),
    )
    max_pages = 5

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the items of the list; see `SourceKind.parse`."""
        answer = decoded(page)
        wanted = {name: value.strip() for name, value in options.items() if value.strip()}
        rows = _rows(answer, wanted.get("items", ""))
        read = PrintedDate(options, now)
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        _refuse_lost_paths(rows, wanted)
        for row in gathering.ends_of(rows):
            if not isinstance(row, dict):
                gathering.refuse(text(row)[:200], "it is no JSON object")
                continue
            _add(gathering, row, wanted, read)
        return gathering.listing(more=_more(answer, wanted.get("next", ""), page))


def at_path(value: object, path: str) -> object:
    """Return what stands at a dotted path, or None; a number is a place in a list."""
    for name in path.split("."):
        if isinstance(value, list):
            place = int(name) if re.fullmatch(r"\d{1,6}", name) else len(value)
            value = value[place] if place < len(value) else None
        else:
            value = members(value).get(name)
    return value


def _rows(answer: object, path: str) -> list[object]:
    if not path and not isinstance(answer, list):
        msg = f"the setting 'items' is missing: write the path of the list; there is {_shown(answer)}"
        raise FeedError(msg)
    found, walked = answer, ""
    for name in () if path in _WHOLE else path.split("."):
        inner = at_path(found, name)
        if inner is None:
            where = f"in '{walked}'" if walked else "at the top of the answer"
            msg = f"the setting 'items' ({path}) leads nowhere: {where} there is no '{name}' but {_shown(found)}"
            raise FeedError(msg)
        found, walked = inner, f"{walked}.{name}".lstrip(".")
    if not isinstance(found, list):
        msg = f"the setting 'items' ({path or '.'}) leads to no list; there is {_shown(found)}"
        raise FeedError(msg)
    return found


def _refuse_lost_paths(rows: Sequence[object], wanted: Mapping[str, str]) -> None:
    """Raise when a path finds nothing in any item, as after a change of the publisher's names.

    A null is something: the name is there.
    """
    if not rows:
        return
    link = wanted.get("link", "")
    paths = [(name, wanted[name]) for name in _PATHS if name in wanted]
    paths += [("link", place) for place in _places(link)] if "{" in link else [("link", link)] if link else []
    for name, path in paths:
        if not any(_has(row, path) for row in rows):
            parent, _, last = path.rpartition(".")
            holders = [at_path(row, parent) if parent else row for row in rows]
            holder = next((holder for holder in holders if holder is not None), None)
            where = f"in '{parent}'" if parent and holder is not None else "in the items"
            shown = _shown(holder if holder is not None else next(iter(rows)))
            msg = f"the setting '{name}' ({path}) leads nowhere: {where} there is no '{last}' but {shown}"
            raise FeedError(msg)


def _has(row: object, path: str) -> bool:
    parent, _, last = path.rpartition(".")
    holder = at_path(row, parent) if parent else row
    return at_path(row, path) is not None or last in members(holder)


def _add(
    gathering: Gathering, row: Mapping[str, object], wanted: Mapping[str, str], read: PrintedDate
) -> None:
    got = {name: at_path(row, wanted[name]) for name in _PATHS if name in wanted}
    printed = _first(got.get("date"))
    gathering.add(
        link=_link(row, wanted.get("link", "")),
        title=plain_text(_first(got.get("title"))[:10_000]),
        item_id=_first(got.get("id")),
        byline=", ".join(plain_text(name) for name in texts(got.get("byline"))[:50]),
        text="\n".join(plain_text(part) for part in texts(got.get("text"))[:200])[:MAX_TEXT],
        published=gathering.date(printed, read, f"json {wanted.get('date', '')}"),
        language=_first(got.get("language")).lower().replace("_", "-").split("-")[0][:3],
        outlet=plain_text(_first(got.get("outlet"))),
    )


def _first(value: object) -> str:
    return next(iter(texts(value)), "")


def _link(row: Mapping[str, object], link: str) -> str:
    if "{" not in link:
        return _first(at_path(row, link)) if link else ""
    is_whole = all(_first(at_path(row, place)) for place in _places(link))
    # an address with a hole in it would lead to another page
    return _PLACE.sub(lambda match: _filled(row, match[1]), link) if is_whole else ""


def _places(link: str) -> list[str]:
    return [place.partition("|")[0].strip() for place in _PLACE.findall(link)]


def _filled(row: Mapping[str, object], place: str) -> str:
    path, _, change = (part.strip() for part in place.partition("|"))
    value = _first(at_path(row, path))
    if change == "number":
        value = value.lstrip("0") or "0"
    elif change == "digits":
        value = re.sub(r"\D", "", value)
    elif change == "before_colon":
        value = value.partition(":")[0]
    elif change == "after_colon":
        value = value.partition(":")[2] or value
    elif change:
        msg = f"the setting 'link' ends a brace in '|{one_line(change, 30)}', which is not known"
        raise FeedError(msg)
    return quote(value, safe="/-._~:")


def _more(answer: object, path: str, page: Page) -> list[str]:
    further = clean_url(_first(at_path(answer, path)), page.final_url) if path else ""
    return [further] if further and further not in {page.url, page.final_url} else []


def _shown(value: object) -> str:
    """Return in words what a value is, with the names of its members."""
    if isinstance(value, dict):
        names = [one_line(str(name), 40) for name in list(value)[:_SHOWN_KEYS]]
        dots = " ..." if len(value) > _SHOWN_KEYS else ""
        return f"an object with {', '.join(names)}{dots}" if names else "an empty object"
    if isinstance(value, list):
        return f"a list of {len(value)}, whose first is {_shown(value[0])}" if value else "an empty list"
    if value is None:
        return "nothing"
    return f"the value '{one_line(text(value)[:200], 60)}'"


KINDS.register(JsonListKind.name)(JsonListKind())
