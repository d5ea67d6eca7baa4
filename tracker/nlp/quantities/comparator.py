"""Words beside a number that say whether it is exact, about, above or below."""

from __future__ import annotations

import re

_BEFORE = (
    (
        ">",
        (
            r"just over|well over|more than|over|exceeding|exceeds|exceeded|in excess of|greater than|"
            r"larger than|above|surpassing|surpassed|topping|topped|north of|upwards? of|>"
        ),
    ),
    ("<", r"fewer than|less than|under|below|just under|short of|smaller than|<"),
    (
        ">=",
        (r"at least|no fewer than|no less than|not less than|a minimum of|minimum of|>=|\u2265|starting at"),
    ),
    (
        "<=",
        (
            r"up to|as many as|as much as|as long as|as high as|no more than|not more than|at most|"
            r"a maximum of|maximum of|"
            r"(?:a )?(?:statutory )?maximum (?:[a-z]{4,11} ){0,2}(?:sentence|penalty|term|fine|punishment) of|<=|\u2264"
        ),
    ),
    (
        "~",
        (
            r"about|around|roughly|approximately|approx\.?|some|nearly|almost|close to|circa|"
            r"c\.|an estimated|estimated|an approximate|virtually|in the region of|on the order of|"
            r"somewhere around|~"
        ),
    ),
)
_MARKS = {
    mark: re.compile(rf"(?:(?<!\w)(?:the |a )?(?:{words}))(?: the| a| an)?[ \n]?$", re.IGNORECASE)
    for mark, words in _BEFORE
}
_AFTER = (
    (
        ">=",
        re.compile(
            r"\+|[ \n](?:or|and) (?:more|above|greater|over)\b(?![ \n]\d)|-plus\b|[ \n]plus\b", re.IGNORECASE
        ),
    ),
    ("<=", re.compile(r"[ \n]or (?:fewer|less|under)\b", re.IGNORECASE)),
    ("~", re.compile(r"-?(?:[ \n]or so\b|-odd\b|ish\b)", re.IGNORECASE)),
)
_WINDOW = 46
_SIGNS = frozenset("><=~\u2264\u2265")
_LAST = (
    {"the", "a", "an"}
    | {
        words.rpartition(" ")[2].replace("\\.?", "").replace("\\.", ".")
        for _, group in _BEFORE
        for words in re.sub(r"\((?:\?:)?|\)\??", "", group).split("|")
    }
    | {"approx.", "upward", "upwards", "of"}
)
"""The last words of all comparators: most numbers have none of them before, and need no search."""
_LAST_WORD = 16


def before(text: str, at: int) -> tuple[str, int]:
    """Return the comparator that ends at `at` and where it begins; nothing and `at` where there is none."""
    last = (
        text[max(0, at - _LAST_WORD) : at]
        .rstrip()
        .rpartition(" ")[2]
        .rpartition("\n")[2]
        .lower()
        .lstrip("\"'([")
    )
    if last not in _LAST and last[-1:] not in _SIGNS:
        return "", at
    from_place = max(0, at - _WINDOW)
    found = [
        (match.start(), mark)
        for mark, pattern in _MARKS.items()
        if (match := pattern.search(text, from_place, at)) is not None
    ]
    if not found:
        return "", at
    start, mark = min(found)  # the longest: 'no more than' over 'more than'
    return mark, start


def after(text: str, at: int) -> tuple[str, int]:
    """Return the comparator that begins at `at` and where it ends; nothing and `at` where there is none."""
    for mark, pattern in _AFTER:
        match = pattern.match(text, at)
        if match:
            return mark, match.end()
    return "", at
