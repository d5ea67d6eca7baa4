"""What a change by hand makes the machine owe, and the counts that must not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from tracker import search
from tracker.models import Article, Entry, owe

if TYPE_CHECKING:
    from collections.abc import Iterable


def place_again(article_ids: Iterable[int]) -> None:
    """Have the machine decide anew which entries these articles belong to."""
    owe("place", article_ids, version=f"admin:{timezone.now().isoformat()}")


def recount(entry_ids: Iterable[int]) -> None:
    """Count the public articles and outlets of entries anew and index them, in the caller's transaction."""
    ids = sorted(set(entry_ids))
    for pk in ids:
        rows = list(Article.objects.public().filter(memberships__entry=pk).values_list("source_id", "outlet"))
        outlets = {source_id or outlet for source_id, outlet in rows}
        Entry.objects.filter(pk=pk).update(n_articles=len(rows), n_outlets=len(outlets))
    search.put("entry", ids)
