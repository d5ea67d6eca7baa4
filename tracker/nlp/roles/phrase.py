"""Title phrases of a text: 'a former Quorrel engineer', 'Secretary of the Treasury', 'CEO and co-founder of Lumora'.

A phrase is found at the noun that names an office or a trade, then grown to the left over what describes it and to
the right over what it is of. Whose title it is, is left to `attach`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.nlp.roles.words import BREAK, Words
from tracker.records import FoundMention, Span

_DATA = Path(__file__).parent.parent / "patterns" / "titles.en.json"
BODIES = frozenset({"ORG", "PUBLIC_BODY"})
_LEFT, _RIGHT, _AHEAD = 10, 12, 3  # words that a phrase may grow by
_NOUN_LIKE = frozenset({"ADJ", "NOUN", "PROPN", "NUM"})
_COUNTRIES = frozenset({"u.s", "u.k", "us", "uk"})
_ORDINALS = frozenset({"first", "second", "third", "fourth"})
_BROAD = frozenset({"of", "for", "at", "with", "from", "on"})


@cache
def listed(name: str) -> frozenset[str]:
    """Return one list of the pattern file."""
    lists: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(lists[name])


@dataclass(frozen=True, slots=True)
class Phrase:
    """A title phrase in words of a text: [first, last) is what is printed as the role."""

    opening: int  # its first word with article or possessor, which are no part of the role
    first: int
    head: int  # the last noun that names the office
    last: int
    is_determined: bool  # an article, a possessor or the like opens it
    is_plural: bool
    body: Span | None


def phrases(words: Words) -> Iterator[Phrase]:
    """Yield the title phrases of a text, by start and without overlaps."""
    at = 0
    while at < len(words):
        if not _is_head(words, at):
            at += 1
            continue
        phrase = _grown(words, at)
        yield phrase
        at = max(phrase.last, at + 1)


def _is_head(words: Words, at: int) -> bool:
    """Whether the word names an office and no other name holds it; a person's title inside the name counts."""
    if not is_title(words.low(at)):
        return False
    span = words.span_at(at)
    if span is None:
        return True
    mention = words.mention_at(at)
    if mention is not None and mention.label == "PERSON":
        return at < span[1] - 1
    return mention is not None and mention.label in BODIES and at == span[1] - 1 and mention.entity_id is None


def is_title(low: str) -> bool:
    """Return whether a lower-case word names an office or a trade, in singular or plural."""
    heads = listed("heads")
    if low in heads or low.removesuffix("s") in heads:
        return True
    return "-" in low and low.rsplit("-", 1)[1] in heads


def _grown(words: Words, at: int) -> Phrase:
    head = _last_head(words, at)
    first, body = _grow_left(words, at)
    opening, first, is_determined, owner = _opened(words, first)
    last, inner = _grow_right(words, head + 1)
    low = words.low(head)
    return Phrase(
        opening=opening,
        first=first,
        head=head,
        last=last,
        is_determined=is_determined,
        is_plural=low not in listed("heads") and low.endswith("s"),
        body=inner or body or owner,
    )


def _last_head(words: Words, at: int) -> int:
    """Return the last of nouns that make one title: chief technology officer, CEO and co-founder."""
    head = at
    while True:
        further = next((n for n in range(head + 1, head + 2 + _AHEAD) if _goes_on_to(words, head, n)), None)
        if further is None:
            return head
        head = further


def _goes_on_to(words: Words, head: int, to: int) -> bool:
    """Whether the words between two heads are only what describes the second."""
    if not is_title(words.low(to)) or words.mention_at(to) is not None:
        return False
    between = [words.low(n) for n in range(head + 1, to)]
    if between[:1] in (["and"], ["&"]):
        between = between[1:]
    return all(low in listed("modifiers") for low in between)


def _grow_left(words: Words, at: int) -> tuple[int, Span | None]:
    """Return the first word of what describes the head, and the name of a body there."""
    first, body = at, None
    span = words.span_at(at)
    if span is not None and span[0] < at and (mention := words.mention_at(at)) and mention.label != "PERSON":
        first, body = span[0], _span_of(mention)
    while first > 0 and at - first < _LEFT:
        before = first - 1
        mention, span = words.mention_at(before), words.span_at(before)
        if mention is not None and span is not None:
            if mention.label == "PERSON" and words.low(before) not in _COUNTRIES:
                break
            first = span[0]
            if body is None and mention.label in BODIES:
                body = _span_of(mention)
        elif _describes(words, before):
            first = before
        elif words.low(before) == "and" and _joins(words, before):
            first = before - 1
        else:
            break
    return first, body


def _describes(words: Words, at: int) -> bool:
    word = words.list[at]
    if word.low == "under" and words.low(at + 1) == "secretary":
        return True
    if not word.is_word or word.low in listed("stop"):
        return False
    if word.low in listed("modifiers"):
        return True
    if word.is_capital:
        return not _starts_sentence(words, at) or words.tag(at) in {"", "ADJ", "PROPN"}
    return words.tag(at) in _NOUN_LIKE or "-" in word.low


def _joins(words: Words, at: int) -> bool:
    """Whether 'and' stands between two words that describe one office, as in 'AI and crypto czar'."""
    lows = words.low(at - 1), words.low(at + 1)
    return all(low in listed("modifiers") and not is_title(low) for low in lows)


def _starts_sentence(words: Words, at: int) -> bool:
    return words.low(at - 1) in {".", "!", "?", ":", BREAK, '"', "\u201c", "-", "*", "|"}


def _opened(words: Words, first: int) -> tuple[int, int, bool, Span | None]:
    """Return opening, first word of the role, whether something determines it, and the body that owns it."""
    low = words.low(first - 1)
    if words.low(first) in _ORDINALS and low in {"a", "the"}:
        return first - 1, first + 1, True, None
    if low in {"a", "an"}:
        return first - 1, first - 1, True, None
    if low in {"the", "another", "one", "this"} or low in listed("possessives"):
        return first - 1, first, True, None
    if low == "'s":
        mention, span = words.mention_at(first - 2), words.span_at(first - 2)
        if mention is not None and span is not None:
            has_article = words.low(span[0] - 1) == "the"
            owner = _span_of(mention) if mention.label in BODIES else None
            return span[0] - has_article, first, True, owner
        at = first - 2
        while at > max(0, first - 6) and words.low(at) not in {"the", "a", "an", ",", BREAK}:
            at -= 1
        if words.low(at) in {"the", "a", "an"}:
            return at, first, True, None
    return first, first, False, None


def _grow_right(words: Words, at: int) -> tuple[int, Span | None]:
    """Return the end of what the office is of, and the name of a body there."""
    last, body = at, None
    while words.low(last) in listed("prepositions"):
        end, found = _noun_phrase(words, last)
        if end == last + 1:
            break
        last, body = end, body or found
    if body is None and last == at:
        last, body = _named_after(words, at)
    return last, body


def _named_after(words: Words, at: int) -> tuple[int, Span | None]:
    """Return the end and the body of 'CEO (Lumora)' and, at the end of a line, 'CEO, Lumora'."""
    if words.low(at) not in {",", "("}:
        return at, None
    mention, span = words.mention_at(at + 1), words.span_at(at + 1)
    if mention is None or span is None or mention.label not in BODIES or span[0] != at + 1:
        return at, None
    after = words.low(span[1])
    if words.low(at) == "(":
        return (span[1] + 1, _span_of(mention)) if after == ")" else (at, None)
    return (span[1], _span_of(mention)) if after in {BREAK, "|", ")"} else (at, None)


def _noun_phrase(words: Words, preposition: int) -> tuple[int, Span | None]:
    """Return the end of the noun phrase after a preposition, and the first body named in it."""
    at, body = preposition + 1, None
    if words.low(at) in {"the", "a", "an"} or words.low(at) in listed("possessives"):
        at += 1
    elif words.low(preposition) not in _BROAD and not _is_name_like(words, at) and words.low(at) != "charge":
        return preposition + 1, None
    begin = at
    while at < len(words) and at - begin < _RIGHT:
        mention, span = words.mention_at(at), words.span_at(at)
        if mention is not None and span is not None:
            if mention.label == "PERSON":
                break
            at = span[1]
            body = body or (_span_of(mention) if mention.label in BODIES else None)
            continue
        if not _is_noun_like(words, at, is_first=at == begin):
            break
        at += 1
    return (at, body) if at > begin else (preposition + 1, None)


def _is_noun_like(words: Words, at: int, *, is_first: bool) -> bool:
    word = words.list[at]
    if word.low in {"'s", "&"}:
        return not is_first
    if word.low == "and":
        return not is_first and at + 1 < len(words) and _is_noun_like(words, at + 1, is_first=True)
    if not word.is_word or word.low in listed("stop") or word.text == BREAK:
        return False
    tag = words.tag(at)
    return not tag or tag in _NOUN_LIKE or word.is_capital or (tag == "VERB" and is_first)


def _is_name_like(words: Words, at: int) -> bool:
    return at < len(words) and words.list[at].is_capital


def _span_of(mention: FoundMention) -> Span:
    return mention.start, mention.end
