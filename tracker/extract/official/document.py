"""What an official document says of itself, and who can read it.

A kind of document is a file of this package that registers a `Reader`. It recognises its documents by what they say,
never by where they come from; what is printed and cannot be read becomes a note, and is never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracker.records import Field, ParsedArticle
from tracker.registry import Registry
from tracker.text.clean import one_line
from tracker.text.html import plain_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tracker.records import FoundDate, Turn

MAX_FACT, MAX_LINE, MAX_LINES, MAX_PAIRS = 1000, 5000, 4000, 200


class PageRead:
    """A page after it was read: what a reader of documents looks at.

    Args:
        title: headline.
        text: the text that is kept; offsets of turns count in it.
        markup: the page as markup; empty for a PDF.
        tree: the parsed page, an lxml element; None for a PDF.
        now: the moment of reading, aware.
    """

    def __init__(self, title: str, text: str, *, markup: str, tree: Any, now: dt.datetime) -> None:  # noqa: ANN401 - lxml publishes no types
        self.title, self.text, self.markup, self.tree, self.now = title, text, markup, tree, now

    def may_be(self, reader: Reader) -> bool:
        """Whether a sign of the reader's documents stands in the page; cheap, so that ordinary pages cost nothing."""
        where = self.text if reader.is_in_text or not self.markup else self.markup
        return any(sign in where for sign in reader.signs)

    @cached_property
    def lines(self) -> list[str]:
        """The visible lines of the whole page: labels stand outside of the text as often as in it."""
        shown = plain_text(self.markup) if self.markup else self.text
        return [line[:MAX_LINE] for line in shown.split("\n") if line][:MAX_LINES]

    @cached_property
    def pairs(self) -> dict[str, list[str]]:
        """Names and values of the description lists of the page: `dt` and its `dd`, without closing colons."""
        found: dict[str, list[str]] = {}
        if self.tree is None:
            return found
        for term in self.tree.xpath("//dt")[:MAX_PAIRS]:
            name = _words(term).rstrip(" :").casefold()
            values = found.setdefault(name, [])
            node = term.getnext()
            while node is not None and node.tag != "dt":
                if node.tag == "dd" and (value := _words(node)):
                    values.append(value)
                node = node.getnext()
        return found


def _words(node: Any) -> str:  # noqa: ANN401 - lxml publishes no types
    return one_line("".join(node.itertext()), MAX_FACT)


@dataclass(frozen=True, slots=True)
class Document:
    """An official document: its kind, what it states of itself with the rule of each fact, who speaks where in it."""

    kind: str  # as `Article.Kind` names it
    rule: str
    facts: Mapping[str, Field] = field(default_factory=dict)
    turns: Sequence[Turn] = ()
    notes: Sequence[str] = ()
    published: FoundDate | None = None  # as the document states it
    title: str = ""  # where the document has a better one than the page
    text: str = ""  # where the document's own text is to be taken instead of the page's; turns count in it


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one kind of document; `read` is asked only about pages in which one of `signs` stands.

    Signs are looked for in the markup, as labels often stand outside of the text; with `is_in_text` in the text.
    """

    signs: tuple[str, ...]
    read: Callable[[PageRead], Document | None]
    is_in_text: bool = False


READERS: Registry[Reader] = Registry("tracker.extract.official")


def read_document(page: PageRead) -> Document | None:
    """Return the official document that a page is; the one that states most where two readers know it."""
    known = [
        document
        for _, reader in READERS
        if page.may_be(reader) and (document := reader.read(page)) is not None
    ]
    return max(known, key=lambda document: len(document.facts) + bool(document.turns), default=None)


def with_document(parsed: ParsedArticle, document: Document) -> ParsedArticle:
    """Return the article with what the document states: its day where the page had only a guess, and its own text."""
    has_guess = parsed.published is None or parsed.published.rule.startswith("htmldate")
    return replace(
        parsed,
        title=Field(document.title, document.rule) if document.title else parsed.title,
        text=document.text or parsed.text,
        text_rule=document.rule if document.text else parsed.text_rule,
        published=document.published if document.published and has_guess else parsed.published,
        notes=(*parsed.notes, *document.notes),
        kind=document.kind,
        kind_rule=document.rule,
        facts=document.facts,
        turns=tuple(document.turns),
    )


class Facts:
    """Collects what a document states, and notes what is printed but cannot be read.

    Args:
        what: the kind of document, for notes: 'Federal Register document'.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.found: dict[str, Field] = {}
        self.notes: list[str] = []

    def take(self, name: str, value: str, rule: str, *, shape: str = "") -> bool:
        """Keep a value, the first of each name; one that is not of its shape is noted and not kept.

        Args:
            name: the fact's name.
            value: as printed; an empty one is no value.
            rule: where it stands.
            shape: pattern that the whole value must match.
        """
        value = one_line(value, MAX_FACT).strip(" :")
        if not value or name in self.found:
            return False
        if not self.fits(name, value, shape):
            return False
        self.found[name] = Field(value, rule)
        return True

    def fits(self, name: str, value: str, shape: str) -> bool:
        """Whether a value has its shape; one that has not is noted."""
        if not shape or re.fullmatch(shape, value.strip()):
            return True
        self.notes.append(f"{self.what}: the {name.replace('_', ' ')} '{value[:80]}' cannot be read")
        return False

    def take_day(self, name: str, found: FoundDate | None, printed: str, rule: str) -> None:
        """Keep a day as YYYY-MM-DD; a printed one that could not be read is noted."""
        if found is not None and found.precision in {"day", "minute"}:
            self.take(name, found.at.date().isoformat(), f"{rule} ({found.rule})")
        elif printed.strip() and name not in self.found:
            shown = one_line(printed, 80)
            self.notes.append(f"{self.what}: the {name.replace('_', ' ')} '{shown}' cannot be read")


def labelled(lines: Sequence[str], label: str) -> Iterator[str]:
    """Yield what stands after a label at the start of a line, or on the line after a label that stands alone.

    Args:
        lines: the lines of a document.
        label: pattern of the label, without its colon.
    """
    pattern = re.compile(rf"(?:{label})\s*[:：]\s*(.*)")
    alone = re.compile(rf"(?:{label})")
    for place, line in enumerate(lines):
        match = pattern.match(line)
        following = lines[place + 1] if place + 1 < len(lines) else ""
        if match and match[1]:
            yield match[1]
        elif match or alone.fullmatch(line):
            yield following
