"""`/candidates/` for staff: names that no entity has, with where they stand and what a person may rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker.curation import candidates as ruling
from tracker.curation.candidates import CandidateError, Suggestion
from tracker.models import Article, Candidate, Entity, Mention
from tracker.text import when
from tracker.text.spans import fragment
from tracker.web.cursor import place_of, read_leaf

MOST_OPEN = 50
MOST_DECIDED = 50
ITEM_ROWS = 30
MOST_REASON = 300
EXAMPLE_WORDS = 30
MOST_DIGITS = 15
NEEDED = {
    "alias": ["tracker.add_alias"],
    "new": ["tracker.add_entity", "tracker.add_alias"],
}
"""What a decision makes, and taking it back unmakes, needs the right to make it, besides that to decide."""
LABELS = {"PERSON": "person", "ORG": "organisation", "PUBLIC_BODY": "public body"}


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate with how it is written and what it may be."""

    candidate: Candidate
    label: str
    forms: Sequence[tuple[str, int]]  # other ways it is written, most frequent first
    suggestions: Sequence[Suggestion]
    decided: str


@staff_member_required
@never_cache
@require_safe
def candidates(request: HttpRequest) -> HttpResponse:
    """List the open candidates, those in most articles first, and the latest that were decided."""
    words = " ".join(request.GET.get("q", "")[:100].replace("\x00", "").split())
    rows = Candidate.objects.filter(state=Candidate.State.OPEN, n_articles__gt=0)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(key__icontains=words.casefold()))
    waiting = list(rows.order_by("-n_articles", "key")[: MOST_OPEN + 1])
    n_open = len(waiting) if len(waiting) <= MOST_OPEN else rows.count()
    waiting = waiting[:MOST_OPEN]
    likely = ruling.suggestions(waiting) if waiting else {}
    decided = Candidate.objects.exclude(state=Candidate.State.OPEN).select_related("entity", "decided_by")
    context = {
        "waiting": [_row(one, likely.get(one.pk, [])) for one in waiting],
        "decided": [_row(one, []) for one in decided.order_by("-decided_at", "-pk")[:MOST_DECIDED]],
        "n_open": n_open,
        "most_decided": MOST_DECIDED,
        "words": words,
        "may_change": request.user.has_perm("tracker.change_candidate"),
    }
    return render(request, "web/candidates.html", context)


@staff_member_required
@never_cache
@require_safe
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one candidate with the articles that name it, newest first, and the words around the name."""
    found = get_object_or_404(Candidate.objects.select_related("entity", "decided_by"), pk=pk)
    path = reverse("web:candidate", args=[pk])
    leaf = read_leaf(
        _articles(found), place_of(request.GET), key="sort_at", size=ITEM_ROWS, path=path, pairs=[]
    )
    examples = _examples(found, leaf.rows)
    context = {
        "row": _row(found, ruling.suggestions([found])[found.pk]),
        "leaf": leaf,
        "shown": [(article, examples.get(article.pk, "")) for article in leaf.rows],
        "n_articles": _articles(found).count(),
        "path": path,
        "types": Entity.Type.choices,
        "type": ruling.TYPES.get(found.label, "organisation"),
        "may_change": request.user.has_perm("tracker.change_candidate"),
        **{f"may_{what}": _user(request).has_perms(needed) for what, needed in NEEDED.items()},
        "may_undo": _user(request).has_perms(NEEDED.get(found.state, ())),
    }
    return render(request, "web/candidate.html", context)


@require_POST
@staff_member_required
@permission_required("tracker.change_candidate", raise_exception=True)
def candidate_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person's word: `alias` with an entity, `new` with a type, `ignore` with a reason, or `undo`."""
    found = get_object_or_404(Candidate, pk=pk)
    try:
        said, is_new = _decided(request, found)
    except CandidateError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("web:candidate", args=[pk]))
    if is_new:
        messages.success(request, said)
    else:
        messages.info(request, f"“{found.name}” was decided meanwhile. Nothing was changed.")
    return HttpResponseRedirect(reverse("web:candidates"))


@require_POST
@staff_member_required
@permission_required("tracker.change_candidate", raise_exception=True)
def candidates_ignore(request: HttpRequest) -> HttpResponse:
    """Rule that every ticked name is not worth an entity."""
    ids = [
        int(text)
        for text in request.POST.getlist("pick")[:MOST_OPEN]
        if text.isdecimal() and len(text) <= MOST_DIGITS
    ]
    user = _user(request)
    n = ruling.ignore(
        Candidate.objects.filter(pk__in=ids), user, request.POST.get("reason", "")[:MOST_REASON]
    )
    messages.success(request, f"{n} name{'' if n == 1 else 's'} set aside. Each can be taken back below.")
    return HttpResponseRedirect(reverse("web:candidates"))


def _decided(request: HttpRequest, found: Candidate) -> tuple[str, bool]:
    """Return the sentence for the person, and whether this call decided."""
    user, what = _user(request), request.POST.get("what", "")
    if not user.has_perms(NEEDED.get(found.state if what == "undo" else what, ())):
        raise PermissionDenied
    if what == "alias":
        entity = _entity(request.POST.get("entity", ""))
        is_new = ruling.make_alias(found, entity, user)
        return f"“{found.name}” is a name of {entity.name} now; texts with it are read again.", is_new
    if what == "new":
        kind, name = request.POST.get("type", ""), request.POST.get("name", "").replace("\x00", "")
        is_new = ruling.make_entity(found, user, kind=kind, name=name)
        return f"“{found.name}” is an entity of its own now; texts with it are read again.", is_new
    if what == "ignore":
        reason = request.POST.get("reason", "")[:MOST_REASON].replace("\x00", "")
        return f"“{found.name}” is set aside.", bool(ruling.ignore([found], user, reason))
    if what == "undo":
        return f"“{found.name}” is open again.", ruling.take_back(found, user)
    msg = "Choose what the name is: a known entity's, a new entity, or not worth one."
    raise CandidateError(msg)


def _entity(words: str) -> Entity:
    """Return the entity of a slug or of an exact name."""
    words = words.strip()[:200].replace("\x00", "")
    rows = list(Entity.objects.filter(Q(slug=words) | Q(name__iexact=words))[:2])
    if len(rows) != 1:
        found = "Several entities have" if rows else "No entity has"
        msg = f"{found} the name or address '{words}'. Give the last part of its page's address."
        raise CandidateError(msg)
    return rows[0]


def _articles(found: Candidate) -> QuerySet[Article]:
    named = Mention.objects.filter(name_key=found.key, revision=F("revision__article__latest"))
    rows = Article.objects.filter(
        Q(is_on_subject=True) | Q(is_adjacent=True), latest__in=named.values("revision")
    )
    rows = rows.select_related("source").defer("feed_text")
    return rows.annotate(sort_at=Coalesce("published_at", "first_seen_at"))


def _examples(found: Candidate, articles: Sequence[Article]) -> dict[int, str]:
    """Return the words around the first mention in each article, in one query."""
    ids = [article.latest_id for article in articles]
    mentions = Mention.objects.filter(name_key=found.key, revision__in=ids).select_related("revision")
    words: dict[int, str] = {}
    for mention in mentions.order_by("revision_id", "start"):
        revision = mention.revision
        if revision.article_id not in words:
            words[revision.article_id] = fragment(
                revision.text, mention.start, mention.end, max_words=EXAMPLE_WORDS
            )
    return words


def _row(found: Candidate, likely: Sequence[Suggestion]) -> CandidateRow:
    decided = ""
    if found.decided_at and found.state != Candidate.State.OPEN:
        who = found.decided_by.get_username() if found.decided_by else "somebody whose account is gone"
        decided = f"{found.get_state_display()}, by {who}, {when.day_words(found.decided_at)}"
    forms = [(form, n) for form, n in found.forms.items() if form != found.name]
    return CandidateRow(found, LABELS.get(found.label, found.label.lower()), forms, likely, decided)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - only signed-in staff come here
    return user
