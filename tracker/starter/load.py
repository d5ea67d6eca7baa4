"""Loads a starter pack into the database, as often as one likes: the second time changes nothing.

Rows that are there are never touched, whoever wrote them; what a person renamed or deleted stays so.
The preview is the real loading, rolled back, so it cannot say anything else than what would happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from tracker import search
from tracker.models import Article, Entry
from tracker.models.lock import Lock
from tracker.starter.keep import Count, Keeper
from tracker.starter.load_entries import load_entries
from tracker.starter.load_facts import load_entities, load_sources, load_techniques

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.starter.pack import Pack


@dataclass(frozen=True, slots=True)
class Preview:
    """What loading a pack does or would do, by kind of row."""

    version: str
    counts: Mapping[str, Count]

    @property
    def n_added(self) -> int:
        """How many rows are new, of all kinds."""
        return sum(count.n_added for count in self.counts.values())

    def lines(self) -> list[str]:
        """Return the preview as lines of text, one for each kind, then what was left out and why."""
        told = [f"{'':<22}{'new':>7}{'there':>7}{'differ':>8}{'decided':>9}"]
        told += [
            f"{noun:<22}{count.n_added:>7}{count.n_unchanged:>7}{count.n_differing:>8}{count.n_decided:>9}"
            for noun, count in self.counts.items()
        ]
        told += [f"left out: {reason}" for count in self.counts.values() for reason in count.left_out]
        return told


def plan(pack: Pack, *, base_url: str = "") -> Preview:
    """Return what `install` would do now, without doing it."""
    with transaction.atomic():
        preview = _load(pack, base_url)
        transaction.set_rollback(True)
    return preview


def install(pack: Pack, *, base_url: str = "") -> Preview:
    """Load the pack and return what was added.

    Args:
        pack: a pack that was read and checked.
        base_url: scheme and host put before addresses that are paths (the sample newsroom).
    """
    with transaction.atomic():
        preview = _load(pack, base_url)
        _index(preview)
    return preview


def _load(pack: Pack, base_url: str) -> Preview:
    Lock.hold("starter")
    keeper = Keeper(reason=f"starter pack {pack.version}")
    load_sources(keeper, pack.sources, base_url=base_url)
    load_entities(keeper, pack.entities)
    if pack.taxonomy is not None:
        load_techniques(keeper, pack.taxonomy)
        load_entries(keeper, pack)
    return Preview(version=pack.version, counts=keeper.counts)


def _index(preview: Preview) -> None:
    """Put compiled entries and cited addresses into the search index; only when there are new ones."""
    if any(preview.counts[noun].n_added for noun in ("entries", "cited addresses") if noun in preview.counts):
        compiled = Entry.objects.filter(origin=Entry.Origin.COMPILED)
        search.put("entry", list(compiled.values_list("pk", flat=True)))
        cited = Article.objects.filter(memberships__entry__in=compiled).distinct()
        search.put("article", list(cited.values_list("pk", flat=True)))
