"""Reads the landmark entries with their claims, numbers, cited addresses and storylines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.starter.pack import (
    PackAction,
    PackAllegation,
    PackCitation,
    PackClaim,
    PackDate,
    PackEntry,
    PackParty,
    PackQuantity,
    PackResponse,
    PackStatus,
    PackStoryline,
)
from tracker.starter.rows import Row, open_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PRECISIONS = frozenset({"minute", "day", "month", "season", "year"})
BASES = frozenset({"event", "document", "made_public", "published", "first_report"})
LANES = frozenset({"allegations", "responses", "official_actions", "litigation", "reporting"})
ENTRY_KINDS = frozenset(
    {
        "allegation",
        "response",
        "official_action",
        "legislation",
        "litigation",
        "countermeasure",
    }
)
RELATIONS = frozenset({"is", "affiliated_with", "based_in", "unnamed"})
STANCES = frozenset(
    {
        "denies",
        "partly",
        "confirms",
        "no_comment",
        "did_not_respond",
        "none_found",
        "countersues",
        "policy_statement",
    }
)
COMPARATORS = frozenset({"=", "~", ">=", ">", "<=", "<"})
CITATION_ROLES = frozenset({"primary", "report", "context", "follow_up", "response", "correction"})


def read_landmarks(path: Path) -> tuple[tuple[PackStoryline, ...], tuple[PackEntry, ...]]:
    """Return the storylines and the entries of a file."""
    top = open_file(path)
    top.text("version")
    storylines = top.rows("storylines", _storyline, noun="storyline")
    entries = top.rows("entries", _entry, noun="entry")
    top.done()
    return storylines, entries


def _storyline(row: Row) -> PackStoryline:
    return PackStoryline(
        slug=row.name_from("slug"),
        title=row.text("title"),
        summary=row.optional("summary"),
        entries=row.texts("entries"),
        also=row.texts("also"),
    )


def _entry(row: Row) -> PackEntry:
    return PackEntry(
        slug=row.name_from("slug"),
        date=row.date("date"),
        date_precision=row.choice("date_precision", PRECISIONS),
        date_basis=row.choice("date_basis", BASES),
        title=row.text("title"),
        summary=row.text("summary"),
        kind=row.choice("kind", ENTRY_KINDS),
        lane=row.choice("lane", LANES),
        storyline=row.optional("storyline"),
        also_in=row.texts("also_in"),
        related=row.texts("related"),
        entities=row.texts("entities"),
        countries=row.texts("countries"),
        confidence=row.text("confidence"),
        other_dates=row.rows("other_dates", _date, noun="date"),
        citations=row.rows("sources", _citation, noun="source"),
        claims=row.rows("claims", _claim, noun="claim"),
        quantities=row.rows("quantities", _quantity, noun="quantity"),
        conflicts=row.texts("conflicts"),
    )


def _date(row: Row) -> PackDate:
    return PackDate(
        date=row.date("date"),
        precision=row.choice("precision", PRECISIONS),
        basis=row.choice("basis", BASES),
        note=row.text("note"),
        is_weak=row.flag("weak"),
    )


def _citation(row: Row) -> PackCitation:
    return PackCitation(
        url=row.name_from("url"),
        outlet=row.text("outlet"),
        title=row.text("title"),
        published=row.date("published"),
        role=row.choice("role", CITATION_ROLES),
        seen_as=row.optional("seen_as"),
        is_first_report=row.flag("first_report"),
        is_state_media=row.flag("state_media"),
    )


def _party(row: Row) -> PackParty:
    party = PackParty(
        name=row.text("name"),
        entity=row.optional("entity"),
        role=row.optional("role"),
        organisation=row.optional("organisation"),
        organisation_name=row.optional("organisation_name"),
    )
    row.done()
    return party


def _status(row: Row) -> PackStatus:
    return PackStatus(date=row.date("date"), status=row.text("status"), note=row.optional("note"))


def _claim(row: Row) -> PackClaim:
    ident = row.name_from("id")
    read_detail: dict[str, Callable[[Row], PackAllegation | PackResponse | PackAction]] = {
        "allegation": _allegation,
        "response": _response,
        "action": _action,
    }
    return PackClaim(
        id=ident,
        stated_by=_party(row.row("stated_by")),
        stated_on=row.date("stated_on"),
        channel=row.optional("channel"),
        detail=read_detail[row.choice("type", frozenset(read_detail))](row),
        statuses=row.rows("statuses", _status, noun="status"),
        weak=row.optional("weak"),
        supported_by=row.texts("supported_by"),
    )


def _allegation(row: Row) -> PackAllegation:
    return PackAllegation(
        accused=row.optional("accused"),
        accused_as_worded=row.text("accused_as_worded"),
        relation=row.choice("relation", RELATIONS),
        names_accused=row.flag("names_accused"),
        technique=row.text("technique"),
        also_techniques=row.texts("also_techniques"),
        targets=row.texts("targets"),
        target_as_worded=row.optional("target_as_worded"),
        period=row.optional("period"),
        basis=row.texts("basis"),
        basis_note=row.optional("basis_note"),
    )


def _response(row: Row) -> PackResponse:
    return PackResponse(
        stance=row.choice("stance", STANCES),
        respondent=row.text("respondent"),
        answers=row.texts("answers"),
        gist=row.text("gist"),
    )


def _action(row: Row) -> PackAction:
    return PackAction(
        action_type=row.text("action_type"),
        date_precision=row.choice("date_precision", PRECISIONS),
        title=row.text("title"),
        identifiers=row.rows("identifiers", _identifier, noun="identifier"),
        jurisdiction=row.optional("jurisdiction"),
        names_entities=row.texts("names_entities"),
        names_note=row.optional("names_note"),
        misnamed_as=row.texts("misnamed_as"),
    )


def _identifier(row: Row) -> tuple[str, str]:
    return row.text("scheme"), row.text("value")


def _quantity(row: Row) -> PackQuantity:
    return PackQuantity(
        claims=row.texts("claims"),
        metric=row.text("metric"),
        comparator=row.choice("comparator", COMPARATORS),
        value=row.number("value"),
        unit=row.text("unit"),
        scope=row.text("scope"),
        stated_by=row.text("stated_by"),
        as_worded=row.optional("as_worded"),
        note=row.optional("note"),
        supported_by=row.texts("supported_by"),
    )
