"""Cited addresses are read when somebody asks, their evidence becomes spans where the words stand, and no more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    EntryArticleFactory,
    EntryFactory,
    EvidenceFactory,
    QuantityFactory,
    RevisionFactory,
)
from tracker import jobs
from tracker.fetch.memory import MemoryFetcher
from tracker.models import (
    Article,
    Claim,
    Entry,
    EntryArticle,
    Evidence,
    EvidenceCheck,
    Job,
    article_key,
)
from tracker.pipeline.cite import check_article, owe_checks, owe_reading
from tracker.pipeline.place import place
from tracker.records import Outcome

pytestmark = pytest.mark.django_db

PAGE = "https://ledger.example/memo"
SENTENCE = "Quillmark told the committee that more than 24,000 sham accounts had asked its model for answers."
PROSE = [
    f"{SENTENCE} The letter names Fernlight as the buyer of those accounts.",
    "Fernlight said \u201cwe trained on\npublic data only\u201d and called the letter unfounded in every respect.",
    "The committee will hear engineers of both companies next month, a spokesperson said in a statement.",
]
BODY = (
    "<!doctype html><html lang=en><head><title>The letter</title></head><body><main><article><h1>The letter</h1>"
    + "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
    + "</article></main></body></html>"
).encode()


@pytest.fixture
def cited() -> Article:
    """Return a cited address in a compiled entry, with nothing of its text."""
    article = ArticleFactory(
        url=PAGE, key=article_key(PAGE), text_from="cited", title="Quillmark's letter, as compiled",
        is_on_subject=True, is_relevance_decided=True, relevance_rule="compiled",
    )  # fmt: skip
    entry = EntryFactory(origin="compiled", is_decided=True, with_articles=0, public_id="landmark")
    EntryArticleFactory(entry=entry, article=article, role="primary", reason="Compiled by the project.")
    return article


@pytest.fixture
def claim(cited: Article) -> Claim:
    """Return a claim of the compiled entry."""
    return ClaimFactory(entry=Entry.objects.get())


def evidence(claim: Claim, article: Article | None, **fields: object) -> Evidence:
    """Store evidence that cites the address and says what words it rests on."""
    return EvidenceFactory(claim=claim, article=article, cited_url=PAGE, **fields)


def read(web: MemoryFetcher) -> None:
    """Have the cited addresses read and their evidence looked up."""
    web.answer(PAGE, BODY)
    owe_reading()
    jobs.drain(kinds=["read", "cite"])


def now_of(row: Evidence) -> Evidence:
    """Return what is stored of a piece of evidence."""
    return Evidence.objects.select_related("revision").get(pk=row.pk)


def is_span(row: Evidence) -> bool:
    return now_of(row).revision_id is not None


def test_a_cited_address_is_read_when_somebody_asks(web: MemoryFetcher, cited: Article) -> None:
    read(web)
    cited.refresh_from_db()
    assert cited.text_from == "page"
    assert cited.latest is not None
    assert "sham accounts" in cited.latest.text
    assert cited.title == "Quillmark's letter, as compiled"
    assert cited.memberships.get().entry.public_id == "landmark"


def test_nothing_is_read_unless_somebody_asks(web: MemoryFetcher, cited: Article) -> None:
    jobs.sweep()
    jobs.drain(kinds=["poll", "read"])
    assert not web.requests


def test_asking_twice_reads_once(web: MemoryFetcher, cited: Article) -> None:
    assert owe_reading() == 1
    assert owe_reading() == 0
    read(web)
    assert owe_reading() == 0
    jobs.drain(kinds=["read"])
    assert len(web.requests) == 1


def test_withheld_addresses_are_left_alone(web: MemoryFetcher, cited: Article) -> None:
    Article.objects.update(status="withheld")
    assert owe_reading() == 0


def test_a_quotation_becomes_a_span_of_the_revision(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    row = evidence(claim, cited, quoted='"we trained on public data only"')
    read(web)
    row = now_of(row)
    assert row.revision is not None
    assert row.revision.article == cited
    assert row.quoted == row.revision.text[row.start : row.end]
    assert row.quoted.startswith("\u201cwe trained on")
    assert row.cited_url == PAGE
    check = EvidenceCheck.objects.get()
    assert (check.outcome, check.evidence_id, check.revision_id) == ("found", row.pk, row.revision_id)


def test_evidence_that_names_the_address_alone_is_found_too(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = EvidenceFactory(
        claim=claim, article=None, cited_url=f"{PAGE}?utm_source=x", quoted="names Fernlight as the buyer"
    )
    other = EvidenceFactory(
        claim=claim,
        article=None,
        cited_url="https://ledger.example/other",
        quoted="names Fernlight as the buyer",
    )
    read(web)
    assert now_of(row).article == cited
    assert is_span(row)
    assert not is_span(other)


def test_a_number_as_worded_leads_to_its_sentence(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    row = evidence(claim, cited, field="quantities")
    QuantityFactory(claim=claim, as_worded="more than 24,000 sham accounts", evidence=row)
    read(web)
    assert now_of(row).quoted == SENTENCE


def test_a_field_as_worded_leads_to_its_sentence(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    Claim.objects.update(accused_as_worded="the buyer of those accounts")
    row = evidence(claim, cited, field="accused_as_worded")
    read(web)
    assert now_of(row).quoted == "The letter names Fernlight as the buyer of those accounts."


def test_evidence_without_words_stays_cited(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    """A name that stands somewhere in a text does not support a claim about it."""
    Claim.objects.update(accused_as_worded="Fernlight")
    whole = evidence(claim, cited)
    short = evidence(claim, cited, field="accused_as_worded")
    number = evidence(claim, cited, field="quantities")
    QuantityFactory(claim=claim, as_worded="both", evidence=number)
    read(web)
    assert not any(map(is_span, (whole, short, number)))
    assert not EvidenceCheck.objects.exists()


def test_two_numbers_on_one_address_need_both_their_words(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = evidence(claim, cited, field="quantities")
    QuantityFactory(claim=claim, as_worded="more than 24,000 sham accounts", evidence=row)
    QuantityFactory(claim=claim, as_worded="next month", evidence=row, metric="x", scope="wide apart")
    QuantityFactory(claim=claim, as_worded="", evidence=row, metric="y")
    read(web)
    assert not is_span(row)


def test_words_in_several_places_are_left_to_a_person(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = evidence(claim, cited, field="quantities")
    QuantityFactory(claim=claim, as_worded="the letter", evidence=row)
    QuantityFactory(claim=claim, as_worded="the committee", evidence=row, metric="x")
    body = BODY.replace(b"The committee", b"And the committee")
    web.answer(PAGE, body)
    read(web)
    assert not is_span(row)
    assert EvidenceCheck.objects.get().outcome in {"many", "absent"}


def test_something_like_the_quotation_is_noted_and_no_more(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = evidence(claim, cited, quoted="names Fernlight as a buyer of the accounts")
    gone = evidence(claim, cited, field="title", quoted="Nothing of the kind was ever printed in this place")
    read(web)
    assert not is_span(row)
    assert now_of(row).quoted == "names Fernlight as a buyer of the accounts"
    near = EvidenceCheck.objects.get(evidence=row)
    assert near.outcome == "near"
    assert "Fernlight as the buyer of those accounts" in near.note
    assert EvidenceCheck.objects.get(evidence=gone).outcome == "absent"


def test_running_twice_changes_nothing(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    row = evidence(claim, cited, quoted="names Fernlight as the buyer")
    read(web)
    before = (list(Evidence.objects.values()), list(EvidenceCheck.objects.values()), Job.objects.count())
    read(web)
    owe_checks(Article.objects.all())
    jobs.drain(kinds=["read", "cite"])
    check_article(cited.pk)
    assert before == (
        list(Evidence.objects.values()),
        list(EvidenceCheck.objects.values()),
        Job.objects.count(),
    )
    assert is_span(row)


def test_what_a_person_chose_is_not_touched(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    other = RevisionFactory(article=ArticleFactory(), text="An older text: names Fernlight as the buyer.")
    chosen = evidence(
        claim, cited, revision=other, start=0, end=13, quoted="An older text", field="accused_as_worded"
    )
    before = Evidence.objects.filter(pk=chosen.pk).values().get()
    read(web)
    assert Evidence.objects.filter(pk=chosen.pk).values().get() == before


def test_a_span_that_a_person_took_back_stays_cited(web: MemoryFetcher, cited: Article, claim: Claim) -> None:
    row = evidence(claim, cited, quoted="names Fernlight as the buyer")
    read(web)
    Evidence.objects.filter(pk=row.pk).update(revision=None, start=None, end=None)
    owe_checks(Article.objects.all())
    jobs.drain(kinds=["cite"])
    assert not is_span(row)
    # nor is it made a span of what the page says later
    newer = RevisionFactory(article=cited, text="It names Fernlight as the buyer.", text_sha256="f" * 64)
    assert Article.objects.get(pk=cited.pk).latest == newer
    check_article(cited.pk)
    assert not is_span(row)


def test_a_quotation_that_a_person_adds_later_is_looked_up(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = evidence(claim, cited, quoted="names Somebody Else as the buyer")
    read(web)
    assert not is_span(row)
    Evidence.objects.filter(pk=row.pk).update(quoted="names Fernlight as the buyer")
    owe_checks(Article.objects.all())
    jobs.drain(kinds=["cite"])
    assert is_span(row)


def test_evidence_changed_while_it_was_looked_up_is_not_overwritten(
    web: MemoryFetcher, cited: Article, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.pipeline import cite  # noqa: PLC0415 - the module is changed for this test

    row = evidence(claim, cited, quoted="names Fernlight as the buyer")
    real = cite.try_words

    def meanwhile(*args: object) -> object:
        Evidence.objects.filter(pk=row.pk).update(quoted="A person's own words")
        return real(*args)  # type: ignore[arg-type]  # handed through as it came

    monkeypatch.setattr(cite, "try_words", meanwhile)
    read(web)
    assert now_of(row).quoted == "A person's own words"
    assert not is_span(row)


@pytest.mark.parametrize("outcome", [Outcome.HTTP_CLIENT, Outcome.BLOCKED, Outcome.ROBOTS, Outcome.TIMEOUT])
def test_a_page_that_cannot_be_read_leaves_the_address_cited_and_says_why(
    web: MemoryFetcher, cited: Article, claim: Claim, outcome: Outcome
) -> None:
    row = evidence(claim, cited, quoted="names Fernlight as the buyer")
    web.fail(PAGE, outcome, "It did not work.")
    owe_reading()
    jobs.drain(kinds=["read", "cite"])
    cited.refresh_from_db()
    assert (cited.text_from, cited.read_outcome, cited.read_reason) == ("cited", outcome, "It did not work.")
    assert cited.latest is None
    assert not cited.revisions.exists()
    member = EntryArticle.objects.get()
    assert (member.article, member.role) == (cited, "primary")
    assert Article.objects.public().filter(pk=cited.pk).exists()
    assert not is_span(row)
    assert Job.objects.filter(kind="read", key__contains=":again:").exists() == (outcome is Outcome.TIMEOUT)


def test_a_page_without_an_article_leaves_the_address_cited(web: MemoryFetcher, cited: Article) -> None:
    web.answer(PAGE, b"%PDF-1.4 not a page")
    owe_reading()
    jobs.drain(kinds=["read"])
    cited.refresh_from_db()
    assert (cited.text_from, cited.read_outcome) == ("cited", "parse")


def test_what_could_not_be_read_is_tried_again_when_asked(web: MemoryFetcher, cited: Article) -> None:
    web.fail(PAGE, Outcome.HTTP_CLIENT, "no")
    owe_reading()
    jobs.drain(kinds=["read"])
    assert owe_reading() == 0
    assert owe_reading(again=True) == 1
    assert owe_reading(again=True) == 0


@pytest.mark.slow
def test_a_cited_article_stays_on_the_subject_and_in_its_entry_whatever_the_machine_says(
    web: MemoryFetcher, cited: Article
) -> None:
    """Read and analysed, it neither leaves its landmark nor draws the machine's entries to it."""
    off = (
        BODY.replace(b"sham accounts", b"ferry tickets")
        .replace(b"model", b"ferry")
        .replace(b"trained", b"ran")
    )
    web.answer(PAGE, off)
    owe_reading()
    jobs.drain(kinds=["read", "analyse", "place"])
    cited.refresh_from_db()
    assert cited.latest is not None
    assert cited.latest.analysed_by
    assert cited.is_on_subject
    entry = Entry.objects.get()
    assert (entry.origin, entry.public_id) == ("compiled", "landmark")
    assert entry.n_articles == 1
    assert [member.article_id for member in entry.members.all()] == [cited.pk]


@pytest.mark.slow
def test_the_same_text_elsewhere_makes_an_entry_of_its_own(web: MemoryFetcher, cited: Article) -> None:
    copy = ArticleFactory(url="https://copy.example/memo", text_from="none", published_at=timezone.now())
    Article.objects.filter(pk=cited.pk).update(published_at=copy.published_at)
    Article.objects.filter(pk=copy.pk).update(is_relevance_decided=True)
    web.answer(copy.url, BODY)
    web.answer(PAGE, BODY)
    owe_reading()
    Job.objects.create(kind="read", subject_id=copy.pk, key="read:copy")
    jobs.drain(kinds=["read", "analyse", "place"])
    landmark = Entry.objects.get(origin="compiled")
    machine = Entry.objects.get(origin="machine")
    assert [member.article_id for member in landmark.members.all()] == [cited.pk]
    assert [member.article_id for member in machine.members.all()] == [copy.pk]
    place(cited.pk)
    assert Entry.objects.count() == 2


def test_a_feed_that_brings_the_address_later_changes_no_span(
    web: MemoryFetcher, cited: Article, claim: Claim
) -> None:
    row = evidence(claim, cited, quoted="names Fernlight as the buyer")
    read(web)
    later = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    RevisionFactory(article=cited, text="All is new.", text_sha256="e" * 64, fetched_at=later)
    check_article(cited.pk)
    assert now_of(row).quoted == "names Fernlight as the buyer"


def test_half_a_span_is_refused_by_the_database(claim: Claim) -> None:
    with pytest.raises(IntegrityError):
        EvidenceFactory(claim=claim, cited_url="", quoted="x")
