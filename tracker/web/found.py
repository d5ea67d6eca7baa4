"""What was found in a text beside names, as numbered notes: what it is, what it says, by which rule and model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q

from tracker.models import Article, Entity, PrintedRole, QuantityMention, Quote, Revision, TimeMention
from tracker.records import Span
from tracker.text.figures import exact
from tracker.web.marking import Mark

LOW = 0.6
"""Score under which a finding looks different from the others."""
COMPARATORS = {
    "~": "about ",
    ">": "more than ",
    ">=": "at least ",
    "<": "less than ",
    "<=": "up to ",
    "=": "",
}
Row = Quote | QuantityMention | TimeMention | PrintedRole


@dataclass(frozen=True, slots=True)
class Note:
    """One finding and its explanation."""

    start: int
    end: int
    kind: str
    css: str
    words: str
    says: str
    rule: str
    model: str
    is_person: bool
    is_low: bool = False
    number: int = 0


def notes_of(revision: Revision, within: Sequence[Span] | None = None) -> list[Note]:
    """Return a note for each quote, number, time and role of a revision, in the order of the text; at most six queries.

    Args:
        revision: whose findings they are.
        within: the spans that are shown; without any, all of the text.
    """
    is_shown = Q()
    for start, end in within or ():
        is_shown |= Q(start__gte=start, end__lte=end)
    quotes = list(revision.quotes.filter(is_shown).select_related("speaker"))
    firsts = _firsts([row.pk for row in quotes if row.first_id], revision.article_id)
    notes = [_quote(row, firsts.get(row.pk)) for row in quotes]
    notes += [
        _quantity(row) for row in revision.quantities.filter(is_shown).select_related("party", "stated_by")
    ]
    notes += [_time(row) for row in revision.times.filter(is_shown)]
    notes += [_role(row) for row in revision.roles.filter(is_shown).select_related("person")]
    return numbered(sorted(notes, key=lambda note: (note.start, note.end)))


def _firsts(hung: Sequence[int], own_id: int) -> dict[int, Article]:
    """Return, for quotations that have an earlier one, the other article of that one, if a reader may see it."""
    if not hung:
        return {}
    rows = Quote.objects.filter(pk__in=hung).exclude(first__revision__article=own_id)
    places = dict(rows.values_list("pk", "first__revision__article_id"))
    shown = Article.objects.public() | Article.objects.adjacent()
    found = shown.select_related("source").defer("feed_text").in_bulk(set(places.values()))
    return {quote: found[article] for quote, article in places.items() if article in found}


def numbered(notes: Iterable[Note]) -> list[Note]:
    """Return the notes with numbers from 1, in their order."""
    return [replace(note, number=n) for n, note in enumerate(notes, start=1)]


def marks_of(notes: Sequence[Note]) -> list[Mark]:
    """Return the marks that point at the notes."""
    return [
        Mark(note.start, note.end, f"{note.css} is-low" if note.is_low else note.css, note.number)
        for note in notes
    ]


def _quote(row: Quote, first: Article | None) -> Note:
    who = _name(row.speaker, row.speaker_name) or "speaker not known"
    said = [who]
    if row.role:
        said.append(row.role)
    if row.channel and row.channel != "unknown":
        said.append(f"channel: {row.channel}")
    if first is not None:
        said.append(f"first seen in {first.outlet_name or 'an outlet not known'}")
    return _note(row, "Quotation", "m-quote", says=", ".join(said), score=row.score)


def _quantity(row: QuantityMention) -> Note:
    number = COMPARATORS.get(row.comparator, "") + (
        exact(row.value) if row.value is not None else "number not given"
    )
    if row.high is not None:
        number += f" to {exact(row.high)}"
    said = [f"{row.metric.replace('_', ' ')}, {number} ({row.unit})"]
    party = row.scope or _name(row.party, row.party_name)
    if party:
        said.append(f"given to: {party}")
    stated = _name(row.stated_by, row.stated_by_name)
    said.append(f"stated by {stated}" if stated else "who states it is not said")
    return _note(row, "Number", "m-num", says="; ".join(said), score=row.score)


def _time(row: TimeMention) -> Note:
    says = f"{row.on}, announced for the future then" if row.is_expected else row.on
    return _note(row, "Time", "m-time", says=says)


def _role(row: PrintedRole) -> Note:
    says = f"role of {_name(row.person, row.person_name)} as printed"
    if row.verdict == PrintedRole.Verdict.DIFFERS:
        says += f"; posts on file for that day: {row.held}"
    elif row.verdict == PrintedRole.Verdict.AGREES:
        says += "; agrees with a post on file"
    return _note(row, "Role", "m-role", says=says, is_low=row.verdict == PrintedRole.Verdict.DIFFERS)


def _name(entity: Entity | None, printed: str) -> str:
    return entity.name if entity is not None and entity.is_public else printed


def _note(row: Row, kind: str, css: str, *, says: str, score: float = 1.0, is_low: bool = False) -> Note:
    return Note(
        start=row.start,
        end=row.end,
        kind=kind,
        css=css,
        words=row.words,
        says=says,
        rule=row.rule,
        model=row.model,
        is_person=row.decided_by == "person",
        is_low=is_low or score < LOW,
    )
