"""Holds are decided once, by whoever comes first, and what follows from it happens in the same transaction."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests import factories as make
from tracker import models, search
from tracker.curation.endpoints import poll_now, switch
from tracker.curation.holds import accept, reject

pytestmark = pytest.mark.django_db
MOVED = "https://feeds.moved.example/all.xml"


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def held(n: int = 3, **fields: object) -> models.Hold:
    hold = make.HoldFactory(**fields)
    make.ArticleFactory.create_batch(
        n, hold=hold, endpoint=hold.endpoint, source=hold.endpoint.source, is_on_subject=False
    )
    make.NoticeFactory(endpoint=hold.endpoint, kind="held")
    return hold


def open_kinds(endpoint: models.Endpoint) -> set[str]:
    return set(endpoint.notices.open().values_list("kind", flat=True))


def test_accepted_items_are_owed_their_reading_once(editor: User) -> None:
    hold = held()
    ids = set(hold.articles.values_list("pk", flat=True))
    verdict = accept(hold, editor)
    assert (verdict.is_new, verdict.n_items) == (True, 3)
    assert set(models.Job.objects.filter(kind="read").values_list("subject_id", flat=True)) == ids
    assert not hold.articles.exists()
    assert open_kinds(hold.endpoint) == set()
    hold.refresh_from_db()
    assert (hold.state, hold.decided_by) == ("accepted", editor)
    assert hold.explanation.splitlines()[-1] == "Accepted: 3 items."
    late = make.ArticleFactory(hold=hold, endpoint=hold.endpoint, is_on_subject=False)
    assert accept(hold, editor).n_items == 1
    hold.refresh_from_db()
    late.refresh_from_db()
    assert late.hold is None
    assert hold.explanation.splitlines()[-2:] == ["Accepted: 3 items.", "Accepted later: 1 item."]
    accept(hold, editor)
    hold.refresh_from_db()
    assert hold.explanation.count("Accepted") == 2


def test_rejected_items_are_kept_out_and_their_hold_kept(editor: User) -> None:
    hold = held()
    make.ArticleFactory(hold=hold, title="Marked by mistake", is_on_subject=True)
    search.put("article", [models.Article.objects.latest("pk").pk])
    verdict = reject(hold, editor, "Not theirs.")
    assert (verdict.is_new, verdict.n_items) == (True, 4)
    assert set(models.Article.objects.values_list("status", "hold")) == {("rejected", hold.pk)}
    assert not models.Job.objects.exists()
    assert open_kinds(hold.endpoint) == set()
    assert "Rejected: Not theirs." in models.Hold.objects.get().explanation
    assert not search.search("mistake").hits


@pytest.mark.parametrize("first_is_accept", [True, False])
def test_the_second_decision_changes_nothing_and_says_who_decided(
    first_is_accept: bool, editor: User
) -> None:
    hold, other = held(), User.objects.create_user("other")
    stale = models.Hold.objects.get()
    _ = accept(hold, editor) if first_is_accept else reject(hold, editor, "")
    before = (list(models.Article.objects.values()), models.Job.objects.count())
    for again in (reject(stale, other, "late"), accept(models.Hold.objects.get(), other)):
        assert not again.is_new
        assert (again.hold.state, again.hold.decided_by) == (hold.state, editor)
    assert (list(models.Article.objects.values()), models.Job.objects.count()) == before


def test_an_item_that_slipped_in_is_let_go_by_accepting_again(editor: User) -> None:
    hold = held()
    accept(hold, editor)
    late = make.ArticleFactory(hold=hold, is_on_subject=False)
    assert not accept(hold, editor).is_new
    late.refresh_from_db()
    assert late.hold is None
    assert models.Job.objects.filter(kind="read", subject_id=late.pk).exists()


def test_the_notice_stays_while_another_hold_waits(editor: User) -> None:
    hold = held()
    make.HoldFactory(endpoint=hold.endpoint, reason="subject")
    accept(hold, editor)
    assert open_kinds(hold.endpoint) == {"held"}


def test_an_accepted_domain_becomes_the_address(editor: User) -> None:
    hold = held(reason="domain", address=MOVED, endpoint__etag='"old"', endpoint__moved_count=3)
    verdict = accept(hold, editor)
    endpoint = models.Endpoint.objects.get()
    assert (endpoint.url, endpoint.etag, endpoint.moved_count) == (MOVED, "", 0)
    assert endpoint.next_poll_at <= timezone.now()
    assert MOVED in verdict.note
    last = endpoint.history.first()
    assert (last.history_user, last.history_change_reason) == (editor, f"hold {hold.pk} accepted: it moved")


def test_an_address_that_is_taken_stays_where_it_is(editor: User) -> None:
    hold = held(reason="domain", address=MOVED)
    make.EndpointFactory(url=MOVED, name="The other one")
    before = hold.endpoint.url
    assert "The other one" in accept(hold, editor).note
    assert models.Endpoint.objects.get(pk=hold.endpoint_id).url == before


def test_a_rejected_domain_switches_the_endpoint_off(editor: User) -> None:
    hold = held(reason="domain", address=MOVED)
    make.NoticeFactory(endpoint=hold.endpoint, kind="silent")
    assert "switched off" in reject(hold, editor, "The domain was sold.").note
    endpoint = models.Endpoint.objects.get()
    assert not endpoint.is_enabled
    assert endpoint.off_reason.endswith("The domain was sold.")
    assert endpoint.history.first().history_user == editor
    assert open_kinds(endpoint) == set()


def test_switching_writes_history_and_ends_what_no_longer_holds(editor: User) -> None:
    endpoint = make.EndpointFactory(is_enabled=False, off_reason="Gone (410).")
    on = make.EndpointFactory()
    make.NoticeFactory(endpoint=endpoint, kind="gone")
    assert switch([endpoint.pk, on.pk], editor, is_on=True) == 1
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.off_reason, open_kinds(endpoint)) == (True, "", set())
    assert endpoint.history.first().history_change_reason == "switched on"
    make.NoticeFactory(endpoint=endpoint, kind="failing")
    make.NoticeFactory(endpoint=endpoint, kind="held")
    assert switch([endpoint.pk], editor, is_on=False, why="Moved away.") == 1
    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.off_reason) == (False, "Moved away.")
    assert open_kinds(endpoint) == {"held"}
    assert switch([endpoint.pk], editor, is_on=False) == 0


def test_only_what_is_collected_is_polled_now() -> None:
    later = timezone.now() + dt.timedelta(hours=5)
    on = make.EndpointFactory(next_poll_at=later)
    off = make.EndpointFactory(next_poll_at=later, is_enabled=False)
    assert poll_now([on.pk, off.pk]) == 1
    on.refresh_from_db()
    assert on.next_poll_at <= timezone.now()
