"""PDF to text: paragraphs as a reader sees them, from a document that may mean harm.

Promises an answer or a PdfError within the deadline. The document is opened in a process of its own (`pdf_child`),
which ends with it; how lines become paragraphs is the business of `pdf_lines`.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import PdfError
from tracker.text.clean import one_line, safe_text
from tracker.text.dates import parse_feed_date
from tracker.text.pdf_lines import Line, heading_of, paragraphs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tracker.records import FoundDate

PDF_RULE = "pdf"
"""The rule of what was read from the text of a PDF."""
MAX_PAGES = 1000
MAX_TITLE = 300
DATE_LINES = 15
"""Lines at the start of a document in which its date is looked for."""

_SCRIPT = Path(__file__).with_name("pdf_child.py")
_MAX_ANSWER = 100_000_000
_READ = 1 << 16
_NO_TITLE = ("untitled", "microsoft word", "powerpoint", "document", "layout 1")
_FILE_ENDS = (".doc", ".docx", ".pdf", ".indd", ".pptx", ".wpd", ".rtf", ".tmp")
_MIN_TITLE = 8
_MAX_HEAD = 1024


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says; paragraphs are separated by one newline."""

    title: str
    text: str
    n_pages: int
    notes: Sequence[str] = ()


def is_pdf(body: bytes, content_type: str) -> bool:
    """Whether a body is a PDF: the bytes decide, as some servers call everything a PDF or nothing."""
    head = body[:_MAX_HEAD].lstrip()
    if head.startswith(b"%PDF-"):
        return True
    # the header may follow other bytes; a page that is only said to be a PDF is none
    return "application/pdf" in content_type.lower() and b"%PDF-" in head


def pdf_text(body: bytes, *, deadline_s: float = 20, max_chars: int = 1_000_000) -> PdfText:
    """Return the text of a PDF.

    Args:
        body: the document.
        deadline_s: seconds it may take; when they are short, the pages read by then are returned with a note.
        max_chars: code points read; the rest is left out with a note.

    Raises:
        PdfError: encrypted, without a text layer, broken, or it took too long or too much memory.
    """
    answer = _ask(body, deadline_s, max_chars)
    if "error" in answer:
        raise PdfError(_WORDS.get(answer["error"], _WORDS["broken"]))
    pages = [[Line(*line) for line in page] for page in answer["pages"]]
    n_pages = int(answer["n_pages"])
    text = safe_text("\n".join(paragraphs(pages)), max_chars)
    if not text.strip():
        pages_words = "1 page" if n_pages == 1 else f"{n_pages} pages"
        msg = f"the PDF has {pages_words} and no text in them; it is probably a scan, and nothing here reads pictures"
        raise PdfError(msg)
    return PdfText(
        _title(str(answer["title"]), pages, text), text, n_pages, tuple(_notes(answer, len(pages)))
    )


def stated_date(text: str, now: dt.datetime) -> FoundDate | None:
    """Return the date that a document states in a line of its own near its start, as a memo or a letter does."""
    for line in text.split("\n")[:DATE_LINES]:
        found = parse_feed_date(line, now) if any(char.isdigit() for char in line) else None
        if found is not None and found.precision in {"day", "minute"}:
            return replace(found, rule=f"{PDF_RULE} line ({found.rule})")
    return None


_WORDS = {
    "encrypted": "the PDF is locked with a password; ask its publisher for an open copy",
    "broken": "the PDF is broken: it cannot be opened, or its pages cannot be found",
    "memory": "the PDF needs more memory to read than is allowed",
    "stopped": "the PDF stopped the reader; it needs too much memory or is made to do harm",
}


def _notes(answer: dict[str, Any], n_read: int) -> list[str]:
    notes = []
    if n_read < answer["n_pages"]:
        notes.append(f"only the first {n_read} of {answer['n_pages']} pages were read")
    elif answer["is_cut"]:
        notes.append("a very long document; its end was not read")
    if answer["n_failed"]:
        notes.append(f"{answer['n_failed']} pages could not be read")
    return notes


def _title(stated: str, pages: Sequence[Sequence[Line]], text: str) -> str:
    """Return the title: that of the document's data when a person wrote it, else its largest first line."""
    title = one_line(stated, MAX_TITLE)
    lowered = title.lower()
    is_written = len(title) >= _MIN_TITLE and " " in title
    if is_written and not lowered.startswith(_NO_TITLE) and not lowered.endswith(_FILE_ENDS):
        return title
    return one_line(heading_of(pages) or text.partition("\n")[0], MAX_TITLE)


def _ask(body: bytes, deadline_s: float, max_chars: int) -> dict[str, Any]:
    arguments = [str(deadline_s), str(max_chars), str(MAX_PAGES)]
    with tempfile.TemporaryFile() as file:
        file.write(body)
        file.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own file, no outside input in the arguments
            [sys.executable, "-I", str(_SCRIPT), *arguments],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
        ) as process:
            try:
                answer = _read(process, time.monotonic() + deadline_s)
            except TimeoutError:
                msg = f"the PDF took longer than {deadline_s:g} seconds to read"
                raise PdfError(msg) from None
            finally:
                process.kill()
    try:
        found: dict[str, Any] = json.loads(answer)
    except ValueError:
        found = {"error": "stopped"}
    return found


def _read(process: subprocess.Popen[bytes], until: float) -> bytes:
    """Return what a process prints until it ends; TimeoutError when that is not before `until`."""
    if process.stdout is None:
        return b""
    source, answer = process.stdout.fileno(), bytearray()
    while len(answer) < _MAX_ANSWER:
        wait = until - time.monotonic()
        if wait <= 0 or not select.select([source], [], [], wait)[0]:
            raise TimeoutError
        chunk = os.read(source, _READ)
        if not chunk:
            return bytes(answer)
        answer += chunk
    return b""
