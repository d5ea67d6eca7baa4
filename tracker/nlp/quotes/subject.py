"""Which noun phrase is the subject of a verb of saying, by the order of words alone or with the help of a parse."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.nlp.parse import Sentence
from tracker.nlp.quotes.phrase import NEUTRAL, PERSONAL
from tracker.nlp.quotes.skeleton import Piece, Pieces
from tracker.nlp.quotes.words import english

_LONGEST_PHRASE = 14
_LONGEST_TITLE = 8
_LONGEST_BESIDE = 32
_BREAKS = frozenset(
    {",", ";", ":", "(", ")", "[", "]", "\u2014", "\u2013", "-", "|", "\u2022", "/", "!", "?", "."}
)
_CLAUSE = frozenset(
    [
        "that",
        "when",
        "while",
        "because",
        "but",
        "where",
        "if",
        "as",
        "whether",
        "what",
        "whom",
        "although",
        "though",
        "since",
        "until",
        "after",
        "before",
    ]
)
_DASHES = frozenset({"\u2014", "\u2013", "-"})
_RELATIVE = frozenset({"who", "which"})
_DETERMINERS = frozenset(
    {"a", "an", "the", "his", "her", "its", "their", "this", "any", "no", "our", "my", "'s", "such", "each"}
)
_ADJECTIVES = frozenset({"accused", "alleged", "charged", "listed"})
_SHARES = frozenset({"and", "or", "but", "to", "by", "of", "for", "as", "in", "that"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_BEFORE_PLAIN = frozenset(
    [
        "to",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "should",
        "not",
        "do",
        "did",
        "does",
        "they",
        "we",
        "i",
        "you",
        "who",
        "and",
        "people",
        "'ll",
        "'d",
    ]
)
_SURE = frozenset(
    {"said", "says", "wrote", "writes", "told", "tells", "tweeted", "saying", "telling", "writing"}
)
_LEADS = frozenset(
    [
        "in",
        "on",
        "at",
        "after",
        "during",
        "before",
        "with",
        "for",
        "from",
        "when",
        "while",
        "as",
        "last",
        "by",
    ]
)
_CUTS_AFTER = frozenset(
    [
        "in",
        "on",
        "at",
        "during",
        "after",
        "when",
        "to",
        "via",
        "as",
        "while",
        "from",
        "with",
        "before",
        "because",
        "following",
        "that",
        "but",
        "and",
        "who",
    ]
)


class Grammar:
    """The parse of a text, to be asked by offset; answers None for what was not parsed."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._at = {token.start: (s, i) for s in sentences for i, token in enumerate(s.tokens)}

    def is_verb(self, piece: Piece) -> bool | None:
        """Return whether the word is a verb in its sentence."""
        found = self._at.get(piece.start)
        if found is None:
            return None
        sentence, i = found
        return sentence.tokens[i].pos in {"VERB", "AUX"}

    def is_finite(self, piece: Piece) -> bool | None:
        """Return whether the word is a finite verb."""
        found = self._at.get(piece.start)
        if found is None:
            return None
        sentence, i = found
        return sentence.tokens[i].tag in {"VBD", "VBZ", "VBP", "MD"}

    def subject_of(self, piece: Piece) -> tuple[int, int] | None:
        """Return [start, end) of the head word of the verb's subject, its own or the one it shares."""
        found = self._at.get(piece.start)
        if found is None:
            return None
        sentence, i = found
        for _ in range(4):
            for child in sentence.children[i]:
                if sentence.tokens[child].dep == "nsubj":
                    token = sentence.tokens[child]
                    return token.start, token.end
            token = sentence.tokens[i]
            if token.head == i or token.dep not in {"conj", "xcomp", "advcl", "pcomp", "prep"}:
                return None
            i = token.head
        return None


def is_reporting(sentence: Pieces, at: int, grammar: Grammar, *, verbs: frozenset[str]) -> bool:
    """Whether the piece is a verb of saying there, and no noun or adjective."""
    piece = sentence[at]
    if piece.name is not None or piece.quote >= 0 or piece.low not in verbs:
        return False
    if piece.low in _SURE:
        return True
    before = at - 1
    while before >= 0 and sentence[before].low.endswith("ly"):
        before -= 1
    if before >= 0 and (sentence[before].low in _DETERMINERS):
        return False
    if piece.low in english().base:
        return before >= 0 and _takes_plain_form(sentence[before])
    # in a headline every word has a capital and the tagger takes verbs for names
    return grammar.is_verb(piece) is not False or piece.text[:1].isupper()


def _takes_plain_form(before: Piece) -> bool:
    """Whether a verb may stand in its plain form behind this word: 'may call', 'experts warn', not 'an order'."""
    if before.name is not None or before.quote >= 0:
        return False
    return before.low in _BEFORE_PLAIN or (
        before.low.endswith("s") and not before.low.endswith(("ss", "us", "'s"))
    )


def is_passive(sentence: Pieces, at: int) -> bool:
    """Whether a form of 'to be' stands before the participle, so that the subject is not who speaks."""
    if sentence[at].low.endswith(("ing", "says", "writes")):
        return False
    for piece in reversed(sentence[max(0, at - 4) : at]):
        if piece.low in _BE:
            return True
        if piece.low not in english().auxiliaries and not piece.low.endswith("ly"):
            return False
    return False


def phrase_before(sentence: Pieces, verb: int) -> tuple[Pieces, Pieces] | None:
    """Return the noun phrase that ends before a verb, and the apposition between them.

    Returns:
        None where the verb has no subject of its own before it: it shares one, or begins the sentence.
    """
    at = verb - 1
    while at >= 0 and _is_skipped(sentence[at]):
        at -= 1
    if at < 0:
        return None
    piece = sentence[at]
    if piece.low in PERSONAL | NEUTRAL | {"i", "we", "they"}:
        return sentence[at : at + 1], ()
    if piece.low in _RELATIVE:
        at -= 2 if at and sentence[at - 1].text == "," else 1
        return (_phrase_to(sentence, at), ()) if at >= 0 else None
    if piece.text in {",", ")"} or piece.text in _DASHES:
        return _before_apposition(sentence, at)
    is_shared = piece.is_mark or piece.quote >= 0 or (piece.low in _SHARES and piece.name is None)
    return None if is_shared else _up_to(sentence, at)


def _up_to(sentence: Pieces, at: int) -> tuple[Pieces, Pieces]:
    """Return the phrase that ends at a piece, or the one that it is loosely set beside."""
    phrase = _phrase_to(sentence, at)
    first = at + 1 - len(phrase)
    # "X, in a press release on Friday said": the second comma is missing
    is_loose = first >= 2 and phrase[0].low in _LEADS and sentence[first - 1].text == ","  # noqa: PLR2004 - a name and a comma
    if is_loose and _ends_phrase(sentence[first - 2]):
        return _phrase_to(sentence, first - 2), ()
    return phrase, ()


def _is_skipped(piece: Piece) -> bool:
    if piece.name is not None or piece.quote >= 0:
        return False
    return piece.low in english().auxiliaries or (piece.low.endswith("ly") and piece.text[:1].islower())


def _before_apposition(sentence: Pieces, at: int) -> tuple[Pieces, Pieces] | None:
    opening = {")": "("}.get(sentence[at].text, sentence[at].text)
    for k in range(at - 1, max(0, at - _LONGEST_BESIDE) - 1, -1):
        if sentence[k].quote >= 0:
            return None
        if sentence[k].text == opening and k and _ends_phrase(sentence[k - 1]):
            return _phrase_to(sentence, k - 1), sentence[k + 1 : at]
    return None


def _ends_phrase(piece: Piece) -> bool:
    words = english()
    return (
        piece.name is not None
        or piece.low in PERSONAL | NEUTRAL
        or piece.low in words.roles
        or piece.low in words.companies
        or piece.low in words.channel
    )


def _phrase_to(sentence: Pieces, last: int) -> Pieces:
    """Return the pieces of the phrase that ends at `last`."""
    first = last
    while first > 0 and last - first < _LONGEST_PHRASE and not _is_break(sentence, first - 1):
        first -= 1
    # 'the chief engineer and co-founder X said'
    has_pair = first >= 2 and sentence[first - 1].low == "and"  # noqa: PLR2004 - a piece before the 'and'
    if has_pair and _role(sentence[first - 2]) and _role(sentence[first]):
        return [*_phrase_to(sentence, first - 2), *sentence[first - 1 : last + 1]]
    # 'Banks and Warner wrote': the first of them
    if has_pair and sentence[first - 2].name and sentence[last].name:
        return sentence[first - 2 : first - 1]
    return sentence[first : last + 1]


def _role(piece: Piece) -> bool:
    return piece.low in english().roles or piece.low.rsplit("-", 1)[-1] in english().roles


def _is_break(sentence: Pieces, at: int) -> bool:
    piece = sentence[at]
    if piece.name is not None:
        return False
    if piece.quote >= 0 or piece.text in _BREAKS:
        return True
    if piece.low in _CLAUSE or piece.low == "and":
        return True
    if piece.low.endswith("ed") and piece.low in english().report and piece.low not in _ADJECTIVES:
        return True
    return piece.low in _SURE or (piece.low in _BE | {"has", "have", "had"} and at > 0)


def phrase_after(sentence: Pieces, at: int) -> tuple[Pieces, Pieces] | None:
    """Return the noun phrase that begins at a piece, and the apposition after it."""
    end = at
    while end < len(sentence) and end - at < _LONGEST_PHRASE:
        piece = sentence[end]
        if piece.quote >= 0 or (piece.name is None and piece.text in _BREAKS):
            break
        # 'Special Agent in Charge X': a title goes on behind the small word
        if piece.name is None and piece.low in _CUTS_AFTER and not _goes_on(sentence, end, first=at):
            break
        end += 1
    if end == at:
        return None
    beside: Pieces = ()
    if end < len(sentence) and sentence[end].text == ",":
        beside = _beside(sentence, end + 1)
    return sentence[at:end], beside


def _goes_on(sentence: Pieces, at: int, *, first: int) -> bool:
    """Whether a phrase goes on behind a small word: in a title, and in 'the letter from X'."""
    is_owned = at > first and sentence[at - 1].low in english().channel and sentence[at].low in {"from", "by"}
    return is_owned or _is_inside_title(sentence, at)


def _is_inside_title(sentence: Pieces, at: int) -> bool:
    around = [*sentence[at - 1 : at], *sentence[at + 1 : at + 2]] if at else []
    return len(around) == 2 and all(p.name is None and p.text[:1].isupper() for p in around)  # noqa: PLR2004 - both sides


def _beside(sentence: Pieces, at: int) -> Pieces:
    end = at
    while end < len(sentence) and end - at < _LONGEST_BESIDE:
        piece = sentence[end]
        if piece.quote >= 0 or piece.text in {",", ".", ";", ":", "\u2014", "!", "?"}:
            break
        end += 1
    return sentence[at:end]


def _holder_behind(sentence: Pieces, at: int, *, until: int) -> int:
    """Return the place of the person in 'US Treasury Secretary Jane Doe', or `at` where only a body is named."""
    found = i = at
    while i + 1 < min(until, at + _LONGEST_TITLE):
        i += 1
        piece = sentence[i]
        if piece.name is not None and piece.name.kind == "person":
            found = i
        elif piece.name is None and not (piece.text[:1].isupper() or _role(piece)):
            break
    return found


def _may_lead(piece: Piece) -> bool:
    """Whether a word directly before a name may belong to it: a title, a kind of body, another capital."""
    words = english()
    if piece.name is not None or piece.text[:1].isupper() or not piece.text[:1].isalpha():
        return True
    return piece.low.rsplit("-", 1)[-1] in words.roles | words.companies | {
        "and",
        "the",
        "a",
        "an",
        "but",
        "so",
        "then",
    }


def main_phrase(sentence: Pieces, until: int) -> tuple[Pieces, Pieces] | None:
    """Return the phrase with the first name of a sentence that no preposition leads, before a place in it."""
    at = 0
    if sentence and sentence[0].low in _LEADS:
        at = next((i + 1 for i, p in enumerate(sentence[:until]) if p.text == ","), 0)
    for i in range(at, min(until, at + 12)):
        piece = sentence[i]
        if piece.name is not None:
            after = sentence[i + 1].low if i + 1 < len(sentence) else ""
            if after == "'s" or (
                i > at
                and sentence[i - 1].low
                in {"of", "to", "for", "in", "on", "at", "against", "by", "from", "with", "about"}
            ):
                return None
            holder = _holder_behind(sentence, i, until=until)
            if holder > i:
                after = sentence[holder + 1].text if holder + 1 < len(sentence) else ""
                return sentence[i : holder + 1], _beside(sentence, holder + 2) if after == "," else ()
            phrase = _phrase_to(sentence, i)
            if not all(_may_lead(p) for p in phrase[-2:-1]):
                return None
            return phrase, _beside(sentence, i + 2) if after == "," else ()
        if piece.low in PERSONAL | NEUTRAL:
            return sentence[i : i + 1], ()
    return None
