"""`/articles/<id>/changes/?from=&to=`: what changed between two revisions, in words.

Staff see the whole; readers see the changed words with a few around them, and no more in all than a quotation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import Article, EditNotice, Mention, Revision
from tracker.text.word_diff import Passage, Run, compare, only_changes
from tracker.web.access import article_for, is_staff
from tracker.web.edits import SHORT_HASH

N_CONTEXT = 12
MOST_WORDS = 150
MOST_REVISIONS = 100
MOST_CHARS = 300_000
"""Code points of each text that are compared."""
_HASH = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Shown:
    """What this reader may see of a difference."""

    passages: list[Passage]
    is_whole: bool
    is_all: bool
    n_changes: int


@require_safe
def diff(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what changed between two revisions; by default between the latest and the one before."""
    may_see_all = is_staff(request)
    article = article_for(request, public_id)
    revisions = list(article.revisions.defer("text").order_by("-fetched_at", "-pk")[:MOST_REVISIONS])
    after = _chosen(revisions, request.GET.get("to", "")) or _latest(revisions, article)
    before = _chosen(revisions, request.GET.get("from", "")) or _before(revisions, after)
    problem = _problem(request, revisions, before, after)
    context = {
        "article": article,
        "before": before,
        "after": after,
        "revisions": [(one, one.text_sha256[:SHORT_HASH]) for one in revisions],
        "titles": _titles(before, after),
        "shown": _shown(before, after, is_whole=may_see_all) if before and after and not problem else None,
        "notices": EditNotice.objects.filter(revision=after) if after else [],
        "lost": _lost_names(before, after) if may_see_all else [],
        "problem": problem,
        "may_see_all": may_see_all,
    }
    return render(request, "web/diff.html", context)


def _chosen(revisions: list[Revision], asked: str) -> Revision | None:
    if not _HASH.fullmatch(asked):
        return None
    return next((one for one in revisions if one.text_sha256.startswith(asked)), None)


def _latest(revisions: list[Revision], article: Article) -> Revision | None:
    return next(
        (one for one in revisions if one.pk == article.latest_id), revisions[0] if revisions else None
    )


def _before(revisions: list[Revision], after: Revision | None) -> Revision | None:
    """Return the revision fetched last before `after`, or else any other."""
    others = [one for one in revisions if after is not None and one.pk != after.pk]
    older = [one for one in others if after and (one.fetched_at, one.pk) < (after.fetched_at, after.pk)]
    return next(iter(older or others), None)


def _problem(
    request: HttpRequest, revisions: list[Revision], before: Revision | None, after: Revision | None
) -> str:
    """Return why nothing can be compared, in a sentence."""
    for name in ("from", "to"):
        asked = request.GET.get(name, "")
        if asked and _chosen(revisions, asked) is None:
            return f"The address names a revision after “{name}” that this article does not have. Choose two below."
    if before is None or after is None:
        return "There is only one revision of this article, so there is nothing to compare."
    if before.redacted_at or after.redacted_at:
        return "One of the two revisions was redacted; what it said is not kept."
    return ""


def _titles(before: Revision | None, after: Revision | None) -> tuple[Run, ...]:
    if before is None or after is None or before.title == after.title:
        return ()
    return tuple(run for passage in compare(before.title, after.title) for run in passage.runs)


def _shown(before: Revision, after: Revision, *, is_whole: bool) -> Shown:
    passages = compare(before.text[:MOST_CHARS], after.text[:MOST_CHARS])
    n_changes = sum(not passage.is_same for passage in passages)
    if is_whole:
        is_all = max(len(before.text), len(after.text)) <= MOST_CHARS
        return Shown(passages, is_whole=True, is_all=is_all, n_changes=n_changes)
    changes, is_all = only_changes(passages, n_context=N_CONTEXT, most_words=MOST_WORDS)
    only = [Passage(is_same=False, runs=runs, n_paragraphs=1) for runs in changes]
    return Shown(only, is_whole=False, is_all=is_all, n_changes=n_changes)


def _lost_names(before: Revision | None, after: Revision | None) -> list[str]:
    """Return the mentions a person decided that the later revision no longer has, or not where they could be told."""
    if before is None or after is None:
        return []
    decided = Mention.objects.filter(decided_by="person")
    here = set(decided.filter(revision=after).values_list("surface", flat=True))
    there = decided.filter(revision=before).order_by("start").values_list("surface", flat=True)
    return [surface for surface in dict.fromkeys(there) if surface not in here]
