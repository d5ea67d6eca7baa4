"""What became of texts after their first publication: corrections, new headlines and withdrawals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from tracker.models import Article, EditNotice, Recheck, Revision
from tracker.text import when

SHORT_HASH = 12
MOST = 40


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that happened to an article's text, as a page shows it."""

    article: Article
    words: str
    date: str
    sentence: str = ""
    url: str = ""  # of the difference, where there are two revisions
    is_headline: bool = False


def diff_url(article: Article, before: Revision, after: Revision) -> str:
    """Return the address of what changed between two revisions."""
    hashes = f"from={before.text_sha256[:SHORT_HASH]}&to={after.text_sha256[:SHORT_HASH]}"
    return f"{reverse('web:diff', args=[article.public_id])}?{hashes}"


def edits_of(articles: Sequence[Article]) -> list[Edit]:
    """Return what happened to these articles, the newest first; one query, and one more where one was withdrawn."""
    by_pk = {article.pk: article for article in articles}
    notices = (
        EditNotice.objects.filter(article__in=list(by_pk))
        .select_related("revision", "before")
        .defer("revision__text", "before__text")
        .order_by("-noticed_at", "-pk")[:MOST]
    )
    found = [*_withdrawals(by_pk)]
    for notice in notices:
        article = by_pk[notice.article_id]
        found.append(
            Edit(
                article,
                notice.get_kind_display(),
                when.day_words(notice.noticed_at),
                notice.sentence,
                diff_url(article, notice.before, notice.revision) if notice.before else "",
                is_headline=notice.kind == EditNotice.Kind.HEADLINE,
            )
        )
    return found


def _withdrawals(by_pk: dict[int, Article]) -> list[Edit]:
    withdrawn = [pk for pk, article in by_pk.items() if article.status == Article.Status.WITHDRAWN]
    if not withdrawn:
        return []
    since = dict(Recheck.objects.filter(pk__in=withdrawn).values_list("pk", "gone_at"))
    words = str(Article.Status.WITHDRAWN.label)
    return [Edit(by_pk[pk], words, when.day_words(at) if (at := since.get(pk)) else "") for pk in withdrawn]
