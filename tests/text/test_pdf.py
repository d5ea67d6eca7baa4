"""PDFs to text: documents written here by hand, whole and broken."""

from __future__ import annotations

import datetime as dt
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quick import cpu_below
from tests.text.pdf_writer import Text, pdf, typed
from tracker.errors import PdfError
from tracker.text.pdf import is_pdf, pdf_text, stated_date
from tracker.text.pdf_lines import Line, paragraphs

NOW = dt.datetime(2026, 11, 22, 3, 30, tzinfo=dt.UTC)
MEMO = [
    Text("SAMPLE OFFICE OF INVENTED POLICY", 72, 740, 18),
    *typed(
        [
            "April 23, 2026",
            "",
            "MEMORANDUM FOR THE SAMPLE AGENCIES",
            "",
            "This invented memorandum tells the sample agencies that the extrac-",
            "tion of the answers of well-known models has been seen, and that each",
            "agency shall say what it knows.",
            "",
            "(1) Each agency keeps a list of reports, and sends it to the office at the",
            "end of each month.",
            "(2) Nobody is named here (not once); lines wrap, as in any memo, at well-",
            "known places.",
        ],
        top=700,
    ),
]
WANTED = """SAMPLE OFFICE OF INVENTED POLICY
April 23, 2026
MEMORANDUM FOR THE SAMPLE AGENCIES
This invented memorandum tells the sample agencies that the extraction of the answers of well-known models has been \
seen, and that each agency shall say what it knows.
(1) Each agency keeps a list of reports, and sends it to the office at the end of each month.
(2) Nobody is named here (not once); lines wrap, as in any memo, at well-known places."""


def test_a_memo_is_read_in_paragraphs() -> None:
    found = pdf_text(pdf([MEMO], title="Microsoft Word - memo_final.docx"))
    assert found.text == WANTED
    assert (found.title, found.n_pages, found.notes) == ("SAMPLE OFFICE OF INVENTED POLICY", 1, ())


def test_a_title_that_a_person_wrote_counts() -> None:
    assert (
        pdf_text(pdf([MEMO], title="Adversarial copying of models")).title == "Adversarial copying of models"
    )


def test_heads_and_page_numbers_are_left_out_but_the_first() -> None:
    pages = [
        [
            Text("Sample Office - Memo", 72, 760, 9),
            *typed(
                [
                    f"Page {n} begins a sentence which runs to the very end of the line and",
                    "then goes on to say",
                ]
            ),
            Text(str(n), 300, 40, 9),
        ]
        for n in range(1, 6)
    ]
    pages[4][2] = Text("then it ends.", 72, 706)
    found = pdf_text(pdf(pages))
    assert found.text.count("Sample Office - Memo") == 1
    assert found.text.split("\n")[-1].endswith("then it ends.")
    assert not [line for line in found.text.split("\n") if line.isdigit()]
    assert found.n_pages == 5


def test_a_sentence_goes_on_over_a_page() -> None:
    pages = [typed(["The sample lab said that it had never taken the answers of another model and"]),
             typed(["that it would say so again. The office did not answer."])]  # fmt: skip
    assert pdf_text(pdf(pages)).text.count("\n") == 0


def test_two_columns_are_read_one_after_the_other() -> None:
    left = typed(["The left column is read first, as a", "reader would, and ends here."], x=72)
    right = typed(["The right column is read second and", "it also ends."], x=330)
    assert pdf_text(pdf([[*left, *right]])).text.split("\n") == [
        "The left column is read first, as a reader would, and ends here.",
        "The right column is read second and it also ends.",
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (pdf([MEMO], is_locked=True), "locked with a password"),
        (pdf([[], []]), "the PDF has 2 pages and no text in them; it is probably a scan"),
        (b"%PDF-1.7\n" + b"junk " * 500, "is broken"),
        (pdf([MEMO])[:300], "is broken"),
        (b"", "is broken"),
    ],
    ids=["locked", "scan", "junk", "short", "empty"],
)
def test_what_cannot_be_read_says_why(body: bytes, words: str) -> None:
    with pytest.raises(PdfError, match=words):
        pdf_text(body)


def test_a_long_document_is_cut_with_a_note() -> None:
    pages = [typed([f"Line {n} of a page."] * 40) for n in range(5)]
    found = pdf_text(pdf(pages), max_chars=1500)
    assert len(found.text) <= 1500
    assert found.notes == ("only the first 2 of 5 pages were read",)


def test_a_bomb_does_not_hurt() -> None:
    body = pdf([typed(["words"])])
    page = zlib.compress(zlib.compress(b"(" * 30_000_000, 1), 1)
    start = body.index(b"<< /Length")
    end = body.index(b"endstream")
    bomb = body[:start] + b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n" % len(page)
    with cpu_below(2.0):
        assert said(bomb + page + b"\n" + body[end:], deadline_s=5.0)


def test_a_deadline_is_kept() -> None:
    with pytest.raises(PdfError, match=r"took longer than 0\.01 seconds"):
        pdf_text(pdf([MEMO]), deadline_s=0.01)


def said(body: bytes, *, deadline_s: float) -> str:
    """Return the error, or what was noted, or the text."""
    try:
        found = pdf_text(body, deadline_s=deadline_s)
    except PdfError as error:
        return str(error)
    return " ".join(found.notes) or found.text


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"%PDF-1.4", "text/html", True),
        (b"\r\n%PDF-1.4", "", True),
        (b"HTTP junk\n%PDF-1.4", "application/pdf", True),
        (b"<html>", "application/pdf", False),
        (b"<p>about %PDF-", "text/html", False),
    ],
)
def test_the_bytes_say_whether_it_is_a_pdf(body: bytes, content_type: str, *, expected: bool) -> None:
    assert is_pdf(body, content_type) is expected


def test_a_date_counts_where_it_stands_alone_near_the_start() -> None:
    found = stated_date(WANTED, NOW)
    assert found is not None
    assert (found.at.date(), found.precision) == (dt.date(2026, 4, 23), "day")
    assert stated_date("The office met on April 23, 2026 and spoke.", NOW) is None
    assert stated_date("x\n" * 20 + "April 23, 2026", NOW) is None
    assert stated_date("April 2026\n2026", NOW) is None


@given(st.lists(st.lists(st.text(alphabet="ab- .\n\ufffe(1)样", max_size=20), max_size=8), max_size=4))
@settings(deadline=None, max_examples=40)
def test_no_word_is_lost_without_places(pages: list[list[str]]) -> None:
    lines = [[Line(text.strip()) for text in page if text.strip()] for page in pages]
    kept = "".join("".join(paragraphs(lines)).split())
    for page in lines[:1]:
        for line in page:
            letters = [char for char in line.text if char in "ab样"]
            assert all(char in kept for char in letters)


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "a-" * 150_000, "\ufffe" * 200_000, ". " * 150_000, "page" + " " * 200_000 + "x"]
)
def test_long_lines_take_no_time(text: str) -> None:
    with cpu_below(2.0):
        paragraphs([[Line(text), Line(text), Line(text)]])
