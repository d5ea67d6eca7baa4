"""`manage.py language`: is the language pipeline installed, and is it the one that was verified."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from tracker.errors import LanguageModelError
from tracker.nlp.model import verify_model


class Command(BaseCommand):
    """Check the installed language pipeline without loading it."""

    help = "Check that the installed language model is the one that was verified."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print name and version, or say what is wrong."""
        try:
            self.stdout.write(f"{verify_model(settings.ENV.spacy_model)} is in order.")
        except LanguageModelError as error:
            raise CommandError(str(error)) from error
