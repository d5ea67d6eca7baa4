"""What the language stage says of gold texts, and how a span of it compares with a marked one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.linking.knowledge import Facts, Knowledge, Post
from tracker.linking.link import linked
from tracker.management.evaluate.gold import GoldText, Register, Row, plain_words
from tracker.nlp.analyse import Analyser
from tracker.nlp.subject import Judge, ai_names_of
from tracker.pipeline.found import Names
from tracker.records import Analysis, Span


def analysed(
    texts: Sequence[GoldText], names: Register, *, without: frozenset[str] = frozenset()
) -> Iterator[tuple[GoldText, Analysis]]:
    """Yield each text with its analysis, made and linked as the product does it.

    Args:
        texts: gold texts.
        names: what the gazetteer knows.
        without: versioned names of components to leave out.
    """
    analyser = Analyser(names.aliases, judge=Judge(ai_names=ai_names_of(names.aliases)), without=without)
    known = knowledge(names)
    for text, analysis in zip(texts, analyser.analyse([text.source for text in texts]), strict=True):
        yield text, linked(analysis, text.text, known)


def knowledge(names: Register) -> Knowledge:
    """Return what is on file about the entities of a register, as linking takes it."""
    numbers = names.numbers()
    facts, affiliations = [], []
    for slug, entity in names.entities.items():
        posts = [
            Post(p.title, numbers.get(p.body), p.body_name or p.body, p.start, p.end, is_shown=p.is_shown)
            for p in entity.positions
        ]
        facts.append(_facts(numbers[slug], entity.type, entity.name, entity.subtype, entity.country, posts))
        if entity.parent in numbers:
            affiliations.append((numbers[slug], numbers[entity.parent]))
    for slug, row in names.own.items():
        if slug in names.entities:
            continue
        posts = [_own_post(post, numbers) for post in row.get("positions", ())]
        facts.append(_facts(numbers[slug], row["type"], row["name"], row.get("subtype", ""), "", posts))
        if row.get("parent") in numbers:
            affiliations.append((numbers[slug], numbers[row["parent"]]))
    return Knowledge(names.aliases, facts, affiliations)


def _facts(number: int, kind: str, name: str, subtype: str, country: str, posts: Sequence[Post]) -> Facts:
    return Facts(number, kind, name, subtype, country, tuple(posts))


def _own_post(post: Row, numbers: dict[str, int]) -> Post:
    body = post.get("body") or ""
    name = "" if body in numbers else body
    return Post(post["title"], numbers.get(body), name, post.get("from") or "", post.get("to") or "")


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
