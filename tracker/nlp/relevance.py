"""Whether a text is about the subject: AI, a technique of taking it, and an accusation, near each other.

Promises that all three families of words must stand in one passage, so that a long text is judged by its
passages and not by what it mentions pages apart. The words are data in `patterns/`; the answer lists those
that were found. A word list is a first reader: it is wrong on texts that describe without naming.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tracker.nlp.phrases import CJK, Phrases, has_cjk, plain
from tracker.records import Relevance, Span

VERSION = "relevance.v2"
PATTERNS = Path(__file__).parent / "patterns"
_REACH_ACCUSATION = 1  # sentences on either side of the technique
_REACH_AI = 4
_LONGEST_SENTENCE = 600
_MOST_HITS = 12
_AT_THE_TOP = 6  # sentences, the headline among them
_SENTENCE = re.compile(
    r"\n+|(?<=[.!?\u2026])[\"'\u201d)]*\s+(?=[\"'\u201c(\[]?[^\Wa-z_])|(?<=[\u3002\uff01\uff1f])"
)
_CJK_CHARACTER = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class _Rules:
    """The compiled word lists of one language."""

    ai: re.Pattern[str]
    technique: Mapping[str, re.Pattern[str]]
    accusation: re.Pattern[str]
    never: re.Pattern[str]
    excused: re.Pattern[str]
    negated: re.Pattern[str]
    overrides: re.Pattern[str]
    adjacent: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
    taking: re.Pattern[str]
    other_takings: re.Pattern[str]


class _Sentence:
    """What one sentence holds of each family; most of it is asked of few sentences, so it is looked for when asked."""

    def __init__(self, text: str, rules: _Rules, known: Sequence[str] = ()) -> None:
        self._text, self._rules, self._known = text, rules, known

    @cached_property
    def technique(self) -> tuple[tuple[str, str], ...]:
        """Kind and words of each technique; innocent distillation is left out."""
        found = tuple(
            (kind, match.group())
            for kind, pattern in self._rules.technique.items()
            for match in pattern.finditer(self._text)
        )
        if found and _is_innocent(self._text, self._rules):
            found = tuple(t for t in found if t[0] != "distillation")
        return found or self._taking()

    def _taking(self) -> tuple[tuple[str, str], ...]:
        """Return words of taking beside a word for AI, unless what is taken is somebody's work or data."""
        acts = tuple(("taking", match.group()) for match in self._rules.taking.finditer(self._text))
        is_of_ai = bool(acts) and bool(self.ai) and not self._rules.other_takings.search(self._text)
        return acts if is_of_ai else ()

    @cached_property
    def ai(self) -> tuple[str, ...]:
        """Words for AI, and names that are known to be of AI."""
        return (*(match.group() for match in self._rules.ai.finditer(self._text)), *self._known)

    @cached_property
    def accusation(self) -> tuple[str, ...]:
        """Words of accusing, answering and judging."""
        if self._rules.negated.search(self._text):
            return ()
        return tuple(match.group() for match in self._rules.accusation.finditer(self._text))

    @cached_property
    def acts(self) -> dict[str, tuple[str, ...]]:
        """What was done, by subject nearby."""
        found = {
            name: tuple(match.group() for match in act.finditer(self._text))
            for name, (_, act) in self._rules.adjacent.items()
        }
        return {name: words for name, words in found.items() if words}

    def what(self, name: str) -> tuple[str, ...]:
        """Return what a subject nearby is about."""
        return tuple(match.group() for match in self._rules.adjacent[name][0].finditer(self._text))


def rule_version() -> str:
    """Return the name of the rules and a mark of their word lists."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(PATTERNS.glob("relevance.*.json"))))
    return f"{VERSION}+{digest.hexdigest()[:8]}"


def assess(title: str, text: str, *, language: str = "") -> Relevance:
    """Judge one text by the rules alone, at the usual thresholds.

    Args:
        title: headline; it is the first sentence, and the AI words in it count for the whole text.
        text: body, paragraphs separated by newlines.
        language: code of the text's language; Chinese rules are chosen by it or by the characters.
    """
    return score(title, text, language=language).at(Thresholds())


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which score a text is on the subject, and from which near it; both 0 to 1."""

    on_subject: float = 0.5
    adjacent: float = 0.6


@dataclass(frozen=True, slots=True)
class Scores:
    """What the rules found, before any threshold."""

    on_subject: float  # grows from 0 towards 1 with the number of passages that hold all three families
    adjacent: float  # the same for what lies near the subject; a passage at the top counts twice
    hits: Mapping[str, Sequence[str]]
    near: Mapping[str, Sequence[str]]
    passage: Span | None  # the first that holds all three families, in offsets of the text
    has_technique: bool = False  # anywhere, with an accusation or without

    def at(self, thresholds: Thresholds) -> Relevance:
        """Return the ruling at these thresholds."""
        is_on = self.on_subject >= thresholds.on_subject and self.on_subject > 0
        is_near = not is_on and self.adjacent >= thresholds.adjacent and self.adjacent > 0
        return Relevance(
            is_on_subject=is_on,
            score=self.on_subject,
            hits=self.near if is_near else self.hits,
            rule=rule_version(),
            is_adjacent=is_near,
            adjacent_score=self.adjacent,
            passage=self.passage,
        )


def score(title: str, text: str, *, language: str = "", ai_names: Phrases | None = None) -> Scores:
    """Return what the rules find in one text; the arguments are those of `assess`.

    Args:
        title: as there.
        text: as there.
        language: as there.
        ai_names: names of models, products and laboratories: each is a word for AI.
    """
    rules = _rules("zh" if _is_chinese(text, language) else "en")
    joined = f"{title}\n{text}"
    spans = list(sentence_spans(joined))
    normal = plain(joined)
    known = _known_names(joined, spans, ai_names)
    sentences = [
        _Sentence(normal[start:end], rules, known.get(at, ())) for at, (start, end) in enumerate(spans)
    ]
    hits: dict[str, list[str]] = {}
    passages = []
    for at, sentence in enumerate(sentences):
        if not sentence.technique:
            continue
        accusation = [w for s in _around(sentences, at, _REACH_ACCUSATION) for w in s.accusation]
        ai = [w for s in _around(sentences, at, _REACH_AI) for w in s.ai] or list(sentences[0].ai)
        if accusation and ai:
            passages.append(at)
            _note(hits, "technique", [words for _, words in sentence.technique])
            _note(hits, "kind", [kind for kind, _ in sentence.technique])
            _note(hits, "accusation", accusation)
            _note(hits, "ai", ai)
    near, n_near = _near(sentences)
    return Scores(
        on_subject=_growing(len(passages)),
        adjacent=_growing(n_near),
        hits=hits,
        near=near,
        passage=_passage(spans, passages, offset=len(title) + 1),
        has_technique=any(sentence.technique for sentence in sentences),
    )


def _known_names(joined: str, spans: Sequence[Span], names: Phrases | None) -> dict[int, list[str]]:
    """Return the known names of AI by the number of the sentence they stand in."""
    found: dict[int, list[str]] = {}
    starts = [start for start, _ in spans]
    for hit in names.scan(joined) if names else ():
        at = bisect_right(starts, hit.start) - 1
        if joined[hit.start : hit.start + 1].isupper() or has_cjk(joined[hit.start : hit.end]):
            found.setdefault(at, []).append(joined[hit.start : hit.end])
    return found


def _near(sentences: Sequence[_Sentence]) -> tuple[dict[str, list[str]], int]:
    """Return the words of subjects nearby, and how many passages hold them."""
    words: dict[str, list[str]] = {}
    n = 0
    for at, sentence in enumerate(sentences):
        for name, acts in sentence.acts.items():
            what = [word for other in _around(sentences, at, 1) for word in other.what(name)]
            if what:
                n += 2 if at < _AT_THE_TOP else 1
                _note(words, "near", [name])
                _note(words, name, [*what, *acts])
    return words, n


def _growing(n: int) -> float:
    return round(n / (n + 1), 3)


def _passage(spans: Sequence[Span], passages: Sequence[int], *, offset: int) -> Span | None:
    """Return the first deciding passage that lies in the text; the title has no offsets."""
    for at in passages:
        start, end = spans[at]
        if start >= offset:
            return start - offset, end - offset
    return None


def sentence_spans(text: str) -> Iterator[Span]:
    """Yield the spans of the sentences of `text`, none longer than a few hundred code points, none blank."""
    normal = plain(text)
    start = 0
    for match in itertools.chain(_SENTENCE.finditer(normal), [None]):
        end = match.start() if match else len(normal)
        for low in range(start, end, _LONGEST_SENTENCE):
            high = min(low + _LONGEST_SENTENCE, end)
            piece = normal[low:high]
            kept = piece.strip()
            if kept:
                first = low + piece.index(kept[0])
                yield first, first + len(kept)
        start = match.end() if match else end


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, none longer than a few hundred code points."""
    normal = plain(text)
    for start, end in sentence_spans(text):
        yield normal[start:end]


def _is_innocent(sentence: str, rules: _Rules) -> bool:
    """Return whether distillation in this sentence is that of a drink, or allowed and nobody is accused."""
    if rules.never.search(sentence):
        return True
    return rules.excused.search(sentence) is not None and rules.overrides.search(sentence) is None


def _around(sentences: Sequence[_Sentence], at: int, reach: int) -> Sequence[_Sentence]:
    return sentences[max(0, at - reach) : at + reach + 1]


def _note(hits: dict[str, list[str]], family: str, words: Sequence[str]) -> None:
    known = hits.setdefault(family, [])
    for word in words:
        if word not in known and len(known) < _MOST_HITS:
            known.append(word)


def _is_chinese(text: str, language: str) -> bool:
    if language.lower().startswith("zh"):
        return True
    sample = text[:2000]
    return len(_CJK_CHARACTER.findall(sample)) * 5 > len(sample)


@cache
def _rules(language: str) -> _Rules:
    data = json.loads((PATTERNS / f"relevance.{language}.json").read_text(encoding="utf-8"))
    return _Rules(
        ai=_any_of(data["ai"]),
        technique={
            kind: _any_of(patterns, flags=re.IGNORECASE) for kind, patterns in data["technique"].items()
        },
        accusation=_any_of(data["accusation"], flags=re.IGNORECASE),
        never=re.compile(data["never"], re.IGNORECASE),
        negated=re.compile(data["negated"], re.IGNORECASE),
        excused=_any_of(data["excused"].values(), flags=re.IGNORECASE),
        overrides=re.compile(data["overrides"], re.IGNORECASE),
        taking=_any_of(data["taking"]["acts"], flags=re.IGNORECASE),
        other_takings=re.compile(data["taking"]["other"], re.IGNORECASE),
        adjacent={
            name: (_any_of(words["what"], flags=re.IGNORECASE), _any_of(words["act"], flags=re.IGNORECASE))
            for name, words in data["adjacent"].items()
        },
    )


def _any_of(patterns: Iterable[str], *, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)
