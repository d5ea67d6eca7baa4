"""Moving dates: what a page or a listing prints anew at every fetch is the time of the fetch, not of publication.

Promises that the first date stays and its rule says why, that one move alone decides nothing, and that a date a person
set is left alone. The rule itself remembers the last move, so that nothing else has to.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone

from tracker.models import Article, owe
from tracker.records import FoundDate
from tracker.sources.gather import SAME_FOR_ALL
from tracker.text.dates import parse_feed_date

SCRAPE_TIME = "scrape time: moves at each fetch, first kept"
LONGEST_RULE = 80
_MOVED_MARK = ", moved to "
_MOVED = re.compile(rf"{_MOVED_MARK}(?P<at>[^,\s]+)(?P<stayed>, stayed)?$")


def is_time_of_fetch(rule: str) -> bool:
    """Whether a date's rule says that it is when something was fetched or listed."""
    return SAME_FOR_ALL in rule or rule.startswith(SCRAPE_TIME)


def gives_way(rule: str, found: FoundDate) -> bool:
    """Whether the date of a rule is a time of fetch, and `found` another date than the one that moves."""
    moving = rule.removeprefix(SCRAPE_TIME).strip(" ()")
    return is_time_of_fetch(rule) and not found.rule.startswith(moving)


def judge_move(rule: str, first: dt.datetime, found: FoundDate, *, known_since: dt.datetime) -> str:
    """Return the rule of a date that was looked at again under an unchanged text; the same where nothing is new.

    A text that we knew already cannot have been published since. A date that is later than our first look, and later
    again at the next, is made at each fetch; one that moved once and stays was edited.

    Args:
        rule: the rule of the date as it stands.
        first: the date that is kept.
        found: what is printed now.
        known_since: when we first saw the article.
    """
    if is_time_of_fetch(rule):
        return rule
    moved = _MOVED.search(rule)
    base = rule[: moved.start()] if moved else rule
    if not base or not found.rule.startswith(base):
        return rule  # another date than the one that was kept
    last = dt.datetime.fromisoformat(moved["at"]) if moved else first
    if found.at.replace(microsecond=0) == last.replace(microsecond=0):
        return f"{rule}, stayed"[:LONGEST_RULE] if moved and not moved["stayed"] else rule
    if found.at <= max(last, known_since):
        return rule
    if moved and not moved["stayed"]:
        return f"{SCRAPE_TIME} ({base})"[:LONGEST_RULE]
    said = f"{_MOVED_MARK}{found.at:%Y-%m-%dT%H:%M:%SZ}"
    return base[: LONGEST_RULE - len(said) - len(", stayed")] + said


def note_dates(seen: Iterable[tuple[Article, FoundDate | None]]) -> None:
    """Look at dates of articles whose text is as it was, and keep in their rules what that says of them.

    Args:
        seen: articles as stored, with the date that their page or listing prints now.
    """
    for article, found in seen:
        first, rule = article.published_at, article.published_rule
        if found is None or first is None or (found.at == first and _MOVED_MARK not in rule):
            continue  # nearly always
        judged = judge_move(rule, first, found, known_since=article.first_seen_at)
        if judged != rule:
            _keep(article, judged)


def _keep(article: Article, rule: str) -> None:
    if article.history.filter(history_user__isnull=False).exists():  # a person's date stays
        return
    mine = Article.objects.filter(pk=article.pk, published_rule=article.published_rule)
    better = _date_of_page(article) if is_time_of_fetch(rule) else None
    if better is None:
        mine.update(published_rule=rule)
    elif mine.update(
        published_at=better.at,
        published_precision=better.precision,
        published_rule=better.rule[:LONGEST_RULE],
    ):
        owe("place", [article.pk], version=f"date:{timezone.now().isoformat()}")


def _date_of_page(article: Article) -> FoundDate | None:
    """Return the date that the page printed when it was read, where the one to be replaced is the listing's."""
    latest = article.latest
    if latest is None or latest.text_from != Article.Text.PAGE:
        return None
    rule, printed = latest.rules.get("published", ""), latest.rules.get("published_as_printed", "")
    if not rule or not printed or article.published_rule.startswith(rule[:20]):
        return None
    found = parse_feed_date(printed, latest.fetched_at)
    # what the page says must itself be older than our first look
    return replace(found, rule=rule) if found and found.at <= article.first_seen_at else None
