"""Loads claims with their evidence, statuses, identifiers and numbers.

The database publishes a claim only with its evidence, and evidence needs its claim first. So claims are
stored as drafts, get their evidence, and are published in the same transaction.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.models import ActionIdentifier, Claim, ClaimStatus, Entity, Evidence, Quantity, Technique
from tracker.starter.keep import BATCH
from tracker.starter.pack import PackAction, PackAllegation, PackResponse
from tracker.starter.partial_dates import first_day, precision_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.starter.keep import Keeper
    from tracker.starter.pack import PackClaim, PackEntry, PackQuantity

ADJUDICATED = frozenset({"convicted_or_liable", "dismissed", "settled"})
TOGETHER = "Of {n} claims of this entry together."


@dataclass(frozen=True, slots=True)
class Ids:
    """Row ids that claims point to, by slug or address, and the names of entities."""

    entries: dict[str, int]
    articles: dict[str, int]
    entities: dict[str, int]
    names: dict[str, str]
    techniques: dict[str, int]


def load_claims(
    keeper: Keeper,
    new: Sequence[PackEntry],
    *,
    version: str,
    entries: dict[str, int],
    articles: dict[str, int],
) -> None:
    """Add the claims of new entries, published as compiled by the project."""
    ids = Ids(
        entries=entries,
        articles=articles,
        entities=dict(Entity.objects.values_list("slug", "pk")),
        names=dict(Entity.objects.values_list("slug", "name")),
        techniques=dict(Technique.objects.values_list("slug", "pk")),
    )
    packed = {claim.id: claim for entry in new for claim in entry.claims}
    rows = [
        _claim(claim, entry, position=position, ids=ids, version=version)
        for entry in new
        for position, claim in enumerate(entry.claims)
    ]
    created = {claim.public_id: claim for claim in Claim.objects.bulk_create(rows)}
    keeper.count("claims").n_added += len(created)
    evidence = _load_evidence(keeper, created, packed, articles=articles)
    _publish(keeper, created, packed, evidence=evidence)
    keeper.note(list(created.values()))
    _load_links(created, packed, ids=ids)
    _load_children(keeper, created, packed, evidence=evidence)
    _load_quantities(keeper, created, new, articles=articles)


def _claim(claim: PackClaim, entry: PackEntry, *, position: int, ids: Ids, version: str) -> Claim:
    party = claim.stated_by
    row = Claim(
        public_id=claim.id,
        state=Claim.State.DRAFT,
        origin=Claim.Origin.COMPILED,
        made_by=f"starter pack {version}",
        entry_id=ids.entries[entry.slug],
        position=position,
        stated_by_id=ids.entities.get(party.entity),
        stated_by_name=party.name,
        stated_by_role=party.role,
        stated_by_organisation=party.organisation_name or ids.names.get(party.organisation, ""),
        stated_on=first_day(claim.stated_on) if claim.stated_on else None,
        stated_precision=precision_of(claim.stated_on) if claim.stated_on else "",
        channel=claim.channel,
        is_weak=bool(claim.weak),
        weak_note=claim.weak,
    )
    detail = claim.detail
    if isinstance(detail, PackAllegation):
        _fill_allegation(row, detail, ids)
    elif isinstance(detail, PackResponse):
        _fill_response(row, detail, searched_on=first_day(version), n_searched=len(entry.citations))
    else:
        _fill_action(row, detail)
    return row


def _fill_allegation(row: Claim, detail: PackAllegation, ids: Ids) -> None:
    row.kind = Claim.Kind.ALLEGATION
    row.accused_id = ids.entities.get(detail.accused)
    row.accused_name = ids.names.get(detail.accused, "")
    row.accused_as_worded = detail.accused_as_worded
    row.names_accused = detail.names_accused
    row.relation = detail.relation
    row.technique_id = ids.techniques.get(detail.technique)
    row.target_as_worded = detail.target_as_worded
    row.period = detail.period
    row.basis = list(detail.basis)
    row.basis_note = detail.basis_note


def _fill_response(row: Claim, detail: PackResponse, *, searched_on: dt.date | None, n_searched: int) -> None:
    row.kind = Claim.Kind.RESPONSE
    row.stance = detail.stance
    row.respondent = detail.respondent
    row.gist = detail.gist
    if detail.stance == Claim.Stance.NONE_FOUND:
        row.searched_on = searched_on
        row.searched_where = f"The {n_searched} addresses cited by this entry."


def _fill_action(row: Claim, detail: PackAction) -> None:
    row.kind = Claim.Kind.ACTION
    row.stated_precision = detail.date_precision if row.stated_on else ""
    row.action_type = detail.action_type
    row.title = detail.title
    row.jurisdiction = detail.jurisdiction
    row.names_note = detail.names_note
    row.misnamed_as = list(detail.misnamed_as)


def _load_evidence(
    keeper: Keeper, claims: dict[str, Claim], packed: dict[str, PackClaim], *, articles: dict[str, int]
) -> dict[str, Evidence]:
    """Add an evidence row for each cited address; return the first one of each claim."""
    rows = [
        Evidence(claim=claims[ident], article_id=articles.get(url), cited_url=url)
        for ident, claim in packed.items()
        for url in claim.supported_by
    ]
    created = Evidence.objects.bulk_create(rows, batch_size=BATCH)
    keeper.count("evidence").n_added += len(created)
    first: dict[str, Evidence] = {}
    for evidence in created:
        first.setdefault(evidence.claim.public_id, evidence)
    return first


def _publish(
    keeper: Keeper, claims: dict[str, Claim], packed: dict[str, PackClaim], *, evidence: dict[str, Evidence]
) -> None:
    """Give each claim its leading evidence and the claim it answers, and publish it."""
    stored = dict(Claim.objects.exclude(kind=Claim.Kind.RESPONSE).values_list("public_id", "pk"))
    stored |= {ident: claim.pk for ident, claim in claims.items()}
    for ident, claim in claims.items():
        detail = packed[ident].detail
        claim.lead_evidence = evidence.get(ident)
        claim.state = Claim.State.PUBLISHED
        if isinstance(detail, PackResponse):
            claim.leads_with_id = next((stored[each] for each in detail.answers if each in stored), None)
            if claim.leads_with_id is None:
                claim.state = Claim.State.DRAFT
                keeper.count("claims").left_out.append(f"{ident} stays a draft: what it answers is not here")
    Claim.objects.bulk_update(claims.values(), ["lead_evidence", "leads_with", "state"], batch_size=BATCH)


def _load_links(claims: dict[str, Claim], packed: dict[str, PackClaim], *, ids: Ids) -> None:
    """Add targets, further techniques, answers and named entities."""
    stored = dict(Claim.objects.values_list("public_id", "pk"))
    techniques, targets, answers, named = [], [], [], []
    for ident, claim in claims.items():
        detail = packed[ident].detail
        if isinstance(detail, PackAllegation):
            techniques += [(claim.pk, ids.techniques[slug]) for slug in detail.also_techniques]
            targets += [(claim.pk, ids.entities[each]) for each in detail.targets if each in ids.entities]
        elif isinstance(detail, PackResponse):
            answers += [(claim.pk, stored[answer]) for answer in detail.answers if answer in stored]
        else:
            named += [
                (claim.pk, ids.entities[each]) for each in detail.names_entities if each in ids.entities
            ]
    also, target, answer, name = (
        Claim.also_techniques.through,
        Claim.targets.through,
        Claim.answers.through,
        Claim.names_entities.through,
    )
    also.objects.bulk_create([also(claim_id=pk, technique_id=other) for pk, other in techniques])
    target.objects.bulk_create([target(claim_id=pk, entity_id=other) for pk, other in targets])
    answer.objects.bulk_create([answer(from_claim_id=pk, to_claim_id=other) for pk, other in answers])
    name.objects.bulk_create([name(claim_id=pk, entity_id=other) for pk, other in named])


def _load_children(
    keeper: Keeper, claims: dict[str, Claim], packed: dict[str, PackClaim], *, evidence: dict[str, Evidence]
) -> None:
    """Add dated statuses (a ruling rests on the leading evidence) and official identifiers."""
    statuses = [
        ClaimStatus(
            claim=claims[ident],
            status=each.status,
            on=first_day(each.date) if each.date else None,
            precision=precision_of(each.date) if each.date else "day",
            note=each.note,
            ruling=evidence[ident] if each.status in ADJUDICATED else None,
        )
        for ident, claim in packed.items()
        for each in claim.statuses
    ]
    keeper.add("statuses", statuses, key=["claim_id", "status", "on"])
    identifiers = [
        ActionIdentifier(claim=claims[ident], scheme=scheme, value=value)
        for ident, claim in packed.items()
        if isinstance(claim.detail, PackAction)
        for scheme, value in claim.detail.identifiers
    ]
    keeper.add("identifiers", identifiers, key=["claim_id", "scheme", "value"])


def _load_quantities(
    keeper: Keeper, claims: dict[str, Claim], new: Sequence[PackEntry], *, articles: dict[str, int]
) -> None:
    """Add numbers with evidence of their own; where only words were given the value stays empty."""
    numbers = [quantity for entry in new for quantity in entry.quantities]
    wanted = {(each.claims[0], url) for each in numbers for url in each.supported_by}
    evidence = {
        (row.claim.public_id, row.cited_url): row
        for row in Evidence.objects.bulk_create(
            [
                Evidence(claim=claims[ident], field="quantities", article_id=articles.get(url), cited_url=url)
                for ident, url in sorted(wanted)
            ]
        )
    }
    keeper.count("evidence").n_added += len(evidence)
    rows = []
    for each in numbers:
        row = _quantity(each, claims[each.claims[0]])
        row.evidence = evidence[each.claims[0], each.supported_by[0]] if each.supported_by else None
        rows.append(row)
    keeper.add("quantities", rows, key=["claim_id", "metric", "scope", "as_worded"])


def _quantity(quantity: PackQuantity, claim: Claim) -> Quantity:
    together = TOGETHER.format(n=len(quantity.claims)) if len(quantity.claims) > 1 else ""
    return Quantity(
        claim=claim,
        metric=quantity.metric,
        comparator=quantity.comparator,
        value=None if quantity.value is None else Decimal(str(quantity.value)),
        unit=quantity.unit,
        scope=quantity.scope,
        stated_by_name=quantity.stated_by,
        as_worded=quantity.as_worded,
        note=" ".join(part for part in (quantity.note, together) if part),
    )
