"""The process in which a PDF is opened: bytes in, lines of text with their places out, as JSON.

Started by its file path with an isolated interpreter for one document, so it imports nothing of this project. It
limits its own memory and processor time: whatever a hostile document does, it does here.
Arguments: seconds, most code points, most pages. The document is the standard input.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from typing import Any

MEMORY_LIMIT = 480_000_000
"""Bytes of data this process may take; with its code that is 512 MB."""
SPACE_LIMIT = 1_200_000_000
"""Bytes of address space, code and reserves included."""
PART = 0.75
"""Share of the time after which no further page is begun, so that what was read still arrives."""

# the library marks the hyphen at which a word was broken, and writes no line break there
_BROKEN = "\x02\ufffe"
_PRINTED_LINE = re.compile(f"[^\n{_BROKEN}]+[{_BROKEN}]?")
_PASSWORD = 4
_SECURITY = 5


def main() -> None:
    """Read one document and print what it says."""
    seconds, max_chars, max_pages = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_LIMIT, SPACE_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = read(sys.stdin.buffer.read(), seconds=seconds, max_chars=max_chars, max_pages=max_pages)
    except MemoryError:
        answer = {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - a broken document raises anything; the parent says it in words
        answer = {"error": "broken", "detail": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.write(json.dumps(answer))


def read(body: bytes, *, seconds: float, max_chars: int, max_pages: int) -> dict[str, Any]:
    """Return title, number of pages and the lines of each page, or the class of an error.

    A line is its text, and left, right, bottom and top of it in points; zeros where the place is not known.
    """
    import pypdfium2  # noqa: PLC0415 - the limits come first

    until = time.monotonic() + seconds * PART
    try:
        document = pypdfium2.PdfDocument(body)
        n_pages = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        return {
            "error": "encrypted" if code in {_PASSWORD, _SECURITY} else "broken",
            "detail": str(error)[:300],
        }
    pages: list[list[Any]] = []
    n_chars = n_failed = 0
    for number in range(min(n_pages, max_pages)):
        if n_chars >= max_chars or time.monotonic() > until:
            break
        try:
            lines = _lines(document[number].get_textpage(), max_chars - n_chars)
        except pypdfium2.PdfiumError:
            n_failed += 1
            lines = []
        n_chars += sum(len(line[0]) + 2 for line in lines)  # and its line break
        pages.append(lines)
    return {
        "title": document.get_metadata_value("Title")[:1000],
        "n_pages": n_pages,
        "n_failed": n_failed,
        "is_cut": n_chars >= max_chars,
        "pages": pages,
    }


def _lines(textpage: Any, max_chars: int) -> list[list[Any]]:  # noqa: ANN401 - the library publishes no types
    n_chars = textpage.count_chars()
    if not n_chars:
        return []
    text = textpage.get_text_range(0, min(n_chars, max_chars))
    # only then is the place of a character in the text also its number on the page
    is_even = len(text) == min(n_chars, max_chars)
    lines = []
    for match in _PRINTED_LINE.finditer(text):
        bare = match[0].strip()
        words = bare.rstrip(_BROKEN)
        if words:
            first = match.start() + match[0].index(bare)
            place = _place(textpage, first, first + len(words) - 1) if is_even else [0, 0, 0, 0]
            lines.append([bare, *place])
    return lines


def _place(textpage: Any, first: int, last: int) -> list[float]:  # noqa: ANN401 - the library publishes no types
    try:
        left, bottom, _, top = textpage.get_charbox(first, loose=True)
        right = textpage.get_charbox(last, loose=True)[2]
    except Exception:  # noqa: BLE001 - a character without a box; the line is still read
        return [0, 0, 0, 0]
    return [round(value, 1) for value in (left, right, bottom, top)]


if __name__ == "__main__":
    main()
