"""The one gate that every stored text passes.

Promises that what comes out can be encoded as UTF-8, stored by PostgreSQL and shown on a page without
changing the direction of the text around it. Leaves markup, spacing and meaning to others.
"""

from __future__ import annotations

import re

_LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
# C0 but tab and newline, DEL and C1, surrogates, bidirectional embeddings, overrides and isolates,
# byte order mark, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
# every run of white space but one plain space, which most are
_SPACES = re.compile("[^\\S\n ][^\\S\n]*| [^\\S\n]+")
_BLANK_LINES = re.compile(" ?\n[ \n]*")


def safe_text(value: str | bytes, limit: int) -> str:
    """Return `value` without anything that cannot be stored or that hides text.

    Args:
        value: text, or bytes read as UTF-8 with a replacement character for what is not.
        limit: most code points to return; the rest is cut off.
    """
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if text.isprintable():  # nearly every line: nothing in it is a control, a break or invisible
        return text[: max(limit, 0)]
    text = _LINE_BREAKS.sub("\n", text)
    return _FORBIDDEN.sub("", text)[: max(limit, 0)]


def one_line(value: str, limit: int) -> str:
    """Return `value` through the gate as one trimmed line: every run of white space is one space."""
    text = value if value.isprintable() else _INVISIBLE.sub("", safe_text(value, len(value)))
    return " ".join(text.split())[:limit].rstrip()


def tidy_paragraphs(value: str, limit: int) -> str:
    """Return `value` through the gate with single spaces and exactly one newline between paragraphs."""
    if value.isprintable() and "  " not in value:  # one tidy line
        return value.strip()[: max(limit, 0)].rstrip()
    text = _INVISIBLE.sub("", safe_text(value, len(value)))
    text = _SPACES.sub(" ", text)
    return _BLANK_LINES.sub("\n", text).strip()[: max(limit, 0)].rstrip()
