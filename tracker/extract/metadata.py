"""Title, byline, dates, address and publisher of a page, each with the rule that won.

Reads the tree that the extractor built; rules are tried in a fixed order and the first usable answer wins.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from htmldate import find_date

from tracker.extract.json_ld import JsonLdArticle, read_json_ld
from tracker.extract.sites.rule import SiteReading
from tracker.records import Field, FoundDate
from tracker.text.clean import one_line
from tracker.text.dates import parse_feed_date
from tracker.text.urls import canonical_url, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_TITLE, MAX_BYLINE, MAX_SITE = 1000, 500, 200
_MAX_NAME_WORDS = 7
_JUST_NOW = dt.timedelta(seconds=30)

_TITLE_METAS = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title")
_AUTHOR_METAS = (
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "article:author",
    "citation_author",
)
_PUBLISHED_METAS = (
    *(
        "article:published_time",
        "og:article:published_time",
        "article:published",
        "og:published_time",
        "datepublished",
    ),
    *(
        "parsely-pub-date",
        "sailthru.date",
        "date.issued",
        "dcterms.issued",
        "dc.date.issued",
        "dcterms.created",
    ),
    *(
        "publishdate",
        "publish-date",
        "publish_date",
        "pubdate",
        "publication_date",
        "cxenseparse:recs:publishtime",
    ),
    *("citation_publication_date", "dc.date", "dcterms.date", "article.published", "date"),
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
)
_SITE_METAS = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")
_BY = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|story|words|text) by"
    r"|by|von|par|por|di|door|av|af|od|текст|автор)\s*:?\s+",
    re.IGNORECASE,
)
_NAME_TAIL = re.compile(
    r"\s+(?:on\s+(?:\w{3,9}day|[A-Z][a-z]{2,8}\.?\s+\d|\d)|(?:published|updated|posted|am|le)\s+.{0,12}\d).*$|\s+\d{4}-\d\d-\d\d.*$"
)
"""A date that was printed into the same line."""
_ROLE = re.compile(
    r"^[a-z].*\b(?:correspondent|reporter|editor|writer|contributor|columnist|producer|staff)\b", re.ASCII
)
"""What somebody is, printed after the name."""
_NOT_A_NAME = re.compile(
    r"https?://|www\.|@"
    r"|\b(?:admin|administrator|webmaster|editor|unknown|none|null|undefined|guest|staff only)\b$",
    re.IGNORECASE,
)
_BYLINE_PATH = (
    "//*[self::span or self::p or self::div or self::a or self::address or self::li]"
    "[contains(@class,'byline') or contains(@class,'author-name') or contains(@class,'author__name')"
    " or @class='author']"
)
_SEPARATOR = re.compile(r"\s+[|»·•—–:-]{1,2}\s+|\s*[|｜_ㅣ]\s*")
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a page besides its text."""

    title: Field
    byline: Field
    published: FoundDate | None
    modified: FoundDate | None
    canonical_url: str
    site_name: str
    language: str  # as the page declares it; empty when it does not
    body: str  # text of the article in JSON-LD
    notes: tuple[str, ...] = ()


def read_metadata(tree: Any, *, final_url: str, now: dt.datetime) -> Metadata:  # noqa: ANN401 - lxml publishes no types
    """Return the fields that the head, the JSON-LD and the visible marks of a page give.

    Args:
        tree: the parsed page, an lxml element.
        final_url: the address it came from.
        now: the moment of reading, aware.
    """
    metas = _metas(tree)
    article = read_json_ld(
        [s for s in tree.xpath("//script[contains(@type,'ld+json')]/text()") if isinstance(s, str)],
        said=[_fold(text) for text in (*_texts(tree, "//h1")[:5], *metas.get("og:title", [])[:1])],
        address=final_url,
    )
    site = _first(metas, _SITE_METAS) or article.publisher
    address, notes = _canonical(tree, metas, final_url)
    return Metadata(
        title=_title(tree, metas, article=article, site=site),
        byline=_byline(tree, metas, article),
        published=_published(tree, metas, article=article, final_url=final_url, now=now),
        modified=_dated(_modified_candidates(article, metas), now),
        canonical_url=address,
        site_name=one_line(site, MAX_SITE),
        language=_declared_language(tree, article),
        body=article.body,
        notes=notes,
    )


def with_site(meta: Metadata, site: SiteReading) -> Metadata:
    """Return the fields with those that the rule of the site found in place of the general ones."""
    return replace(
        meta,
        title=_titled(site.title, site.rule) if site.title else meta.title,
        byline=Field(one_line(", ".join(_clean_names(site.names)), MAX_BYLINE), site.rule)
        if _clean_names(site.names)
        else meta.byline,
        published=replace(site.published, rule=f"{site.rule} ({site.published.rule})")
        if site.published
        else meta.published,
        notes=(*meta.notes, *site.notes),
    )


def _metas(tree: Any) -> dict[str, list[str]]:  # noqa: ANN401 - lxml publishes no types
    found: dict[str, list[str]] = {}
    for meta in tree.xpath("//meta[@content]"):
        content = meta.get("content", "").strip()
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key = (meta.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, []).append(content)
    return found


def _first(metas: dict[str, list[str]], names: Iterable[str]) -> str:
    return next((metas[name][0] for name in names if name in metas), "")


def _texts(tree: Any, path: str) -> list[str]:  # noqa: ANN401 - lxml publishes no types
    return [text for node in tree.xpath(path)[:20] if (text := one_line("".join(node.itertext()), MAX_TITLE))]


def _title(tree: Any, metas: dict[str, list[str]], *, article: JsonLdArticle, site: str) -> Field:  # noqa: ANN401
    headings = _texts(tree, "//h1")
    head = next(iter(_texts(tree, "//head/title | /html/title")), "")
    og = _first(metas, _TITLE_METAS)
    # what the publisher says twice, once with a kicker, is the headline; an h1 is printed with its own quotes
    agreed = _fold(_without_site(og, site))
    if agreed and agreed == _fold(_without_site(article.headline, site)):
        heading = next((h for h in headings if _fold(h) == agreed), "")
        return _titled(heading or _without_site(og, site), "og:title and JSON-LD agree")
    # a heading that the head of the page repeats is the headline as printed
    for heading in headings:
        if any(_is_most_of(_fold(heading), _fold(other)) for other in (og, head, article.headline) if other):
            return _titled(heading, "h1, repeated in the head")
    candidates = (
        (og, "og:title"),
        (article.headline, "JSON-LD headline"),
        (headings[0] if len(headings) == 1 else "", "only h1"),
        (head, "title element"),
    )
    for value, rule in candidates:
        if value.strip():
            return _titled(_without_site(value, site), rule)
    return Field("", "none")


def _is_most_of(part: str, whole: str) -> bool:
    return part in whole and len(part) * 5 >= len(whole) * 2


def _titled(value: str, rule: str) -> Field:
    return Field(one_line(html.unescape(value), MAX_TITLE), rule)


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", html.unescape(text)).strip().casefold()


def _without_site(title: str, site: str) -> str:
    """Take the publisher's name off the end of a title."""
    parts = _SEPARATOR.split(title)
    if (
        len(parts) > 1
        and site
        and _fold(parts[-1])
        and (_fold(parts[-1]) in _fold(site) or _fold(site) in _fold(parts[-1]))
    ):
        return title[: title.rindex(parts[-1])].rstrip(" |｜_ㅣ»·•—–:-\t\n")
    return title


def _byline(tree: Any, metas: dict[str, list[str]], article: JsonLdArticle) -> Field:  # noqa: ANN401
    publishers = {_fold(name) for name in (article.publisher, _first(metas, _SITE_METAS)) if name}
    collective: Field | None = None
    metas_found = next(
        (metas[name] for name in _AUTHOR_METAS if name in metas and _clean_names(metas[name])), []
    )

    def candidates() -> Iterator[tuple[Iterable[str], str]]:
        yield article.authors, "JSON-LD author"
        yield metas_found, "meta author"
        yield _texts(tree, "//*[@itemprop='author']//*[@itemprop='name']"), "itemprop author"
        yield _texts(tree, "//a[@rel='author'] | //*[@itemprop='author']"), "rel=author"
        yield _texts(tree, _BYLINE_PATH)[:1], "class byline"

    for names, rule in candidates():
        cleaned = _clean_names(names)
        people = [name for name in cleaned if not _is_publisher(name, publishers) and not _ROLE.search(name)]
        if people:
            return Field(one_line(", ".join(people), MAX_BYLINE), rule)
        collective = collective or (
            Field(one_line(", ".join(cleaned), MAX_BYLINE), rule) if cleaned else None
        )
    return collective or Field("", "none")


def _is_publisher(name: str, publishers: set[str]) -> bool:
    folded = _fold(name)
    return any(folded == publisher or publisher.startswith(f"{folded} ") for publisher in publishers)


def _clean_names(names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        plain = _BY.sub("", one_line(html.unescape(name), MAX_BYLINE))
        for part in re.split(r"\s*(?:[,;|]|\s(?:and|und|et|og|och|y|e|&)\s)\s*", plain):
            cleaned = re.sub(r"\s*\([^()]{0,40}\)?$", "", _NAME_TAIL.sub("", part)).strip(" .,:;|-–—()")
            if (
                cleaned
                and not _NOT_A_NAME.search(cleaned)
                and len(cleaned.split()) <= _MAX_NAME_WORDS
                and len(cleaned) > 1
            ):
                found.setdefault(cleaned)
    return list(found)


def _dated(
    candidates: Iterable[tuple[str, str]],
    now: dt.datetime,
    *,
    is_believed: Callable[[FoundDate], bool] = lambda _found: True,
) -> FoundDate | None:
    for raw, rule in candidates:
        found = parse_feed_date(raw, now) if raw else None
        if found is not None and is_believed(found):
            return replace(found, rule=f"{rule} ({found.rule})", printed=one_line(raw, 60))
    return None


def _published(
    tree: Any,  # noqa: ANN401 - lxml publishes no types
    metas: dict[str, list[str]],
    *,
    article: JsonLdArticle,
    final_url: str,
    now: dt.datetime,
) -> FoundDate | None:
    def candidates() -> Iterator[tuple[str, str]]:
        yield article.published, "JSON-LD datePublished"
        yield from ((metas[name][0], f"meta {name}") for name in _PUBLISHED_METAS if name in metas)
        marked = "//*[@itemprop='datePublished']"
        yield from (
            (raw, "itemprop datePublished")
            for raw in tree.xpath(f"{marked}/@datetime | {marked}/@content")[:3]
        )
        yield from (
            (raw, "time element")
            for raw in tree.xpath("//article//time/@datetime | //time[@pubdate]/@datetime")[:1]
        )
        yield from (
            ("-".join(match.groups()), "day in the address") for match in _URL_DAY.finditer(final_url)
        )
        yield from ((raw, "time element") for raw in tree.xpath("//time/@datetime")[:1])
        yield _htmldate(tree, final_url, now), "htmldate"

    # a page made at this moment prints this moment: that is when it was served, not when it was published
    served: set[dt.date] = set()

    def is_believed(found: FoundDate) -> bool:
        if found.precision == "minute" and abs(found.at - now) <= _JUST_NOW:
            served.add(found.at.date())
            return False
        return found.precision == "minute" or found.at.date() not in served

    return _dated(candidates(), now, is_believed=is_believed)


def _modified_candidates(article: JsonLdArticle, metas: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    yield article.modified, "JSON-LD dateModified"
    yield from ((metas[name][0], f"meta {name}") for name in _MODIFIED_METAS if name in metas)


def _htmldate(tree: Any, final_url: str, now: dt.datetime) -> str:  # noqa: ANN401 - lxml publishes no types
    try:
        found = find_date(
            tree, extensive_search=False, original_date=True, url=final_url, max_date=now.date().isoformat()
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return ""
    return found or ""


def _canonical(tree: Any, metas: dict[str, list[str]], final_url: str) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401
    """Return the address the page gives itself; one of another site is only noted, never believed."""
    base = next(iter(tree.xpath("//base/@href")), "")
    base = canonical_url(base, final_url) or final_url
    for raw in (
        *tree.xpath("//link[translate(@rel,'CANOIL','canoil')='canonical']/@href")[:1],
        *metas.get("og:url", [])[:1],
    ):
        address = canonical_url(raw.strip(), base)
        if not address or (_is_front_page(address) and not _is_front_page(final_url)):
            continue
        if registrable_domain(address) == registrable_domain(final_url):
            return address, ()
        return "", (f"the page names an address of another site: {address[:300]}",)
    return "", ()


def _is_front_page(url: str) -> bool:
    return re.fullmatch(r"https?://[^/?#]+/?(?:\w\w/?)?", url) is not None


def _declared_language(tree: Any, article: JsonLdArticle) -> str:  # noqa: ANN401 - lxml publishes no types
    for raw in (*tree.xpath("/html/@lang")[:1], article.language):
        code = raw.strip().lower().replace("_", "-").split("-")[0]
        if re.fullmatch(r"[a-z]{2,3}", code):
            return str(code)
    return ""
