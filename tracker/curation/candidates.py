"""A person's word about a name that no entity has: a name of a known entity, a new entity, or not worth one.

Deciding twice is harmless: the second call changes nothing and says so. Every decision can be taken back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from rapidfuzz import fuzz, process

from tracker import search
from tracker.errors import RetortError
from tracker.linking.link import plain_name
from tracker.models import Alias, Candidate, Entity

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LIKELY = 80
"""Least likeness, of 100, at which a known name is suggested."""
MOST_SUGGESTED = 3
SHORTEST_WORD = 3
_WORD = re.compile(r"\w+")
_HAN = re.compile("[\u3400-\u9fff]")
TYPES = {"PERSON": "person", "ORG": "organisation", "PUBLIC_BODY": "public_body"}
State = Candidate.State


class CandidateError(RetortError):
    """A decision that cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known entity whose name resembles a candidate's."""

    entity: Entity
    name: str
    likeness: int  # of 100


def suggestions(candidates: Iterable[Candidate]) -> dict[int, list[Suggestion]]:
    """Return the entities whose names resemble each candidate, best first; three queries for all of them.

    Compared are names that share the first letter or a word with the candidate's.
    """
    names = list(Entity.objects.values_list("pk", "name"))
    names += Alias.objects.values_list("entity_id", "text")
    plain = [_plain(text) for _, text in names]
    sharing: dict[str, list[int]] = defaultdict(list)
    for at, name in enumerate(plain):
        for piece in _pieces(name):
            sharing[piece].append(at)
    best: dict[int, dict[int, tuple[str, int]]] = {}
    for candidate in candidates:
        wanted = _plain(candidate.name)
        near = sorted({at for piece in _pieces(wanted) for at in sharing.get(piece, ())})
        likely = process.extract(
            wanted, {at: plain[at] for at in near}, scorer=fuzz.WRatio, limit=12, score_cutoff=LIKELY
        )
        mine = best.setdefault(candidate.pk, {})
        for _, likeness, at in likely:
            pk, text = names[at]
            mine.setdefault(pk, (text, round(likeness)))
    return _with_entities(best)


def _with_entities(best: dict[int, dict[int, tuple[str, int]]]) -> dict[int, list[Suggestion]]:
    first = {candidate: list(mine.items())[:MOST_SUGGESTED] for candidate, mine in best.items()}
    entities = Entity.objects.in_bulk({pk for mine in first.values() for pk, _ in mine})
    return {
        candidate: [Suggestion(entities[pk], *said) for pk, said in mine if pk in entities]
        for candidate, mine in first.items()
    }


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return plain_name(text)


@lru_cache(maxsize=20_000)
def _pieces(plain: str) -> frozenset[str]:
    """Return what two names have to share to be compared: the first letter or a word, in Chinese any letter."""
    words = {word for word in _WORD.findall(plain) if len(word) >= SHORTEST_WORD}
    return frozenset({*words, *_HAN.findall(plain), plain[:1]})


def make_alias(candidate: Candidate, entity: Entity, user: User, *, kind: str = Alias.Kind.OTHER) -> bool:
    """Make the candidate's name one of a known entity; return whether this call decided.

    Texts that hold it are analysed again by themselves.

    Raises:
        CandidateError: the name is too short to be one.
    """
    if len(candidate.name.strip()) < 2 or len(candidate.name) > 200:  # noqa: PLR2004 - as the model wants it
        msg = f"'{candidate.name[:60]}' cannot be a name: it needs 2 to 200 letters."
        raise CandidateError(msg)
    with transaction.atomic():
        if not _decide(candidate, State.ALIAS, user, entity=entity):
            return False
        Alias.objects.get_or_create(
            entity=entity, text=candidate.name, defaults={"kind": kind, "note": _note_of(candidate)}
        )
        search.put("entity", [entity.pk])
    return True


def make_entity(candidate: Candidate, user: User, *, kind: str, name: str = "") -> bool:
    """Make a new public entity of the candidate; return whether this call decided.

    Raises:
        CandidateError: the name is empty, or there is no such kind.
    """
    name = " ".join((name or candidate.name).split())[:200]
    if kind not in Entity.Type.values or len(name) < 2:  # noqa: PLR2004 - as above
        msg = "A new entity needs a name of at least two letters and one of the six types."
        raise CandidateError(msg)
    with transaction.atomic():
        if not _decide(candidate, State.NEW, user):
            return False
        entity = Entity.objects.create(slug=_free_slug(name), name=name, type=kind, note=_note_of(candidate))
        if candidate.name != name:
            Alias.objects.get_or_create(entity=entity, text=candidate.name[:200])
        Candidate.objects.filter(pk=candidate.pk).update(entity=entity)
        candidate.entity = entity
        search.put("entity", [entity.pk])
    return True


def ignore(candidates: Iterable[Candidate], user: User, reason: str) -> int:
    """Rule that names are not worth an entity; return how many this call decided."""
    with transaction.atomic():
        return sum(_decide(candidate, State.IGNORED, user, reason=reason) for candidate in candidates)


def take_back(candidate: Candidate, user: User) -> bool:
    """Open a decided candidate again and undo what its decision made; return whether it was decided.

    The alias goes; the entity is hidden, since the ledger may point at it.
    """
    with transaction.atomic():
        row = Candidate.objects.select_for_update().get(pk=candidate.pk)
        if row.state == State.OPEN:
            return False
        if row.state == State.ALIAS:  # by its note alone: its text may have been corrected since
            made = Alias.objects.filter(note=_note_of(row))
            owners = sorted(set(made.values_list("entity_id", flat=True)))
            made.delete()
            search.put("entity", owners)
        if row.entity and row.state == State.NEW:
            row.entity.is_public = False
            row.entity.save(update_fields=["is_public", "updated_at"])
        if row.entity_id:
            search.put("entity", [row.entity_id])
        Candidate.objects.filter(pk=row.pk).update(
            state=State.OPEN, entity=None, reason="", decided_by=user, decided_at=timezone.now()
        )
    return True


def _decide(
    candidate: Candidate, state: str, user: User, *, entity: Entity | None = None, reason: str = ""
) -> bool:
    now = timezone.now()
    is_mine = Candidate.objects.filter(pk=candidate.pk, state=State.OPEN).update(
        state=state, entity=entity, reason=reason.strip()[:300], decided_by=user, decided_at=now
    )
    candidate.refresh_from_db()
    return bool(is_mine)


def _note_of(candidate: Candidate) -> str:
    return f"From candidate {candidate.pk}"


def _free_slug(name: str) -> str:
    base = slugify(name)[:100] or "entity"
    taken = set(Entity.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for n in range(len(taken) + 1) if (slug := f"{base}-{n + 1}" if n else base) not in taken
    )
