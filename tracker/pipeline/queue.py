"""Queue: of the polls of one host, the one that waits longest is next.

A host with a long pause between two turns puts most who ask off. Without a queue, whoever comes by chance just before
the host is free takes the turn from those who were put off, again and again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from tracker.models import Endpoint, Job


@dataclass(slots=True)
class Turns:
    """Leased polls by when they may ask."""

    first: list[tuple[Job, Endpoint]] = field(default_factory=list)
    then: list[tuple[Job, Endpoint]] = field(default_factory=list)  # once the first have asked
    later: list[tuple[Job, dt.datetime]] = field(default_factory=list)  # older ones wait for the same host


def in_turn(jobs: Sequence[Job], endpoints: Mapping[int, Endpoint]) -> Turns:
    """Return who asks first, who after them, and who does not ask because older polls wait for its host.

    Args:
        jobs: leased polls, the oldest first.
        endpoints: theirs, by primary key.
    """
    waiting = _waiting()
    put_off = {_host(endpoints[job.subject_id]) for job in jobs if job.not_before > job.created_at}
    found, asked = Turns(), set[str]()
    for job in jobs:
        endpoint = endpoints[job.subject_id]
        host = _host(endpoint)
        oldest, until = waiting.get(host, (job.pk, timezone.now()))
        if oldest < job.pk:
            found.later.append((job, until))
        elif host in put_off and host in asked:
            found.then.append((job, endpoint))
        else:
            asked.add(host)
            found.first.append((job, endpoint))
    return found


def _waiting() -> dict[str, tuple[int, dt.datetime]]:
    """Return, for each host with polls that were put off, the oldest of them and when the last may ask again."""
    # a poll that failed waits for its endpoint, not for its host
    rows = Job.objects.filter(
        kind="poll", state=Job.State.READY, attempts=0, not_before__gt=timezone.now()
    ).order_by("pk")
    jobs = list(rows.values_list("pk", "subject_id", "not_before"))
    if not jobs:
        return {}
    urls = dict(Endpoint.objects.filter(pk__in=[pk for _, pk, _ in jobs]).values_list("pk", "url"))
    found: dict[str, tuple[int, dt.datetime]] = {}
    for pk, endpoint_id, until in jobs:
        if endpoint_id in urls:
            host = urlsplit(urls[endpoint_id]).netloc
            oldest, latest = found.get(host, (pk, until))
            found[host] = oldest, max(latest, until)
    return found


def _host(endpoint: Endpoint) -> str:
    return urlsplit(endpoint.url).netloc
