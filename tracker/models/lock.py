"""Named locks: one row each, held for the length of a transaction."""

from __future__ import annotations

from django.db import models


class Lock(models.Model):
    """A name that one transaction at a time may hold; on SQLite every writing transaction is alone anyway."""

    name = models.CharField(max_length=40, primary_key=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def hold(cls, name: str) -> None:
        """Wait for the lock and keep it until the current transaction ends."""
        Lock.objects.bulk_create([Lock(name=name)], ignore_conflicts=True)
        Lock.objects.select_for_update().get(pk=name)
