"""How far the reading of cited addresses is, which could not be read, and which evidence a person should look at."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from tracker.management.watch import Count
from tracker.models import Article, Evidence, EvidenceCheck, Job
from tracker.pipeline.cite import VERSION

KINDS = ("read", "cite")
MOST_TOLD = 120


def count() -> Count:
    """Count the addresses that evidence cites, by what came of them, and the evidence that is a span now."""
    named = Evidence.objects.exclude(article=None).exclude(cited_url="").values("article")
    articles = Article.objects.filter(Q(pk__in=named) | Q(text_from=Article.Text.CITED))
    n_cited = articles.filter(text_from=Article.Text.CITED).count()
    n_unread = _unread().count()
    with_address = Evidence.objects.exclude(cited_url="")
    n_spans = with_address.exclude(revision=None).count()
    line = (
        f"{articles.count() - n_cited} of {articles.count()} cited addresses read, "
        f"{n_unread} could not be read, {n_cited - n_unread} not tried yet; "
        f"{n_spans} of {with_address.count()} pieces of evidence have their sentence"
    )
    owed = Job.objects.filter(state__in=[Job.State.READY, Job.State.LEASED])
    # a page that failed in passing is tried again within a day; nobody waits for that
    ours = Q(kind="cite") | Q(kind="read", key__contains=f":{VERSION}")
    return Count(line, owed.filter(ours).count())


def unread() -> Iterator[str]:
    """Yield a line for each address that could not be read."""
    rows = _unread().order_by("read_outcome", "url")
    yield from (f"Not read: {row.url} ({row.read_outcome}). {row.read_reason}" for row in rows[:MOST_TOLD])
    if rows.count() > MOST_TOLD:
        yield f"... and {rows.count() - MOST_TOLD} more; the admin lists them under Articles."


def to_look_at() -> Iterator[str]:
    """Yield a line for each piece of evidence whose words were not found as they are."""
    checks = EvidenceCheck.objects.exclude(outcome=EvidenceCheck.Outcome.FOUND)
    checks = checks.filter(evidence__revision=None).select_related("evidence__claim").order_by("evidence")
    for check in checks[:MOST_TOLD]:
        claim = check.evidence.claim.public_id
        yield f"Look at {claim}: “{check.words}”. {check.get_outcome_display()}. {check.note}".rstrip()


def _unread() -> QuerySet[Article]:
    return Article.objects.filter(text_from=Article.Text.CITED).exclude(read_outcome="")
