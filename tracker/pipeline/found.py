"""What the language stage found in a revision, stored as rows: the machine's are replaced, a person's stay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from tracker.linking.link import plain_name
from tracker.models import Mention, PrintedRole, QuantityMention, Quote, Revision, TimeMention
from tracker.records import Analysis, FoundMention, Span

NAMED = frozenset({"PERSON", "ORG", "PUBLIC_BODY"})
"""Labels whose unknown names become candidates."""


class Names:
    """The mentions of one text, to be asked what stands at a span."""

    def __init__(self, mentions: Sequence[FoundMention]) -> None:
        self._mentions = sorted(mentions, key=lambda mention: mention.start)
        self._starts = [mention.start for mention in self._mentions]

    def at(self, span: Span | None) -> FoundMention | None:
        """Return the mention that overlaps the span, or None."""
        if span is None:
            return None
        for mention in self._mentions[max(0, bisect_right(self._starts, span[0]) - 1) :]:
            if mention.start >= span[1]:
                return None
            if mention.end > span[0]:
                return mention
        return None

    def entity_at(self, span: Span | None) -> int | None:
        """Return the entity named at the span, or None."""
        mention = self.at(span)
        return mention.entity_id if mention else None

    def name_at(self, span: Span | None, text: str) -> str:
        """Return the fullest name of what the span names; empty for no span."""
        if span is None:
            return ""
        mention = self.at(span)
        name = (mention.full_name or mention.surface) if mention else text[slice(*span)]
        return " ".join(name.split())[:200]


def store(revision: Revision, analysis: Analysis) -> None:
    """Replace what the machine found in a revision; rows that a person decided stay and win their spans."""
    names, text = Names(analysis.mentions), revision.text
    for rows in (revision.mentions, revision.roles, revision.quotes, revision.quantities, revision.times):
        rows.filter(decided_by="rule").delete()
    Mention.objects.bulk_create([_mention(revision, m) for m in analysis.mentions], ignore_conflicts=True)
    PrintedRole.objects.bulk_create(_roles(revision, analysis, names), ignore_conflicts=True)
    Quote.objects.bulk_create(_quotes(revision, analysis, names, text=text), ignore_conflicts=True)
    QuantityMention.objects.bulk_create(
        _quantities(revision, analysis, names, text=text), ignore_conflicts=True
    )
    TimeMention.objects.bulk_create(
        [
            TimeMention(
                revision=revision,
                start=one.start,
                end=one.end,
                words=one.words[:120],
                on=one.on,
                is_expected=one.is_expected,
                model=one.model[:120],
                rule=one.rule[:80],
            )
            for one in analysis.times
        ],
        ignore_conflicts=True,
    )


def name_key(mention: FoundMention) -> str:
    """Return what candidates group by: the plain form of a person's or organisation's unknown name, or nothing."""
    if mention.entity_id is not None or mention.label not in NAMED or mention.form == "description":
        return ""
    return plain_name(mention.full_name or mention.surface)[:200]


def _mention(revision: Revision, mention: FoundMention) -> Mention:
    return Mention(
        revision=revision,
        start=mention.start,
        end=mention.end,
        surface=mention.surface[:300],
        label=mention.label,
        score=mention.score,
        model=mention.model[:120],
        entity_id=mention.entity_id,
        rule=mention.rule[:80],
        form=mention.form,
        name_key=name_key(mention),
    )


def _roles(revision: Revision, analysis: Analysis, names: Names) -> list[PrintedRole]:
    return [
        PrintedRole(
            revision=revision,
            start=role.start,
            end=role.end,
            words=role.words[:300],
            person_id=names.entity_at(role.person),
            person_name=names.name_at(role.person, revision.text),
            body_id=names.entity_at(role.body),
            body_name=names.name_at(role.body, revision.text),
            model=role.model[:120],
            rule=role.rule[:80],
        )
        for role in analysis.roles
    ]


def _quotes(revision: Revision, analysis: Analysis, names: Names, *, text: str) -> list[Quote]:
    return [
        Quote(
            revision=revision,
            start=quote.start,
            end=quote.end,
            words=quote.words,
            kind=quote.kind,
            speaker_id=names.entity_at(quote.speaker),
            speaker_name=names.name_at(quote.speaker, text),
            speaker_start=quote.speaker[0] if quote.speaker else None,
            speaker_end=quote.speaker[1] if quote.speaker else None,
            speaker_words=quote.speaker_words[:300],
            role=quote.role[:300],
            channel=quote.channel,
            score=quote.score,
            model=quote.model[:120],
            rule=quote.rule[:80],
        )
        for quote in analysis.quotes
    ]


def _quantities(revision: Revision, analysis: Analysis, names: Names, *, text: str) -> list[QuantityMention]:
    return [
        QuantityMention(
            revision=revision,
            start=one.start,
            end=one.end,
            words=one.words[:300],
            metric=one.metric[:60],
            comparator=one.comparator,
            value=one.value,
            high=one.high,
            unit=one.unit[:60],
            scope=one.scope[:60],
            party_id=names.entity_at(one.party),
            party_name=names.name_at(one.party, text),
            stated_by_id=names.entity_at(one.stated_by),
            stated_by_name=names.name_at(one.stated_by, text),
            score=one.score,
            model=one.model[:120],
            rule=one.rule[:80],
        )
        for one in analysis.quantities
    ]
