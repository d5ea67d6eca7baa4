"""What an entry is called and in which lane it first stands; an editor may change both.

A first rule from words: the headline of the oldest report as it was printed, and the lane whose words come
first in that headline. What a text is about is not understood here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path

LANES = ("allegations", "responses", "official_actions", "litigation", "reporting")
DEFAULT_LANE = "reporting"
_DATA = Path(__file__).parent / "data" / "lanes.json"
_OUTLET = re.compile(r"\s+(?:[|\u2013\u2014]|-)\s+(?P<outlet>[^|\u2013\u2014]{2,40})$")
_LEAD_CHARACTERS = 400
_FEWEST_WORDS = 4
_MOST_OUTLET_WORDS = 4


def entry_title(titles: Sequence[str], outlets: Sequence[str] = ()) -> str:
    """Return the headline of the oldest member that has one, without the outlet's name at its end.

    Args:
        titles: headlines of the members as printed, oldest first.
        outlets: names of their outlets in the same order, as far as known.
    """
    named = zip_longest(titles, outlets[: len(titles)], fillvalue="")
    shortened = (_without_outlet(" ".join(title.split()), outlet) for title, outlet in named)
    return next((title for title in shortened if title), "")


def lane_of(title: str, text: str = "") -> str:
    """Return the lane whose words come first in the headline, else in the first sentences, else 'reporting'.

    An answer wins over what it answers: 'X denies claims of theft' is a response.
    """
    for part in (title, text[:_LEAD_CHARACTERS]):
        lane = _first_lane(part)
        if lane:
            return lane
    return DEFAULT_LANE


def _first_lane(part: str) -> str:
    found = [
        (match.start(), at, lane) for at, (lane, rule) in enumerate(_rules()) if (match := rule.search(part))
    ]
    if not found:
        return ""
    answers = [lane for _, _, lane in found if lane == "responses"]
    return answers[0] if answers else min(found)[2]


def _without_outlet(title: str, outlet: str) -> str:
    match = _OUTLET.search(title)
    if match is None:
        return title
    tail = match.group("outlet").strip()
    rest = title[: match.start()].rstrip()
    is_named = bool(outlet) and tail.casefold() in {outlet.casefold(), f"the {outlet.casefold()}"}
    looks_like_outlet = "|" in match.group() and len(tail.split()) <= _MOST_OUTLET_WORDS
    return rest if (is_named or looks_like_outlet) and len(rest.split()) >= _FEWEST_WORDS else title


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    listed: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return tuple((lane, re.compile("|".join(words), re.IGNORECASE)) for lane, words in listed.items())
