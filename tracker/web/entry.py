"""`/entries/<id>/`: one entry, in the order in which a person on deadline reads it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import (
    Claim,
    Entity,
    Entry,
    EntryAddress,
    EntryArticle,
    EntryEntity,
    Storyline,
    StorylineEntry,
)
from tracker.text import when
from tracker.web.access import is_staff
from tracker.web.claims import answering
from tracker.web.edits import edits_of
from tracker.web.filters import REVIEWS, Filters, period_of, public_members, review_state
from tracker.web.ledger import Line, read_lines, split_lines, stance_summary
from tracker.web.rows import LANE_CLASSES

ROLE_ORDER = tuple(EntryArticle.Role.values)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a storyline, seen from this one."""

    entry: Entry
    css: str
    n_days: int
    words: str
    date: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A storyline as a strip of days."""

    storyline: Storyline
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """The articles of one role."""

    words: str
    members: list[EntryArticle]


@require_safe
def entry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one entry; an older address redirects for ever."""
    rows = Entry.objects.all() if is_staff(request) else Entry.objects.public()
    found = rows.filter(public_id=public_id).first()
    if found is None:
        return _redirect(rows, public_id)
    lines = read_lines(Claim.objects.filter(answering([found.pk])))
    if is_staff(request):
        _add_shaken(lines)
    groups = split_lines(lines)
    mine = [line for line in lines if line.claim.entry_id == found.pk]
    members = _members(found)
    day = when.utc_day(found.happened_at)
    month = Filters().between(*period_of(day.replace(day=1), when.last_day(day.replace(day=1), "month")))
    review = review_state(found.origin, is_reviewed=found.is_reviewed)
    context = {
        "entry": found,
        "lane_class": LANE_CLASSES[found.lane],  # type: ignore[index]
        "date": when.day_words(found.happened_at, found.happened_precision),
        "weekday": f"{day:%A}" if found.happened_precision in {"day", "minute"} else "",
        "month": {"words": when.month_words(day), "url": month.url()},
        "review": review,
        "review_words": REVIEWS[review],
        "who": _who(mine),
        "whom": split_lines(mine)["allegations"],
        "own": split_lines(mine),
        "techniques": _techniques(mine),
        **groups,
        "stances": stance_summary(groups["answers"]),
        "strips": _strips(found),
        "roles": _by_role(members),
        "members": members,
        "primary": [m for m in members if m.role == EntryArticle.Role.PRIMARY],
        "first_reports": [m for m in members if m.is_first_report],
        "outlets": _outlets(members),
        "named": _named(found),
        "published": _published(members),
        "edits": edits_of([member.article for member in members]),
    }
    return render(request, "web/entry.html", context)


def _add_shaken(lines: Sequence[Line]) -> None:
    """Tell staff which evidence the latest text of its article altered or dropped."""
    for line in lines:
        line.shaken = [cite for cite in line.cites if cite.is_shaken]


def _redirect(rows: QuerySet[Entry], public_id: str) -> HttpResponsePermanentRedirect:
    old = EntryAddress.objects.filter(public_id=public_id, entry__in=rows).select_related("entry").first()
    if old is None:
        msg = "no such entry"
        raise Http404(msg)
    return HttpResponsePermanentRedirect(old.entry.get_absolute_url())


def _members(found: Entry) -> list[EntryArticle]:
    rows = public_members().filter(entry=found).select_related("article__source").defer("article__feed_text")
    far = when.utc_day(found.known_at).isoformat()
    return sorted(
        rows,
        key=lambda m: (
            ROLE_ORDER.index(m.role),
            not m.is_first_report,
            when.utc_day(m.article.published_at).isoformat() if m.article.published_at else far,
            m.pk,
        ),
    )


def _by_role(members: Sequence[EntryArticle]) -> list[RoleGroup]:
    groups: dict[str, list[EntryArticle]] = defaultdict(list)
    for member in members:
        groups[member.role].append(member)
    return [RoleGroup(str(group[0].get_role_display()), group) for group in groups.values()]


def _techniques(lines: Sequence[Line]) -> list[str]:
    """Return the techniques that the entry's own allegations name, each once."""
    return list(dict.fromkeys(line.claim.technique.label for line in lines if line.claim.technique))


def _outlets(members: Sequence[EntryArticle]) -> list[tuple[str, int]]:
    """Return each outlet with its number of articles; an outlet is a source, or a name where no source is known."""
    numbers = Counter(m.article.source_id or m.article.outlet for m in members)
    names = {
        m.article.source_id or m.article.outlet: m.article.outlet_name or "outlet not known" for m in members
    }
    return [(names[key], n) for key, n in numbers.most_common()]


def _who(lines: Sequence[Line]) -> list[Line]:
    """Return one line per accuser, else per answerer, else per actor, of the entry's own claims."""
    groups = split_lines(lines)
    chosen = groups["allegations"] or groups["answers"] or groups["actions"] or groups["silences"]
    return list({(line.claim.stated_by_name, line.claim.stated_by_role): line for line in chosen}.values())


def _named(found: Entry) -> list[Entity]:
    links = EntryEntity.objects.filter(entry=found, entity__is_public=True).select_related("entity")
    return [link.entity for link in links.order_by("position", "-n_articles", "pk")]


def _published(members: Sequence[EntryArticle]) -> tuple[str, str] | None:
    """Return the first and the last day on which one of the articles was published."""
    days = sorted(when.utc_day(m.article.published_at) for m in members if m.article.published_at)
    return (when.day_words(days[0]), when.day_words(days[-1])) if days else None


def _strips(found: Entry) -> list[Strip]:
    rows = (
        StorylineEntry.objects.filter(
            storyline__steps__entry=found, entry__is_public=True, entry__n_articles__gt=0
        )
        .select_related("entry", "storyline")
        .order_by("storyline_id", "entry__happened_at", "entry_id")
    )
    strips: dict[int, Strip] = {}
    here = when.utc_day(found.happened_at)
    for row in rows:
        strip = strips.setdefault(row.storyline_id, Strip(row.storyline, []))
        n_days = (when.utc_day(row.entry.happened_at) - here).days
        strip.steps.append(
            Step(
                row.entry,
                LANE_CLASSES[row.entry.lane],  # type: ignore[index]
                n_days,
                "this entry" if row.entry_id == found.pk else when.distance_words(n_days),
                when.short_day_words(row.entry.happened_at, row.entry.happened_precision),
                row.entry_id == found.pk,
            )
        )
    return [strip for strip in strips.values() if len(strip.steps) > 1]
