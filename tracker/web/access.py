"""Who is looking: readers see what is public, signed-in staff the archive too."""

from __future__ import annotations

from django.http import HttpRequest


def is_staff(request: HttpRequest) -> bool:
    """Whether a signed-in member of staff asks; costs no query for a visitor without a session."""
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.is_staff
