"""Feeds for the fault matrix: one that is in order, and hostile ones that are made when they are asked for.

All names and stories are invented.
"""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from functools import lru_cache

TITLES = ("Halden opens its ledger", "Quillon answers in court", "Zoë Brandt leaves Pallas – a café chat")
"""Titles of the three items that every readable feed here holds."""
N_DEEP = 100_000
HUGE = 100_000
_NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
_RSS = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The Sample</title>"
_END = "</channel></rss>"
_ENTITY = '<!ENTITY {} "{}">'


def item(
    number: int, *, title: str = "", more: str = "", guid: str = "", link: str = "", date: str = ""
) -> str:
    """Return one RSS item; a date of its own unless one is given."""
    moment = date or format_datetime(_NOW - dt.timedelta(hours=number))
    return (
        f"<item><title>{title or TITLES[number % 3]}</title><link>{link or f'/story/{number}'}</link>"
        f"<guid isPermaLink='false'>{guid or f'id-{number}'}</guid><pubDate>{moment}</pubDate>{more}</item>"
    )


def rss(items: str = "", *, prolog: str = "<?xml version='1.0' encoding='utf-8'?>") -> str:
    """Return an RSS document; by default with the three items."""
    return f"{prolog}{_RSS}{items or three()}{_END}"


def three() -> str:
    """Return the three items that must come through."""
    return "".join(item(number) for number in range(3))


def sound() -> bytes:
    """Return the feed that is in order."""
    return rss().encode()


@lru_cache(maxsize=1)
def of_many_items() -> bytes:
    """Return 100,000 items within the size that is read at all."""
    links = "".join(f"<item><link>/s/{number}</link></item>" for number in range(HUGE))
    return rss(links).encode()


def with_entities(declared: str, title: str, *, system: str = "") -> bytes:
    """Return the three items and, before them, one whose title is made of entities."""
    prolog = f"<?xml version='1.0'?>\n<!DOCTYPE rss{system} [\n{declared}\n]>\n"
    bomb = f"<item><title>{title}</title><link>/bomb</link></item>"
    return rss(bomb + three(), prolog=prolog).encode()


def of_laughs() -> bytes:
    """Return entities that name one another, ten to the ninth in the end."""
    declared = [_ENTITY.format("a0", "ha")]
    declared += [_ENTITY.format(f"a{level}", f"&a{level - 1};" * 10) for level in range(1, 10)]
    return with_entities("\n".join(declared), "&a9;")


def of_quadratic_entities() -> bytes:
    """Return one long entity that is named ten thousand times: 500 MB from 100 kB."""
    return with_entities(_ENTITY.format("a", "x" * 50_000), "&a;" * 10_000)


def of_short_entities() -> bytes:
    """Return an entity of ordinary length that is named a million times: 200 MB from 3 MB."""
    return with_entities(_ENTITY.format("a", "x" * 200), "&a;" * 1_000_000)


def of_parameter_entities() -> bytes:
    """Return parameter entities that name one another within the document type."""
    lines = ["<!ENTITY % p0 \"<!ENTITY e 'ha'>\">"]
    lines += [f'<!ENTITY % p{level} "{f"%p{level - 1};" * 10}">' for level in range(1, 10)]
    return with_entities("\n".join([*lines, "%p9;"]), "&e;")


def of_outside(address: str) -> bytes:
    """Return an entity that is to be read from `address`."""
    return with_entities(f'<!ENTITY out SYSTEM "{address}">', "&out;")


def of_outside_type(address: str) -> bytes:
    """Return a document whose type and inclusions stand at `address`."""
    include = f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' parse='text' href='{address}'/>"
    prolog = (
        f"<?xml version='1.0'?>\n<?xml-stylesheet href='{address}'?>\n<!DOCTYPE rss SYSTEM \"{address}\">\n"
    )
    return rss(include + three(), prolog=prolog).encode()


def deep(name: str = "b") -> str:
    """Return 100,000 elements, each inside the one before."""
    return f"<{name}>" * N_DEEP + f"</{name}>" * N_DEEP


def of_deep_markup() -> bytes:
    """Return an item whose escaped text nests 100,000 deep."""
    return rss(item(9, more=f"<description><![CDATA[{deep('div')}]]></description>") + three()).encode()


def of_deep_elements() -> bytes:
    """Return an item that holds elements 100,000 deep, and the three items after it."""
    return rss(item(9, more=f"<description>{deep()}</description>") + three()).encode()


def of_deep_xhtml() -> bytes:
    """Return an Atom feed of which one entry's content nests 100,000 deep, and sound entries after it."""
    div = f"<div xmlns='http://www.w3.org/1999/xhtml'>{deep('div')}</div>"
    entries = [f"<entry><id>deep</id><link href='/deep'/><content type='xhtml'>{div}</content></entry>"]
    entries += [f"<entry><id>{n}</id><title>{TITLES[n]}</title><link href='/{n}'/></entry>" for n in range(3)]
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>{''.join(entries)}</feed>".encode()


def of_only_depth() -> bytes:
    """Return nothing but elements 100,000 deep."""
    return b"<rss>" + deep("a").encode() + b"</rss>"


def of_attributes() -> bytes:
    """Return an element with 100,000 attributes before the three items."""
    return rss("<image " + " ".join(f"a{n}='1'" for n in range(HUGE)) + "/>" + three()).encode()


def of_name_spaces() -> bytes:
    """Return a hundred thousand declared name spaces before the three items."""
    return rss("".join(f"<a xmlns:n{n}='u:{n}'/>" for n in range(HUGE)) + three()).encode()


def of_unclosed_items() -> bytes:
    """Return the three items, and a hundred thousand after them that never end."""
    return rss(three() + "<item><title>Again</title>" * HUGE).encode()


def of_one_long_title() -> bytes:
    """Return a title of four megabytes among the three items."""
    return rss(item(9, title="so long " * 500_000) + three()).encode()


def of_text(markup: str) -> bytes:
    """Return an item with this description among the three items."""
    return rss(item(9, more=f"<description><![CDATA[{markup}]]></description>") + three()).encode()


def of_texts(paragraph: str) -> bytes:
    """Return forty items of a hundred kilobytes each before the three."""
    text = f"<p>{paragraph}</p>"
    text *= 100_000 // len(text.encode())
    many = (
        item(n + 10, title=f"Long {n}", more=f"<description><![CDATA[{text} {n}]]></description>")
        for n in range(40)
    )
    return rss("".join(many) + three()).encode()


def of_authors() -> bytes:
    """Return an item with a hundred thousand authors."""
    return rss(item(9, more="<author>A. Sample</author>" * HUGE) + three()).encode()


def of_references() -> bytes:
    """Return a title of 600,000 characters, each written as a number."""
    return rss(item(9, title="&#120;" * 600_000) + three()).encode()


def with_ids(form: str, *, first_link: int = 0) -> bytes:
    """Return the three items under ids made by `form`, and links from `first_link` on."""
    return rss(
        "".join(item(n, guid=form.format(n), link=f"/story/{n + first_link}") for n in range(3))
    ).encode()


ODD_DATES = (
    "0000-00-00T00:00:00Z", "0000-01-01",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT",
    "10000-01-01", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0", "-1", "1767225600", "1767225600000",
    "99999999999999999999", "2026年4月23日", "二〇二六年四月二十三日", "2026년 4월 23일", "令和8年4月23日",
    "3 hours ago", "yesterday", "just now", "vor 3 Stunden", "3小时前", "2999-01-01T00:00:00Z",
    "Tue, 01 Jan 2090 00:00:00 GMT", "02/03/2026", "Mon, 32 Feb 2026 25:61:61 GMT", "2026-02-30", "soon", "NaN",
    "1e400", "２０２６－０４－２３", "Mon, 02 Mar 2026 08:00:00 +9999", "9" * 5000, "&#0;&#xD800;", "",
)  # fmt: skip
"""Dates that feeds print and nobody should believe, or that only look odd."""


def of_odd_dates() -> bytes:
    """Return one item per odd date."""
    items = [item(n, title=f"Dated {n}", date=date or " ") for n, date in enumerate(ODD_DATES)]
    return rss("".join(items)).encode()
