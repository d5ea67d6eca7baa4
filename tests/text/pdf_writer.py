"""Writes small PDFs for tests: lines of text at places, in Helvetica."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One line on a page."""

    words: str
    x: float
    y: float
    size: float = 12


def typed(lines: Sequence[str], *, top: float = 720, step: float = 14, x: float = 72) -> list[Text]:
    """Lines one below the other; an empty one leaves room."""
    return [Text(words, x, top - step * n) for n, words in enumerate(lines) if words]


def pdf(pages: Sequence[Sequence[Text]], *, title: str = "", is_locked: bool = False) -> bytes:
    """Return a document with these pages."""
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for page in pages:
        drawn = zlib.compress(b"\n".join(map(_drawn, page)))
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    extra = b""
    if title:
        objects.append(b"<< /Title %s /CreationDate (D:20200101000000Z) >>" % _string(title))
        extra += b" /Info %d 0 R" % len(objects)
    if is_locked:
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32))
        extra += b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    return _assembled(objects, extra)


def _assembled(objects: Sequence[bytes], extra: bytes) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return body + b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        extra,
        start,
    )


def _drawn(text: Text) -> bytes:
    return b"BT /F1 %g Tf %g %g Td %s Tj ET" % (text.size, text.x, text.y, _string(text.words))


def _string(words: str) -> bytes:
    raw = words.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"(%s)" % raw
