"""The text around its quotations: sentences, who spoke where, and whom a word that points back means.

Promises that a word that points back gets a name only where one name fits; the look back is bounded.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tracker.nlp.quotes.layout import paragraphs
from tracker.nlp.quotes.marks import Marked, marked_spans
from tracker.nlp.quotes.phrase import Party, role_of
from tracker.nlp.quotes.skeleton import Name, Names, Piece, Pieces, pieces_of, sentences_of
from tracker.nlp.quotes.subject import Grammar, main_phrase
from tracker.nlp.quotes.words import english
from tracker.records import Span

_MOST_SENTENCES = 14
_MOST_PARAGRAPHS = 3
_LONGEST_TITLE = 6  # words before a name
_BODY = frozenset({"organisation", "public_body"})
_PUBLIC = frozenset(
    [
        "agency",
        "department",
        "ministry",
        "commission",
        "committee",
        "court",
        "bureau",
        "council",
        "administration",
        "government",
        "panel",
        "embassy",
        "regulator",
        "subcommittee",
        "body",
    ]
)


_OF_NOBODY = frozenset(
    {"indictment", "ruling", "order", "verdict", "judgment", "judgement", "opinion", "testimony"}
)
_MEMBERS = frozenset({"senator", "sen", "rep", "representative", "congressman", "congresswoman"})
_CALLED = {
    "ceo": frozenset({"executive"}),
    "executive": frozenset({"ceo", "cto", "cfo", "coo"}),
    "senator": frozenset({"sen"}),
    "congressman": frozenset({"rep", "representative"}),
    "congresswoman": frozenset({"rep", "representative"}),
    "lawmaker": _MEMBERS,
    "legislator": _MEMBERS,
    "co-founder": frozenset({"founder", "cofounder"}),
    "founder": frozenset({"cofounder"}),
    "lawyer": frozenset({"attorney", "counsel"}),
    "attorney": frozenset({"lawyer", "counsel"}),
    "spokesperson": frozenset({"spokesman", "spokeswoman"}),
    "spokesman": frozenset({"spokesperson"}),
    "spokeswoman": frozenset({"spokesperson"}),
}
_ANY_AGENCY = frozenset({"agency", "regulator"})


@dataclass(frozen=True, slots=True)
class Place:
    """A piece by paragraph, sentence and its number there."""

    paragraph: int
    sentence: int
    piece: int


@dataclass(slots=True)
class Scene:
    """One text with its marked spans, its names, and what was said so far."""

    text: str
    names: Names
    grammar: Grammar
    blocks: list[Span] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    said: dict[tuple[int, int], list[Party]] = field(default_factory=lambda: defaultdict(list))
    _sentences: dict[int, list[list[Piece]]] = field(default_factory=dict)
    _first: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find paragraphs and marks."""
        self.blocks = paragraphs(self.text)
        self.marked = marked_spans(self.text, self.blocks)
        self._first = [span.outer[0] for span in self.marked]

    def sentences(self, paragraph: int) -> list[list[Piece]]:
        """Return the sentences of a paragraph."""
        if paragraph not in self._sentences:
            start, end = self.blocks[paragraph]
            inside = range(bisect_right(self._first, start - 1), bisect_right(self._first, end - 1))
            marked = [(n, self.marked[n]) for n in inside]
            pieces = pieces_of(self.text, (start, end), marked, self.names)
            self._sentences[paragraph] = sentences_of(pieces)
        return self._sentences[paragraph]

    def with_marks(self) -> Iterator[int]:
        """Yield the numbers of the paragraphs that hold a marked span."""
        starts = [start for start, _ in self.blocks]
        last = -1
        for first in self._first:
            at = bisect_right(starts, first) - 1
            if at != last:
                yield at
                last = at

    def back(self, place: Place) -> Iterator[tuple[Pieces, list[Party]]]:
        """Yield what stands before a place, sentence by sentence, the nearest first, with who spoke in each."""
        n = 0
        here = self.sentences(place.paragraph)
        yield here[place.sentence][: place.piece], self.said[(place.paragraph, place.sentence)]
        for paragraph in range(place.paragraph, max(-1, place.paragraph - _MOST_PARAGRAPHS - 1), -1):
            sentences = self.sentences(paragraph)
            last = place.sentence if paragraph == place.paragraph else len(sentences)
            for s in range(last - 1, -1, -1):
                yield sentences[s], self.said[(paragraph, s)]
                n += 1
                if n >= _MOST_SENTENCES:
                    return

    def meant(self, party: Party, place: Place) -> Party:
        """Return the party that a pointing one means; it keeps its words, and takes name and role where one fits."""
        if party.name is not None or not party.points:
            return party
        found = {
            "he": self._person,
            "it": self._body,
            "company": self._body,
            "role": self._holder,
            "document": self._author,
        }.get(party.points)
        meant = found(party, place) if found else None
        if meant is None:
            return party
        return replace(
            party, name=meant.name, role=party.role or meant.role, channel=party.channel or meant.channel
        )

    def _person(self, _party: Party, place: Place) -> Party | None:
        for pieces, said in self.back(place):
            for spoken in reversed(said):
                if spoken.name is not None and spoken.name.kind == "person":
                    return spoken
            people = _distinct(p.name for p in pieces if p.name is not None and p.name.kind == "person")
            if people:
                return self._one_of(people, pieces)
        return None

    def _body(self, party: Party, place: Place) -> Party | None:
        kinds = (
            _BODY if party.noun == "it" else {"public_body"} if party.noun in _PUBLIC else {"organisation"}
        )
        for pieces, said in self.back(place):
            for spoken in reversed(said):
                if spoken.name is not None and spoken.name.kind in kinds and _may_be(spoken.name, party.noun):
                    return Party(spoken.name)
            if party.points == "it" and (found := _document_in(pieces)) is not None:
                return found
            bodies = _distinct(p.name for p in pieces if p.name is not None and p.name.kind in kinds)
            bodies = [name for name in bodies if _may_be(name, party.noun)]
            if bodies:
                return self._one_of(bodies, pieces)
        return None

    def _one_of(self, names: Sequence[Name], pieces: Pieces) -> Party | None:
        """Return the one name of a sentence, or the one that is its subject where there are more."""
        if len(names) == 1:
            return Party(names[0], role=self._role_at(pieces, names[0]))
        found = main_phrase(pieces, len(pieces))
        subject = found[0][-1].name if found else None
        if subject is None or all(subject.start != name.start for name in names):
            return None
        return Party(subject, role=self._role_at(pieces, subject))

    def _role_at(self, pieces: Pieces, name: Name) -> str:
        """Return the role that a sentence prints beside a name in it."""
        at = next(i for i, p in enumerate(pieces) if p.name is not None and p.name.start == name.start)
        if at + 2 < len(pieces) and pieces[at + 1].text in {",", "("}:
            end = next(
                (i for i in range(at + 2, len(pieces)) if pieces[i].text in {",", ".", ")", ";"}), len(pieces)
            )
            role = role_of(self.text, pieces[at + 2 : end])
            if role:
                return role
        first = at
        while first > max(0, at - _LONGEST_TITLE) and _is_word(pieces[first - 1]):
            first -= 1
        before = [p for p in pieces[first:at] if p.low not in english().titles]
        return role_of(self.text, before) if before and _is_title(before) else ""

    def _holder(self, party: Party, place: Place) -> Party | None:
        """Return who was named with the role that 'the senator' points to."""
        for pieces, said in self.back(place):
            for spoken in reversed(said):
                if spoken.name is not None and _fits(party.noun, spoken.role):
                    return spoken
            for piece in pieces:
                if piece.name is not None and piece.name.kind == "person":
                    role = self._role_at(pieces, piece.name)
                    if _fits(party.noun, role):
                        return Party(piece.name, role=role)
        return self._spoken_for(party, place) if party.noun in english().spokes and place.sentence else None

    def _spoken_for(self, party: Party, place: Place) -> Party | None:
        """Return the body of 'Lumora denied it. The spokesperson added': the one that the sentence before is about."""
        before = self.sentences(place.paragraph)[place.sentence - 1]
        found = main_phrase(before, len(before))
        subject = found[0][-1].name if found else None
        return Party(subject, role=party.words) if subject is not None and subject.kind in _BODY else None

    def _author(self, party: Party, place: Place) -> Party | None:
        """Return whose document 'the memo' is."""
        for pieces, _ in self.back(place):
            is_suit = party.noun in english().suits and any(p.low in {"sued", "sues"} for p in pieces)
            if is_suit and (plaintiff := _maker_in(pieces, party.noun)) is not None:
                return Party(plaintiff)
            at = next(
                (
                    i
                    for i, p in enumerate(pieces)
                    if english().channel.get(p.low, "-") == party.channel and p.name is None
                ),
                None,
            )
            if at is None:
                continue
            owner = _owner(pieces, at)
            if owner is not None:
                return Party(owner)
            subject = _maker_in(pieces, party.noun)
            if subject is not None:
                return Party(subject)
        return None


def _fits(noun: str, role: str) -> bool:
    """Whether somebody with a printed role may be called so: 'the lawmaker' is Sen. X."""
    words = {word.strip(".,").lower() for word in role.replace("-", " ").split()}
    return bool(words & ({noun} | _CALLED.get(noun, frozenset())))


def _maker_in(pieces: Pieces, noun: str) -> Name | None:
    """Return who a sentence says wrote, sent or filed a document, where that is its subject."""
    if noun in _OF_NOBODY or not any(piece.low in english().made for piece in pieces):
        return None
    found = main_phrase(pieces, len(pieces))
    subject = found[0][-1].name if found else None
    return subject if subject is not None and subject.kind in _BODY | {"person"} else None


def _may_be(name: Name, noun: str) -> bool:
    """Whether a body may be called so: 'the committee' is one with the word in its name."""
    if name.text in english().platforms:  # where it was said
        return False
    return noun not in _PUBLIC - _ANY_AGENCY or noun in name.text.lower()


def _document_in(pieces: Pieces) -> Party | None:
    """Return the owner of the one document of a sentence: what 'it' states."""
    channels = english().channel
    at = [i for i, p in enumerate(pieces) if p.low in channels and p.name is None]
    owner = _owner(pieces, at[0]) if len(at) == 1 else None
    return Party(owner, channel=channels[pieces[at[0]].low]) if owner is not None else None


def _is_word(piece: Piece) -> bool:
    return piece.text[:1].isalnum() and piece.quote < 0


def _is_title(pieces: Sequence[Piece]) -> bool:
    """Whether the words directly before a name are the title of who bears it."""
    return (
        pieces[-1].low.rstrip(".") in english().roles or pieces[-1].low.rsplit("-", 1)[-1] in english().roles
    )


def _owner(pieces: Pieces, noun: int) -> Name | None:
    """Return the name in "X's long memo" or 'a memo from X'."""
    for i in range(noun - 1, max(-1, noun - 5), -1):
        piece = pieces[i]
        if piece.low == "'s" and i and pieces[i - 1].name is not None:
            return pieces[i - 1].name
        if piece.is_mark or piece.quote >= 0:
            break
    for i in range(noun + 1, min(len(pieces) - 1, noun + 4)):
        if pieces[i].low in {"from", "by", "of"}:
            return next((p.name for p in pieces[i + 1 : i + 4] if p.name is not None), None)
    return None


def _distinct(names: Iterator[Name]) -> list[Name]:
    """Return the names that differ, the later form of each: a surname is its full name."""
    found: list[Name] = []
    for name in names:
        for i, known in enumerate(found):
            short, long = sorted((known.text.lower(), name.text.lower()), key=len)
            if long == short or long.endswith(f" {short}") or long.startswith(f"{short} "):
                found[i] = known if len(known.text) >= len(name.text) else name
                break
        else:
            found.append(name)
    return found
