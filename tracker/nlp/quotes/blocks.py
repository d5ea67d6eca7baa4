"""Speech without marks: turns of a transcript, and paragraphs that a sentence before gives as somebody's words.

Promises to find none in an ordinary article: labels must be people or question and answer and come back, and a
paragraph must speak in the first person or be set off.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.nlp.quotes.attribute import Attribution, introduced_at
from tracker.nlp.quotes.channel import UNKNOWN, channel_in
from tracker.nlp.quotes.phrase import Party
from tracker.nlp.quotes.scene import Place, Scene
from tracker.nlp.quotes.skeleton import Name
from tracker.records import Span

_LABEL = re.compile(
    r"(?:\*\*)?(?P<label>Q|A|QUESTION|ANSWER|[A-Z\u4e00-\u9fff][\w.'\u2019-]*(?: [A-Z(][\w.'\u2019()-]*){0,5})(?:\*\*)?"
    r"\s?[:\uff1a.](?:\*\*)?\s+(?=\S)"
)
_QUESTION = frozenset({"Q", "A", "QUESTION", "ANSWER"})
_TITLED = re.compile(
    r"(?:MR|MS|MRS|DR|SEN|REP|SENATOR|REPRESENTATIVE|CHAIRMAN|CHAIRWOMAN|CHAIR|SECRETARY|PRESIDENT|JUDGE)\.? "
    r"(?P<name>[A-Z][A-Z'\u2019-]+)$"
)
_FEWEST_TURNS = 3
_SHARE = 0.25  # of the paragraphs that must be turns
_SPEAKERS = frozenset({"person", "organisation", "public_body"})
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|ours|I|my|me|I'm|we're|we've)\b", re.IGNORECASE)
_SET_OFF = re.compile(r"\s*>+\s?|(?: {4}|\t)\s*")
_NOT_SPEECH = re.compile(r"\s*(?:[-*\u2022#|+]|\d+[.)]\s|https?:)")
_SHORTEST = 40
_LONGEST = 6_000
_MOST_SET_OFF = 20
_HEAD = 800
_OCCASIONS = {
    "hearing": "hearing",
    "interview": "interview",
    "press conference": "briefing",
    "briefing": "briefing",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A span that somebody said, without marks."""

    start: int
    end: int
    party: Party
    rule: str
    channel: str = ""


def turns_in(scene: Scene) -> list[Block]:
    """Return the turns of a transcript, or none where the text is not one."""
    text = scene.text
    labels = [(n, m) for n, (start, end) in enumerate(scene.blocks) if (m := _LABEL.match(text, start, end))]
    if len(labels) < max(_FEWEST_TURNS, _SHARE * len(scene.blocks)):
        return []
    people = {n: (m, party) for n, m in labels if (party := _labelled(scene, m)) is not None}
    known = Counter(m.group("label") for m, _ in people.values())
    is_transcript = len(people) >= _FEWEST_TURNS and len(known) > 1 and len(people) >= len(labels) * _SHARE
    if not is_transcript or max(known.values()) < 2:  # noqa: PLR2004 - a label comes back
        return []
    head = text[:_HEAD].lower()
    channel = next((kind for word, kind in _OCCASIONS.items() if word in head), "")
    if not channel and _QUESTION & known.keys():
        channel = "interview"
    return [
        Block(m.end(), scene.blocks[n][1], party, "turn", channel)
        for n, (m, party) in people.items()
        if m.end() < scene.blocks[n][1]
    ]


def _labelled(scene: Scene, match: re.Match[str]) -> Party | None:
    """Return who a label names; a party without a name for question and answer, None for what is no speaker."""
    label = match.group("label")
    if "." in match.group()[len(label) :] and label not in _QUESTION:
        return None
    if label in _QUESTION:
        return Party(words=label)
    name = scene.names.touching(match.span("label"))
    if name is not None and name.kind in _SPEAKERS and name.end <= match.end():
        return Party(name, label)
    last = label.split()[-1]
    if last in scene.names.words and label.istitle():
        at = match.start("label") + label.rindex(last)
        return Party(Name(at, at + len(last), last, "person", is_guess=True), label)
    titled = _TITLED.match(label)
    if titled is None:
        return None
    start = match.start("label") + titled.start("name")
    end = match.start("label") + titled.end("name")
    return Party(Name(start, end, titled.group("name"), "person", is_guess=True), label)


def given_in(scene: Scene) -> Iterator[Block]:
    """Yield the paragraphs that the one before, which ends in a colon, gives as the words of somebody it names."""
    for n, (start, end) in enumerate(scene.blocks[:-1]):
        if scene.text[max(start, end - 2) : end].rstrip()[-1:] not in {":", "\uff1a"}:
            continue
        found = _introduced(scene, n)
        if found is None:
            continue
        sentence = scene.sentences(n)[-1]
        has_document = bool(found.party.channel) or channel_in(sentence, len(sentence)) != UNKNOWN
        for span in _spoken(scene, n + 1, has_document=has_document):
            yield Block(*span, found.party, "given", found.party.channel)


def _introduced(scene: Scene, paragraph: int) -> Attribution | None:
    sentences = scene.sentences(paragraph)
    if not sentences:
        return None
    return introduced_at(scene, Place(paragraph, len(sentences) - 1, len(sentences[-1])))


def _spoken(scene: Scene, first: int, *, has_document: bool) -> Iterator[Span]:
    """Yield the paragraphs from `first` that are set off, or the one that speaks itself or is a document's."""
    for n in range(first, min(len(scene.blocks), first + _MOST_SET_OFF)):
        start, end = scene.blocks[n]
        match = _SET_OFF.match(scene.text, start, end)
        if match is None and n > first:
            return
        words = scene.text[start:end]
        is_said = match is not None or (
            _NOT_SPEECH.match(words) is None
            and _SHORTEST <= len(words) <= _LONGEST
            and (has_document or _FIRST_PERSON.search(words) is not None)
        )
        if not is_said or _has_marks(scene, (start, end)):
            return
        span = (match.end() if match else start, end)
        if span[0] < span[1]:
            yield span
        if match is None:
            return


def _has_marks(scene: Scene, span: Span) -> bool:
    starts = [marked.outer[0] for marked in scene.marked]
    at = bisect_left(starts, span[0])
    return at < len(starts) and starts[at] < span[1]
