"""The published claims of a page with all that hangs on them: evidence, numbers, statuses, identifiers, answers.

Six queries, whatever the number of claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.urls import reverse

from tracker.models import ActionIdentifier, Claim, ClaimStatus, Quantity
from tracker.models.claim import ClaimQuerySet
from tracker.text import when
from tracker.web.claims import SILENCE, Cite, anchor, anchor_of, evidence_of, names_nobody, says

STANCE_VERBS = {
    "denies": "deny",
    "partly": "partly admit",
    "confirms": "confirm",
    "countersues": "countersue",
}


@dataclass(slots=True)
class Line:
    """One claim as a row of a table."""

    claim: Claim
    anchor: str
    says: str
    date: str
    is_silent: bool
    names_nobody: bool
    cites: Sequence[Cite] = ()
    quantities: list[Quantity] = field(default_factory=list)
    statuses: list[tuple[ClaimStatus, str]] = field(default_factory=list)
    identifiers: list[ActionIdentifier] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)  # name, slug
    answers: list[tuple[str, str]] = field(default_factory=list)  # whom it answers, address of the claim
    answered_by: list[Line] = field(default_factory=list)
    shaken: Sequence[Cite] = ()  # evidence altered or gone in a later revision; filled for staff

    @property
    def url(self) -> str:
        """Address of the claim's row on its entry's page."""
        return f"{self.claim.entry.get_absolute_url()}#{self.anchor}"


def read_lines(claims: ClaimQuerySet, *, is_full: bool = True) -> list[Line]:
    """Return the published ones of `claims` as lines.

    Args:
        claims: any claims; drafts and claims of entries that are not public are left out here.
        is_full: with evidence, statuses and identifiers; three queries more than without.
    """
    rows = list(
        claims.published()
        .filter(entry__is_public=True)
        .select_related("entry", "technique", "accused", "stated_by")
        .distinct()
        .order_by("stated_on", "entry_id", "position", "pk")
    )
    lines = {claim.pk: _line(claim) for claim in rows}
    if not lines:
        return []
    if is_full:
        cites = evidence_of(rows)
        for pk, line in lines.items():
            line.cites = cites.get(pk, [])
        _add_statuses(lines)
        _add_identifiers(lines)
    _add_quantities(lines)
    _add_links(lines)
    return list(lines.values())


def split_lines(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines under `allegations`, `answers`, `silences` and `actions`."""
    groups: dict[str, list[Line]] = {"allegations": [], "answers": [], "silences": [], "actions": []}
    for line in lines:
        if line.claim.kind == Claim.Kind.ALLEGATION:
            groups["allegations"].append(line)
        elif line.claim.kind == Claim.Kind.ACTION:
            groups["actions"].append(line)
        else:
            groups["silences" if line.is_silent else "answers"].append(line)
    return groups


def stance_summary(lines: Sequence[Line]) -> list[str]:
    """Return how many answers say what, as `2 deny`, `1 confirms`."""
    counts: dict[str, int] = defaultdict(int)
    for line in lines:
        counts[line.claim.stance] += 1
    words = dict(Claim.Stance.choices)
    return [f"{n} {STANCE_VERBS.get(s, words[s]) if n > 1 else words[s]}" for s, n in counts.items()]


def _line(claim: Claim) -> Line:
    on = claim.stated_on
    date = when.short_day_words(on, claim.stated_precision or "day") if on else "date not known"
    return Line(claim, anchor(claim), says(claim), date, claim.stance in SILENCE, names_nobody(claim))


def _add_quantities(lines: dict[int, Line]) -> None:
    for row in Quantity.objects.filter(claim_id__in=lines).order_by("pk"):
        lines[row.claim_id].quantities.append(row)


def _add_statuses(lines: dict[int, Line]) -> None:
    for row in ClaimStatus.objects.filter(claim_id__in=lines).order_by("on", "pk"):
        words = when.short_day_words(row.on, row.precision) if row.on else "date not known"
        lines[row.claim_id].statuses.append((row, words))


def _add_identifiers(lines: dict[int, Line]) -> None:
    for row in ActionIdentifier.objects.filter(claim_id__in=lines).order_by("pk"):
        lines[row.claim_id].identifiers.append(row)


def _add_links(lines: dict[int, Line]) -> None:
    """Join claims to techniques, named entities and the claims they answer, in one query."""
    ids = list(lines)
    published = Q(to_claim__state=Claim.State.PUBLISHED, to_claim__entry__is_public=True)
    also = _shaped(
        Claim.also_techniques.through.objects.filter(claim_id__in=ids),
        "claim_id",
        kind="also",
        label="technique__label",
    )
    names = _shaped(
        Claim.names_entities.through.objects.filter(claim_id__in=ids, entity__is_public=True),
        "claim_id",
        kind="names",
        label="entity__name",
        key=F("entity__slug"),
    )
    answers = _shaped(
        Claim.answers.through.objects.filter(published, Q(from_claim_id__in=ids) | Q(to_claim_id__in=ids)),
        "from_claim_id",
        kind="answers",
        label="to_claim__stated_by_name",
        key=Concat(F("to_claim__entry__public_id"), Value("#"), F("to_claim__public_id")),
    )
    by_public_id = {line.claim.public_id: line for line in lines.values()}
    for pk, kind, label, key in also.union(names, answers).order_by("a_claim", "d_key"):
        if kind == "answers":
            _join_answer(lines.get(pk), by_public_id, label, key)
        elif kind == "also":
            lines[pk].also.append(label)
        else:
            lines[pk].names.append((label, key))


def _join_answer(line: Line | None, by_public_id: dict[str, Line], name: str, key: str) -> None:
    if line is None:
        return
    entry_id, _, public_id = key.partition("#")
    if name not in dict(line.answers):
        line.answers.append((name, reverse("web:entry", args=[entry_id]) + "#" + anchor_of(public_id)))
    target = by_public_id.get(public_id)
    if target is not None:
        target.answered_by.append(line)


def _shaped(
    rows: QuerySet[Any], claim: str, *, kind: str, label: str, key: Combinable | None = None
) -> QuerySet[Any, Any]:
    """Return rows as (claim, kind, label, key), so that unlike tables can be joined by UNION."""
    shaped: QuerySet[Any, Any] = (
        rows.order_by()
        .annotate(a_claim=F(claim), b_kind=_text(kind), c_label=F(label), d_key=key or _text(""))
        .values_list("a_claim", "b_kind", "c_label", "d_key")
    )
    return shaped


def _text(text: str) -> Value:
    return Value(text, output_field=CharField())
