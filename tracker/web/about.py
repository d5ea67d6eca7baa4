"""`/about/`: how this is made, from live settings and live rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker.models import Article, Entry, Mention, Revision, Technique
from tracker.web.counts import Tally
from tracker.web.filters import REVIEWS, Filters

NEWEST = 500


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Explain what is machine-made, what `not reviewed` means and how to ask for a correction."""
    tally = Tally.read(Filters())
    revisions = list(
        Revision.objects.order_by("-pk").values_list("extractor", "analysed_by", "text_from")[:NEWEST]
    )
    rules = (
        Article.objects.exclude(relevance_rule="").order_by("-pk").values_list("relevance_rule", flat=True)
    )
    mentions = list(Mention.objects.order_by("-pk").values_list("model", "rule", "decided_by")[: NEWEST * 4])
    context = {
        "language_model": settings.ENV.spacy_model,
        "total": tally.counted(Filters()),
        "reviews": tally.facet("review", REVIEWS),
        "extractors": _common(row[0] for row in revisions),
        "analysers": _common(row[1] for row in revisions),
        "models": _common(row[0] for row in mentions),
        "link_rules": _common(row[1] for row in mentions),
        "relevance_rules": _common(rules[:NEWEST]),
        "taxonomy": Technique.objects.order_by("-version").values_list("version", flat=True).first(),
        "basis": [label for _, label in Entry.Basis.choices],
        "poll_interval_min": settings.ENV.poll_interval_s // 60,
        "respects_robots": settings.ENV.respect_robots,
        "user_agent": settings.ENV.user_agent,
    }
    return render(request, "web/about.html", context)


def _common(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(value for value in values if value).most_common(8)]
