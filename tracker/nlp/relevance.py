"""Whether a text is about the subject: AI, a technique of taking it, and an accusation, near each other.

Promises that all three families of words must stand in one passage, so that a long text is judged by its
passages and not by what it mentions pages apart. The words are data in `patterns/`; the answer lists those
that were found. A word list is a first reader: it is wrong on texts that describe without naming.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.nlp.phrases import CJK, plain
from tracker.records import Relevance

VERSION = "relevance.v1"
PATTERNS = Path(__file__).parent / "patterns"
_REACH_ACCUSATION = 1  # sentences on either side of the technique
_REACH_AI = 2
_LONGEST_SENTENCE = 600
_MOST_HITS = 12
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
    overrides: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What one sentence holds of each family."""

    ai: tuple[str, ...]
    technique: tuple[tuple[str, str], ...]  # kind and words
    accusation: tuple[str, ...]


def rule_version() -> str:
    """Return the name of the rules and a mark of their word lists."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(PATTERNS.glob("relevance.*.json"))))
    return f"{VERSION}+{digest.hexdigest()[:8]}"


def assess(title: str, text: str, *, language: str = "") -> Relevance:
    """Judge one text.

    Args:
        title: headline; it is the first sentence, and the AI words in it count for the whole text.
        text: body, paragraphs separated by newlines.
        language: code of the text's language; Chinese rules are chosen by it or by the characters.

    Returns:
        The ruling; its score grows from 0 to 1 with the number of passages that hold all three families.
    """
    rules = _rules("zh" if _is_chinese(text, language) else "en")
    sentences = [_read(sentence, rules) for sentence in sentences_of(f"{title}\n{text}")]
    hits: dict[str, list[str]] = {}
    n_passages = 0
    for at, sentence in enumerate(sentences):
        if not sentence.technique:
            continue
        accusation = [w for s in _around(sentences, at, _REACH_ACCUSATION) for w in s.accusation]
        ai = [w for s in _around(sentences, at, _REACH_AI) for w in s.ai] or list(sentences[0].ai)
        if accusation and ai:
            n_passages += 1
            _note(hits, "technique", [words for _, words in sentence.technique])
            _note(hits, "kind", [kind for kind, _ in sentence.technique])
            _note(hits, "accusation", accusation)
            _note(hits, "ai", ai)
    score = n_passages / (n_passages + 1)
    return Relevance(is_on_subject=n_passages > 0, score=round(score, 3), hits=hits, rule=rule_version())


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of `text`, none longer than a few hundred code points."""
    for sentence in _SENTENCE.split(plain(text)):
        for start in range(0, len(sentence), _LONGEST_SENTENCE):
            piece = sentence[start : start + _LONGEST_SENTENCE].strip()
            if piece:
                yield piece


def _read(sentence: str, rules: _Rules) -> _Sentence:
    ai = tuple(match.group() for match in rules.ai.finditer(sentence))
    accusation = tuple(match.group() for match in rules.accusation.finditer(sentence))
    technique = tuple(
        (kind, match.group())
        for kind, pattern in rules.technique.items()
        for match in pattern.finditer(sentence)
    )
    if technique and _is_innocent(sentence, rules):
        technique = tuple(t for t in technique if t[0] != "distillation")
    return _Sentence(ai=ai, technique=technique, accusation=accusation)


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
        excused=_any_of(data["excused"].values(), flags=re.IGNORECASE),
        overrides=re.compile(data["overrides"], re.IGNORECASE),
    )


def _any_of(patterns: Iterable[str], *, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags)
