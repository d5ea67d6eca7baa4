"""Prints what a database holds as one digest: everything but row numbers and the moments of the run."""

from __future__ import annotations

import hashlib
import json

import django

django.setup()

from tracker.models import Article, Entry, Job, Mention, Revision  # noqa: E402 - Django first


def content() -> dict[str, object]:
    """Return the content that two runs over the same captures must share."""
    articles = list(
        Article.objects.order_by("key").values_list(
            "key", "url", "title", "text_from", "read_outcome", "is_on_subject", "latest__text_sha256"
        )
    )
    revisions = list(
        Revision.objects.order_by("article__key", "text_sha256").values_list(
            "article__key", "text_sha256", "text"
        )
    )
    mentions = list(
        Mention.objects.order_by(
            "revision__article__key", "revision__text_sha256", "start", "end"
        ).values_list("revision__article__key", "start", "end", "surface", "label", "entity__slug")
    )
    entries = [
        (
            entry.public_id,
            entry.title,
            entry.lane,
            sorted(entry.members.values_list("article__key", flat=True)),
        )
        for entry in Entry.objects.order_by("public_id")
    ]
    rows = [articles, revisions, mentions, entries]
    digest = hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()
    return {
        "digest": digest,
        "articles": len(articles),
        "revisions": len(revisions),
        "mentions": len(mentions),
        "entries": len(entries),
        "grouped": sum(len(entry[3]) > 1 for entry in entries),
        "done": Job.objects.filter(state="done").count(),
        "open": Job.objects.exclude(state="done").count(),
    }


if __name__ == "__main__":
    print(json.dumps(content()))  # noqa: T201 - the test reads it
