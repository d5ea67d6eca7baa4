"""The Celery application: it schedules and distributes; what is owed stands in the job table."""

import os

from celery import Celery
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

TRANSPORT_ALIASES["folder"] = "tracker.bell:Transport"
app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, routing_key=name) for name in ("fetch", "read", "analyse")]
app.conf.task_default_queue = "fetch"
app.conf.beat_schedule = {}
app.autodiscover_tasks(["tracker"])
app.autodiscover_tasks(["tracker"], related_name="schedule")
