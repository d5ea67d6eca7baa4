"""Through what somebody said something: a post, a memo, a court filing ..., as the sentence puts it."""

from __future__ import annotations

from itertools import pairwise

from tracker.nlp.quotes.skeleton import Pieces
from tracker.nlp.quotes.words import english

UNKNOWN = "unknown"
_INTO = frozenset({"in", "at", "during", "via", "through", "on", "by", "to", "over", "per", "under"})
_MADE = frozenset(
    [
        "published",
        "publishes",
        "publish",
        "released",
        "releases",
        "issued",
        "issues",
        "sent",
        "sends",
        "wrote",
        "writes",
        "posted",
        "posts",
        "filed",
        "files",
        "circulated",
        "delivered",
        "published",
        "submitted",
        "penned",
        "gave",
    ]
)
_NEEDS = {
    "release": {"press", "news"},
    "conference": {"press", "news"},
    "statement": set(),
    "order": {"court"},
}
_REACH = 8
_HEARD_BY = frozenset(
    [
        "lawmakers",
        "senators",
        "congress",
        "committee",
        "subcommittee",
        "panel",
        "hearing",
        "parliament",
        "legislators",
        "members",
    ]
)
_WINDOW = 40
_ONLY_INSIDE = frozenset(
    [
        "report",
        "reports",
        "order",
        "brief",
        "motion",
        "opinion",
        "release",
        "analysis",
        "study",
        "paper",
        "survey",
    ]
)


def channel_in(sentence: Pieces, at: int) -> str:
    """Return the channel that a sentence gives for the quotation at piece `at`, or 'unknown'."""
    pieces = sentence[max(0, at - _WINDOW) : at + _WINDOW]
    words = english()
    lows = [piece.low if piece.quote < 0 else "" for piece in pieces]
    if any(low in words.posted - {"posts", "posting"} for low in lows) or _is_on_platform(pieces):
        return "post"
    for i, low in enumerate(lows):
        kind = words.channel.get(low)
        if kind and pieces[i].name is None and _is_inside(lows, i):
            if "emailed" in lows[max(0, i - 2) : i] and kind == "statement":
                return "statement"
            return kind
    told = _told(lows)
    if told:
        return told
    if any(low.startswith("testif") for low in lows):
        return "hearing" if any(low in _HEARD_BY for low in lows) else "court"
    return UNKNOWN


def _is_on_platform(pieces: Pieces) -> bool:
    platforms = english().platforms
    return any(piece.low == "on" and after.text in platforms for piece, after in pairwise(pieces))


def _told(lows: list[str]) -> str:
    """Return the channel that the person told gives away."""
    at = next((i for i, low in enumerate(lows) if low in {"told", "tells", "telling", "tell"}), None)
    if at is None:
        return ""
    told = lows[at + 1 : at + 6]
    if told[:1] in (["me"], ["us"]):
        return "interview"
    if "reporters" in told or "journalists" in told:
        return "interview" if "interview" in lows else "briefing"
    if "interview" in lows or "letter" in lows[at + 6 :]:
        return ""
    words = [low for low in told if low in _HEARD_BY]
    return (
        "hearing"
        if words and not any(low in english().channel for low in lows[at + 1 :] if low not in _HEARD_BY)
        else ""
    )


def _is_inside(lows: list[str], at: int) -> bool:
    """Whether the document is what the words stand in, and not what they are about."""
    needed = _NEEDS.get(lows[at])
    if needed and not needed & set(lows[max(0, at - 2) : at]):
        return False
    for i in range(at - 1, max(-1, at - _REACH), -1):
        low = lows[i]
        if low in _INTO:
            return True
        if low in _MADE and lows[at] not in _ONLY_INSIDE:
            return True
        if low in {",", ";", ":", ""}:
            return False
    return False
