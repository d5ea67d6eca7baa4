"""Bytes of a page to text, by what the bytes, the header and the page say, in this order of trust."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_WIDER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}


def decode_html(body: bytes, content_type: str) -> str:
    """Return the text of a page. Never raises; what fits no declared encoding is read as windows-1252."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    header = _HEADER.search(content_type)
    meta = _META.search(body[:4096])
    declared = [header[1] if header else "", (meta[1] or meta[2]).decode("ascii") if meta else ""]
    names = [name for raw in declared if (name := _known(raw))]
    for name in ("utf-8", *names):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    # a page that is nearly all valid keeps its encoding; what is not shows as a replacement
    fallback = next((name for name in names if name != "utf-8"), "cp1252")
    return body.decode("utf-8" if _is_mostly_utf8(body) else fallback, "replace")


def _known(raw: str) -> str:
    try:
        name = codecs.lookup(raw).name if raw else ""
        b"".decode(name or "utf-8")
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name.replace("iso8859-1", "iso-8859-1"), name)


def _is_mostly_utf8(body: bytes) -> bool:
    sample = body[:200_000]
    n_bad = sample.decode("utf-8", "replace").count("\ufffd")
    n_high = sum(1 for byte in sample if byte > 127)  # noqa: PLR2004 - the end of ASCII
    return n_bad * 10 < n_high
