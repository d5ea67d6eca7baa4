"""Notices of editors in a text: corrections, clarifications, retractions, editor's notes; English and Chinese.

A value in, values out. A notice is a line, or a sentence, that says of the text itself that it was changed or taken
back; that somebody in the story corrects or retracts something is none.
"""

# ruff: noqa: E501 - a rule is read best in one line

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.text.spans import sentence_around

FINDER = "notices 1"
"""Name and version of the rules; it is stored with what they found."""
LONGEST = 600
MOST = 20

CORRECTION, CLARIFICATION, RETRACTION, NOTE = "correction", "clarification", "retraction", "editors_note"

_WORK = r"(?:article|story|report|post|page|piece|column|item|headline|statement|press release|release|notice|paper|preprint|version)"
_THIS = (
    rf"(?:this|the|an? (?:earlier|previous|prior|original|initial)) (?:(?:news|web|blog|original) )?{_WORK}"
)
_EARLIER = rf"(?:an?|the|previous|earlier|prior) ?(?:earlier|previous|prior|original|initial)? versions? of (?:this|the) {_WORK}"
_FORMER = rf"(?:{_EARLIER}|(?:this|the) {_WORK} (?:originally|previously|initially|incorrectly|erroneously|mistakenly))"
_HAS = r"(?:has been|have been|was|were|is being)"
_START = r"(?:^|(?<=\n))[ \t\"'*_\[(\u2022-]{0,6}"
_SENTENCE = r"(?:^|(?<=[\n.!?\u201d\"):]))[ \t\"'*_\[(]{0,4}"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (RETRACTION, re.compile(rf"{_START}(?:retraction|retracted|withdrawn|notice of (?:retraction|withdrawal))\b *(?:notice)?[:.\u2014\u2013-]", re.IGNORECASE)),
    (RETRACTION, re.compile(rf"{_SENTENCE}{_THIS} (?:has since |has now )?(?:{_HAS} |been )(?:since |now |formally |fully |permanently )?(?:retracted|withdrawn|removed|taken down|unpublished|deleted)\b", re.IGNORECASE)),
    (RETRACTION, re.compile(rf"{_SENTENCE}(?:we|the (?:editors|publisher|newspaper|newsroom)|[A-Z][\w ]{{2,40}}) (?:has|have|hereby|is|are)? ?(?:retract(?:s|ed|ing)?|withdraw(?:s|n|ing)?) (?:this|the|our) {_WORK}\b", re.IGNORECASE)),
    (CORRECTION, re.compile(rf"{_START}(?:corrections?(?: and clarifications?)?|corrected|erratum|errata)\b *(?:\([^)\n]{{1,60}}\)|,? [^:\n]{{1,40}})? ?[:\u2014\u2013]", re.IGNORECASE)),
    (CLARIFICATION, re.compile(rf"{_START}clarifi(?:cation|ed)s?\b *(?:\([^)\n]{{1,60}}\)|,? [^:\n]{{1,40}})? ?[:\u2014\u2013]", re.IGNORECASE)),
    (CLARIFICATION, re.compile(rf"{_SENTENCE}{_THIS} {_HAS} (?:\w+ )?(?:clarified|updated to clarify)\b", re.IGNORECASE)),
    (CORRECTION, re.compile(rf"{_SENTENCE}{_THIS} {_HAS} (?:\w+ )?(?:amended|corrected|edited|changed|revised|updated) (?:on|to|after|because|since|in)\b", re.IGNORECASE)),
    (CORRECTION, re.compile(rf"{_SENTENCE}{_FORMER} (?:of this \w+ )?(?:\w+ )?(?:said|stated|misstated|misspelled|misspelt|misidentified|misattributed|mischaracterized|mischaracterised|reported|described|gave|named|listed|referred|wrongly|incorrectly|erroneously|mistakenly|contained|included|omitted|failed|misquoted|attributed|had|was|indicated|suggested|implied|used|identified|called)\b", re.IGNORECASE)),
    (NOTE, re.compile(rf"{_START}(?:(?:an? )?(?:editor['\u2019]?s['\u2019]?|editors['\u2019]?|editorial|publisher['\u2019]s) note|note (?:to|from) (?:readers|the editors?))\b[^:\n]{{0,40}}[:.\u2014\u2013-]", re.IGNORECASE)),
    (RETRACTION, re.compile(rf"{_START}(?:撤回|撤稿|撤销|撤銷)(?:声明|聲明|通知|启事|啟事|公告)?[:\uff1a\u3010\u3011]")),
    (RETRACTION, re.compile(r"(?:本文|本报道|本報道|本刊|该文|該文|此文|本稿|该报道|該報道)(?:已经|已經|已|现|現|因[^。\n]{1,40})?(?:被)?(?:撤回|撤稿|撤下|删除|刪除|下架)")),
    (CORRECTION, re.compile(rf"{_START}(?:更正|勘误|勘誤|订正|訂正|更正启事|更正啟事|更正说明|更正說明|更正与说明)[:\uff1a]")),
    (CORRECTION, re.compile(r"(?:本文|本报道|本報道|此前版本|早前版本|先前版本|此文)(?:的)?[^。\n]{0,20}(?:已更正|已修正|已订正|已訂正|有误|有誤|误写|誤寫|误将|誤將|特此更正)")),
    (NOTE, re.compile(rf"{_START}(?:编者按|編者按|编者注|編者註|编辑注|編輯註)[:\uff1a]")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundNotice:
    """A notice: its kind, and the span of the text that says it."""

    kind: str
    start: int
    end: int
    sentence: str


def find_notices(text: str) -> list[FoundNotice]:
    """Return the notices of a text in their order; two rules that speak of one passage make one notice."""
    found: list[FoundNotice] = []
    for kind, start, end in sorted(_hits(text), key=lambda hit: hit[1]):
        if any(start < one.end and end > one.start for one in found):
            continue
        if len(found) == MOST:
            break
        low, high = _passage(text, start, end)
        found.append(FoundNotice(_kind(kind, text[low:high]), low, high, text[low:high]))
    return found


def _hits(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in _RULES:
        for n, match in enumerate(pattern.finditer(text)):
            if n == MOST:
                break
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield kind, start, match.end()


def _passage(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the rest of the paragraph from the notice on, where a label begins it; else its sentence."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if not text[line_start:start].strip() and line_end - line_start <= LONGEST:
        low, high = line_start, line_end
    else:
        low, high = sentence_around(text, start, end, LONGEST)
    while low < high and text[low].isspace():
        low += 1
    while high > low and text[high - 1].isspace():
        high -= 1
    return low, high


def _kind(kind: str, sentence: str) -> str:
    """Return what an editor's note is about, where it says so."""
    if kind != NOTE:
        return kind
    folded = sentence.casefold()
    if re.search(r"\b(?:retract(?:ed|ion|s)?|withdrawn|no longer stand)\b|撤回|撤稿", folded):
        return RETRACTION
    if re.search(
        r"\b(?:correct(?:ed|ion|s)|amended|earlier version|erroneously|incorrectly|misstated)\b|更正|有误",
        folded,
    ):
        return CORRECTION
    return CLARIFICATION if "clarif" in folded else kind
