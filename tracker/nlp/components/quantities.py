"""quantities.v1: numbers with what they count, whose they are and on whose word; with a parse and without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.nlp.component import Reading, bounded, component
from tracker.nlp.phrases import has_cjk
from tracker.nlp.quantities import find, han
from tracker.nlp.quantities.amount import Amount
from tracker.nlp.quantities.names import Name, Names
from tracker.nlp.quantities.owners import CLAIMED, Owner, Owners
from tracker.nlp.quantities.sentences import Stretches
from tracker.nlp.quantities.voices import Voices
from tracker.nlp.spans import Spans, addresses_in
from tracker.records import FoundMention, FoundQuantity, Span
from tracker.text.numbers import level

MODEL = "quantities.v1"
_OWN = frozenset({"money", "prison", "counts_charged", "people"})  # stated by the text itself, as a rule
_ACCUSED = re.compile(
    r"\b(?:Chinese|China-based|rival|foreign|competing|named|accused)\b|\b(?:the|all|these|"
    r"those) (?:two|three|four|five)\b"
)
_SHARES = re.compile(r"\b(?:shares|stocks?|equity|index)\b", re.IGNORECASE)
_ITEM = re.compile(r"[ \t]*(?:[-*\u2022#>]|\d{1,2}[.)][ ]|[A-Z][\w /]{1,30}:[ ])")
_SURE, _CARRIED_SCORE, _OPEN = 0.9, 0.7, 0.6
_LARGEST = Decimal(10) ** 30


@dataclass(frozen=True, slots=True)
class _Source:
    """Who states a number, and how that is known."""

    name: Name | None
    rule: str
    score: float


@component("quantities.v1", order=90)
def find_quantities(reading: Reading) -> Reading:
    """Return the reading with the quantities of its text, by start and without overlaps."""
    text = level(reading.text)
    amounts = bounded("quantities", _amounts(text, reading))  # before their owners, who cost most
    if not amounts:
        return reading
    names, stretches = Names(reading.mentions), Stretches(text)
    voices = Voices(text, stretches.all, names)
    owners = Owners(text, stretches.all, names, reading.sentences)
    found = []
    for amount in amounts:
        at = stretches.number_at(amount.number)
        source = _source(amount, at, stretches, voices, text=text)
        accuser = voices.first(voices.accuser) if amount.metric in CLAIMED else None
        owner = owners.of(amount, at, source.name or accuser)
        found.append(_quantity(reading.text, amount, owner=owner, source=source))
    return replace(reading, quantities=tuple(found))


def _amounts(text: str, reading: Reading) -> list[Amount]:
    """Return the amounts of both scripts; of two that overlap, the one found by its own script's words."""
    addresses = addresses_in(text)
    blocked = Spans(
        [
            *((time.start, time.end) for time in reading.times),
            *_figured_names(text, reading.mentions),
            *addresses.all,
        ]
    )
    found = find.amounts_in(text, blocked)
    if has_cjk(text):
        found = [*han.amounts_in(text, blocked), *found]
    kept: list[Amount] = []
    for amount in sorted(found, key=lambda one: (one.start, -one.end)):
        is_sane = amount.value is None or amount.value < _LARGEST
        if is_sane and (not kept or amount.start >= kept[-1].end):
            kept.append(amount)
    return kept


def _figured_names(text: str, mentions: Sequence[FoundMention]) -> list[Span]:
    """Return the names that hold a figure which is theirs: a model's size or version, the number of an order."""
    return [
        (m.start, m.end)
        for m in mentions
        if m.entity_id is not None or not text[m.start : m.start + 1].isdigit()
    ]


def _is_accused(amount: Amount, words: str) -> bool:
    """Return whether an amount counts those accused: 'three Chinese labs', 'all three companies'."""
    return amount.metric == "organisations" and _ACCUSED.search(words) is not None


def _source(amount: Amount, at: int, stretches: Stretches, voices: Voices, *, text: str) -> _Source:
    """Return who states a number: whom its sentence names, else whom the text lets go on speaking."""
    said = voices.of(at, amount.start, amount.end)
    if said is not None:
        return _Source(said, "said in the sentence", _SURE)
    quoted = voices.quoted(at, amount.start)
    if quoted is not None:
        return _Source(quoted, "said in the paragraph", _CARRIED_SCORE)
    accuser = _accuser(amount, at, voices, text=text)
    if accuser is not None:
        return _Source(accuser, "accuser of the text", _CARRIED_SCORE)
    only = _only_voice(amount, at, stretches, voices, text=text)
    if only is not None:
        return _Source(only, "only voice of the text", _CARRIED_SCORE)
    return _Source(None, "the text itself", _OPEN)


def _accuser(amount: Amount, at: int, voices: Voices, *, text: str) -> Name | None:
    """Return the accuser whose count of accounts, requests or those accused this is."""
    is_accused = _is_accused(amount, text[max(0, amount.start - 8) : amount.end])
    if not (amount.metric in CLAIMED or voices.is_alleged(at) or is_accused):
        return None
    name = voices.accuser_before(at, is_claim=amount.metric in {"accounts", "exchanges"})
    is_person = name is not None and name.label == "PERSON"
    return None if is_person and amount.metric == "organisations" else name


def _only_voice(amount: Amount, at: int, stretches: Stretches, voices: Voices, *, text: str) -> Name | None:
    """Return the one body that a text of prose lets speak, for what such a body reports of others."""
    only, stretch = voices.first(voices.only), stretches.all[at]
    if only is None or only.label == "PERSON" or only.start > amount.start or amount.metric in _OWN:
        return None
    is_item = _ITEM.match(text, stretch.paragraph) is not None or "|" in text[stretch.start : stretch.end]
    is_price = amount.metric == "share" and _SHARES.search(text, stretch.start, stretch.end) is not None
    # a voice in the sentence itself leaves the number out
    return None if is_item or is_price or voices.by_stretch[at] else only


def _quantity(text: str, amount: Amount, *, owner: Owner, source: _Source) -> FoundQuantity:
    rules = (amount.rule, owner.rule, source.rule)
    return FoundQuantity(
        start=amount.start,
        end=amount.end,
        words=text[amount.start : amount.end],
        metric=amount.metric,
        comparator=amount.comparator,
        value=amount.value,
        high=amount.high,
        unit=amount.unit,
        scope="total" if owner.is_total else "",
        party=owner.name.span if owner.name else None,
        stated_by=source.name.span if source.name else None,
        score=source.score,
        model=MODEL,
        rule="; ".join(rule for rule in rules if rule)[:80],
    )
