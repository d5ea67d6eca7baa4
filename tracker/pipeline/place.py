"""Place: put an article into the entry of its event, or take it off the timeline.

The neighbourhood of the article is decided anew as a whole, from what is compared alone, so that the order in which
articles arrive does not matter. Placing is done under one lock inside the storing transaction: two workers that
place neighbours at the same moment would otherwise not see each other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from django.db.models import Q, QuerySet

from tracker import search
from tracker.clustering.decide import LONGEST_DISTANCE, same_event
from tracker.clustering.group import components, why_in
from tracker.clustering.title import entry_title, lane_of
from tracker.models import (
    Article,
    Entry,
    EntryAddress,
    EntryArticle,
    EntryEntity,
    Job,
    Lock,
    Mention,
    Signature,
)
from tracker.pipeline.carry import wake
from tracker.pipeline.step import Done, Result, Step
from tracker.records import GroupCandidate

BATCH = 20
MAX_NEIGHBOURS = 200
MAX_CHIPS = 40


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Placing is quick and must see what others placed, so all of it happens where it is stored."""
    for job in jobs:
        yield Done(job, partial(place, job.subject_id))


def place(article_id: int) -> None:
    """Place one article and decide its neighbourhood anew."""
    Lock.hold("placing")
    article = Article.objects.select_related("signature").filter(pk=article_id).first()
    if article is None:
        return
    search.put("article", [article_id])
    if not article.is_on_subject or article.status not in Article.SHOWN:
        leave(article_id)
        return
    wake([article_id])
    if _is_kept_by_person(article_id) or not hasattr(article, "signature"):
        refresh(EntryArticle.objects.filter(article_id=article_id).values_list("entry_id", flat=True))
        return
    decide_anew(article.signature)


def _is_kept_by_person(article_id: int) -> bool:
    """Whether the article stands in an entry that the machine does not arrange."""
    memberships = EntryArticle.objects.filter(article_id=article_id)
    return (
        memberships.exclude(entry__origin=Entry.Origin.MACHINE).exists()
        or memberships.filter(decided_by="person").exists()
    )


def leave(article_id: int) -> None:
    """Take an article out of the entries the machine put it into, and decide those who stay anew.

    What is left must not keep the headline, date or name of what left; an entry left empty is not shown.
    """
    memberships = EntryArticle.objects.filter(
        article_id=article_id, entry__origin=Entry.Origin.MACHINE, decided_by="rule"
    )
    entry_ids = list(memberships.values_list("entry_id", flat=True))
    memberships.delete()
    refresh(entry_ids)
    for entry_id in entry_ids:
        stays = Signature.objects.select_related("article").filter(
            article__memberships__entry_id=entry_id, article__memberships__decided_by="rule"
        )
        if signature := stays.order_by("happened_at", "article__key").first():
            decide_anew(signature)


def decide_anew(start: Signature) -> None:
    """Decide the whole neighbourhood of an article anew."""
    keep_groups(components(reach(start)))


def reach(start: Signature) -> list[GroupCandidate]:
    """Return the articles that hang together with `start` through pairs of same events, itself included."""
    first = _candidate(start)
    reached = {first.article_id: first}
    pool = Pool()
    wave = [first]
    while wave and len(reached) < MAX_NEIGHBOURS:
        found: dict[int, GroupCandidate] = {}
        for other in pool.around(wave):
            if other.article_id not in reached and any(same_event(one, other).is_same for one in wave):
                found[other.article_id] = other
        reached |= found
        wave = list(found.values())
    return list(reached.values())


class Pool:
    """The articles that may be of the same event, loaded once each while a neighbourhood is walked."""

    def __init__(self) -> None:
        self._loaded: dict[int, GroupCandidate] = {}
        self._days: tuple[dt.datetime, dt.datetime] | None = None
        self._texts: set[str] = set()

    def around(self, wave: Sequence[GroupCandidate]) -> list[GroupCandidate]:
        """Return the nearest articles of the wave's days, and those with the same text at any time."""
        moments = [one.happened_at for one in wave]
        low, high = min(moments) - LONGEST_DISTANCE, max(moments) + LONGEST_DISTANCE
        if self._days is None:
            middle = wave[0].happened_at
            self._days = (middle, middle)
            self._load(_placeable().filter(happened_at=middle).order_by("article__key"))
        since, until = self._days
        if low < since:
            self._load(
                _placeable().filter(happened_at__range=(low, since)).order_by("-happened_at", "article__key")
            )
        if high > until:
            self._load(
                _placeable().filter(happened_at__range=(until, high)).order_by("happened_at", "article__key")
            )
        self._days = (min(low, since), max(high, until))
        if texts := {one.text_hash for one in wave} - self._texts:
            self._texts |= texts
            self._load(_placeable().filter(text_sha256__in=texts).order_by("happened_at", "article__key"))
        return list(self._loaded.values())

    def _load(self, rows: QuerySet[Signature]) -> None:
        self._loaded |= {row.article_id: _candidate(row) for row in rows[:MAX_NEIGHBOURS]}


def _placeable() -> QuerySet[Signature]:
    """Return what the machine may arrange: on the subject, usable, and not placed by a person."""
    return (
        Signature.objects.select_related("article")
        .only("happened_at", "words", "lead", "entity_ids", "text_sha256", "article__key")
        .filter(article__is_on_subject=True, article__status__in=Article.SHOWN)
        .exclude(article__memberships__decided_by="person")
        .exclude(article__memberships__entry__origin__in=[Entry.Origin.COMPILED, Entry.Origin.PERSON])
    )


def _candidate(row: Signature) -> GroupCandidate:
    return GroupCandidate(
        article_id=row.article_id,
        key=row.article.key,
        happened_at=row.happened_at,
        words=frozenset(row.words),
        entity_ids=frozenset(row.entity_ids),
        text_hash=row.text_sha256,
        lead=frozenset(row.lead),
    )


def keep_groups(groups: Sequence[Sequence[GroupCandidate]]) -> None:
    """Make the machine's entries equal to `groups`; each entry is named after its oldest member."""
    member_ids = [member.article_id for group in groups for member in group]
    articles = Article.objects.select_related("source", "latest").in_bulk(member_ids)
    names = [f"e-{articles[group[0].article_id].public_id}" for group in groups]
    # an entry that bears one of the names counts even when it has no members left: it is shown again
    ours = Q(members__article_id__in=member_ids) | Q(public_id__in=names)
    before = list(Entry.objects.filter(ours, origin=Entry.Origin.MACHINE).distinct().order_by("pk"))
    # whoever bears the right name already keeps it, before any other entry is renamed
    named = {entry.public_id: entry for entry in before if entry.public_id in names}
    used: list[Entry] = list(named.values())
    for public_id, group in zip(names, groups, strict=True):
        entry = named.get(public_id)
        if entry is None:
            entry = _entry_to_rename(before, used, group) or Entry()
            used.append(entry)
        reasons = {member.article_id: why_in(member, group).reason for member in group}
        _keep_entry(
            entry, public_id, members=[articles[member.article_id] for member in group], reasons=reasons
        )
    for entry in before:
        if entry not in used:
            _dissolve(entry, used[0])
    refresh([entry.pk for entry in used])


def _entry_to_rename(
    before: Iterable[Entry], used: Sequence[Entry], group: Sequence[GroupCandidate]
) -> Entry | None:
    """Return the entry that holds a member of `group` and whose own oldest member is no longer the oldest."""
    member_ids = {member.article_id for member in group}
    for entry in before:
        if entry not in used and EntryArticle.objects.filter(entry=entry, article_id__in=member_ids).exists():
            return entry
    return None


def _keep_entry(
    entry: Entry, public_id: str, *, members: Sequence[Article], reasons: Mapping[int, str]
) -> None:
    founder = members[0]
    if entry.pk and entry.public_id != public_id:
        EntryAddress.objects.get_or_create(public_id=entry.public_id, defaults={"entry": entry})
    _write_entry(entry, public_id, members=members)
    EntryAddress.objects.filter(public_id=public_id).delete()
    ids = [article.pk for article in members]
    EntryArticle.objects.filter(
        article_id__in=ids, entry__origin=Entry.Origin.MACHINE, decided_by="rule"
    ).exclude(entry=entry).delete()
    EntryArticle.objects.filter(entry=entry, decided_by="rule").exclude(article_id__in=ids).delete()
    EntryArticle.objects.bulk_create(
        [
            EntryArticle(
                entry=entry,
                article=article,
                is_first_report=article is founder,
                reason=reasons[article.pk][:300],
            )
            for article in members
        ],
        update_conflicts=True,
        unique_fields=["entry", "article"],
        update_fields=["is_first_report", "reason"],
    )


def _write_entry(entry: Entry, public_id: str, *, members: Sequence[Article]) -> None:
    """Write what the machine says of an entry, column by column; what a person wrote meanwhile is not touched."""
    founder = members[0]
    titles, outlets = [article.title for article in members], [article.outlet_name for article in members]
    unnamed = f"Untitled document from {founder.outlet_name or founder.url}"
    said = {
        "title": (entry_title(titles, outlets) or unnamed)[:500],
        "lane": lane_of(founder.title, founder.latest.text if founder.latest else ""),
        "happened_at": _happened_at(founder),
        "happened_precision": founder.published_precision or "day",
        "happened_basis": Entry.Basis.PUBLISHED if founder.published_at else Entry.Basis.FIRST_REPORT,
    }
    entry.public_id = public_id
    if entry.pk is None:
        for name, value in said.items():
            setattr(entry, name, value)
        entry.save()
        return
    Entry.objects.filter(pk=entry.pk).update(public_id=public_id)
    Entry.objects.filter(pk=entry.pk, is_decided=False).update(**said)


def _happened_at(article: Article) -> dt.datetime:
    return article.published_at or article.first_seen_at


def _dissolve(entry: Entry, heir: Entry) -> None:
    """Let an entry that lost its members redirect to its heir; one with human work in it stays."""
    if entry.is_decided or entry.is_reviewed or entry.claims.exists() or entry.members.exists():
        refresh([entry.pk])
        return
    EntryAddress.objects.filter(entry=entry).update(entry=heir)
    EntryAddress.objects.get_or_create(public_id=entry.public_id, defaults={"entry": heir})
    search.remove("entry", [entry.pk])
    entry.delete()


def refresh(entry_ids: Iterable[int]) -> None:
    """Count articles, outlets and names of entries anew, and index them."""
    ids = sorted(set(entry_ids))
    for entry in Entry.objects.filter(pk__in=ids):
        articles = list(
            Article.objects.public()
            .filter(memberships__entry=entry)
            .values_list("pk", "source_id", "outlet", "latest_id")
        )
        outlets = {source_id or outlet for _pk, source_id, outlet, _latest in articles}
        Entry.objects.filter(pk=entry.pk).update(n_articles=len(articles), n_outlets=len(outlets))
        if entry.origin != Entry.Origin.COMPILED:
            _refresh_names(entry, [latest for _pk, _source, _outlet, latest in articles if latest])
    search.put("entry", ids)


def _refresh_names(entry: Entry, revision_ids: Sequence[int]) -> None:
    rows = (
        Mention.objects.filter(revision_id__in=revision_ids, entity__isnull=False, entity__is_public=True)
        .values_list("entity_id", "revision_id")
        .distinct()
    )
    n_articles = Counter(entity_id for entity_id, _revision in rows)
    order = sorted(n_articles, key=lambda pk: (-n_articles[pk], pk))[:MAX_CHIPS]
    EntryEntity.objects.filter(entry=entry).exclude(entity_id__in=order).delete()
    EntryEntity.objects.bulk_create(
        [
            EntryEntity(entry=entry, entity_id=pk, n_articles=n_articles[pk], position=position)
            for position, pk in enumerate(order)
        ],
        update_conflicts=True,
        unique_fields=["entry", "entity"],
        update_fields=["n_articles", "position"],
    )


PLACE = Step(kind="place", queue="analyse", batch=BATCH, run=run)
