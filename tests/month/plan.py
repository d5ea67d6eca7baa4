"""The plan of the simulated month: who publishes, and which outage strikes whom, when and how."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.month.publishers import LIST_OPTIONS, Publisher

HOUR = 3600
SHARED_HOST = "host.shared.example"
KINDS = ("feed", "feed", "json_feed", "news_sitemap", "html_list")
FAULTS = (
    "dns",
    "tls",
    "connection",
    "timeout",
    "404",
    "403",
    "429",
    "500",
    "503",
    "blocked",
    "parse",
    "too large",
    "refused",
    "robots",
)
SINGLE_SHARE = 0.042
"""Share of the answers outside outages that fail once."""
OUTAGE_SHARE = 0.4
"""Outages per endpoint."""
SPARED = frozenset({"gone", "lost", "storm", "quiet", "mover"})
"""Roles whose own story is checked; no outage falls into it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time during which every answer of one publisher is one fault."""

    number: int
    fault: str
    start: dt.datetime
    end: dt.datetime


def cast(n: int, start: dt.datetime, days: float) -> list[Publisher]:
    """Return `n` publishers: one of every story first, then the everyday ones in their proportions."""
    publishers = [_story(number, role, start, days) for number, role in enumerate(_roles(n))]
    assert len(publishers) == n
    return publishers


def _roles(n: int) -> Iterator[str]:
    stories = ("gone", "storm", "lost", "mover", "quiet", "restamped", "empty", "ids only", "tracking")
    everyday = ("wire",) + ("newsroom",) * 6 + ("agency",) * 4 + ("etag",) * 3 + ("shared",) * 2
    more = ("mover", "quiet", "restamped", "empty", "ids only", "tracking", "monthly")
    yielded = 0
    for role in stories[:n]:
        yield role
        yielded += 1
    while yielded < n:
        turn = (*everyday, more[yielded % len(more)])
        for role in turn[: n - yielded]:
            yield role
            yielded += 1


def _story(number: int, role: str, start: dt.datetime, days: float) -> Publisher:
    def at(part: float) -> dt.datetime:
        return start + dt.timedelta(days=days * part)

    hours, gap_hours, n_shown = {
        "wire": (1, 2, 30),
        "newsroom": (4, 12, 15),
        "agency": (8, 7 * 24, 12),
        "monthly": (12, 30 * 24, 12),
        "etag": (3, 12, 15),
        "storm": (1, 2, 15),
        "gone": (2, 6, 15),
        "lost": (2, 6, 15),
        "restamped": (3, 24, 12),
        "quiet": (3, 8, 15),
    }.get(role, (4, 12, 15))
    kind = KINDS[number % len(KINDS)] if role in {"newsroom", "agency", "shared", "quiet"} else "feed"
    return Publisher(
        number=number,
        role=role,
        kind=kind,
        every_s=hours * HOUR,
        gap_s=float(gap_hours * HOUR),
        start=start,
        n_shown=n_shown,
        has_etag=role in {"etag", "agency", "wire"} and kind == "feed",
        silent_from=at(0.2) if role == "quiet" else None,
        silent_until=at(0.8) if role == "quiet" else None,
        moves_at=at(0.3) if role == "mover" else None,
        gone_at=at(0.35) if role == "gone" else None,
        lost_at=at(0.4) if role == "lost" else None,
        storm_at=at(0.6) if role == "storm" else None,
        shared_host=SHARED_HOST if role == "shared" else "",
        options=dict(LIST_OPTIONS) if kind == "html_list" else {},
    )


def outages(publishers: Sequence[Publisher], start: dt.datetime, days: float) -> dict[int, Outage]:
    """Return at most one outage per publisher, hours to days long, of every class of fault in turn."""
    chance = random.Random(days)  # noqa: S311 - a plan, no secret
    able = [publisher for publisher in publishers if publisher.role not in SPARED]
    struck = chance.sample(able, round(OUTAGE_SHARE * len(able)))
    found = {}
    for turn, publisher in enumerate(struck):
        begin = start + dt.timedelta(days=days * chance.uniform(0.1, 0.75))
        length_h = min(chance.choice((3, 8, 20, 48, 96)), days * 24 * 0.15)
        end = begin + dt.timedelta(hours=length_h * chance.uniform(0.8, 1.2))
        found[publisher.number] = Outage(publisher.number, FAULTS[turn % len(FAULTS)], begin, end)
    return found
