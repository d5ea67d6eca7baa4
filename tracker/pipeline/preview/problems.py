"""What an admin should know before saving, in plain words: what is wrong, and what to do about it. Pure decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tracker.models.preview_result import Problem
from tracker.records import Outcome
from tracker.text.urls import registrable_domain
from tracker.text.when import age_words

if TYPE_CHECKING:
    from tracker.models.preview_result import ItemLook
    from tracker.pipeline.preview.hints import Hints
    from tracker.records import FetchResult, Listing

OLD = dt.timedelta(days=180)
SHORT_TEXT = 400
"""A page with fewer characters of text than this is a teaser."""

_ADVICE = {
    Outcome.DNS: "Check the spelling of the address.",
    Outcome.TLS: "Open the address in a browser: it must show the page without a warning.",
    Outcome.CONNECTION: "Open the address in a browser. If it works there, the site may refuse programs.",
    Outcome.TIMEOUT: "Look again in a few minutes. If it stays so, the site is too slow to be read.",
    Outcome.HTTP_CLIENT: "Open the address in a browser and copy it from there.",
    Outcome.HTTP_SERVER: "Look again later.",
    Outcome.BLOCKED: "Look for a feed of this site, or ask the publisher for access. We do not get round such checks.",
    Outcome.TOO_LARGE: "Look for a smaller listing of this site: a feed, or one section of it.",
    Outcome.REFUSED: "Use an address that everybody can reach.",
    Outcome.ROBOTS: "The publisher does not want this address to be read by programs. Look for a feed that is allowed.",
    Outcome.EMPTY: "Open the address in a browser. If it shows items there, scripts may make the page.",
    Outcome.DEFERRED: "Look again when the pause is over.",
    Outcome.PARSE: "Choose another way to read it below.",
}


def about_answer(result: FetchResult) -> Problem | None:
    """Return what is wrong with the answer itself, or None."""
    if result.outcome in {Outcome.OK, Outcome.STALE, Outcome.NOT_MODIFIED}:
        return None
    return Problem(sentence(result.reason), _ADVICE.get(result.outcome, "Look again later."), is_stop=True)


def unreadable(reason: str) -> Problem:
    """Return that the chosen kind cannot read the answer."""
    return Problem(
        sentence(reason), "Choose another kind or other settings below, and look again.", is_stop=True
    )


def nothing_to_choose(hints: Hints, found: str, why_not: str = "") -> Problem:
    """Return that no way was found to read the address.

    Args:
        hints: what the page says of itself.
        found: what the answer is: html, json, feed or unknown.
        why_not: what was missing in a web page.
    """
    if found == "json":
        return Problem(
            "The answer is data (JSON) of a shape that cannot be recognised by itself.",
            "If you know its kind, choose it below and look again.",
            is_stop=True,
        )
    if found != "html":
        return Problem(
            "The answer is neither a feed, nor a list of pages, nor a web page.",
            "Open the address in a browser; look for the page that lists the articles, or for its feed.",
            is_stop=True,
        )
    if hints.is_made_by_script:
        return Problem(
            "This page is put together by scripts in the reader's browser; without them it holds no list.",
            "Look for a feed (often /feed or /rss.xml) or a news sitemap of this site and try that address.",
            is_stop=True,
        )
    return Problem(
        sentence(why_not)
        if why_not
        else "No list of articles was recognised on this page, and it names no feed.",
        "Try the page that lists the newest articles. If this is it, choose the kind 'Listing page' below and name "
        "the parts yourself.",
        is_stop=True,
    )


def about_listing(listing: Listing, base: str, now: dt.datetime) -> list[Problem]:
    """Return what is odd about the items as a whole.

    Args:
        listing: what was read.
        base: where it was read.
        now: the moment of reading.
    """
    items = listing.items
    if not items:
        if listing.refused:
            n = len(listing.refused)
            return [
                Problem(
                    f"All {n} items were refused; the reasons stand below.",
                    "Change the settings.",
                    is_stop=True,
                )
            ]
        return [
            Problem("It can be read, but lists nothing at present.", "Save it if you expect items later.")
        ]
    problems = []
    dates = [item.published for item in items if item.published]
    if not dates:
        problems.append(
            Problem(
                "No item has a date in the listing.",
                "The date is then taken from each article's page; look at the samples below whether that works.",
            )
        )
    elif len(dates) < len(items):
        n = len(items) - len(dates)
        problems.append(
            Problem(f"{n} of {len(items)} items have no date in the listing.", "Their pages are asked.")
        )
    if any(date.rule.endswith("same for all items") for date in dates):
        problems.append(
            Problem(
                "Every item has one and the same time: it is probably when the listing was made.",
                "Dates from the pages are better; a listing page or a sitemap of this site may be too.",
            )
        )
    newest = max((date.at for date in dates), default=None)
    if newest is not None and now - newest > OLD:
        age = age_words((now - newest).total_seconds())
        problems.append(Problem(f"The newest item is {age} old.", "Check that this address is still in use."))
    return problems + _elsewhere(listing, base)


def _elsewhere(listing: Listing, base: str) -> list[Problem]:
    own = registrable_domain(base)
    others = {registrable_domain(item.url) for item in listing.items if item.url and not item.outlet} - {own}
    n = sum(1 for item in listing.items if item.url and registrable_domain(item.url) in others)
    if not others or n * 2 < len(listing.items):
        return []
    shown = ", ".join(sorted(others)[:3])
    return [
        Problem(
            f"{n} of {len(listing.items)} items lead to other sites ({shown}).",
            "If this is a collection of other publishers' articles, save it as an aggregator.",
        )
    ]


def about_samples(items: Sequence[ItemLook]) -> list[Problem]:
    """Return what reading the pages of the first items showed."""
    looks = [item.page for item in items if item.page is not None]
    unread = [look for look in looks if not look.is_read]
    problems = []
    if looks and len(unread) == len(looks):
        problems.append(
            Problem(
                f"None of the {len(looks)} pages that were tried could be read: {sentence(unread[0].reason)}",
                "Items are then kept with the words of the listing alone, and marked so.",
            )
        )
    short = [look for look in looks if look.is_read and look.n_chars < SHORT_TEXT]
    if short and len(short) == len(looks) - len(unread):
        problems.append(
            Problem(
                "The pages hold little text.", "They may be teasers before a paywall; read one in a browser."
            )
        )
    undated = [
        item
        for item in items
        if item.page and item.page.is_read and not (item.published or item.page.published)
    ]
    if undated:
        problems.append(
            Problem(
                f"{len(undated)} of {len(looks)} samples have no date, neither in the listing nor on the page.",
                "Such articles stand at the moment we first saw them. Name the part that holds the date, if any.",
            )
        )
    return problems


def about_terms(hints: Sequence[Hints]) -> list[Problem]:
    """Return what the publisher reserves."""
    found = next((each for each in hints if each.reserves_rights), None)
    if found is None:
        return []
    where = f" Its policy: {found.policy_url}" if found.policy_url else ""
    return [
        Problem(
            f"The publisher reserves text and data mining on this site.{where}",
            "Read its terms before you collect, and note what they allow under 'Terms'.",
        )
    ]


def sentence(words: str) -> str:
    """Return words as a whole sentence; one that begins with a host name keeps its small letter."""
    words = words.strip()
    is_host = "." in words.split(" ", 1)[0].rstrip(".")
    start = words[:1] if is_host else words[:1].upper()
    return f"{start}{words[1:]}" + ("" if words.endswith((".", "!", "?")) else ".")
