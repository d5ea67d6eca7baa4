"""Hosts that are fetched from: when each may be asked again, shared by all workers."""

from __future__ import annotations

import datetime as dt

from django.db import connection, models
from django.utils import timezone

_TAKE = "UPDATE tracker_host SET free_at = %s WHERE name = %s AND free_at <= %s"


class Host(models.Model):
    """One host name and the moment from which it may be asked again."""

    name = models.CharField(max_length=253, primary_key=True)
    free_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def reserve(cls, name: str, delay_s: float) -> float:
        """Take the turn at a host if it is free; return 0.0 when taken, else the seconds until it is free."""
        now = timezone.now()
        until = now + dt.timedelta(seconds=delay_s)
        if cls._take(name, now, until):
            return 0.0
        host, is_new = cls.objects.get_or_create(pk=name, defaults={"free_at": until})
        return 0.0 if is_new else max((host.free_at - now).total_seconds(), 0.05)

    @classmethod
    def _take(cls, name: str, now: dt.datetime, until: dt.datetime) -> bool:
        """Move a free host's moment on. Every fetch begins here, so the statement is plain SQL made once."""
        moment = connection.ops.adapt_datetimefield_value
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [moment(until), name, moment(now)])
            return bool(cursor.rowcount > 0)

    @classmethod
    def postpone(cls, name: str, seconds: float) -> None:
        """Keep a host busy for at least `seconds` from now."""
        until = timezone.now() + dt.timedelta(seconds=seconds)
        host, is_new = cls.objects.get_or_create(pk=name, defaults={"free_at": until})
        if not is_new:
            cls.objects.filter(pk=host.pk, free_at__lt=until).update(free_at=until)
