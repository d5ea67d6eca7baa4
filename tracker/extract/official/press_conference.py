"""A press conference, split into what each asks and answers: `Bloomberg: ... / Mao Ning: ...`, `Q: ... / A: ...`.

Three shapes are known: letters or words for question and answer (also 问 and 答), the White House's `Q` without a
colon before names in capitals, and outlets before a host whose name or occasion the title gives. A turn ends where the
next label or a line of asterisks stands; what no label claims belongs to nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tracker.extract.official.document import READERS, Document, Facts, PageRead, Reader
from tracker.records import Turn
from tracker.text.dates import parse_feed_date

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = "press conference"
SIGNS = (":", "：")
MIN_PAIRS = 2
"""Questions and answers without which a text is no conference."""
MAX_LINES = 10_000
"""Lines looked at; a long day of questions has some hundreds."""
MIN_SHARE = 0.5
"""Share of the text that turns cover in a conference."""

_QUESTION = re.compile(
    r"(?:Q\d*|QUESTION|Question|Follow-up(?: question)?|问|追问|問)\s*(?:[:：]|\.(?=\s))\s*"
)
_ANSWER = re.compile(r"(?:A\d*|ANSWER|Answer|答)\s*(?:[:：]|\.(?=\s))\s*")
_BARE_QUESTION = re.compile(r"Q\s+(?=\S)")
_LABEL = re.compile(
    r"(?P<name>[^\s:：.!?。](?:[^:：.!?。\n]|(?<=M[rs])\.|(?<=M[RS])\.|(?<=MRS)\.|(?<=D[Rr])\.){0,58}?)\s{0,8}[:：]\s*(?=\S)"
)
_SMALL = frozenset({"of", "and", "the", "de", "da", "del", "for", "al", "&", "on"})
_COUNTING = re.compile(
    r"(?:first|second|third|fourth|fifth|last|finally|note|notes|also|then|on|one|two|three|update|follow|"
    r"第[一二三四五]|注|其[一二三])\b.*",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    r"press (?:conference|briefing)|news conference|media briefing|记者会|記者會|吹风会", re.IGNORECASE
)
_HOSTS = (
    re.compile(
        r"Spokes(?:person|man|woman) (?P<host>[A-Z][^,:()]{2,40}?)['’]s? (?:Regular )?Press Conference"
    ),
    re.compile(
        r"(?:Regular )?Press Conference (?:by|of) Foreign Ministry Spokesperson (?P<host>[A-Z][^,:()]{2,40}?) on\b"
    ),
    re.compile(
        r"Press Briefing by (?:the )?(?:White House )?(?:Deputy |Principal Deputy )?Press Secretary "
        r"(?P<host>[A-Z][\w.'’ -]{2,40}?)(?=,|$| and\b| on\b)"
    ),
    re.compile(r"发言人(?P<host>[\u4e00-\u9fff·]{2,6}?)(?:主持|就|答|在)"),
)
_HELD = (
    re.compile(r"\bon (?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})"),
    re.compile(r"(?P<day>\d{4}年\d{1,2}月\d{1,2}日)"),
)
_BREAK = re.compile(r"[\s*＊_—-]{3,}")
_HAN = re.compile("[\u4e00-\u9fff]")
_ASIDE = re.compile(r"\s{0,8}[(（][^()（）]{0,70}[)）]$")
"""What is said of a label: 'Bloomberg (follow-up)'."""
_REPORTER = re.compile(r"(?:记者|記者)$")
_MAX_WORDS, _MAX_HAN, _MAX_LABEL = 7, 16, 70
_LETTERS = frozenset("QA问答問")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text that opens a turn: where its words begin, and the label before them."""

    start: int  # of the label
    words: int  # of what is said
    name: str  # as printed; empty for a letter
    kind: str  # question, answer, or nothing where only a name is printed


def read(page: PageRead) -> Document | None:
    """Return the conference with its turns; None for a text that is none."""
    lines = list(_lines(page.text))
    if len(lines) < MIN_PAIRS * 2:
        return None
    host = _host(page.title)
    for shape, find in (
        ("question and answer by letter", _by_letters),
        ("names in capitals", _by_capitals),
        ("outlets and host", _by_names),
    ):
        openings = find(lines, page.title, host)
        turns = _turns(page.text, openings, host=host)
        if _is_conference(page.text, turns):
            return _document(page, turns, host=host, shape=shape)
    return None


def _host(title: str) -> str:
    return next((match["host"].strip() for each in _HOSTS if (match := each.search(title))), "")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that may open a turn, with their offsets."""
    at = 0
    for line in text.split("\n", MAX_LINES)[:MAX_LINES]:
        start = line[:_MAX_LABEL]
        if ":" in start or "：" in start or start[:1] in _LETTERS:
            yield at, line
        at += len(line) + 1


def _by_letters(lines: list[tuple[int, str]], _title: str, _host: str) -> list[_Line]:
    found = []
    for at, line in lines:
        for pattern, kind in ((_QUESTION, "question"), (_ANSWER, "answer")):
            if match := pattern.match(line):
                found.append(_Line(at, at + match.end(), "", kind))
                break
    return found


def _by_capitals(lines: list[tuple[int, str]], _title: str, _host: str) -> list[_Line]:
    found = []
    for at, line in lines:
        if asked := _QUESTION.match(line) or _BARE_QUESTION.match(line):
            found.append(_Line(at, at + asked.end(), "", "question"))
        elif (named := _LABEL.match(line)) and _is_in_capitals(named["name"]):
            found.append(_Line(at, at + named.end(), named["name"], "answer"))
    return found


def _is_in_capitals(name: str) -> bool:
    """Whether a label is a name in capitals, as in `MS. EXAMPLE` and `MR. McSAMPLE`."""
    letters = [char for char in name if char.isalpha()]
    n_small = sum(char.islower() for char in letters)
    return len(letters) > 3 and n_small <= 2 and _is_label(name) and letters[0].isupper()  # noqa: PLR2004 - 'Mc', 'Mac' and no more


def _by_names(lines: list[tuple[int, str]], title: str, host: str) -> list[_Line]:
    """Find outlets and host; only where the title names the occasion, as colons stand in every other text too."""
    if not _OCCASION.search(title):
        return []
    labels = [label for at, line in lines if (label := _label(at, line)) is not None]
    named = Counter(name for _, _, name in labels if name)
    if not named:
        return []
    often = host or named.most_common(1)[0][0]
    if named[often] < MIN_PAIRS:
        return []
    found = []
    for place, (start, words, name) in enumerate(labels):
        following = labels[place + 1][2] if place + 1 < len(labels) else ""
        # who speaks before the host answers asked; of anybody else the text does not say what it was
        kind = "answer" if name == often else "question" if following == often else "remark"
        found.append(_Line(start, words, name, kind))
    return found


def _label(at: int, line: str) -> tuple[int, int, str] | None:
    """Return where a line begins, where its words do, and the name before them; no name for 'Follow-up'."""
    if asked := _QUESTION.match(line):
        return at, at + asked.end(), ""
    match = _LABEL.match(line)
    name = _ASIDE.sub("", match["name"].strip()) if match else ""
    return (at, at + match.end(), name) if match and _is_label(name) else None


def _is_label(name: str) -> bool:
    if _COUNTING.fullmatch(name):
        return False
    if _HAN.search(name):
        return len(name) <= _MAX_HAN
    words = name.split()
    return len(words) <= _MAX_WORDS and all(
        word[:1].isupper() or word[:1].isdigit() or word in _SMALL for word in words
    )


def _turns(text: str, openings: list[_Line], *, host: str) -> list[Turn]:
    turns = []
    ends = [*(opening.start for opening in openings[1:]), len(text)]
    for opening, end in zip(openings, ends, strict=False):
        start, stop = opening.words, _without_break(text, opening.words, end)
        if not text[start:stop].strip():
            continue
        if opening.kind == "answer":
            turns.append(Turn(start, stop, opening.name or host, "", "answer"))
        else:
            turns.append(Turn(start, stop, "", _REPORTER.sub("", opening.name), opening.kind))
    return turns


def _without_break(text: str, start: int, end: int) -> int:
    """Return where a turn ends: before a line of asterisks, and without closing white space."""
    at = start
    for line in text[start:end].split("\n"):
        if line and _BREAK.fullmatch(line):
            end = at
            break
        at += len(line) + 1
    return start + len(text[start:end].rstrip())


def _is_conference(text: str, turns: list[Turn]) -> bool:
    kinds = Counter(turn.kind for turn in turns)
    if min(kinds["question"], kinds["answer"]) < MIN_PAIRS:
        return False
    answered = sum(first.kind == "question" and second.kind == "answer" for first, second in pairwise(turns))
    covered = sum(turn.end - turn.start for turn in turns)
    return answered >= MIN_PAIRS and covered >= MIN_SHARE * len(text)


def _document(page: PageRead, turns: list[Turn], *, host: str, shape: str) -> Document:
    facts = Facts("press conference")
    answering = list(dict.fromkeys(turn.speaker for turn in turns if turn.kind == "answer" and turn.speaker))
    facts.take("host", host, "title")
    if not host and len(answering) == 1:
        facts.take("host", answering[0], "label of the answers")
    outlets = dict.fromkeys(turn.outlet for turn in turns if turn.outlet)
    facts.take("asked_by", "; ".join(outlets), "labels of the questions")
    facts.take("n_questions", str(sum(turn.kind == "question" for turn in turns)), "labels of the questions")
    for pattern in _HELD:
        if match := pattern.search(page.title):
            facts.take_day("held_on", parse_feed_date(match["day"], page.now), match["day"], "title")
    return Document("transcript", f"{RULE}: {shape}", facts.found, turns, facts.notes)


READERS.register(RULE)(Reader(SIGNS, read, is_in_text=True))
