"""The plain form of a name: what stays the same when a name is printed in another dress."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile("['\u2019]s?$")
_LEGAL_FORM = re.compile(
    r"[,\s]+(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|pbc|gmbh|ag|sa|nv|bv|holdings?)\.?$",
    re.IGNORECASE,
)
_LONGEST = 400  # code points; nothing longer is a name


def plain_name(surface: str) -> str:
    """Return the name without article, possessive, legal form, case and extra space."""
    name = _ARTICLE.sub("", " ".join(surface[:_LONGEST].split()))
    name = _POSSESSIVE.sub("", name)
    shorter = _LEGAL_FORM.sub("", name)
    return (shorter or name).rstrip(",").casefold()
