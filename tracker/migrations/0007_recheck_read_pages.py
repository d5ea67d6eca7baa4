"""Pages read before there were re-checks get a schedule, spread over a week so that no source feels it."""

import datetime as dt
from typing import Any

from django.db import migrations
from django.utils import timezone

WEEK_MIN = 7 * 24 * 60
WEEKLY_STEP = 5
CHUNK = 2000


def schedule(apps: Any, _schema_editor: object) -> None:  # noqa: ANN401 - the registry of a past state has no type
    articles = (
        apps.get_model("tracker", "Article").objects.filter(text_from="page", is_whole=False).exclude(url="")
    )
    rechecks = apps.get_model("tracker", "Recheck").objects
    now = timezone.now()
    rows = []
    for pk in articles.order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
        rows.append(
            rechecks.model(article_id=pk, step=WEEKLY_STEP, next_at=now + dt.timedelta(minutes=pk % WEEK_MIN))
        )
        if len(rows) == CHUNK:
            rechecks.bulk_create(rows, ignore_conflicts=True)
            rows = []
    rechecks.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0006_rechecks"),
    ]

    operations = [
        migrations.RunPython(schedule, migrations.RunPython.noop, elidable=True),
    ]
