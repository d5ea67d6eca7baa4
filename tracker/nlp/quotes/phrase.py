"""Noun phrases to whom they stand for: a name, the body somebody speaks for, or a word that points back.

Promises a name only where the phrase itself gives one; what points back ('he', 'the company', 'the memo') is said to
point back and left to the discourse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.nlp.quotes.skeleton import Name, Piece, Pieces
from tracker.nlp.quotes.words import english

PERSONAL = frozenset({"he", "she"})
NEUTRAL = frozenset({"it"})
_SEVERAL = frozenset({"they"})  # a body, several people or one: nobody is guessed
_FIRST = frozenset({"i", "we", "you"})
_PREPOSITIONS = frozenset(
    [
        "of",
        "for",
        "at",
        "from",
        "by",
        "with",
        "in",
        "on",
        "to",
        "about",
        "against",
        "over",
        "after",
        "before",
        "during",
        "since",
        "under",
        "via",
        "representing",
        "into",
        "as",
    ]
)
_COMPLEMENT = frozenset({"of", "for", "at", "from", "by", "with", "representing"})
_DETERMINERS = frozenset(
    {"the", "a", "an", "this", "that", "one", "its", "his", "her", "their", "another", "some", "these"}
)
_BODIES = frozenset({"organisation", "public_body", "model"})
_SPEAKERS = frozenset({"person", "organisation", "public_body", "place", "model", "name"})
_WRITTEN = frozenset({"written", "signed", "authored", "sent", "penned", "from", "by", "issued", "published"})
_LONGEST_NAME = 2  # pieces, or words
_NOT_A_ROLE = frozenset(
    [
        "who",
        "which",
        "that",
        "when",
        "where",
        "while",
        "as",
        "in",
        "on",
        "at",
        "adding",
        "citing",
        "speaking",
        "referring",
        "asked",
        "noting",
        "saying",
        "after",
        "before",
        "however",
        "meanwhile",
        "though",
        "whose",
        "and",
        "but",
        "with",
        "from",
        "for",
        "by",
        "according",
        "including",
    ]
)


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a phrase gives for what is said."""

    name: Name | None = None
    words: str = ""  # as the sentence puts it
    role: str = ""
    channel: str = ""
    points: str = ""  # he, it, company, role, document: what it points back to
    noun: str = ""  # the word that points back


def text_of(text: str, pieces: Sequence[Piece]) -> str:
    """Return the words of neighbouring pieces as the text has them, on one line."""
    return " ".join(text[pieces[0].start : pieces[-1].end].split()) if pieces else ""


def party_of(text: str, phrase: Pieces, beside: Pieces = ()) -> Party:
    """Return the party that a noun phrase stands for.

    Args:
        text: the whole text.
        phrase: the pieces of the phrase.
        beside: the apposition after it, without its commas.
    """
    phrase = _without_lead(phrase)
    if not phrase:
        return Party()
    found = _party(text, phrase)
    words = text_of(text, phrase)
    # what stands alone beside 'a spokesperson' is who it is, whatever its label
    inner = [p for p in beside if p.name is not None and (p.name.kind == "person" or len(beside) == 1)]
    has_person = found.name is not None and found.name.kind == "person"
    # 'a second spokesperson, Pei Duo, said'
    if not has_person and inner and len(beside) <= _LONGEST_NAME and _is_people(phrase):
        return Party(inner[0].name, words, role=role_of(text, phrase))
    if found.name is None and found.channel and beside and beside[0].low in _WRITTEN:
        author = next((p.name for p in beside if p.name is not None), None)
        return replace(found, name=author, words=words)
    if beside and not found.role:
        found = replace(found, role=role_of(text, beside))
    return replace(found, words=found.words or words)


def role_of(text: str, pieces: Pieces) -> str:
    """Return the role that an apposition or the words before a name print, or nothing."""
    kept = list(pieces)
    while kept and (kept[0].is_mark or kept[0].text.isdigit()):
        kept.pop(0)
    if not kept or kept[0].low in _NOT_A_ROLE or kept[0].quote >= 0:
        return ""
    if not any(_noun(piece) in english().roles for piece in kept):
        return ""
    # 'Lumora's chief scientist', 'the lab's spokeswoman': the role is what comes after
    for i, piece in enumerate(kept[:4]):
        if piece.low == "'s" and i + 1 < len(kept):
            kept = kept[i + 1 :]
            break
    if kept and kept[0].low == "the":
        kept = kept[1:]
    return text_of(text, kept)[:300]


def _noun(piece: Piece) -> str:
    """Return the noun as roles list it: 'vice-president' is a president, 'analysts' are each an analyst."""
    low = piece.low.rstrip(".")
    if low in english().roles:
        return low
    last = low.rsplit("-", 1)[-1]
    return last[:-1] if last.endswith("s") and last[:-1] in english().roles else last


def _is_people(phrase: Pieces) -> bool:
    return any(_noun(piece) in english().roles for piece in phrase)


def _without_lead(phrase: Pieces) -> Pieces:
    """Drop marks and conjunctions in front."""
    at = 0
    while at < len(phrase) and (
        phrase[at].is_mark or phrase[at].low in {"and", "but", "or", "so", "then", "yet", "now"}
    ):
        at += 1
    return phrase[at:]


def _party(text: str, phrase: Pieces) -> Party:
    first = phrase[0].low
    if len(phrase) == 1 and first in PERSONAL | NEUTRAL | _FIRST | _SEVERAL:
        return Party(points="he" if first in PERSONAL else "it" if first in NEUTRAL else "nobody", noun=first)
    if first in _PREPOSITIONS and phrase[0].name is None:
        return _behind_lead(text, phrase)
    cut = next((i for i, p in enumerate(phrase) if i and p.name is None and p.low in _PREPOSITIONS), None)
    if cut is not None:
        return _with_complement(text, phrase, cut)
    if phrase[-1].name is not None:
        return _named(text, phrase[:-1], phrase[-1].name)
    return _common(text, phrase)


def _behind_lead(text: str, phrase: Pieces) -> Party:
    """Return the party of 'in a letter to the committee Jane Doe of Lumora', 'on Monday a spokesperson for Lumora'."""
    for i in range(len(phrase) - 1, 1, -1):
        before = phrase[i - 1]
        if before.low in {"the", "a", "an"}:
            before = phrase[i - 2]
        is_free = before.name is not None or before.low not in _PREPOSITIONS
        if phrase[i].name is not None and is_free:
            name = phrase[i].name
            return _named(text, (), name) if name is not None else Party()
    people = next(
        (i for i, piece in enumerate(phrase) if _noun(piece) in english().spokes | english().counsel), 0
    )
    first = next((i for i in range(people, max(0, people - 5), -1) if phrase[i].low in _DETERMINERS), people)
    return _party(text, phrase[first:]) if first else Party()


def _with_complement(text: str, phrase: Pieces, cut: int) -> Party:
    """Return the party of 'a spokesperson for X', 'the memo from X', 'Jane Doe of X'."""
    head, preposition = phrase[:cut], phrase[cut].low
    if head[-1].name is not None:
        return _named(text, head[:-1], head[-1].name)
    noun = _noun(head[-1])
    named = next((p.name for p in phrase[cut + 1 :] if p.name is not None), None)
    words = english()
    if named is not None and preposition in _COMPLEMENT:
        if noun in words.spokes | words.counsel and named.kind in _BODIES:
            return Party(named, text_of(text, phrase), role=text_of(text, phrase))
        if head[-1].low in words.channel and named.kind in _SPEAKERS:
            return Party(named, text_of(text, phrase), channel=words.channel[head[-1].low])
    return _with_long_title(text, phrase, noun) if noun in words.roles else _common(text, head)


def _with_long_title(text: str, phrase: Pieces, noun: str) -> Party:
    """Return the party of 'the Secretary for Public Affairs', and who holds the title where a name ends the phrase."""
    last, before = phrase[-1], phrase[-2]
    # 'Secretary of State Jane Doe', not 'a lawyer for Jane Doe'
    is_holder = before.name is not None or (
        before.low not in _PREPOSITIONS and before.low not in _DETERMINERS
    )
    if (
        last.name is not None
        and last.name.kind == "person"
        and is_holder
        and not _last_of_guess(text, phrase)
    ):
        return Party(last.name, role=role_of(text, phrase[:-1]))
    guessed = _last_of_guess(text, phrase)
    if guessed is None:
        return Party(words=text_of(text, phrase), role=text_of(text, phrase), noun=noun)
    role = text[phrase[0].start : guessed.start]
    return Party(guessed, role=" ".join(role.split()))


def _last_of_guess(text: str, phrase: Pieces) -> Name | None:
    """Return the person at the end of 'Secretary for Public Affairs Jane Doe', which no mention has found."""
    name = phrase[-1].name
    if name is None or not name.is_guess or len(name.text.split()) <= _LONGEST_NAME:
        return None
    last = text[name.start : name.end].split()[-2:]
    start = text.rfind(last[0], name.start, name.end)
    return Name(start, name.end, " ".join(last), "person", is_guess=True)


def _named(text: str, before: Pieces, name: Name) -> Party:
    """Return the party of a phrase that ends in a name."""
    if name.kind not in _SPEAKERS:
        return Party()
    role = role_of(
        text,
        [p for p in before if p.low not in english().titles and p.low.rstrip(".") not in english().titles],
    )
    return Party(name, role=role)


def _common(text: str, phrase: Pieces) -> Party:
    """Return the party of a phrase that ends in a common noun."""
    words, last = english(), phrase[-1]
    if last.quote >= 0 or last.is_mark:
        return Party()
    noun = _noun(last)
    if noun in words.spokes | words.counsel:
        return _spoken_for(text, phrase)
    if last.low in words.channel or last.low in words.nouns:
        return _document(text, phrase)
    printed = text_of(text, phrase)
    is_the = phrase[0].low in _DETERMINERS - {"a", "an", "another", "some"}
    if last.low in words.companies:
        # "China's foreign ministry" is a name that no mention has: nobody's else
        points = "nobody" if _owner(phrase) is not None else "company" if is_the else ""
        return Party(words=printed, points=points, noun=last.low)
    if noun in words.roles:
        return Party(words=printed, role=printed, points="role" if phrase[0].low == "the" else "", noun=noun)
    return Party(words=printed)


def _owner(phrase: Pieces) -> Name | None:
    """Return the name that owns what a phrase ends in, or None."""
    owner = next((p.name for p in reversed(phrase[:-1]) if p.name is not None), None)
    # a country owns what has its possessive: 'China's statement', not 'a US study'
    has_possessive = any(p.low in {"'s", "'"} for p in phrase)
    is_owner = owner is not None and owner.kind in _SPEAKERS and (owner.kind != "place" or has_possessive)
    return owner if is_owner else None


def _spoken_for(text: str, phrase: Pieces) -> Party:
    """Return the party of 'a Lumora spokesperson', 'the company's lawyer'."""
    owner, printed = _owner(phrase), text_of(text, phrase)
    if owner is not None and owner.kind in _BODIES:
        return Party(owner, printed, role=printed)
    if any(p.low in english().companies for p in phrase[:-1]):
        return Party(words=printed, role=printed, points="company", noun=phrase[-2].low)
    points = "role" if phrase[0].low == "the" else ""
    return Party(words=printed, role=printed, points=points, noun=_noun(phrase[-1]))


def _document(text: str, phrase: Pieces) -> Party:
    """Return the party of "Lumora's memo", 'the memo', 'its claim'."""
    owner, printed, noun = _owner(phrase), text_of(text, phrase), phrase[-1].low
    channel = english().channel.get(noun, "")
    if owner is not None:
        return Party(owner, printed, channel=channel)
    pointing = {"his": "he", "her": "he", "its": "it"}.get(phrase[0].low, "")
    points = pointing or ("document" if channel else "")
    return Party(words=printed, channel=channel, points=points, noun=noun)
