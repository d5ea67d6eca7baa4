"""The one Django app."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    """Retort's application."""

    name = "tracker"
    verbose_name = "Retort"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register system checks."""
        from tracker import checks  # noqa: F401, PLC0415 - registration happens on import, once apps are ready
