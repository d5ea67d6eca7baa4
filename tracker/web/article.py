"""`/articles/<id>/`: one document. Readers see a short excerpt, signed-in staff the archived text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from tracker.models import Article, Claim, Entry, EntryArticle, Evidence, Mention, Revision
from tracker.search.marking import matches
from tracker.search.query import leaves, read
from tracker.text import when
from tracker.web.access import article_for, is_staff
from tracker.web.claims import anchor
from tracker.web.edits import edits_of
from tracker.web.found import LOW, Note, marks_of, notes_of
from tracker.web.marking import Marks, Name, Run, choose_excerpt, mark_paragraphs, mark_text
from tracker.web.rows import LANE_CLASSES

MOST_HITS = 500
MOST_OF_FACT = 200
FIELDS = ("title", "byline", "published", "modified", "language", "canonical_url", "site_name", "text")


@dataclass(frozen=True, slots=True)
class Reading:
    """The text as this reader may see it."""

    paragraphs: list[list[Run]]
    is_whole: bool
    n_names: int
    n_hits: int
    notes: Sequence[Note] = ()


@require_safe
def article(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one article; one off the subject, or withheld, is shown to staff only."""
    may_see_all = is_staff(request)
    found = article_for(request, public_id)
    query = request.GET.get("q", "")[:200].replace("\x00", "")
    evidence = list(
        Evidence.objects.filter(
            claim__state=Claim.State.PUBLISHED, claim__entry__is_public=True, article=found
        )
        .select_related("claim__entry")
        .order_by("pk")
    )
    mentions = _mentions(found.latest)
    context = {
        "article": found,
        "revision": found.latest,
        "published": when.day_words(found.published_at, found.published_precision)
        if found.published_at
        else "",
        "reading": _read(found, mentions, evidence, query=query, is_whole=may_see_all),
        "low": LOW,
        "facts": _facts(found, may_see_all=may_see_all),
        "query": query,
        "why": _why(found, may_see_all=may_see_all),
        "names": _names(mentions, may_see_all=may_see_all),
        "models": sorted({m.model for m in mentions}),
        "entries": _entries(found),
        "supports": {e.claim.pk: (e.claim, anchor(e.claim)) for e in evidence}.values(),
        "revisions": list(
            found.revisions.order_by("-fetched_at").only(
                "text_sha256", "raw_sha256", "fetched_at", "extractor", "redacted_at"
            )[:20]
        ),
        "edits": edits_of([found]),
        "may_see_all": may_see_all,
    }
    return render(request, "web/article.html", context)


def _mentions(revision: Revision | None) -> list[Mention]:
    if revision is None:
        return []
    return list(Mention.objects.filter(revision=revision).select_related("entity").order_by("start", "end"))


def _read(
    found: Article, mentions: list[Mention], evidence: list[Evidence], *, query: str, is_whole: bool
) -> Reading:
    text = found.latest.text if found.latest else found.feed_text
    names = [_name(mention) for mention in mentions]
    proof = [
        (e.start, e.end)
        for e in evidence
        if e.revision_id == found.latest_id and e.start is not None and e.end is not None
    ]
    hits = [(low, high) for low, high, _ in islice(matches(text, leaves(read(query).node)), MOST_HITS)]
    if is_whole:
        notes = notes_of(found.latest) if found.latest else []
        paragraphs = mark_paragraphs(text, names, Marks(proof, hits, marks_of(notes)))
        return Reading(paragraphs, is_whole=True, n_names=len(names), n_hits=len(hits), notes=notes)
    names = [name for name in names if name.url]
    spans = choose_excerpt(text, [*proof, *hits[:3], *((n.start, n.end) for n in names)])
    notes = notes_of(found.latest, spans) if found.latest and spans else []
    marks = Marks(proof, hits, marks_of(notes))
    excerpts = [mark_text(text, names, marks, start=a, end=b) for a, b in spans]
    return Reading(excerpts, is_whole=False, n_names=len(names), n_hits=len(hits), notes=notes)


def _name(mention: Mention) -> Name:
    entity = mention.entity
    if entity is not None and entity.is_public:
        return Name(mention.start, mention.end, entity.get_absolute_url(), entity.name)
    return Name(mention.start, mention.end)


def _names(mentions: list[Mention], *, may_see_all: bool) -> list[dict[str, object]]:
    """Return the entities named, in order of appearance; staff also see by which rule, and what was not resolved."""
    found: dict[object, dict[str, object]] = {}
    for mention in mentions:
        entity = mention.entity if mention.entity and mention.entity.is_public else None
        if entity is None and not may_see_all:
            continue
        key: object = entity.pk if entity else mention.surface
        row = found.setdefault(
            key,
            {
                "entity": entity,
                "surface": mention.surface,
                "label": mention.label,
                "n": 0,
                "rule": mention.rule,
            },
        )
        row["n"] = int(str(row["n"])) + 1
    return list(found.values())


def _why(found: Article, *, may_see_all: bool) -> list[tuple[str, str]]:
    """Return each field with the rule that won; the notes, which quote what was left out of a text, for staff only."""
    rules = dict(found.latest.rules) if found.latest and isinstance(found.latest.rules, dict) else {}
    if found.published_rule:
        rules["published"] = found.published_rule
    if not may_see_all:
        rules.pop("notes", None)
    known = [name for name in FIELDS if rules.get(name)]
    others = [name for name in rules if name not in FIELDS and rules[name]]
    return [(name.replace("_", " "), str(rules[name])) for name in [*known, *others]]


def _entries(found: Article) -> list[dict[str, object]]:
    rows = (
        EntryArticle.objects.filter(article=found, entry__is_public=True, entry__n_articles__gt=0)
        .select_related("entry")
        .order_by("-entry__happened_at", "pk")
    )
    return [
        {
            "entry": row.entry,
            "role": row.get_role_display(),
            "reason": "" if row.entry.origin == Entry.Origin.COMPILED else row.reason,
            "css": LANE_CLASSES[row.entry.lane],  # type: ignore[index]
            "date": when.short_day_words(row.entry.happened_at, row.entry.happened_precision),
        }
        for row in rows
    ]


def _facts(found: Article, *, may_see_all: bool) -> list[tuple[str, str]]:
    """Return what official data says of the article, with names a reader can read; the link stands elsewhere.

    Staff see all of a fact; readers `MOST_OF_FACT` characters, but an address is never cut.
    """
    return [
        (name.replace("_", " ").capitalize(), str(value) if may_see_all else _short(str(value)))
        for name, value in found.facts.items()
        if name != "link"
    ]


def _short(value: str) -> str:
    is_address = value.startswith("https://") and not any(sign.isspace() for sign in value)
    return value if is_address else Truncator(value).chars(MOST_OF_FACT)
