"""A person's word about endpoints: on, off, or asked now. Each change of on and off stands in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from tracker.models import Endpoint, end_notices

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

MOST_WHY = 300


def save_endpoint(
    endpoint: Endpoint, user: AbstractBaseUser | AnonymousUser | None, *, fields: list[str], why: str
) -> None:
    """Save some fields of an endpoint, with who did it and why in its history."""
    endpoint._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's way
    endpoint._change_reason = why[:100]  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    endpoint.save(update_fields=fields)


def switch(
    ids: Collection[int], user: AbstractBaseUser | AnonymousUser | None, *, is_on: bool, why: str = ""
) -> int:
    """Switch endpoints on or off and end the notices that no longer hold; return how many changed.

    Args:
        ids: their primary keys; those that are as wanted already are left alone.
        user: who does it.
        is_on: what they shall be.
        why: for those switched off, what their page says about it.
    """
    with transaction.atomic():
        rows = Endpoint.objects.select_for_update(no_key=True).filter(pk__in=ids).exclude(is_enabled=is_on)
        changed = list(rows.order_by("pk"))
        for endpoint in changed:
            endpoint.is_enabled = is_on
            endpoint.off_reason = "" if is_on else why[:MOST_WHY]
            fields = ["is_enabled", "off_reason"]
            if is_on:
                endpoint.next_poll_at = timezone.now()
                fields.append("next_poll_at")
            save_endpoint(endpoint, user, fields=fields, why="switched on" if is_on else "switched off")
        end_notices([endpoint.pk for endpoint in changed], is_on=is_on)
    return len(changed)


def poll_now(ids: Collection[int]) -> int:
    """Bring the next poll forward to now for those that are collected; return how many."""
    return Endpoint.objects.enabled().filter(pk__in=ids).update(next_poll_at=timezone.now())
