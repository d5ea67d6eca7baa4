"""The names that the curators know, found in a text: which spans, of which entity, by which rule.

Promises that the longest name wins, that an ambiguous name counts only with evidence in the same text, and
that a name which two entities share is never forced on either. The order of the aliases does not matter.
It reads no database and needs no language model.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass

from tracker.nlp.datelines import datelines
from tracker.nlp.labels import LABELS, PERSON
from tracker.nlp.phrases import Hit, Phrases, has_cjk, plain
from tracker.records import AliasEntry, FoundMention

VERSION = "gazetteer.v1"
NEAR = 6_000  # code points on either side in which a context word counts
_TITLE_BEFORE = re.compile(r"([^\W\d_]+)\.?\s+")
_SHORTEST = 2
_LONGEST_ACRONYM = 5
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "professor",
        "sen",
        "senator",
        "rep",
        "representative",
        "congressman",
        "congresswoman",
        "president",
        "premier",
        "secretary",
        "director",
        "minister",
        "judge",
        "justice",
        "chairman",
        "chairwoman",
        "chair",
        "chief",
        "ceo",
        "cto",
        "founder",
        "engineer",
        "general",
        "attorney",
        "ambassador",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "commissioner",
        "undersecretary",
        "ex",
        "former",
    }
)


@dataclass(frozen=True, slots=True)
class Refused:
    """An alias that the gazetteer does not use, with the reason a curator reads."""

    alias: AliasEntry
    reason: str


@dataclass(frozen=True, slots=True)
class _Sighting:
    start: int
    end: int
    entries: tuple[AliasEntry, ...]


@dataclass(frozen=True, slots=True)
class _Ruling:
    entity_id: int | None
    rule: str
    score: float


class Gazetteer:
    """Finds the aliases in texts.

    Args:
        aliases: every name of every entity, in any order; one that is too short is kept in `refused`.
    """

    def __init__(self, aliases: Iterable[AliasEntry]) -> None:
        entries = sorted(set(aliases), key=_order)
        self.refused: list[Refused] = []
        self._names = Phrases()
        self._by_phrase: list[tuple[AliasEntry, ...]] = []
        self._owners: dict[str, frozenset[int]] = {}
        self._contexts = Phrases()
        self._by_context: list[str] = []
        self._add(entries)
        digest = hashlib.sha256(repr([astuple(entry) for entry in entries]).encode())
        self.fingerprint = digest.hexdigest()[:12]
        self.version = f"{VERSION}+{self.fingerprint}"

    def find(
        self, text: str, title: str = "", *, people: Sequence[tuple[int, int]] = ()
    ) -> list[FoundMention]:
        """Return the mentions of `text`, by start and without overlaps.

        Args:
            text: what offsets count in.
            title: evidence only: full names and context words in it count, as if it came first.
            people: spans that a model calls a person; a surname inside another's name is refused.
        """
        offset = len(title) + 1
        joined = f"{title}\n{text}"
        sightings = self._sightings(joined)
        evidence = _Evidence(sightings, self._context_places(joined), n_title=offset)
        names = [(start + offset, end + offset) for start, end in people]
        ruled = [(s, _rule_on(s, evidence, joined, names)) for s in sightings]
        kept = _longest([(s, ruling) for s, ruling in ruled if ruling is not None])
        return [self._mention(s, ruling, joined, offset) for s, ruling in kept if s.start >= offset]

    def entity_of(self, name: str) -> int | None:
        """Return the one entity that has this name without condition, or None."""
        wanted = " ".join(plain(name).split()).lower()
        owners = self._owners.get(wanted, frozenset())
        return next(iter(owners)) if len(owners) == 1 else None

    def _mention(self, seen: _Sighting, ruling: _Ruling, joined: str, offset: int) -> FoundMention:
        labels = {
            LABELS.get(e.entity_type, e.entity_type.upper())
            for e in seen.entries
            if ruling.entity_id in {None, e.entity_id}
        }
        label = min(labels) if len(labels) == 1 else "NAME"
        start = seen.start
        title = _TITLE_BEFORE.match(joined, start, seen.end) if label == PERSON else None
        if title and title.group(1).lower() in _TITLES and title.end() < seen.end:
            start = title.end()
        return FoundMention(
            start=start - offset,
            end=seen.end - offset,
            surface=joined[start : seen.end],
            label=label,
            score=ruling.score,
            model=self.version,
            entity_id=ruling.entity_id,
            rule=ruling.rule,
        )

    def _add(self, entries: Sequence[AliasEntry]) -> None:
        by_text: dict[str, list[AliasEntry]] = defaultdict(list)
        contexts: set[str] = set()
        for entry in entries:
            reason = _why_refused(entry)
            if reason:
                self.refused.append(Refused(entry, reason))
                continue
            by_text[" ".join(plain(entry.text).split()).lower()].append(entry)
            contexts.update(_context_key(word) for word in entry.context_words)
        for text, sharing in by_text.items():
            try:
                self._names.add(text)
            except ValueError as error:
                self.refused.extend(Refused(entry, str(error)) for entry in sharing)
                continue
            self._by_phrase.append(tuple(sharing))
            self._owners[text] = frozenset(entry.entity_id for entry in sharing if _is_certain(entry))
        for word in sorted(contexts):
            for form in {word, f"{word}s"} if not has_cjk(word) else {word}:
                try:
                    self._contexts.add(form)
                except ValueError:
                    continue
                self._by_context.append(word)

    def _sightings(self, joined: str) -> list[_Sighting]:
        sightings = []
        normal = plain(joined)
        places = set(datelines(joined))  # printed in capitals whatever the name
        for hit in self._names.scan(joined):
            surface = " ".join(normal[hit.start : hit.end].split())
            is_place = (hit.start, hit.end) in places
            fitting = tuple(
                e
                for e in self._by_phrase[hit.phrase]
                if _case_fits(e, surface) or (is_place and e.entity_type == "place")
            )
            if fitting:
                sightings.append(_Sighting(hit.start, hit.end, fitting))
        return sightings

    def _context_places(self, joined: str) -> dict[str, list[Hit]]:
        places: dict[str, list[Hit]] = defaultdict(list)
        for hit in self._contexts.scan(joined):
            places[self._by_context[hit.phrase]].append(hit)
        return places


class _Evidence:
    """What one text says about which entity is meant."""

    def __init__(
        self, sightings: Sequence[_Sighting], contexts: dict[str, list[Hit]], *, n_title: int
    ) -> None:
        self._contexts = contexts
        self._n_title = n_title
        self._first_certain: dict[int, int] = {}
        certain = [s for s in sightings if len(_entities(s)) == 1 and any(_is_certain(e) for e in s.entries)]
        for sighting in _longest_sightings(certain):
            self._first_certain.setdefault(sighting.entries[0].entity_id, sighting.start)

    def has_full_name_before(self, entity_id: int, place: int) -> bool:
        """Return whether an unmistakable name of the entity stands before `place`."""
        return self._first_certain.get(entity_id, place) < place

    def has_certain_name(self, entity_id: int) -> bool:
        """Return whether an unmistakable name of the entity stands anywhere in the text."""
        return entity_id in self._first_certain

    def has_context(self, entry: AliasEntry, start: int, end: int) -> bool:
        """Return whether a context word of `entry` stands in the title or near [start, end)."""
        for word in entry.context_words:
            hits = self._contexts.get(_context_key(word), [])
            if any(hit.end < self._n_title and (hit.end <= start or hit.start >= end) for hit in hits[:2]):
                return True
            at = bisect_left(hits, start - NEAR, key=lambda hit: hit.start)
            for hit in hits[at:]:
                if hit.start > end + NEAR:
                    break
                if hit.end <= start or hit.start >= end:
                    return True
        return False


def _rule_on(
    seen: _Sighting, evidence: _Evidence, joined: str, people: Sequence[tuple[int, int]]
) -> _Ruling | None:
    """Decide whether this sighting counts, and for whom; None when it does not count at all."""
    rulings = [r for r in (_rule_on_entry(e, seen, evidence) for e in seen.entries) if r is not None]
    if any(e.never_alone for e in seen.entries) and _is_in_other_name(seen, joined, people):
        rulings = [r for r in rulings if r.rule != "surname after full name"]
    entities = {r.entity_id for r in rulings}
    if len(entities) == 1:
        best = max(rulings, key=lambda r: r.score)
        if len(_entities(seen)) == 1 or best.rule != "exact alias":
            return best
    if len(_entities(seen)) == 1 or not rulings:
        return None
    backed = {
        e.entity_id
        for e in seen.entries
        if evidence.has_certain_name(e.entity_id) or evidence.has_context(e, seen.start, seen.end)
    } & entities
    if len(backed) == 1:
        return _Ruling(min(backed), "shared alias, context", 0.8)
    return _Ruling(None, "shared alias", 0.5)


def _rule_on_entry(entry: AliasEntry, seen: _Sighting, evidence: _Evidence) -> _Ruling | None:
    entity = entry.entity_id
    if entry.never_alone:
        if evidence.has_full_name_before(entity, seen.start):
            return _Ruling(entity, "surname after full name", 0.9)
        return None
    if not entry.needs_context:
        return _Ruling(entity, "exact alias", 1.0)
    if evidence.has_certain_name(entity):
        return _Ruling(entity, "alias with full name", 0.95)
    if evidence.has_context(entry, seen.start, seen.end):
        return _Ruling(entity, "alias with context", 0.9)
    return None


def _is_in_other_name(seen: _Sighting, joined: str, people: Sequence[tuple[int, int]]) -> bool:
    """Return whether a person's longer name holds this surname, titles and possessives aside."""
    at = bisect_left(people, (seen.end, 0)) - 1
    for start, end in people[max(0, at - 1) : at + 2]:
        if not (start <= seen.start and seen.end <= end):
            continue
        rest = f"{joined[start : seen.start]} {joined[seen.end : end]}".replace("\u2019", "'").split()
        others = [word.strip(".,'").lower() for word in rest if word not in {"'s", "'"}]
        return any(word and word not in _TITLES and word.isalpha() for word in others)
    return False


def _longest(ruled: list[tuple[_Sighting, _Ruling]]) -> list[tuple[_Sighting, _Ruling]]:
    """Keep the longest of overlapping sightings, the earlier of equally long ones; return them by start."""
    by_place = {(s.start, s.end): (s, ruling) for s, ruling in ruled}
    return [by_place[s.start, s.end] for s in _longest_sightings([s for s, _ in ruled])]


def _longest_sightings(sightings: Sequence[_Sighting]) -> list[_Sighting]:
    kept: list[_Sighting] = []
    cluster: list[_Sighting] = []
    reach = -1
    for sighting in sorted(sightings, key=lambda s: (s.start, -s.end)):
        if sighting.start >= reach and cluster:
            kept.extend(_longest_of_cluster(cluster))
            cluster = []
        cluster.append(sighting)
        reach = max(reach, sighting.end)
    kept.extend(_longest_of_cluster(cluster))
    return kept


def _longest_of_cluster(cluster: Sequence[_Sighting]) -> list[_Sighting]:
    chosen: list[_Sighting] = []
    for sighting in sorted(cluster, key=lambda s: (s.start - s.end, s.start)):
        if all(sighting.end <= other.start or sighting.start >= other.end for other in chosen):
            chosen.append(sighting)
    return sorted(chosen, key=lambda s: s.start)


def _why_refused(entry: AliasEntry) -> str:
    letters = [c for c in entry.text if c.isalnum()]
    if len(letters) < _SHORTEST:
        return "a name of one letter would match everywhere"
    if all(c.isdigit() for c in letters):
        return "a number is not a name"
    return ""


def _case_fits(entry: AliasEntry, surface: str) -> bool:
    """Return whether the capitals of `surface` allow it to be this alias."""
    alias = " ".join(plain(entry.text).split())
    if surface == alias:
        return True
    is_acronym = alias.isupper() and len(alias) <= _LONGEST_ACRONYM
    if entry.is_case_sensitive or is_acronym:
        return False
    needs_capital = entry.needs_context or entry.never_alone
    return not (needs_capital and surface.islower() and not alias.islower())


def _entities(seen: _Sighting) -> frozenset[int]:
    return frozenset(entry.entity_id for entry in seen.entries)


def _is_certain(entry: AliasEntry) -> bool:
    return not entry.needs_context and not entry.never_alone


def _context_key(word: str) -> str:
    return " ".join(plain(word).lower().split())


def _order(entry: AliasEntry) -> tuple[object, ...]:
    return tuple(astuple(entry))
