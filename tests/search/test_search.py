"""What is found, in which order, and what is not: the same on every database."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tracker.models import Article, Claim, Entity, Entry
from tracker.search import documents, index, put, rebuild, remove, search

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

Make = Callable[..., Any]
MONDAY = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
ODD = [
    "",
    " ",
    "OR",
    "(",
    ")",
    '"',
    "-",
    "*",
    "%_*\"'--",
    "\0",
    "a\0b",
    "\U0001f600",
    "\ud800",
    "NOT NOT",
    "((((a",
    "'; DROP TABLE search_document; --",
    "title:",
    "NEAR(a b)",
    "a:b",
    "^a",
    "{a}",
    "a + b",
    "¶",
    "\\",
    "x" * 10_000,
]

SHELF = {
    "copied": "The lab says its model was copied by a rival",
    "denied": "Rival denies it copied the model",
    "cafe": "Café owner buys GPT-4 subscription for 24,000 euros",
    "chinese": "深度求索发布新模型",
    "korean": "한국은행은 인공지능을 검토했다",
    "russian": "Москва изучает модели",
    "modern": "Modernising the statute book",
    "apart": "the model\nwas copied in another paragraph",
    "long": "filler " * 30_000 + "needle in haystack",
}
CASES = [
    ("model", {"copied", "denied", "apart"}),
    ("MODEL Copied", {"copied", "denied", "apart"}),
    ('"model was copied"', {"copied"}),
    ('"copied the model"', {"denied"}),
    ("model -denies", {"copied", "apart"}),
    ("model NOT (denies OR lab)", {"apart"}),
    ("denies OR statute", {"denied", "modern"}),
    ("(lab OR rival) copied", {"copied", "denied"}),
    ("mod*", {"copied", "denied", "apart", "modern"}),
    ("moderni*", {"modern"}),
    ("mo", set()),
    ("cafe", {"cafe"}),
    ("CAFÉ", {"cafe"}),
    ("ＣＡＦＥ", {"cafe"}),
    ("gpt-4", {"cafe"}),
    ("gpt4", set()),
    ("GPT-4* owner", {"cafe"}),
    ("24000", {"cafe"}),
    ("24,000", {"cafe"}),
    ("深度求索", {"chinese"}),
    ("求索", {"chinese"}),
    ("索求", set()),
    ("模", {"chinese"}),
    ("한국은행", {"korean"}),
    ("국은", {"korean"}),
    ("МОСКВА", {"russian"}),
    ('"needle in haystack"', {"long"}),
    ('"haystack in needle"', set()),
    ('"filler needle"', {"long"}),
    ('copied -"model was copied"', {"denied", "apart"}),
    ('model -("copied by" OR denies)', {"apart"}),
    ("model -(rival -lab)", {"copied", "apart"}),
    ('model -("copied by" -lab)', {"copied", "denied", "apart"}),
    ('model -(rival -"the lab")', {"copied", "apart"}),
    ('"copied by" OR (statute -"the book")', {"copied", "modern"}),
    ('"model', {"copied", "denied", "apart"}),
    ("model OR", {"copied", "denied", "apart"}),
    ("-model", set()),
    ("%", set()),
    ("mod_l", set()),
    ("mode%", set()),
    ("copied's", set()),
]


@pytest.fixture
def shelf(article: Make) -> dict[int, str]:
    rows = {article(text.split("\n")[0][:60], text).pk: name for name, text in SHELF.items()}
    put("article", rows)
    return rows


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_conformance(shelf: dict[int, str], query: str, expected: Collection[str]) -> None:
    page = search(query)
    assert {shelf[hit.object_id] for hit in page.hits} == set(expected)
    assert page.counts == {"entry": 0, "article": len(expected), "entity": 0}


@pytest.mark.parametrize("query", ODD)
def test_odd_text_is_answered(shelf: dict[int, str], query: str) -> None:
    assert search(query).query == query


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=100),
        st.lists(
            st.sampled_from(
                ["model", "copied", '"', "(", ")", "-", "OR", "AND", "NOT", "mod*", "深度", "'", "x y", "%"]
            ),
            max_size=25,
        ).map(" ".join),
    )
)
def test_any_text_is_answered(shelf: dict[int, str], query: str) -> None:
    page = search(query)
    assert sum(page.counts.values()) >= len(page.hits)


@pytest.mark.parametrize(
    "query",
    [
        "a OR " * 2_000 + "b",
        "(" * 10_000,
        '"a b" ' * 1_600,
        "model -x " * 1_100,
        "m* " * 3_300,
        "深" * 10_000,
        "(model OR " * 9 + "copied" + ")" * 9,
        "(model -(copied -" * 5 + "model" + "))" * 5,
    ],
)
def test_huge_queries_are_answered_fast(shelf: dict[int, str], query: str) -> None:
    with cpu_below(3):
        search(query)


def test_hit_says_what_a_page_prints(article: Make, entry: Make, entity: Make) -> None:
    lab = entity("Sample Lab", "样本实验室")
    told = article("Lab <b>accuses</b> rival", "The Sample Lab spoke.")
    event = entry("Sample Lab accuses", lane="allegations")
    for kind, row in (("entity", lab), ("article", told), ("entry", event)):
        put(kind, [row.pk])
    hits = {hit.kind: hit for hit in search("lab").hits}
    assert hits["article"].title == (("Lab", True), (" <b>accuses</b> rival", False))
    assert hits["article"].snippet == (("The Sample ", False), ("Lab", True), (" spoke.", False))
    assert (hits["article"].at, hits["article"].source) == (MONDAY, "Sample Gazette")
    assert (hits["entry"].source, hits["entity"].source) == ("Allegation", "Organisation")
    assert hits["entity"].at is None
    assert {hit.url for hit in hits.values()} == {row.get_absolute_url() for row in (lab, told, event)}


def test_newest_first_and_entities_before_everything(article: Make, entry: Make, entity: Make) -> None:
    old = article("model", at=dt.datetime(1985, 1, 1, tzinfo=dt.UTC))
    new = article("model", at=MONDAY)
    middle = entry("model", at=MONDAY - dt.timedelta(days=30))
    lab = entity("Model Lab")
    put("article", [old.pk, new.pk])
    put("entry", [middle.pk])
    put("entity", [lab.pk])
    assert [hit.kind for hit in search("model").hits] == ["entity", "article", "entry", "article"]
    assert search("model").hits[-1].object_id == old.pk


@pytest.mark.parametrize("is_rare", [True, False])
def test_pages_join_to_the_whole_list(
    article: Make, monkeypatch: pytest.MonkeyPatch, *, is_rare: bool
) -> None:
    monkeypatch.setattr("tracker.search.store.RARE", 10_000 if is_rare else 0)
    rows = [article(f"model {number}", at=MONDAY + dt.timedelta(hours=number % 7)) for number in range(45)]
    put("article", [row.pk for row in rows])
    seen: list[int] = []
    cursor = ""
    while True:
        page = search("model", cursor=cursor, limit=10)
        assert page.counts["article"] == 45
        seen += [hit.object_id for hit in page.hits]
        cursor = page.next_cursor
        if not cursor:
            break
    expected = sorted(rows, key=lambda row: (row.published_at, row.pk), reverse=True)
    assert seen == [row.pk for row in expected]


@pytest.mark.parametrize(
    "cursor", ["x", "1.", ".", "1.0000000000000000", "-1.aa", "é.ü", "\0", "9" * 5_000, "ff.\ud800"]
)
def test_tampered_cursor_gives_the_first_page(article: Make, cursor: str) -> None:
    rows = [article("model") for _ in range(3)]
    put("article", [row.pk for row in rows])
    assert search("model", cursor=cursor, limit=2) == search("model", limit=2)


def test_cursor_of_another_query_gives_the_first_page(article: Make) -> None:
    put("article", [article("model copied").pk for _ in range(3)])
    other = search("copied", limit=2).next_cursor
    assert other
    assert search("model", cursor=other, limit=2) == search("model", limit=2)


def test_kinds_narrow_the_hits_and_not_the_counts(article: Make, entity: Make) -> None:
    put("article", [article("model").pk])
    put("entity", [entity("model").pk])
    page = search("model", kinds=["entity"])
    assert [hit.kind for hit in page.hits] == ["entity"]
    assert page.counts == {"entry": 0, "article": 1, "entity": 1}
    assert len(search("model", kinds=["nonsense"]).hits) == 2


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("article", {"is_on_subject": False}),
        ("article", {"status": "withheld"}),
        ("article", {"status": "rejected"}),
        ("entry", {"is_public": False}),
        ("entry", {"n_articles": 0}),
        ("entity", {"is_public": False}),
    ],
)
def test_what_is_no_longer_public_is_not_found(
    article: Make, entry: Make, entity: Make, kind: str, change: dict[str, object]
) -> None:
    row = {"article": article, "entry": entry, "entity": entity}[kind]("hidden model")
    put(kind, [row.pk])
    assert len(search("hidden").hits) == 1
    type(row).objects.filter(pk=row.pk).update(**change)
    put(kind, [row.pk])
    assert search("hidden").hits == ()
    rebuild()
    assert search("hidden").counts[kind] == 0


def test_draft_claims_are_not_found_and_published_ones_are(entry: Make) -> None:
    event = entry("An event")
    values: dict[str, Any] = {"entry": event, "kind": "action", "stated_by_name": "unknown"}
    claim = Claim.objects.create(public_id="c1", gist="secret allegation", **values)
    Claim.objects.create(public_id="c2", gist="rejected allegation", state="rejected", **values)
    put("entry", [event.pk])
    assert search("allegation").hits == ()
    claim.lead_evidence = claim.evidence.create(cited_url="https://example.com/a")
    claim.state, claim.accepted_by = "published", "an editor"
    claim.save()
    put("entry", [event.pk])
    assert [hit.object_id for hit in search("allegation").hits] == [event.pk]
    assert search("rejected").hits == ()


@pytest.mark.parametrize("query", ["深度", "Глубокий", "deep seek", "DEEPSEEK", "딥시크"])
def test_any_alias_in_any_script_finds_its_entity(entity: Make, query: str) -> None:
    put("entity", [entity("DeepSeek", "深度求索", "Глубокий Поиск", "Deep Seek", "딥시크").pk])
    assert len(search(query).hits) == 1


def test_a_phrase_does_not_reach_from_one_alias_into_the_next(entity: Make) -> None:
    put("entity", [entity("First", "Moon Shot", "Dark Side").pk])
    assert search('"shot dark"').hits == ()


def test_feed_text_is_searched_until_the_page_is_read(article: Make) -> None:
    row = article("Headline", feed_text="only the feed says quixotic")
    put("article", [row.pk])
    assert len(search("quixotic").hits) == 1


def test_putting_again_changes_nothing(article: Make) -> None:
    row = article("model", "The model was copied.")
    put("article", [row.pk])
    first = search("model")
    put("article", [row.pk, row.pk])
    put("article", [row.pk])
    assert search("model") == first


def test_a_changed_text_and_date_are_found_under_the_new_words_only(article: Make) -> None:
    row = article("before", "old words")
    put("article", [row.pk])
    row.title, row.published_at = "after", MONDAY + dt.timedelta(days=1)
    row.latest.text = "new words"
    row.latest.save()
    row.save()
    put("article", [row.pk])
    assert search("before").counts["article"] == search("old").counts["article"] == 0
    assert [hit.at for hit in search("after").hits] == [row.published_at]


def test_put_is_undone_with_its_transaction(article: Make) -> None:
    row = article("model")

    with transaction.atomic():
        put("article", [row.pk])
        transaction.set_rollback(True)
    assert search("model").counts["article"] == 0


def test_removed_and_deleted_rows_are_not_found(article: Make) -> None:
    rows = [article("model") for _ in range(3)]
    ids = [row.pk for row in rows]
    put("article", ids)
    remove("article", ids[:1])
    rows[1].delete()
    put("article", ids[1:2])
    assert [hit.object_id for hit in search("model").hits] == ids[2:]
    Article.objects.all().delete()
    rebuild()
    assert search("model").counts["article"] == 0


def test_rebuild_in_batches_gives_the_same_index(
    article: Make, entry: Make, entity: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.search.index.BATCH", 3)
    put("article", [article(f"model {number}").pk for number in range(8)])
    put("entry", [entry(f"model {number}").pk for number in range(4)])
    put("entity", [entity("model").pk])
    first = search("model")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM search_words")
    assert search("model").hits == ()
    assert rebuild() == {"entry": 4, "article": 8, "entity": 1}
    assert search("model") == first
    assert rebuild() == {"entry": 4, "article": 8, "entity": 1}


def test_reindex_command_says_what_it_did(article: Make, capsys: pytest.CaptureFixture[str]) -> None:
    article("model")
    call_command("reindex")
    assert "1 article" in capsys.readouterr().out
    assert len(search("model").hits) == 1


def test_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not searched"):
        put("source", [1])


def test_a_search_takes_two_queries(
    shelf: dict[int, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert search("model").hits


def test_hostile_bodies_are_indexed(article: Make) -> None:
    texts = [
        "'" * 1_000,
        "\\",
        "a" * 100_000,
        "".join(map(chr, range(0x4E00, 0x9FA5))) * 5,
        "%s %(x)s",
        "\U0001f600" * 99,
    ]
    texts.append(
        " ".join(chr(0x10400 + a) * 79 + chr(0x10400 + b) for a in range(40) for b in range(40) for _ in "ab")
    )
    texts.append(" ".join(f"{number:x}" for number in range(300_000)))
    rows = [article("model", text) for text in texts]
    put("article", [row.pk for row in rows])
    assert search("model").counts["article"] == len(texts)


def test_put_leaves_other_kinds_alone(article: Make, entity: Make) -> None:
    lab = entity("model")
    story = article("model")
    put("article", [story.pk])
    put("entity", [lab.pk])
    remove("article", [story.pk])
    assert [hit.kind for hit in search("model").hits] == ["entity"]
    assert Entity.objects.count() == 1
    assert Entry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_ruling_is_not_undone_by_a_text_read_before_it(
    article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = article("model")
    ruled = threading.Event()

    def rule() -> None:
        with transaction.atomic():
            Article.objects.filter(pk=row.pk).update(status=Article.Status.WITHHELD)
            put("article", [row.pk])
        ruled.set()
        connection.close()

    editor = threading.Thread(target=rule)

    def read_slowly(kind: str, ids: Collection[int]) -> list[documents.Document]:
        found = list(documents.documents(kind, ids))
        monkeypatch.setattr(index, "documents", documents.documents)
        editor.start()
        ruled.wait(0.5)
        return found

    monkeypatch.setattr(index, "documents", read_slowly)
    put("article", [row.pk])
    editor.join(10)
    found = search("model").counts["article"]
    assert ruled.is_set()
    assert found == 0
