"""What every page knows: the site's name, whether it is a sample, the main navigation, and for staff what is amiss.

No query for a reader; one for staff, made when the masthead is drawn.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from tracker.web.notices import attention

NAV = (
    ("web:timeline", "Timeline", {"timeline", "entry"}),
    ("web:entities", "Entities", {"entities", "entity", "entity_articles"}),
    ("web:search", "Search", {"search", "article"}),
    (
        "web:sources",
        "Sources",
        {
            "sources",
            "source",
            "endpoint",
            "endpoint_items",
            "notices",
            "coverage",
            "source_add",
            "preview",
            "transfer",
            "add",
        },
    ),
    ("web:about", "About", {"about"}),
)
STAFF_NAV = (
    ("web:holds", "Holds", {"holds", "hold"}),
    ("web:candidates", "Candidates", {"candidates", "candidate"}),
    ("web:jobs", "Jobs", {"jobs"}),
    ("admin:index", "Admin", set[str]()),
)


def site() -> dict[str, Any]:
    """Return what a page shows even when the database is down."""
    return {
        "site_name": settings.TRACKER_SITE_NAME,
        "is_sample": settings.TRACKER_SAMPLE,
        "contact": settings.TRACKER_CONTACT,
    }


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page."""
    match = request.resolver_match
    here = match.url_name if match and match.app_name == "web" else ""
    user = getattr(request, "user", None)
    links = NAV + STAFF_NAV if user is not None and user.is_staff else NAV
    nav = [{"url": reverse(name), "label": label, "is_here": here in names} for name, label, names in links]
    return {**site(), "nav": nav, "attention": attention(request)}
