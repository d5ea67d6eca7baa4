"""Django's admin, one file per noun."""

from django.contrib import admin

from tracker.admin import (
    article,
    backfill,
    claim,
    entity,
    entry,
    found,
    health,
    job,
    source,
    storyline,
    subject,
)

admin.site.site_title = "Retort"
admin.site.site_header = "Retort"
admin.site.index_title = "Desk"

__all__ = [
    "article",
    "backfill",
    "claim",
    "entity",
    "entry",
    "found",
    "health",
    "job",
    "source",
    "storyline",
    "subject",
]
