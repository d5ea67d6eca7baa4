"""`/entities/<slug>/`: one entity, what is said by it, about it and done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tracker.models import (
    Affiliation,
    Alias,
    Article,
    Claim,
    Entity,
    Entry,
    EntryEntity,
    ExternalId,
    Mention,
    Position,
)
from tracker.web.access import is_staff
from tracker.web.counts import Counted
from tracker.web.cursor import place_of, read_leaf
from tracker.web.directory import PLURALS
from tracker.web.filters import Filters
from tracker.web.ledger import Line, read_lines, split_lines
from tracker.web.rows import build_rows

MOST_ENTRIES = 15
ARTICLE_ROWS = 30
ALIAS_WORDS = {"other": "also written", "legal": "legal name", "former": "former name", "acronym": "short"}
REGISTERS = {"wikidata": "https://www.wikidata.org/wiki/", "lei": "https://search.gleif.org/#/record/"}


@dataclass(frozen=True, slots=True)
class OtherName:
    """An alias with the kind of name it is."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key in another register, with its address where the register has one."""

    scheme: str
    value: str
    url: str


@require_safe
def entity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one entity."""
    found = _find(request, slug)
    names, keys = _names(found)
    groups = _claims(found)
    entries = Entry.objects.public().filter(
        Exists(EntryEntity.objects.filter(entry=OuterRef("pk"), entity=found))
    )
    latest = list(entries.order_by("-happened_at", "-pk")[:MOST_ENTRIES])
    positions = list(
        Position.objects.filter(Q(person=found) | Q(body=found), is_shown=True)
        .select_related("person", "body")
        .order_by("-start", "pk")
    )
    links = list(
        Affiliation.objects.filter(Q(child=found) | Q(parent=found)).select_related("child", "parent")
    )
    context = {
        "entity": found,
        "plural": PLURALS[found.type],  # type: ignore[index]
        "names": names,
        "keys": keys,
        "posts": [p for p in positions if p.person_id == found.pk],
        "holders": [p for p in positions if p.body_id == found.pk and p.person.is_public],
        "parents": [a for a in links if a.child_id == found.pk and a.parent.is_public],
        "children": [a for a in links if a.parent_id == found.pk and a.child.is_public],
        **groups,
        "entries": Counted(found.n_entries, Filters(entity=(found.slug,)).url()),  # type: ignore[attr-defined]
        "stats": _stats(found, groups),
        "rows": build_rows(latest, is_compact=True),
    }
    return render(request, "web/entity.html", context)


@require_safe
def entity_articles(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public articles that name the entity, newest first."""
    found = _find(request, slug)
    path = reverse("web:entity_articles", args=[found.slug])
    rows = naming(found).select_related("source").defer("feed_text")
    rows = rows.annotate(sort_at=Coalesce("published_at", "first_seen_at"))
    leaf = read_leaf(rows, place_of(request.GET), key="sort_at", size=ARTICLE_ROWS, path=path, pairs=[])
    context = {
        "entity": found,
        "plural": PLURALS[Entity.Type(found.type)],
        "n": found.n_articles,  # type: ignore[attr-defined]  # annotated by _find
        "leaf": leaf,
        "path": path,
    }
    return render(request, "web/entity_articles.html", context)


def naming(found: Entity) -> QuerySet[Article]:
    """Return the public articles whose latest text names the entity."""
    mentions = Mention.objects.filter(revision=OuterRef("latest_id"), entity=found)
    return Article.objects.public().filter(Exists(mentions))


def _stats(found: Entity, groups: dict[str, list[Line]]) -> list[Counted]:
    """Return the numbers of the head, each with its list; `group` is the colour of its meaning."""
    rows = (
        ("faced", "allegations faced", "is-alleged"),
        ("made", "allegations made", ""),
        ("answered", "answers on record", "is-answered"),
        ("acted_on", "actions name it", "is-acted"),
    )
    anchors = {"answered": "answers", "acted_on": "acted-on"}
    stats = [
        Counted(len(groups[name]), f"#{anchors.get(name, name)}", label=label, group=css)
        for name, label, css in rows
    ]
    entries = Counted(found.n_entries, Filters(entity=(found.slug,)).url(), label="entries")  # type: ignore[attr-defined]
    articles = reverse("web:entity_articles", args=[found.slug])
    return [*stats, entries, Counted(found.n_articles, articles, label="articles")]  # type: ignore[attr-defined]


def _find(request: HttpRequest, slug: str) -> Entity:
    links = (
        EntryEntity.objects.filter(entity=OuterRef("pk"), entry__is_public=True, entry__n_articles__gt=0)
        .order_by()
        .values("entity")
        .annotate(n=Count("entry_id", distinct=True))
        .values("n")
    )
    mentions = (
        Mention.objects.filter(
            entity=OuterRef("pk"),
            revision=F("revision__article__latest"),
            revision__article__is_on_subject=True,
            revision__article__status__in=Article.SHOWN,
            revision__article__hold__isnull=True,
        )
        .order_by()
        .values("entity")
        .annotate(n=Count("revision__article_id", distinct=True))
        .values("n")
    )
    rows = Entity.objects.filter(slug=slug).annotate(
        n_entries=Coalesce(Subquery(links), 0), n_articles=Coalesce(Subquery(mentions), 0)
    )
    found = rows.first() if is_staff(request) else rows.filter(is_public=True).first()
    if found is None:
        msg = "no such entity"
        raise Http404(msg)
    return found


def _names(found: Entity) -> tuple[list[OtherName], list[Key]]:
    """Return the other names and the external ids, in one query."""
    aliases = (
        Alias.objects.filter(entity=found)
        .order_by()
        .annotate(a=Value("alias", CharField()), b=F("text"), c=F("kind"), d=F("language"))
    )
    ids = (
        ExternalId.objects.filter(entity=found)
        .order_by()
        .annotate(a=Value("id", CharField()), b=F("value"), c=F("scheme"), d=Value("", CharField()))
    )
    names, keys = [], []
    columns = ("a", "b", "c", "d")
    for what, text, kind, language in (
        aliases.values_list(*columns).union(ids.values_list(*columns)).order_by("c", "b")
    ):
        if what == "id":
            keys.append(Key(kind, text, REGISTERS[kind] + text if kind in REGISTERS else ""))
        elif text != found.name:
            words = ALIAS_WORDS.get(kind, kind)
            names.append(OtherName(text, f"{words}, {language}" if language else words))
    return names, keys


def _claims(found: Entity) -> dict[str, list[Line]]:
    """Return the published claims by, about and upon the entity, and the answers to those it faces."""
    about = Q(accused=found) | Q(stated_by=found) | Q(names_entities=found)
    published = Claim.State.PUBLISHED
    answering = Q(kind=Claim.Kind.RESPONSE) & (
        Q(answers__accused=found, answers__state=published)
        | Q(leads_with__accused=found, leads_with__state=published)
    )
    lines = sorted(
        read_lines(Claim.objects.filter(about | answering), is_full=False),
        key=lambda line: (line.claim.stated_on is not None, line.claim.stated_on or 0, line.claim.pk),
        reverse=True,
    )
    groups = split_lines(lines)
    mine = found.pk
    return {
        "faced": [x for x in groups["allegations"] if x.claim.accused_id == mine],
        "made": [x for x in groups["allegations"] if x.claim.stated_by_id == mine],
        "answered": [x for x in groups["answers"] if x.claim.stated_by_id == mine],
        "silent": [x for x in groups["silences"] if x.claim.stated_by_id == mine],
        "acts": [x for x in groups["actions"] if x.claim.stated_by_id == mine],
        "acted_on": [x for x in groups["actions"] if any(slug == found.slug for _, slug in x.names)],
    }
