"""System checks: what must be right before the program starts."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security)
def sqlite_is_immediate(**_kwargs: object) -> Sequence[CheckMessage]:
    """Deferred SQLite transactions lose writes under concurrent workers; refuse to start with them."""
    database = settings.DATABASES["default"]
    if (
        "sqlite" not in database["ENGINE"]
        or database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE"
    ):
        return []
    return [Error("SQLite must run with transaction_mode IMMEDIATE.", id="tracker.E001")]
