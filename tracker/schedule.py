"""The one static schedule entry: look for owed work. Everything else is scheduled in the database."""

from django.conf import settings

from tracker.celery import app

app.conf.beat_schedule = {
    "sweep": {
        "task": "sweep",
        "schedule": settings.ENV.sweep_s,
        "options": {"queue": "fetch", "expires": max(settings.ENV.sweep_s * 2, 1)},
    }
}
