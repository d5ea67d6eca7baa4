"""Which rows name bytes of the archive, as one sorted stream: the database's side of `archive verify`."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap

from tracker.models.article import Revision
from tracker.models.source import Endpoint, FetchAttempt

FIELDS = (("Revision", "raw_sha256"), ("FetchAttempt", "body_sha256"), ("Endpoint", "body_sha256"))
"""Every field, by its model, that holds a key of the archive."""
CHUNK = 2000


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """One row that names bytes of the archive."""

    sha: str
    where: str  # the row, in words
    is_redacted: bool = False


def named_hashes() -> Iterator[Named]:
    """Yield every row that names bytes, ordered by hash; nothing is held in memory."""
    revisions = (
        Revision.objects.exclude(raw_sha256="")
        .order_by("raw_sha256")
        .values_list("raw_sha256", "article__public_id", "redacted_at")
    )
    tries = (
        FetchAttempt.objects.exclude(body_sha256="")
        .order_by("body_sha256")
        .values_list("body_sha256", "endpoint_id")
    )
    endpoints = Endpoint.objects.exclude(body_sha256="").order_by("body_sha256")
    yield from heapq.merge(
        starmap(lambda sha, key, at: Named(sha, f"article {key}", at is not None), revisions.iterator(CHUNK)),
        starmap(lambda sha, key: Named(sha, f"a try at endpoint {key}"), tries.iterator(CHUNK)),
        starmap(
            lambda sha, key: Named(sha, f"endpoint {key}"),
            endpoints.values_list("body_sha256", "pk").iterator(CHUNK),
        ),
    )
