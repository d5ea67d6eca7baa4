"""gazetteer.v1: lays the names the curators know over what the model found; the curators' names win."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from tracker.nlp.component import Reading, component


@component("gazetteer.v1", order=50)
def lay_gazetteer_over(reading: Reading) -> Reading:
    """Keep the gazetteer's mentions and those of the model's that touch none of them, by start."""
    people = [(m.start, m.end) for m in reading.mentions if m.label == "PERSON"]
    known = reading.gazetteer.find(reading.text, reading.title, people=people)
    ends = [m.end for m in known]
    free = []
    for mention in reading.mentions:
        at = bisect_left(ends, mention.start + 1)
        if at == len(known) or known[at].start >= mention.end:
            free.append(mention)
    return replace(reading, mentions=sorted([*known, *free], key=lambda m: (m.start, m.end)))
