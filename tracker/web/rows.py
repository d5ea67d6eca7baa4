"""Entries as rows of a list: five queries for a page of any length, four without the evidence."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.models import Claim, Entity, Entry, EntryArticle, EntryEntity, Lane
from tracker.text import when
from tracker.web.claims import Sentence, Speaker, answers_to, evidence_of, sentence_of, speakers
from tracker.web.counts import Counted, Tally
from tracker.web.filters import REVIEWS, period_of, public_members, review_state

LANE_CLASSES = {
    Lane.ALLEGATIONS: "is-alleged",
    Lane.RESPONSES: "is-answered",
    Lane.OFFICIAL_ACTIONS: "is-acted",
    Lane.LITIGATION: "is-court",
    Lane.REPORTING: "is-reported",
}
LANE_PLURALS = {
    Lane.ALLEGATIONS: "Allegations",
    Lane.RESPONSES: "Responses",
    Lane.OFFICIAL_ACTIONS: "Official actions",
    Lane.LITIGATION: "Litigation",
    Lane.REPORTING: "Reporting",
}
MOST_CHIPS = 5


@dataclass(slots=True)
class EntryRow:
    """All that a row shows of one entry."""

    entry: Entry
    url: str
    lane_class: str
    lane_word: str
    day: dt.date
    date_words: str
    review: str
    review_words: str
    speaker: Speaker | None = None
    chips: Sequence[Entity] = ()
    n_more_chips: int = 0
    sentences: list[Sentence] = field(default_factory=list)
    has_quotes: bool = False
    n_answers: int = 0
    has_primary: bool = False
    first_report: str = ""


@dataclass(frozen=True, slots=True)
class DayGroup:
    """Rows of one day, or of one period when less is known."""

    day: dt.date
    big: str
    small: str
    is_vague: bool
    rows: list[EntryRow]


@dataclass(frozen=True, slots=True)
class MonthGroup:
    """Days of one month with the number of entries the filters let through."""

    words: str
    anchor: str
    counted: Counted
    days: list[DayGroup]


def build_rows(entries: Sequence[Entry], *, is_compact: bool = False) -> list[EntryRow]:
    """Return rows for `entries`; a compact row has no evidence, answers or documents."""
    rows = {entry.pk: _bare(entry) for entry in entries}
    if not rows:
        return []
    ids = list(rows)
    _add_names(rows, ids)
    claims: dict[int, list[Claim]] = defaultdict(list)
    published = Claim.objects.published().filter(entry_id__in=ids).select_related("entry", "technique")
    for claim in published.order_by("position", "pk"):
        claims[claim.entry_id].append(claim)
    for pk, mine in claims.items():
        rows[pk].speaker = speakers(mine)
    if not is_compact:
        _add_evidence(rows, claims)
        for pk, answers in answers_to(ids).items():
            if pk in rows:
                rows[pk].n_answers = len(answers)
        _add_documents(rows, ids)
    return list(rows.values())


def group_rows(rows: Sequence[EntryRow], tally: Tally | None = None) -> list[MonthGroup]:
    """Group rows, newest first, under their month and day; month numbers come from `tally`."""
    months: list[MonthGroup] = []
    for row in rows:
        first = row.day.replace(day=1)
        if not months or months[-1].anchor != f"m{first:%Y-%m}":
            months.append(MonthGroup(when.month_words(first), f"m{first:%Y-%m}", _month(first, tally), []))
        days = months[-1].days
        precision = row.entry.happened_precision
        is_vague = precision in when.MONTHS_BY_PRECISION
        words = row.date_words.split(" ")
        big = words[0] if is_vague else str(row.day.day)
        small = f"{precision} only" if is_vague else f"{row.day:%a}"
        if not days or (days[-1].day, days[-1].big, days[-1].small) != (row.day, big, small):
            days.append(DayGroup(row.day, big, small, is_vague, []))
        days[-1].rows.append(row)
    return months


def _month(first: dt.date, tally: Tally | None) -> Counted:
    if tally is None:
        return Counted(0, "")
    filters = tally.filters
    low, high = first, when.last_day(first, "month")
    if filters.first:
        low = max(low, filters.first.first)
    if filters.last:
        high = min(high, filters.last.last)
    return tally.counted(filters.between(*period_of(low, high)))


def _bare(entry: Entry) -> EntryRow:
    review = review_state(entry.origin, is_reviewed=entry.is_reviewed)
    lane = Lane(entry.lane)
    return EntryRow(
        entry=entry,
        url=entry.get_absolute_url(),
        lane_class=LANE_CLASSES[lane],
        lane_word=str(lane.label),
        day=when.utc_day(entry.happened_at),
        date_words=when.day_words(entry.happened_at, entry.happened_precision),
        review=review,
        review_words=REVIEWS[review],
    )


def _add_names(rows: dict[int, EntryRow], ids: list[int]) -> None:
    named: dict[int, list[Entity]] = defaultdict(list)
    links = EntryEntity.objects.filter(entry_id__in=ids, entity__is_public=True).select_related("entity")
    for link in links.order_by("position", "-n_articles", "pk"):
        named[link.entry_id].append(link.entity)
    for pk, entities in named.items():
        rows[pk].chips = entities[:MOST_CHIPS]
        rows[pk].n_more_chips = max(len(entities) - MOST_CHIPS, 0)


def _add_evidence(rows: dict[int, EntryRow], claims: dict[int, list[Claim]]) -> None:
    cites = evidence_of(claim for mine in claims.values() for claim in mine)
    for pk, mine in claims.items():
        row = rows[pk]
        row.sentences = [sentence_of(claim, cites.get(claim.pk, [])) for claim in mine]
        row.has_quotes = any(cite.quoted for sentence in row.sentences for cite in sentence.cites)


def _add_documents(rows: dict[int, EntryRow], ids: list[int]) -> None:
    primary = EntryArticle.Role.PRIMARY
    members = public_members().filter(entry_id__in=ids).select_related("article__source")
    chosen = members.filter(role=primary) | members.filter(is_first_report=True)
    for member in chosen.defer("article__feed_text"):
        row = rows[member.entry_id]
        row.has_primary = row.has_primary or member.role == primary
        if member.is_first_report:
            row.first_report = member.article.outlet_name
