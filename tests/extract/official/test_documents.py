"""Official documents against their recordings, bills, memorandums, and texts that are none of them.

A recording is two files under `tests/data/extract/official/`, both invented in the real shape: `<case>.html` and
`<case>.yaml` with the address of the page (`url`) and what is expected of it (`expect`): kind, kind_rule, title, facts,
notes, text where the document's own is taken, and turns as `kind | speaker | outlet | words`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tests.text.pdf_writer import pdf, typed
from tracker.extract.article import extract_article
from tracker.extract.child import read_article
from tracker.extract.official.document import READERS, PageRead, read_document
from tracker.records import Page, ParsedArticle
from tracker.sources.kind import KINDS

DATA = Path(__file__).parents[2] / "data"
CASES = sorted((DATA / "extract" / "official").glob("*.yaml"))
BILLS = sorted((DATA / "sources" / "govinfo_bill").glob("*.xml"))
NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
URL = "https://office.example.org/document"
PROSE = "The sample office said on Tuesday that a rival had asked its model some 12,000 questions in three weeks. "


def read(body: bytes | str, content_type: str = "text/html", url: str = URL) -> ParsedArticle:
    raw = body.encode() if isinstance(body, str) else body
    return extract_article(Page(url, url, 200, {"content-type": content_type}, raw, NOW, 0.1), NOW)


def page(*paragraphs: str, title: str = "A sample headline") -> ParsedArticle:
    inside = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return read(
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{inside}</article></body>"
    )


def shown(article: ParsedArticle) -> list[str]:
    return [
        f"{turn.kind} | {turn.speaker} | {turn.outlet} | {article.text[turn.start : turn.end]}"
        for turn in article.turns
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda path: str(path.stem))
def test_a_recording_reads_as_expected(case: Path) -> None:
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    article, expect = read(case.with_suffix(".html").read_bytes(), url=told["url"]), told["expect"]
    assert (article.kind, article.kind_rule) == (expect["kind"], expect["kind_rule"])
    assert article.title.value == expect["title"]
    assert {name: fact.value for name, fact in article.facts.items()} == expect["facts"]
    assert all(fact.rule for fact in article.facts.values())
    assert list(article.notes) == expect.get("notes", [])
    assert shown(article) == expect.get("turns", [])
    if "text" in expect:
        assert article.text == expect["text"]
    assert article.rules["kind"] == expect["kind_rule"]


def test_every_kind_of_document_has_a_recording() -> None:
    in_pdf = {"memorandum"}  # made by the tests below
    without = [
        name
        for name in READERS.names()
        if not any(case.stem.startswith(name.replace(" ", "_")) for case in CASES) and name not in in_pdf
    ]
    assert without == []


def test_facts_and_turns_come_through_the_process_that_reads_pages() -> None:
    case = DATA / "extract" / "official" / "press_conference_letters.html"
    answer = Page(URL, URL, 200, {"content-type": "text/html"}, case.read_bytes(), NOW, 0.1)
    assert read_article(answer, NOW) == extract_article(answer, NOW)


# --- bills ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BILLS, ids=lambda path: str(path.stem))
def test_a_bill_says_the_same_as_a_page_and_as_a_listing(path: Path) -> None:
    url = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))["url"]
    answer = Page(url, url, 200, {"content-type": "application/xml"}, path.read_bytes(), NOW, 0.1)
    article = extract_article(answer, NOW)
    (item,) = KINDS.get("govinfo_bill").parse(answer, {}, NOW).items
    assert (article.title.value, article.byline.value, article.text) == (item.title, item.byline, item.text)
    assert {name: fact.value for name, fact in article.facts.items()} == dict(item.facts)
    assert article.published is not None
    assert item.published is not None
    assert article.published.at == item.published.at
    assert (article.kind, article.kind_rule, article.text_rule) == ("bill", "bill XML", "bill XML")


def test_a_bill_with_a_day_that_cannot_be_read_says_so() -> None:
    body = (
        "<bill><form><legis-num>H. R. 7</legis-num><action><action-date>some day</action-date></action></form>"
        "<legis-body><section><enum>1.</enum><text>Words of a sample bill.</text></section></legis-body></bill>"
    )
    article = read(body, "application/xml")
    assert article.published is None
    assert "bill: the day 'some day' cannot be read" in article.notes


# --- memorandums ---------------------------------------------------------------------------------------------

HEAD = [
    "SAMPLE OFFICE OF THE PRESIDENT",
    "November 18, 2026",
    "M-26-99",
    "MEMORANDUM FOR THE HEADS OF SAMPLE DEPARTMENTS",
    "FROM: Ada Muster",
    "Director",
    "SUBJECT: Copying of Sample Models",
]


def memo(head: list[str]) -> ParsedArticle:
    lines = [line for each in head for line in (each, "")]
    return read(pdf([typed([*lines, PROSE[:90], PROSE[90:] + "It names nobody."])]), "application/pdf")


def test_a_memorandum_in_a_pdf_states_number_day_and_people() -> None:
    article = memo(HEAD)
    assert {name: fact.value for name, fact in article.facts.items()} == {
        "document_number": "M-26-99",
        "date": "2026-11-18",
        "from": "Ada Muster; Director",
        "to": "THE HEADS OF SAMPLE DEPARTMENTS",
        "subject": "Copying of Sample Models",
    }
    assert (article.kind, article.kind_rule) == ("official", "memorandum")
    assert article.facts["from"].rule == "caption FROM"


def test_captions_with_a_date_of_their_own_are_read() -> None:
    head = [
        "INTERIM MEMORANDUM",
        "TO: Sample Staff",
        "FROM: Bo Beispiel",
        "DATE: 18 November 2026",
        "RE: Samples",
    ]
    facts = memo(head).facts
    assert {name: fact.value for name, fact in facts.items()} == {
        "from": "Bo Beispiel",
        "to": "Sample Staff",
        "subject": "Samples",
        "date": "2026-11-18",
    }


def test_a_date_that_cannot_be_read_is_noted_and_not_guessed() -> None:
    article = memo(["MEMORANDUM", "TO: Staff", "FROM: Bo Beispiel", "DATE: 04/05/2026", "SUBJECT: Samples"])
    assert "date" not in article.facts
    assert "memorandum: the date '04/05/2026' cannot be read" in article.notes


def test_a_letter_with_a_line_that_says_what_it_is_about_is_no_memorandum() -> None:
    assert (
        memo(["November 18, 2026", "Dear Ms. Muster:", "RE: Your letter", "To: the sample office"]).kind == ""
    )


# --- what is none -------------------------------------------------------------------------------------------


NEWS = {
    "register": "The notice, FR Doc. 2026-99901, was filed on Monday and names no company at all.",
    "release": "The statement was marked for immediate release, and the office sent it to the invented press.",
    "dialogue": "Here is what the two said: Q: Did you copy it? A: We did not, and nobody in the house has.",
    "case": "Sample v. Example, 3:26-cv-90002, will be heard in the spring by Judge Muster.",
    "head": "Subject: the sample. From: the lab. He read both lines aloud to the committee.",
    "enumeration": "First: nobody asked.</p><p>Second: nobody answered.</p><p>Note: this is a sample.",
}


@pytest.mark.parametrize("name", NEWS)
def test_news_about_a_document_is_no_document(name: str) -> None:
    article = page(PROSE, NEWS[name], PROSE, title="After the press conference: what the sample office said")
    assert (article.kind, dict(article.facts), list(article.turns)) == ("", {}, [])


# --- turns --------------------------------------------------------------------------------------------------


def test_who_speaks_after_a_question_that_another_asks_again_is_kept_apart() -> None:
    article = page(
        "Sample Daily: Will the ministry answer the letter of the invented committee?",
        "Example Agency: And may I add whether it will name the companies?",
        "Ada Muster: It will answer both in writing.",
        "Sample Daily: When will that be, in the view of the ministry?",
        "Ada Muster: In the course of the week.",
        "Note: the second answer was given in writing.",
        title="Spokesperson Ada Muster's Regular Press Conference on November 18, 2026",
    )
    assert [(turn.kind, turn.speaker, turn.outlet) for turn in article.turns] == [
        ("remark", "", "Sample Daily"),
        ("question", "", "Example Agency"),
        ("answer", "Ada Muster", ""),
        ("question", "", "Sample Daily"),
        ("answer", "Ada Muster", ""),
    ]


def test_what_somebody_asks_again_is_never_taken_for_the_answer() -> None:
    article = page(
        "Sample Daily: Will the ministry answer the letter of the invented committee, and when will that be?",
        "Ada Muster: It will answer in writing, as it always has done.",
        "Follow-up: Will it name the companies that the letter of the committee leaves out?",
        "Ada Muster: That I cannot tell you today.",
        "Sample Daily (follow-up): And tomorrow?",
        "Ada Muster: Ask me tomorrow.",
        title="Spokesperson Ada Muster's Regular Press Conference on November 18, 2026",
    )
    assert [(turn.kind, turn.speaker, turn.outlet) for turn in article.turns] == [
        ("question", "", "Sample Daily"),
        ("answer", "Ada Muster", ""),
        ("question", "", ""),
        ("answer", "Ada Muster", ""),
        ("question", "", "Sample Daily"),
        ("answer", "Ada Muster", ""),
    ]


LABELS = [
    "Q: ",
    "A: ",
    "Q. ",
    "Sample Daily: ",
    "Ada Muster: ",
    "MS. MUSTER: ",
    "Q ",
    "问：",
    "答：",
    "***",
    "",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(LABELS), st.sampled_from(["Yes.", "No, and why?", " ", PROSE])), max_size=14
    )
)
def test_turns_never_overlap_and_stay_inside_the_text(pieces: list[tuple[str, str]]) -> None:
    text = "\n".join(label + words for label, words in pieces)
    title = "Spokesperson Ada Muster's Regular Press Conference"
    document = read_document(PageRead(title, text, markup="", tree=None, now=NOW))
    turns = list(document.turns) if document else []
    assert all(text[turn.start : turn.end].strip() for turn in turns)
    assert all(first.end <= second.start for first, second in itertools.pairwise(turns))
    assert all(0 <= turn.start < turn.end <= len(text) for turn in turns)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["FR Doc. 2026-1", "AGENCY:", "ACTION:", "DATES: effective May 1, 2026", "FROM:", "SUBJECT: x", "TO",
             "MEMORANDUM FOR", "For Immediate Release", "Press Release Number: x", "Docket Number:", "3:26-cv-90002",
             "Docket Text:", "A v. B, 3:26-cv-90002", "Components", "", "Case Number: 1:26-cr-00001"]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_no_mix_of_captions_raises(lines: list[str]) -> None:
    read_document(PageRead("T", "\n".join(lines), markup="", tree=None, now=NOW))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "FR Doc. 2026-99901 " + "A.A " * 100_000 + "v. " * 100_000,
        "For Immediate Release\n" + "Sample Of The And " * 40_000 + " v. B",
        "Q: x\nA: y\n" * 60_000,
        "Docket Number: 1\n" + "District Court, " * 60_000,
        "SUBJECT: x\nFROM: y\n" + "M E M O R A N D U M " * 40_000,
        "AGENCY: x\n" + ("FR Doc" + " " * 4_900 + "\n") * 5,
        "Docket Text: x\n" + "A v B " * 40_000,
        "Q: x\nA: y\n" + "B" + " " * 20_000 + ":\n" + "Q: x\nA: y\n",
    ],
    ids=["dotted", "capitals", "turns", "courts", "letters", "spaces", "parties", "spaced label"],
)
def test_a_hostile_text_takes_time_in_proportion(text: str) -> None:
    with cpu_below(8):
        read_document(PageRead("A press conference: a v. b", text, markup="", tree=None, now=NOW))
