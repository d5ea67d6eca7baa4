"""Names of a text as rules about numbers need them: who they are, where, and the ones near a place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.records import FoundMention, Span

WHO = frozenset({"PERSON", "ORG", "PUBLIC_BODY"})
_KINDS = WHO | {"PRODUCT", "GPE"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name at a place; two with the same `who` are one party."""

    start: int
    end: int
    who: str
    label: str

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.start, self.end


class Names:
    """The names of a text by place.

    Args:
        mentions: sorted by start.
    """

    def __init__(self, mentions: Sequence[FoundMention]) -> None:
        self.all = [
            Name(mention.start, mention.end, _who(mention), mention.label)
            for mention in mentions
            if mention.label in _KINDS
        ]
        self._starts = [name.start for name in self.all]
        self._alias_surnames()

    def within(self, start: int, end: int) -> list[Name]:
        """Return the names that lie in [start, end), by start."""
        found = []
        for name in self.all[bisect_left(self._starts, start) :]:
            if name.start >= end:
                break
            if name.end <= end:
                found.append(name)
        return found

    def _alias_surnames(self) -> None:
        """Let a surname that stands alone be who the full name before it is."""
        full: dict[str, str] = {}
        for at, name in enumerate(self.all):
            if name.label == "PERSON" and name.who.startswith("~"):
                words = name.who[1:].split()
                if len(words) > 1:
                    full.setdefault(words[-1], name.who)
                elif words and words[0] in full:
                    self.all[at] = Name(name.start, name.end, full[words[0]], name.label)


def _who(mention: FoundMention) -> str:
    if mention.entity_id is not None:
        return f"#{mention.entity_id}"
    plain = (mention.full_name or mention.surface).casefold().replace("\u2019", "'")
    return "~" + " ".join(re.sub(r"'s?$", "", plain).split())
