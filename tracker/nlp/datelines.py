"""Where a report says it was written, as in 'KARSHOLM (Agency) -' and 'PORT VERRIN, March 12 (Agency) -'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.records import Span

_MOST_LINES = 400
_PLACE = re.compile(
    r"(?P<place>[A-Z][A-Z.'\u2019-]{2,20}(?: [A-Z][A-Z.'\u2019-]{1,20}){0,3})"
    r"(?:, [A-Z][\w. ]{1,24}){0,2}(?: \([\w .&/-]{2,40}\))? ?[-\u2013\u2014]{1,2} "
)


def datelines(text: str) -> Iterator[Span]:
    """Yield the span of the place in each dateline: words in capitals at the start of a line, with a dash after."""
    start = 0
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        match = _PLACE.match(line[:160])
        if match:
            yield start + match.start("place"), start + match.end("place")
        start += len(line) + 1
