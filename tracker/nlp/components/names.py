"""names.v1: which capitalised words are names, and of what, by evidence from the whole text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.nlp.labels import GPE
from tracker.nlp.naming.decide import Candidate, decide, gathered
from tracker.nlp.naming.runs import PLAIN, Word, words_of
from tracker.nlp.naming.spans import SpanFinder
from tracker.nlp.naming.votes import Voter
from tracker.nlp.naming.words import is_common
from tracker.nlp.phrases import has_much_cjk
from tracker.nlp.wrap import soft_breaks
from tracker.records import FoundMention

VERSION = "names.v1"
_SCORES = {
    "head word": 0.9,
    "known name": 0.9,
    "model and version": 0.9,
    "title before": 0.85,
    "apposition": 0.85,
}
_SCORE = 0.7
_LONGEST = 160  # code points; longer runs are tables or noise
_DOUBTFUL = frozenset({"alias with context", "alias with full name"})
_DOTTED = frozenset({"inc", "corp", "ltd", "co", "jr", "sr"})


@component(VERSION, order=55)
def find_names(reading: Reading) -> Reading:
    """Replace what the model calls names by those that the evidence of the whole text bears out.

    The curators' names stay, unless a longer name holds them.
    """
    if not (reading.is_read or has_much_cjk(reading.text)):
        return reading
    words = words_of(reading.text, soft_breaks(reading.text))
    known = _without_false(
        [m for m in reading.mentions if m.rule != "model"], words, {w.low for w in words if not w.is_capital}
    )
    model = {(m.start, m.end): m.label for m in reading.mentions if m.rule == "model"}
    places = _places(words, known)
    labels = [m.label for m in known]
    finder = SpanFinder(
        words,
        places,
        labels,
        known_spans=[(m.start, m.end) for m in known],
        model_starts=frozenset(start for start, _ in model),
    )
    structures = finder.structures()
    spans = [*structures, *finder.runs(structures)]
    found = gathered(words, spans, Voter(words, places, labels), model)
    fuller = {" ".join(m.surface.split()): m for m in known if m.form == "name"}
    names = decide(
        words,
        found,
        {name: m.label for name, m in fuller.items()},
        [labels[at] if at >= 0 else "" for at in places],
    )
    owners = {name: m.entity_id for name, m in fuller.items()}
    for key, candidate in names.items():
        bases = {
            known[span.base].entity_id
            for span in candidate.spans
            if span.base >= 0 and known[span.base].label == candidate.label
        }
        if len(bases) == 1:
            owners.setdefault(key, bases.pop())
    if "X" in names:
        owners["X"] = reading.gazetteer.entity_of("X Corp.")
    mentions = [
        m for c in names.values() for m in _mentions(c, words, known, text=reading.text, owners=owners)
    ]
    held = sorted((m.start, m.end) for m in mentions)
    kept = [m for m in known if not _is_held(m, held)]
    return replace(reading, mentions=sorted([*kept, *mentions], key=lambda m: (m.start, m.end)))


def _without_false(known: list[FoundMention], words: list[Word], small: set[str]) -> list[FoundMention]:
    """Return the curators' names without ordinary words that only their place writes large, and 'U.S.' in a title."""
    found = []
    starts = {word.start: i for i, word in enumerate(words)}
    for mention in known:
        at = starts.get(mention.start)
        if at is not None:
            word = words[at]
            is_one = mention.end == word.end
            if (
                is_one
                and mention.rule in _DOUBTFUL
                and word.low in small
                and is_common(word.text)
                and not _means_name(word)
            ):
                continue
            after = words[at + 1] if at + 1 < len(words) else None
            if (
                is_one
                and mention.label == GPE
                and after is not None
                and after.text == "Attorney"
                and after.gap == " "
            ):
                continue
        found.append(mention)
    return found


def _means_name(word: Word) -> bool:
    return word.line == PLAIN and not word.is_first and word.gap != "-"


def _places(words: list[Word], known: list[FoundMention]) -> list[int]:
    """Return for each word the place of the mention that touches it in the list, or -1."""
    found = []
    at = 0
    for word in words:
        while at < len(known) and known[at].end <= word.start:
            at += 1
        found.append(at if at < len(known) and known[at].start < word.end else -1)
    return found


def _mentions(
    candidate: Candidate,
    words: list[Word],
    known: list[FoundMention],
    *,
    text: str,
    owners: Mapping[str, int | None],
) -> list[FoundMention]:
    found = []
    for span in candidate.spans:
        start, end = words[span.first].start, words[span.last - 1].end
        if words[span.last - 1].low in _DOTTED and text[end : end + 1] == ".":
            end += 1
        if end - start > _LONGEST:
            continue
        base = known[span.base] if span.base >= 0 else None
        entity = owners.get(candidate.full) if candidate.full else owners.get(candidate.key)
        if base is not None and (base.label == candidate.label or entity is None):
            entity = base.entity_id if base.label == candidate.label else None
        found.append(
            FoundMention(
                start=start,
                end=end,
                surface=text[start:end],
                label=candidate.label,
                score=_SCORES.get(candidate.cue, _SCORE),
                model=VERSION,
                entity_id=entity,
                rule=candidate.cue,
                form="short" if candidate.full else "name",
                full_name=candidate.full,
            )
        )
    return found


def _is_held(mention: FoundMention, held: list[tuple[int, int]]) -> bool:
    at = bisect_left(held, (mention.end, 0)) - 1
    return any(start < mention.end and mention.start < end for start, end in held[max(0, at - 1) : at + 2])
