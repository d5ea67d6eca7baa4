"""Whose title a phrase is: the name before it, behind it, or the one of which 'who' tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.nlp.roles.phrase import BODIES, Phrase, is_title, listed
from tracker.nlp.roles.words import BREAK, Words
from tracker.records import Span

_CLOSERS = frozenset(
    {",", ".", ";", ")", ":", "|", "!", "?", "\u2014", "\u2013", "-", BREAK, "who", "and", '"', "\u201d", "]"}
)
_SEPARATORS = frozenset({",", "(", "\u2014", "\u2013", "|"})
_LINE_STARTS = frozenset({BREAK, "|", "-", "*", "\u2022", "#"})
_LONGEST_NAME = 4
_LONGEST_ASIDE = 8  # words in brackets after a name
_COPULAS = frozenset({"is", "was", "became", "serves", "served", "works", "worked", "remains"})


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose title a phrase is, in words and in code points, and by which rule."""

    first: int
    last: int
    span: Span
    rule: str


def owners(words: Words, phrase: Phrase) -> Iterator[Owner]:
    """Yield the persons whose title the phrase is; more than one only for a plural."""
    found = (
        _behind(words, phrase)
        or _before(words, phrase)
        or _told_by_who(words, phrase)
        or _told_by_is(words, phrase)
        or _behind_mark(words, phrase)
    )
    if found is None:
        return
    yield found
    if found.rule == "title before name" and phrase.is_plural:
        at = found.last
        while words.low(at) in {",", "and", "&"}:
            at += 1 + (words.low(at) == "," and words.low(at + 1) == "and")
            person = _person_from(words, at, is_sure=False)
            if person is None:
                return
            yield Owner(*person, rule=found.rule)
            at = person[1]


def _behind(words: Words, phrase: Phrase) -> Owner | None:
    """Return the name that stands right behind the title: Treasury Secretary Ada Lind."""
    low = words.low(phrase.head)
    is_bare = phrase.opening == phrase.head and words.list[phrase.head].text.islower()
    if is_bare and low in listed("weak"):
        return None
    is_sure = low not in listed("weak") and not phrase.is_plural
    fewest = 1 if low in listed("offices") else 2
    person = _person_from(words, _after_honorific(words, phrase.last), is_sure=is_sure, fewest=fewest)
    return Owner(*person, rule="title before name") if person else None


def _behind_mark(words: Words, phrase: Phrase) -> Owner | None:
    """Return the name behind a comma or a colon: the company's chief executive, Ada Lind; Founder: Ada Lind."""
    mark = words.low(phrase.last)
    is_line = mark == ":" and words.low(phrase.opening - 1) in _LINE_STARTS
    if not is_line and not (mark == "," and phrase.is_determined and not phrase.is_plural):
        return None
    is_sure = words.low(phrase.head) not in listed("weak") and words.low(phrase.opening) not in {"a", "an"}
    person = _person_from(words, _after_honorific(words, phrase.last + 1), is_sure=is_sure, fewest=2)
    if person is None or words.low(person[1]) in {"and", "&", "'s"}:
        return None
    return Owner(*person, rule="title and mark before name")


def _before(words: Words, phrase: Phrase) -> Owner | None:
    """Return the name before a title that is set off from it: Ada Lind, a spokesperson for Lumora,."""
    if words.low(phrase.last) not in _CLOSERS or phrase.is_plural:
        return None
    at = phrase.opening - 1
    mark = words.low(at)
    if mark == "and" and phrase.is_determined:
        at = _start_of_first_half(words, at)
        mark = words.low(at)
    if mark == BREAK:
        if words.low(phrase.last) not in {BREAK, ","}:
            return None
    elif mark not in _SEPARATORS:
        return None
    person = _person_until(words, at)
    return Owner(*person, rule="title after name") if person else None


def _start_of_first_half(words: Words, at: int) -> int:
    """Return the comma before 'an Australian national and', or the place given."""
    for back in range(at - 1, max(0, at - 7), -1):
        low = words.low(back)
        if low == ",":
            return back if words.low(back + 1) in {"a", "an", "the"} else at
        if not words.list[back].is_word or words.tag(back) in {"VERB", "AUX"}:
            return at
    return at


def _told_by_who(words: Words, phrase: Phrase) -> Owner | None:
    """Return the name in 'Ada Lind, who is chief executive of Lumora'."""
    at = phrase.opening - 1
    if words.low(at) == "as":
        at -= 1
    if words.low(at) not in _COPULAS or words.low(at - 1) != "who":
        return None
    at -= 2
    person = _person_until(words, at if words.low(at) == "," else at + 1)
    return Owner(*person, rule="title told by who") if person else None


def _told_by_is(words: Words, phrase: Phrase) -> Owner | None:
    """Return the name in 'Ada Lind is the chief executive of Lumora'."""
    at = phrase.opening - 1
    if words.low(at) not in {"is", "was"} or not (phrase.is_determined or phrase.body):
        return None
    person = _person_until(words, at)
    return Owner(*person, rule="title told by is") if person else None


def chairs(words: Words) -> Iterator[tuple[Owner, int, int, Span]]:
    """Yield the person, [first, last) word and body of each 'who chairs the Committee on Trade'."""
    for at in range(2, len(words) - 1):
        if words.low(at) != "who" or words.low(at + 1) not in listed("leads"):
            continue
        end = at + 2 + (words.low(at + 2) == "the")
        mention, span = words.mention_at(end), words.span_at(end)
        if mention is None or span is None or span[0] != end or mention.label not in BODIES:
            continue
        person = _person_until(words, at - 1 if words.low(at - 1) == "," else at)
        if person is not None:
            yield Owner(*person, rule="office told by who"), at + 1, span[1], (mention.start, mention.end)


def _after_honorific(words: Words, at: int) -> int:
    while words.low(at) in listed("honorifics"):
        at += 1
    return at


def _person_from(words: Words, at: int, *, is_sure: bool, fewest: int = 2) -> tuple[int, int, Span] | None:
    """Return the person's name that begins at a word.

    Args:
        words: of the text.
        at: the word.
        is_sure: what stands before leaves no doubt that a person follows, so that the shape of a name is enough.
        fewest: how many words that shape must have.
    """
    mention, span = words.mention_at(at), words.span_at(at)
    if mention is not None and span is not None and mention.label == "PERSON":
        first = at
        while first < span[1] - 1 and (
            is_title(words.low(first)) or words.low(first) in listed("honorifics")
        ):
            first += 1
        is_name = not is_title(words.low(first)) and (first == at or at > span[0])
        return (first, *_without_possessive(words, first, span[1])) if is_name else None
    if not is_sure or (
        mention is not None and (mention.entity_id is not None or mention.start < _start(words, at))
    ):
        return None
    last = at
    while last < len(words) and last - at < _LONGEST_NAME and _is_name_word(words, last):
        last += 1
    return (at, *_without_possessive(words, at, last)) if fewest <= last - at < _LONGEST_NAME else None


def _start(words: Words, at: int) -> int:
    return words.list[at].start if at < len(words) else 0


def _is_name_word(words: Words, at: int) -> bool:
    word = words.list[at]
    has_shape = word.is_capital and word.is_word and not word.text.isupper() and word.text[-1] != "."
    return (
        has_shape
        and len(word.text) > 1
        and word.low not in listed("stop")
        and not any(c.isdigit() for c in word.text)
    )


def _without_possessive(words: Words, first: int, last: int) -> tuple[int, Span]:
    while last > first + 1 and words.low(last - 1) in {"'s", "'", "\u2019"}:
        last -= 1
    return last, (words.list[first].start, words.list[last - 1].end)


def _person_until(words: Words, at: int) -> tuple[int, int, Span] | None:
    """Return the person's name that ends before a mark, an age or an aside in brackets left out."""
    last = at
    if words.low(last - 1) == ")":
        opens = next(
            (n for n in range(last - 2, max(0, last - 2 - _LONGEST_ASIDE), -1) if words.low(n) == "("), None
        )
        if opens is None:
            return None
        last = opens
    if words.low(last - 1).isdigit() and words.low(last - 2) == ",":
        last -= 2
    mention, span = words.mention_at(last - 1), words.span_at(last - 1)
    if mention is None or span is None or mention.label != "PERSON" or span[1] != last:
        return None
    first = span[0]
    while first < last - 1 and (is_title(words.low(first)) or words.low(first) in listed("honorifics")):
        first += 1
    return None if is_title(words.low(first)) else (first, *_without_possessive(words, first, last))
