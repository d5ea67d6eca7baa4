"""The kind 'page_watch': a page or PDF that is watched for change, or the documents it links to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.errors import FeedError, PdfError
from tracker.sources.gather import MAX_TEXT, Gathering
from tracker.sources.kind import KINDS, Option, SourceKind
from tracker.sources.web_page import Selector, WebPage, attribute, inside, words
from tracker.text.clean import one_line
from tracker.text.html import plain_text
from tracker.text.pdf import is_pdf, pdf_text, stated_date
from tracker.text.urls import canonical_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from bs4.element import Tag

    from tracker.records import Listing, Page

_MAIN = ("main", "[role=main]", "article", "#content", "body")
_LABELS = (
    "download read view open full text pdf here more memo memorandum document file the of as a 下载 下载附件"
)
_GENERAL = frozenset(_LABELS.split())
_LABEL_CHARS = 60
_NAME_MARKS = re.compile(r"[-_+]|%20")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class PageWatchKind(SourceKind):
    """Watches one page, or the documents that it links to."""

    name = "page_watch"
    title = "Watched page or PDF"
    accept = "text/html, application/pdf, application/xhtml+xml;q=0.9, */*;q=0.1"
    about = (
        "A page or PDF that is watched for change: it is one item with its whole text, and a new text becomes a new "
        "revision. `within` chooses the part that counts, and `ignore` takes out what changes at every visit, such as "
        "counters and times. With `links` each document that is linked to is an item of its own, as for an office that "
        "puts its memos on a page. Dates in a PDF's data say when the file was made and are not used; a line that is "
        "nothing but a date, near the start of a PDF, is its date."
    )
    shape = "the publisher's own page or PDF, named by the options"
    options = (
        Option(
            "links", "CSS selector of links; each is an item. Empty: the page is the item.", 'a[href$=".pdf"]'
        ),
        Option(
            "within", "CSS selector of the part of the page that is read; its main part when empty.", "#memos"
        ),
        Option(
            "ignore",
            "CSS selector of what is left out, because it changes at every visit.",
            ".updated, .counter",
        ),
    )

    def parse(self, page: Page, options: Mapping[str, str], now: dt.datetime) -> Listing:
        """Return the page as one item, or what it links to; see `SourceKind.parse`."""
        selectors = {
            name: Selector(name, text)
            for name in ("links", "within", "ignore")
            if (text := options.get(name, "").strip())
        }
        gathering = Gathering(page.final_url, now)
        gathering.warnings += self.unknown_options(options)
        if is_pdf(page.body, page.content_type):
            if selectors:
                named = ", ".join(f"'{name}'" for name in selectors)
                gathering.warnings.append(
                    f"this is a PDF; the settings for web pages ({named}) say nothing here"
                )
            return _read_pdf(gathering, page, now)
        web = WebPage(page)
        parts = _parts(web, selectors)
        title = _page_title(web)
        if "links" in selectors:
            _add_links(gathering, parts, selectors["links"], web)
            return gathering.listing(title)
        text = "\n".join(filter(None, (plain_text(str(part)) for part in parts)))[:MAX_TEXT]
        if not text:
            msg = f"there is no text in the part of the page that is watched; {web.instead()}"
            raise FeedError(msg)
        heading = _heading(parts) or title
        _add_page(gathering, page, title=heading, text=text, language=_language(web))
        return gathering.listing(title)


def _read_pdf(gathering: Gathering, page: Page, now: dt.datetime) -> Listing:
    try:
        found = pdf_text(page.body, max_chars=MAX_TEXT)
    except PdfError as error:
        raise FeedError(str(error)) from None
    gathering.warnings += found.notes
    gathering.add(
        link=page.final_url,
        title=found.title,
        item_id=canonical_url(page.url),
        text=found.text,
        published=stated_date(found.text, now),
        is_whole=True,
        is_listing_itself=True,
    )
    return gathering.listing(found.title)


def _add_page(gathering: Gathering, page: Page, *, title: str, text: str, language: str) -> None:
    gathering.add(
        link=page.final_url,
        title=title,
        item_id=canonical_url(page.url),
        text=text,
        language=language,
        is_whole=True,
        is_listing_itself=True,
    )


def _parts(web: WebPage, selectors: Mapping[str, Selector]) -> list[Tag]:
    """Return the parts of the page that count, without what is ignored."""
    for noise in web.select(selectors["ignore"]) if "ignore" in selectors else ():
        noise.extract()
    if "within" in selectors:
        found = web.select(selectors["within"])
        if not found:
            text = one_line(selectors["within"].text, 80)
            msg = f"no element matches the setting 'within' ({text}); {web.instead()}"
            raise FeedError(msg)
        return _outermost(found)
    for css in _MAIN:
        main = web.tree.select_one(css)
        if main is not None and (words(main) or css == "body"):
            return [main]
    return [web.tree]


def _outermost(found: list[Tag]) -> list[Tag]:
    """Return the elements that are not inside another of them, so that no text is read twice."""
    known: set[int] = set()
    kept = []
    for tag in found:  # in the order of the page: what is around comes first
        if not any(id(parent) in known for parent in tag.parents):
            kept.append(tag)
        known.add(id(tag))
    return kept


def _add_links(gathering: Gathering, parts: list[Tag], selector: Selector, web: WebPage) -> None:
    found = [link for part in parts for link in selector.all_in(part)]
    if not found:
        msg = f"no element matches the setting 'links' ({one_line(selector.text, 80)}); {web.instead()}"
        raise FeedError(msg)
    for element in gathering.ends_of(found):
        link = element if element.get("href") else inside(element, "a", having="href")
        href = attribute(link, "href") if link is not None else ""
        gathering.add(link=href, title=_link_title(element, href))


def _link_title(link: Tag, href: str) -> str:
    """Return the words of a link; where they only say 'Download', those of its block, or the name of the file."""
    own = words(link) or attribute(link, "title") or attribute(link, "aria-label")
    if not _is_general(own):
        return own
    block = link.find_parent(["li", "tr", "p", "article", "dd", "div", "section"])
    around = words(block) if block is not None and len(block.find_all("a", href=True)) == 1 else ""
    if around and not _is_general(around):
        return one_line(around, 300)
    name = href.partition("?")[0].rstrip("/").rpartition("/")[2]
    return _NAME_MARKS.sub(" ", name.removesuffix(".pdf").removesuffix(".PDF")) or own


def _is_general(text: str) -> bool:
    """Whether a text says nothing of its own, as 'Download (PDF, 2 MB)' does."""
    named = re.findall(r"[^\W\d_]+", text[: _LABEL_CHARS * 2].lower())
    return len(text) <= _LABEL_CHARS and all(word in _GENERAL or len(word) <= 2 for word in named)  # noqa: PLR2004 - MB


def _heading(parts: list[Tag]) -> str:
    for part in parts:
        heading = inside(part, "h1") or inside(part, "h2")
        if heading is not None and words(heading):
            return words(heading)
    return ""


def _page_title(web: WebPage) -> str:
    named = web.tree.select_one('meta[property="og:title"][content]')
    title = inside(web.tree, "title")
    return attribute(named, "content") if named is not None else words(title) if title is not None else ""


def _language(web: WebPage) -> str:
    root = inside(web.tree, "html")
    code = attribute(root, "lang").lower().partition("-")[0] if root is not None else ""
    return code if _LANGUAGE.fullmatch(code) else ""


KINDS.register(PageWatchKind.name)(PageWatchKind())
