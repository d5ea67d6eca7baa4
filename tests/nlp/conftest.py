"""One analyser for the whole session: loading the model is the slow part."""

from __future__ import annotations

import pytest

from tracker.nlp.analyse import Analyser
from tracker.records import AliasEntry

ALIASES = (
    AliasEntry(1, "organisation", "Lumora"),
    AliasEntry(1, "organisation", "Lumora Labs"),
    AliasEntry(1, "organisation", "星岚科技"),
    AliasEntry(
        2, "model", "Beacon", is_case_sensitive=True, needs_context=True, context_words=("chatbot", "ai")
    ),
    AliasEntry(3, "person", "Mara Veld"),
    AliasEntry(3, "person", "Veld", is_case_sensitive=True, never_alone=True),
    AliasEntry(4, "public_body", "Office of Trade"),
    AliasEntry(4, "public_body", "OT", is_case_sensitive=True),
    AliasEntry(5, "organisation", "Corvid", needs_context=True, context_words=("robots",)),
    AliasEntry(6, "organisation", "Corvid", needs_context=True, context_words=("shipping",)),
)


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return Analyser(ALIASES)
