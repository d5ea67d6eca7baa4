"""A paragraph as a row of pieces, in which a name is one piece and a marked span another, parted into sentences.

Promises that nothing said inside a quotation is seen as a word of the text around it, and that a sentence of speech
inside marks never ends the sentence that reports it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.nlp.labels import type_of
from tracker.nlp.quotes.marks import Marked
from tracker.nlp.quotes.words import english
from tracker.records import FoundMention, Span

_PIECE = re.compile(
    r"(?:[^\W\d_]\.){2,}|(?:Mr|Ms|Mrs|Dr|Sen|Rep|Gov|Gen|Lt|Col|Prof|Inc|Corp|Ltd|Co|St|Jr|Sr|No|vs)\.(?!\n)"
    r"|[^\W_]+(?:[-\u2010\u2011&][^\W_]+)*(?:['\u2019](?!s\b)[^\W_]+)*|['\u2019]s\b|[^\w\s]|_"
)
_PAIR = re.compile(
    r"\b([A-Z][a-z]+(?:-[A-Z][a-z]+)?) ([A-Z][a-z\u2019']+(?:-[A-Z][a-z]+)?)(?= (?:[a-z]|$)|[,.:\n])"
)
_SPEAKS = re.compile(r"\b([A-Z][a-z]{2,}) (?:said|says|told|wrote|added)\b")
_MOST_PIECES = 160  # a longer sentence is cut: nobody speaks at such a distance from his verb
_LONGEST_GUESS = 4
_PARTICLES = frozenset({"van", "von", "de", "der", "del", "da", "bin", "al", "la", "le"})
_LONGEST_PERSON = 3
_NO_GUESS = frozenset(
    [
        "the",
        "a",
        "an",
        "i",
        "we",
        "he",
        "she",
        "it",
        "they",
        "you",
        "this",
        "that",
        "these",
        "those",
        "but",
        "and",
        "or",
        "if",
        "in",
        "on",
        "at",
        "for",
        "from",
        "to",
        "as",
        "by",
        "of",
        "with",
        "when",
        "while",
        "after",
        "before",
        "since",
        "what",
        "why",
        "how",
        "who",
        "which",
        "there",
        "here",
        "not",
        "no",
        "yes",
        "one",
        "two",
        "three",
        "all",
        "some",
        "many",
        "most",
        "our",
        "their",
        "his",
        "her",
        "its",
        "my",
        "your",
        "according",
        "however",
        "meanwhile",
        "instead",
        "still",
        "also",
        "then",
        "now",
        "today",
        "yesterday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "ai",
        "chinese",
        "american",
        "european",
        "british",
        "russian",
        "japanese",
        "korean",
        "indian",
        "french",
        "german",
        "charge",
        "state",
        "treasury",
        "commerce",
        "defense",
    ]
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the text; a guess is words in capitals where no mention was found."""

    start: int
    end: int
    text: str
    kind: str  # person, organisation, public_body, place, model, instrument, or nothing
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a mark, a name or a marked span."""

    start: int
    end: int
    text: str
    low: str
    name: Name | None = None
    quote: int = -1  # number of the marked span

    @property
    def is_mark(self) -> bool:
        """Whether this is punctuation."""
        return (
            self.quote < 0
            and self.name is None
            and not self.text[:1].isalnum()
            and self.low not in {"'s", "\u2019s"}
        )


Pieces = Sequence[Piece]


def _kind_of(label: str) -> str:
    """Return the type of a mention; a name that several entities share is a name all the same."""
    return "name" if label == "NAME" else type_of(label)


class Names:
    """The names of a text, to be asked which one begins at a place."""

    def __init__(self, text: str, mentions: Sequence[FoundMention]) -> None:
        self._names = sorted(
            (Name(m.start, m.end, m.surface, _kind_of(m.label)) for m in mentions if m.form != "description"),
            key=lambda name: (name.start, -name.end),
        )
        self._starts = [name.start for name in self._names]
        self.words = frozenset(
            word for name in self._names if name.kind == "person" for word in name.text.split()[-1:]
        ) | _surnames(text)
        """Last words of persons' names: what may stand for the person alone."""

    def __iter__(self) -> Iterator[Name]:
        """Iterate over the names by start."""
        return iter(self._names)

    def touching(self, span: Span) -> Name | None:
        """Return the first name that begins in the span."""
        at = bisect_left(self._starts, span[0])
        if at < len(self._names) and self._names[at].start < span[1]:
            return self._names[at]
        return None


def _surnames(text: str) -> frozenset[str]:
    """Return words that stand for a person by their place: behind another capital, or before a verb of saying."""
    pairs = {m.group(2) for m in _PAIR.finditer(text) if m.group(1).lower() not in _NO_GUESS}
    speakers = {m.group(1) for m in _SPEAKS.finditer(text) if not m.group(1).endswith("s")}
    return frozenset(word for word in pairs | speakers if word.lower() not in _NO_GUESS)


def pieces_of(text: str, block: Span, marked: Sequence[tuple[int, Marked]], names: Names) -> list[Piece]:
    """Return the pieces of one paragraph.

    Args:
        text: the whole text.
        block: the paragraph.
        marked: its marked spans with their numbers.
        names: the names of the text.
    """
    found: list[Piece] = []
    at = block[0]
    for number, span in marked:
        found.extend(_words(text, (at, span.outer[0]), names))
        found.append(Piece(*span.outer, text[span.start : span.end], "", quote=number))
        at = max(at, span.outer[1])
    found.extend(_words(text, (at, block[1]), names))
    return list(_with_guesses(found, names))


def _words(text: str, span: Span, names: Names) -> Iterator[Piece]:
    at, end = span
    while at < end:
        match = _PIECE.search(text, at, end)
        if match is None:
            return
        name = names.touching(match.span())
        if name is not None and name.end <= end and name.kind != "":
            if name.start > match.start():
                yield _plain(text, match.start(), name.start)
            yield Piece(name.start, name.end, name.text, name.text.lower(), name=name)
            at = max(name.end, at + 1)
            continue
        yield _plain(text, *match.span())
        at = match.end()


def _plain(text: str, start: int, end: int) -> Piece:
    word = text[start:end]
    return Piece(start, end, word, word.lower().replace("\u2019", "'").replace("\u2011", "-"))


def _with_guesses(pieces: list[Piece], names: Names) -> Iterator[Piece]:
    """Yield the pieces with runs of capitalised words that no mention covers made one name each."""
    at = 0
    is_loud = sum(p.text.isupper() for p in pieces) * 2 > len(pieces)
    while at < len(pieces):
        run = 0 if is_loud else _run(pieces, at)
        words = pieces[at : at + run]
        is_name = run > 1 or (run == 1 and words[0].text in names.words)
        if not is_name:
            yield from words or pieces[at : at + 1]
            at += max(1, run)
            continue
        text = " ".join(word.text for word in words)
        is_body = words[-1].low in english().companies
        kind = "organisation" if is_body else "person" if run <= _LONGEST_PERSON else "name"
        name = Name(words[0].start, words[-1].end, text, kind, is_guess=True)
        yield Piece(name.start, name.end, text, text.lower(), name=name)
        at += run


def _run(pieces: list[Piece], at: int) -> int:
    """Return how many pieces from here are words of one name."""
    n = 0
    for i, piece in enumerate(pieces[at : at + _LONGEST_GUESS], start=at):
        if (
            piece.low in _PARTICLES
            and i + 1 < len(pieces)
            and pieces[i + 1].text[:1].isupper()
            and piece.name is None
        ):
            n += 1
            continue
        is_word = piece.name is None and piece.quote < 0 and piece.text[:1].isupper() and len(piece.text) > 1
        if not is_word or piece.low in _NO_GUESS or piece.text.endswith(".") or piece.low in english().roles:
            break
        n += 1
    return n


def sentences_of(pieces: Pieces) -> list[list[Piece]]:
    """Return the pieces parted into sentences."""
    found: list[list[Piece]] = [[]]
    for i, piece in enumerate(pieces):
        found[-1].append(piece)
        after = pieces[i + 1] if i + 1 < len(pieces) else None
        if after is None or _ends(piece, after) or len(found[-1]) >= _MOST_PIECES:
            found.append([])
    return [sentence for sentence in found if sentence]


def _ends(piece: Piece, after: Piece) -> bool:
    """Whether a sentence ends between two pieces."""
    starts_new = (
        after.quote >= 0
        or after.text[:1].isupper()
        or not after.text[:1].isalnum()
        or after.text[:1].isdigit()
    )
    if piece.quote >= 0:
        inside = piece.text.rstrip()[-1:]
        if inside in ".\u2026" and after.quote >= 0:
            return True
        return inside == "." and after.text[:1].isupper() and after.start > piece.end
    if piece.text in {"|", "\u2022"}:
        return True
    if piece.text not in {".", "!", "?", "\u2026"}:
        return False
    return starts_new and after.start > piece.end
