"""`evaluate quotes`: which quotations were found in gold texts, whose they are said to be, role and channel.

Beside it, on the same texts: every pair of double marks, with the person or organisation that plain spaCy finds
nearest in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.management.evaluate.gold import GoldText, Register, Row, gold_set, register
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.management.evaluate.reading import analysed, said_at, same_party
from tracker.nlp.model import load_model
from tracker.records import Analysis, FoundQuote, Span

THEIRS = "marks, nearest name of spaCy"
COLUMNS = (
    "texts",
    "marked",
    "found",
    "matched",
    "precision",
    "recall",
    "f1",
    "named",
    "speaker",
    "coverage",
    "role",
    "channel",
)
FLOORED = ("precision", "recall", "f1", "speaker", "coverage", "role", "channel")
SAME = 0.8
"""Share of the longer span that two spans must have in common to be one quotation."""
UNKNOWN = "unknown"
_MARKS = re.compile('["\u201c]([^"\u201c\u201d\n]{1,2000})["\u201d]')
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset({"a", "an", "the", "of", "for", "at", "in", "and", "s"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a system says of one span: everyone it may be, role and channel."""

    speakers: tuple[str, ...]  # slug and plain name of one party; none where nobody is named
    role: str = ""
    channel: str = UNKNOWN
    rule: str = ""


Quotes = dict[Span, Said]


@dataclass(slots=True)
class Count:
    """What one system made of some texts."""

    n_texts: int = 0
    n_marked: int = 0
    n_found: int = 0
    n_matched: int = 0
    n_with_speaker: int = 0  # marked ones whose speaker the text gives
    n_named: int = 0  # matched ones for which the system names somebody
    n_named_of_known: int = 0
    n_right: int = 0
    n_roles: int = 0
    n_channels: int = 0

    def add(self, text: GoldText, found: Quotes) -> None:
        """Count one text."""
        self.n_texts += 1
        self.n_marked += len(text.quotes)
        self.n_found += len(found)
        self.n_with_speaker += sum(row["speaker"] != UNKNOWN for row in text.quotes)
        for row, said in matched(text.quotes, found):
            self.n_matched += 1
            self.n_named += bool(said.speakers)
            self.n_named_of_known += bool(said.speakers) and row["speaker"] != UNKNOWN
            self.n_right += is_right(row, said)
            self.n_roles += is_same_role(said.role, row["role"] or "")
            self.n_channels += said.channel == (row["channel"] or UNKNOWN)

    def figures(self, *, is_ours: bool) -> dict[str, float | None]:
        """Return the columns of one row."""
        both = self.n_marked + self.n_found
        has_matches = is_ours and self.n_matched
        return {
            "texts": self.n_texts,
            "marked": self.n_marked,
            "found": self.n_found,
            "matched": self.n_matched,
            "precision": self.n_matched / self.n_found if self.n_found else None,
            "recall": self.n_matched / self.n_marked if self.n_marked else None,
            "f1": 2 * self.n_matched / both if both else None,
            "named": self.n_named,
            "speaker": self.n_right / self.n_named if self.n_named else None,
            "coverage": self.n_named_of_known / self.n_with_speaker if self.n_with_speaker else None,
            "role": self.n_roles / self.n_matched if has_matches else None,
            "channel": self.n_channels / self.n_matched if has_matches else None,
        }


@KINDS.register("quotes")
def evaluate_quotes(asked: Asked) -> Report:
    """Measure the quotations in the gold texts that can be read."""
    report = Report(COLUMNS, FLOORED)
    gold, names = gold_set(asked.corpus, asked.half), register()
    explained = (
        f"matched: found and marked span share {SAME:.0%} of the longer one; named: matched ones that were given a\n"
        "speaker; speaker: the share of those that is right; coverage: the share of all marked ones with a speaker in\n"
        "the text that were found and given one; role and channel: right among the matched, an empty role too."
    )
    report.notes = [*gold.notes, explained]
    for name, texts in gold.halves().items():
        if not texts or (asked.sets and name not in asked.sets):
            continue
        ours, theirs = Count(), Count()
        errors: list[str] = []
        for text, found in _ours(texts, names):
            ours.add(text, found)
            if asked.shows_errors_of(text.half):
                errors.extend(_errors(text, found))
        for text, found in _theirs(texts):
            theirs.add(text, found)
        report.figures[name] = {OURS: ours.figures(is_ours=True), THEIRS: theirs.figures(is_ours=False)}
        if errors:
            report.errors[name] = errors
    return report


def matched(marked: Sequence[Row], found: Quotes) -> Iterator[tuple[Row, Said]]:
    """Yield each marked quotation with the found one that is the same; each found one counts once."""
    left = dict(found)
    for row in marked:
        span = next((span for span in left if is_same(span, (row["start"], row["end"]))), None)
        if span is not None:
            yield row, left.pop(span)


def is_same(one: Span, other: Span) -> bool:
    """Return whether two spans are one quotation."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= SAME * max(one[1] - one[0], other[1] - other[0])


def is_right(row: Row, said: Said) -> bool:
    """Return whether the speaker is the marked one; a name where the text gives none is wrong."""
    marked = _words(row["speaker"])
    # the marked name may be the shorter one: Lumora for the Lumora Company
    return any(same_party(speaker, row["speaker"]) or marked <= _words(speaker) for speaker in said.speakers)


def is_same_role(found: str, marked: str) -> bool:
    """Return whether two roles have the same words, or one all those of the other; articles do not count."""
    ours, theirs = _words(found), _words(marked)
    return ours == theirs or bool(ours and theirs and (ours <= theirs or theirs <= ours))


def _words(name: str) -> set[str]:
    return {word for word in _WORD.findall(name.lower()) if word not in _SMALL}


def _ours(texts: Sequence[GoldText], names: Register) -> Iterator[tuple[GoldText, Quotes]]:
    for text, analysis in analysed(texts, names):
        yield text, {(q.start, q.end): _said(text, analysis, q, names) for q in analysis.quotes}


def _said(text: GoldText, analysis: Analysis, quote: FoundQuote, names: Register) -> Said:
    speakers = {said_at(analysis, quote.speaker, text.text, names)}
    if quote.speaker is not None:  # whom the marked name stands for: linking is measured by another kind
        speakers.add(text.name_at(quote.speaker))
    return Said(tuple(sorted(speakers - {""})), quote.role, quote.channel, quote.rule)


def _theirs(texts: Sequence[GoldText]) -> Iterator[tuple[GoldText, Quotes]]:
    pipeline = load_model()
    for text in texts:
        (answer,) = pipeline.read([(text.text, 0)], is_parsed=True)
        names = [n for n in answer.names if n.label in {"PERSON", "ORG"}]
        found: Quotes = {}
        for match in _MARKS.finditer(text.text):
            around = next((s for s in answer.sentences if s.start <= match.start() < s.end), None)
            near = [n for n in names if around and around.start <= n.start < around.end]
            best = min(near, key=lambda n: abs(n.start - match.start()), default=None)
            said = text.name_at((best.start, best.end)) or text.text[best.start : best.end] if best else ""
            found[match.span(1)] = Said((said,) if said else ())
        yield text, found


def _errors(text: GoldText, found: Quotes) -> Iterator[str]:
    for span in sorted({*found, *((row["start"], row["end"]) for row in text.quotes)}):
        row = next((r for r in text.quotes if is_same((r["start"], r["end"]), span)), None)
        said = next((s for at, s in found.items() if is_same(at, span)), None)
        wrong: list[str] = []
        if row is None and said is not None:
            wrong.append(f"surplus, {'/'.join(said.speakers) or UNKNOWN} by {said.rule}")
        elif said is None and row is not None and (row["start"], row["end"]) == span:
            wrong.append(f"missing, {row['speaker']}")
        elif said is not None and row is not None and span in found:
            who = "/".join(said.speakers)
            if who and not is_right(row, said):
                wrong.append(f"{who} by {said.rule} is {row['speaker']}")
            elif not who and row["speaker"] != UNKNOWN:
                wrong.append(f"nobody named is {row['speaker']}")
            if not is_same_role(said.role, row["role"] or ""):
                wrong.append(f"role '{said.role}' is '{row['role']}'")
            if said.channel != (row["channel"] or UNKNOWN):
                wrong.append(f"channel {said.channel} is {row['channel']}")
        if wrong:
            before, after = text.text[max(0, span[0] - 110) : span[0]], text.text[span[1] : span[1] + 60]
            yield f"{text.id} {'; '.join(wrong)}: " + " ".join(
                f"{before}[{text.text[slice(*span)]}]{after}".split()
            )
