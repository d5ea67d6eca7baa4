"""What a curator's change does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from django.urls import reverse

from tracker.models import Article, Claim, Entity, Entry, Job
from tracker.search import put, search

if TYPE_CHECKING:
    from django.db.models import Model
    from django.test import Client

    from tests.admin.conftest import Row


def _form(desk: Client, row: Model, url: str = "") -> tuple[str, dict[str, Any]]:
    """Return the address of a row's form and what a browser would send unchanged."""
    name = row._meta.model_name
    url = url or reverse(f"admin:tracker_{name}_change", args=[row.pk])
    tree = lxml.html.document_fromstring(desk.get(url).content)
    data: dict[str, Any] = {}
    for key, value in tree.xpath(f"//form[contains(@id, '{name}_form')]")[0].form_values():
        data.setdefault(key, []).append(value)
    return url, data


def _save(desk: Client, row: Model, **changes: object) -> None:
    url, data = _form(desk, row)
    response = desk.post(url, data | changes)
    assert response.status_code == 302, response.context["errors"]
    row.refresh_from_db()


def _act(desk: Client, action: str, *rows: Model) -> None:
    url = reverse(f"admin:tracker_{rows[0]._meta.model_name}_changelist")
    response = desk.post(url, {"action": action, "_selected_action": [row.pk for row in rows]})
    assert response.status_code == 302


def test_form_saved_unchanged_decides_nothing(desk: Client, row: Row) -> None:
    entry = row.entry(row.article())
    _save(desk, entry)
    assert not entry.is_decided
    article = row.article()
    _save(desk, article)
    assert not article.is_relevance_decided


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Another title"),
        ("summary", "Text"),
        ("lane", "litigation"),
        ("happened_at_0", "2026-01-01"),
    ],
)
def test_what_a_person_wrote_on_an_entry_is_decided(desk: Client, row: Row, field: str, value: str) -> None:
    entry = row.entry(row.article())
    before = entry.changed_at
    _save(desk, entry, **{field: value})
    assert entry.is_decided
    assert entry.changed_at > before
    assert entry.history.latest().history_user is not None


def test_saved_entry_is_found_under_its_new_title(desk: Client, row: Row) -> None:
    entry = row.entry(row.article())
    put("entry", [entry.pk])
    _save(desk, entry, title="Quixotic event")
    assert search("quixotic").counts["entry"] == 1
    assert search('"sample event"').counts["entry"] == 0


def test_hidden_and_deleted_entries_are_not_found(desk: Client, row: Row) -> None:
    hidden, deleted = row.entry(row.article()), row.entry(row.article())
    put("entry", [hidden.pk, deleted.pk])
    url, data = _form(desk, hidden)
    del data["is_public"]
    desk.post(url, data)
    desk.post(reverse("admin:tracker_entry_delete", args=[deleted.pk]), {"post": "yes"})
    assert not Entry.objects.filter(pk=deleted.pk).exists()
    assert search("event").counts["entry"] == 0


def test_new_entry_is_a_persons_and_counts_its_articles(desk: Client, row: Row) -> None:
    article = row.article()
    data = {
        "title": "Made by hand",
        "summary": "",
        "happened_at_0": "2026-03-01",
        "happened_at_1": "00:00:00",
        "happened_precision": "day",
        "happened_basis": "event",
        "lane": "litigation",
        "is_public": "on",
        "read_with_care": "[]",
        "countries": "[]",
        "members-TOTAL_FORMS": 1,
        "members-INITIAL_FORMS": 0,
        "members-0-article": article.pk,
        "members-0-role": "report",
        "claims-TOTAL_FORMS": 0,
        "claims-INITIAL_FORMS": 0,
    }
    response = desk.post(reverse("admin:tracker_entry_add"), data)
    assert response.status_code == 302, response.context["errors"]
    entry = Entry.objects.get()
    assert (entry.origin, entry.is_decided, entry.n_articles, entry.n_outlets) == ("person", True, 1, 1)
    assert entry.public_id.startswith("p-")
    assert entry.members.get().decided_by == "person"
    assert Job.objects.filter(kind="place", subject_id=article.pk).exists()
    assert search("hand").counts["entry"] == 1


def test_removed_member_is_no_longer_counted(desk: Client, row: Row) -> None:
    entry = row.entry(row.article(), row.article())
    _save(desk, entry, **{"members-0-DELETE": "on"})
    assert (entry.members.count(), entry.n_articles) == (1, 1)


def test_reviewed_mark_is_set_with_history(desk: Client, row: Row) -> None:
    entries = [row.entry(row.article()) for _ in range(2)]
    _act(desk, "mark_reviewed", *entries)
    assert Entry.objects.filter(is_reviewed=True).count() == 2
    assert entries[0].history.latest().history_user is not None
    _act(desk, "mark_not_reviewed", entries[0])
    assert Entry.objects.filter(is_reviewed=True).count() == 1


def test_ruling_on_the_subject_is_a_persons_and_hides_the_article(desk: Client, row: Row) -> None:
    article = row.article()
    entry = row.entry(article)
    put("article", [article.pk])
    _act(desk, "mark_off_subject", article)
    article.refresh_from_db()
    entry.refresh_from_db()
    assert (article.is_on_subject, article.is_relevance_decided) == (False, True)
    assert entry.n_articles == 0
    assert search("headline").counts["article"] == 0
    assert Job.objects.filter(kind="place", subject_id=article.pk, state="ready").count() == 1
    _act(desk, "mark_on_subject", article)
    assert search("headline").counts["article"] == 1
    assert Job.objects.filter(kind="place", subject_id=article.pk, state="ready").count() == 2


def test_ruling_in_the_form_is_a_persons_too(desk: Client, row: Row) -> None:
    article = row.article(is_on_subject=False)
    _save(desk, article, is_on_subject="on")
    assert article.is_relevance_decided
    assert search("headline").counts["article"] == 1


def test_withheld_article_is_hidden_and_shown_again(desk: Client, row: Row) -> None:
    article = row.article()
    put("article", [article.pk])
    _act(desk, "withhold", article)
    assert search("headline").counts["article"] == 0
    _act(desk, "show_again", article)
    assert search("headline").counts["article"] == 1


def test_articles_and_revisions_are_not_deleted_by_hand(desk: Client, row: Row) -> None:
    article = row.article()
    assert (
        desk.post(reverse("admin:tracker_article_delete", args=[article.pk]), {"post": "yes"}).status_code
        == 403
    )
    url = reverse("admin:tracker_revision_delete", args=[article.latest_id])
    assert desk.post(url, {"post": "yes"}).status_code == 403
    assert Article.objects.count() == 1


def test_new_alias_finds_its_entity(desk: Client, row: Row) -> None:
    lab = row.entity("Sample Lab")
    changes = {
        "aliases-TOTAL_FORMS": 1,
        "aliases-0-text": "样本实验室",
        "aliases-0-kind": "other",
        "aliases-0-context_words": "[]",
    }
    _save(desk, lab, **changes)
    assert search("实验").counts["entity"] == 1


def test_deleted_entities_are_not_found(desk: Client, row: Row) -> None:
    labs = [row.entity(f"Sample Lab {n}") for n in range(3)]
    put("entity", [lab.pk for lab in labs])
    url = reverse("admin:tracker_entity_changelist")
    chosen = [lab.pk for lab in labs[:2]]
    desk.post(url, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert Entity.objects.count() == 1
    assert search("lab").counts["entity"] == 1


def test_reverted_entity_is_found_under_its_old_name(desk: Client, row: Row) -> None:
    lab = row.entity("Former Lab")
    _save(desk, lab, name="Latter Lab")
    version = lab.history.earliest().pk
    url, data = _form(desk, lab, reverse("admin:tracker_entity_simple_history", args=[lab.pk, version]))
    desk.post(url, data)
    assert search("former").counts["entity"] == 1
    assert search("latter").counts["entity"] == 0


def test_reverted_entry_is_decided_and_keeps_what_the_machine_keeps(desk: Client, row: Row) -> None:
    entry = row.entry(row.article(), title="Former event")
    version = entry.history.earliest().pk
    Entry.objects.filter(pk=entry.pk).update(title="Latter event", n_articles=7, public_id="e-renamed")
    url, data = _form(desk, entry, reverse("admin:tracker_entry_simple_history", args=[entry.pk, version]))
    desk.post(url, data)
    entry.refresh_from_db()
    assert (entry.title, entry.is_decided) == ("Former event", True)
    assert (entry.n_articles, entry.public_id) == (7, "e-renamed")


def test_reverted_article_goes_back_on_the_timeline(desk: Client, row: Row) -> None:
    article = row.article()
    entry = row.entry(article)
    version = article.history.latest().pk
    _act(desk, "mark_off_subject", article)
    url, data = _form(
        desk, article, reverse("admin:tracker_article_simple_history", args=[article.pk, version])
    )
    desk.post(url, data)
    article.refresh_from_db()
    entry.refresh_from_db()
    assert (article.is_on_subject, article.is_relevance_decided, entry.n_articles) == (True, True, 1)


def test_claim_without_evidence_cannot_be_published(desk: Client, row: Row) -> None:
    claim = row.claim(row.entry(row.article()))
    url, data = _form(desk, claim)
    response = desk.post(url, data | {"state": "published"})
    assert response.status_code == 200
    assert "only with its evidence" in response.content.decode()


def test_evidence_of_another_claim_cannot_lead(desk: Client, row: Row) -> None:
    entry = row.entry(row.article())
    claim, other = row.claim(entry), row.claim(entry)
    url, data = _form(desk, claim)
    response = desk.post(url, data | {"state": "published", "lead_evidence": other.evidence.get().pk})
    assert "belongs to another claim" in response.content.decode()


def test_published_claim_names_who_accepted_it_and_is_found(desk: Client, row: Row) -> None:
    entry = row.entry(row.article())
    claim = row.claim(entry)
    _save(desk, claim, gist="Quixotic order", state="published", lead_evidence=claim.evidence.get().pk)
    assert (claim.state, claim.accepted_by) == ("published", "curator")
    assert [hit.object_id for hit in search("quixotic").hits] == [entry.pk]
    _save(desk, claim, state="rejected")
    assert search("quixotic").hits == ()
    assert Claim.objects.count() == 1


def test_failed_jobs_are_tried_again_and_others_left_alone(desk: Client, row: Row) -> None:
    failed = Job.objects.create(kind="read", subject_id=1, key="1", state="failed", attempts=6)
    leased = Job.objects.create(kind="read", subject_id=2, key="2", state="leased", attempts=2)
    _act(desk, "retry", failed, leased)
    failed.refresh_from_db()
    leased.refresh_from_db()
    assert (failed.state, failed.attempts) == ("ready", 0)
    assert (leased.state, leased.attempts) == ("leased", 2)


def test_sources_are_switched_with_history(desk: Client, row: Row) -> None:
    source = row.source()
    _act(desk, "disable", source)
    source.refresh_from_db()
    assert not source.is_enabled
    assert source.history.count() == 2
    _act(desk, "enable", source)
    source.refresh_from_db()
    assert source.is_enabled
