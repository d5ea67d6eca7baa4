"""What is on file links a text's names, and a quote or a number of 'the company' is the company's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories import AffiliationFactory, AliasFactory, EntityFactory, PositionFactory, RevisionFactory
from tracker import jobs
from tracker.linking.link import linked
from tracker.models import Entity, Mention, QuantityMention, Quote, Revision, owe
from tracker.pipeline import analyse, gazetteer
from tracker.pipeline.knowledge import read_knowledge
from tracker.records import Analysis, FoundMention, FoundQuantity, FoundQuote, Relevance, Span

pytestmark = pytest.mark.django_db
TEXT = "Lumora published a report. The company said it had closed 900 accounts. \u201cNo more,\u201d the company said."
ON = Relevance(is_on_subject=True, score=1.0)


@pytest.fixture(autouse=True)
def fresh_names() -> None:
    """Let every test see its own names."""
    gazetteer.forget_analyser()


def place(words: str, *, last: bool = False) -> Span:
    start = TEXT.rindex(words) if last else TEXT.index(words)
    return start, start + len(words)


def an_analysis(lab: Entity) -> Analysis:
    """Return what the language stage says of the text: one name, and 'the company' as speaker and party."""
    speaker, party = place("the company", last=True), place("The company")
    start, end = place("No more,")
    quote = FoundQuote(start, end, "No more,", "direct", speaker, "the company", "", "unknown", 0.9, "q", "r")
    number = place("900 accounts")
    quantity = FoundQuantity(
        *number,
        "900 accounts",
        "accounts",
        "=",
        Decimal(900),
        None,
        "account",
        "",
        party,
        party,
        0.9,
        "n",
        "r",
    )
    name = FoundMention(0, 6, "Lumora", "ORG", 1.0, "m", lab.pk, "exact alias")
    return Analysis([name], ON, "m", quotes=[quote], quantities=[quantity])


def test_a_quote_and_a_number_of_the_company_belong_to_the_company() -> None:
    lab = EntityFactory(name="Lumora", subtype="ai-lab")
    revision = RevisionFactory(text=TEXT)
    analyse.store(revision, linked(an_analysis(lab), TEXT, read_knowledge()))
    quote = Quote.objects.get(revision=revision)
    assert (quote.speaker, quote.speaker_name, quote.speaker_words) == (lab, "Lumora", "the company")
    quantity = QuantityMention.objects.get(revision=revision)
    assert (quantity.party, quantity.stated_by, quantity.party_name) == (lab, lab, "Lumora")
    described = Mention.objects.filter(revision=revision, form="description")
    assert [(m.surface, m.entity, m.name_key, m.model) for m in described.order_by("start")] == [
        ("The company", lab, "", "linking.v2"),
        ("the company", lab, "", "linking.v2"),
    ]


def test_where_two_companies_fit_the_quote_is_nobodys() -> None:
    lab, other = EntityFactory(name="Lumora"), EntityFactory(name="Tessel")
    text = TEXT.replace("a report.", "it to Tessel.")
    found = an_analysis(lab)
    shift = len(text) - len(TEXT)
    tessel = text.index("Tessel")
    names = [
        *found.mentions,
        FoundMention(tessel, tessel + 6, "Tessel", "ORG", 1.0, "m", other.pk, "exact alias"),
    ]
    speaker = place("the company", last=True)
    quote = FoundQuote(
        30, 40, "x", "direct", (speaker[0] + shift, speaker[1] + shift), "the company", "", "", 1, "q", ""
    )
    revision = RevisionFactory(text=text)
    analyse.store(revision, linked(Analysis(names, ON, "m", quotes=[quote]), text, read_knowledge()))
    stored = Quote.objects.get(revision=revision)
    assert (stored.speaker, stored.speaker_name) == (None, "the company")


def test_the_analysis_of_a_revision_links_its_text() -> None:
    lab = EntityFactory(name="Deep Lab", type="organisation", subtype="ai-lab")
    AliasFactory(entity=lab, text="\u6df1\u5ea6\u6c42\u7d22", language="zh")
    text = (
        "\u6df1\u5ea6\u6c42\u7d22\u53d1\u5e03\u4e86\u62a5\u544a\u3002"  # the lab published a report
        "\u8be5\u516c\u53f8\u5426\u8ba4\u4e86\u6307\u63a7\u3002"  # the company denied the charge
    )
    revision = RevisionFactory(text=text, language="zh")
    owe("analyse", [revision.pk], version="1")
    jobs.drain(kinds=["analyse"])
    found = Mention.objects.get(revision=revision, form="description")
    assert (found.surface, found.entity) == ("\u8be5\u516c\u53f8", lab)
    assert Revision.objects.get(pk=revision.pk).analysed_by


def test_what_is_on_file_is_read_in_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(10):
        PositionFactory()
        AffiliationFactory()
    hidden = EntityFactory(name="Hidden Lab", is_public=False)
    AffiliationFactory(child=hidden)
    with django_assert_max_num_queries(6):
        known = read_knowledge()
    assert known.facts(hidden.pk).type == ""
    assert known.family(hidden.pk) == {hidden.pk}
