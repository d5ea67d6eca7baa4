"""The verdict on simulated days: what the database says is held against the diary of what was answered.

The diary is kept by the web, not by the product: outages, notices and items are counted twice, independently.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, F, Min, Sum

from tests.month.life import Life
from tests.month.publishers import N_STORM, STORM_ID, Publisher
from tests.month.web import Line
from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, Hold, Job, Notice, article_key
from tracker.models.preview import Preview
from tracker.records import Outcome

DAY = dt.timedelta(days=1)
STREAK_TOLD = 3
WARM_DAY = 3
MOST_GROWTH = 0.05
QUIET_PATIENCE = dt.timedelta(days=7)
JITTER = 1.1


@dataclass
class Account:
    """What the diary says about one publisher."""

    n_answers: int = 0
    n_failed: int = 0
    last_at: dt.datetime | None = None
    seen: set[int] = field(default_factory=set)
    run: int = 0
    told: list[list[dt.datetime | None]] = field(default_factory=list)
    n_failed_in_outage: int = 0


def accounts(life: Life) -> dict[int, Account]:
    """Read the diary: per publisher the items shown and the outages as they could be known."""
    found: dict[int, Account] = defaultdict(Account)
    for line in life.web.lines():
        account = found[line.number]
        account.n_answers += 1
        account.last_at = line.at
        _count(account, line)
        outage = life.outages.get(line.number)
        if outage and line.fault == outage.fault and outage.start <= line.at < outage.end:
            account.n_failed_in_outage += 1
    return found


def _count(account: Account, line: Line) -> None:
    if not line.fault:
        account.seen.update(line.shown)
        if account.run >= STREAK_TOLD:
            account.told[-1][1] = line.at
        account.run = 0
        return
    account.n_failed += 1
    account.run += 1
    if account.run == STREAK_TOLD:
        account.told.append([line.at, None])


def problems(life: Life) -> Iterator[str]:
    """Yield a sentence for everything that does not hold."""
    found = accounts(life)
    endpoints = {endpoint.pk: endpoint for endpoint in Endpoint.objects.select_related("source")}
    for publisher in life.publishers:
        endpoint = endpoints[life.endpoint_ids[publisher.number]]
        account = found[publisher.number]
        about = f"{publisher.role} {publisher.number} ({publisher.kind})"
        for each in (
            _explained(life, publisher, endpoint),
            _not_stopped(life, publisher, endpoint, account),
            _notices(life, publisher, endpoint, account),
            _items(publisher, endpoint, account),
            _stories(publisher, endpoint),
        ):
            yield from (f"{about}: {problem}" for problem in each)
    yield from life.web.impolite
    yield from _counts(found)
    yield from _forgotten(life)
    yield from _memory(life)


def _explained(life: Life, publisher: Publisher, endpoint: Endpoint) -> Iterator[str]:
    if endpoint.last_outcome not in set(Outcome):
        yield f"its state is '{endpoint.last_outcome}'"
        return
    outcome = Outcome(endpoint.last_outcome)
    if outcome is not Outcome.OK and not endpoint.last_reason.endswith((".", "!", "?", ".)")):
        yield f"it is '{outcome}', and the reason is no sentence: '{endpoint.last_reason}'"
    if not endpoint.is_enabled:
        if publisher.role != "gone" or not endpoint.off_reason:
            yield f"it is off, for the reason '{endpoint.off_reason}'"
    elif endpoint.next_poll_at <= life.end:
        yield f"its next try lies in the past ({endpoint.next_poll_at})"


def _not_stopped(life: Life, publisher: Publisher, endpoint: Endpoint, account: Account) -> Iterator[str]:
    if publisher.role == "gone" and publisher.gone_at:
        if endpoint.is_enabled or account.last_at is None or account.last_at > publisher.gone_at + DAY:
            yield "it said that it is gone for good (410) and is still asked"
        return
    limit = life.end - DAY - dt.timedelta(seconds=publisher.every_s * JITTER)
    if account.last_at is None or account.last_at < min(limit, life.end - life.least_step):
        yield f"it was last asked at {account.last_at}"
    if endpoint.last_attempt_at != account.last_at:
        yield f"its page says {endpoint.last_attempt_at}, and it was asked at {account.last_at}"


def _notices(life: Life, publisher: Publisher, endpoint: Endpoint, account: Account) -> Iterator[str]:
    rows = list(Notice.objects.filter(endpoint=endpoint).order_by("opened_at"))
    failing = [[row.opened_at, row.closed_at] for row in rows if row.kind == Notice.Kind.FAILING]
    if failing != account.told:
        yield f"its outages are {account.told}, and staff were told {failing}"
    outage = life.outages.get(publisher.number)
    if outage is None and failing and publisher.role != "gone":
        yield "staff were told of an outage that was none"
    if outage is not None:
        yield from _one_outage(life, publisher, account, failing)
    expected = {"gone": ["gone"], "storm": ["held"], "lost": ["held"], "quiet": _quiet(life, publisher)}
    others = [row.kind for row in rows if row.kind != Notice.Kind.FAILING]
    if others != expected.get(publisher.role, []):
        yield f"the other notices are {others}"
    for row in rows:
        if row.kind == Notice.Kind.SILENT:
            yield from _silence(life, publisher, row)


def _one_outage(
    life: Life, publisher: Publisher, account: Account, failing: list[list[dt.datetime | None]]
) -> Iterator[str]:
    """Hold the notice against the plan: told while it lasted, and ended with the next try after its end."""
    outage = life.outages[publisher.number]
    is_long = (
        outage.end - outage.start > dt.timedelta(seconds=publisher.every_s * 8 * JITTER) + 4 * life.least_step
    )
    if is_long and account.n_failed_in_outage < STREAK_TOLD:
        yield f"an outage of {outage.end - outage.start} was met {account.n_failed_in_outage} times"
    if len(failing) > 1 or (account.n_failed_in_outage >= STREAK_TOLD and len(failing) != 1):
        yield f"one outage made {len(failing)} notices"
    for opened, closed in failing:
        most = dt.timedelta(seconds=86_400 * JITTER + publisher.every_s) + life.least_step
        if opened is None or not outage.start <= opened <= outage.end + life.least_step:
            yield f"the outage from {outage.start} was told at {opened}"
        if closed is None and outage.end + most < life.end:
            yield "the outage is over, and its notice still open"
        if closed is not None and not outage.end <= closed <= outage.end + most:
            yield f"the outage ended at {outage.end}, and the notice was closed at {closed}"


def _quiet(life: Life, publisher: Publisher) -> list[str]:
    """Return the notices of a publisher that falls silent: one, if the silence outlasts what is usual."""
    if publisher.silent_from is None or publisher.silent_until is None:
        return []
    last = max(publisher.born(k) for k in publisher.shown(publisher.silent_from))
    return ["silent"] if last + QUIET_PATIENCE < min(publisher.silent_until, life.end) else []


def _silence(life: Life, publisher: Publisher, notice: Notice) -> Iterator[str]:
    if publisher.silent_from is None or publisher.silent_until is None:
        return
    last = max(publisher.born(k) for k in publisher.shown(publisher.silent_from))
    pace = dt.timedelta(seconds=publisher.every_s * 2 * JITTER * 2) + life.least_step
    told_from, told_until = last + QUIET_PATIENCE, last + QUIET_PATIENCE + pace
    if not told_from <= notice.opened_at <= told_until:
        yield f"silent since {last}, told at {notice.opened_at}"
    first = dt.timedelta(seconds=publisher.gap_s * 2) + pace
    is_late = notice.closed_at is None or not (
        publisher.silent_until <= notice.closed_at <= publisher.silent_until + first
    )
    if is_late:
        yield f"silent until {publisher.silent_until}, and the notice was closed at {notice.closed_at}"


def _items(publisher: Publisher, endpoint: Endpoint, account: Account) -> Iterator[str]:
    keys = {
        article_key(publisher.link(k), source_id=endpoint.source_id, item_id=publisher.item_id(k)): k
        for k in account.seen
    }
    stored = dict(endpoint.articles.values_list("key", "hold_id"))
    if lost := set(keys) - set(stored):
        yield f"{len(lost)} of {len(keys)} items it showed are not stored"
    if more := set(stored) - set(keys):
        yield f"{len(more)} articles are stored that it never showed"
    titles = Counter(endpoint.articles.values_list("title", flat=True))
    if twice := [title for title, n in titles.items() if n > 1]:
        yield f"{len(twice)} items are stored twice, as '{twice[0]}'"
    odd = {k for key, k in keys.items() if k >= STORM_ID and not stored.get(key)}
    if odd:
        yield f"{len(odd)} items of a storm or another domain were not held"
    # what comes in the same listing as a storm waits with it
    usual = [k for key, k in keys.items() if k < STORM_ID and stored.get(key)]
    if len(usual) > (publisher.n_shown if publisher.role == "storm" else 0):
        yield f"{len(usual)} usual items were held"
    unread = endpoint.articles.filter(
        hold=None, read_outcome="", first_seen_at__lt=F("endpoint__last_attempt_at")
    )
    if n := unread.count():
        yield f"{n} items were never read"


def _stories(publisher: Publisher, endpoint: Endpoint) -> Iterator[str]:
    holds = list(Hold.objects.filter(endpoint=endpoint).values_list("reason", flat=True))
    expected = {"storm": ["storm"], "lost": ["domain"]}.get(publisher.role, [])
    if holds != expected:
        yield f"its holds are {holds}"
    if publisher.role == "storm" and endpoint.articles.exclude(hold=None).count() < N_STORM:
        yield "not all of the storm was held"
    if publisher.role == "mover" and endpoint.url != publisher.new_url:
        yield f"it moved for good, and is still asked at {endpoint.url}"
    if publisher.role != "mover" and endpoint.url != publisher.url:
        yield f"its address was changed to {endpoint.url}"
    if publisher.role == "restamped":
        moved = endpoint.articles.filter(published_at__gt=F("first_seen_at"))
        if moved.exists() or endpoint.articles.exclude(published_rule__contains="same for all").exists():
            yield "the time of a later poll became the date of an article"
    if publisher.role == "empty" and endpoint.articles.exists():
        yield "something was stored of an empty listing"


def _counts(found: dict[int, Account]) -> Iterator[str]:
    """Hold the days, which are kept for good, against the diary: no answer is missing, none counted twice."""
    total = EndpointDay.objects.aggregate(good=Sum("n_good"), failed=Sum("n_failed"), new=Sum("n_new"))
    n_failed = sum(account.n_failed for account in found.values())
    n_good = sum(account.n_answers for account in found.values()) - n_failed
    if (total["good"], total["failed"]) != (n_good, n_failed):
        yield f"the days count {total['good']} good and {total['failed']} failed tries, not {n_good} and {n_failed}"
    n_news = Article.objects.filter(hold=None).count()
    if n_news != total["new"]:
        yield f"the days count {total['new']} new items, and {n_news} are stored and not held"
    twice = Article.objects.values("key").annotate(n=Count("pk")).filter(n__gt=1).count()
    if twice:
        yield f"{twice} articles are stored more than once"
    if Job.objects.filter(state=Job.State.FAILED).exists():
        failed = Job.objects.filter(state=Job.State.FAILED).values_list("kind", "error_class", "error")
        yield f"{len(failed)} jobs were given up, the first as {failed[0]}"


def _forgotten(life: Life) -> Iterator[str]:
    env = settings.ENV
    oldest = FetchAttempt.objects.aggregate(at=Min("at"))["at"]
    if oldest is not None and oldest < life.end - dt.timedelta(days=env.attempt_keep_days) - DAY:
        yield f"a try of {oldest} is still kept"
    done = Job.objects.filter(state=Job.State.DONE).aggregate(at=Min("finished_at"))["at"]
    if done is not None and done < life.end - dt.timedelta(days=env.job_keep_days) - DAY:
        yield f"a job finished at {done} is still kept"
    if life.days > QUIET_PATIENCE.days and Preview.objects.exists():
        yield "an old preview is still kept"


def _memory(life: Life) -> Iterator[str]:
    if life.days > WARM_DAY and growth(life) > MOST_GROWTH:
        yield f"memory grew by {growth(life):.1%} from day {WARM_DAY} to day {life.days}"


def growth(life: Life) -> float:
    """Return how much the memory grew from the end of the third day to the end."""
    return life.rss_kb[life.days] / life.rss_kb[min(WARM_DAY, life.days)] - 1
