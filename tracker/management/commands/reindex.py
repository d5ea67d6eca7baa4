"""`manage.py reindex`: make the search index anew from what is public."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand

from tracker.search import rebuild


class Command(BaseCommand):
    """Fill the search index; the site stays up meanwhile."""

    help = "Make the search index anew from what is public. The site stays up meanwhile."

    def handle(self, *_args: object, **_options: object) -> None:
        """Rebuild and print the counts."""
        started = time.monotonic()
        counts = rebuild()
        parts = ", ".join(f"{count} {kind}" for kind, count in counts.items())
        self.stdout.write(f"Indexed {parts} in {time.monotonic() - started:.1f} s.")
