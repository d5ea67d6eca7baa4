"""Storylines and their steps."""

from __future__ import annotations

from django.contrib import admin

from tracker.admin.base import HistoryAdmin, Inline
from tracker.models import Storyline, StorylineEntry


class StepInline(Inline[StorylineEntry, Storyline]):
    """The entries of a storyline."""

    model = StorylineEntry
    extra = 0
    autocomplete_fields = ("entry",)


@admin.register(Storyline)
class StorylineAdmin(HistoryAdmin[Storyline]):
    """Entries that follow from one another."""

    list_display = ("title", "slug")
    search_fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ["title"]}
    inlines = (StepInline,)
