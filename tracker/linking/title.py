"""Titles as they are compared: which office words name, and what it is over.

Promises no more than words give: 'spokeswoman' and 'spokesperson' are one office, 'Treasury Secretary' and
'Secretary of the Treasury' too; a trade, as 'engineer', is no office that a register could contradict.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_SAME_WORD = {
    "spokesman": "spokesperson",
    "spokeswoman": "spokesperson",
    "spokespeople": "spokesperson",
    "chairman": "chair",
    "chairwoman": "chair",
    "chairperson": "chair",
    "chairs": "chair",
    "chaired": "chair",
    "chairing": "chair",
    "co-chairs": "co-chair",
    "co-chairman": "co-chair",
    "sen": "senator",
    "sens": "senator",
    "rep": "representative",
    "reps": "representative",
    "congressman": "representative",
    "congresswoman": "representative",
    "adviser": "advisor",
    "gov": "governor",
    "prof": "professor",
    "gen": "general",
    "cofounder": "founder",
    "co-founder": "founder",
    "ceo": "chief executive",
    "cto": "chief technology officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "ciso": "chief information security officer",
    "undersecretary": "under secretary",
    "under-secretary": "under secretary",
    "vice-president": "vice president",
    "vp": "vice president",
    "vice-chair": "vice chair",
    "vice-chairman": "vice chair",
    "vice-minister": "vice minister",
    "u.s": "us",
    "defence": "defense",
    "war": "defense",
}
_OFFICES = (
    "ranking member",
    "vice chair",
    "co-chair",
    "chair",
    "chief executive",
    "chief technology officer",
    "chief financial officer",
    "chief operating officer",
    "chief information security officer",
    "chief scientist",
    "chief of staff",
    "vice president",
    "deputy attorney general",
    "assistant attorney general",
    "attorney general",
    "us attorney",
    "under secretary",
    "assistant secretary",
    "deputy secretary",
    "press secretary",
    "general secretary",
    "secretary",
    "deputy director",
    "assistant director",
    "managing director",
    "executive director",
    "director",
    "prime minister",
    "vice minister",
    "minister",
    "senator",
    "representative",
    "ambassador",
    "spokesperson",
    "judge",
    "justice",
    "governor",
    "commissioner",
    "president",
)
_TRADES = (
    "advisor",
    "founder",
    "head",
    "professor",
    "engineer",
    "researcher",
    "scientist",
    "lawyer",
    "attorney",
    "analyst",
    "partner",
    "executive",
    "official",
    "employee",
    "member",
    "czar",
    "general",
)
_ONE_AT_A_TIME = (
    frozenset({"senator", "representative", "governor", "judge", "justice"}),
    frozenset(
        {
            "secretary",
            "under secretary",
            "assistant secretary",
            "deputy secretary",
            "director",
            "deputy director",
        }
    ),
    frozenset({"attorney general", "deputy attorney general", "assistant attorney general"}),
)
"""Offices of which nobody holds two in one body, or at all for the first group."""
GOVERNMENT = frozenset(
    {
        "ranking member",
        "senator",
        "representative",
        "ambassador",
        "attorney general",
        "us attorney",
        "secretary",
    }
    | {
        "under secretary",
        "assistant secretary",
        "deputy secretary",
        "prime minister",
        "vice minister",
        "minister",
    }
    | {
        "judge",
        "justice",
        "governor",
        "commissioner",
        "assistant attorney general",
        "deputy attorney general",
    }
)
_WORD = re.compile(r"[^\W_]+(?:[.\-][^\W_]+)*")
_FORMER = frozenset({"former", "ex", "formerly", "one-time", "onetime", "retired", "late", "then"})
_EMPTY = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "for",
        "at",
        "in",
        "on",
        "to",
        "and",
        "with",
        "from",
        "its",
        "officer",
        "us",
        "united",
    }
    | {
        "states",
        "american",
        "senior",
        "acting",
        "interim",
        "new",
        "national",
        "s",
        "who",
        "is",
        "affairs",
    }
)
_SPLIT = re.compile(r"\s*(?:,|/|&|;|\band\b|\|)\s*")


class Likeness(StrEnum):
    """What the comparison of a printed title with a post on file says."""

    SAME = "same"
    OTHER = "other"
    APART = "apart"  # nothing that one could say of the other


@dataclass(frozen=True, slots=True)
class Title:
    """A title in its parts."""

    offices: frozenset[str]
    trades: frozenset[str]
    topic: frozenset[str]  # words that say over what
    is_former: bool

    @property
    def is_office(self) -> bool:
        """Whether it names a post that a register can confirm or contradict."""
        return bool(self.offices)


def title_of(words: str) -> Title:
    """Return the parts of a title as printed or as on file."""
    offices, trades, topic = set(), set(), set()
    is_former = False
    for part in _SPLIT.split(words):
        known = [_SAME_WORD.get(word, word) for word in _plain_words(part)]
        is_former = is_former or bool(_FORMER & set(known)) or any(word.startswith("ex-") for word in known)
        joined = f" {' '.join(known)} "
        office = next((name for name in _OFFICES if f" {name} " in joined), "")
        trade = "" if office else next((name for name in _TRADES if f" {name} " in joined), "")
        offices |= {office} - {""}
        trades |= {trade} - {""}
        used = set((office or trade).split())
        topic |= {word for word in joined.split() if word not in used | _EMPTY | _FORMER}
    return Title(frozenset(offices), frozenset(trades), frozenset(topic), is_former)


def _plain_words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("u.s.", "us"))


def topic_words(name: str) -> frozenset[str]:
    """Return the words of a body's name that tell it from others."""
    empty = {
        "department",
        "ministry",
        "bureau",
        "office",
        "agency",
        "committee",
        "house",
        "senate",
        "inc",
        "corp",
    }
    known = {_SAME_WORD.get(word, word) for word in _plain_words(name)}
    return frozenset(known - _EMPTY - empty) or frozenset(known - _EMPTY)


def compare(printed: Title, held: Title, *, same_body: bool | None) -> Likeness:
    """Compare a printed title with a post on file.

    Args:
        printed: as the text puts it.
        held: as on file, its topic with the words of its body.
        same_body: whether both name one body; None where the text names none.
    """
    if printed.offices & held.offices or (not printed.offices and printed.trades & held.trades):
        if same_body:
            return Likeness.SAME
        if same_body is None:
            is_over_same = not printed.topic or bool(printed.topic & held.topic)
            return Likeness.SAME if is_over_same else Likeness.OTHER
        return Likeness.SAME if printed.topic & held.topic else Likeness.OTHER
    if not (printed.is_office and held.is_office):
        return Likeness.APART
    if any(printed.offices & group and held.offices & group for group in _ONE_AT_A_TIME):
        is_legislator = bool(printed.offices & _ONE_AT_A_TIME[0])
        return Likeness.OTHER if is_legislator or same_body or printed.topic & held.topic else Likeness.APART
    return Likeness.OTHER if same_body else Likeness.APART
