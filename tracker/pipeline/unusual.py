"""Unusual: whether what an endpoint brought should wait for a person, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone

from tracker.models import Endpoint, EndpointDay, Hold, Notice, open_notice
from tracker.pipeline.look import Seen
from tracker.records import FoundItem
from tracker.sources.rhythm import STORM_FLOOR, SUBJECT_MIN_NEW, why_other_subject, why_storm
from tracker.text.urls import host_of, registrable_domain

POLLS_REMEMBERED = 60
POLLS_TO_KNOW = 10
TITLES_REMEMBERED = 200
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Unusual:
    """What is unusual about the new items of one look."""

    reason: Hold.Reason
    explanation: str
    address: str = ""


def unusual(endpoint: Endpoint, seen: Seen, fresh: Mapping[str, FoundItem]) -> Unusual | None:
    """Return why the new items should be held, or None. The first look at an endpoint brings what it brings.

    Another domain is told even where nothing is new: what it says of known items is as doubtful.
    """
    if other := _other_domain(endpoint, seen):
        return other
    if len(fresh) < min(SUBJECT_MIN_NEW, STORM_FLOOR) or endpoint.last_new_at is None:
        return None
    if explanation := _storm(endpoint, len(fresh)):
        return Unusual(Hold.Reason.STORM, explanation)
    known = endpoint.articles.filter(hold=None).order_by("-pk").values_list("title", flat=True)
    if explanation := why_other_subject(
        [item.title for item in fresh.values()], list(known[:TITLES_REMEMBERED])
    ):
        return Unusual(Hold.Reason.SUBJECT, explanation)
    return None


def hold_back(endpoint: Endpoint, what: Unusual) -> Hold:
    """Return the waiting hold of this kind, opened with a notice where there is none."""
    # locked, so that nobody decides on it before these items hang on it
    hold, is_new = Hold.objects.select_for_update().get_or_create(
        endpoint=endpoint,
        reason=what.reason,
        state=Hold.State.WAITING,
        defaults={"explanation": what.explanation, "address": what.address[:2000]},
    )
    if is_new:
        open_notice(endpoint.pk, Notice.Kind.HELD, what.explanation)
    elif registrable_domain(hold.address) != registrable_domain(what.address):
        # it leads elsewhere again: whoever decides must know, and decides on where it leads now
        hold.address = what.address[:2000]
        if what.explanation not in hold.explanation and hold.explanation.count("\n") < MOST_LINES:
            hold.explanation = f"{hold.explanation}\n{what.explanation}"
        hold.save(update_fields=["address", "explanation"])
    return hold


def _other_domain(endpoint: Endpoint, seen: Seen) -> Unusual | None:
    page = seen.result.page
    if page is None or host_of(page.final_url) == host_of(page.url):
        return None
    own = {registrable_domain(endpoint.url), endpoint.source.domain}
    other = registrable_domain(page.final_url) or host_of(page.final_url)
    if other in own or _was_accepted(endpoint, other):
        return None
    explanation = (
        f"{host_of(endpoint.url)} now leads to {other}, another domain. "
        "Accept it if the publisher moved there; reject it if the domain was lost or taken over."
    )
    return Unusual(Hold.Reason.DOMAIN, explanation, page.final_url)


def _was_accepted(endpoint: Endpoint, domain: str) -> bool:
    """Whether a person said of this domain that it is the publisher's, though the address could not be changed."""
    accepted = endpoint.holds.filter(reason=Hold.Reason.DOMAIN, state=Hold.State.ACCEPTED)
    addresses = accepted.values_list("address", flat=True)
    return any(domain in {registrable_domain(address), host_of(address)} for address in addresses)


def _storm(endpoint: Endpoint, n_new: int) -> str:
    if n_new <= STORM_FLOOR:
        return ""
    polls = endpoint.attempts.filter(n_items__gt=0).order_by("-at", "-pk")[:POLLS_REMEMBERED]
    brought = list(polls.values_list("n_new", "n_held", "at"))
    if len(brought) > POLLS_TO_KNOW:
        # the very first poll brings the whole listing; that is a measure only while little else is known
        brought = brought[:-1] if len(brought) < POLLS_REMEMBERED else brought
    usual = [new - held for new, held, _ in brought if new > held]
    accepted = endpoint.holds.filter(reason=Hold.Reason.STORM, state=Hold.State.ACCEPTED)
    if spans := list(accepted.values_list("created_at", "decided_at")):
        # a person who accepted a storm said that so much is usual here; of one that waits nobody said so yet
        told = [new for new, _, at in brought if any(a <= at and (b is None or at <= b) for a, b in spans)]
        usual = [max([*usual, *told], default=n_new)]
    now = timezone.now()
    days = list(EndpointDay.objects.filter(endpoint=endpoint).order_by("day").values_list("day", "n_new"))
    life = max((now.date() - days[0][0]).days, 1) if days else 1
    total = sum(n for _, n in days[1:])
    since = (now - (endpoint.last_success_at or now)) / dt.timedelta(days=1)
    return why_storm(n_new, usual, since, per_day=total / life)
