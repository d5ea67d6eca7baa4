"""Makes the feeds of the sample's outlets: RSS, RDF and Atom, with mistakes that real feeds make.

Mistakes on purpose: tracking parameters and relative addresses in links, a bare ampersand, a declared
encoding that is not the real one, an item without a link, an item whose link is a script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING

from tracker.starter.newsroom.content import Outlet, Story
from tracker.starter.newsroom.pages import body_html

if TYPE_CHECKING:
    import datetime as dt

FeedMaker = Callable[[Outlet, Sequence[Story], str], bytes]
_TRACKING = "?utm_source=rss&utm_medium=feed&utm_campaign=front"
_SCRIPT_ITEM = (
    "<item><title>Share this letter with a friend</title><link>javascript:window.open('/share')</link>"
    "<description>Forward the letter.</description></item>"
)


def make_feed(outlet: Outlet, stories: Sequence[Story], origin: str) -> tuple[str, bytes]:
    """Return content type and body of the outlet's feed."""
    content_type, maker = _MAKERS[outlet.feed]
    return content_type, maker(outlet, stories, origin)


def _stamp(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _cdata(html: str) -> str:
    return f"<![CDATA[{html}]]>"


def _rss(outlet: Outlet, items: Sequence[str], origin: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(outlet.full_name)}</title><link>{origin}/{outlet.slug}/</link>"
        f"<description>News from {escape(outlet.name)}. Sample newsroom, invented.</description>"
        "<language>en</language>\n"
    )
    return (head + "\n".join(items) + "\n</channel></rss>\n").encode()


def _rss_item(story: Story, *, link: str, content: str = "") -> str:
    return (
        f"<item><title>{escape(story.title)}</title>"
        + (f"<link>{escape(link)}</link>" if link else "")
        + f'<guid isPermaLink="false">{story.outlet}-{story.slug}</guid>'
        f"<dc:creator>{escape(story.byline)}</dc:creator>"
        f"<pubDate>{format_datetime(story.published_at, usegmt=True)}</pubDate>"
        + "".join(f"<category>{escape(tag)}</category>" for tag in story.tags)
        + f"<description>{escape(story.teaser)}</description>{content}</item>"
    )


def _rss_tracked(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    """Make absolute links that carry tracking parameters."""
    return _rss(outlet, [_rss_item(each, link=f"{origin}{each.path}{_TRACKING}") for each in stories], origin)


def _rss_relative(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    """Make links relative to the host."""
    return _rss(outlet, [_rss_item(each, link=each.path) for each in stories], origin)


def _rss_full(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    """Put the whole text into the feed; one item has no link, one a script for a link."""
    items = []
    for story in stories:
        html = _cdata(body_html(story.body, has_dirt=False))
        link = f"{origin}{story.path}" if story.has_link else ""
        items.append(_rss_item(story, link=link, content=f"<content:encoded>{html}</content:encoded>"))
    if outlet.slug == "harborbrief":
        items.append(_SCRIPT_ITEM)
    return _rss(outlet, items, origin)


def _atom_entry(story: Story, origin: str, *, content: str = "") -> str:
    url = f"{origin}{story.path}"
    return (
        f"<entry><title>{escape(story.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{url}"/>'
        f"<id>tag:sample.invalid,2026:{story.outlet}/{story.slug}</id>"
        f"<published>{_stamp(story.published_at)}</published><updated>{_stamp(story.published_at)}</updated>"
        f"<author><name>{escape(story.byline)}</name></author><summary>{escape(story.teaser)}</summary>"
        f"{content}</entry>"
    )


def _atom(
    title: str, outlet: Outlet, entries: Sequence[str], *, updated: str, encoding: str = "UTF-8"
) -> bytes:
    head = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{title}</title><id>tag:sample.invalid,2026:{outlet.slug}</id><updated>{updated}</updated>\n"
    )
    return (head + "\n".join(entries) + "\n</feed>\n").encode()


def _atom_plain(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    entries = [_atom_entry(each, origin) for each in stories]
    return _atom(escape(outlet.full_name), outlet, entries, updated=_stamp(stories[0].published_at))


def _atom_full(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    """Put the whole text into the feed, as needed where a page is gone."""
    entries = []
    for story in stories:
        html = escape(body_html(story.body, has_dirt=False))
        entries.append(_atom_entry(story, origin, content=f'<content type="html">{html}</content>'))
    return _atom(escape(outlet.full_name), outlet, entries, updated=_stamp(stories[0].published_at))


def _atom_broken(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    """Write a bare ampersand and declare an encoding that is not the real one (the bytes are UTF-8)."""
    title = f"{outlet.full_name} \N{EM DASH} News & views"
    entries = [_atom_entry(each, origin).replace("Sarkany", "Sárkány") for each in stories]
    return _atom(title, outlet, entries, updated=_stamp(stories[0].published_at), encoding="us-ascii")


def _rdf(outlet: Outlet, stories: Sequence[Story], origin: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{origin}/{outlet.slug}/feed.xml"><title>{escape(outlet.full_name)}</title>'
        f"<link>{origin}/{outlet.slug}/</link><description>Notices. Sample newsroom, invented.</description>"
        "</channel>\n"
    )
    items = [
        f'<item rdf:about="{origin}{each.path}"><title>{escape(each.title)}</title>'
        f"<link>{origin}{each.path}</link><description>{escape(each.teaser)}</description>"
        f"<dc:date>{_stamp(each.published_at)}</dc:date></item>"
        for each in stories
    ]
    return (head + "\n".join(items) + "\n</rdf:RDF>\n").encode()


_MAKERS: dict[str, tuple[str, FeedMaker]] = {
    "atom": ("application/atom+xml; charset=utf-8", _atom_plain),
    "atom-full": ("application/atom+xml; charset=utf-8", _atom_full),
    "atom-broken": ("application/atom+xml", _atom_broken),
    "rss-tracked": ("application/rss+xml; charset=utf-8", _rss_tracked),
    "rss-relative": ("text/xml", _rss_relative),
    "rss-full": ("application/rss+xml; charset=utf-8", _rss_full),
    "rdf": ("application/rdf+xml", _rdf),
}
