"""What the language stage says of gold texts, and how a span of it compares with a marked one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.management.evaluate.gold import GoldText, Register, plain_words
from tracker.nlp.analyse import Analyser
from tracker.pipeline.found import Names
from tracker.records import Analysis, Span


def analysed(
    texts: Sequence[GoldText], names: Register, *, without: frozenset[str] = frozenset()
) -> Iterator[tuple[GoldText, Analysis]]:
    """Yield each text with its analysis, made as the product makes it.

    Args:
        texts: gold texts.
        names: what the gazetteer knows.
        without: versioned names of components to leave out.
    """
    analyser = Analyser(names.aliases, without=without)
    yield from zip(texts, analyser.analyse([text.source for text in texts]), strict=True)


def said_at(analysis: Analysis, span: Span | None, text: str, names: Register) -> str:
    """Return slug, or the plain words, of what a found span names; empty for none."""
    if span is None:
        return ""
    found = Names(analysis.mentions)
    entity = found.entity_at(span)
    return names.slugs[entity] if entity is not None else plain_words(found.name_at(span, text))


def same_party(found: str, marked: str) -> bool:
    """Return whether two parties, each a slug or a plain name, are one: a surname stands for its full name."""
    found, marked = plain_words(found), plain_words(marked)
    if found == marked:
        return True
    return bool(found and marked) and (marked.endswith(f" {found}") or found.endswith(f" {marked}"))
