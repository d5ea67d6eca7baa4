"""Which spans are names, and of what: one decision for all places where the same words stand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.nlp.labels import GPE, LAW, ORG, PERSON, PRODUCT, PUBLIC_BODY
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.acronyms import definitions
from tracker.nlp.naming.ground import Span
from tracker.nlp.naming.runs import CAPITALS, PLAIN, Word
from tracker.nlp.naming.votes import Vote, Voter, is_ordinary

_ORDER = {label: n for n, label in enumerate((ORG, PERSON, PRODUCT, GPE, PUBLIC_BODY, LAW))}
_MOST_OF_A_CUE = 3  # times that one cue counts for one name
_STRONG = 4
_PLAIN_CUE = 2
_MOST_OF_A_PERSON = 4  # words of a person's name
_NUMBERED = re.compile(r"[A-Za-z]\d{1,2}(?:\.\d+)?(?:-\w+)?$")
_ACRONYM = re.compile(r"[A-Z0-9&-]+s?$")
_CERTAIN = 8
_MODEL_LABELS = {
    "PERSON": PERSON,
    "ORG": ORG,
    "GPE": GPE,
    "LOC": GPE,
    "FAC": GPE,
    "PRODUCT": PRODUCT,
    "LAW": LAW,
}


@dataclass(slots=True)
class Candidate:
    """One form of words with what is said about it anywhere in the text."""

    key: str
    spans: list[Span] = field(default_factory=list)
    cues: Counter[tuple[str, str]] = field(default_factory=Counter)  # (label, cue) to weight
    n_seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    n_middle: int = 0  # places in a sentence, where a capital means something
    is_ordinary: bool = True
    label: str = ""
    cue: str = ""
    full: str = ""  # key of the fuller name that this one is short for

    def add(self, vote: Vote) -> None:
        """Count a vote, up to some times for one cue."""
        self.n_seen[vote.label, vote.cue] += 1
        if self.n_seen[vote.label, vote.cue] <= _MOST_OF_A_CUE:
            self.cues[vote.label, vote.cue] += vote.weight

    def scores(self) -> Counter[str]:
        """Return the sum of the votes by label."""
        total: Counter[str] = Counter()
        for (label, _), weight in self.cues.items():
            total[label] += weight
        return total

    def choose(self) -> None:
        """Take the label with the most votes, and its strongest cue."""
        scores = self.scores()
        if not scores:
            self.label, self.cue = ORG, "capitals"
            return
        self.label = min(scores, key=lambda label: (-scores[label], _ORDER[label]))
        mine = {cue: weight for (label, cue), weight in self.cues.items() if label == self.label}
        self.cue = min(mine, key=lambda cue: (-mine[cue], cue))


def key_of(words: Sequence[Word], span: Span) -> str:
    """Return what two places of one name share: its words with single spaces."""
    return " ".join(word.text for word in words[span.first : span.last]).replace("\u2019", "'")


def gathered(
    words: Sequence[Word], spans: Iterable[Span], voter: Voter, model: dict[tuple[int, int], str]
) -> dict[str, Candidate]:
    """Return the candidates by key, with their votes.

    Args:
        words: of the text.
        spans: where names may stand.
        voter: what is asked about each place.
        model: labels of the language model by span of code points.
    """
    found: dict[str, Candidate] = {}
    for span in spans:
        key = key_of(words, span)
        candidate = found.setdefault(key, Candidate(key))
        candidate.spans.append(span)
        if not is_ordinary(words, span):
            candidate.is_ordinary = False
        first = words[span.first]
        if first.line == PLAIN and not first.is_first and not span.is_weak:
            candidate.n_middle += 1
        for vote in voter.votes(span):
            candidate.add(vote)
        label = _MODEL_LABELS.get(model.get((first.start, words[span.last - 1].end), ""))
        if label and first.line == PLAIN:
            is_long = span.last - span.first > 1
            candidate.add(Vote(label, 2 if is_long else 1, "model"))
    return found


def decide(
    words: Sequence[Word], found: dict[str, Candidate], fuller: dict[str, str], known: Sequence[str]
) -> dict[str, Candidate]:
    """Return the candidates that are names, each with label and cue, by key.

    Args:
        words: of the text.
        found: all candidates.
        fuller: labels of fuller names that the curators know, by their words.
        known: for each word the label of the curators' name that holds it, or an empty string.
    """
    for candidate in found.values():
        candidate.choose()
    small = _small_pairs(words)
    accepted = {key: c for key, c in found.items() if _is_name(c, words) and not _stands_small(c, small)}
    _expand(words, found, accepted, known)
    _shorten(found, accepted, fuller)
    capitals = {key.upper(): c for key, c in accepted.items()}
    for key, candidate in found.items():
        if key in accepted:
            continue
        same = capitals.get(key.upper())
        if same is not None and any(words[s.first].line == CAPITALS for s in candidate.spans):
            candidate.label, candidate.cue, candidate.full = same.label, "same name elsewhere", same.full
            accepted[key] = candidate
    return accepted


def _small_pairs(words: Sequence[Word]) -> set[tuple[str, str]]:
    """Return the pairs of words that stand in small letters side by side, and each small word beside nothing."""
    small: set[tuple[str, str]] = set()
    before = ""
    for word in words:
        if word.is_capital:
            before = ""
            continue
        small.add((word.low, ""))
        if before and word.gap == " ":
            small.add((before, word.low))
        before = word.low
    return small


def _stands_small(candidate: Candidate, small: set[tuple[str, str]]) -> bool:
    """Return whether the text writes the same ordinary words in small letters elsewhere, so that they are no name."""
    if not candidate.is_ordinary:
        return False
    lows = candidate.key.casefold().split(" ")
    if len(lows) == 1:
        return (lows[0], "") in small and candidate.scores()[candidate.label] < _CERTAIN
    return all(pair in small for pair in pairwise(lows))


def _is_name(candidate: Candidate, words: Sequence[Word]) -> bool:  # noqa: PLR0911 - one return for each kind of place
    spans = candidate.spans
    best = candidate.scores()[candidate.label]
    n_words = spans[0].last - spans[0].first
    if all(span.is_weak for span in spans):
        return False
    if any(span.label for span in spans if not span.is_weak):
        return True
    if candidate.n_middle == 0:
        is_heading = all(words[span.first].line != PLAIN for span in spans)
        if is_heading:
            return not candidate.is_ordinary and (best >= _STRONG or words[spans[0].first].line != CAPITALS)
        has_model = any(cue == "model" for _, cue in candidate.cues)
        return not candidate.is_ordinary or (has_model and best >= _STRONG + 1)
    if candidate.is_ordinary:
        has_model = any(cue == "model" for _, cue in candidate.cues)
        if n_words == 1:
            return (best >= _STRONG and has_model) or best >= _STRONG + 1
        has_other = any(cue != "model" for _, cue in candidate.cues)
        return best >= _STRONG or (has_model and (candidate.label != PERSON or has_other))
    if len(candidate.key) <= 2:  # noqa: PLR2004 - two letters are a unit or a mark
        return best >= _STRONG
    if _ACRONYM.match(candidate.key):
        return best >= _PLAIN_CUE
    return True


def _expand(
    words: Sequence[Word], found: dict[str, Candidate], accepted: dict[str, Candidate], known: Sequence[str]
) -> None:
    """Give acronyms the label of the name they stand for; one that stands for ordinary words is no name."""
    owners = {at: c for c in accepted.values() for span in c.spans for at in range(span.first, span.last)}
    for acronym, (first, last) in definitions(words).items():
        candidate = found.get(acronym)
        if candidate is None:
            continue
        owner = owners.get(last - 1)
        label = known[last - 1] or (owner.label if owner is not None else "")
        if label and (known[first] or first in owners):
            candidate.label, candidate.cue = label, "acronym in brackets"
            candidate.full = owner.key if owner is not None else ""
            accepted[acronym] = candidate
        elif candidate.scores()[candidate.label] < _CERTAIN:
            accepted.pop(acronym, None)


def _shorten(found: dict[str, Candidate], accepted: dict[str, Candidate], fuller: dict[str, str]) -> None:
    """Give short forms the label of the fuller name: surnames, first words of organisations, models without number."""
    owners = _short_forms(accepted, fuller)
    for short, names_of in owners.items():
        candidate = found.get(short)
        labels = {label for _, label in names_of}
        if candidate is None or len(labels) != 1 or short in {name for name, _ in names_of}:
            continue
        (label,) = labels
        if (
            label in {ORG, PUBLIC_BODY}
            and candidate.is_ordinary
            and candidate.n_middle == 0
            and short not in accepted
        ):
            continue
        if label == PUBLIC_BODY and candidate.is_ordinary:
            continue
        scores = candidate.scores()
        if label != PERSON and short in accepted and scores[candidate.label] >= scores[label] + _STRONG + 1:
            continue
        candidate.label, candidate.cue = label, "short for a fuller name"
        candidate.full = min(name for name, _ in names_of) if len(names_of) == 1 else ""
        accepted[short] = candidate


def _short_forms(accepted: dict[str, Candidate], fuller: dict[str, str]) -> dict[str, set[tuple[str, str]]]:
    """Return for each short form the fuller names that it may stand for, with their labels."""
    owners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    first_names: dict[str, set[tuple[str, str]]] = defaultdict(set)
    names = [(key, c.label, c.spans[0].cue) for key, c in accepted.items() if not c.full]
    for name, label, cue in [*names, *((name, label, "") for name, label in fuller.items())]:
        for short in _shorter(name.split(" "), label, cue):
            owners[short].add((name, label))
        first, _, rest = name.partition(" ")
        if label == PERSON and rest and first.casefold() in lexicon.words("first_name"):
            first_names[first].add((name, label))
    for first, names_of in first_names.items():
        if first not in owners and first not in accepted:
            owners[first] = names_of
    return owners


def _shorter(parts: Sequence[str], label: str, cue: str) -> Iterator[str]:
    """Yield what a name of some words is called for short."""
    is_pair = len(parts) == 2  # noqa: PLR2004 - as it says
    if len(parts) == 1:
        return
    if label == PERSON and len(parts) <= _MOST_OF_A_PERSON:
        is_surname_first = is_pair and parts[0].casefold() in lexicon.words("han_surname")
        yield parts[0] if is_surname_first else parts[-1]
    elif label in {ORG, PUBLIC_BODY} and parts[0].casefold() not in lexicon.words("demonym"):
        for n in range(1, len(parts)):
            if parts[n].casefold().rstrip(".") in lexicon.heads():
                yield " ".join(parts[:n])
    elif label == PRODUCT and (cue == "model and version" or _NUMBERED.match(parts[-1])):
        yield parts[0]
        if is_pair and _NUMBERED.match(parts[1]):
            yield parts[1]
