"""The right to make the first admin: a signed token that is dead as soon as there is an admin."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core import signing

SALT = "first-admin"
GOOD_FOR_S = 86_400


def first_admin_token() -> str:
    """Return a token that is good for a day."""
    return signing.dumps("first admin", salt=SALT)


def may_make_first_admin(token: str) -> bool:
    """Whether the token is ours and still good, and there is no admin yet."""
    try:
        signing.loads(token, salt=SALT, max_age=GOOD_FOR_S)
    except signing.BadSignature:
        return False
    return not has_admin()


def has_admin() -> bool:
    """Whether anybody is admin already."""
    return get_user_model().objects.filter(is_superuser=True).exists()
