"""shape.v1: trims what the model calls a name and drops what cannot be one."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.records import FoundMention

_KEPT_LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "PRODUCT", "LAW", "EVENT"})
_LONGEST = 120
_BEFORE = re.compile(r"[\s\W_]*(?:(?:the|a|an)\s+)?", re.IGNORECASE)
_AFTER = re.compile(r"(?:['\u2019]s?)?[^\w.)]*$|(?:['\u2019]s)[\s\W]*$", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"https?:|www\.|[@#|<>{}=*\\\n\t]|\(opens in", re.IGNORECASE)


@component("shape.v1", order=10)
def keep_shaped_names(reading: Reading) -> Reading:
    """Keep the mentions with a label that is a name, trimmed of articles, quotes and possessives."""
    trimmed = (_trimmed(mention) for mention in reading.mentions if mention.label in _KEPT_LABELS)
    return replace(reading, mentions=[mention for mention in trimmed if mention is not None])


def _trimmed(mention: FoundMention) -> FoundMention | None:
    surface = mention.surface
    before = _BEFORE.match(surface)
    start = before.end() if before else 0
    after = _AFTER.search(surface, start)
    end = after.start() if after else len(surface)
    kept = surface[start:end]
    letters = [c for c in kept if c.isalpha()]
    if len(letters) < 2 or len(kept) > _LONGEST or _NOT_A_NAME.search(kept):  # noqa: PLR2004
        return None
    if mention.label in {"PERSON", "ORG", "GPE"} and kept.islower():
        return None
    return replace(mention, start=mention.start + start, end=mention.start + end, surface=kept)
