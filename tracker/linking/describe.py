"""Descriptions: 'the company', 'the lab', 'the bureau', linked only where the text leaves one organisation.

Promises none where two fit, none inside somebody's quotation, and a rule for each that says why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.linking.kind import (
    DESCRIBED_AFTER,
    DESCRIBED_BEFORE,
    TOLD,
    Description,
    descriptions,
    fits,
    head_of,
)
from tracker.linking.knowledge import Knowledge
from tracker.linking.layout import Layout
from tracker.linking.plain import plain_name
from tracker.linking.short import GENERIC, MODEL
from tracker.records import FoundMention, FoundRole

_SCORE = 0.75
_ORGANISATIONS = frozenset({"ORG", "PUBLIC_BODY"})
_SAYS = re.compile(
    r"\b(?:said|says|say|told|tells|wrote|writes|added|adds|argued|argues|claimed|claims|insisted|explained|noted"
    r"|stated|warned|testified|announced|confirmed|acknowledged|replied|responded)\b"
)
_ATTRIBUTION = re.compile(r"\baccording to (?:the )?$", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:told|tells|interview with|reported by|statement to|spoke to|spoke with) (?:the |The )?$"
)
_REPORTED = re.compile(r"^ (?:first |also |earlier )?reported\b")
_PRONOUN = re.compile(r"\b(?:it|they)\b", re.IGNORECASE)
_ANSWERS = re.compile(
    r"^ (?:has |had |have )?(?:also )?(?:den|declin|reject|dismiss|disput|refus|did not|didn|has not|hasn|could not)"
)
_OPENS = re.compile(r"^(?:[A-Z][\w']+(?: [\w']+){0,4}, )?$")
_SUBJECT_OF = re.compile(
    r"^(?:Shares|Lawyers|A spokes\w+|Representatives|Employees|Officials|Executives) (?:of|for|at) $"
)
_LIKELY = 2
_LONGEST_SENTENCE = 1_500  # code points; what is longer has no marks
_MOST_BACK = 3  # sentences of one paragraph


@dataclass(frozen=True, slots=True)
class _Named:
    """An organisation's name at its place."""

    mention: FoundMention
    identity: str
    sentence: int
    paragraph: int
    is_attribution: bool


def with_descriptions(
    text: str, mentions: Sequence[FoundMention], roles: Sequence[FoundRole], known: Knowledge
) -> list[FoundMention]:
    """Return the mentions with descriptions added that can mean one organisation only."""
    asked = descriptions(text)
    if not asked:
        return list(mentions)
    scene = _Scene(text, mentions, roles, known)
    spans = sorted((m.start, m.end) for m in mentions)
    added = []
    for one in asked:
        at = bisect_left(spans, (one.end, 0)) - 1
        if (at >= 0 and spans[at][1] > one.start) or scene.layout.is_quoted(one.start):
            continue
        found = scene.meant_by(one)
        if found is not None:
            added.append(_mention(text, one, *found))
    return sorted([*mentions, *added], key=lambda m: (m.start, m.end))


def _mention(text: str, one: Description, named: FoundMention, rule: str) -> FoundMention:
    return FoundMention(
        start=one.start,
        end=one.end,
        surface=text[one.start : one.end],
        label=named.label,
        score=_SCORE,
        model=MODEL,
        entity_id=named.entity_id,
        rule=rule,
        form="description",
        full_name=named.full_name or named.surface,
    )


def identity_of(mention: FoundMention) -> str:
    """Return what two mentions of one thing share: the entity, or the plain form of the fullest name."""
    if mention.entity_id is not None:
        return f"#{mention.entity_id}"
    return plain_name(mention.full_name or mention.surface)


class _Scene:
    """One text with its organisations, sentences and speakers."""

    def __init__(
        self, text: str, mentions: Sequence[FoundMention], roles: Sequence[FoundRole], known: Knowledge
    ) -> None:
        self.text = text
        self.layout = Layout(text)
        self._known = known
        self._people = [m for m in mentions if m.label == "PERSON"]
        self._people_starts = [m.start for m in self._people]
        outlets = {identity_of(m) for m in mentions if m.label in _ORGANISATIONS and self._is_outlet(m)}
        self._named = [
            self._placed(m)
            for m in mentions
            if m.label in _ORGANISATIONS and m.form != "description" and identity_of(m) not in outlets
        ]
        self._starts = [one.mention.start for one in self._named]
        self._times = Counter(one.identity for one in self._named)
        self._told = self._described()
        self._bodies = self._bodies_of_people(roles)
        self._firsts: dict[Description, list[_Named]] = {}

    def meant_by(self, asked: Description) -> tuple[FoundMention, str] | None:
        """Return the organisation's mention that a description means, with the rule, or None."""
        by_speaker = self._of_speaker(asked)
        if by_speaker is not None:
            return by_speaker
        only = self._only_one(asked)
        if only is not None:
            return only.mention, "the only one named before"
        if self._has_pronoun(asked):
            return None
        return self._nearest(asked)

    def _nearest(self, asked: Description) -> tuple[FoundMention, str] | None:
        """Return the one organisation of the nearest sentence that names any, or of the paragraph before."""
        here = self.layout.sentence_at(asked.start)
        paragraph = self.layout.paragraph_at(asked.start)
        before = self._before(asked.start)
        for back in range(_MOST_BACK):
            near = self._fitting(
                asked, [one for one in before if one.sentence == here - back and one.paragraph == paragraph]
            )
            if near:
                return self._one_of(asked, near, is_same=back == 0, sentence=here - back)
        last = self._fitting(asked, [one for one in before if one.paragraph == paragraph - 1])
        if not last or any(one.paragraph == paragraph for one in before):
            return None
        return self._one_of(asked, last, is_same=False, sentence=last[-1].sentence)

    def _one_of(
        self, asked: Description, near: Sequence[_Named], *, is_same: bool, sentence: int
    ) -> tuple[FoundMention, str] | None:
        identities = {one.identity for one in near}
        if len(identities) > 1:
            near = [one for one in near if not one.is_attribution] or near
            identities = {one.identity for one in near}
        if len(identities) > 1:
            return None if is_same else self._goes_on(asked, near, sentence)
        last = near[-1]
        if self._fits(asked, last) < _LIKELY or not self._is_sure(last):
            return None
        if self._has_rival(asked, last) and not self._is_plain(last, is_same=is_same, sentence=sentence):
            return None
        return last.mention, "the only one in the sentence" if is_same else "the only one just before"

    def _has_rival(self, asked: Description, one: _Named) -> bool:
        """Whether the paragraph, or the one before where this one names none, names another that fits."""
        first = min(one.paragraph, self.layout.paragraph_at(asked.start))
        around = [other for other in self._before(asked.start) if other.paragraph >= first]
        return any(
            other.identity != one.identity and not other.is_attribution
            for other in self._fitting(asked, around)
        )

    def _is_plain(self, one: _Named, *, is_same: bool, sentence: int) -> bool:
        """Whether one of several companies around is the one a reader thinks of.

        In the same sentence it is any but the one that itself speaks; in a sentence before, the one that opens it or
        that speaks in it.
        """
        after = self.text[one.mention.end : one.mention.end + 40].lstrip()
        if is_same or _SAYS.match(after):
            return not (is_same and _SAYS.match(after))
        first, _ = self.layout.sentences[sentence]
        lead = self.text[max(first, one.mention.start - _LONGEST_SENTENCE) : one.mention.start]
        return (
            _OPENS.match(re.sub(r"\b[Tt]he $", "", lead)) is not None or _SUBJECT_OF.match(lead) is not None
        )

    def _is_sure(self, one: _Named) -> bool:
        """Whether a name is surely an organisation's: on file, called so by the text or itself, or named again."""
        if one.mention.entity_id is not None or self._told.get(one.identity):
            return True
        last = (one.mention.full_name or one.mention.surface).split()[-1].casefold().strip(".")
        return last in GENERIC or self._times[one.identity] > 1

    def _goes_on(
        self, asked: Description, near: Sequence[_Named], sentence: int
    ) -> tuple[FoundMention, str] | None:
        """Return the subject of the sentence before, where the description is the next one's and answers nobody."""
        start = self._sentence_start(asked)
        if self.layout.sentence_at(asked.start) - sentence != 1:
            return None
        is_subject = _OPENS.match(self.text[start : asked.start]) is not None
        after = self.text[asked.end : asked.end + 40]
        if not is_subject or _ANSWERS.match(after) or not _SAYS.match(after.lstrip()):
            return None
        first, _ = self.layout.sentences[sentence]
        subject = min(near, key=lambda one: one.mention.start)
        lead = self.text[max(first, subject.mention.start - _LONGEST_SENTENCE) : subject.mention.start]
        owns = self.text[subject.mention.end : subject.mention.end + 2] in {"'s", "\u2019s"}
        if owns or not _OPENS.match(lead.removesuffix("the ").removesuffix("The ")):
            return None
        return subject.mention, "the subject goes on"

    def _of_speaker(self, asked: Description) -> tuple[FoundMention, str] | None:
        """Return the body of the person who says it in this sentence, or whose title it is part of."""
        start = self._sentence_start(asked)
        at = bisect_left(self._people_starts, asked.start) - 1
        if at < 0 or self._people[at].start < start:
            return None
        person = self._people[at]
        between = self.text[person.end : asked.start]
        is_owner = between == ", " and self.text[asked.end : asked.end + 2] in {"'s", "\u2019s"}
        bodies = self._bodies.get(identity_of(person), {})
        fitting = [one for one in bodies.values() if self._fits(asked, one)]
        if len({one.identity for one in fitting}) != 1:
            return None
        if is_owner:
            return fitting[0].mention, "the body of the person"
        if not _SAYS.search(between):
            return None
        others = [
            one
            for one in self._fitting(asked, self._before(asked.start))
            if one.mention.start > person.end and one.identity != fitting[0].identity
        ]
        return None if others else (fitting[0].mention, "the body of the speaker")

    def _only_one(self, asked: Description) -> _Named | None:
        """Return the organisation that alone fits of all that were named so far."""
        known = [one for one in self._firsts_of(asked)[:2] if one.mention.start < asked.start]
        return known[0] if len(known) == 1 else None

    def _firsts_of(self, asked: Description) -> list[_Named]:
        """Return the first place of each organisation of the text that such a description can mean."""
        key = Description(0, 0, asked.head, asked.country, asked.is_ai)
        if key not in self._firsts:
            firsts: dict[str, _Named] = {}
            for one in self._named:
                firsts.setdefault(one.identity, one)
            self._firsts[key] = [one for one in firsts.values() if self._fits(asked, one)]
        return self._firsts[key]

    def _fits(self, asked: Description, one: _Named) -> int:
        facts = self._known.facts(one.mention.entity_id)
        return fits(asked, one.mention, facts, self._told.get(one.identity, frozenset()))

    def _fitting(self, asked: Description, candidates: Iterable[_Named]) -> list[_Named]:
        """Return those that the description can mean; where the text calls some so itself, these only."""
        least = max(
            1, max((self._fits(asked, one) for one in self._firsts_of(asked)), default=0) // TOLD * TOLD
        )
        graded = [(self._fits(asked, one), one) for one in candidates]
        if asked.country or asked.is_ai:  # of whom the adjective is known to be true
            least = max(least, max((grade for grade, _ in graded), default=0))
        return [one for grade, one in graded if grade >= least]

    def _before(self, offset: int) -> Sequence[_Named]:
        end = bisect_left(self._starts, offset)
        return self._named[max(0, end - 60) : end]

    def _sentence_start(self, asked: Description) -> int:
        """Return where the description's sentence begins, or a place in a sentence too long to be one."""
        start, _ = self.layout.sentences[self.layout.sentence_at(asked.start)]
        return max(start, asked.start - _LONGEST_SENTENCE)

    def _has_pronoun(self, asked: Description) -> bool:
        """Whether 'it' stands before in the sentence: then the description is likely to mean another."""
        start = self._sentence_start(asked)
        return any(
            not self.layout.is_quoted(start + match.start())
            for match in _PRONOUN.finditer(self.text[start : asked.start])
        )

    def _placed(self, mention: FoundMention) -> _Named:
        return _Named(
            mention=mention,
            identity=identity_of(mention),
            sentence=self.layout.sentence_at(mention.start),
            paragraph=self.layout.paragraph_at(mention.start),
            is_attribution=_ATTRIBUTION.search(self.text[max(0, mention.start - 20) : mention.start])
            is not None,
        )

    def _is_outlet(self, mention: FoundMention) -> bool:
        """Whether somebody tells this organisation something, as one tells a newspaper, or it reports."""
        if self._known.facts(mention.entity_id).subtype in {"company", "ai-lab"}:
            return False
        before = self.text[max(0, mention.start - 24) : mention.start]
        return bool(_TOLD.search(before) or _REPORTED.match(self.text[mention.end : mention.end + 20]))

    def _described(self) -> dict[str, frozenset[str]]:
        told: dict[str, set[str]] = defaultdict(set)
        for one in self._named:
            after = DESCRIBED_AFTER.match(self.text, one.mention.end, one.mention.end + 120)
            before = DESCRIBED_BEFORE.search(self.text[max(0, one.mention.start - 24) : one.mention.start])
            told[one.identity].update(head_of(found["head"]) for found in (after, before) if found)
        return {identity: frozenset(heads) for identity, heads in told.items()}

    def _bodies_of_people(self, roles: Sequence[FoundRole]) -> dict[str, dict[str, _Named]]:
        """Return for each person the organisations that their role, or their post on file, names and the text too."""
        found: dict[str, dict[str, _Named]] = defaultdict(dict)
        by_entity = {one.mention.entity_id: one for one in self._named if one.mention.entity_id is not None}
        people = {(m.start, m.end): m for m in self._people}
        for role in roles:
            person = people.get(role.person)
            if (
                person is None
                or role.body is None
                or role.words.lower().startswith(("former", "a former", "ex-"))
            ):
                continue
            at = bisect_left(self._starts, role.body[1]) - 1
            if at >= 0 and self._named[at].mention.end > role.body[0]:
                found[identity_of(person)][self._named[at].identity] = self._named[at]
        for person in self._people:
            if person.entity_id is None or identity_of(person) in found:
                continue
            for post in self._known.facts(person.entity_id).posts:
                body = by_entity.get(post.body_id) if post.body_id is not None and not post.end else None
                if body is not None:
                    found[identity_of(person)][body.identity] = body
        return found
