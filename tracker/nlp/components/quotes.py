"""quotes.v1: what somebody is reported to have said or written, with speaker, role and channel."""

from __future__ import annotations

from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.nlp.quotes.read import quotes_in


@component("quotes.v1", order=80)
def find_quotes(reading: Reading) -> Reading:
    """Add the quotations; where the text is not parsed they are found by patterns alone."""
    found = quotes_in(reading.text, reading.mentions, reading.sentences, reading.roles)
    return replace(reading, quotes=found)
