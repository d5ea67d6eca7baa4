"""A web page as the kinds that read HTML see it: bounded, decoded, and able to say what it holds instead.

Promises that a selector of an endpoint either selects or is refused by name, and that hostile nesting costs no more
than its length.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import soupsieve
from bs4.element import Tag
from soupsieve.util import SelectorSyntaxError

from tracker.errors import FeedError
from tracker.sources.sniff import sniff
from tracker.text.clean import one_line, safe_text
from tracker.text.decode import decode_html
from tracker.text.html import drop_blocks, flatten, parse_html

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from tracker.records import Page

MAX_MARKUP = 2_000_000
"""Code points of a page that are read, without its scripts."""
MAX_DEPTH = 150
"""Nesting above which wrapper elements go; pages of newsrooms have 20 to 60."""
MAX_SELECTOR = 500
FEW_LINKS = 15
"""A page with fewer links and signs of scripts is taken for one made in the browser."""

_SCRIPTS = re.compile(r"<(?P<name>script|style|svg)\b[^<>]*+>", re.IGNORECASE)
_MADE_BY_SCRIPT = re.compile(
    r"__NEXT_DATA__|self\.__next_f|__NUXT__|__INITIAL_STATE__|data-reactroot|ng-version|"
    r"<div id=\"(?:root|app|__next|__nuxt)\"[^<>]*>\s*</div>|<app-root|enable JavaScript|requires JavaScript",
    re.IGNORECASE,
)
_SIBLING = re.compile(r"(prev|next)\s+(\S.*)", re.DOTALL)
_OTHERS = {
    "feed": "this is a feed, not a web page; it needs an endpoint of the kind 'feed'",
    "json": "this is JSON, not a web page; it needs an endpoint of the kind 'json_list' or 'json_feed'",
}


class WebPage:
    """One page, parsed.

    Args:
        page: the answer as fetched.

    Raises:
        FeedError: empty, or no HTML.
    """

    def __init__(self, page: Page) -> None:
        if not page.body.strip():
            msg = "the answer is empty; there is no page in it"
            raise FeedError(msg)
        found = sniff(page.body, page.content_type)
        if found in _OTHERS:
            raise FeedError(_OTHERS[found])
        markup = safe_text(decode_html(page.body, page.content_type), MAX_MARKUP * 2)
        if "<" not in markup:
            msg = f"this is not a web page: there is no HTML in it; it begins '{one_line(markup[:500], 60)}'"
            raise FeedError(msg)
        self.is_made_by_script = _MADE_BY_SCRIPT.search(markup) is not None
        self.tree: BeautifulSoup = parse_html(flatten(drop_blocks(markup, _SCRIPTS)[:MAX_MARKUP], MAX_DEPTH))
        self.n_links = len(self.tree.find_all("a", href=True))

    def select(self, selector: Selector) -> list[Tag]:
        """Return every element that matches, in the order of the page."""
        return selector.all_in(self.tree)

    def instead(self) -> str:
        """Return in words what the page has, for a sentence that says what it has not."""
        links = "no links" if not self.n_links else "1 link" if self.n_links == 1 else f"{self.n_links} links"
        if self.is_made_by_script and self.n_links < FEW_LINKS:
            return (
                f"the page has {links} and is made by a script in the browser; look for a feed of the site, or for the "
                "address in JSON that the script asks"
            )
        if self.is_made_by_script:
            return f"the page has {links} and may be made by a script"
        return f"the page has {links}"


class Selector:
    """A CSS selector of an endpoint.

    Args:
        option: name of the setting, for the sentence when it cannot be used.
        text: the selector; beginning with 'prev' or 'next' it means the nearest sibling that matches the rest.

    Raises:
        FeedError: it is no selector.
    """

    def __init__(self, option: str, text: str) -> None:
        self.option, self.text = option, " ".join(text.split())
        sibling = _SIBLING.fullmatch(self.text)
        self.side, css = (sibling[1], sibling[2]) if sibling else ("", self.text)
        if len(css) > MAX_SELECTOR:
            msg = f"the setting '{option}' is longer than {MAX_SELECTOR} characters"
            raise FeedError(msg)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore", FutureWarning
                )  # ':contains' is an old name of ':-soup-contains'
                self.compiled = soupsieve.compile(css)
        except (SelectorSyntaxError, NotImplementedError, ValueError, RecursionError) as error:
            why = one_line(str(error).partition("\n")[0], 120)
            msg = f"the setting '{option}' is no CSS selector: '{one_line(self.text, 60)}' ({why})"
            raise FeedError(msg) from None

    def all_in(self, root: Tag) -> list[Tag]:
        """Return every element below `root` that matches."""
        return self.compiled.select(root)

    def first_in(self, root: Tag) -> Tag | None:
        """Return the first match below `root`, or `root` itself where only that matches; or the named sibling."""
        if self.side:
            beside = root.previous_siblings if self.side == "prev" else root.next_siblings
            tags = (node for node in beside if isinstance(node, Tag))
            return next((tag for tag in tags if self.compiled.match(tag)), None)
        found = self.compiled.select_one(root)
        if found is not None:
            return found
        return root if self.compiled.match(root) else None


def inside(root: Tag, *names: str, having: str = "") -> Tag | None:
    """Return the first element of one of the names below `root`, with the attribute `having` where it is given."""
    found = root.find(list(names), attrs={having: True} if having else {})
    return found if isinstance(found, Tag) else None


def around(element: Tag, name: str, *, having: str = "") -> Tag | None:
    """Return the nearest element of that name around `element`."""
    found = element.find_parent(name, attrs={having: True} if having else {})
    return found if isinstance(found, Tag) else None


def attribute(element: Tag, name: str) -> str:
    """Return an attribute as one text, or ""."""
    value = element.get(name)
    return value if isinstance(value, str) else " ".join(value or ())


def words(element: Tag) -> str:
    """Return the text of an element on one line."""
    return one_line(element.get_text(" "), 5000)
