"""Short forms: a surname after the full name, the first word of a company's name, an acronym it gave itself.

Promises that a short form stands for the one full name before it that it can be a piece of. Where two persons share
a surname, the name stays with the one for whom the text used it before the other came in; else it is nobody's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.linking.plain import plain_name
from tracker.records import FoundMention, Span

MODEL = "linking.v2"
SHORT_RULE = "short form after the full name"
TWO_RULE = "short form of two names"
BY_TITLE = "surname with its title"
_SCORE = 0.85
_SHORTEST = 3
_ORG_LABELS = frozenset({"ORG", "PUBLIC_BODY"})
_LOOSE_LABELS = frozenset({"PERSON", "ORG", "GPE", "PRODUCT", "LOC", "NAME"})
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "sen", "rep", "sir", "president", "senator", "judge", "chairman", "gov"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
GENERIC = frozenset(
    {
        "ai",
        "labs",
        "lab",
        "laboratory",
        "laboratories",
        "research",
        "technologies",
        "technology",
        "tech",
        "systems",
    }
    | {
        "cloud",
        "robotics",
        "group",
        "inc",
        "corp",
        "corporation",
        "company",
        "co",
        "ltd",
        "limited",
        "llc",
        "plc",
    }
    | {
        "gmbh",
        "ag",
        "holdings",
        "holding",
        "intelligence",
        "security",
        "networks",
        "software",
        "capital",
        "partners",
    }
    | {"ventures", "university", "institute", "foundation", "newswire", "news", "media", "studio", "studios"}
    | {
        "industries",
        "international",
        "global",
        "analytics",
        "dynamics",
        "computing",
        "data",
        "health",
        "energy",
    }
    | {
        "semiconductor",
        "semiconductors",
        "electronics",
        "motors",
        "bank",
        "services",
        "solutions",
        "consulting",
    }
)
_EMPTY_FIRST = frozenset(
    {
        "the",
        "new",
        "national",
        "united",
        "general",
        "open",
        "american",
        "first",
        "international",
        "global",
        "royal",
    }
    | {
        "federal",
        "state",
        "chinese",
        "european",
        "house",
        "senate",
        "central",
        "north",
        "south",
        "east",
        "west",
    }
    | {
        "university",
        "institute",
        "department",
        "ministry",
        "office",
        "bureau",
        "bank",
        "city",
        "world",
        "big",
        "data",
    }
)
_CAPITAL_WORD = re.compile(
    r"(?<![A-Za-z0-9\u00c0-\u024f_@#./-])[A-Z\u00c0-\u00de][A-Za-z0-9\u00c0-\u024f]{1,30}"
    r"(?:[\-\u2010\u2011][A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f]+)*(?![A-Za-z0-9\u00c0-\u024f@/])"
)
_ACRONYM = re.compile(r"\s?\(\s?[\"\u201c]?([A-Z][A-Za-z&.]{1,9})[\"\u201d]?\s?\)")
_ASIDE = re.compile(
    r"\bno relation (?:to|of)\b|\b(?:not|un)[ -]?related to\b|\bnot to be confused with\b", re.IGNORECASE
)
_ASIDE_REACH = 60
_SMALL_WORD = re.compile(r"\b[a-z]{2,}\b")
_CAPITAL_AFTER = re.compile(r" [A-Z\u00c0-\u00de][a-z\u00c0-\u024f]")
_WORD_BEFORE = re.compile(r"([^\W_]+)[.]? $")
_OPENERS = frozenset(
    {
        "later",
        "then",
        "but",
        "and",
        "when",
        "while",
        "if",
        "as",
        "in",
        "after",
        "before",
        "meanwhile",
        "yet",
        "still",
    }
    | {
        "today",
        "yesterday",
        "for",
        "since",
        "although",
        "though",
        "however",
        "so",
        "on",
        "at",
        "by",
        "to",
        "that",
    }
)
_LOOSE_RULES = frozenset({"surname after full name", "short for a fuller name"})
_MOST_OF_ONE_WORD = 40
"""Full names that one word is held against; nobody is meant by a word of so many anyway."""


@dataclass(slots=True)
class _Full:
    """A full name: whose it is, where it first stands, and how it is best told."""

    start: int
    identity: str
    entity_id: int | None
    label: str
    name: str
    is_last_word: bool  # the short form asked for is its last word, as a surname is
    is_aside: bool  # the text names them only to say that somebody is no relation


Table = dict[str, dict[str, _Full]]
"""Full names by the word that may stand for them, then by identity."""


def with_short_forms(text: str, mentions: Sequence[FoundMention]) -> list[FoundMention]:
    """Return the mentions with short forms told as such and linked with their full names; new ones are added."""
    people, organisations = _full_names(text, mentions)
    used: dict[str, str] = {}  # the identity for which the text used a surname when only one person had it
    told = [_told(mention, people, organisations, used) for mention in mentions]
    return sorted([*told, *_unseen(text, told, people, organisations)], key=lambda m: (m.start, m.end))


def _full_names(text: str, mentions: Sequence[FoundMention]) -> tuple[Table, Table]:
    """Return the full names by each word that may stand for them: of persons, and of organisations."""
    people: Table = defaultdict(dict)
    organisations: Table = defaultdict(dict)
    asides = [match.end() for match in _ASIDE.finditer(text)]
    for mention in mentions:
        if mention.form != "name":
            continue
        words = _name_words(mention.surface)
        is_aside = _is_aside(mention.start, asides)
        is_told = mention.rule == BY_TITLE  # a surname whose title says whose it is
        if mention.label == "PERSON" and (len(words) > 1 or is_told):
            for word in {words[-1], words[0]}:
                _note(people[word], mention, words, is_last_word=word == words[-1], is_aside=is_aside)
        elif mention.label in _ORG_LABELS and mention.entity_id is None:
            for key in _organisation_keys(text, mention, words):
                _note(organisations[key], mention, words, is_last_word=False, is_aside=False)
    return people, organisations


def _note(
    known: dict[str, _Full],
    mention: FoundMention,
    words: Sequence[str],
    *,
    is_last_word: bool,
    is_aside: bool,
) -> None:
    name = " ".join(words)
    identity = f"#{mention.entity_id}" if mention.entity_id is not None else plain_name(name)
    full = known.get(identity)
    if full is not None:
        full.is_aside = full.is_aside and is_aside
    elif len(known) < _MOST_OF_ONE_WORD:
        known[identity] = _Full(
            mention.start, identity, mention.entity_id, mention.label, name, is_last_word, is_aside
        )


def _organisation_keys(text: str, mention: FoundMention, words: Sequence[str]) -> Iterator[str]:
    first = words[0] if words else ""
    rest = [word.casefold().strip(".,") for word in words[1:]]
    if rest and len(first) > _SHORTEST and first.casefold() not in _EMPTY_FIRST and rest[-1] in GENERIC:
        yield first
    match = _ACRONYM.match(text, mention.end)
    if match and _is_acronym(match.group(1), words):
        yield match.group(1)


def _is_acronym(letters: str, words: Sequence[str]) -> bool:
    firsts = [word[0].casefold() for word in words if word[0].isupper()]
    return bool(firsts) and letters[0].casefold() == firsts[0] and sum(c.isupper() for c in letters) > 1


def _name_words(surface: str) -> list[str]:
    name = re.sub("['\u2019]s?$", "", " ".join(surface[:200].split()))
    words = [word.strip(",") for word in name.split(" ") if word.strip(",.")]
    while len(words) > 1 and words[0].casefold().strip(".") in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1].casefold().strip(".") in _SUFFIXES:
        words = words[:-1]
    return words


def _told(mention: FoundMention, people: Table, organisations: Table, used: dict[str, str]) -> FoundMention:
    """Return a mention as the short form it is, or as it was."""
    words = _name_words(mention.surface)
    if len(words) != 1 or mention.form == "description" or mention.label not in _LOOSE_LABELS:
        return mention
    word = words[0]
    if mention.rule == BY_TITLE:
        return mention
    if mention.label == "PERSON" or word not in organisations:
        found = _before(people.get(word, {}), mention.start)
        if len(found) == 1 and mention.label == "PERSON":
            used[word] = found[0].identity
        return _as_person(mention, [one for one in found if one.identity == used.get(word)] or found)
    if mention.entity_id is not None:
        return mention
    found = _before(organisations[word], mention.start)
    return _short(mention, found[0]) if len(found) == 1 else mention


def _before(fulls: dict[str, _Full], start: int) -> list[_Full]:
    """Return the full names before a place: by their last word where there are such, mere asides left out."""
    found = [one for one in fulls.values() if one.start < start]
    found = [one for one in found if one.is_last_word] or found
    return [one for one in found if not one.is_aside] or found


def _as_person(mention: FoundMention, found: Sequence[_Full]) -> FoundMention:
    is_open = mention.entity_id is None or mention.form == "short" or mention.rule in _LOOSE_RULES
    if not found or (
        mention.label != "PERSON" and (mention.entity_id is not None or found[0].entity_id is not None)
    ):
        return mention
    if len(found) > 1:
        return replace(mention, entity_id=None, rule=TWO_RULE, form="short") if is_open else mention
    full = found[0]
    if mention.entity_id is not None and mention.entity_id == full.entity_id:
        return replace(mention, form="short", full_name=full.name)
    return _short(mention, full) if is_open else mention


def _is_aside(start: int, asides: Sequence[int]) -> bool:
    at = bisect_right(asides, start) - 1
    return at >= 0 and start - asides[at] <= _ASIDE_REACH


def _short(mention: FoundMention, full: _Full) -> FoundMention:
    is_known = full.entity_id is not None
    return replace(
        mention,
        entity_id=full.entity_id,
        label=full.label,
        rule=SHORT_RULE,
        score=max(mention.score, _SCORE) if is_known else mention.score,
        form="short",
        full_name=full.name,
    )


def _unseen(
    text: str, mentions: Sequence[FoundMention], people: Table, organisations: Table
) -> Iterator[FoundMention]:
    """Yield the short forms that nothing marked: a word of a full name before it, never written small."""
    surnames = {key for key, known in people.items() if any(one.is_last_word for one in known.values())}
    wanted = surnames | set(organisations)
    if not wanted:
        return
    small = set(_SMALL_WORD.findall(text))
    spans = [(m.start, m.end) for m in mentions]
    for match in _CAPITAL_WORD.finditer(text):
        word = match.group()
        if word not in wanted or word.lower() in small or _is_taken(match.span(), spans):
            continue
        if _is_in_longer_name(text, match.span(), small):
            continue
        table = organisations if word in organisations else people
        found = _before(table[word], match.start())
        if len(found) == 1:
            blank = FoundMention(*match.span(), word, found[0].label, 0.5, MODEL, None, "")
            yield _short(blank, found[0])


def _is_taken(span: Span, spans: Sequence[Span]) -> bool:
    at = bisect_left(spans, (span[1], 0)) - 1
    return any(start < span[1] and span[0] < end for start, end in spans[max(0, at - 1) : at + 1])


def _is_in_longer_name(text: str, span: Span, small: set[str]) -> bool:
    """Return whether a capitalised word stands beside it on the same line, so that this may be another's name."""
    if _CAPITAL_AFTER.match(text, span[1]):
        return True
    before = _WORD_BEFORE.search(text[max(0, span[0] - 30) : span[0]])
    if before is None or not before.group(1)[0].isupper():
        return False
    low = before.group(1).lower()
    return low not in _TITLES | _OPENERS and low not in small and not low.endswith("ing")
