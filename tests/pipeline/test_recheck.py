"""A page is read again as the schedule says; only what says something else becomes a revision."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import factories as make
from tests.pipeline.conftest import poll
from tests.pipeline.test_poll import FEED, feed, item
from tests.pipeline.test_read import BODY, PAGE, read
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, EditNotice, Endpoint, Job, Mention, Recheck, Revision, Standing
from tracker.pipeline import carry
from tracker.pipeline import recheck as step
from tracker.pipeline.step import Done
from tracker.records import Outcome

pytestmark = pytest.mark.django_db

LATER = BODY.replace(
    b"</article>",
    b"<p>Correction: An earlier version of this article gave the wrong number of members "
    b"who voted against it.</p></article>",
).replace(b"Two members", b"Three members")
VOTE = "Two members voted against it and said the figures in the report did not add up at all."


@pytest.fixture
def article(web: MemoryFetcher, endpoint: Endpoint) -> Article:
    """Return an article that was read from its page and is on the subject."""
    web.answer(FEED, feed(item(PAGE)))
    web.answer(PAGE, BODY, headers={"etag": '"1"'})
    poll()
    read()
    Article.objects.update(is_on_subject=True)
    return read()


def look() -> Article:
    """Let the next re-check be due, do it and what hangs on it, and return the article."""
    Recheck.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    jobs.sweep()
    jobs.drain(kinds=["recheck", "carry"])
    return Article.objects.select_related("latest").get(url=PAGE)


def wait() -> float:
    """Return how many hours from now the next re-check is."""
    next_at = Recheck.objects.get().next_at
    assert next_at is not None
    return (next_at - timezone.now()).total_seconds() / 3600


def test_an_unchanged_page_costs_one_conditional_request_and_slows_the_schedule(
    web: MemoryFetcher, article: Article
) -> None:
    waits = []
    for _ in range(4):
        look()
        waits.append(round(wait()))
    assert [request.etag for request in web.requests[2:]] == ['"1"'] * 4
    assert Revision.objects.count() == 1
    assert waits == sorted(waits)
    assert waits[-1] > 2 * waits[0]


def test_a_page_on_which_nobody_relies_is_left_alone_until_somebody_does(
    web: MemoryFetcher, article: Article
) -> None:
    Article.objects.update(is_on_subject=False)
    look()
    assert (len(web.requests), Recheck.objects.get().next_at) == (2, None)
    Article.objects.update(is_on_subject=True)
    Job.objects.create(kind="place", subject_id=article.pk, key="place:test")
    jobs.drain(kinds=["place"])
    assert 0 < wait() < 2


def test_evidence_keeps_a_page_watched_that_is_off_the_subject(web: MemoryFetcher, article: Article) -> None:
    Article.objects.update(is_on_subject=False)
    make.EvidenceFactory(article=article)
    look()
    assert len(web.requests) == 3


def test_a_changed_text_is_a_revision_with_its_notice(web: MemoryFetcher, article: Article) -> None:
    web.answer(PAGE, LATER)
    look()
    changed = look()
    assert changed.latest is not None
    assert "Three members" in changed.latest.text
    assert changed.latest_id != article.latest_id
    notice = EditNotice.objects.get()
    assert (notice.kind, notice.before_id) == ("correction", article.latest_id)
    assert changed.latest.text[notice.start : notice.end] == notice.sentence
    assert wait() < 24
    assert Job.objects.filter(kind="analyse", subject_id=changed.latest.pk).exists()


def test_an_old_state_seen_again_makes_no_third_revision(web: MemoryFetcher, article: Article) -> None:
    web.answer(PAGE, LATER)
    web.answer(PAGE, BODY)
    for _ in range(3):
        again = look()
    assert Revision.objects.count() == 2
    assert again.latest_id == article.latest_id


def test_noise_makes_no_revision(web: MemoryFetcher, article: Article) -> None:
    noisy = BODY.replace(b"<p>Two", b"<p>Updated 3 minutes ago</p><p>Two").replace(
        b"council said", b"council  said"
    )
    web.answer(PAGE, noisy.replace(b"</article>", b"<p>1,204 views</p></article>"))
    look()
    look()
    assert Revision.objects.count() == 1
    assert Recheck.objects.get().outcome == "ok"


def test_a_new_headline_is_noted_and_followed_unless_somebody_wrote_another(
    web: MemoryFetcher, article: Article
) -> None:
    Article.objects.update(title="Harbour plan approved")
    web.answer(PAGE, BODY.replace(b"Harbour plan approved", b"Harbour plan approved after long debate"))
    web.answer(PAGE, BODY.replace(b"Harbour plan approved", b"Council splits over harbour"))
    look()
    assert look().title == "Harbour plan approved after long debate"
    assert EditNotice.objects.get().sentence == "Harbour plan approved"
    Article.objects.update(title="A person's words")
    assert look().title == "A person's words"


def test_a_page_gone_twice_some_time_apart_is_withdrawn_and_stays_public(
    web: MemoryFetcher, article: Article
) -> None:
    web.answer(PAGE, b"gone", status=410)
    look()
    assert look().status == "usable"
    assert look().status == "usable"  # too soon after the first such answer
    Recheck.objects.update(gone_at=timezone.now() - dt.timedelta(hours=13))
    assert look().status == "withdrawn"
    assert Article.objects.public().count() == 1
    assert "page is gone" in (Article.objects.get().history.first().history_change_reason or "")
    web.answer(PAGE, BODY)
    look()
    assert look().status == "usable"


@pytest.mark.parametrize("status", ["withheld", "usable"])
def test_what_a_person_ruled_is_not_overruled(web: MemoryFetcher, article: Article, status: str) -> None:
    web.answer(PAGE, b"gone", status=404)
    look()
    look()
    Recheck.objects.update(gone_at=timezone.now() - dt.timedelta(hours=13))
    if status == "usable":
        look()
    Article.objects.update(status=status)
    assert look().status == status
    assert look().status == status


def test_failures_back_off_and_change_nothing(web: MemoryFetcher, article: Article) -> None:
    web.fail(PAGE, Outcome.TIMEOUT)
    look()
    Recheck.objects.update(step=0)
    waits = []
    for _ in range(4):
        assert look().text_from == "page"
        waits.append(wait())
    assert waits[-1] > 4 * waits[0]
    assert Recheck.objects.get().outcome == "timeout"


def test_a_wall_in_place_of_the_text_is_believed_only_when_it_stays(
    web: MemoryFetcher, article: Article
) -> None:
    long = (
        b"<p>"
        + b"The members of the council spoke one after the other about the quay and the cost of it. " * 12
        + b"</p>"
    )
    web.answer(PAGE, BODY.replace(b"</article>", long + b"</article>"))
    short = (
        b"<html><body><article><p>The council approved the plan for the harbour on Monday, and the story that "
        b"stood here has more to say of it than you may read now without paying.</p></article></body></html>"
    )
    web.answer(PAGE, short)
    look()
    look()
    assert Revision.objects.count() == 2
    look()
    assert Revision.objects.count() == 2
    look()
    assert Revision.objects.count() == 3


def test_an_address_that_leads_to_the_front_page_is_a_failure(web: MemoryFetcher, article: Article) -> None:
    web.answer(PAGE, LATER, final_url="https://gazette.example/")
    look()
    look()
    assert Revision.objects.count() == 1
    assert Recheck.objects.get().outcome == "moved"


def test_a_new_extractor_alone_makes_no_revision(web: MemoryFetcher, article: Article) -> None:
    Revision.objects.update(extractor="older", text="What an older extractor took for the text.")
    web.answer(PAGE, BODY + b"<!-- another build -->")
    look()
    look()
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("page", "verdict"),
    [
        (LATER, "altered"),
        (BODY.replace(b"Work on", b"All work on"), "stands"),
        (
            BODY.replace(
                VOTE.encode(), b"The vote was public, and the hall was full until late in the night."
            ),
            "gone",
        ),
    ],
)
def test_evidence_is_judged_at_each_revision_and_never_moves(
    web: MemoryFetcher, article: Article, page: bytes, verdict: str
) -> None:
    assert article.latest is not None
    start = article.latest.text.index(VOTE)
    evidence = make.EvidenceFactory(
        cited_url="",
        article=article,
        revision=article.latest,
        start=start,
        end=start + len(VOTE),
        quoted=VOTE,
    )
    web.answer(PAGE, page)
    look()
    changed = look()
    standing = Standing.objects.get()
    assert (standing.verdict, standing.revision_id) == (verdict, changed.latest_id)
    evidence.refresh_from_db()
    assert (evidence.revision_id, evidence.quoted) == (article.latest_id, VOTE)
    if verdict == "altered":
        assert standing.sentence.startswith("Three members")


def test_what_a_person_decided_is_no_name_without_an_entity() -> None:
    old = make.RevisionFactory(text="The council met.")
    new = make.RevisionFactory(article=old.article, text="The council met again.")
    span = {"start": 4, "end": 11, "surface": "council"}
    make.MentionFactory(revision=old, decided_by="person", form="short", **span)
    make.MentionFactory(revision=new, entity=None, name_key="council", **span)  # the machine was there first
    for result in carry.run([make.JobFactory(kind="carry", subject_id=new.pk)]):
        assert isinstance(result, Done)
        result.store()
    carried = Mention.objects.get(revision=new)
    assert (carried.name_key, carried.form, carried.decided_by) == ("", "short", "person")


def test_a_mention_decided_by_a_person_is_found_again(web: MemoryFetcher, article: Article) -> None:
    assert article.latest is not None
    start = article.latest.text.index("council")
    make.MentionFactory(
        revision=article.latest, start=start, end=start + 7, surface="council", decided_by="person"
    )
    web.answer(PAGE, LATER.replace(b"The council approved", b"At last the council approved"))
    look()
    changed = look()
    carried = Mention.objects.get(revision=changed.latest)
    assert (carried.surface, carried.rule, carried.decided_by) == ("council", "carried", "person")


def test_a_mention_that_is_lost_says_so_until_it_is_found_again(web: MemoryFetcher, article: Article) -> None:
    assert article.latest is not None
    start = article.latest.text.index("Two members")
    decided = make.MentionFactory(
        revision=article.latest,
        start=start,
        end=start + 11,
        surface="Two members",
        decided_by="person",
        rule="alias",
    )
    for page in (LATER, BODY.replace(b"a long debate", b"a short debate")):
        web.answer(PAGE, page)
    look()
    changed = look()
    assert changed.latest is not None
    decided.refresh_from_db()
    assert decided.rule == f"alias, not found in {changed.latest.text_sha256[:8]}"
    again = look()
    decided.refresh_from_db()
    assert decided.rule == "alias"
    assert Mention.objects.get(revision=again.latest).surface == "Two members"


@pytest.mark.parametrize(("words", "verdict"), [(VOTE, "altered"), ("after a long debate", "stands")])
def test_evidence_added_to_an_earlier_revision_is_judged_too(
    web: MemoryFetcher, article: Article, words: str, verdict: str
) -> None:
    before = article.latest
    assert before is not None
    web.answer(PAGE, LATER)
    look()
    changed = look()
    start = before.text.index(words)
    evidence = make.EvidenceFactory(
        article=article, revision=before, start=start, end=start + len(words), quoted=words, cited_url=""
    )
    for _ in range(2):  # a second sweep finds nothing to do
        jobs.sweep()
        jobs.drain(kinds=["carry"])
    standing = Standing.objects.get()
    assert (standing.evidence_id, standing.verdict, standing.revision_id) == (
        evidence.pk,
        verdict,
        changed.latest_id,
    )
    assert Job.objects.filter(kind="carry", key__contains="evidence:").count() == 1


def test_the_schedule_goes_from_hours_to_months_and_quiet_sources_cost_less() -> None:
    def looks(*, is_quiet: bool) -> int:
        hours, at, n = 0.0, 0, 0
        while hours < 365 * 24:
            hours += step.wait_units(at)
            at, n = step.next_step(at, is_changed=False, is_quiet=is_quiet), n + 1
        return n

    assert step.wait_units(0) == 1
    assert step.wait_units(99) == 2160
    assert looks(is_quiet=True) < looks(is_quiet=False) < 15
    assert step.wait_units(2, n_failed=50) <= 2160
    assert step.next_step(8, is_changed=True, is_quiet=True) == 2
