"""Sentences of a text as plain values: what rules about who said what need of a parse, and nothing of spaCy.

Offsets count code points of the whole text, also where it was read in pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Token:
    """One word or mark of a sentence."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str  # universal part of speech: VERB, NOUN, PROPN ...
    tag: str  # Penn tag: VBD, NNP ...
    dep: str  # relation to the head, as spaCy's English models name it: nsubj, dobj, ccomp ...
    head: int  # index of the head in the sentence; its own for the root


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its tokens, white space left out, and the tree over them."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...]  # of each token, in the order of the text

    @property
    def root(self) -> int:
        """Index of the root; 0 in a sentence without one."""
        return next((i for i, token in enumerate(self.tokens) if token.head == i), 0)

    def under(self, at: int) -> list[int]:
        """Return the indices of a token and all that hangs on it, sorted."""
        found, waiting = [], [at]
        while waiting:
            here = waiting.pop()
            found.append(here)
            waiting.extend(self.children[here])
        return sorted(found)

    def token_at(self, offset: int) -> int | None:
        """Return the index of the token that holds this code point of the text, or None."""
        return next((i for i, token in enumerate(self.tokens) if token.start <= offset < token.end), None)

    def within(self, start: int, end: int) -> list[int]:
        """Return the indices of the tokens that lie in [start, end)."""
        return [i for i, token in enumerate(self.tokens) if start <= token.start and token.end <= end]


def sentence_of(start: int, end: int, tokens: Iterable[Token]) -> Sentence:
    """Return the sentence of these tokens with the tree that their heads make."""
    words = tuple(tokens)
    children: list[list[int]] = [[] for _ in words]
    for i, token in enumerate(words):
        if token.head != i:
            children[token.head].append(i)
    return Sentence(start, end, words, tuple(tuple(below) for below in children))


def sentences_of(doc: Doc, offset: int = 0) -> Iterator[Sentence]:
    """Yield the sentences of a parsed document that begins at `offset` of its text."""
    for span in doc.sents:
        kept = [token for token in span if not token.is_space]
        if not kept:
            continue
        place = {token.i: n for n, token in enumerate(kept)}
        yield sentence_of(
            offset + kept[0].idx,
            offset + kept[-1].idx + len(kept[-1]),
            (
                Token(
                    start=offset + token.idx,
                    end=offset + token.idx + len(token),
                    text=token.text,
                    lemma=token.lemma_,
                    pos=token.pos_,
                    tag=token.tag_,
                    dep=token.dep_,
                    head=place.get(token.head.i, n),
                )
                for n, token in enumerate(kept)
            ),
        )
