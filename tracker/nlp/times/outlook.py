"""Whether a sentence looks ahead where it names a time: 'will ... on May 4', 'is due in September'."""

from __future__ import annotations

import re

_AHEAD = re.compile(
    r"\b(?:will|shall|won't|would|could|may|plans?|planning|planned|expect(?:s|ed)?|anticipat(?:es?|ed)|set|due|"
    r"scheduled|slated|upcoming|coming|forthcoming|intends?|aims?|hopes?|wants|poised|about|going|must|should|needs?|"
    r"provide|respond|deadline|begins?|opens?|starts?|kicks|ahead|tentatively|preparing|until|invited|requests?)\b"
    r"|\b(?:is|are) to\b|'ll\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"(?<!\bbe )(?<!\bbeen )(?<!\bget )(?<!\bto be )\b(?!scheduled|expected|planned|anticipated|"
    r"slated|invited|need|tentat)"
    r"(?:[a-z]{2,}ed|said|told|wrote|was|were|had|did|began|met|sent|made|took|gave|came|"
    r"went|saw|found|held|put|sold|"
    r"ran|won|lost|left|rose|fell|spoke|got|became|brought|bought|built|caught|chose|cut|"
    r"drew|kept|knew|led|paid|read|"
    r"showed|stole|taught|thought|broke|has|have)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?;\u3002\uff01\uff1f](?:[\s\"')]|$)|\n")
_AFTER_AHEAD = re.compile(r"[^.!?\n;]{0,60}?\b(?:will|shall|is expected|are expected|would)\b", re.IGNORECASE)
_WINDOW = 110
_HAN_AHEAD = re.compile(
    "[\u5c06\u5c07\u62df\u64ec]|\u8ba1\u5212|\u8a08\u5283|\u9884\u8ba1|\u9810\u8a08|\u9884\u5b9a|"
    "\u6709\u671b|\u5373\u5c06"
)


def looks_ahead(text: str, start: int, end: int) -> bool:
    """Return whether the words before [start, end) in its sentence speak of what is still to come.

    The nearer verb decides; where none stands before, those right after are asked.
    """
    from_place = max(0, start - _WINDOW)
    before = text[from_place:start]
    for stop in _END.finditer(before):
        from_place = max(from_place, start - len(before) + stop.end())
    before = text[from_place:start]
    if _HAN_AHEAD.search(before[-20:]) or _HAN_AHEAD.match(text, end):
        return True
    ahead = max((m.start() for m in _AHEAD.finditer(before)), default=-1)
    back = max((m.start() for m in _BACK.finditer(before)), default=-1)
    if ahead < 0 and back < 0:
        return _AFTER_AHEAD.match(text, end, min(len(text), end + _WINDOW)) is not None
    return ahead > back
