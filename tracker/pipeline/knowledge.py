"""What is on file about entities, read from the database as the values that linking takes."""

from __future__ import annotations

import datetime as dt
import threading
import time
import weakref
from collections import defaultdict

from django.utils import timezone

from tracker.linking.knowledge import Facts, Knowledge, Post
from tracker.models import Affiliation, Entity, Position
from tracker.nlp.analyse import Analyser
from tracker.pipeline.aliases import alias_entries
from tracker.pipeline.gazetteer import LOOK_AGAIN_S

_lock = threading.Lock()
_kept: weakref.WeakKeyDictionary[Analyser, tuple[Knowledge, float, dt.datetime]] = weakref.WeakKeyDictionary()
"""What was read for the names of an analyser, and when, by two clocks."""


def knowledge(reader: Analyser, *, since: dt.datetime | None = None) -> Knowledge:
    """Return what is on file about public entities, read anew within a minute of a change.

    Args:
        reader: whose mentions are to be linked; another one, made from other names, has other knowledge.
        since: moment from which changes must be in it at once, for work that a change caused.
    """
    with _lock:
        now = time.monotonic()
        kept = _kept.get(reader)
        if kept and now - kept[1] < LOOK_AGAIN_S and (since is None or since < kept[2]):
            return kept[0]
        seen_at = timezone.now()
        found = read_knowledge()
        _kept[reader] = (found, now, seen_at)
        return found


def read_knowledge() -> Knowledge:
    """Return what is on file now: names, types, posts and affiliations of public entities."""
    posts: dict[int, list[Post]] = defaultdict(list)
    for position in Position.objects.filter(person__is_public=True).select_related("body").order_by("pk"):
        posts[position.person_id].append(post_of(position))
    rows = Entity.objects.filter(is_public=True).values_list("pk", "type", "name", "subtype", "country")
    facts = [Facts(*row, posts=tuple(posts[row[0]])) for row in rows.order_by("pk")]
    pairs = Affiliation.objects.filter(child__is_public=True, parent__is_public=True)
    return Knowledge(alias_entries(), facts, pairs.order_by("pk").values_list("child_id", "parent_id"))


def post_of(position: Position) -> Post:
    """Return a post as a value; its body must have been fetched with it."""
    body = position.body
    return Post(
        title=position.title,
        body_id=position.body_id,
        body_name=position.body_name or (body.name if body else ""),
        start=position.start,
        end=position.end,
        is_shown=position.is_shown,
    )
