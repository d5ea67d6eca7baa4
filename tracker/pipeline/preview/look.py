"""One look at an address: find out what it is, read it, read the pages of the first items. Touches no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.errors import ExtractError, FeedError
from tracker.extract.child import read_article
from tracker.extract.language import detect_language
from tracker.models.preview_result import (
    Choice,
    ItemLook,
    KindNote,
    OptionNote,
    PageLook,
    PreviewResult,
    Problem,
    RefusedLook,
)
from tracker.pipeline.preview import problems as tell
from tracker.pipeline.preview.choices import WATCH, choice_of, find_ways, without_encryption
from tracker.pipeline.preview.hints import Hints, name_of_site, read_hints
from tracker.pipeline.preview.visits import Visits
from tracker.records import FetchRequest, FetchResult, FoundItem, Listing, Outcome
from tracker.sources.kind import KINDS, UNVERIFIED, SourceKind
from tracker.sources.sniff import sniff

MOST_ITEMS_SHOWN = 20
MOST_PAGES_READ = 3
MOST_REFUSED_SHOWN = 20
START_CHARS = 300
MOST_LINE = 500
_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
_ANYTHING = (
    "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/feed+json,"
    "application/xml;q=0.9,*/*;q=0.5"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look at."""

    url: str
    kind: str = ""  # blank: find out
    options: Mapping[str, str] = field(default_factory=dict)
    host_kinds: tuple[str, ...] = ()  # kinds that other endpoints of this host have
    choices: tuple[Choice, ...] = ()  # ways an earlier look found, kept where this one finds none


@dataclass(frozen=True, slots=True)
class Wait:
    """The host wants a pause before it is asked."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The address as one kind read it, or why not."""

    result: FetchResult
    kind: SourceKind | None = None
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None
    choices: tuple[Choice, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and every item of it."""

    result: PreviewResult
    items: Sequence[FoundItem] = ()


def look_at(wanted: Wanted, visits: Visits, now: dt.datetime) -> Look | Wait:
    """Return all that is found, or how long the host wants us to wait before the first request.

    Args:
        wanted: the address, and the kind if one was chosen.
        visits: the fetches that may be spent.
        now: the moment of looking, aware.
    """
    seen = _as_kind(wanted, visits, now) if wanted.kind else _find_out(wanted, visits, now)
    result = seen.result
    if result.outcome is Outcome.DEFERRED and visits.n_done == 0 and result.retry_after_s:
        return Wait(result.retry_after_s, result.reason)
    hints = [read_hints(result.page)] if result.page is not None else []
    items: list[ItemLook] = []
    found_problems = list(seen.problems)
    if seen.listing is not None:
        items = _read_items(seen.listing.items[:MOST_ITEMS_SHOWN], visits, hints, now)
        base = result.page.final_url if result.page else seen.url
        found_problems += tell.about_listing(seen.listing, base, now) + tell.about_samples(items)
    found_problems += tell.about_terms(hints)
    summary = _summary(seen, hints, items, now)
    told = replace(
        summary,
        n_fetched=visits.n_done,
        problems=tuple(found_problems),
        choices=seen.choices or _kept(wanted, seen),
        kinds=kind_notes(),
    )
    return Look(told, seen.listing.items if seen.listing else ())


def kind_notes() -> tuple[KindNote, ...]:
    """Return every kind with its settings, for the form to choose from."""
    return tuple(
        KindNote(
            name,
            kind.title,
            kind.about,
            tuple(OptionNote(each.name, each.what, each.example, each.is_required) for each in kind.options),
            is_verified=kind.shape != UNVERIFIED,
        )
        for name, kind in KINDS
    )


def _as_kind(wanted: Wanted, visits: Visits, now: dt.datetime) -> Seen:
    """Read the address as the kind that was chosen."""
    nothing = FetchResult(Outcome.PARSE, "")
    try:
        kind = KINDS.get(wanted.kind)
    except KeyError:
        problem = Problem(f"There is no kind '{wanted.kind}'.", "Choose another one below.", is_stop=True)
        return Seen(replace(nothing, reason=problem.what), problems=(problem,))
    try:
        addresses = kind.addresses(wanted.url, wanted.options, now)
    except FeedError as error:
        problem = tell.unreadable(str(error))
        return Seen(
            replace(nothing, reason=problem.what), kind, wanted.url, wanted.options, problems=(problem,)
        )
    request = FetchRequest(url=addresses[0], accept=kind.accept, min_delay_s=kind.pause_s)
    seen = Seen(visits.fetch(request), kind, wanted.url, wanted.options)
    return _parsed(seen, now)


def _parsed(seen: Seen, now: dt.datetime) -> Seen:
    page, kind = seen.result.page, seen.kind
    if page is None or kind is None or seen.result.outcome is not Outcome.OK:
        problem = tell.about_answer(seen.result)
        return replace(seen, problems=(problem,) if problem else ())
    try:
        return replace(seen, listing=kind.parse(page, seen.options, now))
    except FeedError as error:
        problem = tell.unreadable(str(error))
        parse = replace(seen.result, outcome=Outcome.PARSE, reason=problem.what)
        return replace(seen, result=parse, problems=(problem,))


def _find_out(wanted: Wanted, visits: Visits, now: dt.datetime) -> Seen:
    """Ask the address and try what its answer looks like."""
    result = visits.fetch(FetchRequest(url=wanted.url, accept=_ANYTHING))
    page = result.page
    if page is None or result.outcome is not Outcome.OK:
        return replace(_parsed(Seen(result), now), choices=without_encryption(wanted.url, result.outcome))
    url = result.moved_to or wanted.url
    ways, why_not = find_ways(page, url, host_kinds=wanted.host_kinds, now=now)
    choices = [way.choice for way in ways]
    for place, way in enumerate(ways):
        if way.is_elsewhere and visits.n_done > 1:
            continue  # one feed that the page names was tried; the others are offered untried
        seen = Seen(result, KINDS.get(way.choice.kind), way.choice.url, way.choice.options, way.listing)
        if way.is_elsewhere:
            seen = _as_kind(Wanted(way.choice.url, way.choice.kind), visits, now)
            choices[place] = choice_of(way.choice, seen.listing, reason=seen.result.reason)
        if seen.listing is not None and seen.listing.items:
            choices[place] = replace(choices[place], is_taken=True)
            return replace(seen, choices=tuple(choices))
    found = sniff(page.body, page.content_type)
    hints = read_hints(page)
    if hints.is_made_by_script:
        choices = [choice for choice in choices if choice.kind != WATCH]  # nothing stands on it to be watched
    problem = tell.nothing_to_choose(hints, found, why_not)
    parse = replace(result, outcome=Outcome.PARSE, reason=problem.what)
    return Seen(parse, None, url, choices=tuple(choices), problems=(problem,))


def _kept(wanted: Wanted, seen: Seen) -> tuple[Choice, ...]:
    """Return the ways an earlier look found, with the one that this look shows marked."""
    name = seen.kind.name if seen.kind else ""
    kept = []
    for each in wanted.choices:
        is_taken = (each.kind, each.url, dict(each.options)) == (name, seen.url, dict(seen.options))
        kept.append(choice_of(replace(each, is_taken=is_taken), seen.listing if is_taken else None))
    return tuple(kept)


def _read_items(
    items: Sequence[FoundItem], visits: Visits, hints: list[Hints], now: dt.datetime
) -> list[ItemLook]:
    """Return the items as the page shows them; the pages of the first few are read, and their hints kept."""
    looks = []
    n_read = 0
    for item in items:
        page = None
        if n_read < MOST_PAGES_READ and item.url and not item.is_whole:
            n_read += 1
            page = _read_page(item.url, visits, hints, now)
        looks.append(_item_look(item, page))
    return looks


def _item_look(item: FoundItem, page: PageLook | None) -> ItemLook:
    published = item.published
    return ItemLook(
        title=item.title[:MOST_LINE],
        url=item.url,
        published=published.at.isoformat() if published else "",
        precision=published.precision if published else "",
        date_rule=published.rule if published else "",
        language=item.language or (detect_language(item.text, "") if item.text else ""),
        n_chars=len(item.text),
        start=item.text[:START_CHARS],
        is_whole=item.is_whole or not item.url,
        page=page,
    )


def _read_page(url: str, visits: Visits, hints: list[Hints], now: dt.datetime) -> PageLook:
    result = visits.fetch(FetchRequest(url=url, accept=_PAGE))
    if result.page is None or result.outcome is not Outcome.OK:
        return PageLook(reason=tell.sentence(result.reason))
    hints.append(read_hints(result.page))
    try:
        parsed = read_article(result.page, now)
    except ExtractError as error:
        return PageLook(reason=tell.sentence(str(error)))
    published = parsed.published
    return PageLook(
        is_read=True,
        title=parsed.title.value[:MOST_LINE],
        title_rule=parsed.title.rule,
        byline=parsed.byline.value,
        published=published.at.isoformat() if published else "",
        precision=published.precision if published else "",
        date_rule=published.rule if published else "",
        language=parsed.language,
        n_chars=len(parsed.text),
        start=parsed.text[:START_CHARS],
        site_name=parsed.site_name,
    )


def _summary(
    seen: Seen, hints: Sequence[Hints], items: Sequence[ItemLook], now: dt.datetime
) -> PreviewResult:
    result, listing = seen.result, seen.listing or Listing("", ())
    dates = [item.published.at for item in listing.items if item.published]
    languages = [item.page.language for item in items if item.page and item.page.language]
    languages += [item.language for item in items if item.language]
    names = [item.page.site_name for item in items if item.page and item.page.site_name]
    names += [each.site_name for each in hints if each.site_name]
    names += [name_of_site(listing.title)] if listing.title else []
    names += [name_of_site(each.title) for each in hints if each.title]
    return PreviewResult(
        outcome=result.outcome.value,
        reason=result.reason,
        http_status=result.status,
        final_url=result.page.final_url if result.page else "",
        n_bytes=result.n_bytes,
        duration_s=round(result.duration_s, 2),
        looked_at=now.isoformat(),
        kind=seen.kind.name if seen.kind else "",
        url=seen.url,
        options=dict(seen.options),
        listing_title=listing.title[:MOST_LINE],
        site_name=names[0] if names else "",
        language=max(languages, key=languages.count, default="")
        or next((h.language for h in hints if h.language), ""),
        terms_url=next((each.terms_url for each in hints if each.terms_url), ""),
        n_items=len(listing.items),
        n_dated=len(dates),
        n_refused=len(listing.refused),
        n_more=len(listing.more),
        newest=max(dates).isoformat() if dates else "",
        items=tuple(items),
        refused=tuple(
            RefusedLook(each.position, each.title[:MOST_LINE], each.reason)
            for each in listing.refused[:MOST_REFUSED_SHOWN]
        ),
        warnings=tuple(tell.sentence(each) for each in listing.warnings),
    )
