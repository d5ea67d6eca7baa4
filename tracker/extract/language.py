"""The language of a text."""

from __future__ import annotations

_MIN_CHARS = 60
_MAX_CHARS = 600


def detect_language(text: str, declared: str = "") -> str:
    """Return the ISO 639-1 code of `text`; the declared one when there is too little text to tell."""
    if len(text) < _MIN_CHARS:
        return declared
    import py3langid  # noqa: PLC0415 - needs numpy, which the process that reads pages must not load

    code, _ = py3langid.classify(text[:_MAX_CHARS])
    return str(code)
