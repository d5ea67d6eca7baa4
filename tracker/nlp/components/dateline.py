"""dateline.v1: what stands in capitals in a dateline is a place, whatever else was taken for it."""

from __future__ import annotations

from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.nlp.datelines import datelines
from tracker.nlp.labels import GPE

VERSION = "dateline.v1"


@component(VERSION, order=57)
def places_of_datelines(reading: Reading) -> Reading:
    """Call the unknown names of datelines places."""
    places = set(datelines(reading.text))
    if not places:
        return reading
    mentions = [
        replace(mention, label=GPE, rule="dateline", model=VERSION)
        if mention.entity_id is None and (mention.start, mention.end) in places
        else mention
        for mention in reading.mentions
    ]
    return replace(reading, mentions=mentions)
