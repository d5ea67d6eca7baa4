"""A person's word about what was held: accepted items are read, rejected ones never are.

Deciding twice is harmless: the second call changes nothing and says who decided first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from tracker import search
from tracker.curation.endpoints import save_endpoint, switch
from tracker.models import Article, Endpoint, Hold, Notice, close_notices, owe

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a decision: whether it was this call that decided, and what else a person should know."""

    hold: Hold
    is_new: bool
    n_items: int = 0
    note: str = ""


def accept(hold: Hold, user: User) -> Verdict:
    """Let the items of a hold be read; one held for its domain gives the endpoint its new address.

    Items that slipped into the hold while it was being accepted are let go by a second call.
    """
    with transaction.atomic():
        endpoint = _locked(hold)
        is_new = _decide(hold, Hold.State.ACCEPTED, user)
        if not is_new and hold.state != Hold.State.ACCEPTED:
            return Verdict(hold, is_new=False)
        ids = list(hold.articles.filter(status=Article.Status.USABLE).values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            Article.objects.filter(pk__in=some).update(hold=None)
            owe("read", some, version="first")
        _tell_how_many(hold, len(ids), is_new=is_new)
        note = _move(endpoint, hold, user) if is_new and hold.reason == Hold.Reason.DOMAIN else ""
        _end_notice(endpoint)
        return Verdict(hold, is_new, len(ids), note)


def reject(hold: Hold, user: User, why: str) -> Verdict:
    """Keep the items of a hold out for good; one held for its domain also switches its endpoint off."""
    with transaction.atomic():
        endpoint = _locked(hold)
        if not _decide(hold, Hold.State.REJECTED, user):
            return Verdict(hold, is_new=False)
        why = why.strip()
        if why:
            hold.explanation = f"{hold.explanation}\nRejected: {why}"
            hold.save(update_fields=["explanation"])
        ids = list(hold.articles.values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            Article.objects.filter(pk__in=some).update(status=Article.Status.REJECTED)
            search.put("article", some)  # takes out what was found by any chance
        note = ""
        if hold.reason == Hold.Reason.DOMAIN:
            reason = "Its address leads to another domain, and that was rejected."
            switch([endpoint.pk], user, is_on=False, why=f"{reason} {why}".strip())
            note = "The endpoint was switched off."
        _end_notice(endpoint)
        return Verdict(hold, is_new=True, n_items=len(ids), note=note)


def _locked(hold: Hold) -> Endpoint:
    """Return the endpoint, kept from others until the transaction ends: its holds are decided one by one."""
    return Endpoint.objects.select_for_update(no_key=True).get(pk=hold.endpoint_id)


def _decide(hold: Hold, state: Hold.State, user: User) -> bool:
    """Compare and set; the hold then says what is stored, whoever decided it."""
    waiting = Hold.objects.filter(pk=hold.pk, state=Hold.State.WAITING)
    is_new = waiting.update(state=state, decided_at=timezone.now(), decided_by=user) == 1
    hold.refresh_from_db()
    return is_new


def _tell_how_many(hold: Hold, n: int, *, is_new: bool) -> None:
    """Write down how many items were let go: they hang on the hold no more, and could not be counted afterwards."""
    if n or is_new:
        when = "Accepted" if is_new else "Accepted later"
        hold.explanation = f"{hold.explanation}\n{when}: {n} item{'' if n == 1 else 's'}."
        hold.save(update_fields=["explanation"])


def _move(endpoint: Endpoint, hold: Hold, user: User) -> str:
    """Give the endpoint the address it leads to, if nobody has it; return what a person should know."""
    if not hold.address or hold.address == endpoint.url:
        return ""
    if other := Endpoint.objects.filter(url=hold.address).exclude(pk=endpoint.pk).first():
        return f"The address stays as it was, because '{other}' has {hold.address} already. Switch one off."
    cleared = {"etag": "", "last_modified": "", "body_sha256": "", "moved_to": "", "moved_count": 0}
    for name, value in cleared.items():
        setattr(endpoint, name, value)
    endpoint.url = hold.address
    endpoint.next_poll_at = timezone.now()
    fields = ["url", "next_poll_at", *cleared]
    save_endpoint(endpoint, user, fields=fields, why=f"hold {hold.pk} accepted: it moved")
    close_notices(endpoint.pk, [Notice.Kind.MOVED])
    return f"The endpoint's address is now {endpoint.url}."


def _end_notice(endpoint: Endpoint) -> None:
    if not endpoint.holds.filter(state=Hold.State.WAITING).exists():
        close_notices(endpoint.pk, [Notice.Kind.HELD])
