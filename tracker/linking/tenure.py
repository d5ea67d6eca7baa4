"""What the posts on file say of a role that a text prints: agrees, differs, or nothing that could be said.

Promises that an imprecise date is never taken for a precise one, and that only a post with a body and a date can
contradict a text. A difference is for a person to look at; it corrects nothing.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.linking.knowledge import Knowledge, Post
from tracker.linking.namesake import likeness
from tracker.linking.title import Likeness, title_of

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_LONGEST = 300


class Held(StrEnum):
    """Whether a post was held on a day."""

    YES = "yes"
    MAYBE = "maybe"
    BEFORE = "before"  # it had ended
    LATER = "later"  # it had not begun


class Verdict(StrEnum):
    """What the posts on file say of a printed role."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Printed:
    """A role as printed, with the body it names."""

    words: str
    body_id: int | None
    body_words: str


def judged(
    printed: Printed, posts: Sequence[Post], day: dt.date | None, known: Knowledge
) -> tuple[Verdict, str]:
    """Return the verdict on a printed role, and the posts held that day as they read.

    Args:
        printed: the role.
        posts: all on file for the person.
        day: of publication; None where it is not known.
        known: families of bodies.
    """
    if day is None or not posts:
        return Verdict.UNKNOWN, ""
    title = title_of(printed.words)
    rated = [
        (
            held_on(post, day),
            likeness(printed.words, printed.body_id, printed.body_words, post=post, known=known),
            post,
        )
        for post in posts
    ]
    current = [post for held, _, post in rated if held in {Held.YES, Held.MAYBE}]
    same = [(held, post) for held, like, post in rated if like is Likeness.SAME]
    if title.is_former:
        return _judged_former(same, current)
    if any(held in {Held.YES, Held.MAYBE} for held, _ in same):
        return Verdict.AGREES, as_they_read(current)
    if not title.is_office:
        return Verdict.UNKNOWN, as_they_read(current)
    past = [post for held, post in same if is_telling(post)]
    others = [
        post for held, like, post in rated if like is Likeness.OTHER and held is Held.YES and is_telling(post)
    ]
    if past or others:
        return Verdict.DIFFERS, as_they_read(current or past)
    return Verdict.UNKNOWN, as_they_read(current)


def _judged_former(same: Sequence[tuple[Held, Post]], current: Sequence[Post]) -> tuple[Verdict, str]:
    if any(held in {Held.BEFORE, Held.MAYBE} for held, _ in same):
        return Verdict.AGREES, as_they_read([post for _, post in same])
    if any(held is Held.YES and is_telling(post) for held, post in same):
        return Verdict.DIFFERS, as_they_read(current)
    return Verdict.UNKNOWN, as_they_read(current)


def is_telling(post: Post) -> bool:
    """Return whether a post is known well enough to contradict a text: its body, and when it began or ended."""
    has_body = post.body_id is not None or bool(post.body_name)
    return has_body and (_span(post.start) is not None or _span(post.end) is not None)


def held_on(post: Post, day: dt.date) -> Held:
    """Return whether a post was held on a day, as far as its dates tell."""
    start, end = _span(post.start), _span(post.end)
    if start and day < start[0]:
        return Held.LATER
    if end and day > end[1]:
        return Held.BEFORE
    is_begun = start is not None and day >= start[1]
    is_going_on = day < end[0] if end else bool(start) or post.is_shown
    return Held.YES if is_begun and is_going_on else Held.MAYBE


def _span(date: str) -> tuple[dt.date, dt.date] | None:
    """Return first and last day that a date as precise as known may mean; None for none that can be read."""
    match = _DATE.fullmatch(date.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
        if day:
            return first, first
        last_month = month or 12
        return first, dt.date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def as_they_read(posts: Sequence[Post]) -> str:
    """Return posts in one line: title, body and dates of each."""
    return "; ".join(_as_it_reads(post) for post in posts)[:_LONGEST]


def _as_it_reads(post: Post) -> str:
    name = f"{post.title}, {post.body_name}" if post.body_name else post.title
    if post.start and post.end:
        return f"{name} ({post.start} to {post.end})"
    if post.start or post.end:
        return f"{name} (from {post.start})" if post.start else f"{name} (to {post.end})"
    return name
