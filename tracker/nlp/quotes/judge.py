"""Whether a marked span is what somebody said, and of which kind; or a title, a name, a word used as a word."""

from __future__ import annotations

import re

from tracker.nlp.quotes.attribute import Attribution
from tracker.nlp.quotes.skeleton import Pieces
from tracker.nlp.quotes.words import english

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "on",
        "in",
        "to",
        "for",
        "and",
        "or",
        "but",
        "with",
        "at",
        "by",
        "from",
        "as",
        "is",
        "vs",
        "via",
    ]
)
_SUBJECTS = frozenset(
    {"i", "we", "he", "she", "it", "they", "you", "this", "that", "there", "no", "our", "the", "a", "these"}
    | {"nobody", "what"}
)
_FEWEST_ALONE = 4  # words that a sentence needs to be taken for speech where nobody is named
_NAMING = frozenset(
    {"called", "calls", "call", "calling", "dubbed", "labeled", "labelled", "named", "termed"}
)
_SAMPLES = frozenset(
    {"prompt", "prompts", "query", "input", "output", "example", "title", "headline", "subject", "tagline"}
)
_CALLS = frozenset(
    {
        "called",
        "calls",
        "calling",
        "described",
        "describes",
        "branded",
        "labeled",
        "labelled",
        "accused",
        "accuses",
    }
)
_SURE = frozenset({"said", "says", "told", "wrote", "writes", "added", "adding", "saying"})
_WORKS = frozenset(
    [
        "book",
        "film",
        "movie",
        "song",
        "album",
        "paper",
        "article",
        "essay",
        "series",
        "episode",
        "show",
        "novel",
        "titled",
        "entitled",
        "headlined",
        "chapter",
        "story",
        "documentary",
        "podcast",
        "game",
        "headline",
        "video",
    ]
)


def is_quote(sentence: Pieces, at: int, found: Attribution | None, *, is_open: bool) -> bool:
    """Return whether the marked span at piece `at` reports somebody's words.

    Args:
        sentence: the pieces around it.
        at: its own piece.
        found: who its sentence gives for it.
        is_open: whether it goes on in the next paragraph.
    """
    words = _WORD.findall(sentence[at].text)
    if not words:
        return False
    if is_open or (found is not None and found.rule == "after"):
        return found is not None or len(words) >= _FEWEST_ALONE
    is_named = found is not None and found.party.name is not None
    is_called = is_named and found is not None and found.verb in _CALLS
    if _is_coined(sentence, at) or (not is_called and _is_work(sentence, at, words)):
        return False
    if found is None:
        return is_alone(sentence, at, words)
    return is_named or _is_said(found, words)


def _is_said(found: Attribution, words: list[str]) -> bool:
    """Whether a span for whose speaker there is no name is speech by its verb."""
    if found.verb in english().weak:
        return False
    if found.verb in _NAMING:
        return bool(found.party.role or found.party.points)
    return bool(found.party.role or found.party.points) or found.verb in _SURE or is_clause(words)


def is_alone(sentence: Pieces, at: int, words: list[str] | None = None) -> bool:
    """Return whether a span is a whole sentence of speech by its look alone."""
    inside = sentence[at].text
    found = _WORD.findall(inside) if words is None else words
    if len(found) < _FEWEST_ALONE or not is_clause(found) or is_title(found):
        return False
    return inside[:1].isupper() and (inside[-1:] in ".!?,\u2026" or len(sentence) <= 2)  # noqa: PLR2004 - span and stop


def is_clause(words: list[str]) -> bool:
    """Return whether the words have a verb that makes a sentence of them."""
    finite = english().finite
    return any(word.lower().replace("\u2019", "'") in finite for word in words)


def is_title(words: list[str]) -> bool:
    """Return whether the words are written as titles are: all long ones with a capital."""
    long = [word for word in words if word.lower() not in _SMALL]
    return len(long) > 1 and sum(word[:1].isupper() for word in long) >= len(long) * 0.8


def _is_coined(sentence: Pieces, at: int) -> bool:
    """Whether the words before say that a name or a word follows."""
    if _is_labelled(sentence, at):
        return True
    i = at - 1
    while i >= 0 and sentence[i].low in {"the", "a", "an", "as", "by", "just"}:
        i -= 1
    if i < 0:
        return False
    before = sentence[i]
    if before.low in {"calls", "called", "call", "calling"}:
        subject = sentence[i - 1] if i else None
        return not (
            subject is not None
            and (subject.name is not None or subject.low in {"he", "she", "it", "they", "by"})
        )
    return before.low in english().coined and before.quote < 0


def _is_labelled(sentence: Pieces, at: int) -> bool:
    """Whether a label says that the span is a sample: 'Prompt 1:'."""
    near = [piece.low for piece in sentence[max(0, at - 3) : at]]
    return near[-1:] == [":"] and bool(_SAMPLES & set(near))


def _is_work(sentence: Pieces, at: int, words: list[str]) -> bool:
    """Whether the span is the title of a work that is named as such."""
    near = {piece.low for piece in sentence[max(0, at - 5) : at]}
    if near & _WORKS and (is_title(words) or near & {"titled", "entitled", "headlined"}):
        return True
    if not is_title(words):
        return bool(near & english().published) and not is_clause(words)
    return bool(near & english().published) or sentence[max(0, at - 1)].text not in {":", ","}


def kind_of(sentence: Pieces, at: int, found: Attribution | None) -> str:
    """Return 'direct' for a whole clause and 'fragment' for a piece of one."""
    inside = sentence[at].text
    words = _WORD.findall(inside)
    before = sentence[at - 1] if at else None
    is_own = before is None or before.text in {":", ",", "\u2014", "|"} or before.quote >= 0
    if found is None or found.rule in {"after", "goes on", "sentence before"}:
        return "direct"
    if is_own and (
        inside[:1].isupper() or found.rule == "colon" or found.verb in {"said", "says", "added", "wrote"}
    ):
        return "direct" if is_clause(words) or inside[:1].isupper() or found.rule == "colon" else "fragment"
    has_subject = bool(words) and words[0].lower() in _SUBJECTS
    return "direct" if has_subject and is_clause(words) and len(words) >= _FEWEST_ALONE else "fragment"
