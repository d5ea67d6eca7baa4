"""Who is looking: readers see what is public, signed-in staff the archive too."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tracker.models import Article


def is_staff(request: HttpRequest) -> bool:
    """Whether a signed-in member of staff asks; costs no query for a visitor without a session."""
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.is_staff


def article_for(request: HttpRequest, public_id: str) -> Article:
    """Return an article that this reader may see: on the subject or near it; others are for staff only.

    Raises:
        Http404: there is none, or not for this reader; the two look the same.
    """
    shown = Article.objects.public() | Article.objects.adjacent()
    rows = Article.objects.all() if is_staff(request) else shown
    found = rows.with_source().filter(public_id=public_id).first()
    if found is None:
        msg = "no such article"
        raise Http404(msg)
    return found
