"""Marked span to speaker: which words of its sentence, or of those before, say who speaks.

Promises the rules in one order, the surest first, and that each answer names its rule. What no rule gives stays
without a speaker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.nlp.quotes.phrase import Party, party_of
from tracker.nlp.quotes.scene import Place, Scene
from tracker.nlp.quotes.skeleton import Name, Pieces
from tracker.nlp.quotes.subject import (
    is_passive,
    is_reporting,
    main_phrase,
    phrase_after,
    phrase_before,
)
from tracker.nlp.quotes.words import english

_REACH_AFTER = 34
_REACH_BEFORE = 45
_CLOSERS = frozenset({",", "\u2014", "\u2013", "-", ")"})
_LONGEST_LEAD = 6
_REACH_NOUN = 10
_MOST_VERBS = 4
_NEAR = 2  # pieces between a verb and the span that it alone can rule
_DASHES = frozenset({"\u2014", "\u2013"})
_PLAINEST = frozenset({"said", "says", "wrote", "asked", "added"})
_ASKS = frozenset({"ask", "asks", "asked", "want", "expect", "hope", "plan"})
_COMMON = frozenset({"according", "per"})


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is given for a marked span, by which rule, and by which verb."""

    party: Party
    rule: str  # after, before, colon, according, goes on, sentence before
    verb: str = ""
    verb_at: int = -1
    score: float = 0.9


Rule = Callable[[Scene, Place], Attribution | None]


def attribution_of(scene: Scene, place: Place) -> Attribution | None:
    """Return what the sentence says about who speaks at a place, or None where it says nothing."""
    unnamed: Attribution | None = None
    for rule in (_after, _before, _trailing, _colon, _by_noun, _according):
        found = rule(scene, place)
        if found is not None and (found.party.name is not None or rule is _after):
            return found
        unnamed = unnamed or found
        if rule is _colon and unnamed is not None and unnamed.verb not in _ASKS:
            return unnamed
    return unnamed


def introduced_at(scene: Scene, place: Place) -> Attribution | None:
    """Return who a sentence that ends in a colon names for the words after it, or None where it names nobody."""
    found = _before(scene, place)
    is_said = found is not None and found.verb in english().direct
    return found if found is not None and is_said and found.party.name is not None else None


def _after(scene: Scene, place: Place) -> Attribution | None:
    """'...,' said X; '...,' X, a title, said; '...,' according to X."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    at = place.piece + 1
    inside = sentence[place.piece].text[-1:]
    has_comma = inside in {",", "!", "?", "\u2026", "-", "\u2014"} or (
        at < len(sentence) and sentence[at].text == ","
    )
    while at < len(sentence) and sentence[at].text in _CLOSERS:
        at += 1
    if at >= len(sentence):
        return None
    if at + 1 < len(sentence) and sentence[at].low in {"and", "or"} and sentence[at + 1].quote >= 0:
        return _after(scene, replace(place, piece=at + 1))  # '"..." and "...," X said'
    if sentence[at - 1].text in _DASHES and sentence[at].name is not None:
        return _signed(scene, sentence, at)
    return _named_after(scene, sentence, at, place=place, has_comma=has_comma)


def _named_after(
    scene: Scene, sentence: Pieces, at: int, *, place: Place, has_comma: bool
) -> Attribution | None:
    """Return the speaker that the words from `at` on give for the span before them."""
    if has_comma and sentence[at].low in _COMMON:
        return _by_according(scene, sentence, at)
    verbs = english().direct
    if is_reporting(sentence, at, scene.grammar, verbs=verbs if has_comma else _PLAINEST):
        return _inverted(scene, sentence, at, place=place)
    is_brief = at + 1 < len(sentence) and (sentence[at].low in {"he", "she"} or sentence[at].name is not None)
    if not has_comma and not (is_brief and is_reporting(sentence, at + 1, scene.grammar, verbs=verbs)):
        return None
    return _subject_then_verb(scene, sentence, at, place=place)


def _signed(scene: Scene, sentence: Pieces, at: int) -> Attribution | None:
    """'...' - X, a title."""
    phrases = phrase_after(sentence, at)
    is_whole = at + 1 >= len(sentence) or sentence[at + 1].text in {",", ".", "(", "\u2014"}
    if phrases is None or not is_whole:
        return None
    return Attribution(party_of(scene.text, *phrases), "after", "", -1, 0.85)


def _inverted(scene: Scene, sentence: Pieces, verb: int, *, place: Place) -> Attribution | None:
    """'...,' said X."""
    phrases = phrase_after(sentence, verb + 1)
    if phrases is None:
        return None
    party = scene.meant(party_of(scene.text, *phrases), place)
    if party.name is None and not party.words:
        return None
    return Attribution(party, "after", sentence[verb].low, verb, 0.95)


def _subject_then_verb(scene: Scene, sentence: Pieces, at: int, *, place: Place) -> Attribution | None:
    """'...,' X, a title, said."""
    for verb in range(at + 1, min(len(sentence), at + _REACH_AFTER)):
        piece = sentence[verb]
        is_short = (
            piece.text == "." and verb + 1 < len(sentence) and sentence[verb + 1].text == ","
        )  # 'D-Conn.,'
        if piece.quote >= 0 or (piece.text in {".", ";", "!", "?", "|"} and not is_short):
            return None
        if verb - at > 12 and "," not in {p.text for p in sentence[at:verb]}:  # noqa: PLR2004 - longer than any name
            return None
        if not is_reporting(sentence, verb, scene.grammar, verbs=english().direct):
            continue
        phrases = phrase_before(sentence[at:], verb - at)
        if phrases is None or is_passive(sentence, verb):
            return None
        if phrases[0][0].start > sentence[at].start and not _is_lead(sentence[at : at + 3]):
            continue
        party = scene.meant(party_of(scene.text, *phrases), place)
        return Attribution(party, "after", piece.low, verb, 0.95) if party.words or party.name else None
    return None


def _is_lead(pieces: Pieces) -> bool:
    """Whether a phrase begins with what may stand before its noun."""
    return pieces[0].low in {"the", "a", "an", "one", "another", "in", "on"}


def _trailing(scene: Scene, place: Place) -> Attribution | None:
    """The plan is "a mess" and will stay one, X said."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    for comma in range(place.piece + 1, min(len(sentence), place.piece + _REACH_BEFORE)):
        piece = sentence[comma]
        if piece.quote >= 0 or piece.text in {";", "|", ":"}:
            return None
        if piece.text != "," or comma + 2 >= len(sentence):
            continue
        if sentence[comma + 1].low in _PLAINEST:
            found = _inverted(scene, sentence, comma + 1, place=place)
        else:
            verb = next(
                (i for i in range(comma + 2, min(len(sentence), comma + 9)) if sentence[i].low in _PLAINEST),
                None,
            )
            phrases = phrase_before(sentence[comma + 1 :], verb - comma - 1) if verb is not None else None
            is_whole = phrases is not None and phrases[0][0].start == sentence[comma + 1].start
            party = (
                scene.meant(party_of(scene.text, *phrases), place)
                if phrases is not None and is_whole
                else Party()
            )
            found = Attribution(party, "trailing", sentence[verb or 0].low, verb or 0, 0.85)
        if found is not None and (found.party.name is not None or found.party.role):
            return replace(found, rule="trailing", score=0.85)
    return None


def _before(scene: Scene, place: Place) -> Attribution | None:
    """X said '...'; X told Y that the '...'; X's memo called it '...'."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    n_tried = 0
    unnamed: Attribution | None = None
    for verb in range(place.piece - 1, max(-1, place.piece - _REACH_BEFORE) - 1, -1):
        if verb < 0 or sentence[verb].text in {";", "|"}:
            break
        if not is_reporting(sentence, verb, scene.grammar, verbs=english().report):
            continue
        n_tried += 1
        if n_tried > _MOST_VERBS:
            break
        if sentence[verb].low in english().weak and not _is_beside(sentence, verb, place.piece):
            continue
        found = _by_verb(scene, sentence, verb, place=place)
        if found is not None and (found.party.name is not None or unnamed is None):
            # 'it said accounts linked to the lab had asked for "..."': who asked is told, who tells comes before
            if (
                found.party.name is not None
                or found.party.role
                or found.party.points
                or place.piece - verb <= _NEAR
            ):
                return found
            unnamed = found
    return unnamed


def _is_beside(sentence: Pieces, verb: int, at: int) -> bool:
    """Whether a verb that seldom reports does so here: 'found that ...', 'held: ...', 'considers it ...'."""
    between = {piece.low for piece in sentence[verb + 1 : at]}
    return at - verb <= _NEAR + 1 or bool(between & {"that", "as"}) or sentence[at - 1].text == ":"


def _by_verb(scene: Scene, sentence: Pieces, verb: int, *, place: Place) -> Attribution | None:
    """Return the attribution by one verb before the span; None sends the search on to the verb before it."""
    low = sentence[verb].low
    has_own = verb > 0 and (sentence[verb - 1].name is not None or sentence[verb - 1].text[-1:].isalnum())
    if low.endswith("ing") and not has_own:
        return _shared(scene, sentence, verb, place=place)
    if is_passive(sentence, verb):
        return _passive(scene, sentence, verb, place=place)
    is_said_by = place.piece > verb + 1 and sentence[verb + 1].low != "that" and _is_inverted(sentence, verb)
    phrases = phrase_after(sentence, verb + 1) if is_said_by else _phrases_of(scene, sentence, verb)
    if phrases is None:
        if low.endswith("ing") or (verb and sentence[verb - 1].low in {"and", "to", "but", "by"}):
            return _shared(scene, sentence, verb, place=place)
        return None
    party = scene.meant(party_of(scene.text, *phrases), _at(place, sentence, phrases[0]))
    if party.name is None and not party.words:
        return None
    return Attribution(party, "before", low, verb, 0.9)


def _at(place: Place, sentence: Pieces, phrase: Pieces) -> Place:
    """Return the place where a phrase begins: what points back points to what stands before it."""
    return replace(place, piece=next(i for i, piece in enumerate(sentence) if piece.start >= phrase[0].start))


def _is_inverted(sentence: Pieces, verb: int) -> bool:
    """Whether the subject comes after the verb: 'The bureau, said Agent X, ...'."""
    after = sentence[verb + 1]
    before = sentence[verb - 1] if verb else None
    is_cut_off = before is None or before.text in {",", "\u2014", "\u2013"} or before.quote >= 0
    phrases = phrase_after(sentence, verb + 1)
    if not is_cut_off or phrases is None or not _is_inserted(sentence, verb + 1 + len(phrases[0])):
        return False
    starts = after.name is not None or after.text[:1].isupper() or after.low in {"the", "a", "an"}
    is_plain = sentence[verb].low in english().direct - {"told", "tells"}
    return starts and is_plain and not sentence[verb].low.endswith("ing")


def _is_inserted(sentence: Pieces, end: int) -> bool:
    """Whether a subject after its verb ends there: with a comma or the sentence."""
    return end >= len(sentence) or sentence[end].text in {",", ".", "\u2014", "\u2013"}


def _passive(scene: Scene, sentence: Pieces, verb: int, *, place: Place) -> Attribution | None:
    """'was described by X as ...'."""
    near = [verb + 1, place.piece + 1, place.piece + 2]  # 'called by X "..."', 'called "..." by X'
    by = next((i for i in near if i < len(sentence) and sentence[i].low == "by"), None)
    phrases = phrase_after(sentence, by + 1) if by is not None else None
    if phrases is None:
        return None
    party = scene.meant(party_of(scene.text, *phrases), place)
    return Attribution(party, "before", sentence[verb].low, verb, 0.85) if party.words else None


def _phrases_of(scene: Scene, sentence: Pieces, verb: int) -> tuple[Pieces, Pieces] | None:
    """Return the subject by the order of words, or by the parse where that points elsewhere."""
    plain = phrase_before(sentence, verb)
    span = scene.grammar.subject_of(sentence[verb])
    if plain is not None and span is not None:
        last = plain[1][-1] if plain[1] else plain[0][-1]
        if plain[0][0].start <= span[0] < last.end:
            return plain
    return _parsed_phrase(scene, sentence, verb) or plain


def _parsed_phrase(scene: Scene, sentence: Pieces, verb: int) -> tuple[Pieces, Pieces] | None:
    """Return the phrase of the subject that the parse gives, where it stands before the verb outside any span."""
    span = scene.grammar.subject_of(sentence[verb])
    if span is None or span[0] >= sentence[verb].start:
        return None
    for i, piece in enumerate(sentence[:verb]):
        if piece.quote < 0 and piece.start <= span[0] < piece.end:
            # the words of the phrase end where its head ends, unless another rule finds more
            found = phrase_before(sentence, i + 1)
            return found if found and _is_useful(found[0]) else None
    return None


def _is_useful(phrase: Pieces) -> bool:
    return any(piece.name is not None for piece in phrase) or phrase[-1].low in {"he", "she", "it", "they"}


def _shared(scene: Scene, sentence: Pieces, verb: int, *, place: Place) -> Attribution | None:
    """Return the attribution by a verb without a subject of its own: it takes the main one."""
    parsed = _parsed_phrase(scene, sentence, verb)
    earlier = next(
        (
            i
            for i in range(verb - 1, max(-1, verb - 20), -1)
            if is_reporting(sentence, i, scene.grammar, verbs=english().direct)
            and not is_passive(sentence, i)
        ),
        None,
    )
    phrases = parsed or (phrase_before(sentence, earlier) if earlier is not None else None)
    if phrases is None and earlier is not None and _is_inverted(sentence, earlier):
        phrases = phrase_after(sentence, earlier + 1)
    phrases = phrases or main_phrase(sentence, verb)
    if phrases is None:
        return None
    party = scene.meant(party_of(scene.text, *phrases), _at(place, sentence, phrases[0]))
    return Attribution(party, "before", sentence[verb].low, verb, 0.85) if party.name is not None else None


def _colon(scene: Scene, place: Place) -> Attribution | None:
    """X threatens sanctions: '...'; X: '...'; In a thread on X, Y pushed back: '...'."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    if not place.piece or sentence[place.piece - 1].text not in {":", "\uff1a"}:
        return None
    if len(sentence[place.piece].text.split()) < 3:  # noqa: PLR2004 - a label, as in code and tables
        return None
    first = next((i + 1 for i in range(place.piece - 2, -1, -1) if sentence[i].text in {"|", "\u2022"}), 0)
    owner = owner_of_words(sentence[first : place.piece])
    if owner is not None:
        return Attribution(Party(owner, owner.text), "colon", "", -1, 0.75)
    phrases = main_phrase(sentence[first:], place.piece - first)
    if phrases is None:
        return None
    party = scene.meant(party_of(scene.text, *phrases), place)
    return Attribution(party, "colon", "", -1, 0.75) if party.name is not None else None


def _by_noun(scene: Scene, place: Place) -> Attribution | None:
    """X's claim that '...'; in the words of X, '...'."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    for at in range(place.piece - 1, max(0, place.piece - _REACH_NOUN), -1):
        piece = sentence[at]
        if piece.quote >= 0 or piece.text in {";", "|"}:
            return None
        if piece.name is None and piece.low in english().nouns:
            phrase = _phrase_with_owner(sentence, at)
            party = scene.meant(party_of(scene.text, phrase), _at(place, sentence, phrase))
            return Attribution(party, "noun", "", at, 0.75) if party.name is not None else None
    return None


def _phrase_with_owner(sentence: Pieces, noun: int) -> Pieces:
    """Return "X's long claim" or 'the words of X' around a noun."""
    if noun + 2 < len(sentence) and sentence[noun + 1].low == "of" and sentence[noun + 2].name is not None:
        return sentence[noun + 2 : noun + 3]
    found = phrase_before(sentence, noun + 1)
    return found[0] if found is not None else sentence[noun : noun + 1]


def owner_of_words(pieces: Pieces) -> Name | None:
    """Return who owns the words in "X's answer to the memo:"."""
    for at, piece in enumerate(pieces[:_LONGEST_LEAD]):
        if piece.name is not None:
            is_owner = at + 2 < len(pieces) and pieces[at + 1].low == "'s"
            nouns = {p.low for p in pieces[at + 2 : at + 5]}
            return piece.name if is_owner and nouns & english().nouns else None
    return None


def _according(scene: Scene, place: Place) -> Attribution | None:
    """According to X, ... '...'; ... '...', according to X."""
    sentence = scene.sentences(place.paragraph)[place.sentence]
    for at in [*range(place.piece), *range(place.piece + 1, len(sentence))]:
        if sentence[at].low == "according" and at + 1 < len(sentence) and sentence[at + 1].low == "to":
            return _by_according(scene, sentence, at, place=place)
    return None


def _by_according(
    scene: Scene, sentence: Pieces, at: int, *, place: Place | None = None
) -> Attribution | None:
    first = at + 2 if sentence[at].low == "according" else at + 1
    phrases = phrase_after(sentence, first)
    if phrases is None:
        return None
    party = party_of(scene.text, *phrases)
    if place is not None:
        party = scene.meant(party, place)
    return Attribution(party, "according", "according", at, 0.85) if party.words or party.name else None
