"""The kind 'federal_register': documents and public inspection of the US Federal Register, as its API lists them.

An item is whole as it stands: the site's pages answer programs with a challenge, so nothing is fetched from
them. The text is title, abstract and the excerpts that matched; the facts name the addresses of the full text
(`body_html_url`, `raw_text_url`) for whoever reads official documents as data. A document on public inspection
and the same document once published have different addresses and the same `document_number`.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tracker.errors import FeedError
from tracker.sources.answer_json import decoded, member, members, rows, rows_or_refusals, text, texts, whole
from tracker.sources.gather import Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.query import (
    listed,
    months,
    next_address,
    setting,
    value_asked,
    whole_setting,
    with_query,
)
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.html import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracker.records import Listing, Page

MOST_RESULTS = 2000
"""Results of one question that the API lists, whatever its count says."""
DAYS, PER_PAGE = 14, 100

_FROM, _TO = "conditions[publication_date][gte]", "conditions[publication_date][lte]"
_TYPES = ("RULE", "PRORULE", "NOTICE", "PRESDOCU")
_RULES = frozenset({"rule", "proposed rule", "prorule"})
_DOCUMENT_NAMES = (
    "abstract action agencies body_html_url citation comments_close_on correction_of dates docket_ids "
    "document_number effective_on excerpts executive_order_number html_url pdf_url president publication_date "
    "raw_text_url regulation_id_numbers significant signing_date subtype title topics type"
)
_INSPECTION_NAMES = (
    "agencies docket_numbers document_number editorial_note excerpts filed_at filing_type html_url num_pages "
    "pdf_url publication_date raw_text_url subject_1 subject_2 subject_3 title toc_doc toc_subject type"
)
_FACT_NAMES = (
    "document_number type subtype action citation publication_date effective_on signing_date comments_close_on "
    "filed_at filing_type executive_order_number dates editorial_note correction_of num_pages pdf_url "
    "body_html_url raw_text_url"
)
_DOCUMENT_FIELDS = _DOCUMENT_NAMES.split()
_INSPECTION_FIELDS = _INSPECTION_NAMES.split()
_PLAIN_FACTS = _FACT_NAMES.split()
_LISTED_FACTS = {"docket_ids": "docket_ids", "docket_numbers": "docket_ids", "regulation_id_numbers": "rins"}


class FederalRegisterKind(SourceKind):
    """Reads the lists of the Federal Register's API."""

    name = "federal_register"
    title = "US Federal Register"
    accept = "application/json"
    about = (
        "documents.json (published) and public-inspection-documents.json (filed, not yet published). Publication, "
        "effective and signing day are kept apart; a document on public inspection counts as published when it was "
        "filed. Pages follow `next_page_url`; the API lists 2000 results of a question, so a larger one is asked "
        "again in halves of its days. A document that was on public inspection comes again when it is published, "
        "under another address and the same document number. No page of the site is fetched."
    )
    shape = "Federal Register API v1 documentation; field lists of its Ruby client"
    options = (
        Option("term", "Words to search for; a phrase in quotes.", '"artificial intelligence"'),
        Option(
            "agencies", "Agencies by their short names, divided by commas.", "industry-and-security-bureau"
        ),
        Option(
            "types", "Document types, divided by commas: RULE, PRORULE, NOTICE, PRESDOCU.", "RULE, PRESDOCU"
        ),
        Option(
            "days", f"How many days back each poll looks ({DAYS} unless set); published documents only.", "30"
        ),
        Option("per_page", f"Results per page, at most 1000 ({PER_PAGE} unless set).", "100"),
    )
    max_pages = 50

    def addresses(self, url: str, options: Mapping[str, str], now: dt.datetime) -> Sequence[str]:
        """Return the question for the newest documents; see `SourceKind.addresses`."""
        days = whole_setting(options, "days", DAYS, least=1, most=366)
        is_dated = "conditions[publication_date]" in url.replace("%5B", "[").replace("%5D", "]")
        asked = _question(url, options)
        if _is_inspection(url) or (is_dated and not setting(options, "days")):
            return (asked,)
        since = now.astimezone(dt.UTC).date() - dt.timedelta(days=days)
        return (with_query(asked, {_FROM: since.isoformat(), _TO: ()}),)

    def past(self, url: str, options: Mapping[str, str], start: dt.date, end: dt.date) -> Sequence[str]:
        """Return a question per month; public inspection shows no past. See `SourceKind.past`."""
        if _is_inspection(url):
            return ()
        asked = _question(url, options)
        return [
            with_query(asked, {_FROM: first.isoformat(), _TO: last.isoformat()})
            for first, last in months(start, end)
        ]

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the documents of one page; see `SourceKind.parse`.

        Raises:
            FeedError: no JSON, or JSON without results.
        """
        found = decoded(page)
        n_results = whole(member(found, "count"))
        results = member(found, "results")
        if not isinstance(results, list) and not (results is None and n_results == 0):
            raise FeedError(_why_none(found))
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        for row in rows_or_refusals(results, gathering):
            _add(gathering, row, now, is_inspection=_is_inspection(page.url))
        more = _halves(page, n_results or 0, gathering)
        more = more or next_address(member(found, "next_page_url"), page, gathering.warnings)
        return gathering.listing(text(member(found, "description")), more=more)


def _is_inspection(url: str) -> bool:
    return "public-inspection" in urlsplit(url).path


def _question(url: str, options: Mapping[str, str]) -> str:
    types = [kind.upper() for kind in listed(options, "types")]
    if unknown := sorted(set(types) - set(_TYPES)):
        msg = f"the setting 'types' names '{one_line(unknown[0], 40)}'; write some of {', '.join(_TYPES)}"
        raise FeedError(msg)
    fields = _INSPECTION_FIELDS if _is_inspection(url) else _DOCUMENT_FIELDS
    changes: dict[str, str | Sequence[str]] = {
        "fields[]": fields,
        "per_page": str(whole_setting(options, "per_page", PER_PAGE, least=1, most=1000)),
        "order": "newest",
        "page": (),
    }
    if term := setting(options, "term"):
        changes["conditions[term]"] = term
    if agencies := listed(options, "agencies"):
        changes["conditions[agencies][]"] = agencies
    if types:
        changes["conditions[type][]"] = types
    return with_query(url, changes)


def _why_none(found: object) -> str:
    for name in ("errors", "error", "message"):
        told = member(found, name)
        if told:
            words = "; ".join(
                line for part in (list(members(told).values()) or [told]) for line in texts(part)
            )
            return f"the Federal Register refused the question: {one_line(words, 200)}"
    return "there are no results in this JSON; the address should end in documents.json"


def _add(gathering: Gathering, row: Mapping[str, object], now: dt.datetime, *, is_inspection: bool) -> None:
    """Take one document; on public inspection `publication_date` is only planned, and it became public when filed."""
    dated = "filed_at" if is_inspection else "publication_date"
    agencies = [text(one.get("name")) or text(one.get("raw_name")) for one in rows(row.get("agencies"))]
    names = ", ".join(dict.fromkeys(name for name in agencies if name))
    title = plain_text(text(row.get("title"))) or text(row.get("toc_doc"))
    inspected = [text(row.get(name)) for name in ("toc_subject", "subject_1", "subject_2", "subject_3")]
    parts = [title, text(row.get("abstract")), *inspected, *texts(row.get("excerpts"))]
    gathering.add(
        link=text(row.get("html_url")) or text(row.get("pdf_url")),
        title=title,
        item_id=text(row.get("document_number")),
        byline=names,
        text="\n".join(dict.fromkeys(plain for part in parts if (plain := plain_text(part)))),
        published=gathering.date(
            text(row.get(dated)), partial(parse_feed_date, now=now), f"federal_register {dated}"
        ),
        language="en",
        tags=texts(row.get("topics")),
        document_kind="rule" if text(row.get("type")).lower() in _RULES else "official",
        is_whole=True,
        facts=_facts(row)
        | {"agencies": names, "stage": "on public inspection" if is_inspection else "published"},
    )


def _facts(row: Mapping[str, object]) -> dict[str, str]:
    facts = {name: plain_text(text(row.get(name))) for name in _PLAIN_FACTS}
    for name, fact in _LISTED_FACTS.items():
        facts[fact] = facts.get(fact, "") or ", ".join(texts(row.get(name)))
    facts["president"] = text(member(row.get("president"), "name")) or text(row.get("president"))
    if isinstance(significant := row.get("significant"), bool):
        facts["significant"] = "yes" if significant else "no"
    return facts


def _halves(page: Page, n_results: int, gathering: Gathering) -> list[str]:
    """Return the two halves of a question that has more results than can be listed, where it states its days."""
    if n_results <= MOST_RESULTS:
        return []
    told = f"the question has {n_results} results and only {MOST_RESULTS} of them can be listed"
    try:
        first = dt.date.fromisoformat(value_asked(page.url, _FROM))
        last = dt.date.fromisoformat(value_asked(page.url, _TO) or gathering.now.date().isoformat())
    except ValueError:
        first = last = dt.date.min
    if first >= last:
        gathering.warnings.append(f"{told}; narrow it by term, agencies or types")
        return []
    gathering.warnings.append(f"{told}; it is asked again in two halves of its days")
    middle = first + (last - first) // 2
    spans = ((first, middle), (middle + dt.timedelta(days=1), last))
    return [with_query(page.url, {_FROM: a.isoformat(), _TO: b.isoformat(), "page": ()}) for a, b in spans]


KINDS.register(FederalRegisterKind.name)(FederalRegisterKind())
