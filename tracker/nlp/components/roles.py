"""roles.v1: the words that give a person's role as printed, beside the person's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.nlp.component import Reading, component
from tracker.nlp.roles.attach import Owner, chairs, owners
from tracker.nlp.roles.phrase import BODIES, phrases
from tracker.nlp.roles.words import Words
from tracker.records import FoundRole, Span

NAME = "roles.v1"


@component(NAME, order=65)
def find_roles(reading: Reading) -> Reading:
    """Add the role of every person whose name stands beside a title."""
    words = Words(reading.text, reading.mentions, reading.sentences)
    found = {(role.start, role.end, role.person): role for role in reading.roles}
    for role in (*_titles(words), *_chairs(words)):
        found.setdefault((role.start, role.end, role.person), role)
    return replace(
        reading, roles=sorted(found.values(), key=lambda role: (role.start, role.end, role.person))
    )


def _titles(words: Words) -> Iterator[FoundRole]:
    for phrase in phrases(words):
        for owner in owners(words, phrase):
            body = phrase.body or _body_behind(words, owner)
            last = min(phrase.last, owner.first) if owner.first > phrase.first else phrase.last
            yield _role(words, phrase.first, last, owner=owner, body=body)


def _chairs(words: Words) -> Iterator[FoundRole]:
    for owner, first, last, body in chairs(words):
        yield _role(words, first, last, owner=owner, body=body)


def _body_behind(words: Words, owner: Owner) -> Span | None:
    """Return the body in 'Trial Attorney Ada Lind of the Trade Office'."""
    if owner.rule != "title before name" or words.low(owner.last) not in {"of", "at", "with", "from"}:
        return None
    at = owner.last + 1 + (words.low(owner.last + 1) == "the")
    mention = words.mention_at(at)
    return (mention.start, mention.end) if mention is not None and mention.label in BODIES else None


def _role(words: Words, first: int, last: int, *, owner: Owner, body: Span | None) -> FoundRole:
    start, end = words.list[first].start, words.list[last - 1].end
    return FoundRole(
        start=start,
        end=end,
        words=" ".join(words.text[start:end].split()),
        person=owner.span,
        body=body,
        model=NAME,
        rule=owner.rule,
    )
