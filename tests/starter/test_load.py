"""Loading the pack: as often as one likes, never over a person's work, and whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from tracker.models import (
    Alias,
    Article,
    Claim,
    Endpoint,
    Entity,
    Entry,
    Evidence,
    Quantity,
    Source,
    Technique,
    article_key,
    public_id_of,
)
from tracker.pipeline.items import item_key
from tracker.records import FoundItem
from tracker.starter.load import install, plan
from tracker.starter.read import read_pack

if TYPE_CHECKING:
    from tracker.starter.pack import Pack

pytestmark = pytest.mark.django_db

SMALL = {"2023-12-openai-suspends-bytedance", "2026-04-nstm-4-memo", "2026-04-china-rejects-memo"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Return the pack as it ships; its values are frozen."""
    return read_pack()


@pytest.fixture(scope="module")
def small(pack: Pack) -> Pack:
    """Return a part of the pack that loads at once: three entries, what they name, two sources."""
    entries = tuple(each for each in pack.entries if each.slug in SMALL)
    named = {slug for entry in entries for slug in entry.entities} | {"openai"}
    return replace(
        pack,
        sources=tuple(each for each in pack.sources if each.slug in {"nw-npr", "nw-verge"}),
        entities=tuple(each for each in pack.entities if each.slug in named),
        entries=entries,
    )


def test_preview_changes_nothing_and_tells_what_installing_does(small: Pack) -> None:
    preview = plan(small)
    assert not Source.objects.exists()
    assert not Entry.objects.exists()
    assert install(small).counts == preview.counts


@pytest.mark.slow
def test_second_run_adds_nothing(pack: Pack) -> None:
    install(pack)
    again = install(pack)
    assert again.n_added == 0
    assert all(count.n_differing == count.n_decided == 0 for count in again.counts.values())


@pytest.mark.slow
def test_the_whole_pack_arrives(pack: Pack) -> None:
    install(pack)
    assert Endpoint.objects.count() == 157
    assert Endpoint.objects.enabled().count() == 33
    assert Entity.objects.count() == 327
    assert Technique.objects.count() == 11
    assert Entry.objects.public().count() == 22
    assert Claim.objects.published().count() == 79
    assert Quantity.objects.count() == 29
    assert Article.objects.filter(text_from=Article.Text.CITED).count() == 104


@pytest.mark.slow
def test_every_published_claim_leads_to_its_address(pack: Pack) -> None:
    install(pack)
    for claim in Claim.objects.published().select_related("lead_evidence__article"):
        if claim.stance == Claim.Stance.NONE_FOUND and claim.lead_evidence is None:
            assert claim.searched_on is not None
            continue
        assert claim.origin == Claim.Origin.COMPILED
        assert claim.lead_evidence is not None
        assert claim.lead_evidence.article is not None
        assert claim.lead_evidence.cited_url
    assert not Evidence.objects.filter(article__isnull=True).exists()


def test_answers_point_across_entries(small: Pack) -> None:
    install(small)
    reply = Claim.objects.get(public_id="2026-04-china-rejects-memo/r1")
    assert [answer.entry.public_id for answer in reply.answers.all()] == ["2026-04-nstm-4-memo"]
    assert reply.leads_with is not None


def test_numbers_given_in_words_alone_are_kept_without_a_value(small: Pack) -> None:
    install(small)
    quantity = Quantity.objects.get(claim__entry__public_id="2026-04-nstm-4-memo")
    assert quantity.value is None
    assert "tens of thousands" in quantity.as_worded


def test_related_entries_are_linked(small: Pack) -> None:
    install(small)
    memo = Entry.objects.get(public_id="2026-04-nstm-4-memo")
    known = {entry.slug for entry in small.entries}
    told = next(entry for entry in small.entries if entry.slug == "2026-04-nstm-4-memo").related
    assert {slug for slug in told if slug in known} <= set(memo.related.values_list("public_id", flat=True))


def test_a_persons_edit_is_kept(small: Pack) -> None:
    install(small)
    Entry.objects.filter(public_id="2026-04-nstm-4-memo").update(title="Edited by a person")
    preview = install(small)
    assert preview.counts["entries"].n_differing == 1
    assert Entry.objects.get(public_id="2026-04-nstm-4-memo").title == "Edited by a person"


def test_what_a_person_deleted_or_renamed_does_not_come_back(small: Pack) -> None:
    install(small)
    Alias.objects.get(entity__slug="openai", text="Open AI").delete()
    source = Source.objects.get(slug="nw-npr")
    source.slug = "npr"
    source.save()
    preview = install(small)
    assert preview.n_added == 0
    assert preview.counts["names"].n_decided == 1
    assert preview.counts["sources"].n_decided == 1


def test_new_names_of_a_known_entity_are_added(small: Pack) -> None:
    Entity.objects.create(slug="openai", name="OpenAI as a person wrote it", type=Entity.Type.ORGANISATION)
    install(small)
    assert Entity.objects.get(slug="openai").name == "OpenAI as a person wrote it"
    assert Alias.objects.filter(entity__slug="openai", text="OpenAI OpCo").exists()


def test_a_cited_address_is_the_article_its_feed_would_bring(small: Pack) -> None:
    url = "https://www.theverge.com/2023/12/15/24003151/bytedance-china-openai-microsoft-competitor-llm"
    item = FoundItem(url=url, source_item_id="", title="", byline="", text="", published=None)
    assert article_key(f"{url}?utm_source=rss") == item_key(1, item)
    install(small)
    article = Article.objects.get(key=article_key(url))
    assert article.public_id == public_id_of(article.key)
    assert article.source is not None
    assert article.source.name == "The Verge"


def test_new_rows_have_a_first_line_of_history(small: Pack) -> None:
    install(small)
    entry = Entry.objects.get(public_id="2026-04-nstm-4-memo")
    assert [line.history_change_reason for line in entry.history.all()] == ["starter pack 2026-11-22"]
    assert Claim.history.count() == 7


def test_sample_gets_its_host(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("starter", "--sample", "http://127.0.0.1:8123/")
    assert Endpoint.objects.get(source__slug="sample-courier").url == "http://127.0.0.1:8123/courier/feed.xml"
    assert "rows added" in capsys.readouterr().out


@pytest.mark.slow
def test_preview_command_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("starter", "--preview")
    assert "would be added" in capsys.readouterr().out
    assert not Source.objects.exists()
