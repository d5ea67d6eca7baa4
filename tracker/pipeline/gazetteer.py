"""The gazetteer is the database: entities and aliases as values for the language stage."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from tracker.nlp.analyse import Analyser
from tracker.pipeline.aliases import alias_entries
from tracker.pipeline.subject import judge_in_force
from tracker.records import AliasEntry

LOOK_AGAIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Kept:
    """The analyser of this process, the names it was made from, and when they were last looked at, by two clocks."""

    analyser: Analyser
    entries: list[AliasEntry]
    looked_at: float
    seen_at: dt.datetime


_lock = threading.Lock()
_kept: dict[str, Kept] = {}


def analyser(*, since: dt.datetime | None = None) -> Analyser:
    """Return this process's analyser, made anew within a minute of a change to the names.

    Args:
        since: moment from which changes must be in it at once, for work that a change caused.

    Raises:
        LanguageModelError: the language pipeline is missing, or is not the one that was verified.
    """
    model = settings.ENV.spacy_model
    with _lock:
        now = time.monotonic()
        kept = _kept.get(model)
        is_fresh = kept is not None and now - kept.looked_at < LOOK_AGAIN_S
        if kept is not None and is_fresh and (since is None or since < kept.seen_at):
            return kept.analyser
        seen_at = timezone.now()
        entries = alias_entries()
        judge = judge_in_force(entries)
        is_same = kept is not None and entries == kept.entries and judge == kept.analyser.judge
        found = kept.analyser if kept and is_same else Analyser(entries, model_name=model, judge=judge)
        _kept[model] = Kept(found, entries, now, seen_at)
        return found


def forget_analyser() -> None:
    """Drop the analyser of this process, so that the next use reads the names again."""
    with _lock:
        _kept.clear()
