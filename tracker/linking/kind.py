"""What a description asks for: 'the Chinese company', 'the bureau'; and which organisation can be meant by it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.linking.knowledge import Facts
from tracker.records import FoundMention

_COMPANIES = ("company", "firm", "giant", "chipmaker")
_LABS = ("lab", "laboratory")
_STARTUPS = ("startup", "start-up")
_BODIES = {
    "agency": ("agency", "administration", "service"),
    "bureau": ("bureau",),
    "department": ("department",),
    "ministry": ("ministry",),
    "committee": ("committee", "subcommittee"),
    "subcommittee": ("subcommittee",),
    "panel": ("panel", "committee", "subcommittee"),
    "commission": ("commission",),
    "court": ("court",),
    "university": ("university",),
    "regulator": ("commission", "authority", "administration"),
    "embassy": ("embassy",),
}
_COUNTRIES = {
    "chinese": "CN",
    "american": "US",
    "u.s.": "US",
    "us": "US",
    "british": "GB",
    "french": "FR",
    "german": "DE",
    "japanese": "JP",
    "korean": "KR",
    "dutch": "NL",
    "israeli": "IL",
    "indian": "IN",
    "canadian": "CA",
    "taiwanese": "TW",
    "swiss": "CH",
    "austrian": "AT",
    "swedish": "SE",
    "russian": "RU",
    "singaporean": "SG",
    "emirati": "AE",
}
_NO_COMPANY = re.compile(
    r"\b(?:university|college|institute|school|academy|committee|subcommittee|commission|court|department|ministry"
    r"|bureau|agency|office|council|senate|house|congress|parliament|government|association|foundation|union|news"
    r"|newswire|times|post|journal|herald|magazine|tribune|gazette|guardian|reuters|bloomberg|press|daily|review"
    r"|cnn|cnbc|bbc|npr|nbc|abc|cbs|politico|axios|wired|techcrunch|engadget|verge|bank of|nato|union|army|navy"
    r"|act|gpu|gpus|api|apis|llm|llms|agi|ai|ml|rl|ip|ceo|cto|cfo|faq|nda|tro)\b",
    re.IGNORECASE,
)
_HEADS = "|".join(sorted((*_COMPANIES, *_LABS, *_STARTUPS, *_BODIES), key=len, reverse=True))
DESCRIPTION = re.compile(
    r"\b[Tt]he (?:(?P<adjective>[A-Z][a-z]+|U\.S\.|AI|tech|artificial[- ]intelligence) )?(?P<head>(?i:"
    + _HEADS
    + r"))(?![\w-])"
)
_HAN_HEADS = {"\u516c\u53f8": "company", "\u4f01\u4e1a": "company", "\u5b9e\u9a8c\u5ba4": "lab"}
_HAN_DESCRIPTION = re.compile(f"\u8be5(?P<head>{'|'.join(_HAN_HEADS)})")
"""'The said company' and the like, in Chinese."""
_DEFINED_BY = re.compile(
    r"\s+(?:that|which|behind|who|whose|where|of|in question|responsible|called|named|known)\b|\s+[A-Z(]"
)
DESCRIBED_AFTER = re.compile(
    r"(?:\s?\([^)\n]{1,40}\))?,\s+(?:a|an|the|another|one of)\s+(?:[\w'\u2019-]+\s+){0,5}?(?P<head>(?i:"
    + _HEADS
    + r"))\b"
)
DESCRIBED_BEFORE = re.compile(r"\b(?P<head>(?i:" + _HEADS + r"))\s$")


TOLD = 3


@dataclass(frozen=True, slots=True)
class Description:
    """A place that describes an organisation instead of naming it."""

    start: int
    end: int
    head: str  # one of the nouns, in lower case and one spelling
    country: str  # that the adjective asks for, or empty
    is_ai: bool


def descriptions(text: str) -> list[Description]:
    """Return the descriptions of a text that do not themselves say which organisation they mean."""
    found = []
    for match in DESCRIPTION.finditer(text):
        if _DEFINED_BY.match(text, match.end()):
            continue
        adjective = (match["adjective"] or "").lower()
        is_ai = adjective in {"ai", "tech", "artificial intelligence", "artificial-intelligence"}
        country = _COUNTRIES.get(adjective, "")
        if adjective and not is_ai and not country:
            continue
        found.append(Description(match.start(), match.end(), head_of(match["head"]), country, is_ai))
    found += [
        Description(match.start(), match.end(), _HAN_HEADS[match["head"]], "", is_ai=False)
        for match in _HAN_DESCRIPTION.finditer(text)
    ]
    return sorted(found, key=lambda one: one.start)


def head_of(word: str) -> str:
    """Return one spelling for the nouns that mean one kind."""
    low = word.lower()
    if low in _STARTUPS:
        return "startup"
    if low in _LABS:
        return "lab"
    return low if low in _BODIES else "company"


def fits(asked: Description, mention: FoundMention, facts: Facts, told: frozenset[str]) -> int:
    """Return 0 for an organisation that the description cannot mean, up to TOLD for one the text calls so itself.

    Args:
        asked: the description.
        mention: of the organisation.
        facts: what is on file about it; empty facts for none.
        told: heads by which the text itself describes it.
    """
    words = set(re.findall(r"[^\W_]+", f"{mention.surface} {mention.full_name} {facts.name}".lower()))
    if asked.head in _BODIES:
        return 2 if words & set(_BODIES[asked.head]) else 0
    if not _is_company(mention, facts) or (asked.country and facts.country not in {"", asked.country}):
        return 0
    is_known = (not asked.country or bool(facts.country)) and (not asked.is_ai or facts.subtype == "ai-lab")
    if not is_known:
        return int(not facts.type)
    if asked.head in told:
        return TOLD
    is_lab = facts.subtype == "ai-lab" or (
        asked.head == "lab" and bool(words & {"lab", "labs", "laboratory"})
    )
    return 2 if is_lab or asked.head == "company" else int(not facts.subtype)


def _is_company(mention: FoundMention, facts: Facts) -> bool:
    """Return whether an organisation may be a company or a lab, by what is on file or else by its name."""
    if facts.type:
        return facts.type == "organisation"
    return mention.label != "PUBLIC_BODY" and not _NO_COMPANY.search(mention.full_name or mention.surface)
