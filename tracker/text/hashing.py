"""Hashes that name content: one of bytes as received, one of text as a reader sees it."""

from __future__ import annotations

import hashlib
import unicodedata


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def text_hash(text: str) -> str:
    """Return the SHA-256 of `text` after NFKC, casefold and collapsing of white space.

    Two texts that differ only in case, compatibility forms (full-width letters, ligatures) or spacing have
    the same hash. Lone surrogates are hashed as they are, so any string is accepted.
    """
    # Casefolding can undo composition and composing can bring new cases, hence the second round.
    folded = text
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded).casefold()
    return sha256_hex(
        " ".join(unicodedata.normalize("NFKC", folded).split()).encode("utf-8", "surrogatepass")
    )
