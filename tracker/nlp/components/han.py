"""han.v1: names in Han script: those that everybody knows, legal forms, and the other form of a name in brackets."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from functools import cache

from tracker.nlp.component import Reading, component
from tracker.nlp.labels import ORG, PERSON, PUBLIC_BODY
from tracker.nlp.naming.lexicon import known_han
from tracker.nlp.phrases import Phrases, has_cjk
from tracker.records import FoundMention

VERSION = "han.v1"
_FORM = re.compile(
    "(?:\u96c6\u56e2|\u63a7\u80a1|\u80a1\u4efd|\u79d1\u6280|\u6709\u9650|\u8d23\u4efb|\u516c\u53f8){1,6}"
)
_IN_BRACKETS = re.compile("\\s?[(\uff08]([\u4e00-\u9fff\u00b7]{2,12})[)\uff09]")
_LONGEST_PERSON = 4
_SCORE = 0.8


@component(VERSION, order=56)
def find_han_names(reading: Reading) -> Reading:
    """Add known names in Han script where nothing is marked yet, and lengthen those that a legal form follows."""
    if not has_cjk(reading.text):
        return reading
    taken = [(m.start, m.end) for m in reading.mentions]
    found: list[FoundMention] = []
    reach = 0
    phrases, labels = _phrases()
    hits = sorted(phrases.scan(reading.text), key=lambda hit: (hit.start, -hit.end))
    for hit in hits:
        if hit.start < reach or _touches(taken, hit.start, hit.end):
            continue
        reach = hit.end
        found.append(_mention(reading.text, hit.start, hit.end, label=labels[hit.phrase], rule="known name"))
    mentions = sorted(
        [*(_lengthened(m, reading.text) for m in reading.mentions), *found], key=lambda m: m.start
    )
    bracketed = [other for m in mentions for other in _in_brackets(m, reading.text)]
    taken = [(m.start, m.end) for m in mentions]
    mentions.extend(m for m in bracketed if not _touches(taken, m.start, m.end))
    return replace(reading, mentions=sorted(mentions, key=lambda m: (m.start, m.end)))


@cache
def _phrases() -> tuple[Phrases, list[str]]:
    phrases, labels = Phrases(), []
    for name, label in sorted(known_han().items()):
        phrases.add(name)
        labels.append(label)
    return phrases, labels


def _touches(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_left(taken, (end, 0)) - 1
    return at >= 0 and taken[at][1] > start


def _lengthened(mention: FoundMention, text: str) -> FoundMention:
    """Return the mention with the legal form behind it: 'Ali Baba' and 'Group Holding Limited Company'."""
    if mention.label != ORG or not has_cjk(mention.surface[-1:]):
        return mention
    form = _FORM.match(text, mention.end)
    if form is None:
        return mention
    return replace(mention, end=form.end(), surface=text[mention.start : form.end()])


def _in_brackets(mention: FoundMention, text: str) -> list[FoundMention]:
    """Return the Han name that stands in brackets right after a person's or organisation's name in other letters."""
    if mention.label not in {PERSON, ORG, PUBLIC_BODY} or has_cjk(mention.surface):
        return []
    other = _IN_BRACKETS.match(text, mention.end)
    if other is None or (mention.label == PERSON and len(other.group(1)) > _LONGEST_PERSON):
        return []
    start, end = other.span(1)
    named = _mention(text, start, end, label=mention.label, rule="other script in brackets")
    return [replace(named, entity_id=mention.entity_id)]


def _mention(text: str, start: int, end: int, *, label: str, rule: str) -> FoundMention:
    return FoundMention(
        start=start,
        end=end,
        surface=text[start:end],
        label=label,
        score=_SCORE,
        model=VERSION,
        entity_id=None,
        rule=rule,
    )
