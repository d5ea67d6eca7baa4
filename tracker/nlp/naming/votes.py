"""What the words around and inside a span say about what it names: votes for labels, with the cue that gave them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.nlp.labels import GPE, ORG, PERSON, PRODUCT
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.ground import Span
from tracker.nlp.naming.runs import Word
from tracker.nlp.naming.words import FUNCTION_WORDS, is_common

_NUMBERED = re.compile(r"[A-Z]\d{1,2}(?:\.\d+)?(?:-\w+)?$")
_AGE = re.compile(r"\d\d$")
_SMALL_TITLES = frozenset(
    {"national", "citizen", "member", "fellow", "leader", "charge", "employee", "witness", "general"}
)
_REACH = 7  # words in which an apposition names its noun
_INITIAL = re.compile(r"[A-Z]\.?$")
_BASED = frozenset(
    {"based", "headquartered", "lives", "lived", "born", "raised", "arrested", "incorporated", "registered"}
)
_TOWARDS_PLACE = frozenset({"in", "near", "across", "throughout"})
_SUFFIXES = frozenset(
    {
        "backed",
        "owned",
        "funded",
        "affiliated",
        "linked",
        "led",
        "hosted",
        "made",
        "trained",
        "developed",
        "built",
    }
)


@dataclass(frozen=True, slots=True)
class Vote:
    """One piece of evidence."""

    label: str
    weight: int
    cue: str


class Voter:
    """Gathers votes in one text.

    Args:
        words: of the text.
        known: for each word the place of the curators' name that holds it, or -1.
        labels: of the curators' names.
    """

    def __init__(self, words: Sequence[Word], known: Sequence[int], labels: Sequence[str]) -> None:
        self._words = words
        self._known = known
        self._labels = labels

    def votes(self, span: Span) -> Iterator[Vote]:
        """Yield what is said about the span at its place."""
        if span.label:
            yield Vote(span.label, 8, span.cue)
        yield from self._inside(span)
        yield from self._before(span)
        yield from self._after(span)
        yield from self._apposition(span)

    def _inside(self, span: Span) -> Iterator[Vote]:
        words = self._words[span.first : span.last]
        if len(words) == 1:
            yield from _in_one_word(words[0])
        else:
            yield from _in_words(words)

    def _before(self, span: Span) -> Iterator[Vote]:
        words, first = self._words, span.first
        if first and words[first].gap == ", ":
            yield from self._noun_phrase_before(first - 1)
        if first == 0 or words[first].gap not in {" ", ". ", ".  ", " \u201c", ' "', " ("}:
            return
        before = words[first - 1]
        second = words[first - 2].low if first > 1 and before.gap == " " else ""
        low = before.low
        if low in _SMALL_TITLES and before.is_capital:
            return
        if low in lexicon.words("title") and words[first].gap in {" ", ". ", ".  "}:
            is_close = (
                before.is_capital
                or second in lexicon.words("demonym")
                or low not in {"leader", "member", "chair"}
            )
            yield Vote(PERSON, 4 if is_close else 2, "title before")
            return
        if words[first].gap in {". ", ".  "}:
            return
        yield from self._word_before(before, second)

    def _word_before(self, before: Word, second: str) -> Iterator[Vote]:
        low = before.low
        label = lexicon.nouns().get(low)
        if label is not None and label != PERSON and not before.is_capital:
            yield Vote(label, 5 if second else 3, "noun before")
        elif label == PERSON and not before.is_capital:
            yield Vote(PERSON, 2, "noun before")
        if low in _TOWARDS_PLACE:
            yield Vote(GPE, 5 if second in _BASED else 2, "place after 'in'")
        elif low in {"of", "at", "from", "by", "joined", "for"}:
            if second in lexicon.words("role_of"):
                yield Vote(ORG, 4, "role before")
            elif low in {"at", "joined"}:
                yield Vote(ORG, 2, "after 'at'")
            elif low == "of" and second in lexicon.words("place_noun"):
                yield Vote(GPE, 4, "noun before")
        elif low in lexicon.words("release_verb"):
            yield Vote(PRODUCT, 1, "verb before")
        elif low in {"said", "says", "wrote", "told", "asked", "added"}:
            yield Vote(PERSON, 2, "verb of saying")

    def _noun_phrase_before(self, i: int) -> Iterator[Vote]:
        """Yield what 'a lawyer, Name,' says of the name."""
        words = self._words
        label = lexicon.nouns().get(words[i].low)
        if label is None or words[i].is_capital:
            return
        for at in range(i - 1, max(-1, i - _REACH), -1):
            if words[at + 1].gap not in {" ", "-"}:
                return
            if words[at].low in {"a", "an", "the", "its", "his", "her", "their", "whose"}:
                yield Vote(label, 4, "apposition")
                return

    def _after(self, span: Span) -> Iterator[Vote]:
        words, last = self._words, span.last
        if last >= len(words):
            return
        after = words[last]
        if after.gap in {"'s ", "\u2019s ", "' ", "\u2019 "}:
            if after.low in lexicon.words("organisation_possession"):
                yield Vote(ORG, 2, "possession")
            return
        if after.gap == "-":
            if after.low == "based":
                yield Vote(GPE, 5, "'-based' after")
            elif after.low in _SUFFIXES:
                yield Vote(ORG, 2, "ending after")
            return
        if after.gap == ", " and (_AGE.match(after.text) or after.low in {"who", "whose"}):
            yield Vote(PERSON, 4, "age or 'who' after")
            return
        if after.gap == ", " and self._is_place(last):
            yield Vote(GPE, 3, "place after")
            return
        if after.gap == " " and not after.is_capital:
            yield from self._word_after(last)

    def _word_after(self, last: int) -> Iterator[Vote]:
        words = self._words
        low = words[last].low
        if low in lexicon.words("model_noun"):
            yield Vote(PRODUCT, 3, "noun after")
        elif low not in lexicon.words("saying") and last + 1 < len(words) and words[last + 1].gap == " ":
            label = lexicon.nouns().get(words[last + 1].low)
            if (
                label in {PRODUCT, ORG}
                and not words[last + 1].is_capital
                and is_common(low)
                and low not in FUNCTION_WORDS
            ):
                yield Vote(label, 2, "noun after")
        if low in lexicon.words("saying"):
            yield Vote(PERSON, 1, "verb of saying")
            yield Vote(ORG, 1, "verb of saying")
        if low in lexicon.words("person_verb"):
            yield Vote(PERSON, 1, "verb after")
        if low in lexicon.words("organisation_verb"):
            yield Vote(ORG, 1, "verb after")
        if low == "administration":
            yield Vote(PERSON, 5, "administration")
        if low == "who":
            yield Vote(PERSON, 3, "age or 'who' after")
        if low in {
            "shares",
            "stock",
            "employees",
            "executives",
            "spokesperson",
            "spokesman",
            "spokeswoman",
            "ceo",
        }:
            yield Vote(ORG, 3, "possession")

    def _is_place(self, i: int) -> bool:
        place = self._known[i]
        if place >= 0:
            return self._labels[place] == GPE
        return lexicon.known_names().get(self._words[i].text) == GPE

    def _apposition(self, span: Span) -> Iterator[Vote]:
        """Yield what ', a small Dutch start-up,' or ', its chief executive' says of the name before it."""
        words, at = self._words, span.last
        if at >= len(words) or words[at].gap not in {", ", " ("}:
            return
        opening = words[at].low
        is_bare = opening in lexicon.words("title") or opening in {"chief", "head", "senior", "vice"}
        if opening not in {"a", "an", "the", "one", "its", "his", "her", "their", "who"} and not is_bare:
            return
        label = ""
        for i in range(at, min(at + _REACH, len(words))):
            word = words[i]
            if i > at and word.gap not in {" ", "-", " & "} and not word.gap.startswith(("'s", "\u2019s")):
                break
            if (
                word.low in {"of", "at", "for", "in", "that", "which", "who", "from", "with", "behind", "and"}
                and label
            ):
                break
            label = lexicon.nouns().get(word.low, label)
        if label:
            yield Vote(label, 5, "apposition")


def is_ordinary(words: Sequence[Word], span: Span) -> bool:
    """Return whether every word of the span is an ordinary English one."""
    return all(is_common(word.text) for word in words[span.first : span.last])


def _in_one_word(word: Word) -> Iterator[Vote]:
    if _NUMBERED.match(word.text):
        yield Vote(PRODUCT, 2, "version")
    if word.low in lexicon.words("first_name"):
        yield Vote(PERSON, 1, "first name")
    elif word.low in lexicon.words("han_surname"):
        yield Vote(PERSON, 1, "surname")
    if not word.text.isupper() and any(c.isupper() for c in word.text[1:]) and "-" not in word.text:
        yield Vote(ORG, 2, "capitals inside")


def _in_words(words: Sequence[Word]) -> Iterator[Vote]:
    lows = [word.low for word in words]
    if lexicon.known_names().get(words[0].text) == ORG:
        yield Vote(PRODUCT, 2, "maker before")
    is_short = len(words) <= 4  # noqa: PLR2004 - words of a person's name
    if lows[0] in lexicon.words("first_name") and is_short:
        yield Vote(PERSON, 4, "first name")
    elif lows[0] in lexicon.words("han_surname") and len(words) <= 3:  # noqa: PLR2004 - as above
        yield Vote(PERSON, 3, "surname first")
    elif lows[-1] in lexicon.words("han_surname") and is_short:
        yield Vote(PERSON, 2, "surname")
    if any(_INITIAL.match(word.text) for word in words[1:-1]):
        yield Vote(PERSON, 3, "initial")
    if lows[-1] == "ai" and not is_common(words[-2].text):
        yield Vote(ORG, 6, "head word")
