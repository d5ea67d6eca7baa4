"""The report on simulated days, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Sum

from tests.month.life import Life
from tests.month.verdict import WARM_DAY, accounts, growth
from tracker.models import Article, Endpoint, EndpointDay, FetchAttempt, Hold, Job, Notice, Revision


def report(life: Life) -> Iterator[str]:
    """Yield the lines of the report."""
    found = accounts(life)
    n_answers = sum(account.n_answers for account in found.values())
    n_failed = sum(account.n_failed for account in found.values())
    rate = n_answers / max(life.seconds, 0.001)
    yield ""
    yield f"endpoints              {len(life.publishers)}, {_of(Counter(p.role for p in life.publishers))}"
    yield f"polls                  {n_answers} in {life.seconds:.0f} s ({rate:.0f} a second), {life.n_steps} steps"
    yield f"failed                 {n_failed} ({n_failed / n_answers:.1%}), {len(life.outages)} planned outages"
    failures = EndpointDay.objects.exclude(failure="").values_list("failure")
    yield f"days with a failure    {_of(Counter(dict(failures.annotate(n=Count('pk')))))}"
    states = Endpoint.objects.values_list("last_outcome").annotate(n=Count("pk"))
    yield f"state at the end       {_of(Counter(dict(states)))}"
    yield f"off                    {Endpoint.objects.filter(is_enabled=False).count()}"
    yield f"items shown            {sum(len(account.seen) for account in found.values())}"
    yield f"articles               {Article.objects.count()}, of them held {Article.objects.exclude(hold=None).count()}"
    yield f"revisions              {Revision.objects.count()}"
    yield f"holds                  {_of(Counter(Hold.objects.values_list('reason', flat=True)))}"
    notices = Counter(Notice.objects.values_list("kind", flat=True))
    still = Counter(Notice.objects.open().values_list("kind", flat=True))
    yield f"notices                {_of(notices)}; still open: {_of(still)}"
    days = EndpointDay.objects.aggregate(n=Count("pk"), new=Sum("n_new"))
    yield (
        f"rows kept              {FetchAttempt.objects.count()} tries, {Job.objects.count()} jobs, "
        f"{days['n']} endpoint days"
    )
    warm = min(WARM_DAY, life.days)
    yield (
        f"memory                 {life.rss_kb[warm] / 1024:.1f} MB after day {warm}, "
        f"{life.rss_kb[life.days] / 1024:.1f} MB after day {life.days} ({growth(life):+.1%})"
    )


def _of(counts: Counter[str]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.most_common()) or "none"
