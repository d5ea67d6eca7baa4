"""The query language: text to tree, pure.

    words            every one of them
    "a phrase"       in this order
    -word  NOT word  without it
    a OR b           either
    ( )              grouping
    begin*           words that begin so

Operators are written in capitals. Words that fall apart into several search words (`GPT-4`, `China's`) are
phrases. `parse` refuses what it cannot read and says where; `read` never does: it answers with the plain
words instead, and with the problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import NoReturn

from tracker.errors import QueryError
from tracker.search.words import plain_words

MAX_WORDS = 64
"""Search words in one query; every further one is not searched."""
MAX_DEPTH = 10
"""Brackets inside one another."""


@dataclass(frozen=True, slots=True)
class Words:
    """Search words in this order, side by side; one word or a phrase."""

    words: tuple[str, ...]
    text: str  # as typed
    is_prefix: bool = False
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of `wanted` (at least one) and none of `unwanted`."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of `choices` (two or more)."""

    choices: tuple[Node, ...]


Node = Words | Every | Either


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Why a query was not read as written, and the 0-based place in it."""

    message: str
    position: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What is searched (None: nothing) and, where that is not what was written, why."""

    node: Node | None
    problem: QueryProblem | None = None


class _Sign(Enum):
    WORDS = auto()
    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    OR = auto()
    AND = auto()
    UNCLOSED = auto()


@dataclass(frozen=True, slots=True)
class _Token:
    sign: _Sign
    position: int
    words: Words | None = None


_QUOTES = '"\u201c\u201d\u201e'
_PIECE = re.compile(
    rf"(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<phrase>[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}])"
    rf"|(?P<quote>[{_QUOTES}])|(?P<dashes>--+|-(?=\s|$))|(?P<minus>-)|(?P<word>[^\s(){_QUOTES}]+)"
)
_OPERATORS = {
    "OR": _Sign.OR,
    "|": _Sign.OR,
    "||": _Sign.OR,
    "AND": _Sign.AND,
    "&": _Sign.AND,
    "&&": _Sign.AND,
    "NOT": _Sign.MINUS,
}
_NAMES = {_Sign.OR: "OR", _Sign.AND: "AND"}


def read(text: str) -> Reading:
    """Return what `text` asks for; any text is answered."""
    if not text.strip():
        return Reading(None)
    try:
        node = parse(text)
    except QueryError as error:
        return Reading(_plain(text), QueryProblem(str(error), error.position))
    if node is None:
        return Reading(None, QueryProblem("There is no word to look for.", 0))
    return Reading(node)


def parse(text: str) -> Node | None:
    """Return the tree of `text`, or None where it holds no word at all.

    Raises:
        QueryError: `text` cannot be read as written; says why and where.
    """
    tokens = _tokens(text)
    _check_size(tokens)
    return _Parser(tokens).parse() if tokens else None


def understood(node: Node | None) -> str:
    """Return the tree as a query in its plainest form."""
    if node is None:
        return ""
    if isinstance(node, Words):
        text = f'"{node.text}"' if node.is_quoted else node.text
        return text + "*" if node.is_prefix else text
    if isinstance(node, Either):
        return " OR ".join(_grouped(choice) for choice in node.choices)
    wanted = [_grouped(part) if isinstance(part, Either) else understood(part) for part in node.wanted]
    return " ".join(wanted + ["-" + _grouped(part) for part in node.unwanted])


def leaves(node: Node | None) -> tuple[Words, ...]:
    """Return the words a hit may contain, so without the unwanted ones, in the order of the query."""
    if node is None:
        return ()
    if isinstance(node, Words):
        return (node,)
    parts = node.choices if isinstance(node, Either) else node.wanted
    return tuple(leaf for part in parts for leaf in leaves(part))


def _grouped(node: Node) -> str:
    return understood(node) if isinstance(node, Words) else f"({understood(node)})"


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for piece in _PIECE.finditer(text):
        kind, value, at = piece.lastgroup, piece[0], piece.start()
        if kind == "word":
            found.extend(_word_tokens(value, at))
        elif kind == "phrase":
            words = plain_words(value)
            if words:
                inside = " ".join(value[1:-1].split())
                found.append(_Token(_Sign.WORDS, at, Words(words, inside, is_quoted=True)))
        elif kind == "open":
            found.append(_Token(_Sign.OPEN, at))
        elif kind == "close":
            found.append(_Token(_Sign.CLOSE, at))
        elif kind == "minus":
            found.append(_Token(_Sign.MINUS, at))
        elif kind == "quote":
            found.append(_Token(_Sign.UNCLOSED, at))
    return found


def _word_tokens(value: str, at: int) -> list[_Token]:
    if value in _OPERATORS:
        return [_Token(_OPERATORS[value], at)]
    words = plain_words(value)
    if not words:
        return []
    stem = value.rstrip("*")
    return [_Token(_Sign.WORDS, at, Words(words, stem, is_prefix=stem != value))]


def _check_size(tokens: list[_Token]) -> None:
    n_words = 0
    for token in tokens:
        if token.sign is _Sign.UNCLOSED:
            _refuse("This quotation mark is never closed.", token.position)
        n_words += len(token.words.words) if token.words else 0
        if n_words > MAX_WORDS:
            _refuse(
                f"A query has at most {MAX_WORDS} words; what starts here is not searched.", token.position
            )


def _plain(text: str) -> Node | None:
    """Return all words of `text` that are not to be left out, without any operator."""
    found: list[Node] = []
    n_words, skipping, is_unwanted = 0, 0, False
    for token in _tokens(text):
        if skipping:
            skipping += {_Sign.OPEN: 1, _Sign.CLOSE: -1}.get(token.sign, 0)
        elif is_unwanted and token.sign is _Sign.OPEN:
            skipping = 1
        elif token.words and not is_unwanted:
            n_words += len(token.words.words)
            if n_words > MAX_WORDS:
                break
            found.append(token.words)
        is_unwanted = token.sign is _Sign.MINUS
    if not found:
        return None
    return found[0] if len(found) == 1 else Every(tuple(found))


def _refuse(message: str, position: int) -> NoReturn:
    raise QueryError(message, position)


class _Parser:
    """Recursive descent over the tokens; its depth is bounded."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def parse(self) -> Node:
        """Return the tree of all tokens."""
        node = self._either()
        token = self._peek()
        if token is not None:
            _refuse("This bracket was never opened.", token.position)
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _is_next(self, *signs: _Sign) -> bool:
        token = self._peek()
        return token is not None and token.sign in signs

    def _either(self) -> Node:
        choices = [self._every()]
        while self._is_next(_Sign.OR):
            self._skip_operator()
            choices.append(self._every())
        return choices[0] if len(choices) == 1 else Either(tuple(choices))

    def _every(self) -> Node:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        first = self._peek()
        if first is not None and first.sign in _NAMES:
            _refuse(f"{_NAMES[first.sign]} needs a word on both sides.", first.position)
        while (token := self._peek()) is not None and token.sign not in {_Sign.OR, _Sign.CLOSE}:
            if token.sign is _Sign.AND:
                self._skip_operator()
            elif token.sign is _Sign.MINUS:
                self._next += 1
                unwanted.append(self._one(token))
            else:
                wanted.append(self._one(token))
        if not wanted:
            self._refuse_empty(first, is_negative=bool(unwanted))
        return wanted[0] if len(wanted) == 1 and not unwanted else Every(tuple(wanted), tuple(unwanted))

    def _one(self, before: _Token) -> Node:
        token = self._peek()
        if token is not None and token.words is not None:
            self._next += 1
            return token.words
        if token is not None and token.sign is _Sign.OPEN:
            return self._bracket(token)
        return _refuse("A minus sign needs a word after it.", before.position)

    def _bracket(self, opened: _Token) -> Node:
        self._next += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            _refuse(f"Brackets may stand {MAX_DEPTH} deep at most.", opened.position)
        if self._is_next(_Sign.CLOSE):
            _refuse("There is nothing between these brackets.", opened.position)
        if self._peek() is None:
            _refuse("This bracket is never closed.", opened.position)
        node = self._either()
        if not self._is_next(_Sign.CLOSE):
            _refuse("This bracket is never closed.", opened.position)
        self._next += 1
        self._depth -= 1
        return node

    def _skip_operator(self) -> None:
        token = self._tokens[self._next]
        self._next += 1
        if not self._is_next(_Sign.WORDS, _Sign.OPEN, _Sign.MINUS):
            _refuse(f"{_NAMES[token.sign]} needs a word on both sides.", token.position)

    @staticmethod
    def _refuse_empty(first: _Token | None, *, is_negative: bool) -> NoReturn:
        position = first.position if first else 0
        if is_negative:
            _refuse("Leaving words out needs at least one word to look for.", position)
        _refuse("This bracket was never opened.", position)
